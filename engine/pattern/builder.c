#include "pattern/builder.h"

#include <stdio.h>
#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "pattern/read.h"
#include "reference/reference.h"

enum { BUCKETS = 1 << 16, PATTERNS_FIRST = 64, PATH_BYTES = 4096 };

void builder_init(struct builder *builder, struct pattern_set *set, struct faults *faults)
{
	*builder = (struct builder){.set = set, .faults = faults, .buckets = calloc(BUCKETS, sizeof(uint32_t))};
	if (builder->buckets == NULL)
		die("out of memory: loading patterns");
	arena_init(&set->arena, BUILDER_ARENA_BYTES_MAX);
	arena_init(&builder->scratch, BUILDER_SCRATCH_BYTES_MAX);
	searches_init(&builder->searches, set);
}

void builder_deinit(struct builder *builder)
{
	free(builder->atoms);
	free(builder->gates);
	free(builder->buckets);
	questions_deinit(&builder->questions);
	needs_deinit(&builder->needs);
	searches_deinit(&builder->searches);
	glossary_free(&builder->words);
	glossary_free(&builder->conditions);
	arena_deinit(&builder->scratch);
}

void builder_fault(struct builder *builder, const char *file, int line, int column, const char *format, ...)
{
	char path[PATH_BYTES];
	va_list args;

	if (builder->dir != NULL)
		snprintf(path, sizeof(path), "%s/%s", builder->dir, file);
	else
		snprintf(path, sizeof(path), "%s", file);
	va_start(args, format);
	faults_add(builder->faults, false, path, line, column, format, args);
	va_end(args);
}

static void *grow(void *array, uint32_t count, uint32_t *capacity, size_t item_bytes)
{
	if (count < *capacity)
		return array;
	*capacity = *capacity > 0 ? *capacity * 2 : 256;
	array = realloc(array, *capacity * item_bytes);
	if (array == NULL)
		die("out of memory: loading patterns");
	return array;
}

/* The array stays in the arena; the old piece is lost, which is little beside its doubling. */
struct pattern *builder_pattern(struct builder *builder)
{
	struct pattern_set *set = builder->set;

	if (set->pattern_count == builder->pattern_capacity) {
		uint32_t capacity = builder->pattern_capacity > 0 ? builder->pattern_capacity * 2 : PATTERNS_FIRST;
		struct pattern *patterns = read_take(&set->arena, capacity * sizeof(*patterns));
		if (set->pattern_count > 0)
			memcpy(patterns, set->patterns, set->pattern_count * sizeof(*patterns));
		set->patterns = patterns;
		builder->pattern_capacity = capacity;
	}
	set->patterns[set->pattern_count] = (struct pattern){0};
	return &set->patterns[set->pattern_count++];
}

int builder_region(struct builder *builder, const uint8_t *fields, uint8_t field_count)
{
	struct pattern_set *set = builder->set;
	struct plan_region *region = set->regions;

	for (; region < set->regions + set->region_count; region++)
		if (region->field_count == field_count && memcmp(region->fields, fields, field_count) == 0)
			return (int)(region - set->regions);
	if (set->region_count == PLAN_REGIONS_MAX)
		return -1;
	region->field_count = field_count;
	memcpy(region->fields, fields, field_count);
	for (uint8_t i = 0; i < field_count; i++)
		set->fields_folded |= 1u << fields[i];
	return (int)set->region_count++;
}

static bool same(const struct builder_atom *a, const struct builder_atom *b)
{
	return a->plan.region == b->plan.region && a->plan.guarded == b->plan.guarded &&
	       slice_equal(a->bytes, b->bytes);
}

uint32_t builder_atom(struct builder *builder, const struct builder_atom *atom)
{
	uint64_t hash = XXH3_64bits_withSeed(atom->bytes.at, atom->bytes.length, atom->plan.region);
	uint32_t *bucket = &builder->buckets[hash % BUCKETS], i = *bucket;

	for (; i != 0; i = builder->atoms[i - 1].next_same_hash)
		if (same(&builder->atoms[i - 1], atom))
			return i - 1;
	builder->atoms = grow(builder->atoms, builder->atom_count, &builder->atom_capacity, sizeof(*builder->atoms));
	builder->atoms[builder->atom_count] = *atom;
	builder->atoms[builder->atom_count].next_same_hash = *bucket;
	*bucket = ++builder->atom_count;
	return builder->atom_count - 1;
}

int builder_list(struct builder *builder, struct slice name, const char **why_r)
{
	struct pattern_set *set = builder->set;

	if (!reference_is_name(name)) {
		*why_r = "the name of a list, which is that of its file without .csv, at most 64 bytes";
		return -1;
	}
	if (slice_is(name, REFERENCE_ALLOW)) {
		*why_r = "another list: `" REFERENCE_ALLOW "` quiets patterns and is not asked";
		return -1;
	}
	if (slice_is(name, REFERENCE_STOP_PAYMENT) && set->pattern_count > 0)
		set->patterns[set->pattern_count - 1].asks_stop_payment = true;
	for (uint32_t i = 0; i < set->list_count; i++)
		if (slice_equal(set->lists[i], name))
			return (int)i;
	if (set->list_count == PLAN_LISTS_MAX) {
		*why_r = "fewer lists: the patterns ask more than can be numbered";
		return -1;
	}
	if (builder->lists == NULL)
		set->lists = builder->lists = read_take(&set->arena, PLAN_LISTS_MAX * sizeof(*builder->lists));
	builder->lists[set->list_count] = arena_copy(&set->arena, name);
	return (int)set->list_count++;
}

static void gate_on(struct builder *builder, const struct plan_entry *entry, uint32_t pattern)
{
	for (uint32_t i = 0; i < entry->atom_count; i++) {
		builder->gates =
			grow(builder->gates, builder->gate_count, &builder->gate_capacity, sizeof(*builder->gates));
		builder->gates[builder->gate_count++] = (struct builder_gate){entry->atoms[i], pattern};
	}
}

static bool gate_on_part(struct builder *builder, const struct plan_part *part, uint32_t pattern)
{
	uint32_t gates_before = builder->gate_count;

	switch (part->kind) {
	case PART_TEXT:
		/* One of `all` is enough: without it nothing hits. */
		for (uint32_t i = 0; i < part->text.any_count && part->text.all_count == 0; i++)
			gate_on(builder, &part->text.any[i], pattern);
		if (part->text.all_count > 0)
			gate_on(builder, &part->text.all[0], pattern);
		return part->text.any_count + part->text.all_count > 0;
	case PART_ANY_OF:
		for (uint32_t i = 0; i < part->any_of.count; i++)
			if (!builder_gate(builder, &part->any_of.items[i], pattern)) {
				builder->gate_count = gates_before; /* one alternative needs no text: the whole needs none */
				return false;
			}
		return true;
	default:
		return false;
	}
}

bool builder_gate(struct builder *builder, const struct plan_detect *detect, uint32_t pattern)
{
	for (uint32_t i = 0; i < detect->part_count; i++)
		if (gate_on_part(builder, &detect->parts[i], pattern))
			return true;
	return false;
}

static int by_id(const void *a, const void *b)
{
	const struct pattern *x = a, *y = b;
	int order = slice_compare(x->id, y->id);

	return order != 0 ? order : slice_compare(x->file, y->file);
}

void builder_sort(struct builder *builder)
{
	struct pattern_set *set = builder->set;

	if (set->pattern_count > 0)
		qsort(set->patterns, set->pattern_count, sizeof(*set->patterns), by_id);
	for (uint32_t i = 1; i < set->pattern_count; i++) {
		const struct pattern *pattern = &set->patterns[i];
		if (pattern->id.length > 0 && slice_equal(pattern->id, pattern[-1].id))
			builder_fault(builder, pattern->file.at, 0, 0, "the id `%s` belongs to %s already; ids are unique",
			              pattern->id.at, pattern[-1].file.at);
	}
}

static int by_atom(const void *a, const void *b)
{
	const struct builder_gate *x = a, *y = b;

	if (x->atom != y->atom)
		return x->atom < y->atom ? -1 : 1;
	return x->pattern < y->pattern ? -1 : x->pattern > y->pattern;
}

/* Of the active ones; that they wait for no other account was checked when they were read. */
static void finish_withholding(struct pattern_set *set)
{
	uint32_t *numbers = read_take(&set->arena, set->pattern_count * sizeof(*numbers));

	for (uint32_t i = 0; i < set->pattern_count; i++) {
		const struct pattern *p = &set->patterns[i];
		if (p->withholds_warnings && p->status == PATTERN_ACTIVE && p->detect != NULL && p->lack == NULL)
			numbers[set->withholding_count++] = i;
	}
	set->withholding = numbers;
}

/* Each running pattern on its gates, or among the open ones. */
static void finish_gates(struct builder *builder)
{
	struct pattern_set *set = builder->set;
	size_t open_bytes = (set->pattern_count / 64 + 1) * sizeof(*set->open);
	uint64_t *open = read_take(&set->arena, open_bytes);
	uint32_t unique = 0, *gates;

	memset(open, 0, open_bytes);
	for (uint32_t i = 0; i < set->pattern_count; i++)
		if (set->patterns[i].detect != NULL && !builder_gate(builder, set->patterns[i].detect, i)) {
			open[i / 64] |= UINT64_C(1) << i % 64;
			set->open_count++;
		}
	set->open = open;
	if (builder->gate_count > 0)
		qsort(builder->gates, builder->gate_count, sizeof(*builder->gates), by_atom);
	gates = read_take(&set->arena, builder->gate_count * sizeof(*gates));
	for (uint32_t i = 0; i < builder->gate_count; i++) {
		struct plan_atom *atom = &set->atoms[builder->gates[i].atom];
		if (i > 0 && by_atom(&builder->gates[i], &builder->gates[i - 1]) == 0)
			continue;
		if (atom->gate_count++ == 0)
			atom->gates = gates + unique;
		gates[unique++] = builder->gates[i].pattern;
	}
}

/* What tells at a glance that none of the region's expressions is in a text, where something does. */
static const struct plan_glance *glance_of(const struct builder *builder, uint32_t region)
{
	struct slice words[GLANCE_WORDS_MAX + 1];
	uint32_t count = 0;

	for (uint32_t i = 0; i < builder->atom_count; i++) {
		const struct builder_atom *atom = &builder->atoms[i];
		if (atom->plan.region != region)
			continue;
		if (atom->word_count == 0 || count + atom->word_count > GLANCE_WORDS_MAX)
			return NULL;
		memcpy(words + count, atom->words, atom->word_count * sizeof(*words));
		count += atom->word_count;
	}
	return glance_build(&builder->set->arena, words, count);
}

static void finish_searches(struct builder *builder)
{
	for (uint32_t i = 0; i < builder->atom_count; i++) {
		const struct builder_atom *atom = &builder->atoms[i];
		if (!searches_add(&builder->searches, i, atom->plan.region, atom->bytes, atom->ways))
			builder_fault(builder, atom->file, atom->line, atom->column,
			              "too large when compiled; use smaller classes or fewer repeats");
	}
	searches_finish(&builder->searches);
	for (uint32_t i = 0; i < builder->set->region_count; i++)
		builder->set->regions[i].glance = glance_of(builder, i);
}

static void finish_questions(struct builder *builder)
{
	const struct questions *questions = &builder->questions;
	struct program_question *items = read_take(&builder->set->arena, questions->count * sizeof(*items));

	if (questions->count > 0)
		memcpy(items, questions->items, questions->count * sizeof(*items));
	builder->set->questions = items;
	builder->set->question_count = questions->count;
	builder->set->need_count = builder->needs.count;
}

void builder_finish(struct builder *builder)
{
	struct pattern_set *set = builder->set;

	set->atom_count = builder->atom_count;
	set->atoms = read_take(&set->arena, set->atom_count * sizeof(*set->atoms));
	for (uint32_t i = 0; i < set->atom_count; i++) {
		set->atoms[i] = builder->atoms[i].plan;
		if (set->atoms[i].program != NULL && set->atoms[i].program->count > set->program_longest)
			set->program_longest = set->atoms[i].program->count;
	}
	finish_questions(builder);
	finish_gates(builder);
	finish_withholding(builder->set);
	gate_build(set);
	finish_searches(builder);
}
