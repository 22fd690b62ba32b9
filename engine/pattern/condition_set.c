/*
 * Sets of the account's transactions: `debits where counterparty.kind = person and amount >= 1万` becomes a
 * struct profile_filter. Its conditions are constants, so that the account's memory can count them as they
 * come; what may stand there is the table `narrows`, a line a name.
 */
#include <stdio.h>

#include "pattern/condition.h"

enum { HOURS = 24 };

/* One condition of a set: the name with what stands on its other side. */
struct narrowing {
	struct condition_context *context;
	struct profile_filter *filter;
	const struct condition_node *condition, *name;
	struct condition_node *items; /* what it is compared with; of an IN the first item */
	int sign; /* 0: IN */
	bool negated; /* `not in` */
};

static const struct {
	const char *name;
	uint8_t directions;
} sets[] = {
	{"debits", 1 << TX_DEBIT}, {"credits", 1 << TX_CREDIT}, {"all", 1 << TX_DEBIT | 1 << TX_CREDIT},
};

bool condition_is_set(struct slice name)
{
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		if (slice_is(name, sets[i].name))
			return true;
	return false;
}

static int excludes(const struct narrowing *n)
{
	return complain(n->context->complaint, n->condition->from,
	                "no transaction can be in this set; its conditions exclude each other");
}

static int wrong_sign(const struct narrowing *n, const char *expected)
{
	return complain(n->context->complaint, n->condition->from, "found `%.*s`; expected %s in the conditions of a set",
	                CONDITION_QUOTED(n->condition), expected);
}

/* Words as bits 1 << word: those of the condition, or all others. */
static int word_bits(const struct narrowing *n, uint8_t field, uint32_t all, uint32_t *bits)
{
	uint32_t found = 0;

	if (n->sign != 0 && n->sign != '=' && n->sign != SIGN_NOT_EQUAL)
		return wrong_sign(n, "=, != or in");
	for (struct condition_node *item = n->items; item != NULL; item = n->sign == 0 ? item->next : NULL) {
		if (item->kind != CONDITION_LITERAL && item->kind != CONDITION_NAME && item->kind != CONDITION_STRING)
			return complain(n->context->complaint, item->from, "found `%.*s`; expected a word of %s",
			                CONDITION_QUOTED(item), tx_fields[field].name);
		if (item->type != VALUE_WORD && item->kind == CONDITION_LITERAL)
			return complain(n->context->complaint, item->from, "`%.*s` is %s; expected a word of %s",
			                CONDITION_QUOTED(item), condition_type_words(item->type), tx_fields[field].name);
		if (item->kind != CONDITION_LITERAL && condition_check_word(n->context, item, field) == -1)
			return -1;
		found |= UINT32_C(1) << item->value;
	}
	if (n->sign == SIGN_NOT_EQUAL || n->negated)
		found = all & ~found;
	*bits = (*bits == 0 ? all : *bits) & found;
	return *bits == 0 ? excludes(n) : 0;
}

static int narrow_kind(const struct narrowing *n)
{
	uint32_t bits = n->filter->kinds;

	if (word_bits(n, TX_PARTY_KIND_FIELD, 0x3e, &bits) == -1)
		return -1;
	n->filter->kinds = (uint8_t)bits;
	return 0;
}

static int narrow_channel(const struct narrowing *n)
{
	uint32_t bits = n->filter->channels;

	if (word_bits(n, TX_CHANNEL_FIELD, 0x3fe, &bits) == -1)
		return -1;
	n->filter->channels = (uint16_t)bits;
	return 0;
}

/* A whole hour of the day. */
static int hour_of(const struct narrowing *n, struct condition_node *node, int *hour_r)
{
	if (condition_check_node(n->context, node) == -1)
		return -1;
	if (node->kind != CONDITION_LITERAL || node->type != VALUE_NUMBER || node->value % VALUE_MICROS != 0 ||
	    node->value < 0 || node->value >= HOURS * VALUE_MICROS)
		return complain(n->context->complaint, node->from, "found `%.*s`; expected an hour from 0 to 23",
		                CONDITION_QUOTED(node));
	*hour_r = (int)(node->value / VALUE_MICROS);
	return 0;
}

static uint32_t hours_between(int from, int to)
{
	uint32_t bits = 0;

	for (int hour = from; hour <= to && hour < HOURS; hour++)
		if (hour >= 0)
			bits |= UINT32_C(1) << hour;
	return bits;
}

static uint32_t hours_compared(int sign, int hour)
{
	switch (sign) {
	case '<': return hours_between(0, hour - 1);
	case SIGN_AT_MOST: return hours_between(0, hour);
	case '>': return hours_between(hour + 1, HOURS);
	case SIGN_AT_LEAST: return hours_between(hour, HOURS);
	case SIGN_NOT_EQUAL: return hours_between(0, HOURS) & ~hours_between(hour, hour);
	default: return hours_between(hour, hour);
	}
}

static int narrow_hour(const struct narrowing *n)
{
	uint32_t bits = 0;
	int from, to;

	for (struct condition_node *item = n->items; item != NULL; item = n->sign == 0 ? item->next : NULL) {
		struct condition_node *first = item->kind == CONDITION_RANGE ? item->first : item;
		struct condition_node *last = item->kind == CONDITION_RANGE ? first->next : item;
		if (hour_of(n, first, &from) == -1 || hour_of(n, last, &to) == -1)
			return -1;
		if (from > to)
			return complain(n->context->complaint, item->from,
			                "a range that goes backwards; write the smaller end first, "
			                "or two ranges (22..23, 0..5)");
		bits |= n->sign == 0 ? hours_between(from, to) : hours_compared(n->sign, from);
	}
	if (n->negated)
		bits = hours_between(0, HOURS) & ~bits;
	n->filter->hours = (n->filter->hours == 0 ? hours_between(0, HOURS) : n->filter->hours) & bits;
	return n->filter->hours == 0 ? excludes(n) : 0;
}

static int amount_of(const struct narrowing *n, struct condition_node *node, int64_t *minor_r)
{
	if (condition_check_node(n->context, node) == -1)
		return -1;
	if (node->kind == CONDITION_LITERAL && node->bare && condition_literal_money(n->context, node) == -1)
		return -1;
	if (node->kind != CONDITION_LITERAL || node->type != VALUE_MONEY)
		return complain(n->context->complaint, node->from, "found `%.*s`; expected an amount written out, or `this`",
		                CONDITION_QUOTED(node));
	*minor_r = (int64_t)node->value;
	return 0;
}

static int narrow_amount(const struct narrowing *n)
{
	struct condition_node *from = n->items, *to = n->items;
	struct profile_filter *filter = n->filter;
	int64_t least, most;

	if (n->sign == '=' && from->kind == CONDITION_NAME && slice_is(from->text, "this")) {
		filter->same_amount = true;
		return 0;
	}
	if (n->sign == SIGN_NOT_EQUAL || n->negated || (n->sign == 0 && from->next != NULL))
		return wrong_sign(n, "one comparison or one range of the amount");
	if (from->kind == CONDITION_RANGE) {
		to = from->first->next;
		from = from->first;
	}
	if (amount_of(n, from, &least) == -1 || amount_of(n, to, &most) == -1)
		return -1;
	if (n->sign == '<' || n->sign == SIGN_AT_MOST) {
		most -= n->sign == '<';
		least = INT64_MIN;
	} else if (n->sign == '>' || n->sign == SIGN_AT_LEAST) {
		least += n->sign == '>';
		most = INT64_MAX;
	}
	if (!filter->has_amounts || least > filter->amount_from_minor)
		filter->amount_from_minor = least;
	if (!filter->has_amounts || most < filter->amount_to_minor)
		filter->amount_to_minor = most;
	filter->has_amounts = true;
	return filter->amount_from_minor > filter->amount_to_minor ? excludes(n) : 0;
}

static int narrow_party(const struct narrowing *n)
{
	const struct condition_node *what = n->items;
	bool named = n->sign == '=' && what->kind == CONDITION_NAME;
	uint8_t novelty = 0;

	if (named && slice_is(what->text, "this")) {
		n->filter->same_party = true;
		return 0;
	}
	if (named && slice_is(what->text, "new"))
		novelty = 1;
	else if (named && slice_is(what->text, "known"))
		novelty = 2;
	else
		return complain(n->context->complaint, n->condition->from,
		                "found `%.*s`; expected counterparty = this, counterparty = new or counterparty = known",
		                CONDITION_QUOTED(n->condition));
	if (n->filter->novelty != 0 && n->filter->novelty != novelty)
		return excludes(n);
	n->filter->novelty = novelty;
	return 0;
}

static const struct {
	const char *name;
	int (*narrow)(const struct narrowing *n);
} narrows[] = {
	{"counterparty.kind", narrow_kind}, {"channel", narrow_channel}, {"hour", narrow_hour},
	{"amount", narrow_amount}, {"counterparty", narrow_party},
};

enum { NARROW_COUNT = sizeof(narrows) / sizeof(narrows[0]) };

static const char *name_at(int i)
{
	return narrows[i].name;
}

static int unknown_condition(struct condition_context *context, const struct condition_node *node)
{
	const char *nearest = node->kind == CONDITION_NAME ? yaml_nearest(node->text, name_at, NARROW_COUNT) : NULL;
	char hint[64] = "";

	if (nearest == NULL && node->kind == CONDITION_NAME && slice_is(node->text, "kind"))
		nearest = "counterparty.kind";
	if (nearest != NULL)
		snprintf(hint, sizeof(hint), " (did you mean `%s`?)", nearest);
	return complain(context->complaint, node->from,
	                "found `%.*s`; the conditions of a set may ask counterparty.kind, channel, hour, amount and "
	                "counterparty = this, new or known%s",
	                CONDITION_QUOTED(node), hint);
}

/* hour(booked_at) is taken for `hour`. */
static bool is_named(const struct condition_node *node, const char *name)
{
	if (node->kind == CONDITION_FIELD)
		return slice_is(node->text, name);
	return (node->kind == CONDITION_NAME || (node->kind == CONDITION_CALL && strcmp(name, "hour") == 0)) &&
	       slice_is(node->text, name);
}

static int narrow(struct condition_context *context, struct profile_filter *filter, struct condition_node *node);

static int narrow_sides(struct condition_context *context, struct profile_filter *filter,
                        struct condition_node *node)
{
	struct narrowing n = {context, filter, node, node->first, node->first->next,
	                      node->kind == CONDITION_COMPARE ? node->sign : 0,
	                      node->kind == CONDITION_IN && node->sign == '!'};

	for (int turn = 0; turn < (n.sign != 0 ? 2 : 1); turn++) {
		for (int i = 0; i < NARROW_COUNT; i++)
			if (is_named(n.name, narrows[i].name))
				return narrows[i].narrow(&n);
		n.name = node->first->next;
		n.items = node->first;
		n.sign = condition_sign_mirrored(n.sign);
	}
	return unknown_condition(context, node->first);
}

static int narrow(struct condition_context *context, struct profile_filter *filter, struct condition_node *node)
{
	switch (node->kind) {
	case CONDITION_COMPARE: case CONDITION_IN: return narrow_sides(context, filter, node);
	case CONDITION_AND: /* 1万 <= amount < 5万 */
		return narrow(context, filter, node->first) == -1 ? -1 : narrow(context, filter, node->first->next);
	default: return unknown_condition(context, node);
	}
}

static int unknown_set(struct condition_context *context, const struct condition_node *set)
{
	return complain(context->complaint, set->from,
	                "`%.*s` is no set of transactions; expected debits, credits or all", SLICE_PRINT(set->text));
}

int condition_check_set(struct condition_context *context, struct condition_node *set)
{
	struct profile_filter *filter;

	if (set->filter != NULL)
		return 0; /* seen before: a comparison of three shares its middle */
	if (!condition_is_set(set->text))
		return unknown_set(context, set);
	filter = arena_take(context->arena, sizeof(*filter));
	if (filter == NULL)
		die("out of memory: the patterns are larger than their arena");
	*filter = (struct profile_filter){0};
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		if (slice_is(set->text, sets[i].name))
			filter->directions = sets[i].directions;
	for (struct condition_node *node = set->first; node != NULL; node = node->next)
		if (narrow(context, filter, node) == -1)
			return -1;
	set->kind = CONDITION_SET;
	set->type = VALUE_SET;
	set->filter = filter;
	return 0;
}
