#include "deliver/outbox.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <xxhash.h>

#include "reference/reference.h"
#include "base/clock.h"
#include "base/instant.h"

enum { ID_HASH_BYTES = 16, JITTER_PERMILLE = 100 };

/* Before the first attempt, and after each that failed. */
static const int64_t schedule_ms[OUTBOX_ATTEMPTS_MAX] = {
	0,
	5 * INSTANT_SECOND_MS,
	5 * INSTANT_MINUTE_MS,
	30 * INSTANT_MINUTE_MS,
	2 * INSTANT_HOUR_MS,
	5 * INSTANT_HOUR_MS,
	10 * INSTANT_HOUR_MS,
	14 * INSTANT_HOUR_MS,
	20 * INSTANT_HOUR_MS,
	24 * INSTANT_HOUR_MS,
};

static void hash_part(crypto_hash_sha256_state *state, struct slice part)
{
	unsigned char length[4] = {(unsigned char)(part.length >> 24), (unsigned char)(part.length >> 16),
	                           (unsigned char)(part.length >> 8), (unsigned char)part.length};

	crypto_hash_sha256_update(state, length, sizeof(length));
	crypto_hash_sha256_update(state, (const unsigned char *)part.at, part.length);
}

void outbox_delivery_id(enum delivery_kind kind, struct slice subject, uint8_t level, int step, int64_t way,
                        char id_r[OUTBOX_ID_BYTES])
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state state;
	char numbers[64];

	snprintf(numbers, sizeof(numbers), "%d/%d/%d/%lld", (int)kind, level, step, (long long)way);
	crypto_hash_sha256_init(&state);
	hash_part(&state, subject);
	hash_part(&state, slice_of(numbers));
	crypto_hash_sha256_final(&state, hash);
	memcpy(id_r, "msg_", 4);
	sodium_bin2hex(id_r + 4, OUTBOX_ID_BYTES - 4, hash, ID_HASH_BYTES);
}

int64_t outbox_retry_delay_ms(struct slice id, int64_t attempts, int permille)
{
	int64_t delay_ms, jitter;

	if (attempts < 1 || attempts >= OUTBOX_ATTEMPTS_MAX)
		return -1;
	delay_ms = schedule_ms[attempts] * permille / 1000;
	jitter = (int64_t)(XXH64(id.at, id.length, (uint64_t)attempts) % (2 * JITTER_PERMILLE + 1)) - JITTER_PERMILLE;
	return delay_ms + delay_ms * jitter / 1000;
}

/* What is not urgent waits for office hours, also where its attempt failed within them and is due at night. */
static int claim_one(struct store *store, struct slice id, int64_t opens_ms, struct error *error)
{
	int put_off = opens_ms == 0 ? 0 : store_delivery_put_off(store, id, opens_ms, error);

	if (put_off != 0)
		return put_off == -1 ? -1 : 0;
	return store_delivery_claim(store, id, error);
}

static int claim_run(struct store *store, struct store_job *job, struct error *error)
{
	struct outbox_job *o = (struct outbox_job *)job;
	int64_t now_ms = clock_now_ms(), opens_ms = office_is_open(now_ms) ? 0 : office_opens_ms(now_ms);

	for (int i = 0; i < o->count; i++) {
		int changed = claim_one(store, slice_of(o->items[i].id), opens_ms, error);
		if (changed == -1)
			return -1;
		o->items[i].claimed = changed == 1;
	}
	return 0;
}

/* Gone (a webhook's 410): nobody is told at this address any more, neither what waits now nor what comes. */
static int give_up_destination(struct store *store, struct outbox_item *item, int64_t now_ms, struct error *error)
{
	int disabled = store_way_disable(store, slice_of(item->gone_channel), slice_of(item->gone_address),
	                                 item->reason, error);

	item->disabled = disabled > 0;
	return disabled == -1 ? -1
	                      : store_deliveries_give_up(store, item->destination, now_ms, item->reason, error);
}

static int settle_run(struct store *store, struct store_job *job, struct error *error)
{
	struct outbox_job *o = (struct outbox_job *)job;
	int64_t now_ms = clock_now_ms();
	int given_up;

	o->given_up = 0;
	for (int i = 0; i < o->count; i++) {
		struct outbox_item *item = &o->items[i];
		if (store_delivery_settle(store, slice_of(item->id), item->state, item->due_ms, now_ms, item->reason,
		                          error) == -1 ||
		    store_delivery_provider(store, slice_of(item->id), slice_of(item->provider_id), error) == -1)
			return -1;
		if (item->gone_channel == NULL)
			continue;
		if ((given_up = give_up_destination(store, item, now_ms, error)) == -1)
			return -1;
		o->given_up += given_up;
	}
	return 0;
}

void outbox_claim(struct outbox_job *job)
{
	job->is_claim = true;
	job->job = (struct store_job){.run = claim_run, .urgent = true};
}

void outbox_settle(struct outbox_job *job)
{
	job->is_claim = false;
	job->job = (struct store_job){.run = settle_run, .urgent = true};
}

int outbox_recover(struct store *store, void *arg, struct error *error)
{
	const int64_t *now_ms = arg;

	return store_deliveries_recover(store, *now_ms, error) == -1 ? -1 : 0;
}
