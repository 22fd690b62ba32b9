#include "tests/reference/condition.h"

#include <stdlib.h>

#include "base/instant.h"
#include "base/money.h"
#include "base/utf8.h"
#include "fold/fold.h"
#include "pattern/rates.h"

struct value {
	bool absent;
	__int128 number; /* micros, fen, ms, a word's number, or 0 and 1 */
	struct slice text;
};

struct walk {
	const struct tx *tx;
	const int64_t *rates;
};

static const struct value nothing = {.absent = true};

static struct value number(__int128 n)
{
	return n > INT64_MAX || n <= INT64_MIN ? nothing : (struct value){.number = n};
}

static struct value money(const struct walk *w, int64_t minor)
{
	int64_t rate = w->tx->currency == MONEY_CNY ? 1000000 : w->rates[w->tx->currency];
	__int128 micros = minor;
	bool negative = minor < 0;

	if (minor == TX_ABSENT || rate == 0)
		return nothing;
	for (unsigned i = money_currency(w->tx->currency)->decimals; i < 6; i++)
		micros *= 10;
	micros = (negative ? -micros : micros) * rate / 1000000;
	micros = (micros + 5000) / 10000;
	if (micros > INT64_MAX)
		micros = INT64_MAX;
	return number(negative ? -micros : micros);
}

static struct value field(const struct walk *w, uint8_t f)
{
	const char *at = (const char *)w->tx + tx_fields[f].offset;
	struct value v = {0};

	switch (tx_fields[f].type) {
	case TX_TYPE_TEXT:
		v.text = tx_text(w->tx, f);
		v.absent = v.text.length == 0;
		return v;
	case TX_TYPE_MONEY: return money(w, *(const int64_t *)(const void *)at);
	case TX_TYPE_TIME: {
		int64_t ms = *(const int64_t *)(const void *)at;
		return ms == TX_ABSENT ? nothing : number(ms);
	}
	case TX_TYPE_DATE: {
		int32_t day = *(const int32_t *)(const void *)at;
		return day == TX_DAY_ABSENT ? nothing : number(((__int128)day * 24 - 8) * 3600000);
	}
	default: {
		uint8_t word = *(const uint8_t *)at;
		return word == 0 && f != TX_CURRENCY_FIELD ? nothing : number(word);
	}
	}
}

static struct value walk(const struct walk *w, const struct condition_node *n);

static bool contains(struct slice text, struct slice part)
{
	char folded[FOLD_BYTES_MAX];
	ptrdiff_t length = fold_text(text.at, text.length, folded, sizeof(folded));

	for (ptrdiff_t i = 0; i + (ptrdiff_t)part.length <= length; i++)
		if (memcmp(folded + i, part.at, part.length) == 0)
			return true;
	return false;
}

static bool text_call(const char *name, struct slice text, struct slice part)
{
	if (strcmp(name, "contains") == 0)
		return contains(text, part);
	if (part.length > text.length)
		return false;
	return memcmp(name[0] == 's' ? text.at : text.at + text.length - part.length, part.at, part.length) == 0;
}

static struct value calendar(const char *name, __int128 ms)
{
	int year, month, day;

	instant_civil(instant_china_day((int64_t)ms), &year, &month, &day);
	if (strcmp(name, "hour") == 0)
		return number((__int128)instant_china_hour((int64_t)ms) * 1000000);
	if (strcmp(name, "weekday") == 0)
		return number((__int128)instant_china_weekday((int64_t)ms) * 1000000);
	return number((__int128)(strcmp(name, "day") == 0 ? day : month) * 1000000);
}

static struct value round_to(__int128 a, __int128 unit)
{
	bool negative = a < 0;
	__int128 size = negative ? -a : a, rounded = (size + unit / 2) / unit * unit;

	return number(negative ? -rounded : rounded);
}

static struct value call(const struct walk *w, const struct condition_node *n)
{
	const char *name = n->function->name;
	struct value first = walk(w, n->first);

	if (strcmp(name, "present") == 0)
		return number(!(n->first->type == VALUE_MONEY ? *(const int64_t *)(const void *)((const char *)w->tx +
			tx_fields[n->first->field].offset) == TX_ABSENT : first.absent));
	if (strcmp(name, "contains") == 0 && first.absent)
		return number(0);
	if (first.absent)
		return nothing;
	if (strcmp(name, "age") == 0)
		return number((__int128)w->tx->booked_ms - first.number);
	if (strcmp(name, "length") == 0)
		return number((__int128)utf8_count(first.text) * 1000000);
	if (strcmp(name, "round_to") == 0)
		return round_to(first.number, n->first->next->value);
	if (strcmp(name, "is_round") == 0)
		return number(first.number % n->first->next->value == 0);
	if (n->first->type == VALUE_TIME)
		return calendar(name, first.number);
	for (const struct condition_node *a = n->first->next; a != NULL; a = a->next)
		if (text_call(name, first.text, a->text))
			return number(1);
	return number(0);
}

static struct value arithmetic(int sign, struct value a, struct value b)
{
	if (a.absent || b.absent)
		return nothing;
	switch (sign) {
	case '+': return number(a.number + b.number);
	case '-': return number(a.number - b.number);
	case '*': return number(a.number * b.number / 1000000);
	default: return b.number == 0 ? nothing : number(a.number * 1000000 / b.number);
	}
}

static struct value compare(const struct condition_node *n, struct value a, struct value b)
{
	if (a.absent || b.absent)
		return nothing;
	if (n->first->type == VALUE_TEXT)
		return number(slice_equal(a.text, b.text) == (n->sign == '='));
	switch (n->sign) {
	case '=': return number(a.number == b.number);
	case SIGN_NOT_EQUAL: return number(a.number != b.number);
	case '<': return number(a.number < b.number);
	case SIGN_AT_MOST: return number(a.number <= b.number);
	case '>': return number(a.number > b.number);
	default: return number(a.number >= b.number);
	}
}

static struct value in(const struct walk *w, const struct condition_node *n)
{
	struct value v = walk(w, n->first);
	bool found = false;

	if (v.absent)
		return nothing;
	for (const struct condition_node *item = n->first->next; item != NULL; item = item->next) {
		if (item->kind == CONDITION_RANGE)
			found = found || (v.number >= item->first->value && v.number <= item->first->next->value);
		else if (item->type == VALUE_TEXT)
			found = found || slice_equal(v.text, item->text);
		else
			found = found || v.number == item->value;
	}
	return number(found == (n->sign != '!'));
}

/* Kleene's logic. */
static struct value logic(const struct walk *w, const struct condition_node *n)
{
	struct value a = walk(w, n->first), b = walk(w, n->first->next);
	int decides = n->kind == CONDITION_AND ? 0 : 1;

	if ((!a.absent && a.number == decides) || (!b.absent && b.number == decides))
		return number(decides);
	return a.absent || b.absent ? nothing : number(!decides);
}

static struct value walk(const struct walk *w, const struct condition_node *n)
{
	struct value v;

	switch (n->kind) {
	case CONDITION_LITERAL: return number(n->value);
	case CONDITION_STRING: return (struct value){.text = n->text};
	case CONDITION_FIELD: return field(w, n->field);
	case CONDITION_CALL: return call(w, n);
	case CONDITION_ARITHMETIC: return arithmetic(n->sign, walk(w, n->first), walk(w, n->first->next));
	case CONDITION_COMPARE: return compare(n, walk(w, n->first), walk(w, n->first->next));
	case CONDITION_IN: return in(w, n);
	case CONDITION_AND: case CONDITION_OR: return logic(w, n);
	case CONDITION_NOT:
		v = walk(w, n->first);
		return v.absent ? nothing : number(!v.number);
	case CONDITION_NEGATE:
		v = walk(w, n->first);
		return v.absent ? nothing : number(-v.number);
	default: abort();
	}
}

int reference_condition(const struct condition_node *root, const struct tx *tx, const int64_t *rates)
{
	struct walk w = {tx, rates};
	struct value v = walk(&w, root);

	return v.absent ? -1 : (int)v.number;
}
