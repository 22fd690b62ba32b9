/*
 * A hit as huqi.alert.v1 shows it (contract.md section 2), written by hand in a fixed order, so that the same
 * hit has the same bytes everywhere.
 *
 *   {"pattern":…,"tx":…,"score":…,"reason":{"zh":"title│words│link","en":"title│words│link"},"facts":{│…│},"text":[…]}
 *
 * Of a hit that is withheld from the enterprise (withheld.c) the reason says so, and "withheld_by" stands behind the facts.
 *
 * Several patterns may ask the same of a transaction and differ in what others must do: devices, cards and addresses
 * that firms share, where nearly nobody does. What stands between the bars is then written once and copied.
 */
#include "match/evidence.h"

#include "base/counters.h"

/* The pieces between the bars, as they come out. */
struct piecework {
	const struct evidence_facts *facts; /* NULL: they are kept */
	size_t from[EVIDENCE_PIECES], to[EVIDENCE_PIECES];
};

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

/* Why the enterprise is not told, in the words of the pattern that says so. */
static void put_withheld_words(struct matcher *m, const struct pattern *pattern, int language, struct writer *out)
{
	const struct pattern *by = hit_is_withheld_by(m, pattern);

	if (by == NULL)
		return;
	writer_put(out, language == EVIDENCE_ZH ? "；只供研判、不提醒企业：" : "; for analysts only, the enterprise is not told: ");
	writer_text(out, language == EVIDENCE_ZH ? by->title.zh : by->title.en);
}

static void put_withheld_fact(struct matcher *m, const struct pattern *pattern, bool first, struct writer *out)
{
	const struct pattern *by = hit_is_withheld_by(m, pattern);

	if (by == NULL)
		return;
	writer_put(out, first ? "\"withheld_by\":" : ",\"withheld_by\":");
	writer_string(out, by->id);
}

/* Writes a piece, or copies it where a pattern before wrote it; keeps in mind where it stands. */
static void put_words(struct matcher *m, const struct pattern *pattern, struct piecework *work, int language,
                      struct writer *out)
{
	writer_text(out, language == 0 ? pattern->title.zh : pattern->title.en);
	work->from[language] = out->length;
	if (work->facts != NULL)
		reason_write(m, pattern->detect, work->facts, language, out);
	else
		writer_copy(out, m->kept.pieces[language]);
	work->to[language] = out->length;
	link_words_write(detect_link(pattern->detect), language, out);
	put_withheld_words(m, pattern, language, out);
}

static void put_reason(struct matcher *m, const struct pattern *pattern, struct piecework *work, struct writer *out)
{
	writer_put(out, ",\"reason\":{\"zh\":\"");
	put_words(m, pattern, work, 0, out);
	writer_put(out, "\",\"en\":\"");
	put_words(m, pattern, work, 1, out);
	writer_put(out, "\"}");
}

static void write_facts(struct matcher *m, const struct pattern *pattern, const struct evidence_facts *facts,
                        struct writer *out)
{
	for (uint32_t i = 0; i < facts->count; i++) {
		writer_put(out, i > 0 ? "," : "");
		writer_string(out, facts->items[i].name);
		writer_put(out, ":");
		writer_string(out, slice_of(facts->items[i].text));
	}
	if (facts->count > 0) /* else the bare hit is wanted */
		sequence_facts_write(m, pattern->detect, out);
}

static void put_facts(struct matcher *m, const struct pattern *pattern, struct piecework *work, struct writer *out)
{
	writer_put(out, ",\"facts\":{");
	work->from[EVIDENCE_FACTS] = out->length;
	if (work->facts != NULL)
		write_facts(m, pattern, work->facts, out);
	else
		writer_copy(out, m->kept.pieces[EVIDENCE_FACTS]);
	work->to[EVIDENCE_FACTS] = out->length;
	put_withheld_fact(m, pattern, work->to[EVIDENCE_FACTS] == work->from[EVIDENCE_FACTS], out);
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

static void put_all(struct matcher *m, const struct pattern *pattern, struct piecework *work, struct writer *out)
{
	put_head(m, pattern, out);
	put_reason(m, pattern, work, out);
	put_facts(m, pattern, work, out);
	put_marks(m, out);
}

/* The condition of a pattern that has no other part of its own; NULL: it has. */
static const struct program *only_where(const struct plan_detect *detect)
{
	bool alone = detect->part_count == 1 || (detect->part_count == 2 && detect->parts[1].kind == PART_LINK);

	return alone && detect->parts[0].kind == PART_WHERE ? detect->parts[0].where : NULL;
}

static bool same_fact(const struct program_fact *a, const struct program_fact *b)
{
	return a->type == b->type && a->field == b->field && a->question == b->question && a->function == b->function &&
	       slice_equal(a->name, b->name) && slice_equal(a->list, b->list);
}

/* The same condition: asks for the same, and looks at the same in the same order. */
static bool same_where(const struct program *a, const struct program *b)
{
	if (a->need_count != b->need_count || a->fact_count != b->fact_count)
		return false;
	for (uint16_t i = 0; i < a->need_count; i++)
		if (a->needs[i].number == 0 || a->needs[i].number != b->needs[i].number)
			return false;
	for (uint16_t i = 0; i < a->fact_count; i++)
		if (!same_fact(&a->facts[i], &b->facts[i]))
			return false;
	return true;
}

/* For the next pattern that asks the same of this transaction. */
static void keep(struct matcher *m, const struct program *where, const struct piecework *work, const struct writer *out)
{
	char *at = m->kept.bytes;

	for (int i = 0; i < EVIDENCE_PIECES; i++) {
		uint32_t length = (uint32_t)(work->to[i] - work->from[i]);
		memcpy(at, out->bytes + work->from[i], length);
		m->kept.pieces[i] = (struct slice){at, length};
		at += length;
	}
	m->kept.where = where;
	m->kept.epoch = m->input.epoch;
}

struct slice evidence_write(struct matcher *m, const struct pattern *pattern, struct arena *arena)
{
	const struct program *where = only_where(pattern->detect);
	bool kept = where != NULL && m->kept.epoch == m->input.epoch && same_where(where, m->kept.where);
	struct writer out = {.bytes = m->writing, .capacity = EVIDENCE_BYTES_MAX};
	struct evidence_facts facts;
	struct piecework work = {.facts = kept ? NULL : &facts};

	if (!kept)
		facts_collect(m, pattern->detect, &facts);
	put_all(m, pattern, &work, &out);
	if (out.full) {
		/* Does not happen within the bounds of fields and titles; if it does, the bare hit is better than none. */
		count(COUNT_MATCH_EVENTS_FULL);
		out = (struct writer){.bytes = m->writing, .capacity = EVIDENCE_BYTES_MAX};
		facts.count = m->mark_count = 0;
		work.facts = &facts;
		put_all(m, pattern, &work, &out);
	} else if (where != NULL && !kept) {
		keep(m, where, &work, &out);
	}
	return arena_copy(arena, (struct slice){out.bytes, (uint32_t)out.length});
}
