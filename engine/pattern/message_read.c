#include "pattern/message_read.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/yaml.h"
#include "pattern/read.h"

enum { PATH_BYTES = 4096, CHOICES_MAX = 400 };

struct reading {
	struct catalogue *catalogue;
	struct message_template *templates;
	struct message_phrase *phrases;
	struct arena *arena;
	struct source *source;
	const char *file;
	const char **typologies; /* ended by NULL; with none, any is taken */
};

static const char *const level_words[] = {"blue", "yellow", "orange", "red", NULL};
static const char *const template_keys[] = {"kind", "channel", "typology", "level", "subject", "text", NULL};
static const char *const phrase_keys[] = {"method", "check", NULL};
static const char *const language_keys[] = {"zh", "en", NULL};

/* ---- texts ---- */

static const struct message_value *value_find(struct slice name)
{
	const struct message_value *v = message_values;

	while (v->name != NULL && !slice_is(name, v->name))
		v++;
	return v->name != NULL ? v : NULL;
}

/* The names that a kind knows; the words live until the next call. */
static const char *const *names_of(int kind)
{
	static _Thread_local const char *names[CHOICES_MAX];
	size_t count = 0;

	for (const struct message_value *v = message_values; v->name != NULL && count < CHOICES_MAX - 1; v++)
		if (kind < 0 || (v->kinds & 1u << kind) != 0)
			names[count++] = v->name;
	names[count] = NULL;
	return names;
}

/* `kind` -1: a phrase, which stands inside other texts and has no placeholders. */
static void check_text(struct reading *r, const struct yaml_node *node, int kind)
{
	struct slice text = node->text, name;
	struct complaint c;
	char expected[600];

	for (uint32_t at = 0; at < text.length; at++) {
		uint32_t next = at;
		const struct message_value *value;
		if (text.at[at] != '{' && text.at[at] != '}')
			continue;
		if (text.at[at] == '}' || !fill_next(text, &next, &name) || name.at != text.at + at + 1) {
			complain(&c, at, "a brace that is no placeholder; a name is of small letters, such as {amount}");
			source_complain(r->source, node, &c);
			return;
		}
		value = value_find(name);
		if (kind < 0 || value == NULL || (value->kinds & 1u << kind) == 0) {
			complain(&c, at, "`{%.*s}` is filled in by nothing%s%s; expected %s", SLICE_PRINT(name),
			         kind < 0 ? "" : " in a ", kind < 0 ? "" : message_kind_names[kind],
			         kind < 0 ? "no placeholder" : read_choices(name, names_of(kind), expected, sizeof(expected)));
			source_complain(r->source, node, &c);
		}
		at = next - 1;
	}
}

static struct message_words read_text_pair(struct reading *r, const struct yaml_node *map, const char *key, int kind,
                                           bool required)
{
	const struct yaml_node *node = read_member(r->source, map, key, required), *zh, *en;
	struct message_words words = {0};

	if (node == NULL || !read_map(r->source, node, key, language_keys))
		return words;
	words.zh = read_text(r->source, r->arena, node, "zh", true);
	words.en = read_text(r->source, r->arena, node, "en", true);
	if ((zh = yaml_find(node, "zh")) == NULL || (en = yaml_find(node, "en")) == NULL || words.zh.at == NULL ||
	    words.en.at == NULL)
		return words;
	words.line = zh->line;
	words.column = zh->column;
	words.line_en = en->line;
	words.column_en = en->column;
	check_text(r, zh, kind);
	check_text(r, en, kind);
	return words;
}

/* ---- the case a template is for ---- */

/* Bits by the positions in `words` of what `key` lists, 0 where it is left out. */
static unsigned read_bits(struct reading *r, const struct yaml_node *map, const char *key, const char *const *words)
{
	const struct yaml_node *node = read_member(r->source, map, key, false), *item;
	char expected[200];
	unsigned bits = 0;

	if (node != NULL && node->type == YAML_MAP) {
		source_fault(r->source, node, "`%s` must be a word or a list of words", key);
		return 0;
	}
	item = node == NULL ? NULL : node->type == YAML_LIST ? node->first : node;
	for (; item != NULL; item = node->type == YAML_LIST ? item->next : NULL) {
		int i = 0;
		while (words[i] != NULL && (item->type != YAML_TEXT || !slice_is(item->text, words[i])))
			i++;
		if (words[i] != NULL)
			bits |= 1u << i;
		else
			source_fault(r->source, item, "`%s: %.40s`: expected %s", key, item->type == YAML_TEXT ? item->text.at : "…",
			             read_choices(item->text, words, expected, sizeof(expected)));
	}
	return bits;
}

static void check_typology(struct reading *r, const struct yaml_node *node, struct slice id, bool key)
{
	char expected[120], *near;
	int i = 0;

	while (r->typologies[i] != NULL && !slice_is(id, r->typologies[i]))
		i++;
	if (r->typologies[i] != NULL || i == 0)
		return;
	/* Forty codes are no help: only the near one is told. */
	near = strchr(read_choices(id, r->typologies, expected, sizeof(expected)), '(');
	if (key)
		source_fault_key(r->source, node, "the typology `%.*s` is not in typologies.yaml %s", SLICE_PRINT(id),
		                 near != NULL ? near : "");
	else
		source_fault(r->source, node, "the typology `%.*s` is not in typologies.yaml %s", SLICE_PRINT(id),
		             near != NULL ? near : "");
}

static void read_typologies(struct reading *r, const struct yaml_node *map, struct message_template *t)
{
	const struct yaml_node *node = yaml_find(map, "typology");
	uint32_t count = 0;

	t->typologies = read_list(r->source, r->arena, map, "typology", &count);
	t->typology_count = count;
	for (uint32_t i = 0; i < count; i++) {
		check_typology(r, node, t->typologies[i], false);
		if (t->typologies[i].at[0] == 'M' && t->kind != MESSAGE_CALL)
			source_fault(r->source, node, "%.*s is for analysts only; nothing but a `call` may speak of it",
			             SLICE_PRINT(t->typologies[i]));
	}
}

/* What stands twice would make the winner a matter of file names. */
static bool overlap(const struct message_template *a, const struct message_template *b)
{
	bool same = a->typology_count == 0;

	if (a->kind != b->kind || (a->channels == 0) != (b->channels == 0) || (a->levels == 0) != (b->levels == 0) ||
	    (a->typology_count == 0) != (b->typology_count == 0) || (a->channels != 0 && (a->channels & b->channels) == 0) ||
	    (a->levels != 0 && (a->levels & b->levels) == 0))
		return false;
	for (size_t i = 0; i < a->typology_count; i++)
		for (size_t j = 0; j < b->typology_count; j++)
			same |= slice_equal(a->typologies[i], b->typologies[j]);
	return same;
}

static void check_twice(struct reading *r, const struct yaml_node *node, const struct message_template *t)
{
	for (size_t i = 0; i < r->catalogue->message_count; i++) {
		const struct message_template *other = &r->templates[i];
		if (overlap(t, other)) {
			source_fault(r->source, node, "a template for the same case stands at %s:%d", other->file, other->line);
			return;
		}
	}
}

static bool is_sms_only(const struct message_template *t)
{
	for (int i = 0; message_channels[i].name != NULL; i++)
		if ((t->channels & 1u << i) != 0 && message_channels[i].form != MESSAGE_FORM_SMS)
			return false;
	return t->channels != 0;
}

static void read_template(struct reading *r, const struct yaml_node *node)
{
	struct message_template t = {.file = r->file, .line = node->line, .column = node->column};
	static const char *names[CHOICES_MAX];
	int kind;

	for (int i = 0; message_channels[i].name != NULL; i++)
		names[i] = message_channels[i].name;
	if (!read_map(r->source, node, "a message", template_keys) ||
	    (kind = read_word(r->source, node, "kind", message_kind_names, true)) == -1)
		return;
	t.kind = (enum message_kind)kind;
	t.channels = read_bits(r, node, "channel", names);
	t.levels = read_bits(r, node, "level", level_words) << 1;
	read_typologies(r, node, &t);
	t.subject = read_text_pair(r, node, "subject", kind, !is_sms_only(&t));
	t.text = read_text_pair(r, node, "text", kind, true);
	check_twice(r, node, &t);
	if (r->catalogue->message_count == MESSAGE_TEMPLATES_MAX)
		source_fault(r->source, node, "more than %d templates", MESSAGE_TEMPLATES_MAX);
	else
		r->templates[r->catalogue->message_count++] = t;
}

/* ---- phrases.yaml ---- */

static void read_phrase(struct reading *r, const struct yaml_node *node)
{
	struct message_phrase p = {.typology = arena_copy(r->arena, node->key), .file = r->file};

	check_typology(r, node, node->key, true);
	if (!read_map(r->source, node, "a phrase", phrase_keys))
		return;
	p.method = read_text_pair(r, node, "method", -1, true);
	p.check = read_text_pair(r, node, "check", -1, true);
	if (r->catalogue->phrase_count == MESSAGE_PHRASES_MAX)
		source_fault(r->source, node, "more than %d phrases", MESSAGE_PHRASES_MAX);
	else
		r->phrases[r->catalogue->phrase_count++] = p;
}

/* ---- files ---- */

static void read_root(struct reading *r, const struct yaml_node *root, bool phrases)
{
	if (root->type != (phrases ? YAML_MAP : YAML_LIST)) {
		source_fault(r->source, root, phrases ? "expected `V01: {method: …, check: …}` a typology"
		                                      : "expected a list of messages, each with `kind` and `text`");
		return;
	}
	for (const struct yaml_node *n = root->first; n != NULL; n = n->next)
		if (phrases)
			read_phrase(r, n);
		else
			read_template(r, n);
}

static void read_file(struct reading *r, const char *folder, const char *name, struct faults *faults)
{
	char path[PATH_BYTES];
	struct source source;
	size_t length = strlen(name);

	snprintf(path, sizeof(path), "%.3000s/%.255s", folder, name);
	if (length > 4 && strcmp(name + length - 4, ".yml") == 0)
		faults_say(faults, false, path, 0, 0, "is not read; a file of messages ends in .yaml");
	if (length <= 5 || strcmp(name + length - 5, ".yaml") != 0)
		return;
	r->file = arena_copy(r->arena, slice_of(path)).at;
	if (source_load_file(&source, path, path, faults) == -1)
		return;
	r->source = &source;
	read_root(r, source.yaml.root, strcmp(name, "phrases.yaml") == 0);
	source_free(&source);
}

static int not_hidden(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void read_folder(struct reading *r, const char *folder, struct faults *faults)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, not_hidden, by_name);

	if (count < 0) {
		if (errno != ENOENT)
			faults_say(faults, false, folder, 0, 0, "cannot be read: %s", strerror(errno));
		return;
	}
	for (int i = 0; i < count; i++) {
		read_file(r, folder, entries[i]->d_name, faults);
		free(entries[i]);
	}
	free(entries);
}

void messages_read(const char *dir, struct catalogue *catalogue, struct arena *arena, struct faults *faults)
{
	struct reading r = {.catalogue = catalogue, .arena = arena};
	char folder[PATH_BYTES];

	snprintf(folder, sizeof(folder), "%.3000s/messages", dir);
	r.templates = read_take(arena, MESSAGE_TEMPLATES_MAX * sizeof(*r.templates));
	r.phrases = read_take(arena, MESSAGE_PHRASES_MAX * sizeof(*r.phrases));
	r.typologies = read_take(arena, (catalogue->typology_count + 1) * sizeof(*r.typologies));
	for (size_t i = 0; i < catalogue->typology_count; i++)
		r.typologies[i] = catalogue->typologies[i].id.at;
	r.typologies[catalogue->typology_count] = NULL;
	catalogue->messages = r.templates;
	catalogue->phrases = r.phrases;
	read_folder(&r, folder, faults);
}
