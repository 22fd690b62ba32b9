#include "link/keys.h"

#include "base/counters.h"

enum { KEY_TEXTS = 8, CLASS_MOST = 12 };

static uint32_t room_of(uint32_t class)
{
	return (CELL_BYTES << class) / sizeof(struct key_event);
}

static struct key_event *events_of(const struct link *link, const struct link_key *key)
{
	return (struct key_event *)cell(link, key->run) + key->begin;
}

static uint32_t *head_of(const struct link *link, uint64_t key, uint32_t serial)
{
	return &link->head->keys[mix(key, serial) % TABLE_KEYS];
}

/* The cell of the key, made where it is new; 0 where there is no room. */
static uint32_t key_of(struct link *link, const struct slot *slot, uint64_t hash)
{
	uint32_t *head = head_of(link, hash, slot->serial), at;
	struct link_key *key;

	for (at = *head; at != 0; at = key->next) {
		key = cell(link, at);
		if (key->key == hash && key->serial == slot->serial)
			return at;
	}
	at = cells_take(link, 0);
	if (at == 0)
		return 0;
	*(struct link_key *)cell(link, at) = (struct link_key){
		.key = hash, .gone_from_ms = INT64_MAX, .gone_to_ms = INT64_MIN, .serial = slot->serial, .next = *head,
	};
	touch(link, head, sizeof(*head));
	*head = at;
	return at;
}

static void key_give(struct link *link, uint32_t at)
{
	struct link_key *key = cell(link, at), *before;
	uint32_t *next = head_of(link, key->key, key->serial);

	while (*next != at) {
		before = cell(link, *next);
		next = &before->next;
	}
	touch(link, next, sizeof(*next));
	*next = key->next;
	if (key->run != 0)
		cells_give(link, key->run, key->class);
	cells_give(link, at, 0);
}

static void record_give(struct link *link, uint32_t at)
{
	timed_remove(link, at);
	chain_give(link, ((struct key_record *)cell(link, at))->texts);
	cells_give(link, at, 0);
}

static uint32_t record_put(struct link *link, struct slot *slot, uint32_t key, const struct hit *hit)
{
	const struct slice packed = {link->packed, pack_put(&slot->like, hit->evidence, link->packed)}, texts[KEY_TEXTS] = {
		hit->bank, hit->account, hit->account_name, hit->enterprise, hit->tx_id, hit->party_name,
		hit->party_account, packed,
	};
	uint32_t at = cells_take(link, 0), chain = at != 0 ? chain_put(link, texts, KEY_TEXTS) : 0;
	struct key_record *record;

	if (chain == 0) {
		if (at != 0)
			cells_give(link, at, 0);
		return 0;
	}
	record = cell(link, at);
	*record = (struct key_record){
		.key = key, .texts = chain, .booked_ms = hit->booked_ms, .party_is_company = hit->party_is_company,
	};
	for (int i = 0; i < KEY_TEXTS; i++)
		record->lengths[i] = (uint16_t)texts[i].length;
	timed_add(link, at, hit->booked_ms + slot->rule.within_ms);
	return at;
}

/* The evidence as it was; false where there is no room. */
static bool evidence_get(const struct slot *slot, struct slice packed, struct arena *arena, struct slice *evidence_r)
{
	uint32_t length = pack_length(packed.at);
	char *bytes = arena_take(arena, length + 1);

	if (bytes == NULL)
		return false;
	pack_get(&slot->like, packed, bytes);
	*evidence_r = (struct slice){bytes, length};
	return true;
}

bool key_hit(const struct link *link, const struct slot *slot, const struct key_event *event, struct arena *arena,
             struct hit *hit_r)
{
	const struct key_record *record = cell(link, event->record);
	struct slice packed, *const texts[KEY_TEXTS] = {
		&hit_r->bank, &hit_r->account, &hit_r->account_name, &hit_r->enterprise, &hit_r->tx_id,
		&hit_r->party_name, &hit_r->party_account, &packed,
	};
	size_t length = 0;
	char *bytes;

	for (int i = 0; i < KEY_TEXTS; i++)
		length += record->lengths[i];
	bytes = arena_take(arena, length + 1);
	if (bytes == NULL)
		return false;
	chain_get(link, record->texts, bytes, length);
	*hit_r = (struct hit){
		.party_is_company = record->party_is_company, .booked_ms = event->booked_ms,
		.amount_cny_minor = event->amount_minor,
	};
	for (int i = 0; i < KEY_TEXTS; bytes += record->lengths[i++])
		*texts[i] = (struct slice){bytes, record->lengths[i]};
	return evidence_get(slot, packed, arena, &hit_r->evidence);
}

static void touch_key(struct link *link, struct link_key *key)
{
	touch(link, key, sizeof(*key));
	if (key->run != 0)
		touch_cells(link, key->run, key->class);
}

/* The first event booked at or after `ms` (or after it). */
static uint32_t first_from(const struct key_event *events, uint32_t count, int64_t ms, bool after)
{
	uint32_t low = 0, high = count;

	if (count > 0 && (after ? events[count - 1].booked_ms <= ms : events[count - 1].booked_ms < ms))
		return count;
	while (low < high) {
		uint32_t middle = (low + high) / 2;
		if (after ? events[middle].booked_ms <= ms : events[middle].booked_ms < ms)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void remove_at(struct link *link, struct link_key *key, uint32_t i)
{
	struct key_event *events = events_of(link, key);

	record_give(link, events[i].record);
	key->met -= events[i].met;
	if (i < key->open)
		key->open--;
	key->count--;
	if (i == 0)
		key->begin++;
	else
		memmove(events + i, events + i + 1, (key->count - i) * sizeof(*events));
}

void keys_forget(struct link *link, uint32_t record)
{
	uint32_t at = ((struct key_record *)cell(link, record))->key;
	struct link_key *key = cell(link, at);
	struct key_event *events = events_of(link, key);
	uint32_t i = first_from(events, key->count, ((struct key_record *)cell(link, record))->booked_ms, false);

	touch_key(link, key);
	while (events[i].record != record)
		i++;
	remove_at(link, key, i);
	if (key->count == 0)
		key_give(link, at);
}

/* The oldest goes. Hits that went are remembered as a span of time, in which everything hits. */
static void drop_oldest(struct link *link, const struct slot *slot, struct link_key *key)
{
	const struct key_event *oldest = events_of(link, key);

	count(COUNT_LINK_KEY_FULL);
	if (oldest->completed_by != 0) {
		if (key->gone_to_ms == INT64_MIN || oldest->booked_ms - key->gone_to_ms > slot->rule.within_ms)
			key->gone_from_ms = oldest->booked_ms;
		if (oldest->booked_ms > key->gone_to_ms)
			key->gone_to_ms = oldest->booked_ms;
		if (oldest->booked_ms < key->gone_from_ms)
			key->gone_from_ms = oldest->booked_ms;
	}
	remove_at(link, key, 0);
}

/* Room for one more event behind the last; false where there is none. */
static bool grow(struct link *link, struct link_key *key)
{
	uint32_t class = key->run != 0 ? key->class + 1 : 0, run;
	struct key_event *events;

	if (key->run != 0 && key->begin + key->count < room_of(key->class))
		return true;
	if (key->run != 0 && key->begin > key->count / 8) {
		events = events_of(link, key);
		memmove(events - key->begin, events, key->count * sizeof(*events));
		key->begin = 0;
		return true;
	}
	run = class <= CLASS_MOST ? cells_take(link, class) : 0;
	if (run == 0)
		return false;
	if (key->run != 0) {
		memcpy(cell(link, run), events_of(link, key), key->count * sizeof(*events));
		cells_give(link, key->run, key->class);
	}
	key->run = run;
	key->class = class;
	key->begin = 0;
	return true;
}

static void tell(struct link *link, const struct slot *slot, const struct link_key *key,
                 const struct key_event *event)
{
	struct hit hit;

	if (link->report == NULL)
		return;
	if (!key_hit(link, slot, event, link->arena, &hit))
		die("link: the hits of one batch do not fit into %zu bytes", link->arena->most_bytes);
	link_tell(link, slot, &hit, link_group(slot, key->key));
}

/* What a put works with: the events around the new one. */
struct around {
	struct link *link;
	struct slot *slot;
	struct link_key *key;
	struct key_event *events;
	uint32_t count, at; /* the new one is events[at] */
	uint32_t from; /* the first whose window reaches it */
};

static void complete(struct around *a, struct key_event *event)
{
	if (event->completed_by != 0)
		return;
	event->completed_by = a->link->head->sequence;
	tell(a->link, a->slot, a->key, event);
}

/* Counts the different ones in the new event's own window, up to what is asked. */
static void count_own(struct around *a)
{
	struct key_event *own = &a->events[a->at];
	uint32_t most = a->slot->rule.at_least, i = first_from(a->events, a->count, own->booked_ms, false);
	uint64_t seen[LINK_AT_LEAST_MAX];
	uint32_t n = 0, j;

	for (; i < a->count && n < most && a->events[i].booked_ms - own->booked_ms <= a->slot->rule.within_ms; i++) {
		for (j = n; j > 0 && seen[j - 1] != a->events[i].who; j--)
			;
		if (j == 0)
			seen[n++] = a->events[i].who;
	}
	own->distinct = (uint16_t)n;
}

/*
 * When its like was booked before and after. A window is counted up where it holds neither: those that
 * begin after the one and end before the other. Windows before `open` are met, so who stands there need not
 * be known.
 */
static void count_up(struct around *a)
{
	const struct key_event *own = &a->events[a->at];
	int64_t within_ms = a->slot->rule.within_ms, before_ms = INT64_MIN, after_ms = INT64_MAX, open_ms;
	uint32_t i;

	if (a->key->open >= a->at)
		return;
	open_ms = a->events[a->key->open].booked_ms;
	for (i = a->at; i-- > a->from && a->events[i].booked_ms >= open_ms;)
		if (a->events[i].who == own->who) {
			before_ms = a->events[i].booked_ms;
			break;
		}
	for (i = a->at + 1; i < a->count && a->events[i].booked_ms - own->booked_ms <= within_ms; i++)
		if (a->events[i].who == own->who) {
			after_ms = a->events[i].booked_ms;
			break;
		}
	for (i = a->at; i-- > a->from && a->events[i].booked_ms > before_ms;)
		if (!a->events[i].met && after_ms - a->events[i].booked_ms > within_ms &&
		    a->events[i].distinct < a->slot->rule.at_least)
			a->events[i].distinct++;
}

/* Transactions and money in the window of an event, and where it ends. */
struct span {
	uint32_t from, to;
	__int128 sum;
};

static void span_move(struct around *a, struct span *span, int64_t begin_ms)
{
	for (; span->from < a->count && a->events[span->from].booked_ms < begin_ms; span->from++)
		span->sum -= a->events[span->from].amount_minor;
	while (span->to < a->count && a->events[span->to].booked_ms - begin_ms <= a->slot->rule.within_ms)
		span->sum += a->events[span->to++].amount_minor;
}

/* Windows that are met now: all that they hold hits. */
static void meet(struct around *a)
{
	const struct link_rule *rule = &a->slot->rule;
	uint32_t first = a->from < a->key->open ? a->key->open : a->from, told = 0;
	struct span span;

	if (first > a->at)
		return;
	span.from = span.to = first_from(a->events, a->count, a->events[first].booked_ms, false);
	span.sum = 0;
	for (uint32_t i = first; i <= a->at; i++) {
		struct key_event *begin = &a->events[i];
		if (begin->met || begin->distinct < rule->at_least)
			continue;
		span_move(a, &span, begin->booked_ms);
		if (span.to - span.from < rule->count_least || span.sum < rule->sum_least_minor)
			continue;
		begin->met = true;
		a->key->met++;
		for (uint32_t j = span.from > told ? span.from : told; j < span.to; j++)
			complete(a, &a->events[j]);
		told = span.to;
	}
	while (a->key->open < a->count && a->events[a->key->open].met)
		a->key->open++;
}

static bool among_gone(const struct link_key *key, int64_t booked_ms)
{
	return booked_ms >= key->gone_from_ms && booked_ms <= key->gone_to_ms;
}

/* The new event itself, in a window that was met before. */
static void join(struct around *a)
{
	struct key_event *own = &a->events[a->at];

	if (among_gone(a->key, own->booked_ms))
		complete(a, own);
	for (uint32_t i = a->at + 1; a->key->met > 0 && own->completed_by == 0 && i-- > a->from;)
		if (a->events[i].met)
			complete(a, own);
}

/* The same event again: what it completed is said again, since the commit after it may have failed. */
static void again(struct around *a, uint32_t known)
{
	count(COUNT_LINK_KNOWN);
	for (uint32_t i = a->from; i < a->count && a->link->report != NULL; i++) {
		if (a->events[i].booked_ms - a->events[known].booked_ms > a->slot->rule.within_ms)
			break;
		if (a->events[i].completed_by != 0 && a->events[i].completed_by == a->events[known].put_by)
			tell(a->link, a->slot, a->key, &a->events[i]);
	}
}

static bool known(struct around *a, uint64_t id, int64_t booked_ms)
{
	for (uint32_t i = a->at; i-- > 0 && a->events[i].booked_ms == booked_ms;)
		if (a->events[i].id == id) {
			again(a, i);
			return true;
		}
	return false;
}

/* Opens a gap at a->at; false where the event has no place. */
static bool make_place(struct around *a, uint32_t key_at, const struct link_event *event, uint64_t id)
{
	uint32_t record;

	while (a->key->count >= a->link->limits.key_events_max || !grow(a->link, a->key)) {
		if (a->key->count == 0 || a->at == 0) {
			count(COUNT_LINK_KEY_FULL);
			return false; /* it is the oldest itself */
		}
		drop_oldest(a->link, a->slot, a->key);
		a->at--;
	}
	record = record_put(a->link, a->slot, key_at, &event->hit);
	if (record == 0) {
		count(COUNT_LINK_FORGOTTEN);
		return false;
	}
	a->events = events_of(a->link, a->key);
	memmove(a->events + a->at + 1, a->events + a->at, (a->key->count - a->at) * sizeof(*a->events));
	a->events[a->at] = (struct key_event){
		.booked_ms = event->hit.booked_ms, .id = id, .who = event->who, .record = record,
		.amount_minor = event->hit.amount_cny_minor > 0 ? event->hit.amount_cny_minor : 0,
		.put_by = a->link->head->sequence,
	};
	a->count = ++a->key->count;
	if (a->key->open > a->at)
		a->key->open = a->at;
	return true;
}

/* It found no room, but lies among hits that had to go before it. */
static void tell_homeless(struct around *a, const struct link_event *event)
{
	struct hit hit = event->hit;

	if (a->link->report != NULL && among_gone(a->key, hit.booked_ms))
		link_tell(a->link, a->slot, &hit, link_group(a->slot, a->key->key));
}

void keys_put(struct link *link, struct slot *slot, const struct link_event *event)
{
	uint32_t at = key_of(link, slot, event->key);
	struct around a = {.link = link, .slot = slot};
	uint64_t id;

	if (at == 0) {
		count(COUNT_LINK_FORGOTTEN);
		return;
	}
	memcpy(&id, event->hit.id, sizeof(id));
	a.key = cell(link, at);
	a.events = a.key->run != 0 ? events_of(link, a.key) : NULL;
	a.count = a.key->count;
	a.at = first_from(a.events, a.count, event->hit.booked_ms, true);
	a.from = first_from(a.events, a.count, event->hit.booked_ms - slot->rule.within_ms, false);
	if (known(&a, id, event->hit.booked_ms))
		return;
	touch_key(link, a.key);
	if (make_place(&a, at, event, id)) {
		a.from = first_from(a.events, a.count, event->hit.booked_ms - slot->rule.within_ms, false);
		count_own(&a);
		count_up(&a);
		meet(&a);
		join(&a);
	} else {
		tell_homeless(&a, event);
		if (a.key->count == 0)
			key_give(link, at);
	}
}

static int each(const struct link *link, bool full, keys_visit *visit, void *context)
{
	for (uint32_t i = 0; i < TABLE_KEYS; i++)
		for (uint32_t at = link->head->keys[i]; at != 0; at = ((struct link_key *)cell(link, at))->next) {
			const struct link_key *key = cell(link, at);
			const struct slot *slot = slot_find(link, key->serial);
			uint32_t count = slot == NULL || (full && key->gone_to_ms == INT64_MIN) ? 0 : full ? 1 : key->count;
			for (uint32_t j = 0; j < count; j++)
				if (visit(context, slot, key, &events_of(link, key)[j]) == -1)
					return -1;
		}
	return 0;
}

int keys_each(const struct link *link, keys_visit *visit, void *context)
{
	return each(link, false, visit, context);
}

int keys_each_full(const struct link *link, keys_visit *visit, void *context)
{
	return each(link, true, visit, context);
}

void keys_set_gone(struct link *link, const struct slot *slot, uint64_t hash, int64_t from_ms, int64_t to_ms)
{
	for (uint32_t at = slot != NULL ? *head_of(link, hash, slot->serial) : 0; at != 0;) {
		struct link_key *key = cell(link, at);
		if (key->key == hash && key->serial == slot->serial) {
			key->gone_from_ms = from_ms;
			key->gone_to_ms = to_ms;
		}
		at = key->next;
	}
}
