/* The key in an answer link: whole or nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "notify/token.h"

#define NOW_MS INT64_C(1772414104123)

static const unsigned char key[TOKEN_KEY_BYTES] = "0123456789abcdef0123456789abcde";
static const struct token sample = {"msg_87cb6a1e15c26df6c6e8aa8859e983f4", 0, INT64_C(1773018904000)};

static enum token_verdict verdict(const char *text, size_t length, int64_t now_ms)
{
	struct token token;

	return token_read(key, (struct slice){text, (uint32_t)length}, now_ms, &token);
}

static void what_is_written_is_read(void **state)
{
	char text[TOKEN_TEXT_BYTES];
	struct token token = sample, back;

	(void)state;
	for (int kind = 0; kind < 256; kind += 51)
		for (size_t length = 1; length <= TOKEN_ID_BYTES_MAX; length++) {
			memset(token.delivery, 0, sizeof(token.delivery));
			memset(token.delivery, 'a' + kind % 20, length);
			token.kind = (uint8_t)kind;
			token_write(key, &token, text);
			assert_int_equal(token_read(key, slice_of(text), NOW_MS, &back), TOKEN_RIGHT);
			assert_string_equal(back.delivery, token.delivery);
			assert_int_equal(back.kind, kind);
			assert_int_equal(back.expires_ms, sample.expires_ms);
			assert_int_equal(strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
			                 strlen(text));
		}
}

/* The bytes are as the header draws them; the MAC by libsodium's one-shot call. */
static void the_bytes_are_those_drawn(void **state)
{
	unsigned char bytes[128], mac[16], signed_text[128];
	char text[TOKEN_TEXT_BYTES];
	size_t length, id_length = strlen(sample.delivery), at = sizeof("huqi answer 1");

	(void)state;
	token_write(key, &sample, text);
	assert_int_equal(sodium_base642bin(bytes, sizeof(bytes), text, strlen(text), NULL, &length, NULL,
	                                   sodium_base64_VARIANT_URLSAFE_NO_PADDING), 0);
	assert_int_equal(length, 5 + id_length + 16);
	assert_memory_equal(bytes, "\x00\x69\xae\x1f\x18", 5);
	assert_memory_equal(bytes + 5, sample.delivery, id_length);
	memcpy(signed_text, "huqi answer 1", at);
	memcpy(signed_text + at, bytes, 5 + id_length);
	crypto_generichash(mac, sizeof(mac), signed_text, at + 5 + id_length, key, sizeof(key));
	assert_memory_equal(bytes + 5 + id_length, mac, sizeof(mac));
}

static void every_byte_counts(void **state)
{
	char text[TOKEN_TEXT_BYTES], other[TOKEN_TEXT_BYTES + 1];
	unsigned char another_key[TOKEN_KEY_BYTES];
	struct token token;
	size_t length;

	(void)state;
	token_write(key, &sample, text);
	length = strlen(text);
	for (size_t i = 0; i < length; i++)
		for (int c = 0; c < 256; c++) {
			memcpy(other, text, length + 1);
			other[i] = (char)c;
			if (other[i] != text[i])
				assert_int_equal(verdict(other, length, NOW_MS), TOKEN_WRONG);
		}
	for (size_t i = 0; i < length; i++)
		assert_int_equal(verdict(text, i, NOW_MS), TOKEN_WRONG);
	for (const char *end = "A=-_ \n"; *end != '\0'; end++) {
		snprintf(other, sizeof(other), "%s%c", text, *end);
		assert_int_equal(verdict(other, length + 1, NOW_MS), TOKEN_WRONG);
	}
	for (size_t i = 0; i < TOKEN_KEY_BYTES; i++) {
		memcpy(another_key, key, sizeof(key));
		another_key[i] ^= 1;
		assert_int_equal(token_read(another_key, slice_of(text), NOW_MS, &token), TOKEN_WRONG);
	}
}

/* Every delivery id has one spelling: no spare bits in the last character. */
static void there_is_one_spelling(void **state)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	char text[TOKEN_TEXT_BYTES];
	struct token token = sample;

	(void)state;
	for (size_t cut = 0; cut < 3; cut++) {
		token.delivery[strlen(sample.delivery) - cut] = '\0';
		token_write(key, &token, text);
		size_t right = 0, length = strlen(text);
		for (const char *c = alphabet; *c != '\0'; c++) {
			text[length - 1] = *c;
			right += verdict(text, length, NOW_MS) == TOKEN_RIGHT;
		}
		assert_int_equal(right, 1);
	}
}

static void it_ends_at_its_time(void **state)
{
	char text[TOKEN_TEXT_BYTES];
	size_t length = strlen(token_write(key, &sample, text));

	(void)state;
	assert_int_equal(verdict(text, length, sample.expires_ms - 1), TOKEN_RIGHT);
	assert_int_equal(verdict(text, length, sample.expires_ms), TOKEN_EXPIRED);
	text[0] ^= 1; /* a wrong one does not tell that it is also old */
	assert_int_equal(verdict(text, length, sample.expires_ms), TOKEN_WRONG);
}

static void what_cannot_be_said_is_not_written(void **state)
{
	char text[TOKEN_TEXT_BYTES];
	struct token token = sample;

	(void)state;
	token.expires_ms = (INT64_C(1) << 32) * 1000;
	assert_string_equal(token_write(key, &token, text), "");
	token.expires_ms = -1;
	assert_string_equal(token_write(key, &token, text), "");
	token = sample;
	memset(token.delivery, 'x', sizeof(token.delivery));
	assert_string_equal(token_write(key, &token, text), "");
	token.delivery[0] = '\0';
	assert_string_equal(token_write(key, &token, text), "");
	assert_int_equal(verdict("", 0, NOW_MS), TOKEN_WRONG);
}

static void a_link_leads_to_a_host(void **state)
{
	static const char *const right[] = {"", "https://warn.example.cn", "https://warn.example.cn:8443", "https://[2001:db8::1]",
	                                    "http://127.0.0.1:8080", "http://localhost", "http://[::1]:80"};
	static const char *const wrong[] = {"warn.example.cn", "http://warn.example.cn", "https://", "https://a.cn/", "ftp://a.cn",
	                                    "https://a.cn/x", "https://a.cn?x", "https://a.cn#x", "https://user@a.cn", "https://a b",
	                                    "https://a\"b", "http://127.0.0.1.evil.cn", "http://localhostess", "HTTPS://a.cn",
	                                    "https://反诈.cn"};
	struct error error;

	(void)state;
	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++)
		assert_int_equal(answer_links_check(right[i], &error), 0);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(answer_links_check(wrong[i], &error), -1);
		assert_non_null(strstr(error.text, "http.public_url"));
	}
}

static void links_are_made_where_there_is_an_address(void **state)
{
	struct answer_links links = {.public_url = "https://warn.example.cn", .expires_ms = 60000};
	char long_id[TOKEN_ID_BYTES_MAX + 2];
	struct arena arena;
	struct token token;
	struct slice url;

	(void)state;
	arena_init(&arena, 1 << 20);
	memcpy(links.key, key, sizeof(key));
	assert_int_equal(answer_url(slice_of("msg_1"), 2, NOW_MS, &arena).length, 0);
	answer_links_use(&links);
	url = answer_url(slice_of("msg_1"), 2, NOW_MS, &arena);
	assert_memory_equal(url.at, "https://warn.example.cn/a/", 26);
	assert_int_equal(token_read(key, (struct slice){url.at + 26, url.length - 26}, NOW_MS + 59000, &token), TOKEN_RIGHT);
	assert_int_equal(token_read(key, (struct slice){url.at + 26, url.length - 26}, NOW_MS + 60000, &token), TOKEN_EXPIRED);
	assert_string_equal(token.delivery, "msg_1");
	assert_int_equal(token.kind, 2);
	memset(long_id, 'x', sizeof(long_id));
	long_id[sizeof(long_id) - 1] = '\0';
	assert_int_equal(answer_url(slice_of(long_id), 0, NOW_MS, &arena).length, 0);
	assert_int_equal(answer_url(slice_of(""), 0, NOW_MS, &arena).length, 0);
	links.public_url = "";
	assert_int_equal(answer_url(slice_of("msg_1"), 2, NOW_MS, &arena).length, 0);
	answer_links_use(NULL);
	arena_deinit(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(the_bytes_are_those_drawn),
		cmocka_unit_test(every_byte_counts),
		cmocka_unit_test(there_is_one_spelling),
		cmocka_unit_test(it_ends_at_its_time),
		cmocka_unit_test(what_cannot_be_said_is_not_written),
		cmocka_unit_test(a_link_leads_to_a_host),
		cmocka_unit_test(links_are_made_where_there_is_an_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
