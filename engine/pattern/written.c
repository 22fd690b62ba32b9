#include "pattern/written.h"

#include <ctype.h>
#include <stdlib.h>

#include "pattern/read.h"

enum { LINE_BYTES_MAX = 1 << 20 };

struct line {
	char *bytes;
	size_t length;
};

static void add(struct line *line, const char *text, size_t length)
{
	if (line->length + length > LINE_BYTES_MAX)
		return;
	memcpy(line->bytes + line->length, text, length);
	line->length += length;
}

/* Folded lines and indentation are one blank. */
static void add_scalar(struct line *line, struct slice text)
{
	for (uint32_t i = 0; i < text.length; i++) {
		bool blank = isspace((unsigned char)text.at[i]);
		bool again = line->length > 0 && line->bytes[line->length - 1] == ' ';
		if (!blank || (!again && i + 1 < text.length))
			add(line, blank ? " " : &text.at[i], 1);
	}
	while (line->length > 0 && line->bytes[line->length - 1] == ' ')
		line->length--;
}

/* The tree is at most YAML_DEPTH_MAX deep. */
static void add_node(struct line *line, const struct yaml_node *node)
{
	if (node->type == YAML_TEXT) {
		add_scalar(line, node->text);
		return;
	}
	add(line, node->type == YAML_MAP ? "{" : "[", 1);
	for (const struct yaml_node *child = node->first; child != NULL; child = child->next) {
		if (child != node->first)
			add(line, ", ", 2);
		if (node->type == YAML_MAP) {
			add(line, child->key.at, child->key.length);
			add(line, ": ", 2);
		}
		add_node(line, child);
	}
	add(line, node->type == YAML_MAP ? "}" : "]", 1);
}

static void line_begin(struct line *line)
{
	*line = (struct line){.bytes = malloc(LINE_BYTES_MAX)};
	if (line->bytes == NULL)
		die("out of memory: reading patterns");
}

struct slice written_value(struct arena *arena, const struct yaml_node *node)
{
	struct slice value;
	struct line line;

	line_begin(&line);
	add_node(&line, node);
	value = arena_copy(arena, (struct slice){line.bytes, (uint32_t)line.length});
	free(line.bytes);
	return value;
}

const struct pattern_written *written_keep(struct arena *arena, const struct yaml_node *detect,
                                           uint32_t *count_r)
{
	struct pattern_written *parts;
	struct line line;

	*count_r = 0;
	if (detect->type != YAML_MAP)
		return NULL;
	line_begin(&line);
	parts = read_take(arena, (size_t)detect->count * sizeof(*parts));
	for (const struct yaml_node *node = detect->first; node != NULL; node = node->next) {
		line.length = 0;
		add_node(&line, node);
		parts[(*count_r)++] = (struct pattern_written){
			arena_copy(arena, node->key),
			arena_copy(arena, (struct slice){line.bytes, (uint32_t)line.length})};
	}
	free(line.bytes);
	return parts;
}
