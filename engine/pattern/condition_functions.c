/*
 * What a condition can ask beside fields, a line each. The instruction gets the arguments in order; functions
 * whose argument is a name of their own kind (`age(account)`) or must be written out (`contains(remark,
 * '…')`) check it themselves and leave it where condition_emit.c expects it.
 */
#include <stdio.h>
#include <stdlib.h>

#include "fold/fold.h"
#include "pattern/condition.h"

enum { NEEDLE_BYTES_MAX = 512 };

static int argument_count(struct condition_context *context, const struct condition_node *call,
                          unsigned least, unsigned most)
{
	unsigned count = 0;

	for (const struct condition_node *a = call->first; a != NULL; a = a->next)
		count++;
	if (count >= least && count <= most)
		return 0;
	return complain(context->complaint, call->from, "%u argument%s; expected %s", count, count == 1 ? "" : "s",
	                call->function->usage);
}

static void become_field(struct condition_node *node, uint8_t field)
{
	node->kind = CONDITION_FIELD;
	node->field = field;
	node->type = VALUE_TIME;
}

/* age(account) and age(credential): from that day or moment to the booking. */
static int check_age(struct condition_context *context, struct condition_node *call)
{
	struct condition_node *of = call->first;

	if (argument_count(context, call, 1, 1) == -1)
		return -1;
	if (of->kind == CONDITION_FIELD)
		return 0; /* seen before: a comparison of three shares its middle */
	if (of->kind == CONDITION_NAME && slice_is(of->text, "account"))
		become_field(of, TX_OPENED_ON_FIELD);
	else if (of->kind == CONDITION_NAME && slice_is(of->text, "credential"))
		become_field(of, TX_CREDENTIAL_FIELD);
	else
		return complain(context->complaint, of->from, "found `%.*s`; expected `account` or `credential`",
		                (int)(of->to - of->from), context->text.at + of->from);
	return 0;
}

static int check_present(struct condition_context *context, struct condition_node *call)
{
	if (argument_count(context, call, 1, 1) == -1 || condition_check_node(context, call->first) == -1)
		return -1;
	if (call->first->kind != CONDITION_FIELD)
		return complain(context->complaint, call->first->from, "expected a field: %s", call->function->usage);
	return 0;
}

/* Of a text field, and texts written out: contains(remark, 'a', 'b'). */
static int check_texts(struct condition_context *context, struct condition_node *call)
{
	if (argument_count(context, call, 2, 16) == -1 || condition_check_node(context, call->first) == -1)
		return -1;
	if (call->first->kind != CONDITION_FIELD || call->first->type != VALUE_TEXT)
		return complain(context->complaint, call->first->from, "expected a text field: %s", call->function->usage);
	for (struct condition_node *a = call->first->next; a != NULL; a = a->next)
		if (a->kind != CONDITION_STRING)
			return complain(context->complaint, a->from, "expected a text in quotes: %s", call->function->usage);
		else if (a->text.length == 0)
			return complain(context->complaint, a->from, "an empty text is in every text");
		else
			a->type = VALUE_TEXT;
	return 0;
}

static int check_contains(struct condition_context *context, struct condition_node *call)
{
	char folded[NEEDLE_BYTES_MAX];

	if (check_texts(context, call) == -1)
		return -1;
	for (struct condition_node *a = call->first->next; a != NULL; a = a->next) {
		ptrdiff_t length = fold_text(a->text.at, a->text.length, folded, sizeof(folded));
		if (length < 0)
			return complain(context->complaint, a->from, "too long a text; at most %d bytes", NEEDLE_BYTES_MAX);
		if (length == 0)
			return complain(context->complaint, a->from, "folding drops all of this text, so it is in every text");
		a->text = arena_copy(context->arena, (struct slice){folded, (uint32_t)length});
	}
	return 0;
}

/* ROUND functions: the unit must be a positive constant. */
static int check_unit(struct condition_context *context, struct condition_node *call)
{
	struct condition_node *unit;

	if (argument_count(context, call, 2, 2) == -1)
		return -1;
	unit = call->first->next;
	if (condition_check_node(context, call->first) == -1 || condition_check_node(context, unit) == -1)
		return -1;
	if (call->first->type != VALUE_MONEY)
		return complain(context->complaint, call->first->from, "%s; expected an amount: %s",
		                condition_type_words(call->first->type), call->function->usage);
	if (unit->kind == CONDITION_LITERAL && unit->bare && condition_literal_money(context, unit) == -1)
		return -1;
	if (unit->kind != CONDITION_LITERAL || unit->type != VALUE_MONEY || unit->value <= 0)
		return complain(context->complaint, unit->from, "expected an amount above 0 written out: %s",
		                call->function->usage);
	return 0;
}

/* History comes with the account's memory; until then it is named, not misunderstood. */
static int check_history(struct condition_context *context, struct condition_node *call)
{
	return complain(
		context->complaint, call->from,
		"`%s` asks for the account's history, which this version does not keep yet; to ask whether a field "
		"is there write present(field)",
		call->function->name);
}

static const struct condition_function functions[] = {
	{"age", "age(account) or age(credential)", VALUE_DURATION, check_age, OP_SUBTRACT, 0, {0}, true},
	{"hour", "hour(booked_at)", VALUE_NUMBER, NULL, OP_HOUR, 1, {VALUE_TIME}, true},
	{"weekday", "weekday(booked_at)", VALUE_NUMBER, NULL, OP_WEEKDAY, 1, {VALUE_TIME}, true},
	{"day", "day(booked_at)", VALUE_NUMBER, NULL, OP_DAY, 1, {VALUE_TIME}, true},
	{"month", "month(booked_at)", VALUE_NUMBER, NULL, OP_MONTH, 1, {VALUE_TIME}, true},
	{"length", "length(remark)", VALUE_NUMBER, NULL, OP_LENGTH, 1, {VALUE_TEXT}, true},
	{"round_to", "round_to(amount, 1万)", VALUE_MONEY, check_unit, OP_ROUND_TO, 0, {0}, false},
	{"is_round", "is_round(amount, 1万)", VALUE_BOOL, check_unit, OP_IS_ROUND, 0, {0}, false},
	{"present", "present(balance)", VALUE_BOOL, check_present, OP_PRESENT, 0, {0}, false},
	{"contains", "contains(remark, '…')", VALUE_BOOL, check_contains, OP_CONTAINS, 0, {0}, false},
	{"starts_with", "starts_with(place, '35')", VALUE_BOOL, check_texts, OP_STARTS_WITH, 0, {0}, false},
	{"ends_with", "ends_with(account, '0001')", VALUE_BOOL, check_texts, OP_ENDS_WITH, 0, {0}, false},
	{"known", "known(counterparty.account)", VALUE_BOOL, check_history, OP_END, 0, {0}, false},
	{"count", "count(debits, 24h)", VALUE_NUMBER, check_history, OP_END, 0, {0}, false},
	{"sum", "sum(debits, 24h)", VALUE_MONEY, check_history, OP_END, 0, {0}, false},
	{"max", "max(debits, 90d)", VALUE_MONEY, check_history, OP_END, 0, {0}, false},
	{"p95", "p95(debits, 90d)", VALUE_MONEY, check_history, OP_END, 0, {0}, false},
};

enum { FUNCTION_COUNT = sizeof(functions) / sizeof(functions[0]) };

const struct condition_function *condition_function_find(struct slice name)
{
	for (int i = 0; i < FUNCTION_COUNT; i++)
		if (slice_is(name, functions[i].name))
			return &functions[i];
	return NULL;
}

const char *condition_function_name(int i)
{
	return i < FUNCTION_COUNT ? functions[i].name : NULL;
}
