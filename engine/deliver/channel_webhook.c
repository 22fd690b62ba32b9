/*
 * Standard Webhooks 1.0.0 (domain.md section 4).
 *
 *   webhook-id:        the delivery's id, the same at every attempt, so that a receiver can drop what it has
 *   webhook-timestamp: seconds since 1970, of this attempt
 *   webhook-signature: "v1," base64( HMAC-SHA256( key, id "." timestamp "." body ) ), one for each secret, by a space
 *
 * The registry's secret is one `whsec_` + base64 of 24 to 64 bytes, or two by a space while a receiver
 * changes over: both sign, and the receiver takes either.
 *
 * Any 2xx is a success. Everything else is worth another attempt, redirects too (they are never followed),
 * since a receiver's mistake is mended within hours; only 410 says "never again".
 */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "deliver/channel.h"
#include "deliver/guard.h"

enum { SECRETS_MAX = 2, KEY_BYTES_MIN = 24, KEY_BYTES_MAX = 64, BODY_BYTES_MAX = 20 * 1000 };

#define SECRET_PREFIX "whsec_"
#define SIGNATURE_BYTES sodium_base64_ENCODED_LEN(crypto_auth_hmacsha256_BYTES, sodium_base64_VARIANT_ORIGINAL)

struct key {
	unsigned char bytes[KEY_BYTES_MAX];
	size_t length;
};

/* The next word of `text`, taken off its beginning; false at its end. */
static bool word_next(struct slice *text, struct slice *word_r)
{
	*text = slice_trim(*text);
	*word_r = *text;
	for (uint32_t i = 0; i < text->length; i++)
		if (text->at[i] == ' ') {
			word_r->length = i;
			break;
		}
	text->at += word_r->length;
	text->length -= word_r->length;
	return word_r->length > 0;
}

static int key_read(struct slice word, struct key *key_r, struct error *error)
{
	const uint32_t prefix = sizeof(SECRET_PREFIX) - 1;

	if (word.length <= prefix || memcmp(word.at, SECRET_PREFIX, prefix) != 0 ||
	    sodium_base642bin(key_r->bytes, sizeof(key_r->bytes), word.at + prefix, word.length - prefix, NULL,
	                      &key_r->length, NULL, sodium_base64_VARIANT_ORIGINAL) != 0 ||
	    key_r->length < KEY_BYTES_MIN)
		return error_set(error, "the secret is not `" SECRET_PREFIX "` and base64 of %d to %d random bytes",
		                 KEY_BYTES_MIN, KEY_BYTES_MAX);
	return 0;
}

/* One or two keys; the number of them or -1. */
static int keys_read(struct slice secret, struct key keys_r[SECRETS_MAX], struct error *error)
{
	struct slice word;
	int count = 0;

	while (word_next(&secret, &word)) {
		if (count == SECRETS_MAX)
			return error_set(error, "more than %d secrets; expected one, or the old and the new by a space",
			                 SECRETS_MAX);
		if (key_read(word, &keys_r[count++], error) == -1)
			return -1;
	}
	return count > 0 ? count : error_set(error, "the secret is missing; expected `" SECRET_PREFIX "` and base64");
}

static int webhook_check_address(struct slice address, struct slice secret, bool allow_private, struct error *error)
{
	struct key keys[SECRETS_MAX];
	int result = guard_check_url(address, allow_private, NULL, error);

	if (result == 0 && keys_read(secret, keys, error) == -1)
		result = -1;
	sodium_memzero(keys, sizeof(keys));
	return result;
}

static void sign(const struct key *key, struct slice prefix, struct slice body, char signature_r[SIGNATURE_BYTES])
{
	crypto_auth_hmacsha256_state state;
	unsigned char mac[crypto_auth_hmacsha256_BYTES];

	crypto_auth_hmacsha256_init(&state, key->bytes, key->length);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)prefix.at, prefix.length);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)body.at, body.length);
	crypto_auth_hmacsha256_final(&state, mac);
	sodium_bin2base64(signature_r, SIGNATURE_BYTES, mac, sizeof(mac), sodium_base64_VARIANT_ORIGINAL);
	sodium_memzero(&state, sizeof(state));
}

/* "webhook-signature: v1,… v1,…" */
static const char *signature_header(const struct channel_message *m, struct arena *arena, struct error *error)
{
	struct key keys[SECRETS_MAX];
	char text[SECRETS_MAX * (SIGNATURE_BYTES + 4)] = "", one[SIGNATURE_BYTES];
	char *prefix = arena_print(arena, "%.*s.%lld.", SLICE_PRINT(m->id), (long long)(m->now_ms / 1000));
	int count = keys_read(m->secret, keys, error), length = 0;

	for (int i = 0; i < count && prefix != NULL; i++) {
		sign(&keys[i], slice_of(prefix), m->body, one);
		length += snprintf(text + length, sizeof(text) - (size_t)length, "%sv1,%s", i > 0 ? " " : "", one);
	}
	sodium_memzero(keys, sizeof(keys));
	if (count > 0 && prefix == NULL)
		error_set(error, "no room for the request");
	return count > 0 && prefix != NULL ? arena_print(arena, "webhook-signature: %s", text) : NULL;
}

static int webhook_build_request(const struct channel_message *m, struct arena *arena, struct channel_request *r,
                                 struct error *error)
{
	const char *signature;

	*r = (struct channel_request){.body = m->body};
	if (m->body.length >= BODY_BYTES_MAX)
		return error_set(error, "the body has %u bytes; a webhook takes less than %d", m->body.length, BODY_BYTES_MAX);
	if (guard_check_url(m->address, m->allow_private, &r->loopback_only, error) == -1 ||
	    (signature = signature_header(m, arena, error)) == NULL)
		return -1;
	r->url = arena_copy(arena, m->address).at;
	r->headers[r->header_count++] = "content-type: application/json; charset=utf-8";
	r->headers[r->header_count++] = arena_print(arena, "webhook-id: %.*s", SLICE_PRINT(m->id));
	r->headers[r->header_count++] = arena_print(arena, "webhook-timestamp: %lld", (long long)(m->now_ms / 1000));
	r->headers[r->header_count++] = signature;
	return arena_overflowed(arena) ? error_set(error, "no room for the request") : 0;
}

static void webhook_judge_answer(const struct channel_answer *a, struct channel_verdict *v)
{
	*v = (struct channel_verdict){.outcome = CHANNEL_RETRY};
	if (a->failure != NULL) {
		snprintf(v->reason, sizeof(v->reason), "%s", a->failure);
	} else if (a->status >= 200 && a->status < 300) {
		v->outcome = CHANNEL_SENT;
		snprintf(v->reason, sizeof(v->reason), "HTTP %ld", a->status);
	} else if (a->status >= 300 && a->status < 400) {
		snprintf(v->reason, sizeof(v->reason), "HTTP %ld: redirects are not followed; register the final address",
		         a->status);
	} else if (a->status == 410) {
		v->outcome = CHANNEL_DEAD;
		v->gone = true;
		snprintf(v->reason, sizeof(v->reason), "HTTP 410: the receiver wants nothing more; the contact is disabled");
	} else {
		v->wait_ms = channel_retry_after_ms(a->retry_after, a->now_ms);
		snprintf(v->reason, sizeof(v->reason), a->status == 429 ? "HTTP %ld: too many requests" : "HTTP %ld",
		         a->status);
	}
}

const struct channel channel_webhook = {
	.name = "webhook",
	.title_zh = "标准 Webhook",
	.title_en = "Standard Webhooks",
	.called = "接口|回调",
	.limits = {.body_bytes_max = BODY_BYTES_MAX - 1, .per_minute_max = 0},
	.check_address = webhook_check_address,
	.build_request = webhook_build_request,
	.judge_answer = webhook_judge_answer,
};
