#include "pattern/glossary.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PATH_BYTES = 4096 };

const struct glossary_kind glossary_words = {
	.file = "words.yaml", .type = YAML_LIST, .one = "list", .many = "lists",
	.expected = "a list of words", .name = "wages", .example = "[工资, 薪酬]",
};

const struct glossary_kind glossary_conditions = {
	.file = "conditions.yaml", .type = YAML_TEXT, .one = "condition", .many = "conditions",
	.expected = "a condition", .name = "by-hand", .example = "channel in [online, mobile]",
};

/* Small letters, digits and hyphens, a letter first. */
static bool is_name(struct slice name)
{
	if (name.length == 0 || name.at[0] < 'a' || name.at[0] > 'z')
		return false;
	for (uint32_t i = 0; i < name.length; i++)
		if (!(name.at[i] >= 'a' && name.at[i] <= 'z') && !(name.at[i] >= '0' && name.at[i] <= '9') && name.at[i] != '-')
			return false;
	return true;
}

static struct slice name_in(struct slice text)
{
	return (struct slice){text.at + 1, text.length - 2};
}

bool glossary_is_name(struct slice text)
{
	return text.length > 2 && text.at[0] == '<' && text.at[text.length - 1] == '>' && is_name(name_in(text));
}

static bool is_empty(const struct yaml_node *node)
{
	return node->type == YAML_TEXT ? slice_trim(node->text).length == 0 : node->count == 0;
}

static bool read_entry(struct glossary *glossary, const struct yaml_node *node)
{
	const struct glossary_kind *kind = glossary->kind;

	if (!is_name(node->key))
		source_fault_key(&glossary->source, node, "`%.60s` is no %s's name; expected small letters, digits and hyphens, such as %s",
		                 node->key.at, kind->one, kind->name);
	else if (node->type != kind->type || is_empty(node))
		source_fault(&glossary->source, node, "expected %s, such as %s", kind->expected, kind->example);
	else
		return true;
	return false;
}

static void read_entries(struct glossary *glossary, const struct yaml_node *root)
{
	const struct glossary_kind *kind = glossary->kind;

	if (root == NULL || root->type != YAML_MAP) {
		source_fault(&glossary->source, root, "expected %s by name, such as %s: %s", kind->many, kind->name, kind->example);
		return;
	}
	if (root->count > GLOSSARY_ENTRIES_MAX) {
		source_fault(&glossary->source, root, "has %d %s; at most %d", root->count, kind->many, GLOSSARY_ENTRIES_MAX);
		return;
	}
	glossary->items = calloc((size_t)root->count + 1, sizeof(*glossary->items));
	if (glossary->items == NULL)
		die("out of memory: loading patterns");
	for (const struct yaml_node *node = root->first; node != NULL; node = node->next)
		if (read_entry(glossary, node))
			glossary->items[glossary->count++] = (struct glossary_entry){.node = node};
}

void glossary_load(struct glossary *glossary, const struct glossary_kind *kind, const char *dir, struct faults *faults)
{
	char path[PATH_BYTES];

	*glossary = (struct glossary){.kind = kind};
	if (dir == NULL)
		return;
	snprintf(path, sizeof(path), "%.3000s/%s", dir, kind->file);
	if (access(path, F_OK) == -1)
		return;
	if (source_load_file(&glossary->source, path, path, faults) == -1)
		glossary->source = (struct source){0}; /* nothing to free */
	else
		read_entries(glossary, glossary->source.yaml.root);
}

void glossary_free(struct glossary *glossary)
{
	free(glossary->items);
	source_free(&glossary->source);
	*glossary = (struct glossary){.count = 0};
}

struct glossary_entry *glossary_find(const struct glossary *glossary, struct slice name)
{
	for (uint32_t i = 0; glossary != NULL && i < glossary->count; i++)
		if (slice_equal(glossary->items[i].node->key, name_in(name)))
			return &glossary->items[i];
	return NULL;
}

/* "a, b, c" */
static const char *names_of(const struct glossary *glossary, char *out, size_t size)
{
	size_t length = 0;

	out[0] = '\0';
	for (uint32_t i = 0; i < glossary->count && length < size; i++)
		length += (size_t)snprintf(out + length, size - length, "%s%s", i > 0 ? ", " : "", glossary->items[i].node->key.at);
	return out;
}

struct glossary_entry *glossary_use(struct glossary *glossary, struct slice name, char why_r[GLOSSARY_WHY_BYTES])
{
	struct glossary_entry *entry = glossary_find(glossary, name);
	char names[GLOSSARY_WHY_BYTES / 2];

	if (entry != NULL)
		entry->used = true;
	else if (glossary == NULL)
		snprintf(why_r, GLOSSARY_WHY_BYTES, "`%.*s` stands for nothing here", SLICE_PRINT(name));
	else if (glossary->count == 0)
		snprintf(why_r, GLOSSARY_WHY_BYTES, "`%.*s` stands for a %s, and there is no %s beside the patterns", SLICE_PRINT(name),
		         glossary->kind->one, glossary->kind->file);
	else
		snprintf(why_r, GLOSSARY_WHY_BYTES, "`%.*s` is no %s of %s; there are %s", SLICE_PRINT(name), glossary->kind->one,
		         glossary->kind->file, names_of(glossary, names, sizeof(names)));
	return entry;
}

void glossary_warn_idle(struct glossary *glossary)
{
	for (uint32_t i = 0; i < glossary->count; i++)
		if (!glossary->items[i].used)
			source_warn(&glossary->source, glossary->items[i].node, "no pattern uses the %s `%s`", glossary->kind->one,
			            glossary->items[i].node->key.at);
}
