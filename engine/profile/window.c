/*
 * Counts and sums of a window: over the recent transactions one by one, and where it reaches further, over
 * the buckets of those that left.
 */
#include "base/bits.h"
#include "profile/bucket.h"
#include "profile/known.h"
#include "profile/shard.h"

/* What a window's sum is made from. */
struct asked {
	const struct account *account;
	struct recent *recent;
	uint32_t at; /* the transaction at hand, among the account's events */
	const struct profile_filter *filter;
	uint8_t directions;
	int64_t from_ms, now_ms; /* (from, now] */
};

/* Sums stay where they would pass what an int64 holds. */
static int64_t add_capped(int64_t a, int64_t b)
{
	int64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

/* Of some that are there. */
static void sum_amounts(const struct recent *recent, uint64_t events, struct profile_sum *sum_r)
{
	int64_t sum = 0, min = INT64_MAX, max = INT64_MIN;

	for (; events != 0; events &= events - 1) {
		int64_t amount_minor = recent->amounts_minor[__builtin_ctzll(events)];

		sum = add_capped(sum, amount_minor);
		min = amount_minor < min ? amount_minor : min;
		max = amount_minor > max ? amount_minor : max;
	}
	sum_r->sum_minor = sum;
	sum_r->min_minor = min;
	sum_r->max_minor = max;
}

/* Buckets. */

enum share { SHARE_ALL, SHARE_PERSONS, SHARE_NIGHT, SHARE_NONE };

/* What of a bucket fits the filter, as far as it can tell. */
static enum share share_of(const struct profile_filter *filter)
{
	uint32_t all_hours = (UINT32_C(1) << 24) - 1;
	bool any_hour = filter->hours == 0 || (filter->hours & all_hours) == all_hours;
	bool any_kind = filter->kinds == 0 || (filter->kinds & 0x3f) == 0x3f;
	bool any_channel = filter->channels == 0 || (filter->channels & 0x3ff) == 0x3ff;

	if (!any_channel || filter->novelty != 0 || filter->same_party || filter->same_amount || filter->has_amounts)
		return SHARE_NONE;
	if (any_hour && any_kind)
		return SHARE_ALL;
	if (any_hour && filter->kinds == 1 << TX_PERSON)
		return SHARE_PERSONS;
	if (any_kind && filter->hours == PROFILE_NIGHT_HOURS)
		return SHARE_NIGHT;
	return SHARE_NONE;
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t most(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* Does the middle of what a slot's bucket can hold lie in the window? */
static inline bool slot_counts(const struct asked *asked, unsigned slot)
{
	int64_t from_ms = most(asked->recent->slots.begin_ms[slot], asked->account->begin_ms);
	int64_t to_ms = least(asked->recent->slots.end_ms[slot], asked->account->gone_ms + 1);
	int64_t middle_ms = from_ms + (to_ms - from_ms) / 2;

	return middle_ms > asked->from_ms && middle_ms <= asked->now_ms;
}

static void sum_bucket(struct profile_sum *sum, uint64_t bucket, enum share share)
{
	struct bucket_sum own;
	uint64_t part;

	if (share == SHARE_ALL) {
		bucket_read_all(bucket, &own);
		part = own.sum;
	} else {
		bucket_read(bucket, &own);
		part = share == SHARE_PERSONS ? own.persons_sum : own.night_sum;
		if (part == 0)
			return;
	}
	if (part != own.sum) {
		own.count = (uint64_t)(((unsigned __int128)own.count * part + own.sum / 2) / own.sum);
		own.sum = part;
		own.count += own.count == 0;
		own.largest = part < own.largest ? part : own.largest;
	}
	/* The smallest of a bucket is not known; it is at most their mean. */
	sum->min_minor = sum->count == 0 ? (int64_t)(own.sum / own.count)
	                                 : least(sum->min_minor, (int64_t)(own.sum / own.count));
	sum->max_minor = sum->count == 0 ? (int64_t)own.largest : most(sum->max_minor, (int64_t)own.largest);
	sum->count += (int64_t)own.count;
	sum->sum_minor = add_capped(sum->sum_minor, (int64_t)own.sum);
}

static void sum_buckets(const struct asked *asked, struct profile_sum *sum)
{
	const struct account *account = asked->account;
	const uint64_t *next[2] = {account->buckets, account->buckets + account_bucket_place(account, 16)};
	enum share share = share_of(asked->filter);

	if (share == SHARE_NONE)
		return;
	for (unsigned slot = 0; slot < SLOTS; slot++) {
		uint64_t debits = account->bucket_bits >> slot & 1 ? *next[0]++ : 0;
		uint64_t credits = account->bucket_bits >> (16 + slot) & 1 ? *next[1]++ : 0;

		if ((debits == 0 && credits == 0) || !slot_counts(asked, slot))
			continue;
		if (debits != 0 && asked->directions >> TX_DEBIT & 1)
			sum_bucket(sum, debits, share);
		if (credits != 0 && asked->directions >> TX_CREDIT & 1)
			sum_bucket(sum, credits, share);
	}
}

/* Is the payer at that place paid, too? Looked for once a view. */
static bool is_payee(const struct asked *asked, uint32_t at, uint32_t party)
{
	const struct account *account = asked->account;
	struct recent *recent = asked->recent;
	uint64_t bit = UINT64_C(1) << at;

	_Static_assert(PROFILE_PAYERS <= 64, "a payer is a bit of a word");
	if ((recent->payers_looked & bit) == 0) {
		recent->payers_looked |= bit;
		if (known_find(account, KNOWN_PAYEES, party) < known_count(account, KNOWN_PAYEES))
			recent->payers_paid |= bit;
	}
	return recent->payers_paid & bit;
}

/* Parties that were last met in slots wholly inside the window, and not among the recent ones. */
static void distinct_of_list(const struct asked *asked, uint64_t met, enum known_list list, bool not_payees,
                             struct profile_sum *sum)
{
	const struct account *account = asked->account;
	const struct recent_slots *slots = &asked->recent->slots;
	uint32_t at = 0;

	for (unsigned slot = 0; slot < SLOTS; at += account->seen[list][slot++]) {
		if (account->seen[list][slot] == 0 || slots->begin_ms[slot] <= asked->from_ms)
			continue;
		if (least(slots->end_ms[slot], account->newest_ms + 1) > asked->now_ms + 1)
			continue;
		for (uint32_t i = at; i < at + account->seen[list][slot]; i++) {
			uint32_t party = known_hash_at(account, list, i);
			unsigned number = recent_number(asked->recent, account, asked->at, party);

			if ((number == RECENT_MOST || (met >> number & 1) == 0) && !(not_payees && is_payee(asked, i, party)))
				sum->distinct++;
		}
	}
}

static void distinct_beyond(const struct asked *asked, uint64_t met, struct profile_sum *sum)
{
	bool debits = asked->directions >> TX_DEBIT & 1, credits = asked->directions >> TX_CREDIT & 1;

	if (share_of(asked->filter) != SHARE_ALL)
		return;
	if (debits)
		distinct_of_list(asked, met, KNOWN_PAYEES, false, sum);
	if (credits)
		distinct_of_list(asked, met, KNOWN_PAYERS, debits, sum);
}

void profile_window(const struct profile_view *view, const struct profile_filter *filter, int64_t window_ms,
                    unsigned wanted, struct profile_sum *sum_r)
{
	struct profile_shard *shard = view->shard;
	struct asked asked = {
		.account = &shard->open,
		.recent = &shard->recent,
		.at = view->at,
		.filter = filter,
		.directions = filter->directions != 0 ? filter->directions : 1 << TX_DEBIT | 1 << TX_CREDIT,
		.from_ms = view->now_ms - least(most(window_ms, 0), PROFILE_WINDOW_MAX_MS),
		.now_ms = view->now_ms,
	};
	uint64_t events = recent_read(asked.recent, asked.account, asked.at, view->amount_minor, asked.from_ms);
	uint64_t parties = 0;

	events = recent_fit(asked.recent, asked.account, asked.at, filter, events);
	*sum_r = (struct profile_sum){.count = bits_count(events), .min_minor = TX_ABSENT, .max_minor = TX_ABSENT};
	if ((wanted & PROFILE_AMOUNTS) != 0 && events != 0)
		sum_amounts(asked.recent, events, sum_r);
	if ((wanted & PROFILE_PARTIES) != 0) {
		parties = recent_parties(asked.recent, asked.account, asked.at, events);
		sum_r->distinct = bits_count(parties);
	}
	sum_r->exact = asked.account->gone_ms <= asked.from_ms;
	if (sum_r->exact)
		return;
	recent_slots_read(&asked.recent->slots, asked.account->today);
	sum_buckets(&asked, sum_r);
	if ((wanted & PROFILE_PARTIES) != 0)
		distinct_beyond(&asked, parties, sum_r);
}
