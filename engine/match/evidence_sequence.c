/*
 * What a sequence shows: what each step took, and the transactions themselves, which are not kept elsewhere.
 *
 *   "in_count":"1","in_sum":"500000.00","out_count":"2","out_sum":"460000.00","span":"25m",
 *   "sequence":"2026-03-02T01:35:00.000Z +500000.00, 20m -200000.00, 5m -260000.00"
 *
 * Oldest first; each behind the time since the one before. Amounts are in CNY. Of several sequences that hold
 * (any_of) the first is shown.
 */
#include <stdio.h>

#include "base/bits.h"
#include "base/instant.h"
#include "base/money.h"
#include "match/evidence.h"

enum {
	SHOWN_EACH_END = 10, /* transactions from either end of a long sequence */
	NAME_BYTES = 40,
};

static const struct plan_sequence *find_shown(struct matcher *m, const struct plan_detect *detect,
                                              struct sequence_placing *placing_r)
{
	for (uint32_t i = 0; i < detect->part_count; i++) {
		const struct plan_part *part = &detect->parts[i];
		const struct plan_sequence *found = NULL;
		if (part->kind == PART_SEQUENCE && sequence_find(m, part->sequence, placing_r))
			return part->sequence;
		for (uint32_t j = 0; part->kind == PART_ANY_OF && j < part->any_of.count && found == NULL; j++)
			if (detect_holds(m, &part->any_of.items[j]))
				found = find_shown(m, &part->any_of.items[j], placing_r);
		if (found != NULL)
			return found;
	}
	return NULL;
}

static void put_fact(struct writer *out, const char *name, const char *end, const char *value)
{
	writer_put(out, ",\"");
	writer_put(out, name);
	writer_put(out, end);
	writer_put(out, "\":\"");
	writer_put(out, value);
	writer_put(out, "\"");
}

/*
 * "in", or "step2" of one without a name; unnamed steps of one direction are told apart by their number, too.
 */
static void step_name(const struct plan_sequence *sequence, uint32_t step, char name[NAME_BYTES])
{
	struct slice own = sequence->steps[step].name;
	bool alone = own.length > 0;

	for (uint32_t i = 0; i < sequence->step_count; i++)
		alone = alone && (i == step || !slice_equal(own, sequence->steps[i].name));
	if (alone)
		snprintf(name, NAME_BYTES, "%.*s", SLICE_PRINT(own));
	else
		snprintf(name, NAME_BYTES, "step%u", step + 1);
}

static void put_steps(const struct plan_sequence *sequence, const struct sequence_placing *placing,
                      struct writer *out)
{
	char name[NAME_BYTES], text[MONEY_TEXT_BYTES + NAME_BYTES];

	for (uint32_t step = 0; step < sequence->step_count; step++) {
		step_name(sequence, step, name);
		snprintf(text, sizeof(text), "%u", bits_count(placing->taken[step]));
		put_fact(out, name, "_count", text);
		money_format(sequence_answer(placing, SEQUENCE_SUM, step, 0), MONEY_CNY, text);
		put_fact(out, name, "_sum", text);
	}
}

static void put_event(const struct profile_event *event, int64_t before_ms, struct writer *out)
{
	char text[EVIDENCE_VALUE_BYTES];

	if (before_ms == TX_ABSENT)
		instant_format(event->booked_ms, text);
	else
		duration_text(event->booked_ms - before_ms, text);
	writer_put(out, text);
	writer_put(out, event->direction == TX_DEBIT ? " -" : " +");
	money_format(event->amount_minor, MONEY_CNY, text);
	writer_put(out, text);
}

static void put_events(const struct sequence_placing *placing, uint64_t taken, struct writer *out)
{
	uint32_t count = bits_count(taken), shown = 0;
	int64_t before_ms = TX_ABSENT;

	writer_put(out, ",\"sequence\":\"");
	for (; taken != 0; shown++) {
		uint32_t at = 63u - (uint32_t)__builtin_clzll(taken);
		const struct profile_event *event = &placing->tape->events[at];
		taken &= ~(UINT64_C(1) << at);
		if (shown < SHOWN_EACH_END || shown + SHOWN_EACH_END >= count) {
			writer_put(out, shown > 0 ? ", " : "");
			put_event(event, before_ms, out);
		} else if (shown == SHOWN_EACH_END) {
			writer_put(out, ", …");
		}
		before_ms = event->booked_ms;
	}
	writer_put(out, "\"");
}

static uint64_t all_taken(const struct plan_sequence *sequence, const struct sequence_placing *placing)
{
	uint64_t taken = 0;

	for (uint32_t step = 0; step < sequence->step_count; step++)
		taken |= placing->taken[step];
	return taken;
}

static int64_t whole_span(const struct sequence_placing *placing)
{
	return placing->tape->events[0].booked_ms - placing->tape->events[placing->oldest].booked_ms;
}

void sequence_facts_write(struct matcher *m, const struct plan_detect *detect, struct writer *out)
{
	struct sequence_placing placing;
	const struct plan_sequence *sequence = find_shown(m, detect, &placing);
	char span[EVIDENCE_VALUE_BYTES];

	if (sequence == NULL)
		return;
	put_steps(sequence, &placing, out);
	duration_text(whole_span(&placing), span);
	put_fact(out, "span", "", span);
	put_events(&placing, all_taken(sequence, &placing), out);
}

/* "收款 2 笔共 500,000.00 元", "2 receipts of CNY 500,000.00" */
static void put_step_words(const struct plan_sequence *sequence, const struct sequence_placing *placing,
                           uint32_t step, int language, struct writer *out)
{
	static const char *const words[3][3] = {
		{"交易", "transaction", "transactions"}, {"付款", "payment", "payments"}, {"收款", "receipt", "receipts"}};
	uint8_t directions = sequence->steps[step].gate.directions;
	int count = (int)bits_count(placing->taken[step]);
	int way = directions == 1u << TX_DEBIT ? TX_DEBIT : directions == 1u << TX_CREDIT ? TX_CREDIT : 0;
	char sum[MONEY_GROUPED_BYTES], text[128];

	money_format_grouped(sequence_answer(placing, SEQUENCE_SUM, step, 0), MONEY_CNY, sum);
	if (language == 0)
		snprintf(text, sizeof(text), count > 1 ? "%s %d 笔共 %s 元" : "%s %d 笔 %s 元", words[way][0], count, sum);
	else
		snprintf(text, sizeof(text), "%d %s of CNY %s%s", count, words[way][count > 1 ? 2 : 1], sum,
		         count > 1 ? " in all" : "");
	writer_text(out, slice_of(text));
}

void sequence_words_write(struct matcher *m, const struct plan_detect *detect, int language,
                          struct writer *out)
{
	struct sequence_placing placing;
	const struct plan_sequence *sequence = find_shown(m, detect, &placing);
	char span[EVIDENCE_VALUE_BYTES], words[2 * EVIDENCE_VALUE_BYTES];

	if (sequence == NULL)
		return;
	writer_put(out, language == 0 ? "；" : "; ");
	for (uint32_t step = 0; step < sequence->step_count; step++) {
		if (step > 0)
			writer_put(out, language == 0 ? "，随后" : ", then ");
		put_step_words(sequence, &placing, step, language, out);
	}
	if (placing.oldest == 0)
		return;
	duration_text(whole_span(&placing), span);
	duration_words(span, language, words, sizeof(words));
	writer_put(out, language == 0 ? "，前后 " : ", within ");
	writer_put(out, words);
}
