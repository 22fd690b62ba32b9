/*
 * The values that decided, as texts: amounts in their own currency, durations by their two largest units,
 * times in UTC, words as in huqi.tx.v1.
 */
#include <stdio.h>

#include "base/instant.h"
#include "base/money.h"
#include "base/utf8.h"
#include "match/evidence.h"

void duration_text(int64_t ms, char text[EVIDENCE_VALUE_BYTES])
{
	static const struct {
		int64_t ms;
		char unit;
	} units[] = {
		{INSTANT_DAY_MS, 'd'}, {INSTANT_HOUR_MS, 'h'}, {INSTANT_MINUTE_MS, 'm'}, {INSTANT_SECOND_MS, 's'}};
	uint64_t left = ms < 0 ? -(uint64_t)ms : (uint64_t)ms;
	int length = snprintf(text, EVIDENCE_VALUE_BYTES, "%s", ms < 0 ? "-" : ""), shown = 0;

	for (int i = 0; i < 4 && shown < 2; i++) {
		uint64_t count = left / (uint64_t)units[i].ms;
		left %= (uint64_t)units[i].ms;
		if (count == 0 && (shown == 0 || left == 0))
			continue;
		if (count > 0)
			length += snprintf(text + length, EVIDENCE_VALUE_BYTES - (size_t)length, "%llu%c",
			                   (unsigned long long)count, units[i].unit);
		shown++;
	}
	if (shown == 0)
		snprintf(text, EVIDENCE_VALUE_BYTES, "0s");
}

/* Millionths without needless zeros. */
static void number_text(int64_t micros, char text[EVIDENCE_VALUE_BYTES])
{
	uint64_t size = micros < 0 ? -(uint64_t)micros : (uint64_t)micros;
	char digits[32], *at = digits + sizeof(digits) - 1;
	int decimals = 6;

	*at = '\0';
	for (; decimals > 0 && size % 10 == 0; decimals--)
		size /= 10;
	for (; decimals > 0; decimals--, size /= 10)
		*--at = (char)('0' + size % 10);
	if (*at != '\0')
		*--at = '.';
	do
		*--at = (char)('0' + size % 10);
	while ((size /= 10) != 0);
	TEXT_JOIN(text, EVIDENCE_VALUE_BYTES, micros < 0 ? "-" : "", at);
}

static void percent_text(int64_t micros, char text[EVIDENCE_VALUE_BYTES])
{
	const int64_t hundredth = VALUE_MICROS / 10000; /* of a percent: enough for anybody */

	micros /= hundredth;
	number_text(micros > INT64_MAX / VALUE_MICROS ? INT64_MAX : micros * (VALUE_MICROS / 100), text);
	strcat(text, "%");
}

static void fact_text(struct matcher *m, struct evidence_fact *fact)
{
	const struct tx *tx = m->input.tx;

	switch (fact->type) {
	case VALUE_BOOL: TEXT_JOIN(fact->text, sizeof(fact->text), fact->value != 0 ? "yes" : "no"); break;
	case VALUE_PERCENT: percent_text(fact->value, fact->text); break;
	case VALUE_MONEY:
		if (fact->of->function != NULL) /* of the account's memory, which is in CNY */
			money_format(fact->value, MONEY_CNY, fact->text);
		else
			money_format(fact->field == TX_BALANCE_FIELD ? tx->balance_minor : tx->amount_minor, tx->currency,
			             fact->text);
		break;
	case VALUE_DURATION: duration_text(fact->value, fact->text); break;
	case VALUE_TIME: instant_format(fact->value, fact->text); break;
	case VALUE_WORD: TEXT_JOIN(fact->text, sizeof(fact->text), tx_word_name(fact->field, tx)); break;
	case VALUE_TEXT:
		snprintf(fact->text, sizeof(fact->text), "%.*s", SLICE_PRINT(condition_text(&m->input, fact->field)));
		break;
	default: number_text(fact->value, fact->text);
	}
}

static void add(struct matcher *m, struct evidence_facts *facts, const struct program_fact *of, int64_t value)
{
	struct evidence_fact *fact = &facts->items[facts->count];

	if (facts->count == MATCH_FACTS_MAX)
		return;
	for (uint32_t i = 0; i < facts->count; i++)
		if (slice_equal(facts->items[i].name, of->name))
			return;
	*fact = (struct evidence_fact){.name = of->name, .type = of->type, .field = of->field, .value = value,
	                                .of = of};
	fact_text(m, fact);
	facts->count++;
}

/* A text's value is no number; its presence is asked instead. */
static int64_t value_of(struct matcher *m, const struct program *program, const struct program_fact *fact)
{
	if (fact->type == VALUE_TEXT)
		return condition_text(&m->input, fact->field).length > 0 ? 0 : VALUE_ABSENT;
	return condition_run(program, fact->first, &m->input);
}

bool facts_one(struct matcher *m, const struct program *program, const struct program_fact *of,
               struct evidence_fact *fact_r)
{
	int64_t value = value_of(m, program, of);

	*fact_r = (struct evidence_fact){.name = of->name, .type = of->type, .field = of->field, .value = value,
	                                  .of = of};
	if (value != VALUE_ABSENT)
		fact_text(m, fact_r);
	return value != VALUE_ABSENT;
}

static void collect_where(struct matcher *m, const struct program *program, struct evidence_facts *facts)
{
	uint32_t decided = condition_trace(program, &m->input);

	for (uint16_t i = 0; i < program->fact_count; i++) {
		int64_t value = decided >> i & 1 ? value_of(m, program, &program->facts[i]) : VALUE_ABSENT;
		if (value != VALUE_ABSENT)
			add(m, facts, &program->facts[i], value);
	}
}

static void add_text(struct evidence_facts *facts, const char *name, uint8_t field, struct slice text)
{
	struct evidence_fact *fact = &facts->items[facts->count];

	if (facts->count == MATCH_FACTS_MAX || text.length == 0)
		return;
	for (uint32_t i = 0; i < facts->count; i++)
		if (slice_is(facts->items[i].name, name))
			return;
	for (size_t most = EVIDENCE_VALUE_BYTES; text.length >= EVIDENCE_VALUE_BYTES; most--)
		text = utf8_cut(text, most);
	*fact = (struct evidence_fact){.name = slice_of(name), .type = VALUE_TEXT, .field = field};
	snprintf(fact->text, sizeof(fact->text), "%.*s", SLICE_PRINT(text));
	facts->count++;
}

/* Which list, and what it says of the entry; not the value, which stands in the transaction. */
static void collect_list(struct matcher *m, const struct plan_part *part, struct evidence_facts *facts)
{
	const struct plan_list_entry *asked;
	const struct reference_entry *entry = part_list_entry(m, part, &asked);

	if (entry == NULL)
		return;
	add_text(facts, "listed", asked->field, m->set->lists[asked->list]);
	add_text(facts, "list_reason", asked->field, entry->reason);
	add_text(facts, "list_source", asked->field, entry->source);
}

static void collect(struct matcher *m, const struct plan_detect *detect, struct evidence_facts *facts)
{
	for (uint32_t i = 0; i < detect->part_count; i++) {
		const struct plan_part *part = &detect->parts[i];
		if (part->kind == PART_WHERE)
			collect_where(m, part->where, facts);
		if (part->kind == PART_LIST)
			collect_list(m, part, facts);
		for (uint32_t j = 0; part->kind == PART_ANY_OF && j < part->any_of.count; j++)
			if (detect_holds(m, &part->any_of.items[j]))
				collect(m, &part->any_of.items[j], facts);
	}
}

void facts_collect(struct matcher *m, const struct plan_detect *detect, struct evidence_facts *facts_r)
{
	static const struct program_fact amount = {
		.name = {"amount", 6}, .type = VALUE_MONEY, .field = TX_AMOUNT_FIELD};
	static const struct program_fact currency = {
		.name = {"currency", 8}, .type = VALUE_WORD, .field = TX_CURRENCY_FIELD};

	facts_r->count = 0;
	add(m, facts_r, &amount, m->input.tx->amount_minor);
	if (m->input.tx->currency != MONEY_CNY)
		add(m, facts_r, &currency, m->input.tx->currency);
	collect(m, detect, facts_r);
}
