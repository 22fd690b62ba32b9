/* Targets, parameters and cursors as clients send them: any bytes, and what is accepted keeps its
 * promises. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "api/cursor.h"
#include "api/parameter.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const char *const names[] = {"limit", "after", "since", "level", "account", "reveal", NULL};
static const char *const words[] = {"blue", "yellow", "orange", "red"};

/* What was decoded is valid text without control characters. */
static void check_text(struct slice text)
{
	assert(utf8_valid(text.at, text.length));
	for (uint32_t i = 0; i < text.length; i++)
		assert((unsigned char)text.at[i] >= 0x20 && text.at[i] != 0x7F);
}

static void check_target(struct target *t)
{
	assert(t->segment_count <= TARGET_SEGMENTS_MAX && t->parameter_count <= TARGET_PARAMETERS_MAX);
	for (size_t i = 0; i < t->segment_count; i++)
		check_text(t->segments[i]);
	for (size_t i = 0; i < t->parameter_count; i++) {
		check_text(t->parameters[i].name);
		check_text(t->parameters[i].value);
		assert(t->parameters[i].name.length > 0 && t->parameters[i].value.length > 0);
	}
	assert(utf8_valid(t->faulty, strlen(t->faulty)));
}

static void read_parameters(struct target *t)
{
	struct slice text = {0};
	struct error error;
	int64_t number = 50, ms = 0;
	unsigned bits = 0;

	target_check_names(t, names, &error);
	if (parameter_number(t, "limit", 1, 200, &number, &error) == 0)
		assert(number >= 1 && number <= 200);
	parameter_time(t, "since", &ms, &error);
	if (parameter_words(t, "level", words, 4, &bits, &error) == 0)
		assert(bits < 16);
	if (parameter_text(t, "reveal", 200, &text, &error) == 0)
		assert(utf8_count(text) <= 200);
}

/* What is read as a cursor writes as the same place. */
static void read_cursor(struct slice text)
{
	struct cursor cursor, again;
	char written[CURSOR_TEXT_BYTES];

	if (text.at == NULL || !cursor_read(text, 'a', &cursor))
		return;
	assert(cursor_write('a', cursor.number, slice_of(cursor.id), written));
	assert(cursor_read(slice_of(written), 'a', &again));
	assert(again.number == cursor.number && strcmp(again.id, cursor.id) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct target target;
	struct error error;
	char *text = malloc(length + 1);

	if (text == NULL)
		return 0;
	memcpy(text, bytes, length);
	text[length] = '\0';
	read_cursor(slice_of(text));
	if (target_parse(text, &target, &error) == 0) {
		read_parameters(&target);
		read_cursor(target_parameter(&target, "after"));
	}
	check_target(&target);
	free(text);
	return 0;
}
