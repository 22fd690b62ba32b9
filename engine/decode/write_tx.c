/*
 * The lines that `huqi decode` prints: a transaction as huqi.tx.v1, and a rejection.
 *
 * Reading the written line gives the same transaction again (tests/unit/test_decode_write.c). A line is
 * built on the stack, whose size is the longest line that the fields' limits allow, and then copied into
 * the arena.
 */
#include <assert.h>
#include <stdio.h>

#include "base/instant.h"
#include "base/money.h"
#include "decode/decode.h"

enum {
	ESCAPED_BYTES_MAX = 6, /* \u001f; a character outside ASCII has at most 4 */
#define TX_FIELD(symbol, name, member, type, characters_max, when_wrong) + characters_max
	CHARACTERS_MAX = 0
#include "base/tx_fields.def"
#undef TX_FIELD
	,
	FIELD_BYTES_MAX = 64, /* a name, its quotes and colon, and a number or time */
	LINE_BYTES_MAX = CHARACTERS_MAX * ESCAPED_BYTES_MAX + TX_FIELD_COUNT * FIELD_BYTES_MAX,
	REJECT_BYTES_MAX = (DECODE_REASON_BYTES + DECODE_FIELD_BYTES + 4096) * ESCAPED_BYTES_MAX,
};

struct line {
	char *at, *end;
};

static void put(struct line *line, const char *bytes, size_t length)
{
	assert(length <= (size_t)(line->end - line->at));
	memcpy(line->at, bytes, length);
	line->at += length;
}

static void put_words(struct line *line, const char *words)
{
	put(line, words, strlen(words));
}

static void put_escaped(struct line *line, char c)
{
	static const char shorts[] = "\"\"\\\\\bb\ff\nn\rr\tt"; /* pairs: the character, its letter */
	char escape[8];

	for (size_t i = 0; i + 1 < sizeof(shorts); i += 2)
		if (shorts[i] == c) {
			put(line, (char[]){'\\', shorts[i + 1]}, 2);
			return;
		}
	put(line, escape, (size_t)snprintf(escape, sizeof(escape), "\\u%04x", (unsigned char)c));
}

/* A JSON string; the text is UTF-8 already. */
static void put_string(struct line *line, struct slice text)
{
	uint32_t from = 0;

	put(line, "\"", 1);
	for (uint32_t i = 0; i < text.length; i++) {
		unsigned char c = (unsigned char)text.at[i];
		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		put(line, text.at + from, i - from);
		put_escaped(line, text.at[i]);
		from = i + 1;
	}
	if (text.length > 0)
		put(line, text.at + from, text.length - from);
	put(line, "\"", 1);
}

/*
 * UTC, but for the hours around the ends of 2000 to 2099 that only exist with an offset: those are written
 * at the offset that brings them inside, or they could not be read again.
 */
static struct slice time_text(int64_t ms, char text_r[INSTANT_TEXT_BYTES])
{
	static const int64_t first_ms = INT64_C(946684800000), last_ms = INT64_C(4102444800000) - 1;
	int length;

	if (ms >= first_ms && ms <= last_ms)
		return (struct slice){text_r, (uint32_t)instant_format(ms, text_r)};
	length = instant_format(ms + (ms < first_ms ? 14 : -12) * INSTANT_HOUR_MS, text_r);
	length += snprintf(text_r + length - 1, 7, "%s", ms < first_ms ? "+14:00" : "-12:00") - 1;
	return (struct slice){text_r, (uint32_t)length};
}

/* The field's value as text, empty where it is absent. `room` may hold it. */
static struct slice value_of(const struct tx *tx, enum tx_field field, char room[64])
{
	const void *member = (const char *)tx + tx_fields[field].offset;

	switch (tx_fields[field].type) {
	case TX_TYPE_TEXT: return tx_text(tx, field);
	case TX_TYPE_WORD: return slice_of(tx_word_name(field, tx));
	case TX_TYPE_MONEY:
		if (*(const int64_t *)member == TX_ABSENT)
			return (struct slice){0};
		return (struct slice){room, (uint32_t)money_format(*(const int64_t *)member, tx->currency, room)};
	case TX_TYPE_TIME:
		return *(const int64_t *)member == TX_ABSENT ? (struct slice){0}
		                                             : time_text(*(const int64_t *)member, room);
	case TX_TYPE_DATE:
		if (*(const int32_t *)member == TX_DAY_ABSENT)
			return (struct slice){0};
		return (struct slice){room, (uint32_t)instant_format_date(*(const int32_t *)member, room)};
	}
	return (struct slice){0};
}

static void put_member(struct line *line, const char *name, struct slice value)
{
	if (line->at[-1] != '{')
		put(line, ",", 1);
	put_string(line, slice_of(name));
	put(line, ":", 1);
	put_string(line, value);
}

/* Opens and closes `counterparty`, whose fields stand together in tx_fields.def, around those that are
 * there. */
static void put_fields(struct line *line, const struct tx *tx)
{
	char room[64];
	bool inside = false;

	for (enum tx_field field = 0; field < TX_FIELD_COUNT; field++) {
		struct slice value = value_of(tx, field, room);
		const char *name = tx_fields[field].name, *point = strchr(name, '.');
		if (value.length == 0)
			continue;
		if (point != NULL && !inside)
			put_words(line, ",\"counterparty\":{");
		if (point == NULL && inside)
			put(line, "}", 1);
		inside = point != NULL;
		put_member(line, inside ? point + 1 : name, value);
	}
	if (inside)
		put(line, "}", 1);
}

static struct slice line_copy(const char *bytes, const struct line *line, struct arena *arena)
{
	return arena_copy(arena, (struct slice){bytes, (uint32_t)(line->at - bytes)});
}

struct slice decode_write_tx(const struct tx *tx, struct arena *arena)
{
	char bytes[LINE_BYTES_MAX];
	struct line line = {bytes, bytes + sizeof(bytes)};

	put(&line, "{", 1);
	put_fields(&line, tx);
	put(&line, "}\n", 2);
	return line_copy(bytes, &line, arena);
}

struct slice decode_write_reject(const char *source, const struct decode_reject *reject, struct arena *arena)
{
	char bytes[REJECT_BYTES_MAX];
	struct line line = {bytes, bytes + sizeof(bytes)};

	put(&line, "{", 1);
	put_member(&line, "source", (struct slice){source, (uint32_t)strnlen(source, 4000)});
	if (reject->field[0] != '\0')
		put_member(&line, "field", slice_of(reject->field));
	else
		put_words(&line, ",\"field\":null");
	put_member(&line, "reason", slice_of(reject->reason));
	put(&line, "}\n", 2);
	return line_copy(bytes, &line, arena);
}
