#include "pattern/wordlists.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PATH_BYTES = 4096 };

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

static struct slice name_in(struct slice entry)
{
	return (struct slice){entry.at + 1, entry.length - 2};
}

bool wordlists_is_name(struct slice entry)
{
	return entry.length > 2 && entry.at[0] == '<' && entry.at[entry.length - 1] == '>' && is_name(name_in(entry));
}

static bool read_list(struct wordlists *lists, const struct yaml_node *node)
{
	if (!is_name(node->key))
		source_fault_key(&lists->source, node, "`%.60s` is no list's name; expected small letters, digits and hyphens, such as wages",
		                 node->key.at);
	else if (node->type != YAML_LIST || node->count == 0)
		source_fault(&lists->source, node, "expected a list of words, such as [工资, 薪酬]");
	else
		return true;
	return false;
}

static void read_lists(struct wordlists *lists, const struct yaml_node *root)
{
	if (root == NULL || root->type != YAML_MAP) {
		source_fault(&lists->source, root, "expected lists by name, such as wages: [工资, 薪酬]");
		return;
	}
	if (root->count > WORDLISTS_MAX) {
		source_fault(&lists->source, root, "has %d lists; at most %d", root->count, WORDLISTS_MAX);
		return;
	}
	lists->items = calloc((size_t)root->count + 1, sizeof(*lists->items));
	if (lists->items == NULL)
		die("out of memory: loading patterns");
	for (const struct yaml_node *node = root->first; node != NULL; node = node->next)
		if (read_list(lists, node))
			lists->items[lists->count++] = (struct wordlist){.node = node};
}

void wordlists_load(struct wordlists *lists, const char *dir, struct faults *faults)
{
	char path[PATH_BYTES];

	*lists = (struct wordlists){.count = 0};
	if (dir == NULL)
		return;
	snprintf(path, sizeof(path), "%.3000s/" WORDLISTS_FILE, dir);
	if (access(path, F_OK) == -1)
		return;
	if (source_load_file(&lists->source, path, path, faults) == -1)
		lists->source = (struct source){0}; /* nothing to free */
	else
		read_lists(lists, lists->source.yaml.root);
}

void wordlists_free(struct wordlists *lists)
{
	free(lists->items);
	source_free(&lists->source);
	*lists = (struct wordlists){.count = 0};
}

static struct wordlist *list_of(const struct wordlists *lists, struct slice name)
{
	for (uint32_t i = 0; i < lists->count; i++)
		if (slice_equal(lists->items[i].node->key, name))
			return &lists->items[i];
	return NULL;
}

/* "a, b, c" */
static const char *names_of(const struct wordlists *lists, char *out, size_t size)
{
	size_t length = 0;

	out[0] = '\0';
	for (uint32_t i = 0; i < lists->count && length < size; i++)
		length += (size_t)snprintf(out + length, size - length, "%s%s", i > 0 ? ", " : "", lists->items[i].node->key.at);
	return out;
}

struct wordlist *wordlists_find(struct wordlists *lists, struct slice entry, char why_r[WORDLISTS_WHY_BYTES])
{
	struct wordlist *list = lists != NULL ? list_of(lists, name_in(entry)) : NULL;
	char names[WORDLISTS_WHY_BYTES / 2];

	if (list != NULL)
		list->used = true;
	else if (lists == NULL || lists->count == 0)
		snprintf(why_r, WORDLISTS_WHY_BYTES, "`%.*s` stands for a list, and there is no " WORDLISTS_FILE " beside the patterns",
		         SLICE_PRINT(entry));
	else
		snprintf(why_r, WORDLISTS_WHY_BYTES, "`%.*s` is no list of " WORDLISTS_FILE "; there are %s", SLICE_PRINT(entry),
		         names_of(lists, names, sizeof(names)));
	return list;
}

static uint32_t entries_of(const struct wordlists *lists, const struct yaml_node *list, uint32_t most, int depth)
{
	uint32_t count = 0;

	for (const struct yaml_node *node = list->first; node != NULL && count < most; node = node->next) {
		const struct wordlist *named = node->type == YAML_TEXT && wordlists_is_name(node->text)
		                                 ? list_of(lists, name_in(node->text)) : NULL;
		count += named == NULL || depth == 0 ? 1 : entries_of(lists, named->node, most - count, depth - 1);
	}
	return count;
}

uint32_t wordlists_entries(const struct wordlists *lists, const struct yaml_node *list, uint32_t most)
{
	return entries_of(lists, list, most, WORDLISTS_DEPTH);
}

void wordlists_warn_idle(struct wordlists *lists)
{
	for (uint32_t i = 0; i < lists->count; i++)
		if (!lists->items[i].used)
			source_warn(&lists->source, lists->items[i].node, "no pattern uses the list `%s`", lists->items[i].node->key.at);
}
