/*
 * Counts and sums of a window: over the recent transactions one by one, and where it reaches further, over
 * the buckets of those that left.
 */
#include "profile/bucket.h"
#include "profile/event.h"
#include "profile/known.h"
#include "profile/shard.h"

enum { MET_SLOTS = 128 };

/* Parties that were counted already; at most half full. */
struct met {
	uint32_t parties[MET_SLOTS];
};

_Static_assert(PROFILE_EVENTS_MOST * 2 <= MET_SLOTS, "half full");

static unsigned met_find(const struct met *met, uint32_t party)
{
	unsigned at = party * 0x9e3779b1U >> 25;

	while (met->parties[at] != 0 && met->parties[at] != party)
		at = (at + 1) % MET_SLOTS;
	return at;
}

/* What a window's sum is made from. */
struct asked {
	const struct account *account;
	const struct profile_filter *filter;
	uint8_t directions;
	int64_t from_ms, now_ms; /* (from, now] */
	uint32_t party;          /* of the transaction at hand */
	int64_t amount_minor;
};

/* On the packed event, and only what the filter asks for; `amount_minor` is the event's. */
static inline bool event_fits(const struct asked *asked, const struct event *event, uint32_t party,
                              int64_t amount_minor)
{
	const struct profile_filter *filter = asked->filter;

	if (filter->kinds != 0 && (filter->kinds >> event_kind(event) & 1) == 0)
		return false;
	if (filter->channels != 0 && (filter->channels >> event_channel(event) & 1) == 0)
		return false;
	if (filter->hours != 0 && (filter->hours >> event_hour(event) & 1) == 0)
		return false;
	if (filter->novelty == 1 && !event_is_new(event))
		return false;
	if (filter->novelty == 2 && (event_is_new(event) || party == 0))
		return false;
	if (filter->same_party && (party == 0 || party != asked->party))
		return false;
	if (filter->same_amount && amount_minor != asked->amount_minor)
		return false;
	return !filter->has_amounts ||
	       (amount_minor >= filter->amount_from_minor && amount_minor <= filter->amount_to_minor);
}

/* Sums stay where they would pass what an int64 holds. */
static int64_t add_capped(int64_t a, int64_t b)
{
	int64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

static void sum_event(struct profile_sum *sum, int64_t amount_minor)
{
	if (sum->count == 0 || amount_minor < sum->min_minor)
		sum->min_minor = amount_minor;
	if (sum->count == 0 || amount_minor > sum->max_minor)
		sum->max_minor = amount_minor;
	sum->count++;
	sum->sum_minor = add_capped(sum->sum_minor, amount_minor);
}

static void party_count(struct met *met, uint32_t party, struct profile_sum *sum)
{
	unsigned place;

	if (party == 0)
		return;
	place = met_find(met, party);
	sum->distinct += met->parties[place] == 0;
	met->parties[place] = party;
}

/* Does the filter ask of nothing but the direction? */
static bool filter_is_plain(const struct profile_filter *filter)
{
	return !(filter->kinds | filter->channels | filter->hours | filter->novelty) && !filter->same_party &&
	       !filter->same_amount && !filter->has_amounts;
}

/*
 * `met` is NULL where nobody asks how many parties there are. The sum is kept apart from what is asked, so that the
 * compiler sees that the one does not change the other.
 */
static void sum_events(const struct asked *asked, uint32_t at, struct met *met, struct profile_sum *sum_r)
{
	bool plain = filter_is_plain(asked->filter);
	const struct event *events = asked->account->events, *end = events + asked->account->event_count;
	int64_t from_ms = asked->from_ms;
	unsigned directions = asked->directions;
	struct profile_sum sum = *sum_r;

	for (const struct event *event = events + at; event < end && event_ms(event) > from_ms; event++) {
		int64_t amount_minor;

		if ((directions >> event_direction(event) & 1) == 0)
			continue;
		/* The one at hand is known to the last fen. */
		amount_minor = event == events + at ? asked->amount_minor : event_amount(event);
		if (!plain && !event_fits(asked, event, asked->account->parties[event - events], amount_minor))
			continue;
		sum_event(&sum, amount_minor);
		if (met != NULL)
			party_count(met, asked->account->parties[event - events], &sum);
	}
	*sum_r = sum;
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
static bool slot_counts(const struct asked *asked, unsigned slot)
{
	struct slot_days days = slot_days(slot, asked->account->today);
	int64_t from_ms = most(day_begin(days.from), asked->account->begin_ms);
	int64_t to_ms = least(day_begin(days.to), asked->account->gone_ms + 1);
	int64_t middle_ms = from_ms + (to_ms - from_ms) / 2;

	return middle_ms > asked->from_ms && middle_ms <= asked->now_ms;
}

static void sum_bucket(struct profile_sum *sum, uint64_t bucket, enum share share)
{
	struct bucket_sum own;
	uint64_t part;

	bucket_read(bucket, &own);
	part = share == SHARE_PERSONS ? own.persons_sum : share == SHARE_NIGHT ? own.night_sum : own.sum;
	if (share != SHARE_ALL && part == 0)
		return;
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

static bool is_payee(const struct account *account, uint32_t party)
{
	return known_find(account, KNOWN_PAYEES, party) < known_count(account, KNOWN_PAYEES);
}

/* Parties that were last met in slots wholly inside the window, and not among the recent ones. */
static void distinct_of_list(const struct asked *asked, const struct met *met, enum known_list list,
                             bool not_payees, struct profile_sum *sum)
{
	const struct account *account = asked->account;
	uint32_t at = 0;

	for (unsigned slot = 0; slot < SLOTS; at += account->seen[list][slot++]) {
		struct slot_days days = slot_days(slot, account->today);

		if (account->seen[list][slot] == 0 || day_begin(days.from) <= asked->from_ms)
			continue;
		if (least(day_begin(days.to), account->newest_ms + 1) > asked->now_ms + 1)
			continue;
		for (uint32_t i = at; i < at + account->seen[list][slot]; i++) {
			uint32_t party = known_hash_at(account, list, i);

			if (met->parties[met_find(met, party)] == 0 &&
			    !(not_payees && is_payee(account, party)))
				sum->distinct++;
		}
	}
}

static void distinct_beyond(const struct asked *asked, const struct met *met, struct profile_sum *sum)
{
	bool debits = asked->directions >> TX_DEBIT & 1, credits = asked->directions >> TX_CREDIT & 1;

	if (share_of(asked->filter) != SHARE_ALL)
		return;
	if (debits)
		distinct_of_list(asked, met, KNOWN_PAYEES, false, sum);
	if (credits)
		distinct_of_list(asked, met, KNOWN_PAYERS, debits, sum);
}

static void window_sum(const struct profile_view *view, const struct profile_filter *filter, int64_t window_ms,
                       struct met *met, struct profile_sum *sum_r)
{
	const struct profile_shard *shard = view->shard;
	struct asked asked = {
		.account = &shard->open,
		.filter = filter,
		.directions = filter->directions != 0 ? filter->directions : 1 << TX_DEBIT | 1 << TX_CREDIT,
		.now_ms = view->now_ms,
		.party = shard->open.parties[view->at],
		.amount_minor = view->amount_minor,
	};

	asked.from_ms = view->now_ms - least(most(window_ms, 0), PROFILE_WINDOW_MAX_MS);
	*sum_r = (struct profile_sum){.min_minor = TX_ABSENT, .max_minor = TX_ABSENT};
	sum_events(&asked, view->at, met, sum_r);
	sum_r->exact = asked.account->gone_ms <= asked.from_ms;
	if (sum_r->exact)
		return;
	sum_buckets(&asked, sum_r);
	if (met != NULL)
		distinct_beyond(&asked, met, sum_r);
}

void profile_window(const struct profile_view *view, const struct profile_filter *filter, int64_t window_ms,
                    struct profile_sum *sum_r)
{
	struct met met = {0};

	window_sum(view, filter, window_ms, &met, sum_r);
}

void profile_window_amounts(const struct profile_view *view, const struct profile_filter *filter,
                            int64_t window_ms, struct profile_sum *sum_r)
{
	window_sum(view, filter, window_ms, NULL, sum_r);
}
