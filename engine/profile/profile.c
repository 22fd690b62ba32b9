/*
 * A transaction's way into the memory of its account: open the account's block, let its time go on, put the
 * transaction at its place, remember whom it met, pack the block again.
 *
 * At least 16 recent transactions are kept one by one, and up to 64 that are younger than a day; an older
 * one goes into the bucket of its slot (slot.h, bucket.h), and from there nothing comes back. Windows that
 * reach no further than the recent ones are exact; another one's error is at most one slot at its older
 * end (a slot counts where its middle does) and the rounding of bucket.h.
 *
 * Times before 1970 and after 2109 count as the nearest of those years.
 */
#include "profile/profile.h"

#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "profile/amounts.h"
#include "profile/bucket.h"
#include "profile/drained.h"
#include "profile/places.h"
#include "profile/event.h"
#include "profile/known.h"
#include "profile/shard.h"

enum { PREFETCH_LINES = 12 };

/* Seeds of hashes: what is equal in text need not be equal in kind. */
enum { SEED_ACCOUNT = 1, SEED_PARTY, SEED_PARTY_NAME, SEED_ID, SEED_OTHER };

struct profile_shard *profile_shard_new(size_t accounts_max, int64_t lateness_ms)
{
	struct profile_shard *shard = calloc(1, sizeof(*shard));

	if (shard == NULL)
		die("out of memory: a shard");
	accounts_init(&shard->accounts, accounts_max);
	shard->lateness_ms = lateness_ms;
	return shard;
}

void profile_ask_meeting(struct profile_shard *shard, profile_meeting *meeting, void *context)
{
	shard->meeting = meeting;
	shard->meeting_context = context;
}

void profile_shard_free(struct profile_shard **shard)
{
	if (*shard == NULL)
		return;
	accounts_deinit(&(*shard)->accounts);
	profile_mappings_free((*shard)->mappings);
	free(*shard);
	*shard = NULL;
}

size_t profile_accounts(const struct profile_shard *shard)
{
	return shard->accounts.count;
}

static uint64_t hash_text(struct slice text, uint64_t seed)
{
	return text.length > 0 ? XXH3_64bits_withSeed(text.at, text.length, seed) : seed;
}

uint64_t profile_key(struct slice bank, struct slice account)
{
	uint64_t key = hash_text(account, hash_text(bank, SEED_ACCOUNT));

	return key != 0 ? key : 1; /* 0 is a block that is none */
}

uint64_t shard_id(struct slice id)
{
	return hash_text(id, SEED_ID) & EVENT_ID_MAX;
}

void profile_prefetch_slot(const struct profile_shard *shard, uint64_t key)
{
	accounts_prefetch_slot(&shard->accounts, key);
}

void profile_prefetch_account(const struct profile_shard *shard, uint64_t key)
{
	accounts_prefetch(&shard->accounts, key, PREFETCH_LINES);
}

/* Time. */

static int64_t time_of(int64_t booked_ms)
{
	return booked_ms < 0 ? 0 : booked_ms > ACCOUNT_TIME_MAX ? ACCOUNT_TIME_MAX : booked_ms;
}

static void buckets_move(struct account *account, const uint8_t moves[SLOTS + 1])
{
	uint32_t bits = account->bucket_bits;
	uint64_t before[2 * SLOTS];

	/* A slot never moves to a newer one, and newer slots have lower numbers: from the oldest on. */
	memcpy(before, account->buckets, bits_count(bits) * sizeof(before[0]));
	account->bucket_bits = 0;
	for (unsigned own = bits_count(bits); own-- > 0;) {
		unsigned bit = 31 - (unsigned)__builtin_clz(bits), index = bit / 16, to = moves[bit % 16];
		struct bucket_sum sum;
		uint64_t there;

		bits &= ~(UINT32_C(1) << bit);
		if (to == SLOT_OLDER)
			continue;
		there = account_bucket(account, index, to);
		if (there != 0)
			bucket_read(before[own], &sum);
		account_set_bucket(account, index, to,
		                   there == 0 ? before[own] : bucket_add(there, &sum, UINT32_C(1) << 31));
	}
}

/* A transaction newer than all before: days may have gone by. */
static void account_reach(struct account *account, int64_t ms)
{
	int32_t before = account->today, today = day_of(ms);
	uint8_t moves[SLOTS + 1];

	if (ms <= account->newest_ms)
		return;
	account->newest_ms = ms;
	if (today == before)
		return;
	account->today = today;
	for (unsigned slot = 0; slot <= SLOTS; slot++)
		moves[slot] = (uint8_t)slot_moved(slot, before, today);
	known_move(account, moves);
	buckets_move(account, moves);
	for (int i = 0; i < 2; i++)
		amounts_fade(&account->amounts[i], before, today);
	drained_move(account, before, today);
}

static void account_begin(struct account *account, uint64_t key, int64_t ms)
{
	account->key = key;
	account->begin_ms = account->newest_ms = ms;
	account->gone_ms = TX_ABSENT;
	account->today = day_of(ms);
	account->event_count = account->events_large = account->name_bytes = 0;
	account->may_be_forgotten = false;
	memset(account->known.count, 0, sizeof(account->known.count));
	memset(account->known.begin, 0, sizeof(account->known.begin));
	memset(account->seen, 0, sizeof(account->seen));
	account->bucket_bits = 0;
	account->firms = account->neighbours = 0;
	account->balance_untold = false;
	memset(account->drained, 0, sizeof(account->drained));
	for (int i = 0; i < 2; i++)
		account->amounts[i].count = account->amounts[i].from = account->amounts[i].large = 0;
	for (int i = 0; i < OPEN_DAYS; i++)
		account->days[i] = (struct open_day){0, OPEN_DAY_BALANCE_UNKNOWN};
}

/* Recent transactions. */

static void oldest_fold(struct account *account)
{
	const struct event *oldest = &account->events[--account->event_count];
	struct profile_event event;
	struct bucket_sum sum;
	uint64_t amount;
	bool night;
	unsigned slot, index;

	event_unpack(account, account->event_count, &event);
	account->events_large -= event_is_large(oldest);
	slot = slot_of(day_of(event.booked_ms), account->today);
	if (event.booked_ms > account->gone_ms)
		account->gone_ms = event.booked_ms;
	if (slot == SLOT_OLDER)
		return;
	amount = (uint64_t)event.amount_minor;
	night = PROFILE_NIGHT_HOURS >> event.hour & 1;
	index = direction_index(event.direction);
	sum = (struct bucket_sum){amount, 1, amount, event.kind == TX_PERSON ? amount : 0, night ? amount : 0};
	account_set_bucket(account, index, slot,
	                   bucket_add(account_bucket(account, index, slot), &sum, (uint32_t)oldest->low));
}

static void events_make_room(struct account *account)
{
	while (account->event_count >= PROFILE_EVENTS_LEAST) {
		int64_t oldest_ms = event_ms(&account->events[account->event_count - 1]);

		if (oldest_ms > account->newest_ms - INSTANT_DAY_MS) {
			if (account->event_count < PROFILE_EVENTS_MOST)
				return;
			count(COUNT_PROFILE_EVENTS_FULL);
		}
		oldest_fold(account);
	}
}

/*
 * A receipt leaves something. A bank that says 0 behind one writes that for every balance, which it doesn't tell,
 * or the account is swept at once and what is in it is kept elsewhere; until it says another.
 */
static void balance_learn(struct account *account, const struct tx *tx)
{
	if (tx->balance_minor == 0)
		account->balance_untold = account->balance_untold || tx->direction == TX_CREDIT;
	else if (tx->balance_minor != TX_ABSENT)
		account->balance_untold = false;
}

/* As the account's bank tells it; TX_ABSENT where it doesn't. */
static int64_t balance_of(const struct account *account, const struct tx *tx)
{
	return account->balance_untold ? TX_ABSENT : tx->balance_minor;
}

static uint8_t left_percent(const struct tx *tx, int64_t balance_minor)
{
	__int128 before = balance_minor, after = balance_minor, percent;

	before += tx->direction == TX_CREDIT ? -(__int128)tx->amount_minor : (__int128)tx->amount_minor;
	if (balance_minor == TX_ABSENT || before <= 0)
		return 255;
	if (after <= 0)
		return 0;
	/* Rounded up, so that 5.2 percent is not within 5. */
	percent = (after * 100 + before - 1) / before;
	return percent < EVENT_LEFT_MOST ? (uint8_t)percent : EVENT_LEFT_MOST;
}

static int64_t balance_cny(const struct tx *tx, int64_t balance_minor, int64_t amount_cny_minor)
{
	__int128 balance = balance_minor;

	if (balance_minor == TX_ABSENT || amount_cny_minor == TX_ABSENT || tx->amount_minor <= 0)
		return TX_ABSENT;
	if (amount_cny_minor == tx->amount_minor)
		return balance_minor;
	balance = balance * amount_cny_minor / tx->amount_minor;
	return balance < 0 ? 0 : balance > INT64_MAX ? INT64_MAX : (int64_t)balance;
}

/* Whom and what it met. */

const uint8_t *shard_name(struct profile_shard *shard, const struct tx *tx, uint64_t *hash_r)
{
	uint64_t hash = 0;

	if (!shard->name_is_signed || hash_r != NULL)
		hash = name_sign(tx->counterparty.name, tx->counterparty.kind, shard->name);
	shard->name_is_signed = true;
	if (hash_r != NULL)
		*hash_r = hash;
	return shard->name;
}

static uint32_t party_of(struct profile_shard *shard, const struct tx *tx)
{
	uint64_t hash;

	if (tx->counterparty.account.length > 0)
		return known_hash(hash_text(tx->counterparty.account, SEED_PARTY));
	shard_name(shard, tx, &hash);
	return hash != 0 ? known_hash(hash ^ (hash >> KNOWN_HASH_BITS) * SEED_PARTY_NAME) : 0;
}

static void others_meet(struct account *account, const struct tx *tx, unsigned slot, bool is_late,
                        struct profile_view *view)
{
	const struct {
		enum profile_subject subject;
		enum known_list list;
		struct slice text;
	} others[] = {
		{PROFILE_IP, KNOWN_IPS, tx->ip},
		{PROFILE_MAC, KNOWN_MACS, tx->mac},
		{PROFILE_DEVICE, KNOWN_DEVICES, tx->device},
	};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		uint32_t hash, at;

		if (others[i].text.length == 0)
			continue;
		hash = known_hash(hash_text(others[i].text, SEED_OTHER));
		at = known_find(account, others[i].list, hash);
		view->first_seen_ms[others[i].subject] = seen_in_list(account, others[i].list, at, view->now_ms, is_late);
		known_meet(account, others[i].list, at, hash, slot, NULL);
	}
}

/* A late first meeting: what was new until now has been met before. */
static void later_are_known(struct account *account, uint32_t party, int64_t ms)
{
	for (uint32_t i = 0; i < account->event_count && event_ms(&account->events[i]) > ms; i++)
		if (account->parties[i] == party)
			event_set_new(&account->events[i], false);
}

/* Under other accounts a name is looked for when it is asked for; so is all of it by a view of a credit. */
static int64_t payee_name_first(struct profile_shard *shard, const struct tx *tx, uint32_t at,
                                const struct profile_view *view, bool is_late)
{
	const struct account *account = &shard->open;
	const uint8_t *name = shard_name(shard, tx, NULL);

	if (name_is_none(name))
		return TX_ABSENT;
	if (at < known_count(account, KNOWN_PAYEES) && name_same(known_name(account, at), name))
		return view->first_seen_ms[PROFILE_PARTY];
	return seen_name(account, name, 0, view->now_ms, is_late);
}

static void places_meet(struct account *account, unsigned meeting)
{
	if (meeting & MEETING_FIRM)
		account->firms = (uint16_t)places_put(account->firms, PLACES_FIRMS_BITS, meeting & MEETING_FIRM_ELSEWHERE);
	if (meeting & MEETING_NEIGHBOUR)
		account->neighbours = (uint8_t)places_put(account->neighbours, PLACES_NEIGHBOURS_BITS,
		                                          meeting & MEETING_NEIGHBOUR_ELSEWHERE);
}

static void party_meet(struct profile_shard *shard, const struct tx *tx, uint32_t party, unsigned slot,
                       bool is_late, struct profile_view *view)
{
	struct account *account = &shard->open;
	int64_t *first = &view->first_seen_ms[PROFILE_PARTY];
	uint32_t at[KNOWN_PARTY_LISTS];
	unsigned meeting;

	view->firms = account->firms;
	view->neighbours = account->neighbours;
	if (party == 0)
		return;
	for (enum known_list list = KNOWN_PAYEES; list <= KNOWN_PAYERS; list++)
		at[list] = known_find(account, list, party);
	*first = seen_party(account, party, at, view->now_ms, is_late);
	meeting = *first == view->now_ms && shard->meeting != NULL ? shard->meeting(shard->meeting_context, tx) : 0;
	/* First met before all that is remembered, so that the next time it is as well known. */
	if (meeting & MEETING_FAMILIAR) {
		*first = view->now_ms - PROFILE_WINDOW_MAX_MS;
		slot = SLOT_OLDER;
	}
	places_meet(account, meeting);
	if (tx->direction == TX_CREDIT) {
		known_meet(account, KNOWN_PAYERS, at[KNOWN_PAYERS], party, slot, NULL);
	} else {
		view->first_seen_ms[PROFILE_PARTY_NAME] = payee_name_first(shard, tx, at[KNOWN_PAYEES], view, is_late);
		name_set_province(shard->name, meeting >> MEETING_PROVINCE_SHIFT & (MEETING_PROVINCES - 1));
		known_meet(account, KNOWN_PAYEES, at[KNOWN_PAYEES], party, slot, shard->name);
	}
	if (*first == view->now_ms && is_late)
		later_are_known(account, party, view->now_ms);
}

static bool is_last_of_day(const struct account *account, uint32_t at)
{
	return at == 0 || day_of(event_ms(&account->events[at - 1])) != day_of(event_ms(&account->events[at]));
}

/* All of what a transaction changes; the account is open and its time has come. */
static void account_put(struct profile_shard *shard, const struct tx *tx, uint64_t id, bool is_late,
                        struct profile_view *view)
{
	struct account *account = &shard->open;
	unsigned slot = slot_of(day_of(view->now_ms), account->today);
	int64_t balance_minor;
	struct profile_event event = {
		.booked_ms = view->now_ms,
		.amount_minor = view->amount_minor,
		.party = party_of(shard, tx),
		.direction = tx->direction,
		.kind = tx->counterparty.kind & 7,
		.channel = tx->channel & 15,
	};
	struct event packed;

	balance_learn(account, tx);
	view->balance_untold = account->balance_untold;
	balance_minor = balance_of(account, tx);
	event.left_percent = left_percent(tx, balance_minor);
	party_meet(shard, tx, event.party, slot, is_late, view);
	others_meet(account, tx, slot, is_late, view);
	event.is_new = event.party != 0 && view->first_seen_ms[PROFILE_PARTY] == view->now_ms;
	events_make_room(account);
	view->at = event_place(account, view->now_ms);
	event_pack(&event, id, &packed);
	event_insert(account, view->at, &packed, event.party);
	event_unpack(account, view->at, &event);
	amounts_add(&account->amounts[direction_index(event.direction)], event.amount_minor);
	drained_add(account, &event, balance_cny(tx, balance_minor, view->amount_minor),
	            is_last_of_day(account, view->at));
}

static void view_begin(struct profile_shard *shard, const struct tx *tx, int64_t amount_cny_minor,
                       struct profile_view *view)
{
	*view = (struct profile_view){
		.shard = shard,
		.account = &shard->open,
		.tx = tx,
		.amount_minor = amount_cny_minor > 0 ? amount_cny_minor : 0,
		.now_ms = time_of(tx->booked_ms),
		.begin_ms = TX_ABSENT,
	};
	for (int i = 0; i < PROFILE_SUBJECT_COUNT; i++)
		view->first_seen_ms[i] = TX_ABSENT;
	shard->name_is_signed = false;
	recent_forget(&shard->recent);
}

enum profile_answer profile_put(struct profile_shard *shard, const struct tx *tx, int64_t amount_cny_minor,
                                int32_t partition, struct profile_view *view_r)
{
	struct account *account = &shard->open;
	uint64_t key = profile_key(tx->bank, tx->account), id = shard_id(tx->id);
	uint32_t ref = accounts_find(&shard->accounts, key), now;
	bool is_late = false;

	view_begin(shard, tx, amount_cny_minor, view_r);
	if (ref == 0) {
		account_begin(account, key, view_r->now_ms);
	} else {
		block_open(slab_read(&shard->accounts.slabs, ref), account);
		view_r->balance_untold = account->balance_untold;
		if (event_find(account, id) < account->event_count)
			return PROFILE_DUPLICATE;
		if (view_r->now_ms < account->newest_ms - shard->lateness_ms)
			return PROFILE_LATE;
		is_late = view_r->now_ms < account->newest_ms;
		if (account->begin_ms <= view_r->now_ms)
			view_r->begin_ms = account->begin_ms;
		else
			account->begin_ms = view_r->now_ms;
		account_reach(account, view_r->now_ms);
	}
	account->partition = partition;
	account_put(shard, tx, id, is_late, view_r);
	now = block_pack(account, &shard->accounts.slabs, ref);
	if (now != ref)
		accounts_place(&shard->accounts, key, ref, now);
	return PROFILE_NEW;
}
