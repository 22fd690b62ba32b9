#include "tests/unit/decode_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

struct decode_context fixture;

static const struct decoder *decoder;
static uint64_t random_state = 1;

void fixture_begin(const char *name, const char *bank)
{
	counters_clear_for_test();
	decoder = decoder_find(slice_of(name));
	assert_non_null(decoder);
	decode_context_init(&fixture, decoder, 3, slice_of(bank));
}

void fixture_end(void)
{
	decode_context_deinit(&fixture, decoder);
}

int fixture_decode(const char *bytes, size_t length, bool at_start)
{
	decode_context_reset(&fixture);
	return decode(decoder, &fixture, bytes, length, at_start);
}

int fixture_decode_text(const char *text)
{
	return fixture_decode(text, strlen(text), false);
}

const char *quoted(const char *text)
{
	static char rooms[8][8192];
	static unsigned next;
	char *room = rooms[next++ % 8];
	size_t length = strlen(text);

	assert_true(length < sizeof(rooms[0]));
	for (size_t i = 0; i <= length; i++)
		room[i] = text[i] == '\'' ? '"' : text[i];
	return room;
}

const char *fixture_line(size_t i)
{
	struct slice line;

	assert_true(i < fixture.tx_count);
	line = decode_write_tx(&fixture.txs[i], &fixture.arena);
	assert_non_null(line.at);
	assert_int_equal(line.at[line.length - 1], '\n');
	((char *)(uintptr_t)line.at)[line.length - 1] = '\0';
	return line.at;
}

void assert_rejected(int result, const char *field, const char *words)
{
	char copy[256], *rest = copy, *word;

	assert_int_equal(result, -1);
	assert_string_equal(fixture.reject.field, field);
	snprintf(copy, sizeof(copy), "%s", words);
	while ((word = strsep(&rest, "|")) != NULL)
		if (strstr(fixture.reject.reason, word) == NULL)
			fail_msg("the reason lacks `%s`: %s", word, fixture.reject.reason);
}

uint32_t decode_random(uint32_t below)
{
	random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(random_state >> 33) % below;
}

void decode_random_seed(uint64_t seed)
{
	random_state = seed * 2 + 1;
}
