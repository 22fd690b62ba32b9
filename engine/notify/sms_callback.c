#include "notify/sms_callback.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

enum { FOLDED_BYTES = 64, TEXTS_BYTES_MAX = 64 << 10, REASON_BYTES = 192, STATUS_CHARACTERS_MAX = 32 };

static const struct {
	enum answer_word word;
	const char *text;
} replies[] = {
#define REPLY(answer, text) {ANSWER_##answer, text},
#include "notify/sms_words.def"
#undef REPLY
};

static bool is_separator(uint32_t c)
{
	static const char *const others = "，。！？、；：（）【】“”‘’…—～　";
	size_t at = 0;

	if (c < 0x80)
		return !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
	for (size_t length = strlen(others); at < length;)
		if (utf8_next(others, &at) == c)
			return true;
	return false;
}

/* Full-width ASCII and circled digits as plain ones, small letters. */
static uint32_t folded(uint32_t c)
{
	if (c >= 0xFF01 && c <= 0xFF5E)
		c -= 0xFEE0;
	if (c >= 0x2460 && c <= 0x2468)
		c = '1' + c - 0x2460;
	return c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c;
}

static uint32_t next_folded(struct slice text, size_t *at)
{
	return *at < text.length ? folded(utf8_next(text.at, at)) : ' ';
}

static bool is_digit(uint32_t c)
{
	return c >= '0' && c <= '9';
}

/* "3" of "3，昨天付的": a number by itself, with whatever behind a separator; not of "3:15", "3.5", "3-2". */
static enum answer_word leading_number(struct slice text)
{
	uint32_t first = ' ', second, third;
	size_t at = 0;

	while (at < text.length && is_separator(first))
		first = next_folded(text, &at);
	second = next_folded(text, &at);
	third = next_folded(text, &at);
	if (first < '1' || first > '4' || !is_separator(second))
		return ANSWER_NOTE;
	if (is_digit(third) && strchr(".:-/", (int)second) != NULL)
		return ANSWER_NOTE;
	return (enum answer_word)(ANSWER_GENUINE + (int)(first - '1'));
}

enum answer_word sms_reply_word(struct slice text)
{
	char plain[FOLDED_BYTES + 4];
	size_t length = 0;

	for (size_t at = 0; at < text.length && length < FOLDED_BYTES;) {
		uint32_t c = folded(utf8_next(text.at, &at));
		if (!is_separator(c))
			length += (size_t)utf8_put(c, plain + length);
	}
	for (size_t i = 0; i < sizeof(replies) / sizeof(replies[0]); i++)
		if (slice_is((struct slice){plain, (uint32_t)length}, replies[i].text))
			return replies[i].word;
	return leading_number(text);
}

int notify_sms_receipt(struct store *store, struct slice id, bool delivered, struct slice status, int64_t now_ms,
                       enum sms_result *result_r, struct error *error)
{
	char reason[REASON_BYTES];
	struct store_receipt receipt = {.provider_id = id, .failed = !delivered, .at_ms = now_ms};
	int known;

	snprintf(reason, sizeof(reason), "the SMS gateway says that it did not arrive: %.*s",
	         SLICE_PRINT(utf8_cut(status, STATUS_CHARACTERS_MAX)));
	receipt.reason = slice_of(delivered ? "" : reason);
	known = store_receipt_put(store, &receipt, error);
	*result_r = known > 0 ? SMS_TAKEN : SMS_UNMATCHED;
	return known == -1 ? -1 : 0;
}

/* The gateway's id, else one of what the reply says, keyed, since a phone number can be guessed. */
static int message_id(struct store *store, const struct sms_reply *reply, struct slice delivery, struct arena *arena,
                      struct slice *id_r, struct error *error)
{
	const struct seal *seal = store_seal(store, error);
	unsigned char hash[SEAL_HASH_BYTES];
	char hex[2 * SEAL_HASH_BYTES + 1];
	const char *all;

	if (seal == NULL)
		return -1;
	if (reply->id.length > 0) {
		*id_r = slice_of(arena_print(arena, "id %.*s", SLICE_PRINT(reply->id)));
		return 0;
	}
	all = arena_print(arena, "%.*s\n%.*s\n%.*s", SLICE_PRINT(reply->phone), SLICE_PRINT(reply->text),
	                  SLICE_PRINT(reply->time.length > 0 ? reply->time : delivery));
	seal_hash(seal, "sms-reply", slice_of(all), hash);
	sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
	*id_r = slice_of(arena_print(arena, "hash %s", hex));
	return 0;
}

static int reply_in(struct store *store, const struct sms_reply *reply, struct arena *arena, int64_t now_ms,
                    enum sms_result *result_r, enum answer_word *word_r, struct notify_put *put, struct error *error)
{
	struct notify_answer a = {.word = sms_reply_word(reply->text), .via = ANSWER_VIA_SMS, .text = reply->text,
	                          .catalogue = reply->catalogue};
	enum answer_result result;
	int found = store_delivery_of_phone(store, reply->phone, reply->since_ms, arena, &a.delivery, error);

	*result_r = SMS_UNMATCHED;
	if (found != 1)
		return found;
	if (message_id(store, reply, a.delivery, arena, &a.message, error) == -1 ||
	    notify_answer(store, &a, now_ms, &result, put, error) == -1)
		return -1;
	if (result == ANSWER_CLOSED && a.word != ANSWER_NOTE) {
		a.word = ANSWER_NOTE;
		if (notify_answer(store, &a, now_ms, &result, put, error) == -1)
			return -1;
	}
	*word_r = a.word;
	*result_r = result == ANSWER_TAKEN ? SMS_TAKEN : SMS_KNOWN;
	return 0;
}

int notify_sms_reply(struct store *store, const struct sms_reply *reply, int64_t now_ms, enum sms_result *result_r,
                     enum answer_word *word_r, struct notify_put *put, struct error *error)
{
	struct arena arena;
	int result;

	*word_r = ANSWER_NOTE;
	arena_init(&arena, TEXTS_BYTES_MAX);
	result = reply_in(store, reply, &arena, now_ms, result_r, word_r, put, error);
	arena_deinit(&arena);
	return result;
}
