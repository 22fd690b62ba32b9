#include "base/yaml.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <yaml.h>

enum { NEAR_DISTANCE_MAX = 3, NEAR_WORD_MAX = 64, TREE_BYTES_MAX = 64 << 20 };

struct loader {
	yaml_parser_t parser;
	struct yaml *yaml;
	struct error *error;
};

int yaml_error(struct error *error, const struct yaml *yaml, const struct yaml_node *node, const char *format,
               ...)
{
	char words[ERROR_TEXT_BYTES];
	va_list args;

	va_start(args, format);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	if (node == NULL)
		return error_set(error, "%s: %s", yaml->name, words);
	return error_set(error, "%s:%d:%d: %s", yaml->name, node->line, node->column, words);
}

static int refuse(struct loader *l, const yaml_event_t *event, const char *why)
{
	return error_set(l->error, "%s:%zu:%zu: %s", l->yaml->name, event->start_mark.line + 1,
	                 event->start_mark.column + 1, why);
}

static int next_event(struct loader *l, yaml_event_t *event)
{
	if (yaml_parser_parse(&l->parser, event))
		return 0;
	return error_set(l->error, "%s:%zu:%zu: not readable as YAML: %s", l->yaml->name,
	                 l->parser.problem_mark.line + 1, l->parser.problem_mark.column + 1,
	                 l->parser.problem != NULL ? l->parser.problem : "out of memory");
}

static struct yaml_node *node_new(struct loader *l, const yaml_event_t *event, enum yaml_type type)
{
	struct yaml_node *node = arena_take(&l->yaml->arena, sizeof(*node));

	if (node == NULL) {
		refuse(l, event, "the file holds too much");
		return NULL;
	}
	*node = (struct yaml_node){.type = type,
	                           .line = (int)event->start_mark.line + 1,
	                           .column = (int)event->start_mark.column + 1};
	return node;
}

static int copy_text(struct loader *l, const yaml_event_t *event, struct slice *text_r)
{
	struct slice raw = {(const char *)event->data.scalar.value, (uint32_t)event->data.scalar.length};

	if (raw.length > 0 && memchr(raw.at, '\0', raw.length) != NULL)
		return refuse(l, event, "a NUL character in a text");
	*text_r = arena_copy(&l->yaml->arena, raw);
	return text_r->at != NULL ? 0 : refuse(l, event, "the file holds too much");
}

static const char *unwanted(const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_ALIAS_EVENT: return "an alias (*name) is not allowed; write the value out";
	case YAML_SCALAR_EVENT:
		return event->data.scalar.anchor != NULL ? "an anchor (&name) is not allowed"
		       : event->data.scalar.tag != NULL  ? "a tag (!name) is not allowed"
		                                         : NULL;
	case YAML_SEQUENCE_START_EVENT:
		return event->data.sequence_start.anchor != NULL ? "an anchor (&name) is not allowed"
		       : event->data.sequence_start.tag != NULL  ? "a tag (!name) is not allowed"
		                                                 : NULL;
	case YAML_MAPPING_START_EVENT:
		return event->data.mapping_start.anchor != NULL ? "an anchor (&name) is not allowed"
		       : event->data.mapping_start.tag != NULL  ? "a tag (!name) is not allowed"
		                                                : NULL;
	default: return NULL;
	}
}

static int read_node(struct loader *l, const yaml_event_t *event, int depth, struct yaml_node **node_r);

static void append(struct yaml_node *parent, struct yaml_node **last, struct yaml_node *child)
{
	if (*last != NULL)
		(*last)->next = child;
	else
		parent->first = child;
	*last = child;
	parent->count++;
}

/* The value behind a key; the key event is still in `event`. */
static int read_member(struct loader *l, const yaml_event_t *event, struct yaml_node *map, int depth,
                       struct yaml_node **child_r)
{
	yaml_event_t value;
	struct slice key;
	int key_line = (int)event->start_mark.line + 1, key_column = (int)event->start_mark.column + 1,
	    result;

	if (event->type != YAML_SCALAR_EVENT)
		return refuse(l, event, "a key must be plain text");
	if (unwanted(event) != NULL)
		return refuse(l, event, unwanted(event));
	if (copy_text(l, event, &key) == -1)
		return -1;
	if (yaml_find(map, key.at) != NULL)
		return error_set(l->error, "%s:%d:%d: the key `%s` stands here twice", l->yaml->name,
		                 key_line, key_column, key.at);
	if (next_event(l, &value) == -1)
		return -1;
	result = read_node(l, &value, depth + 1, child_r);
	yaml_event_delete(&value);
	if (result == -1)
		return -1;
	(*child_r)->key = key;
	(*child_r)->key_line = key_line;
	(*child_r)->key_column = key_column;
	return 0;
}

static int read_children(struct loader *l, struct yaml_node *parent, int depth)
{
	yaml_event_type_t end = parent->type == YAML_MAP ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT;
	struct yaml_node *last = NULL, *child;

	for (;;) {
		yaml_event_t event;
		bool ended;
		int result = 0;

		if (next_event(l, &event) == -1)
			return -1;
		ended = event.type == end;
		if (!ended && parent->type == YAML_MAP)
			result = read_member(l, &event, parent, depth, &child);
		else if (!ended)
			result = read_node(l, &event, depth + 1, &child);
		yaml_event_delete(&event);
		if (ended || result == -1)
			return result;
		append(parent, &last, child);
	}
}

static int read_node(struct loader *l, const yaml_event_t *event, int depth, struct yaml_node **node_r)
{
	enum yaml_type type = event->type == YAML_SCALAR_EVENT           ? YAML_TEXT
	                      : event->type == YAML_SEQUENCE_START_EVENT ? YAML_LIST
	                                                                 : YAML_MAP;

	if (unwanted(event) != NULL)
		return refuse(l, event, unwanted(event));
	if (depth > YAML_DEPTH_MAX)
		return refuse(l, event, "nested too deep");
	*node_r = node_new(l, event, type);
	if (*node_r == NULL)
		return -1;
	if (type != YAML_TEXT)
		return read_children(l, *node_r, depth);
	(*node_r)->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	return copy_text(l, event, &(*node_r)->text);
}

/* STREAM-START, DOCUMENT-START, the root, DOCUMENT-END, STREAM-END, and nothing else. */
static int read_document(struct loader *l)
{
	yaml_event_type_t wanted[] = {YAML_STREAM_START_EVENT, YAML_DOCUMENT_START_EVENT, YAML_NO_EVENT,
	                              YAML_DOCUMENT_END_EVENT, YAML_STREAM_END_EVENT};

	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		yaml_event_t event;
		int result = 0;

		if (next_event(l, &event) == -1)
			return -1;
		if (wanted[i] == YAML_NO_EVENT)
			result = read_node(l, &event, 0, &l->yaml->root);
		else if (event.type != wanted[i])
			result = refuse(l, &event,
			                i == 1 ? "the file is empty"
			                       : "only one YAML document is allowed in a file");
		yaml_event_delete(&event);
		if (result == -1)
			return -1;
	}
	return 0;
}

int yaml_load_bytes(struct yaml *yaml, const char *name, const char *bytes, size_t length,
                    struct error *error)
{
	struct loader l = {.yaml = yaml, .error = error};
	int result;

	*yaml = (struct yaml){0};
	if (length > YAML_BYTES_MAX)
		return error_set(error, "%s: %zu bytes; a YAML file may have at most %u", name, length,
		                 YAML_BYTES_MAX);
	arena_init(&yaml->arena, TREE_BYTES_MAX);
	yaml->name = arena_copy(&yaml->arena, slice_of(name)).at;
	if (!yaml_parser_initialize(&l.parser))
		die("out of memory: the YAML reader");
	yaml_parser_set_input_string(&l.parser, (const unsigned char *)bytes, length);
	result = read_document(&l);
	yaml_parser_delete(&l.parser);
	if (result == -1)
		yaml_free(yaml);
	return result;
}

int yaml_load_file(struct yaml *yaml, const char *path, struct error *error)
{
	FILE *file = fopen(path, "rb");
	char *bytes;
	size_t length;
	int result;

	*yaml = (struct yaml){0};
	if (file == NULL)
		return error_set(error, "%s: cannot be opened: %s", path, strerror(errno));
	bytes = malloc(YAML_BYTES_MAX + 1);
	if (bytes == NULL)
		die("out of memory: reading %s", path);
	length = fread(bytes, 1, YAML_BYTES_MAX + 1, file);
	if (ferror(file))
		result = error_set(error, "%s: cannot be read: %s", path, strerror(errno));
	else
		result = yaml_load_bytes(yaml, path, bytes, length, error);
	free(bytes);
	fclose(file);
	return result;
}

void yaml_free(struct yaml *yaml)
{
	arena_deinit(&yaml->arena);
	*yaml = (struct yaml){0};
}

struct yaml_node *yaml_find(const struct yaml_node *map, const char *key)
{
	struct yaml_node *child = map != NULL && map->type == YAML_MAP ? map->first : NULL;

	while (child != NULL && !slice_is(child->key, key))
		child = child->next;
	return child;
}

int yaml_text_of(const struct yaml *yaml, const struct yaml_node *map, const char *key, struct arena *arena,
                 const char **text_r, struct error *error)
{
	const struct yaml_node *node = yaml_find(map, key);

	if (node == NULL)
		return 0;
	if (node->type != YAML_TEXT)
		return yaml_error(error, yaml, node, "`%s`: expected a text", key);
	*text_r = arena_copy(arena, node->text).at;
	return 0;
}

bool yaml_is_null(const struct yaml_node *node)
{
	return node->type == YAML_TEXT && !node->quoted &&
	       (node->text.length == 0 || slice_is(node->text, "~") || slice_is(node->text, "null"));
}

/* Levenshtein over bytes; words longer than the row are far from everything. */
static int distance(struct slice a, struct slice b)
{
	int row[NEAR_WORD_MAX + 1];

	if (a.length > NEAR_WORD_MAX || b.length > NEAR_WORD_MAX)
		return NEAR_DISTANCE_MAX + 1;
	for (uint32_t j = 0; j <= b.length; j++)
		row[j] = (int)j;
	for (uint32_t i = 1; i <= a.length; i++) {
		int diagonal = row[0];
		row[0] = (int)i;
		for (uint32_t j = 1; j <= b.length; j++) {
			int replaced = diagonal + (a.at[i - 1] != b.at[j - 1]);
			int shorter = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
			diagonal = row[j];
			row[j] = replaced < shorter ? replaced : shorter;
		}
	}
	return row[b.length];
}

const char *yaml_nearest(struct slice wrong, const char *(*word_of)(int i), int count)
{
	const char *nearest = NULL;
	int least = NEAR_DISTANCE_MAX + 1;

	for (int i = 0; i < count; i++) {
		struct slice word = slice_of(word_of(i));
		int far = distance(wrong, word);
		if (far < least && far * 2 <= (int)word.length) {
			least = far;
			nearest = word.at;
		}
	}
	return nearest;
}
