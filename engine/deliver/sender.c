/*
 * The thread's round: what the store has done, what curl has done, tell the store, ask it for more, wait.
 *
 * At most two jobs are under way at the store, a claim and a settle, each of many rows; so a hundred landings
 * cost one commit. Whatever happens to the program between them, a row is PENDING, INFLIGHT (then RETRY at
 * the start) or settled.
 */
#include "deliver/sender.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/counters.h"
#include "base/log.h"

enum { WAIT_MS_MAX = 1000, STOP_GRACE_MS = 1000 };

/* ---- landing: the verdict becomes a state ---- */

static void log_paused(const struct transfer *t)
{
	count(COUNT_DESTINATIONS_PAUSED);
	log_event(LOG_WARN, "deliver", "a destination fails again and again; it is left alone for a while",
	          "delivery", "%s", t->id, "why", "%s", t->verdict.reason, NULL);
}

static void landed(struct deliver *n, struct transfer *t)
{
	bool well = t->verdict.outcome == CHANNEL_SENT;

	if (t->aborted || t->easy == NULL)
		destination_cancelled(n->destinations, t->destination);
	else if (destination_ended(n->destinations, t->destination, well, t->verdict.wait_ms, clock_steady_ms()))
		log_paused(t);
	n->scan_wanted = true;
}

static void item_of(const struct deliver *n, const struct transfer *t, struct outbox_item *item)
{
	int64_t now_ms = clock_now_ms();
	int64_t delay_ms = outbox_retry_delay_ms(t->due.id, t->attempts, n->options.retry_permille);

	*item = (struct outbox_item){.slot = (int)(t - n->slots), .destination = t->destination, .due_ms = now_ms};
	memcpy(item->id, t->id, OUTBOX_ID_BYTES);
	memcpy(item->reason, t->verdict.reason, CHANNEL_REASON_BYTES);
	memcpy(item->provider_id, t->verdict.provider_id, CHANNEL_PROVIDER_ID_BYTES);
	item->state = t->verdict.outcome == CHANNEL_SENT ? DELIVERY_SENT : DELIVERY_DEAD;
	if (t->verdict.outcome == CHANNEL_RETRY && delay_ms == -1) {
		snprintf(item->reason, sizeof(item->reason), "given up after %d attempts; the last: %.120s",
		         OUTBOX_ATTEMPTS_MAX,
		         t->verdict.reason);
	} else if (t->verdict.outcome == CHANNEL_RETRY) {
		item->state = DELIVERY_RETRY;
		item->due_ms += t->aborted ? 0 : t->verdict.wait_ms > delay_ms ? t->verdict.wait_ms : delay_ms;
	}
	if (t->verdict.gone) {
		item->gone_channel = strdup(t->due.channel.at);
		item->gone_address = strdup(t->due.address.at);
	}
}

static void settle_submit(struct deliver *n)
{
	struct outbox_job *job = &n->settle->outbox;

	if (!turn_idle(n->settle))
		return;
	job->count = 0;
	for (int i = 0; i < n->slot_count && job->count < OUTBOX_BATCH_MAX; i++) {
		if (n->slots[i].stage != TRANSFER_LANDED)
			continue;
		item_of(n, &n->slots[i], &job->items[job->count++]);
		n->slots[i].stage = TRANSFER_SETTLING;
	}
	if (job->count == 0)
		return;
	outbox_settle(job);
	turn_submit(n->settle, n->writer);
}

static void count_settled(const struct outbox_item *item)
{
	switch (item->state) {
	case DELIVERY_SENT:
		count(COUNT_DELIVERIES_SENT);
		break;
	case DELIVERY_RETRY:
		count(COUNT_DELIVERIES_RETRIED);
		break;
	default:
		count(COUNT_DELIVERIES_DEAD);
	}
	if (item->disabled) {
		count(COUNT_DESTINATIONS_GONE);
		log_event(LOG_WARN, "deliver", "a destination takes nothing any more and is disabled", "delivery", "%s",
		          item->id, "why", "%s", item->reason, NULL);
	}
}

static void settle_collect(struct deliver *n)
{
	struct outbox_job *job = &n->settle->outbox;

	if (!turn_take_back(n->settle))
		return;
	for (int i = 0; i < job->count; i++) {
		if (n->settle->result == 0)
			count_settled(&job->items[i]);
		free(job->items[i].gone_channel);
		free(job->items[i].gone_address);
		transfer_free(&n->slots[job->items[i].slot]);
	}
	count_many(COUNT_DELIVERIES_DEAD, n->settle->result == 0 ? (uint64_t)job->given_up : 0);
	job->count = 0;
	n->scan_wanted = true;
}

/* ---- claims come back: take off ---- */

static void start_claimed(struct deliver *n, const struct outbox_item *item)
{
	struct transfer *t = &n->slots[item->slot];

	if (n->claim->result == -1 || !item->claimed) {
		destination_cancelled(n->destinations, t->destination);
		transfer_free(t);
	} else if (atomic_load(&n->stopping)) {
		transfer_abort(t, n->multi);
		landed(n, t);
	} else if (transfer_start(t, n->multi, &n->options, clock_now_ms()) == -1) {
		landed(n, t);
	}
}

static void claim_collect(struct deliver *n)
{
	if (!turn_take_back(n->claim))
		return;
	for (int i = 0; i < n->claim->outbox.count; i++)
		start_claimed(n, &n->claim->outbox.items[i]);
	n->claim->outbox.count = 0;
}

static void flights_collect(struct deliver *n)
{
	int running, left;
	CURLMsg *message;

	curl_multi_perform(n->multi, &running);
	while ((message = curl_multi_info_read(n->multi, &left)) != NULL) {
		struct transfer *t;
		CURLcode result = message->data.result; /* the message dies with the handle */
		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &t);
		transfer_finish(t, n->multi, result, clock_now_ms());
		landed(n, t);
	}
}

/* ---- the round ---- */

static int in_stage(const struct deliver *n, enum transfer_stage stage)
{
	int count = 0;

	for (int i = 0; i < n->slot_count; i++)
		count += n->slots[i].stage == stage;
	return count;
}

static void cut_off(struct deliver *n)
{
	for (int i = 0; i < n->slot_count; i++)
		if (n->slots[i].stage == TRANSFER_FLYING) {
			transfer_abort(&n->slots[i], n->multi);
			landed(n, &n->slots[i]);
		}
}

/* True when nothing is under way any more, or the store does not answer in time either. */
static bool finished(struct deliver *n, int64_t steady_ms)
{
	int64_t deadline_ms = atomic_load(&n->stop_deadline_ms);

	if (!atomic_load(&n->stopping))
		return false;
	if (steady_ms >= deadline_ms)
		cut_off(n);
	return in_stage(n, TRANSFER_FREE) == n->slot_count || steady_ms >= deadline_ms + STOP_GRACE_MS;
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* When the next attempt leaves the fast lane and makes room. */
static int64_t next_slow_ms(const struct deliver *n, int64_t steady_ms)
{
	int64_t next_ms = INT64_MAX;

	for (int i = 0; i < n->slot_count; i++)
		if (n->slots[i].stage == TRANSFER_FLYING && n->slots[i].started_ms + SENDER_SLOW_MS > steady_ms)
			next_ms = least(next_ms, n->slots[i].started_ms + SENDER_SLOW_MS);
	return next_ms;
}

/*
 * How long there is nothing to do: until something is due, or a scan that is wanted may run, or has room.
 * While a claim is under way no scan can run; its coming back ends the wait, as a landing and a wake-up do.
 */
static int wait_ms(struct deliver *n, int64_t steady_ms)
{
	int64_t until_ms = steady_ms + WAIT_MS_MAX, deadline_ms = atomic_load(&n->stop_deadline_ms);
	int suspect_room;

	if (atomic_load(&n->stopping))
		until_ms = least(until_ms, deadline_ms > steady_ms ? deadline_ms : steady_ms + STOP_GRACE_MS);
	else if (!n->scan_wanted)
		until_ms = least(until_ms, n->scan_due_ms);
	else if (turn_idle(n->claim))
		until_ms = least(until_ms, sender_room(n, steady_ms, &suspect_room) > 0 ? n->scan_allowed_ms
		                                                                     : next_slow_ms(n, steady_ms));
	return until_ms > steady_ms ? (int)(until_ms - steady_ms) : 0;
}

static void round_once(struct deliver *n, int64_t steady_ms)
{
	if (atomic_exchange(&n->woken, false))
		n->scan_wanted = true;
	claim_collect(n);
	flights_collect(n);
	settle_collect(n);
	settle_submit(n);
	if (!atomic_load(&n->stopping))
		sender_claim(n, steady_ms);
	atomic_store(&n->in_flight, in_stage(n, TRANSFER_FLYING));
	atomic_store(&n->paused, destinations_paused(n->destinations, steady_ms));
}

void *sender_main(void *arg)
{
	struct deliver *n = arg;
	int64_t steady_ms;
	sigset_t all;

	sigfillset(&all); /* signals are the main thread's; and no SIGPIPE from a receiver that hangs up */
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	/* One reading of the clock a round: what a deadline within it has not cut off yet is not waited past either. */
	while (!finished(n, steady_ms = clock_steady_ms())) {
		round_once(n, steady_ms);
		curl_multi_poll(n->multi, NULL, 0, wait_ms(n, steady_ms), NULL);
	}
	return NULL;
}
