/*
 * What the delivery thread remembers of each destination, so that one that hangs or refuses delays nobody else:
 *
 *                    pause_after failures in a row
 *   OPEN (well) ─────────────────────────────────────▶ PAUSED ── pause over ──▶ PROBING (one attempt)
 *      ▲                                                  ▲                        │        │
 *      │                                                  └── failed, pause doubled┘        │
 *      └────────────────────────────── succeeded ──────────────────────────────────────────┘
 *
 * One that never answered gets one attempt at a time, one that did gets more. Besides: how many attempts are under way, a rate a minute, and "leave me alone until" (Retry-After).
 * Nothing of it is kept over a restart: the outbox holds what matters. Owned by the delivery thread; times are
 * steady milliseconds.
 */
#ifndef DELIVER_DESTINATIONS_H
#define DELIVER_DESTINATIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DESTINATIONS_MAX 65536 /* remembered at once; the idle and well are forgotten first */
#define DESTINATION_PAUSES_MAX 20 /* the longest pause, in first pauses: ten minutes of thirty seconds */

struct destinations_limits {
	int connections_max; /* to one destination that is well */
	int pause_after;
	int64_t pause_ms;
};

struct destinations; /* the memory */

struct destinations *destinations_new(const struct destinations_limits *limits);
void destinations_free(struct destinations **destinations);

/*
 * How many attempts may begin now; where 0, `*until_ms_r` is when it is worth asking again (INT64_MAX: when
 * one under way has ended). `*suspect_r`: it failed last time, so the caller gives it the smaller share.
 */
int destination_room(const struct destinations *all, int64_t key, int64_t now_ms, int64_t *until_ms_r,
                     bool *suspect_r);

/* An attempt begins; `per_minute_max` of its channel, 0 for none. */
void destination_began(struct destinations *all, int64_t key, int per_minute_max, int64_t now_ms);
/* It was not made after all. */
void destination_cancelled(struct destinations *all, int64_t key);
/*
 * It ended well, or failed; `wait_ms` is what the receiver asks for. True where this pauses the destination.
 */
bool destination_ended(struct destinations *all, int64_t key, bool well, int64_t wait_ms, int64_t now_ms);

int destinations_paused(const struct destinations *all, int64_t now_ms);
size_t destinations_count(const struct destinations *all);

#endif
