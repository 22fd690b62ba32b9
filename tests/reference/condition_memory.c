/*
 * Questions to the account's memory, by walking over all its transactions. The conditions of a set are asked
 * of each as they stand in the tree; the filter that the check made of them is not looked at.
 */
#include <stdlib.h>

#include "base/instant.h"
#include "tests/reference/condition.h"

struct asked {
	const struct reference_input *input;
	const struct tx *tx; /* the one of the history that is looked at */
	size_t at; /* its place */
};

/* The counterparty's account, or its folded name where there is none. */
static struct slice party(const struct tx *tx, char *room)
{
	if (tx->counterparty.account.length > 0)
		return tx->counterparty.account;
	return reference_folded(tx->counterparty.name, room);
}

static bool same_party(const struct tx *a, const struct tx *b)
{
	char room_a[8192], room_b[8192];
	struct slice x = party(a, room_a), y = party(b, room_b);

	return x.length > 0 && slice_equal(x, y);
}

static bool is_new(const struct asked *q)
{
	char room[8192];

	for (size_t i = 0; i < q->at; i++)
		if (same_party(&q->input->history[i], q->tx))
			return false;
	return party(q->tx, room).length > 0;
}

static __int128 amount(const struct reference_input *input, const struct tx *tx)
{
	return reference_amount(input, tx, tx->amount_minor).number;
}

/* What a name in the conditions of a set stands for; an hour in millionths, as literals are. */
static __int128 named(const struct asked *q, struct slice name)
{
	if (slice_is(name, "counterparty.kind"))
		return q->tx->counterparty.kind;
	if (slice_is(name, "channel"))
		return q->tx->channel;
	if (slice_is(name, "amount"))
		return amount(q->input, q->tx);
	return (__int128)instant_china_hour(q->tx->booked_ms) * 1000000;
}

static bool compared(const struct asked *q, const struct condition_node *n)
{
	bool turned = n->first->kind == CONDITION_LITERAL;
	const struct condition_node *name = turned ? n->first->next : n->first;
	const struct condition_node *other = turned ? n->first : n->first->next;
	__int128 a, b = other->value;

	if (slice_is(name->text, "counterparty")) {
		if (slice_is(other->text, "this"))
			return same_party(q->tx, q->input->tx);
		return slice_is(other->text, "new") ? is_new(q) : !is_new(q) && party(q->tx, (char[8192]){0}).length > 0;
	}
	if (other->kind == CONDITION_NAME) /* amount = this */
		return amount(q->input, q->tx) == amount(q->input, q->input->tx);
	a = named(q, name->text);
	if (turned) {
		__int128 swap = a;
		a = b;
		b = swap;
	}
	switch (n->sign) {
	case '=': return a == b;
	case SIGN_NOT_EQUAL: return a != b && named(q, name->text) != 0;
	case '<': return a < b;
	case SIGN_AT_MOST: return a <= b;
	case '>': return a > b;
	default: return a >= b;
	}
}

static bool is_in(const struct asked *q, const struct condition_node *n)
{
	__int128 value = named(q, n->first->text);
	bool found = false, word = slice_is(n->first->text, "counterparty.kind") || slice_is(n->first->text, "channel");

	for (const struct condition_node *item = n->first->next; item != NULL; item = item->next) {
		const struct condition_node *from = item->kind == CONDITION_RANGE ? item->first : item;
		const struct condition_node *to = item->kind == CONDITION_RANGE ? from->next : item;
		found = found || (value >= from->value && value <= to->value);
	}
	if (word && value == 0)
		return false;
	return found == (n->sign != '!');
}

static bool condition_of_set(const struct asked *q, const struct condition_node *n)
{
	if (n->kind == CONDITION_AND)
		return condition_of_set(q, n->first) && condition_of_set(q, n->first->next);
	return n->kind == CONDITION_IN ? is_in(q, n) : compared(q, n);
}

static bool in_set(const struct asked *q, const struct condition_node *set)
{
	uint8_t direction = q->tx->direction;

	if ((slice_is(set->text, "debits") && direction != TX_DEBIT) ||
	    (slice_is(set->text, "credits") && direction != TX_CREDIT))
		return false;
	for (const struct condition_node *n = set->first; n != NULL; n = n->next)
		if (!condition_of_set(q, n))
			return false;
	return true;
}

struct figures {
	__int128 count, sum, least, most, distinct, rising;
};

static bool counted_before(const struct reference_input *input, const struct condition_node *set, int64_t after_ms,
                           size_t at)
{
	for (size_t i = 0; i < at; i++) {
		struct asked q = {input, &input->history[i], i};
		if (q.tx->booked_ms > after_ms && in_set(&q, set) && same_party(q.tx, &input->history[at]))
			return true;
	}
	return false;
}

static struct figures figures_of(const struct reference_input *input, const struct condition_node *set,
                                 int64_t window_ms)
{
	int64_t after_ms = input->tx->booked_ms - window_ms;
	struct figures f = {0};
	char room[8192];

	for (size_t i = 0; i < input->history_count; i++) {
		struct asked q = {input, &input->history[i], i};
		__int128 minor = amount(input, q.tx);
		if (q.tx->booked_ms <= after_ms || !in_set(&q, set))
			continue;
		f.rising = f.count > 0 && minor > amount(input, &input->history[(size_t)f.least]) ? f.rising + 1 : 1;
		f.least = (__int128)i; /* for now: the place of the last one */
		f.distinct += party(q.tx, room).length > 0 && !counted_before(input, set, after_ms, i);
		f.count++;
		f.sum += minor;
	}
	if (f.count == 0 || (size_t)f.least + 1 != input->history_count)
		f.rising = 0;
	f.least = INT64_MAX;
	for (size_t i = 0; i < input->history_count; i++) {
		struct asked q = {input, &input->history[i], i};
		__int128 minor = amount(input, q.tx);
		if (q.tx->booked_ms <= after_ms || !in_set(&q, set))
			continue;
		f.least = minor < f.least ? minor : f.least;
		f.most = minor > f.most ? minor : f.most;
	}
	return f;
}

static const struct reference_value no_value = {.absent = true};

static struct reference_value micros(__int128 count)
{
	return reference_number(count * 1000000);
}

static struct reference_value window(const struct reference_input *input, const struct condition_node *call)
{
	const char *name = call->function->name;
	struct figures f = figures_of(input, call->first, (int64_t)call->first->next->value), all;
	struct condition_node whole = *call->first;

	if (strcmp(name, "count") == 0)
		return micros(f.count);
	if (strcmp(name, "distinct") == 0)
		return micros(f.distinct);
	if (strcmp(name, "rising") == 0)
		return micros(f.rising);
	if (strcmp(name, "sum") == 0)
		return reference_number(f.sum);
	if (strcmp(name, "share") == 0) {
		whole.first = NULL;
		all = figures_of(input, &whole, (int64_t)call->first->next->value);
		return all.sum == 0 ? no_value : reference_number(f.sum * 1000000 / all.sum);
	}
	if (f.count == 0)
		return no_value;
	if (strcmp(name, "avg") == 0)
		return reference_number(f.sum / f.count);
	return reference_number(strcmp(name, "min") == 0 ? f.least : f.most);
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* The smallest earlier amount that at least this share is not above. */
static struct reference_value percentile(const struct reference_input *input, const struct condition_node *call)
{
	uint8_t direction = slice_is(call->first->text, "debits") ? TX_DEBIT : TX_CREDIT;
	long percent = strtol((char[4]){call->text.at[1], call->text.length > 2 ? call->text.at[2] : '\0'}, NULL, 10);
	int64_t amounts[1024];
	long count = 0;

	for (size_t i = 0; i + 1 < input->history_count; i++)
		if (input->history[i].direction == direction)
			amounts[count++] = (int64_t)amount(input, &input->history[i]);
	if (count < 5)
		return no_value;
	qsort(amounts, (size_t)count, sizeof(*amounts), by_size);
	return reference_number(amounts[(count * percent + 99) / 100 - 1]);
}

/* Different parties of the set's direction whose first time in it lies in the window. */
static int64_t newcomers(const struct reference_input *input, const struct condition_node *call)
{
	int64_t after_ms = input->tx->booked_ms - (int64_t)call->first->next->value, n = 0;
	char room[8192];

	for (size_t i = 0; i < input->history_count; i++) {
		struct asked q = {input, &input->history[i], i};

		n += q.tx->booked_ms > after_ms && in_set(&q, call->first) && party(q.tx, room).length > 0 &&
		     !counted_before(input, call->first, INT64_MIN, i);
	}
	return n;
}

static struct slice subject(const struct tx *tx, uint8_t field, char *room)
{
	if (field == TX_PARTY_ACCOUNT_FIELD)
		return party(tx, room);
	return field == TX_PARTY_NAME_FIELD ? reference_folded(tx->counterparty.name, room) : tx_text(tx, field);
}

/* What came before in the same millisecond was before. */
static struct reference_value since(int64_t then_ms, int64_t now_ms)
{
	return reference_number(then_ms < now_ms ? (__int128)now_ms - then_ms : 1);
}

static struct reference_value first_seen(const struct reference_input *input, uint8_t field)
{
	char room[8192], room_now[8192];
	struct slice now = subject(input->tx, field, room_now);

	if (now.length == 0)
		return no_value;
	for (size_t i = 0; i + 1 < input->history_count; i++)
		if (slice_equal(subject(&input->history[i], field, room), now))
			return since(input->history[i].booked_ms, input->tx->booked_ms);
	return reference_number(0);
}

int64_t reference_some_days(int permille, int64_t window_ms)
{
	return (permille + window_ms / INSTANT_HOUR_MS) % 11;
}

int64_t reference_some_distance(const struct tx *tx)
{
	return tx->counterparty.name.length % 4 == 3 ? TX_ABSENT : tx->counterparty.name.length % 4;
}

unsigned reference_some_places(size_t history_count, bool neighbours, unsigned *elsewhere_r)
{
	unsigned count = (unsigned)(history_count + neighbours) % 8;

	*elsewhere_r = count / (neighbours ? 3 : 2);
	return count;
}

/* Provinces in the order of their codes, from 1. */
static unsigned province_number(int code)
{
	static const int codes[] = {11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41,
	                            42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63, 64, 65};

	for (unsigned i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i] == code)
			return i + 1;
	return 0;
}

uint32_t reference_some_provinces(size_t history_count)
{
	uint32_t zhejiang = UINT32_C(1) << province_number(33), fujian = UINT32_C(1) << province_number(35);
	const uint32_t some[] = {0, zhejiang, fujian, zhejiang | fujian, zhejiang | 1};

	return some[history_count % 5];
}

static int some_place(const struct reference_input *input, bool stayed)
{
	struct slice bank = input->history[input->history_count - 1].counterparty.bank;
	int code = reference_city_province(reference_bank_city(bank));
	uint32_t known = reference_some_provinces(input->history_count);

	if (bank.length == 0)
		return 0;
	if (stayed)
		return (known & UINT32_C(1) << province_number(code)) != 0;
	return known != 0 && known % 2 == 0 && (known & UINT32_C(1) << province_number(code)) == 0;
}

/* Of four at least; those that are missing are here, or neighbours elsewhere. */
static struct reference_value places(const struct reference_input *input, bool neighbours)
{
	unsigned elsewhere, count = reference_some_places(input->history_count, neighbours, &elsewhere);

	for (; count < 4; count++)
		elsewhere += neighbours;
	return reference_number((__int128)elsewhere * 1000000 / count);
}

static struct reference_value other(const struct reference_input *input, const struct condition_node *call)
{
	const char *name = call->function->name;
	const struct tx *last = &input->history[input->history_count - 1];

	if (call->first != NULL && call->first->type == VALUE_PERCENT)
		return micros(reference_some_days((int)(call->first->value / 1000), (int64_t)call->first->next->value));
	if (strcmp(name, "name_distance") == 0 || strcmp(name, "name_added") == 0)
		return reference_some_distance(last) == TX_ABSENT
		           ? no_value
		           : micros(reference_some_distance(last) + (strcmp(name, "name_added") == 0));
	if (strcmp(name, "name_disguised") == 0)
		return micros(reference_some_distance(last) == 1);
	if (strcmp(name, "name_stayed") == 0 || strcmp(name, "name_moved") == 0)
		return micros(some_place(input, strcmp(name, "name_stayed") == 0));
	if (strcmp(name, "firms_elsewhere") == 0 || strcmp(name, "neighbours_elsewhere") == 0)
		return places(input, strcmp(name, "neighbours_elsewhere") == 0);
	if (strcmp(name, "watched") == 0)
		return reference_number((__int128)last->booked_ms - input->history[0].booked_ms);
	return input->history_count < 2 ? no_value : reference_number((__int128)last->booked_ms - last[-1].booked_ms);
}

bool reference_memory_call(const struct reference_input *input, const struct condition_node *call,
                           struct reference_value *value_r)
{
	const char *name = call->function->name;
	bool set = call->first != NULL && call->first->kind == CONDITION_SET;
	bool first = strcmp(name, "known") == 0 || strcmp(name, "first_seen") == 0;
	bool more = strcmp(name, "name_distance") == 0 || strcmp(name, "name_added") == 0 ||
	            strcmp(name, "name_disguised") == 0 || strcmp(name, "drained_days") == 0 ||
	            strcmp(name, "watched") == 0 || strcmp(name, "idle") == 0 || strcmp(name, "firms_elsewhere") == 0 ||
	            strcmp(name, "neighbours_elsewhere") == 0 || strcmp(name, "name_stayed") == 0 ||
	            strcmp(name, "name_moved") == 0;

	if (!set && !first && !more)
		return false;
	*value_r = no_value;
	if (input->history_count == 0)
		return true;
	if (set)
		*value_r = strcmp(name, "p95") == 0         ? percentile(input, call)
		           : strcmp(name, "newcomers") == 0 ? micros(newcomers(input, call))
		                                            : window(input, call);
	else if (first)
		*value_r = first_seen(input, call->first->field);
	else
		*value_r = other(input, call);
	if (strcmp(name, "known") == 0 && !value_r->absent)
		value_r->number = value_r->number > 0;
	return true;
}
