/*
 * The delivery thread from the inside: slots for attempts, the two jobs under way at the store, and the scan
 * that chooses whom to serve next.
 */
#ifndef DELIVER_SENDER_H
#define DELIVER_SENDER_H

#include <pthread.h>
#include <stdatomic.h>

#include "deliver/destinations.h"
#include "deliver/transfer.h"

#define SENDER_SLOW_MS 250 /* an attempt older than this leaves the fast lane */

/*
 * A job that goes to the store and comes back. It outlives the thread where the store hangs: whoever comes
 * last, the store's `done` or the thread's end, frees it.
 */
struct turn {
	struct outbox_job outbox; /* first, so that the job's address is this one's */
	/* shared, under the lock */
	pthread_mutex_t lock;
	struct deliver *deliver; /* NULL: the thread has ended */
	enum { TURN_IDLE, TURN_UNDER_WAY, TURN_BACK } stage;
	int result;
};

struct deliver {
	/* owned by the thread */
	struct deliver_options options;
	struct store *reader;
	CURLM *multi; /* only curl_multi_wakeup() from others */
	struct destinations *destinations;
	struct transfer *slots;
	int slot_count;
	struct turn *claim, *settle;
	struct arena scratch;
	int64_t cursor; /* the destination served last: the next scan goes on behind it */
	int64_t scan_due_ms, scan_allowed_ms; /* steady: when something becomes due; not before, to bound the cost */
	bool scan_wanted;
	pthread_t thread;
	struct store_writer *writer;
	/* shared */
	atomic_bool woken, stopping;
	_Atomic int64_t stop_deadline_ms; /* steady */
	atomic_int in_flight, paused;
};

void *sender_main(void *arg);

struct turn *turn_new(struct deliver *deliver);
void turn_leave(struct turn **turn);
void turn_submit(struct turn *turn, struct store_writer *writer);
/* True once when the job is back; its result is then in turn->result. */
bool turn_take_back(struct turn *turn);
bool turn_idle(struct turn *turn);

/*
 * Chooses due deliveries, takes slots for them and submits their claim; nothing where nothing is due or no
 * room.
 */
void sender_claim(struct deliver *n, int64_t steady_ms);
/* How many attempts may begin now. */
int sender_room(const struct deliver *n, int64_t steady_ms, int *suspect_room_r);

#endif
