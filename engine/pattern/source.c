#include "pattern/source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"

int complain(struct complaint *complaint, uint32_t offset, const char *format, ...)
{
	va_list args;

	complaint->offset = offset;
	va_start(args, format);
	vsnprintf(complaint->text, sizeof(complaint->text), format, args);
	va_end(args);
	return -1;
}

static void fault_at(struct source *source, bool warning, int line, int column, const char *format,
                     va_list args)
{
	faults_add(source->faults, warning, source->yaml.name, line, column, format, args);
}

void source_fault(struct source *source, const struct yaml_node *node, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fault_at(source, false, node != NULL ? node->line : 1, node != NULL ? node->column : 1, format, args);
	va_end(args);
}

void source_fault_key(struct source *source, const struct yaml_node *node, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fault_at(source, false, node->key_line, node->key_column, format, args);
	va_end(args);
}

void source_warn(struct source *source, const struct yaml_node *node, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fault_at(source, true, node->line, node->column, format, args);
	va_end(args);
}

void source_complain(struct source *source, const struct yaml_node *node, const struct complaint *complaint)
{
	int line, column;

	source_place(source, node, complaint->offset, &line, &column);
	faults_say(source->faults, false, source->yaml.name, line, column, "%s", complaint->text);
}

/* A fault without a place of ours: the words hold "name:line:column:" already, or there is none. */
static int fault_whole(struct faults *faults, const char *name, const char *text)
{
	size_t length = strlen(name);
	int line = 0, column = 0, used = 0;

	if (strncmp(text, name, length) == 0 && text[length] == ':') {
		text += length + 1;
		if (sscanf(text, "%d:%d: %n", &line, &column, &used) == 2 && used > 0)
			text += used;
		else
			line = 0;
		text += strspn(text, " ");
	}
	faults_say(faults, false, name, line, column, "%s", text);
	return -1;
}

int source_load_bytes(struct source *source, const char *name, const char *bytes, size_t length,
                      struct faults *faults)
{
	struct error error;

	*source = (struct source){.faults = faults, .length = length};
	if (!utf8_valid(bytes, length))
		return fault_whole(faults, name, "is not UTF-8");
	if (yaml_load_bytes(&source->yaml, name, bytes, length, &error) == -1)
		return fault_whole(faults, name, error.text);
	source->bytes = malloc(length + 1);
	if (source->bytes == NULL)
		die("out of memory: reading %s", name);
	memcpy(source->bytes, bytes, length);
	source->bytes[length] = '\0';
	return 0;
}

int source_load_file(struct source *source, const char *path, const char *name, struct faults *faults)
{
	FILE *file = fopen(path, "rb");
	char *bytes;
	size_t length;
	int result;

	if (file == NULL)
		return fault_whole(faults, name, strerror(errno));
	bytes = malloc(YAML_BYTES_MAX + 1);
	if (bytes == NULL)
		die("out of memory: reading %s", path);
	length = fread(bytes, 1, YAML_BYTES_MAX + 1, file);
	if (ferror(file))
		result = fault_whole(faults, name, "cannot be read");
	else
		result = source_load_bytes(source, name, bytes, length, faults);
	free(bytes);
	fclose(file);
	return result;
}

void source_free(struct source *source)
{
	yaml_free(&source->yaml);
	free(source->bytes);
	*source = (struct source){0};
}

/*
 * Finding a place. The decoded text and the file's bytes are walked side by side. They differ only in white
 * space (folded lines, indentation), in the escapes of "…" and in the doubled quote of '…'; so white space is
 * skipped on either side wherever the other has none, and everything else goes in step.
 */
struct walk {
	const char *at, *end;
	int line, column;
	char style; /* ' " | > or 0 for a plain scalar */
};

static bool is_white(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void step(struct walk *w)
{
	if (w->at >= w->end)
		return;
	if (*w->at == '\n') {
		w->line++;
		w->column = 1;
	} else if (w->at + 1 >= w->end || ((unsigned char)w->at[1] & 0xC0) != 0x80) {
		w->column++; /* the last byte of a character */
	}
	w->at++;
}

static void skip_white(struct walk *w)
{
	while (w->at < w->end && is_white(*w->at))
		step(w);
}

/* To where the next decoded character, no white space, is written. */
static void settle(struct walk *w)
{
	skip_white(w);
	while (w->style == '"' && w->end - w->at >= 2 && w->at[0] == '\\' &&
	       (w->at[1] == '\n' || w->at[1] == '\r')) {
		step(w);
		skip_white(w);
	}
}

/* Past what stands for one decoded character. */
static void pass(struct walk *w, char decoded)
{
	int bytes = 1;

	if (is_white(decoded) && !(w->style == '"' && w->at < w->end && *w->at == '\\')) {
		skip_white(w);
		return;
	}
	settle(w);
	if (w->style == '\'' && w->end - w->at >= 2 && w->at[0] == '\'' && w->at[1] == '\'')
		bytes = 2;
	if (w->style == '"' && w->end - w->at >= 2 && w->at[0] == '\\')
		bytes = w->at[1] == 'x' ? 4 : w->at[1] == 'u' ? 6 : w->at[1] == 'U' ? 10 : 2;
	while (bytes-- > 0)
		step(w);
}

static struct walk walk_begin(const struct source *source, const struct yaml_node *node)
{
	struct walk w = {.at = source->bytes, .end = source->bytes + source->length, .line = 1, .column = 1};

	while (w.at < w.end && (w.line < node->line || (w.line == node->line && w.column < node->column)))
		step(&w);
	if (w.at < w.end && node->quoted && strchr("'\"|>", *w.at) != NULL)
		w.style = *w.at;
	if (w.style == '|' || w.style == '>')
		while (w.at < w.end && *w.at != '\n')
			step(&w);
	else if (w.style != '\0')
		step(&w);
	return w;
}

void source_place(const struct source *source, const struct yaml_node *node, uint32_t offset, int *line_r,
                  int *column_r)
{
	struct walk w = walk_begin(source, node);
	uint32_t at = 0;

	/* A character of the text that is written as an escape may take several decoded bytes: those go together. */
	while (at < offset && at < node->text.length) {
		bool escaped;
		uint32_t bytes = 1;

		if (!is_white(node->text.at[at]))
			settle(&w);
		escaped = w.style == '"' && w.at < w.end && *w.at == '\\';
		while (escaped && at + bytes < node->text.length &&
		       ((unsigned char)node->text.at[at + bytes] & 0xC0) == 0x80)
			bytes++;
		pass(&w, node->text.at[at]);
		at += bytes;
	}
	if (at < node->text.length && !is_white(node->text.at[at]))
		settle(&w);
	*line_r = w.line;
	*column_r = w.column;
}
