#include "pattern/read.h"

#include <stdio.h>
#include <stdlib.h>

void *read_take(struct arena *arena, size_t bytes)
{
	void *piece = arena_take(arena, bytes > 0 ? bytes : 1);

	if (piece == NULL)
		die("out of memory: the patterns are larger than their arena");
	return piece;
}

static _Thread_local const char *const *choices; /* what choice_at() gives; set before each use */

static const char *choice_at(int i)
{
	return choices[i];
}

const char *read_choices(struct slice wrong, const char *const *words, char *out, size_t size)
{
	const char *nearest;
	size_t length;
	int count = 0;

	choices = words;
	while (words[count] != NULL)
		count++;
	nearest = yaml_nearest(wrong, choice_at, count);
	length = (size_t)snprintf(out, size, "one of ");
	for (int i = 0; i < count && length < size; i++)
		length += (size_t)snprintf(out + length, size - length, "%s%s", i > 0 ? ", " : "", words[i]);
	if (nearest != NULL && length < size)
		snprintf(out + length, size - length, " (did you mean `%s`?)", nearest);
	return out;
}

static bool is_one_of(struct slice text, const char *const *words)
{
	for (; *words != NULL; words++)
		if (slice_is(text, *words))
			return true;
	return false;
}

bool read_map(struct source *source, const struct yaml_node *map, const char *what, const char *const *known)
{
	char expected[400];

	if (map == NULL || map->type != YAML_MAP) {
		source_fault(source, map, "%s must be a map with keys such as %s", what, known[0]);
		return false;
	}
	for (const struct yaml_node *child = map->first; child != NULL; child = child->next)
		if (!is_one_of(child->key, known))
			source_fault_key(source, child, "unknown key `%.*s` in %s; expected %s", SLICE_PRINT(child->key), what,
			                 read_choices(child->key, known, expected, sizeof(expected)));
	return true;
}

const struct yaml_node *read_member(struct source *source, const struct yaml_node *map, const char *key,
                                    bool required)
{
	const struct yaml_node *node = yaml_find(map, key);

	if (node != NULL && yaml_is_null(node)) {
		source_fault_key(source, node, "`%s` is empty", key);
		return NULL;
	}
	if (node == NULL && required)
		source_fault(source, map, "`%s` is missing", key);
	return node;
}

static const struct yaml_node *text_member(struct source *source, const struct yaml_node *map,
                                           const char *key, bool required)
{
	const struct yaml_node *node = read_member(source, map, key, required);

	if (node != NULL && (node->type != YAML_TEXT || slice_trim(node->text).length == 0)) {
		source_fault(source, node, "`%s` must be a text", key);
		return NULL;
	}
	return node;
}

struct slice read_text(struct source *source, struct arena *arena, const struct yaml_node *map,
                       const char *key, bool required)
{
	const struct yaml_node *node = text_member(source, map, key, required);

	return node != NULL ? arena_copy(arena, slice_trim(node->text)) : (struct slice){0};
}

uint32_t read_number(struct source *source, const struct yaml_node *map, const char *key, uint32_t least,
                     uint32_t most, bool required)
{
	const struct yaml_node *node = text_member(source, map, key, required);
	unsigned long long value;
	char *end;

	if (node == NULL)
		return 0;
	value = strtoull(node->text.at, &end, 10);
	if (*end != '\0' || node->quoted || node->text.length > 10 || *node->text.at == '-' ||
	    *node->text.at == '+' || value < least || value > most) {
		source_fault(source, node, "`%s: %.40s`: expected a whole number from %u to %u", key, node->text.at,
		             least, most);
		return 0;
	}
	return (uint32_t)value;
}

int read_word(struct source *source, const struct yaml_node *map, const char *key, const char *const *words,
              bool required)
{
	const struct yaml_node *node = text_member(source, map, key, required);
	char expected[200];

	if (node == NULL)
		return -1;
	for (int i = 0; words[i] != NULL; i++)
		if (slice_is(node->text, words[i]))
			return i;
	source_fault(source, node, "`%s: %.40s`: expected %s", key, node->text.at,
	             read_choices(node->text, words, expected, sizeof(expected)));
	return -1;
}

struct pattern_words read_words(struct source *source, struct arena *arena, const struct yaml_node *node,
                                const char *what)
{
	static const char *const keys[] = {"zh", "en", NULL};
	struct pattern_words words = {0};

	if (!read_map(source, node, what, keys))
		return words;
	words.zh = read_text(source, arena, node, "zh", true);
	words.en = read_text(source, arena, node, "en", true);
	return words;
}

const struct slice *read_list(struct source *source, struct arena *arena, const struct yaml_node *map,
                              const char *key, uint32_t *count_r)
{
	const struct yaml_node *node = read_member(source, map, key, false), *item;
	struct slice *texts;
	uint32_t count = 0;

	*count_r = 0;
	if (node == NULL)
		return NULL;
	if (node->type == YAML_MAP) {
		source_fault(source, node, "`%s` must be a list of texts", key);
		return NULL;
	}
	texts = read_take(arena, (size_t)(node->count + 1) * sizeof(*texts));
	item = node->type == YAML_LIST ? node->first : node;
	for (; item != NULL; item = node->type == YAML_LIST ? item->next : NULL) {
		if (item->type != YAML_TEXT || item->text.length == 0)
			source_fault(source, item, "an entry of `%s` must be a text", key);
		else
			texts[count++] = arena_copy(arena, item->text);
	}
	*count_r = count;
	return texts;
}
