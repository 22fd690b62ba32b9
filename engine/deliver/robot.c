#include "deliver/robot.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <yyjson.h>

#include "base/instant.h"
#include "deliver/guard.h"

static bool holds(struct slice text, const char *word)
{
	return memmem(text.at, text.length, word, strlen(word)) != NULL;
}

static int check_secret(const struct robot_shape *shape, struct slice secret, struct error *error)
{
	if (secret.length == 0)
		return 0;
	if (shape->prefix == NULL)
		return error_set(error, "this robot has no secret: the key in its URL is all; leave the secret empty");
	if (secret.length > ROBOT_SECRET_BYTES_MAX || strncmp(secret.at, shape->prefix, strlen(shape->prefix)) != 0)
		return error_set(error, "the secret is not the robot's signing secret%s%s%s; leave it empty where the robot "
		                 "goes by keywords", shape->prefix[0] != '\0' ? ", which begins with `" : "", shape->prefix,
		                 shape->prefix[0] != '\0' ? "`" : "");
	for (uint32_t i = 0; i < secret.length; i++)
		if (secret.at[i] <= ' ' || secret.at[i] >= 0x7f)
			return error_set(error, "the secret holds a space or a character that is not ASCII");
	return 0;
}

int robot_check_address(const struct robot_shape *shape, struct slice address, struct slice secret, bool allow_private,
                        struct error *error)
{
	if (guard_check_url(address, allow_private, NULL, error) == -1)
		return -1;
	if (!holds(address, shape->path) || !holds(address, shape->parameter))
		return error_set(error, "this is not the whole webhook URL of the robot; expected one such as %s",
		                 shape->example);
	return check_secret(shape, secret, error);
}

void robot_sign(struct slice key, struct slice text, char signature_r[ROBOT_SIGNATURE_BYTES])
{
	crypto_auth_hmacsha256_state state;
	unsigned char mac[crypto_auth_hmacsha256_BYTES];

	crypto_auth_hmacsha256_init(&state, (const unsigned char *)key.at, key.length);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)text.at, text.length);
	crypto_auth_hmacsha256_final(&state, mac);
	sodium_bin2base64(signature_r, ROBOT_SIGNATURE_BYTES, mac, sizeof(mac), sodium_base64_VARIANT_ORIGINAL);
	sodium_memzero(&state, sizeof(state));
}

/* An object whose member `name` is a whole number, and nothing else, is an answer. */
static bool code_of(struct slice body, const char *name, int64_t *code_r)
{
	yyjson_doc *doc = body.length > 0 ? yyjson_read(body.at, body.length, 0) : NULL;
	yyjson_val *code = yyjson_obj_get(yyjson_doc_get_root(doc), name);
	bool found = yyjson_is_sint(code) || (yyjson_is_uint(code) && yyjson_get_uint(code) <= INT64_MAX);

	if (found)
		*code_r = yyjson_get_sint(code);
	yyjson_doc_free(doc);
	return found;
}

/* No answer of the robot itself: of a proxy before it, or of nobody. */
static void judge_status(const struct channel_answer *a, const char *name, struct channel_verdict *v)
{
	v->wait_ms = a->status == 429 ? INSTANT_MINUTE_MS : 0;
	if (a->status == 429 || a->status == 503)
		v->wait_ms = channel_retry_after_ms(a->retry_after, a->now_ms) > 0
		                     ? channel_retry_after_ms(a->retry_after, a->now_ms)
		                     : v->wait_ms;
	snprintf(v->reason, sizeof(v->reason),
	         a->status >= 300 && a->status < 400 ? "HTTP %ld: redirects are not followed; register the final address"
	                                             : "HTTP %ld without a robot's answer (JSON with a number in `%s`)",
	         a->status, name);
}

void robot_judge(const struct channel_answer *a, const char *name, const struct robot_code *codes, size_t count,
                 struct channel_verdict *v)
{
	int64_t code;

	*v = (struct channel_verdict){.outcome = CHANNEL_RETRY};
	if (a->failure != NULL) {
		snprintf(v->reason, sizeof(v->reason), "%s", a->failure);
		return;
	}
	if (!code_of(a->body, name, &code) || (code == 0 && (a->status < 200 || a->status >= 300))) {
		judge_status(a, name, v);
		return;
	}
	if (code == 0) {
		v->outcome = CHANNEL_SENT;
		snprintf(v->reason, sizeof(v->reason), "%s 0", name);
		return;
	}
	for (size_t i = 0; i < count; i++)
		if (codes[i].code == code) {
			v->outcome = codes[i].outcome;
			v->gone = codes[i].gone;
			v->wait_ms = codes[i].wait_ms;
			snprintf(v->reason, sizeof(v->reason), "%s %lld: %s", name, (long long)code, codes[i].words);
			return;
		}
	snprintf(v->reason, sizeof(v->reason), "%s %lld", name, (long long)code);
}

int robot_post(const struct channel_message *m, const char *url, struct yyjson_mut_doc *doc, struct arena *arena,
               struct channel_request *r, struct error *error)
{
	size_t length = 0;
	char *text = yyjson_mut_write(doc, 0, &length);

	yyjson_mut_doc_free(doc);
	if (text != NULL)
		r->body = arena_copy(arena, (struct slice){text, (uint32_t)length});
	free(text);
	r->url = url;
	r->headers[r->header_count++] = "content-type: application/json; charset=utf-8";
	if (r->body.at == NULL || url == NULL || arena_overflowed(arena))
		return error_set(error, "no room for the request");
	return guard_check_url(slice_of(url), m->allow_private, &r->loopback_only, error);
}
