/*
 * The second step of detection: what several accounts share (a counterparty, a device, an address) and the
 * paths that money takes between them. It knows nothing of an account's memory.
 *
 * Owned by the desk's thread, inside the transaction that also stores the hits and the offsets (I3). Which
 * hits come out is a function of the set of events, whatever their order, within the allowed lateness (I2):
 * when a bound of a rule is reached, every event in the window gets its hit, also those that came before.
 * Events known already (bank, transaction, pattern, version) change nothing (I4). Sizes are bounded by
 * link_limits.def (I8).
 */
#ifndef LINK_LINK_H
#define LINK_LINK_H

#include "base/arena.h"
#include "base/error.h"
#include "base/link_event.h"

struct link;

/* `lateness_ms`: how long an event is kept beyond its window. Never NULL. */
struct link *link_new(int64_t lateness_ms);

/* The same with room for some thousands of events, in pages that cost less to take and give back: for one test. */
struct link *link_new_small(int64_t lateness_ms);
void link_free(struct link **link);

/*
 * What came out: a hit with evidence and group. Its texts are the arena's; copied by whoever keeps
 * them.
 */
typedef void link_report(void *context, const struct hit *hit);

/*
 * Puts an event in and reports the hits that it completes, its own and others', and those whose group it
 * makes smaller. An event that is known reports again what it completed when it came first. Copies what it
 * keeps. `report` NULL: the same, and nobody is told (a replay of what was committed).
 */
void link_put(struct link *link, const struct link_event *event, struct arena *arena, link_report *report,
              void *context);

/*
 * Brings what the event's put will look at into the cache: first (stage 0) the tables, some events later
 * (stage 1) what they lead to.
 */
void link_prefetch(const struct link *link, const struct link_event *event, int stage);

/* Bytes in use. */
size_t link_bytes(const struct link *link);

/*
 * A snapshot's part: everything kept, written to `path` (checksummed, renamed into place) and read from
 * there. It holds what was put until the call: to be called between two commits. link_save_begin() returns
 * at once, copies and writes in a thread of its own while events go on; link_save_wait() ends it, and says
 * what failed; it must come before the next one. link_save() does both.
 */
int link_save_begin(struct link *link, const char *path, struct error *error);
bool link_save_busy(const struct link *link);
int link_save_wait(struct link *link, struct error *error);
int link_save(struct link *link, const char *path, struct error *error);

/* Reading a file that is missing or damaged is -1 with the reason, and the state is empty. */
int link_load(struct link *link, const char *path, struct error *error);

#endif
