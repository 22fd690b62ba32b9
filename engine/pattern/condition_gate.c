/*
 * The gate of a condition (gate.h), from its checked tree: what must be so for it to be a yes, or a no.
 *
 * `and` narrows, `or` widens, `not` asks the other way round; a question about anything else lets everything
 * through. A comparison that is answered either way had its value, so absent is left out of both.
 */
#include "base/money.h"
#include "base/tx.h"
#include "pattern/condition.h"
#include "pattern/gate_rows.h"
#include "pattern/sequence.h"

enum { HOURS = 24 };

struct test {
	const struct condition_node *value; /* what is compared */
	const struct condition_node *items; /* with what: a LITERAL, or the items of an IN */
	int sign; /* of a comparison, the value on its left */
	bool wanted;
};

static int opposite(int sign)
{
	switch (sign) {
	case '=': return SIGN_NOT_EQUAL;
	case SIGN_NOT_EQUAL: return '=';
	case '<': return SIGN_AT_LEAST;
	case SIGN_AT_LEAST: return '<';
	case '>': return SIGN_AT_MOST;
	default: return '>';
	}
}

static struct program_range range_of(int sign, int64_t value)
{
	switch (sign) {
	case '=': return (struct program_range){value, value, false};
	case '<': return (struct program_range){INT64_MIN, value - 1, false};
	case SIGN_AT_MOST: return (struct program_range){INT64_MIN, value, false};
	case '>': return (struct program_range){value + 1, INT64_MAX, false};
	case SIGN_AT_LEAST: return (struct program_range){value, INT64_MAX, false};
	default: return (struct program_range){INT64_MIN, INT64_MAX, false};
	}
}

static struct program_range item_range(const struct condition_node *item)
{
	const struct condition_node *from = item->kind == CONDITION_RANGE ? item->first : item;
	const struct condition_node *to = item->kind == CONDITION_RANGE ? from->next : item;

	return (struct program_range){(int64_t)from->value, (int64_t)to->value, false};
}

/* The least and the most that the value may be. */
static struct program_range bounds(const struct test *t)
{
	struct program_range all, one;

	if (t->sign != 0)
		return range_of(t->wanted ? t->sign : opposite(t->sign), (int64_t)t->items->value);
	if (!t->wanted)
		return (struct program_range){INT64_MIN, INT64_MAX, false};
	all = item_range(t->items);
	for (const struct condition_node *item = t->items->next; item != NULL; item = item->next) {
		one = item_range(item);
		all.from = one.from < all.from ? one.from : all.from;
		all.to = one.to > all.to ? one.to : all.to;
	}
	return all;
}

static bool passes(const struct test *t, int64_t value)
{
	struct program_range range;
	bool in = false;

	if (t->sign != 0) {
		range = range_of(t->sign, (int64_t)t->items->value);
		in = t->sign == SIGN_NOT_EQUAL ? value != t->items->value : value >= range.from && value <= range.to;
	}
	for (const struct condition_node *item = t->items; item != NULL && t->sign == 0; item = item->next) {
		range = item_range(item);
		in = in || (value >= range.from && value <= range.to);
	}
	return in == t->wanted;
}

/* Those of the values 0 × unit, 1 × unit … that pass, as bits. */
static uint32_t passing(const struct test *t, uint32_t first, uint32_t count, int64_t unit)
{
	uint32_t bits = 0;

	for (uint32_t i = first; i < count; i++)
		if (passes(t, (int64_t)i * unit))
			bits |= UINT32_C(1) << i;
	return bits;
}

/* The money of no other country passes, or only that. */
static void gate_currency(const struct test *t, struct program_gate *gate)
{
	bool foreign = false;

	for (int i = 0; i <= UINT8_MAX; i++)
		foreign = foreign || (i != MONEY_CNY && passes(t, i));
	gate->lacks |= foreign ? 0 : GATE_FOREIGN;
	gate->has |= passes(t, MONEY_CNY) ? 0 : GATE_FOREIGN;
}

static void gate_field(const struct test *t, struct program_gate *gate)
{
	switch (t->value->field) {
	case TX_DIRECTION_FIELD: gate->directions &= (uint8_t)passing(t, 1, TX_CREDIT + 1, 1); break;
	case TX_PARTY_KIND_FIELD: gate->kinds &= (uint8_t)passing(t, 1, TX_UNKNOWN + 1, 1); break;
	case TX_CHANNEL_FIELD: gate->channels &= (uint16_t)passing(t, 1, TX_OTHER + 1, 1); break;
	case TX_CURRENCY_FIELD: gate_currency(t, gate); break;
	case TX_AMOUNT_FIELD: gate->amount = bounds(t); break;
	default: break;
	}
}

/* new: the first time is this one. */
static uint8_t novelty(const struct test *t)
{
	struct program_range range = bounds(t);

	return (uint8_t)((passes(t, 0) ? GATE_NEW : 0) | (range.to > 0 ? GATE_KNOWN : 0));
}

static int64_t rest_of(__int128 taken)
{
	__int128 rest = VALUE_MICROS - taken;

	return rest > INT64_MAX ? INT64_MAX : rest < INT64_MIN ? INT64_MIN : (int64_t)rest;
}

/*
 * What a debit leaves is what it does not take; the share is cut off to millionths. The account's memory knows less
 * of it than the condition: nothing of a late transaction, and no balance below zero.
 */
static struct program_range left(const struct test *t)
{
	struct program_range taken = bounds(t), left = {rest_of((__int128)taken.to + 1), rest_of(taken.from), true};

	if (left.to < 0)
		left.to = 0;
	return left;
}

/*
 * span(step) and gap(step, other) of a sequence: the account must have been in memory for as long. How long it was at
 * most says nothing.
 */
static struct program_range watched_for(const struct test *t)
{
	struct program_range range = bounds(t);

	return range.from > 0 ? (struct program_range){range.from, INT64_MAX, false} : program_gate_open().watched;
}

/* count(…) and distinct(…) in any window: there must be as many. */
static uint8_t events_for(const struct test *t)
{
	int64_t from = bounds(t).from;

	if (from <= 0)
		return 0;
	return from > (GATE_EVENTS_MOST - 1) * VALUE_MICROS ? GATE_EVENTS_MOST : (uint8_t)((from - 1) / VALUE_MICROS + 1);
}

static void gate_function(const struct test *t, struct program_gate *gate)
{
	const struct condition_function *function = t->value->function;
	const struct condition_node *of = t->value->first;

	if (function->code == OP_HOUR && of->field == TX_BOOKED_AT_FIELD)
		gate->hours = passing(t, 0, HOURS, VALUE_MICROS);
	else if (function->code == OP_IDLE)
		gate->idle = bounds(t);
	else if (function->code == OP_WINDOW && (function->part == FIGURE_COUNT || function->part == FIGURE_DISTINCT))
		gate->events = events_for(t);
	else if (function->code == OP_WATCHED)
		gate->watched = bounds(t);
	else if (function->code == OP_STEP && (t->value->sign == SEQUENCE_SPAN || t->value->sign == SEQUENCE_GAP))
		gate->watched = watched_for(t);
	else if (function->code == OP_EMPTIED)
		gate->left = left(t);
	else if (function->code == OP_ANSWER && function->part == QUESTION_FIRST_SEEN &&
	         of->field == TX_PARTY_ACCOUNT_FIELD) {
		gate->novelty = novelty(t);
		gate->met = bounds(t);
	}
	if (function->code == OP_EMPTIED) /* absent for a credit */
		gate->directions &= 1 << TX_DEBIT;
}

static struct program_gate gate_test(const struct condition_node *node, bool wanted)
{
	struct program_gate gate = program_gate_open();
	struct test t = {.value = node->first, .items = node->first->next, .wanted = wanted};

	if (node->kind == CONDITION_COMPARE) {
		t.sign = node->sign;
		if (t.value->kind == CONDITION_LITERAL) {
			t = (struct test){t.items, t.value, condition_sign_mirrored(node->sign), wanted};
		}
		if (t.items->kind != CONDITION_LITERAL)
			return gate;
	} else if (node->sign == '!') {
		t.wanted = !wanted;
	}
	if (t.value->kind == CONDITION_FIELD && t.value->type != VALUE_TEXT)
		gate_field(&t, &gate);
	else if (t.value->kind == CONDITION_CALL && t.items->kind != CONDITION_STRING)
		gate_function(&t, &gate);
	return gate;
}

/* 0: it has no bit of GATE_SAID. */
static uint8_t said_bit(uint8_t field)
{
	switch (field) {
	case TX_PURPOSE_FIELD: return GATE_PURPOSE;
	case TX_REMARK_FIELD: return GATE_REMARK;
	case TX_PARTY_NAME_FIELD: return GATE_PARTY_NAME;
	case TX_PARTY_ACCOUNT_FIELD: return GATE_PARTY_ACCOUNT;
	case TX_PARTY_BANK_FIELD: return GATE_PARTY_BANK;
	case TX_BALANCE_FIELD: return GATE_BALANCE;
	default: return 0;
	}
}

static struct program_gate gate_present(const struct condition_node *call, bool wanted)
{
	struct program_gate gate = program_gate_open();
	uint16_t bits = wanted ? (uint16_t)~1u : 1;

	switch (call->first->field) {
	case TX_DIRECTION_FIELD: gate.directions &= (uint8_t)bits; break;
	case TX_PARTY_KIND_FIELD: gate.kinds &= (uint8_t)bits; break;
	case TX_CHANNEL_FIELD: gate.channels &= bits; break;
	default:
		gate.has |= wanted ? said_bit(call->first->field) : 0;
		gate.lacks |= wanted ? 0 : said_bit(call->first->field);
	}
	return gate;
}

/* known(counterparty.account) and present() stand alone. */
static struct program_gate gate_call(const struct condition_node *call, bool wanted)
{
	struct program_gate gate = program_gate_open();

	if (call->function->code == OP_PRESENT)
		return gate_present(call, wanted);
	if (call->function->code == OP_ANSWER && call->first != NULL && call->first->field == TX_PARTY_ACCOUNT_FIELD)
		gate.novelty = wanted ? GATE_KNOWN : GATE_NEW;
	return gate;
}

static struct program_gate gate_sides(const struct condition_node *node, bool wanted)
{
	struct program_gate a = condition_gate(node->first, wanted), b = condition_gate(node->first->next, wanted);

	return (node->kind == CONDITION_AND) == wanted ? program_gate_both(&a, &b) : program_gate_either(&a, &b);
}

struct program_gate condition_gate(const struct condition_node *node, bool wanted)
{
	switch (node->kind) {
	case CONDITION_AND: case CONDITION_OR: return gate_sides(node, wanted);
	case CONDITION_NOT: return condition_gate(node->first, !wanted);
	case CONDITION_COMPARE: case CONDITION_IN: return gate_test(node, wanted);
	case CONDITION_CALL: return gate_call(node, wanted);
	default: return program_gate_open();
	}
}

enum { ASKS_MORE = 1 << GATE_PLACES };

static uint32_t asks_field(uint8_t field)
{
	switch (field) {
	case TX_DIRECTION_FIELD: return 1u << GATE_DIRECTION;
	case TX_PARTY_KIND_FIELD: return 1u << GATE_KIND;
	case TX_CHANNEL_FIELD: return 1u << GATE_CHANNEL;
	default: return ASKS_MORE;
	}
}

/* The words that the tree asks for, as bits of their places. */
static uint32_t asks(const struct condition_node *node)
{
	uint32_t places = 0;

	switch (node->kind) {
	case CONDITION_LITERAL: case CONDITION_RANGE: return 0;
	case CONDITION_FIELD: return asks_field(node->field);
	case CONDITION_CALL: return node->function->code == OP_PRESENT ? asks_field(node->first->field) : ASKS_MORE;
	case CONDITION_COMPARE:
		if (node->first->kind == CONDITION_LITERAL ? node->first->next->kind != CONDITION_FIELD
		                                           : node->first->next->kind != CONDITION_LITERAL)
			return ASKS_MORE;
		break;
	case CONDITION_IN: case CONDITION_NOT: case CONDITION_AND: case CONDITION_OR: break;
	default: return ASKS_MORE;
	}
	for (const struct condition_node *child = node->first; child != NULL; child = child->next)
		places |= asks(child);
	return places;
}

uint8_t condition_gated(const struct condition_node *node)
{
	uint32_t places = asks(node);

	return places < ASKS_MORE && (places & (places - 1)) == 0 ? (uint8_t)places : 0;
}
