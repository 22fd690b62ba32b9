#include "base/csv.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"

/* ---- which encoding ---- */

static bool is_ascii(const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)bytes[i] >= 0x80)
			return false;
	return true;
}

/* By lines, so that one broken row does not turn a whole file into the other encoding. */
static bool looks_gb18030(const char *bytes, size_t length)
{
	size_t utf8 = 0, other = 0;

	for (size_t from = 0, to; from < length; from = to + 1) {
		const char *end = memchr(bytes + from, '\n', length - from);
		to = end != NULL ? (size_t)(end - bytes) : length;
		if (is_ascii(bytes + from, to - from))
			continue;
		if (utf8_valid(bytes + from, to - from))
			utf8++;
		else
			other++;
	}
	return other > utf8;
}

/* ---- opening ---- */

static void begin(struct csv *csv)
{
	static const char mark[] = "\xEF\xBB\xBF";

	csv->line = 1;
	csv->converter = (iconv_t)-1;
	if (csv->length >= 3 && memcmp(csv->bytes, mark, 3) == 0)
		csv->at = 3;
	else
		csv->gb18030 = looks_gb18030(csv->bytes, csv->length);
	if (csv->gb18030 && (csv->converter = iconv_open("UTF-8", "GB18030")) == (iconv_t)-1)
		die("this system's iconv does not know GB18030");
}

static int read_all(struct csv *csv, FILE *file, const char *path, struct error *error)
{
	size_t capacity = 64 * 1024, got;

	for (;;) {
		char *more = realloc(csv->bytes, capacity + 1);
		if (more == NULL)
			die("out of memory: %s", path);
		csv->bytes = more;
		got = fread(csv->bytes + csv->length, 1, capacity - csv->length, file);
		csv->length += got;
		if (ferror(file))
			return error_set(error, "%s cannot be read: %s", path, strerror(errno));
		if (csv->length > CSV_BYTES_MAX)
			return error_set(error, "%s has more than %u bytes; split it", path, CSV_BYTES_MAX);
		if (got == 0)
			return 1;
		if (csv->length == capacity)
			capacity *= 2;
	}
}

int csv_open_file(struct csv *csv, const char *path, struct error *error)
{
	FILE *file = fopen(path, "rb");
	int result;

	*csv = (struct csv){.converter = (iconv_t)-1};
	if (file == NULL)
		return errno == ENOENT ? 0 : error_set(error, "%s cannot be opened: %s", path, strerror(errno));
	result = read_all(csv, file, path, error);
	fclose(file);
	if (result == 1)
		begin(csv);
	else
		csv_close(csv);
	return result;
}

void csv_open_bytes(struct csv *csv, const char *bytes, size_t length)
{
	*csv = (struct csv){.bytes = malloc(length + 1), .length = length};
	if (csv->bytes == NULL)
		die("out of memory: a CSV file");
	memcpy(csv->bytes, bytes, length);
	begin(csv);
}

void csv_close(struct csv *csv)
{
	if (csv->converter != (iconv_t)-1)
		iconv_close(csv->converter);
	free(csv->bytes);
	*csv = (struct csv){.converter = (iconv_t)-1};
}

/* ---- a field ---- */

/* Into UTF-8; `at` NULL where the bytes are in no known encoding. */
static struct slice decoded(struct csv *csv, struct arena *arena, struct slice raw)
{
	size_t in_left = raw.length, room = (size_t)raw.length * 4 + 1, out_left = room;
	char *in = (char *)raw.at, *out, *text;

	if (!csv->gb18030 || is_ascii(raw.at, raw.length))
		return utf8_valid(raw.at, raw.length) ? arena_copy(arena, raw) : (struct slice){0};
	if ((text = out = arena_take(arena, room)) == NULL)
		return (struct slice){0};
	iconv(csv->converter, NULL, NULL, NULL, NULL);
	if (iconv(csv->converter, &in, &in_left, &out, &out_left) == (size_t)-1 || in_left > 0)
		return (struct slice){0};
	*out = '\0';
	return (struct slice){text, (uint32_t)(out - text)};
}

bool csv_is_formula(struct slice text)
{
	static const char *const signs[] = {"=", "+", "-", "@", "＝", "＋", "－", "＠"};
	uint32_t at = 0;

	/* Some programs drop blanks and control characters before they look. */
	while (at < text.length && ((unsigned char)text.at[at] <= ' ' || text.at[at] == 0x7F || text.at[at] == '\''))
		at++;
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (text.length - at >= strlen(signs[i]) && memcmp(text.at + at, signs[i], strlen(signs[i])) == 0)
			return true;
	return false;
}

/*
 * Control characters become spaces, then the ends are trimmed, and the apostrophe before a formula goes; the text is in
 * the arena and may be changed.
 */
static struct slice cleaned(struct slice text)
{
	for (uint32_t i = 0; i < text.length; i++)
		if ((unsigned char)text.at[i] < 0x20 || text.at[i] == 0x7F)
			((char *)text.at)[i] = ' ';
	text = slice_trim(text);
	if (text.length > 0 && text.at[0] == '\'' && csv_is_formula(text))
		text = slice_trim((struct slice){text.at + 1, text.length - 1});
	return text;
}

/*
 * Takes the quotes off, in place in `buffer`; the raw field at csv->bytes[from, to). False where they are
 * misplaced.
 */
static bool unquoted(const struct csv *csv, size_t from, size_t to, char *buffer, uint32_t *length_r)
{
	size_t at = from + 1;

	*length_r = 0;
	for (; at < to; at++) {
		if (csv->bytes[at] != '"') {
			buffer[(*length_r)++] = csv->bytes[at];
		} else if (at + 1 < to && csv->bytes[at + 1] == '"') {
			buffer[(*length_r)++] = '"';
			at++;
		} else {
			break;
		}
	}
	for (at++; at < to && (csv->bytes[at] == ' ' || csv->bytes[at] == '\t' || csv->bytes[at] == '\r'); at++)
		;
	return at >= to;
}

static void field_add(struct csv *csv, struct arena *arena, size_t from, size_t to, struct csv_record *r)
{
	struct slice raw = {csv->bytes + from, (uint32_t)(to - from)}, text;

	if (r->fault != NULL)
		return;
	if (r->count == CSV_FIELDS_MAX) {
		r->fault = "too many fields";
		return;
	}
	if (from < to && csv->bytes[from] == '"') {
		char *buffer = arena_take(arena, to - from + 1);
		raw = (struct slice){buffer, 0};
		if (buffer == NULL || !unquoted(csv, from, to, buffer, &raw.length)) {
			r->fault = "text behind a closing quote; expected a comma or the line's end";
			return;
		}
	}
	text = decoded(csv, arena, raw);
	if (text.at == NULL)
		r->fault = "neither UTF-8 nor GB18030";
	else if (memchr(text.at, '\0', text.length) != NULL)
		r->fault = "a NUL in a text";
	r->fields[r->count++] = cleaned(text);
}

/* ---- a record ---- */

/*
 * The end of the field that begins at `at`: a comma, a line end, or the end of the bytes. False: a quote
 * stays open.
 */
static bool field_end(const struct csv *csv, size_t at, size_t limit, size_t *end_r)
{
	bool quoted = at < csv->length && csv->bytes[at] == '"';

	for (at += quoted; at < csv->length && at < limit; at++) {
		char c = csv->bytes[at];
		if (quoted && c == '"')
			quoted = at + 1 < csv->length && csv->bytes[at + 1] == '"' ? (at++, true) : false;
		else if (!quoted && (c == ',' || c == '\n'))
			break;
	}
	*end_r = at;
	return !quoted && at < limit;
}

static size_t line_end(const struct csv *csv, size_t at)
{
	const char *end = memchr(csv->bytes + at, '\n', csv->length - at);

	return end != NULL ? (size_t)(end - csv->bytes) : csv->length;
}

/* Moves behind the line end at `end`, counting the lines passed. */
static void move_behind(struct csv *csv, size_t end)
{
	for (; csv->at < end; csv->at++)
		csv->line += csv->bytes[csv->at] == '\n';
	if (csv->at < csv->length) {
		csv->line++;
		csv->at++;
	}
}

static void record_read(struct csv *csv, struct arena *arena, struct csv_record *r)
{
	size_t at = csv->at, limit = csv->at + CSV_RECORD_BYTES_MAX, end;

	*r = (struct csv_record){.line = csv->line};
	for (;; at = end + 1) {
		if (!field_end(csv, at, limit, &end)) {
			r->fault = end >= limit ? "longer than a row may be, or a quote that is never closed"
			                        : "a quote that is never closed";
			end = line_end(csv, csv->at);
			break;
		}
		field_add(csv, arena, at, end > at && csv->bytes[end - 1] == '\r' ? end - 1 : end, r);
		if (end >= csv->length || csv->bytes[end] == '\n')
			break;
	}
	move_behind(csv, end);
}

static bool is_blank(const struct csv_record *r)
{
	for (size_t i = 0; i < r->count; i++)
		if (r->fields[i].length > 0)
			return false;
	return r->fault == NULL;
}

bool csv_next(struct csv *csv, struct arena *arena, struct csv_record *record_r)
{
	while (csv->at < csv->length) {
		record_read(csv, arena, record_r);
		if (!is_blank(record_r))
			return true;
	}
	return false;
}

bool csv_is_named(const char *names, struct slice name)
{
	for (size_t length; *names != '\0'; names += length + (names[length] == '|')) {
		length = strcspn(names, "|");
		if (length == name.length && strncasecmp(names, name.at, length) == 0)
			return true;
	}
	return false;
}
