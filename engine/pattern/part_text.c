/*
 * `text`: {in: [fields], any: […], all: […], none: […]}.
 *
 * At least one of `any`, every one of `all`, and none of `none` must be in the fields; `<name>` is a list of
 * words.yaml. Purpose and remark together are one region, joined in this order, so that words split over them
 * are found; every other field is a region of its own.
 */
#include "fold/fold.h"
#include "pattern/builder.h"
#include "pattern/read.h"
#include "pattern/regex.h"
#include "pattern/weaken.h"

struct regions {
	uint8_t numbers[PLAN_REGIONS_MAX];
	uint32_t count;
	bool names_only; /* neither purpose nor remark is among them */
};

static const char *text_field_at(int i)
{
	return tx_fields[i].type == TX_TYPE_TEXT ? tx_fields[i].name : "";
}

static void unknown_field(struct reader *reader, const struct yaml_node *item)
{
	const char *near = item->type == YAML_TEXT ? yaml_nearest(item->text, text_field_at, TX_FIELD_COUNT) : NULL;

	source_fault(reader->source, item,
	             "`%.*s` is no text field; expected purpose, remark, counterparty.name, "
	             "account_name or another%s%s%s",
	             SLICE_PRINT(item->text), near != NULL ? " (did you mean `" : "", near != NULL ? near : "",
	             near != NULL ? "`?)" : "");
}

/* The fields of `in` as bits. */
static uint32_t read_fields(struct reader *reader, const struct yaml_node *in)
{
	const struct yaml_node *item = in->type == YAML_LIST ? in->first : in;
	uint32_t fields = 0;

	for (; item != NULL; item = in->type == YAML_LIST ? item->next : NULL) {
		enum tx_field field = item->type == YAML_TEXT ? tx_field_find(item->text) : TX_FIELD_COUNT;
		if (field == TX_FIELD_COUNT || tx_fields[field].type != TX_TYPE_TEXT)
			unknown_field(reader, item);
		else if (fields >> field & 1)
			source_fault(reader->source, item, "`%s` stands here twice", tx_fields[field].name);
		else
			fields |= 1u << field;
	}
	return fields;
}

static void add_region(struct reader *reader, const struct yaml_node *node, struct regions *regions,
                       uint8_t first, uint8_t second, uint8_t count)
{
	uint8_t fields[2] = {first, second};
	int region = reader->running ? builder_region(reader->builder, fields, count) : 0;

	if (region < 0)
		source_fault(reader->source, node, "the patterns look into more than %d different texts", PLAN_REGIONS_MAX);
	else
		regions->numbers[regions->count++] = (uint8_t)region;
}

static bool read_in(struct reader *reader, const struct yaml_node *map, struct regions *regions)
{
	const uint32_t joined = 1u << TX_PURPOSE_FIELD | 1u << TX_REMARK_FIELD;
	const struct yaml_node *node = read_member(reader->source, map, "in", true);
	uint32_t fields = node != NULL ? read_fields(reader, node) : 0;

	regions->count = 0;
	regions->names_only = fields != 0 && (fields & joined) == 0;
	if ((fields & joined) == joined) {
		add_region(reader, node, regions, TX_PURPOSE_FIELD, TX_REMARK_FIELD, 2);
		fields &= ~joined;
	}
	for (uint8_t field = 0; field < TX_FIELD_COUNT; field++)
		if (fields >> field & 1)
			add_region(reader, node, regions, field, 0, 1);
	return regions->count > 0;
}

static void note_words(struct builder *builder, const struct regex_node *root, struct builder_atom *atom)
{
	struct arena *arena = &builder->set->arena;
	struct regex_words words;
	struct slice *own;

	arena_reset(&builder->scratch);
	regex_words(&builder->scratch, root, GLANCE_WORDS_OF_ONE_MAX, &words);
	own = read_take(arena, words.count * sizeof(*own));
	for (uint32_t i = 0; i < words.count; i++)
		own[i] = arena_copy(arena, words.items[i]);
	atom->words = own;
	atom->word_count = words.count;
}

static void note_ways(struct builder *builder, const struct regex_node *root, struct builder_atom *atom)
{
	struct regex_way whole = {.node = root};
	struct regex_ways ways = {&whole, 1};

	arena_reset(&builder->scratch);
	if (builder->ways_size < BUILDER_WAYS_MAX)
		ways = regex_clues(&builder->scratch, root, &whole);
	builder->ways_size += regex_ways_size(ways);
	atom->ways = regex_ways_copy(&builder->set->arena, ways);
}

/* What is known of its tree. */
static void note_tree(struct builder *builder, const struct regex_node *root, struct builder_atom *atom)
{
	note_words(builder, root, atom);
	note_ways(builder, root, atom);
	atom->plan.tells_digits = regex_tells_digits(root);
}

static bool read_regex(struct reader *reader, const struct yaml_node *node, struct builder_atom *atom)
{
	struct slice inside = {node->text.at + 1, node->text.length - 2};
	struct arena *arena = &reader->builder->set->arena;
	struct complaint complaint;
	struct regex_node *root = regex_parse(arena, inside, &complaint);

	if (root == NULL) {
		complaint.offset++; /* the slash */
		source_complain(reader->source, node, &complaint);
		return false;
	}
	if (regex_has_bare_word(root))
		source_warn(reader->source, node,
		            "a short ASCII word in a regular expression is found inside longer words too; "
		            "as a literal of its own it must stand alone");
	atom->plan.program = regex_assemble(arena, root);
	note_tree(reader->builder, root, atom);
	atom->bytes = regex_emit(arena, root, false);
	if (atom->bytes.length == 0)
		source_fault(reader->source, node, "too large when compiled; use smaller classes or fewer repeats");
	return atom->bytes.length > 0;
}

static bool read_literal(struct reader *reader, const struct yaml_node *node, struct builder_atom *atom)
{
	char folded[TEXT_LITERAL_BYTES_MAX];
	struct arena *arena = &reader->builder->set->arena;
	ptrdiff_t length = fold_text(node->text.at, node->text.length, folded, sizeof(folded));

	if (length < 0) {
		source_fault(reader->source, node, "too long; at most %d bytes when folded", TEXT_LITERAL_BYTES_MAX);
		return false;
	}
	if (length == 0) {
		source_fault(reader->source, node, "folding drops all of `%.60s`, so it would be found everywhere",
		             node->text.at);
		return false;
	}
	if (length <= 3 && (unsigned char)folded[0] >= 0xE0)
		source_warn(reader->source, node, "a single character is found in very many texts");
	atom->plan.literal = arena_copy(arena, (struct slice){folded, (uint32_t)length});
	atom->plan.guarded = fold_wants_guard(folded, (size_t)length);
	atom->bytes = regex_emit_literal(arena, atom->plan.literal);
	note_tree(reader->builder, regex_node_of_text(arena, atom->plan.literal), atom);
	return true;
}

static bool is_number(struct slice word)
{
	for (uint32_t i = 0; i < word.length; i++)
		if (word.at[i] < '0' || word.at[i] > '9')
			return false;
	return true;
}

/* Is a certain number alone enough for it? Then no text with a number as long is remembered (match/texts.h). */
static bool has_bare_number(struct regex_ways ways)
{
	for (uint32_t i = 0; i < ways.count; i++) {
		const struct regex_way *way = &ways.items[i];
		for (uint32_t j = 0; way->whole && way->clue_count > 0 && j < way->clues[0].count; j++)
			if (is_number(way->clues[0].words[j]) && regex_tells_digits(way->node))
				return true;
	}
	return false;
}

/* One entry in every region; false where it is faulty. */
static bool read_entry(struct reader *reader, const struct yaml_node *node, const struct regions *regions,
                       struct plan_entry *entry_r)
{
	struct builder *builder = reader->builder;
	struct builder_atom atom = {.file = reader->file};
	bool fine, regex;
	uint32_t *atoms;

	if (node->type != YAML_TEXT || node->text.length == 0) {
		source_fault(reader->source, node, "expected a text or a regular expression between slashes");
		return false;
	}
	regex = node->text.length > 2 && node->text.at[0] == '/' && node->text.at[node->text.length - 1] == '/';
	fine = regex ? read_regex(reader, node, &atom) : read_literal(reader, node, &atom);
	if (fine && has_bare_number(atom.ways))
		source_warn(reader->source, node, "a number alone has every text with a number as long searched anew; "
		                                  "put a word beside it, as in `315晚会`");
	if (!fine || !reader->running)
		return fine;
	atom.line = node->line;
	atom.column = node->column;
	atoms = read_take(&builder->set->arena, regions->count * sizeof(*atoms));
	for (uint32_t i = 0; i < regions->count; i++) {
		atom.plan.region = regions->numbers[i];
		if (builder->atom_count == PLAN_ATOMS_MAX) {
			source_fault(reader->source, node, "the patterns have more than %d expressions", PLAN_ATOMS_MAX);
			return false;
		}
		atoms[i] = builder_atom(builder, &atom);
	}
	*entry_r = (struct plan_entry){atoms, regions->count};
	return true;
}

/* `any` and `none` are a condition each; of `all` each entry is one. */
enum text_list { TEXT_ANY, TEXT_ALL, TEXT_NONE };
static const struct {
	const char *key, *part;
} text_lists[] = {{"any", "text any"}, {"all", "text all"}, {"none", "text none"}};

/* What a list comes to, in every region. */
struct entries {
	enum text_list which;
	const struct regions *regions;
	struct plan_entry *items;
	uint32_t count;
};

static bool is_repeated(const struct plan_entry *entries, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		if (entries[count].atom_count > 0 && entries[i].atoms[0] == entries[count].atoms[0])
			return true;
	return false;
}

static void read_items(struct reader *reader, const struct yaml_node *list, struct entries *entries);

/* All of a list of words.yaml. What is wrong in it is said once, at its own place. */
static void read_named(struct reader *reader, const struct yaml_node *node, struct entries *entries)
{
	struct glossary *lists = &reader->builder->words;
	char why[GLOSSARY_WHY_BYTES];
	struct glossary_entry *list = glossary_use(lists, node->text, why);
	unsigned before = reader->builder->faults->errors;
	struct reader within = *reader;

	if (list == NULL)
		source_fault(reader->source, node, "%s", why);
	if (list == NULL || list->faulty)
		return;
	within.source = &lists->source;
	within.file = lists->kind->file;
	if (++within.list_depth > GLOSSARY_DEPTH)
		source_fault(reader->source, node, "`%s` stands in lists within lists, more than %d deep; is it within itself?",
		             node->text.at, GLOSSARY_DEPTH);
	else
		read_items(&within, list->node, entries);
	list->faulty = reader->builder->faults->errors > before;
}

static void read_items(struct reader *reader, const struct yaml_node *list, struct entries *entries)
{
	bool own = reader->list_depth == 0;

	for (const struct yaml_node *node = list->first; node != NULL; node = node->next) {
		struct plan_entry *entry = &entries->items[entries->count];
		if (node->type == YAML_TEXT && glossary_is_name(node->text)) {
			read_named(reader, node, entries);
			continue;
		}
		*entry = (struct plan_entry){0};
		if (entries->which == TEXT_ALL && weaken_value(reader, node, text_lists[TEXT_ALL].part))
			continue;
		if (!read_entry(reader, node, entries->regions, entry))
			continue;
		if (own && is_repeated(entries->items, entries->count))
			source_warn(reader->source, node, "folded, `%.60s` is the same as an entry before it", node->text.at);
		entries->count++;
	}
}

/* How many entries a list comes to, with those of the lists that it names; `most` where there are as many or more. */
static uint32_t size_of(const struct glossary *lists, const struct yaml_node *list, uint32_t most, int depth)
{
	uint32_t size = 0;

	for (const struct yaml_node *node = list->first; node != NULL && size < most; node = node->next) {
		bool is_name = node->type == YAML_TEXT && glossary_is_name(node->text);
		const struct glossary_entry *named = is_name ? glossary_find(lists, node->text) : NULL;
		size += named == NULL || depth == 0 ? 1 : size_of(lists, named->node, most - size, depth - 1);
	}
	return size;
}

static const struct plan_entry *read_entries(struct reader *reader, const struct yaml_node *map,
                                             enum text_list which, const struct regions *regions,
                                             uint32_t *count_r)
{
	const char *key = text_lists[which].key;
	const struct yaml_node *list = read_member(reader->source, map, key, false);
	struct entries entries = {.which = which, .regions = regions};
	uint32_t size = 0;

	*count_r = 0;
	if (list == NULL)
		return NULL;
	if (list->type == YAML_LIST)
		size = size_of(&reader->builder->words, list, TEXT_ENTRIES_MAX + 1, GLOSSARY_DEPTH);
	if (list->type != YAML_LIST || list->count == 0 || size > TEXT_ENTRIES_MAX) {
		source_fault(reader->source, list, "`%s` must be a list of 1 to %d expressions", key, TEXT_ENTRIES_MAX);
		return NULL;
	}
	if (which != TEXT_ALL && weaken_value(reader, list, text_lists[which].part))
		return NULL;
	entries.items = read_take(&reader->builder->set->arena, (size_t)size * sizeof(*entries.items));
	read_items(reader, list, &entries);
	*count_r = entries.count;
	return entries.items;
}

static void set_bit(struct plan_word *words, uint32_t *count, uint32_t atom)
{
	uint32_t i = 0;

	while (i < *count && words[i].number != atom / 64)
		i++;
	if (i == *count)
		words[(*count)++] = (struct plan_word){.number = atom / 64};
	words[i].bits |= UINT64_C(1) << atom % 64;
}

static struct plan_bits bits_of(struct arena *arena, const struct plan_entry *entries, uint32_t count)
{
	struct plan_bits bits = {0};
	struct plan_word *words;
	uint32_t atoms = 0;

	for (uint32_t i = 0; i < count; i++)
		atoms += entries[i].atom_count;
	words = read_take(arena, atoms * sizeof(*words));
	for (uint32_t i = 0; i < count; i++)
		for (uint32_t j = 0; j < entries[i].atom_count; j++) {
			set_bit(words, &bits.word_count, entries[i].atoms[j]);
			bits.sieve |= plan_sieve(entries[i].atoms[j]);
		}
	bits.words = words;
	return bits;
}

bool part_text_read(struct reader *reader, const struct yaml_node *node, struct plan_part *part_r)
{
	static const char *const keys[] = {"in", "any", "all", "none", NULL};
	struct plan_text *text = &part_r->text;
	struct regions regions;

	if (!read_map(reader->source, node, "`text`", keys))
		return false;
	if (yaml_find(node, "any") == NULL && yaml_find(node, "all") == NULL && yaml_find(node, "none") == NULL)
		source_fault(reader->source, node, "`text` looks for nothing; expected any, all or none");
	read_in(reader, node, &regions); /* with a fault in it, the entries are still checked */
	text->any = read_entries(reader, node, TEXT_ANY, &regions, &text->any_count);
	text->all = read_entries(reader, node, TEXT_ALL, &regions, &text->all_count);
	text->none = read_entries(reader, node, TEXT_NONE, &regions, &text->none_count);
	if (text->none_count > 0 && regions.names_only)
		source_warn(reader->source, yaml_find(node, "none"),
		            "every name with one of these is searched, though hardly one is asked for; "
		            "write `not contains(…)` in a `where`");
	text->any_bits = bits_of(&reader->builder->set->arena, text->any, text->any_count);
	text->none_bits = bits_of(&reader->builder->set->arena, text->none, text->none_count);
	return true;
}
