/*
 * Part by part, what a pattern says of a transaction: for whoever asks why it did not hit.
 */
#include <stdarg.h>
#include <stdio.h>

#include "match/evidence.h"

enum { FOUND_BYTES = 2048, ASKED_BYTES = 256 };

struct explaining {
	struct matcher *m;
	const struct pattern *pattern;
	match_explained *report;
	void *context;
	char asked[ASKED_BYTES], found[FOUND_BYTES];
	size_t found_length;
};

static void found(struct explaining *e, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void found(struct explaining *e, const char *format, ...)
{
	size_t left = sizeof(e->found) - e->found_length;
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(e->found + e->found_length, left, format, args);
	va_end(args);
	e->found_length += length < 0 ? 0 : (size_t)length < left ? (size_t)length : left - 1;
}

static void say(struct explaining *e, enum plan_part_kind part, int depth, uint32_t alternative,
                enum match_answer answer, struct slice asked)
{
	struct match_said said = {.pattern = e->pattern, .part = (uint8_t)part, .depth = (uint8_t)depth,
	                          .alternative = (uint8_t)alternative, .answer = answer, .asked = asked,
	                          .found = {e->found, (uint32_t)e->found_length}};

	e->report(e->context, &said);
	e->found_length = 0;
	e->found[0] = '\0';
}

static enum match_answer answer_of(int64_t value)
{
	return value == VALUE_ABSENT ? MATCH_ABSENT : value == 1 ? MATCH_YES : MATCH_NO;
}

/* The values that a condition looks at, also where they decided nothing. */
static void find_facts(struct explaining *e, const struct program *program, uint32_t facts)
{
	for (uint16_t i = 0; i < program->fact_count; i++) {
		struct evidence_fact fact;
		if ((facts >> i & 1) == 0)
			continue;
		if (e->found_length > 0)
			found(e, ", ");
		if (facts_one(e->m, program, &program->facts[i], &fact))
			found(e, "%.*s %s", SLICE_PRINT(fact.name), fact.text);
		else
			found(e, "%.*s absent", SLICE_PRINT(program->facts[i].name));
	}
}

static void explain_where(struct explaining *e, const struct plan_part *part, int depth, uint32_t alternative)
{
	const struct program *program = part->where;

	if (program->apart_count == 0) { /* too large to be kept apart */
		find_facts(e, program, UINT32_MAX);
		say(e, PART_WHERE, depth, alternative, answer_of(condition_run(program, 0, &e->m->input)), slice_of("…"));
	}
	for (uint16_t i = 0; i < program->apart_count; i++) {
		const struct program_apart *apart = &program->apart[i];
		int64_t value = condition_run(program, apart->first, &e->m->input);
		find_facts(e, program, apart->facts);
		say(e, PART_WHERE, depth, alternative, answer_of(value), apart->text);
	}
}

/* The folded piece of text in which an entry stands; false where it does not. */
static bool find_entry(struct explaining *e, const struct plan_entry *entry)
{
	struct find_place place;

	for (uint32_t i = 0; i < entry->atom_count; i++) {
		if (!atom_found(e->m, entry->atoms[i]))
			continue;
		if (find_atom(e->m, &e->m->set->atoms[entry->atoms[i]], &place))
			found(e, "%s“%.*s”", e->found_length > 0 ? ", " : "", (int)(place.to - place.from),
			      e->m->folded.bytes + place.from);
		return true;
	}
	return false;
}

static uint32_t find_entries(struct explaining *e, const struct plan_entry *entries, uint32_t count)
{
	uint32_t there = 0;

	for (uint32_t i = 0; i < count; i++)
		there += find_entry(e, &entries[i]);
	return there;
}

static void explain_text(struct explaining *e, const struct plan_part *part, int depth, uint32_t alternative)
{
	const struct plan_text *text = &part->text;
	const struct {
		const char *name;
		const struct plan_entry *entries;
		uint32_t count;
	} lists[] = {{"any", text->any, text->any_count}, {"all", text->all, text->all_count},
	             {"none", text->none, text->none_count}};

	for (int i = 0; i < 3; i++) {
		uint32_t there = find_entries(e, lists[i].entries, lists[i].count);
		bool holds = i == 0 ? there > 0 : i == 1 ? there == lists[i].count : there == 0;
		if (lists[i].count == 0)
			continue;
		snprintf(e->asked, sizeof(e->asked), "%s of %u", lists[i].name, lists[i].count);
		say(e, PART_TEXT, depth, alternative, holds ? MATCH_YES : MATCH_NO, slice_of(e->asked));
	}
}

static void explain_list(struct explaining *e, const struct plan_part *part, int depth, uint32_t alternative)
{
	const struct plan_list_entry *asked;
	const struct reference_entry *entry = part_list_entry(e->m, part, &asked);
	size_t length = 0;

	for (uint32_t i = 0; i < part->list.count && length < sizeof(e->asked); i++)
		length += (size_t)snprintf(e->asked + length, sizeof(e->asked) - length, "%s%s: %.*s", i > 0 ? ", " : "",
		                           tx_fields[part->list.items[i].field].name,
		                           SLICE_PRINT(e->m->set->lists[part->list.items[i].list]));
	if (entry != NULL)
		found(e, "%.*s: %.*s", SLICE_PRINT(tx_text(e->m->input.tx, asked->field)), SLICE_PRINT(entry->reason));
	say(e, PART_LIST, depth, alternative, entry != NULL ? MATCH_YES : MATCH_NO, slice_of(e->asked));
}

static struct slice written(const struct explaining *e, enum plan_part_kind kind, int depth);

static void explain_sequence(struct explaining *e, const struct plan_part *part, int depth, uint32_t alternative)
{
	char text[1024];
	bool holds = sequence_said(e->m, part->sequence, text, sizeof(text));

	found(e, "%s", text);
	say(e, PART_SEQUENCE, depth, alternative, holds ? MATCH_YES : MATCH_NO, written(e, PART_SEQUENCE, depth));
}

static void explain_detect(struct explaining *e, const struct plan_detect *detect, int depth,
                           uint32_t alternative);

static void explain_any_of(struct explaining *e, const struct plan_part *part, int depth,
                           uint32_t alternative)
{
	snprintf(e->asked, sizeof(e->asked), "one of %u", part->any_of.count);
	say(e, PART_ANY_OF, depth, alternative, part_any_of_holds(e->m, part) ? MATCH_YES : MATCH_NO,
	    slice_of(e->asked));
	for (uint32_t i = 0; i < part->any_of.count; i++)
		explain_detect(e, &part->any_of.items[i], depth + 1, i + 1);
}

static const char *const part_names[PART_KIND_COUNT] = {
#define PART(symbol, key, member) [PART_##symbol] = key,
#include "pattern/parts.def"
#undef PART
};

/* A part as its pattern has it written; within any_of only its name. */
static struct slice written(const struct explaining *e, enum plan_part_kind kind, int depth)
{
	for (uint32_t i = 0; depth == 0 && i < e->pattern->written_count; i++)
		if (slice_is(e->pattern->written[i].key, part_names[kind]))
			return e->pattern->written[i].text;
	return slice_of(part_names[kind]);
}

static void explain_part(struct explaining *e, const struct plan_part *part, int depth, uint32_t alternative)
{
	switch (part->kind) {
	case PART_TEXT: explain_text(e, part, depth, alternative); break;
	case PART_LIST: explain_list(e, part, depth, alternative); break;
	case PART_WHERE: explain_where(e, part, depth, alternative); break;
	case PART_ANY_OF: explain_any_of(e, part, depth, alternative); break;
	case PART_LINK: case PART_PATH:
		say(e, part->kind, depth, alternative, MATCH_LATER, written(e, part->kind, depth));
		break;
	case PART_SEQUENCE: explain_sequence(e, part, depth, alternative); break;
	case PART_KIND_COUNT: break;
	}
}

/* The parser bounds any_of within any_of (PLAN_DEPTH_MAX). */
static void explain_detect(struct explaining *e, const struct plan_detect *detect, int depth,
                           uint32_t alternative)
{
	for (uint32_t i = 0; i < detect->part_count; i++)
		explain_part(e, &detect->parts[i], depth, alternative);
}

void match_explain(struct matcher *matcher, const struct tx *tx, const struct profile_view *view,
                   struct slice only, match_explained *report, void *context)
{
	struct explaining e = {.m = matcher, .report = report, .context = context};
	struct match_texts texts;

	condition_begin(&matcher->input, tx, view);
	sequence_tape_reset(&matcher->tape);
	texts_find(matcher, tx, &texts);
	for (uint32_t i = 0; i < matcher->set->pattern_count; i++) {
		e.pattern = &matcher->set->patterns[i];
		if (e.pattern->detect != NULL && (only.length == 0 || slice_equal(only, e.pattern->id)))
			explain_detect(&e, e.pattern->detect, 0, 0);
	}
	texts_forget(matcher);
}
