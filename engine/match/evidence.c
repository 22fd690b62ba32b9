/*
 * A hit as huqi.alert.v1 shows it (contract.md section 2), written by hand in a fixed order, so that the same
 * hit has the same bytes everywhere.
 */
#include "match/evidence.h"

#include "base/counters.h"

static void put_head(struct matcher *m, const struct pattern *pattern, struct writer *out)
{
	const struct tx *tx = m->input.tx;

	writer_put(out, "{\"pattern\":");
	writer_string(out, pattern->id);
	writer_put(out, ",\"version\":");
	writer_number(out, pattern->version);
	writer_put(out, ",\"tx\":\"");
	writer_text(out, tx->bank);
	writer_put(out, "/");
	writer_text(out, tx->id);
	writer_put(out, "\",\"score\":");
	writer_number(out, pattern->score);
}

static void put_reason(struct matcher *m, const struct pattern *pattern, const struct evidence_facts *facts,
                       struct writer *out)
{
	writer_put(out, ",\"reason\":{\"zh\":\"");
	reason_write(m, pattern, facts, 0, out);
	writer_put(out, "\",\"en\":\"");
	reason_write(m, pattern, facts, 1, out);
	writer_put(out, "\"}");
}

static void put_facts(struct matcher *m, const struct pattern *pattern, const struct evidence_facts *facts,
                      struct writer *out)
{
	writer_put(out, ",\"facts\":{");
	for (uint32_t i = 0; i < facts->count; i++) {
		writer_put(out, i > 0 ? "," : "");
		writer_string(out, facts->items[i].name);
		writer_put(out, ":");
		writer_string(out, slice_of(facts->items[i].text));
	}
	if (facts->count > 0) /* else the bare hit is wanted */
		sequence_facts_write(m, pattern->detect, out);
	writer_put(out, "}");
}

static void put_marks(const struct matcher *m, struct writer *out)
{
	writer_put(out, ",\"text\":[");
	for (uint32_t i = 0; i < m->mark_count; i++) {
		writer_put(out, i > 0 ? ",{\"field\":\"" : "{\"field\":\"");
		writer_put(out, tx_fields[m->marks[i].field].name);
		writer_put(out, "\",\"from\":");
		writer_number(out, m->marks[i].from);
		writer_put(out, ",\"to\":");
		writer_number(out, m->marks[i].to);
		writer_put(out, "}");
	}
	writer_put(out, "]}");
}

static void put_all(struct matcher *m, const struct pattern *pattern, const struct evidence_facts *facts,
                    struct writer *out)
{
	put_head(m, pattern, out);
	put_reason(m, pattern, facts, out);
	put_facts(m, pattern, facts, out);
	put_marks(m, out);
}

struct slice evidence_write(struct matcher *m, const struct pattern *pattern, struct arena *arena)
{
	struct writer out = {.bytes = m->writing, .capacity = EVIDENCE_BYTES_MAX};
	struct evidence_facts facts;

	facts_collect(m, pattern->detect, &facts);
	put_all(m, pattern, &facts, &out);
	if (out.full) {
		/* Does not happen within the bounds of fields and titles; if it does, the bare hit is better than none. */
		count(COUNT_MATCH_EVENTS_FULL);
		out = (struct writer){.bytes = m->writing, .capacity = EVIDENCE_BYTES_MAX};
		facts.count = m->mark_count = 0;
		put_all(m, pattern, &facts, &out);
	}
	return arena_copy(arena, (struct slice){out.bytes, (uint32_t)out.length});
}
