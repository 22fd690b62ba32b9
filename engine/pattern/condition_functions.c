/*
 * What a condition can ask beside fields, a line each. The instruction gets the arguments in order; functions
 * whose argument is a name of their own kind (`age(account)`) or must be written out (`contains(remark,
 * '…')`) check it themselves and leave it where condition_emit.c expects it.
 */
#include <stdio.h>
#include <stdlib.h>

#include "fold/fold.h"
#include "pattern/condition.h"

enum { NEEDLE_BYTES_MAX = 512, SIGNS_MAX = 16 };

int condition_argument_count(struct condition_context *context, const struct condition_node *call,
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

/* age(account), age(credential), age(enterprise), age(counterparty): from that day or moment to the booking. */
static int check_age(struct condition_context *context, struct condition_node *call)
{
	struct condition_node *of = call->first;

	if (condition_argument_count(context, call, 1, 1) == -1)
		return -1;
	if (of->kind == CONDITION_FIELD)
		return 0; /* seen before: a comparison of three shares its middle */
	if (of->kind == CONDITION_NAME && slice_is(of->text, "account"))
		become_field(of, TX_OPENED_ON_FIELD);
	else if (of->kind == CONDITION_NAME && slice_is(of->text, "credential"))
		become_field(of, TX_CREDENTIAL_FIELD);
	else if (of->kind == CONDITION_NAME && slice_is(of->text, "enterprise"))
		become_field(of, PROGRAM_ENTERPRISE_REGISTERED_ON);
	else if (of->kind == CONDITION_NAME && slice_is(of->text, "counterparty"))
		become_field(of, PROGRAM_ENTERPRISE_PARTY_REGISTERED_ON);
	else
		return complain(context->complaint, of->from, "found `%.*s`; expected `account`, `credential`, `enterprise` or `counterparty`",
		                CONDITION_QUOTED(of));
	return 0;
}

static int check_present(struct condition_context *context, struct condition_node *call)
{
	if (condition_argument_count(context, call, 1, 1) == -1 || condition_check_node(context, call->first) == -1)
		return -1;
	if (call->first->kind != CONDITION_FIELD)
		return complain(context->complaint, call->first->from, "expected a field: %s", call->function->usage);
	return 0;
}

/* Of a text field, and texts written out: contains(remark, 'a', 'b'). */
static int check_texts(struct condition_context *context, struct condition_node *call)
{
	if (condition_argument_count(context, call, 2, CONDITION_WORDS_MAX + 16) == -1 ||
	    condition_check_node(context, call->first) == -1)
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

	if (condition_argument_count(context, call, 2, 2) == -1)
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

/* signs(amount > p95(debits, 90d), is_holiday(booked_at), …): how many of them are a yes. */
static int check_signs(struct condition_context *context, struct condition_node *call)
{
	if (condition_argument_count(context, call, 2, SIGNS_MAX) == -1)
		return -1;
	for (struct condition_node *a = call->first; a != NULL; a = a->next) {
		if (condition_check_node(context, a) == -1)
			return -1;
		if (a->type != VALUE_BOOL)
			return complain(context->complaint, a->from, "`%.*s` is %s; expected a comparison or another question: %s",
			                CONDITION_QUOTED(a), condition_type_words(a->type), call->function->usage);
	}
	return 0;
}

static const struct condition_function functions[] = {
	{"age", "age(account), age(credential), age(enterprise) or age(counterparty)", VALUE_DURATION, check_age, OP_AGE, 0, 0, {0}, true},
	{"hour", "hour(booked_at)", VALUE_NUMBER, NULL, OP_HOUR, 0, 1, {VALUE_TIME}, true},
	{"weekday", "weekday(booked_at)", VALUE_NUMBER, NULL, OP_WEEKDAY, 0, 1, {VALUE_TIME}, true},
	{"day", "day(booked_at)", VALUE_NUMBER, NULL, OP_DAY, 0, 1, {VALUE_TIME}, true},
	{"month", "month(booked_at)", VALUE_NUMBER, NULL, OP_MONTH, 0, 1, {VALUE_TIME}, true},
	{"is_holiday", "is_holiday(booked_at)", VALUE_BOOL, NULL, OP_IS_HOLIDAY, 0, 1, {VALUE_TIME}, true},
	{"is_workday", "is_workday(booked_at)", VALUE_BOOL, NULL, OP_IS_WORKDAY, 0, 1, {VALUE_TIME}, true},
	{"length", "length(remark)", VALUE_NUMBER, NULL, OP_LENGTH, 0, 1, {VALUE_TEXT}, true},
	{"round_to", "round_to(amount, 1万)", VALUE_MONEY, check_unit, OP_ROUND_TO, 0, 0, {0}, false},
	{"is_round", "is_round(amount, 1万)", VALUE_BOOL, check_unit, OP_IS_ROUND, 0, 0, {0}, false},
	{"zeros", "zeros(amount)", VALUE_NUMBER, condition_check_money, OP_ZEROS, 0, 0, {0}, true},
	{"signs", "signs(amount > p95(debits, 90d), is_holiday(booked_at))", VALUE_NUMBER, check_signs, OP_SIGN, 0, 0, {0}, false},
	{"present", "present(balance)", VALUE_BOOL, check_present, OP_PRESENT, 0, 0, {0}, false},
	{"contains", "contains(remark, '…')", VALUE_BOOL, check_contains, OP_CONTAINS, 0, 0, {0}, false},
	{"holds_only", "holds_only(remark, '…')", VALUE_BOOL, check_contains, OP_HOLDS_ONLY, 0, 0, {0}, false},
	{"starts_with", "starts_with(place, '35')", VALUE_BOOL, check_texts, OP_STARTS_WITH, 0, 0, {0}, false},
	{"ends_with", "ends_with(account, '0001')", VALUE_BOOL, check_texts, OP_ENDS_WITH, 0, 0, {0}, false},
	{"count", "count(debits, 24h)", VALUE_NUMBER, condition_check_window, OP_WINDOW, FIGURE_COUNT, 0, {0}, true},
	{"sum", "sum(debits, 24h)", VALUE_MONEY, condition_check_window, OP_WINDOW, FIGURE_SUM, 0, {0}, true},
	{"avg", "avg(debits, 90d)", VALUE_MONEY, condition_check_window, OP_WINDOW, FIGURE_AVG, 0, {0}, true},
	{"min", "min(debits, 90d)", VALUE_MONEY, condition_check_window, OP_WINDOW, FIGURE_MIN, 0, {0}, true},
	{"max", "max(debits, 90d)", VALUE_MONEY, condition_check_window, OP_WINDOW, FIGURE_MAX, 0, {0}, true},
	{"distinct", "distinct(credits, 24h)", VALUE_NUMBER, condition_check_window, OP_WINDOW, FIGURE_DISTINCT, 0, {0}, true},
	{"share", "share(debits where counterparty.kind = person, 24h)", VALUE_PERCENT, condition_check_share, OP_WINDOW,
	 FIGURE_SHARE, 0, {0}, true},
	{"rising", "rising(debits, 24h)", VALUE_NUMBER, condition_check_window, OP_ANSWER, QUESTION_RISING, 0, {0}, true},
	{"p95", "p95(debits, 90d)", VALUE_MONEY, condition_check_percentile, OP_ANSWER, QUESTION_PERCENTILE, 0, {0}, true},
	{"known", "known(counterparty.account)", VALUE_BOOL, condition_check_subject, OP_ANSWER, QUESTION_FIRST_SEEN, 0, {0},
	 true},
	{"first_seen", "first_seen(counterparty.account)", VALUE_DURATION, condition_check_subject, OP_ANSWER,
	 QUESTION_FIRST_SEEN, 0, {0}, true},
	{"name_distance", "name_distance()", VALUE_NUMBER, NULL, OP_ANSWER, QUESTION_NAME_DISTANCE, 0, {0}, true},
	{"name_disguised", "name_disguised()", VALUE_NUMBER, NULL, OP_ANSWER, QUESTION_NAME_DISGUISED, 0, {0}, true},
	{"name_stayed", "name_stayed()", VALUE_NUMBER, NULL, OP_ANSWER, QUESTION_NAME_STAYED, 0, {0}, true},
	{"name_moved", "name_moved()", VALUE_NUMBER, NULL, OP_ANSWER, QUESTION_NAME_MOVED, 0, {0}, true},
	{"name_added", "name_added()", VALUE_NUMBER, NULL, OP_ANSWER, QUESTION_NAME_ADDED, 0, {0}, true},
	{"drained_days", "drained_days(1%, 7d)", VALUE_NUMBER, condition_check_drained, OP_ANSWER, QUESTION_DRAINED_DAYS, 0,
	 {0}, true},
	{"newcomers", "newcomers(credits, 30d)", VALUE_NUMBER, condition_check_newcomers, OP_ANSWER, QUESTION_NEWCOMERS, 0,
	 {0}, true},
	{"firms_elsewhere", "firms_elsewhere()", VALUE_PERCENT, NULL, OP_ANSWER, QUESTION_FIRMS_ELSEWHERE, 0, {0}, true},
	{"neighbours_elsewhere", "neighbours_elsewhere()", VALUE_PERCENT, NULL, OP_ANSWER, QUESTION_NEIGHBOURS_ELSEWHERE, 0,
	 {0}, true},
	{"watched", "watched()", VALUE_DURATION, NULL, OP_WATCHED, 0, 0, {0}, true},
	{"idle", "idle()", VALUE_DURATION, NULL, OP_IDLE, 0, 0, {0}, true},
	{"balance_before", "balance_before()", VALUE_MONEY, NULL, OP_BALANCE_BEFORE, 0, 0, {0}, true},
	{"emptied", "emptied()", VALUE_PERCENT, NULL, OP_EMPTIED, 0, 0, {0}, true},
	{"listed", "listed(counterparty.account, 'stop-payment')", VALUE_BOOL, condition_check_listed, OP_LISTED, 0, 0, {0},
	 true},
	{"same_city", "same_city(counterparty.bank) or same_city(place)", VALUE_BOOL, condition_check_where_from, OP_SAME_CITY,
	 0, 0, {0}, true},
	{"same_province", "same_province(counterparty.bank) or same_province(place)", VALUE_BOOL, condition_check_where_from,
	 OP_SAME_PROVINCE, 0, 0, {0}, true},
	{"same_address", "same_address(180d)", VALUE_NUMBER, condition_check_span, OP_SAME_ADDRESS, 0, 0, {0}, true},
	{"same_floor", "same_floor(180d)", VALUE_NUMBER, condition_check_span, OP_SAME_FLOOR, 0, 0, {0}, true},
	{"is_staff", "is_staff(counterparty.name)", VALUE_BOOL, NULL, OP_IS_STAFF, 0, 1, {VALUE_TEXT}, true},
	{"is_legal_representative", "is_legal_representative(counterparty.name)", VALUE_BOOL, NULL,
	 OP_IS_LEGAL_REPRESENTATIVE, 0, 1, {VALUE_TEXT}, true},
	{"is_named_here", "is_named_here(counterparty.name)", VALUE_BOOL, NULL, OP_IS_NAMED_HERE, 0, 1, {VALUE_TEXT}, true},
	{"is_own_name", "is_own_name(counterparty.name)", VALUE_BOOL, NULL, OP_IS_OWN_NAME, 0, 1, {VALUE_TEXT}, true},
	{"shares_brand", "shares_brand(counterparty.name)", VALUE_BOOL, NULL, OP_SHARES_BRAND, 0, 1, {VALUE_TEXT}, true},
	{"is_named_in_text", "is_named_in_text(counterparty.name)", VALUE_BOOL, NULL, OP_IS_NAMED_IN_TEXT, 0, 1, {VALUE_TEXT}, true},
	{"is_away", "is_away(counterparty.name)", VALUE_BOOL, NULL, OP_IS_AWAY, 0, 1, {VALUE_TEXT}, true},
	{"is_at_home", "is_at_home(counterparty.name)", VALUE_BOOL, NULL, OP_IS_AT_HOME, 0, 1, {VALUE_TEXT}, true},
};

enum { FUNCTION_COUNT = sizeof(functions) / sizeof(functions[0]) };

/* p1 to p99. */
static bool is_percentile(struct slice name)
{
	return (name.length == 2 || name.length == 3) && name.at[0] == 'p' && name.at[1] >= '1' && name.at[1] <= '9' &&
	       (name.length == 2 || (name.at[2] >= '0' && name.at[2] <= '9'));
}

const struct condition_function *condition_function_find(struct slice name)
{
	if (is_percentile(name))
		name = slice_of("p95");
	for (int i = 0; i < FUNCTION_COUNT; i++)
		if (slice_is(name, functions[i].name))
			return &functions[i];
	return NULL;
}

const char *condition_function_name(int i)
{
	return i < FUNCTION_COUNT ? functions[i].name : NULL;
}
