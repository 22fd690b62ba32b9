/*
 * What a shard made of one batch, on its way to the desk: hits, dead letters, and how far each partition got.
 * It is written to the store in one transaction (I3), then goes back to its shard's pool.
 */
#ifndef ENGINE_WORK_H
#define ENGINE_WORK_H

#include "base/arena.h"
#include "base/hit.h"
#include "base/link_event.h"
#include "judge/judge.h"
#include "notify/notify.h"
#include "store/store.h"

#define WORK_BYTES_FULL (32u << 20) /* evidence and dead payloads after which a work goes to the desk */
#define WORK_BYTES_MAX (2ull << 30) /* and what the last message of a work may bring it to */
#define WORK_ENDS_MAX 1024          /* partitions with messages in one batch */
#define WORK_DEAD_PAYLOAD_MAX \
	(900u << 10) /* kept of a dead letter: fits a topic with its headers; more is cut and counted */

enum { WORK_RULES = 64 }; /* copies that are found again; of a further one there are several */

struct work_end {
	struct slice topic; /* the settings' */
	int32_t partition;
	int64_t next_offset;
};

/* An alert that the batch raised or changed, for whoever watches (the demo's lines, latency). */
struct work_alert {
	struct alert_row row; /* in the work's arena */
	uint8_t level_before; /* LEVEL_NONE for a new one */
};

struct work {
	struct store_job job; /* first: the job's address is the work's */
	struct arena arena;   /* owned; holds everything below that is a slice */
	struct hit *hits;     /* owned array */
	size_t hit_count, hit_capacity,
		hits_new, hits_grouped; /* at the front: those that the store did not have, and those whose group changed */
	struct link_event *links; /* owned array; each with its rule in the arena */
	size_t link_count, link_capacity;
	struct work_rule {
		const struct link_rule *from, *own; /* as it came; as it is kept */
	} rules[WORK_RULES]; /* those of the links */
	size_t rule_count;
	struct dead_row *dead; /* owned array */
	size_t dead_count, dead_capacity;
	struct work_end ends[WORK_ENDS_MAX];
	size_t end_count;
	struct work_alert *alerts; /* owned array; filled by the desk */
	size_t alert_count, alert_capacity;
	struct notify_put notified; /* what the desk put into the outbox */
	void *owner;                /* whose pool it goes back to */
	struct work *next;
};

struct work *work_new(void *owner);
void work_free(struct work *work);
void work_reset(struct work *work);

/* Copies; everything the hit borrows goes into the arena. */
void work_add_hit(struct work *work, const struct hit *hit);
void work_add_link(struct work *work, const struct link_event *event);
void work_add_dead(struct work *work, const struct dead_row *row);
void work_add_alert(struct work *work, const struct alert_row *row, uint8_t level_before);
/* Whether it holds so much that it should go to the desk now, however few its messages are (I8). */
bool work_is_full(const struct work *work);

/* The partition's next offset; the last call for a partition counts. False where there is no room for a new one. */
bool work_put_end(struct work *work, struct slice topic, int32_t partition, int64_t next_offset);

#endif
