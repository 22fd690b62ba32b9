/*
 * The values of a condition that go into the evidence: each once, under a name that says all that makes it
 * different from others ("count_debits_person_24h"), for programs; people read the words that `match` makes
 * of its parts.
 */
#include <stdio.h>

#include "base/instant.h"
#include "base/money.h"
#include "pattern/condition_emit.h"

struct name {
	char text[200];
	size_t length;
};

static void put(struct name *name, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void put(struct name *name, const char *format, ...)
{
	size_t room = sizeof(name->text) - name->length;
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(name->text + name->length, room, format, args);
	va_end(args);
	name->length += length < 0 ? 0 : (size_t)length < room ? (size_t)length : room - 1;
}

/* 24h, 90d, 30m: the largest unit that leaves no rest; a day alone is 24h. */
static void put_window(struct name *name, int64_t ms)
{
	static const struct {
		int64_t ms;
		char unit;
	} units[] = {{INSTANT_DAY_MS, 'd'}, {INSTANT_HOUR_MS, 'h'}, {INSTANT_MINUTE_MS, 'm'}, {INSTANT_SECOND_MS, 's'}};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (ms % units[i].ms == 0 && ms != INSTANT_DAY_MS * (i == 0)) {
			put(name, "_%lld%c", (long long)(ms / units[i].ms), units[i].unit);
			return;
		}
	put(name, "_%lldms", (long long)ms);
}

/* "_1%", "_0.5%" */
static void put_percent(struct name *name, int64_t micros)
{
	put(name, "_%lld", (long long)(micros / 10000));
	if (micros % 10000 != 0)
		put(name, ".%lld", (long long)(micros % 10000 / 1000));
	put(name, "%%");
}

static void put_words(struct name *name, enum tx_field field, uint32_t bits)
{
	const char *const *words = tx_words(field);

	for (int i = 0; words[i] != NULL; i++)
		if (bits >> (i + 1) & 1)
			put(name, "_%s", words[i]);
}

/* "_hours_0-5_22-23" */
static void put_hours(struct name *name, uint32_t hours)
{
	put(name, hours != 0 ? "_hours" : "");
	for (int from = 0, to; from < 24; from = to + 1) {
		for (to = from; hours >> to & 1; to++)
			;
		if (to > from + 1)
			put(name, "_%d-%d", from, to - 1);
		else if (to > from)
			put(name, "_%d", from);
	}
}

static void put_amount(struct name *name, const char *word, int64_t minor)
{
	char text[MONEY_TEXT_BYTES];
	int length = money_format(minor, MONEY_CNY, text);

	if (length > 3 && strcmp(text + length - 3, ".00") == 0)
		text[length - 3] = '\0';
	put(name, "_%s_%s", word, text);
}

static void put_amounts(struct name *name, const struct profile_filter *filter)
{
	if (filter->same_amount)
		put(name, "_same_amount");
	if (filter->has_amounts && filter->amount_from_minor != INT64_MIN)
		put_amount(name, "from", filter->amount_from_minor);
	if (filter->has_amounts && filter->amount_to_minor != INT64_MAX)
		put_amount(name, "to", filter->amount_to_minor);
}

static void put_set(struct name *name, const struct condition_node *set)
{
	const struct profile_filter *filter = set->filter;

	put(name, "_%.*s", SLICE_PRINT(set->text));
	put_words(name, TX_PARTY_KIND_FIELD, filter->kinds);
	put_words(name, TX_CHANNEL_FIELD, filter->channels);
	put_hours(name, filter->hours);
	put_amounts(name, filter);
	if (filter->novelty != 0)
		put(name, filter->novelty == 1 ? "_new" : "_known");
	if (filter->same_party)
		put(name, "_same_party");
}

/* Names older than the account's memory keep the field's dot. */
static void put_field(struct name *name, const struct condition_node *call)
{
	uint8_t field = call->first->field;
	const char *text = field == TX_OPENED_ON_FIELD                 ? "account"
	                   : field == TX_CREDENTIAL_FIELD              ? "credential"
	                   : field == PROGRAM_ENTERPRISE_REGISTERED_ON ? "enterprise"
	                   : field == PROGRAM_ENTERPRISE_PARTY_REGISTERED_ON ? "counterparty"
	                                                                     : condition_field_name(field);
	size_t begin = name->length;

	put(name, "_%s", text);
	for (size_t i = begin; i < name->length && call->function->code != OP_LENGTH; i++)
		if (name->text[i] == '.')
			name->text[i] = '_';
}

static void put_call(struct name *name, const struct condition_node *call)
{
	const struct condition_node *first = call->first;

	put(name, "%.*s", SLICE_PRINT(call->text));
	if (first == NULL)
		return;
	if (call->function->part == QUESTION_PERCENTILE && call->function->code == OP_ANSWER) {
		put(name, first->filter->directions == 1 << TX_DEBIT ? "_90d" : "_credits_90d");
	} else if (first->kind == CONDITION_SET) {
		put_set(name, first);
		put_window(name, (int64_t)first->next->value);
	} else if (call->function->code == OP_ANSWER && first->kind == CONDITION_LITERAL) {
		put_percent(name, (int64_t)first->value);
		put_window(name, (int64_t)first->next->value);
	} else if (call->function->code == OP_SAME_ADDRESS || call->function->code == OP_SAME_FLOOR) {
		put_window(name, (int64_t)first->value);
	} else if (first->kind == CONDITION_FIELD && first->field != TX_BOOKED_AT_FIELD) {
		put_field(name, call);
	}
	if (call->function->code == OP_LISTED)
		put(name, "_%.*s", SLICE_PRINT(first->next->text));
}

static struct slice name_of(struct emitter *e, const struct condition_node *node)
{
	struct name name = {.length = 0};

	if (node->kind == CONDITION_FIELD)
		return slice_of(condition_field_name(node->field));
	put_call(&name, node);
	return arena_copy(e->context->arena, (struct slice){name.text, (uint32_t)name.length});
}

/* Places, countries and industries tell an analyst something; names, accounts and addresses are shown elsewhere,
 * masked. */
static bool is_fact(const struct condition_node *node)
{
	if (node->kind == CONDITION_CALL)
		return node->function->fact;
	return node->kind == CONDITION_FIELD &&
	       (node->type != VALUE_TEXT || node->field == TX_PLACE_FIELD || node->field == TX_PARTY_COUNTRY_FIELD ||
	        node->field == PROGRAM_ENTERPRISE_INDUSTRY || node->field == PROGRAM_ENTERPRISE_PARTY_INDUSTRY);
}

static int number_of(const struct emitter *e, struct slice name)
{
	for (uint32_t i = 0; i < e->fact_count; i++)
		if (slice_equal(e->facts[i].name, name))
			return (int)i;
	return -1;
}

void facts_mark(struct emitter *e, const struct condition_node *node)
{
	int number = is_fact(node) ? number_of(e, name_of(e, node)) : -1;

	if (number >= 0 && e->op_count < PROGRAM_OPS_MAX)
		e->fact_of[e->op_count] = (uint8_t)(number + 1);
}

static struct program_fact fact_of(struct emitter *e, const struct condition_node *node, struct slice name)
{
	const struct condition_node *first = node->first;
	struct program_fact fact = {.name = name, .type = node->type, .field = PROGRAM_FIELD_COUNT};
	struct program_question question;
	int number = -1;

	if (node->kind == CONDITION_FIELD) {
		fact.field = node->field;
		return fact;
	}
	fact.function = node->function->name;
	if (first != NULL && first->kind == CONDITION_FIELD)
		fact.field = first->field;
	if (e->context->questions != NULL && emit_question(node, &question))
		number = questions_number(e->context->questions, &question);
	fact.question = (uint16_t)(number + 1);
	if (node->function->code == OP_LISTED)
		fact.list = arena_copy(e->context->arena, first->next->text);
	return fact;
}

void facts_find(struct emitter *e, const struct condition_node *node)
{
	bool whole = node->kind == CONDITION_CALL && node->function->code == OP_PRESENT;
	struct slice name;

	if (!is_fact(node)) {
		for (const struct condition_node *child = node->first; child != NULL && !whole; child = child->next)
			facts_find(e, child);
		return;
	}
	name = name_of(e, node);
	if (number_of(e, name) >= 0 || e->fact_count == PROGRAM_FACTS_MAX)
		return; /* beyond the bound the evidence names the first ones */
	e->fact_nodes[e->fact_count] = node;
	e->facts[e->fact_count++] = fact_of(e, node, name);
}
