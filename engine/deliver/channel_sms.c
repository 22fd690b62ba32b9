/*
 * SMS through the operator's HTTP gateway (sms_gateway.h; domain.md section 4).
 *
 * One message has 70 characters, of several each 67, and 【signature】 counts: so at most 3 × 67, in UTF-16 units as
 * phones count. The gateway splits. A text carries no link, since official warnings carry none.
 */
#include <stdio.h>
#include <yyjson.h>

#include "base/instant.h"
#include "base/utf8.h"
#include "deliver/channel_text.h"
#include "deliver/guard.h"
#include "deliver/sms_gateway.h"

enum { SEGMENT_UNITS = 67, SEGMENTS_MAX = 3, PHONE_DIGITS = 11, TEXT_BYTES_MAX = 3 * 3 * 67 };

/* Without the +86. */
static bool phone_of(struct slice address, struct slice *phone_r)
{
	if (address.length > 3 && memcmp(address.at, "+86", 3) == 0)
		address = (struct slice){address.at + 3, address.length - 3};
	if (address.length != PHONE_DIGITS || address.at[0] != '1' || address.at[1] < '3')
		return false;
	for (int i = 0; i < PHONE_DIGITS; i++)
		if (address.at[i] < '0' || address.at[i] > '9')
			return false;
	*phone_r = address;
	return true;
}

static int sms_check_address(struct slice address, struct slice secret, bool allow_private, struct error *error)
{
	struct slice phone;

	(void)allow_private; /* which gateway is called stands in the settings */
	if (secret.length > 0)
		return error_set(error, "a mobile number has no secret; leave it empty");
	if (!phone_of(address, &phone))
		return error_set(error, "expected a mobile number of the mainland: 11 digits that begin with 13 to 19, with or "
		                 "without +86");
	return 0;
}

/* Of a body that has no text for it: the step to take first, then what was seen. */
static struct slice text_of(const struct channel_text *t, struct arena *arena)
{
	if (!t->composed || t->first_step.length == 0)
		return t->text;
	return slice_of(arena_print(arena, "%.*s%.*s", SLICE_PRINT(t->first_step), SLICE_PRINT(t->subject)));
}

/* Signature and text within three segments; the gateway's own signature counts, too. */
static struct slice said_of(const struct channel_message *m, const struct channel_text *t, struct arena *arena,
                            bool *cut_r)
{
	const struct sms_gateway *g = m->settings->sms_gateway;
	struct slice text = text_of(t, arena);
	struct slice mark = slice_of(arena_print(arena, "【%s】", m->settings->signature));
	size_t most = SEGMENT_UNITS * SEGMENTS_MAX;
	bool there;

	if (mark.at == NULL || text.at == NULL)
		return (struct slice){NULL, 0}; /* the arena is full, as the caller sees */
	there = text.length >= mark.length && memcmp(text.at, mark.at, mark.length) == 0;
	if (!there)
		most -= channel_text_cost(mark, channel_cost_utf16);
	text = channel_text_cut(arena, text, most, channel_cost_utf16, cut_r);
	if (there || g->adds_signature)
		return text;
	return slice_of(arena_print(arena, "%.*s%.*s", SLICE_PRINT(mark), SLICE_PRINT(text)));
}

static int fill_request(const struct channel_message *m, const struct sms_values *values, struct arena *arena,
                        struct channel_request *r, struct error *error)
{
	const struct sms_gateway *g = m->settings->sms_gateway;
	bool has_body = strcmp(g->method, "GET") != 0;

	r->method = g->method;
	r->url = sms_fill(g, arena, g->url, values, SMS_ESCAPE_URL).at;
	if (has_body) {
		r->body = sms_fill(g, arena, g->body, values, g->type == SMS_JSON ? SMS_ESCAPE_JSON : SMS_ESCAPE_URL);
		r->headers[r->header_count++] = g->type == SMS_JSON
		                                        ? "content-type: application/json; charset=utf-8"
		                                        : "content-type: application/x-www-form-urlencoded";
	}
	for (size_t i = 0; i < g->header_count; i++)
		r->headers[r->header_count++] =
			arena_print(arena, "%s: %s", g->headers[i].name,
		                    sms_fill(g, arena, g->headers[i].value, values, SMS_ESCAPE_NONE).at);
	if (arena_overflowed(arena))
		return error_set(error, "no room for the request");
	return guard_check_url(slice_of(r->url), true, &r->loopback_only, error);
}

static int sms_build_request(const struct channel_message *m, struct arena *arena, struct channel_request *r,
                             struct error *error)
{
	struct sms_values values = {.id = m->id, .signature = slice_of(m->settings->signature)};
	struct channel_text text;

	*r = (struct channel_request){.kind = CHANNEL_HTTP, .operators = true};
	if (m->settings->sms_gateway == NULL) {
		error_set(error, "there is no SMS gateway: set sms.gateway");
		return CHANNEL_BUILD_LATER;
	}
	if (!phone_of(m->address, &values.phone))
		return error_set(error, "the address is no mobile number of the mainland");
	if (channel_text_read(m, arena, &text, error) == -1)
		return -1;
	values.text = said_of(m, &text, arena, &r->cut);
	values.time = slice_of(arena_print(arena, "%lld", (long long)(m->now_ms / INSTANT_SECOND_MS)));
	if (arena_overflowed(arena))
		return error_set(error, "no room for the request");
	if (channel_text_check_digits(values.text, error) == -1)
		return -1;
	return fill_request(m, &values, arena, r, error);
}

/* ---- the answer ---- */

/* A string or a number or a truth value at a pointer, as text; false where there is none or it is too long. */
static bool value_at(yyjson_doc *doc, const char *pointer, char *text_r, size_t room)
{
	yyjson_val *value = doc != NULL ? yyjson_doc_ptr_get(doc, pointer) : NULL;
	int length = -1;

	if (yyjson_is_str(value) && yyjson_get_len(value) == strlen(yyjson_get_str(value)))
		length = snprintf(text_r, room, "%s", yyjson_get_str(value));
	else if (yyjson_is_uint(value))
		length = snprintf(text_r, room, "%llu", (unsigned long long)yyjson_get_uint(value));
	else if (yyjson_is_sint(value))
		length = snprintf(text_r, room, "%lld", (long long)yyjson_get_sint(value));
	else if (yyjson_is_bool(value))
		length = snprintf(text_r, room, "%s", yyjson_get_bool(value) ? "true" : "false");
	return length >= 0 && (size_t)length < room;
}

static bool listed(const struct sms_codes *codes, const char *code)
{
	for (size_t i = 0; i < codes->count; i++)
		if (strcmp(codes->items[i], code) == 0)
			return true;
	return false;
}

enum { VALUE_BYTES = 256 };

static bool succeeded(const struct sms_test *test, const struct channel_answer *a, yyjson_doc *doc)
{
	char value[VALUE_BYTES];

	if (test->status != 0 ? a->status != test->status : a->status < 200 || a->status >= 300)
		return false;
	if (test->pointer[0] == '\0') {
		const char *wanted = test->contains[0] != '\0' ? test->contains : test->equals;
		return test->contains[0] != '\0' ? memmem(a->body.at, a->body.length, wanted, strlen(wanted)) != NULL
		                                 : slice_is(slice_trim(a->body), wanted);
	}
	if (!value_at(doc, test->pointer, value, sizeof(value)))
		return false;
	return test->contains[0] != '\0' ? strstr(value, test->contains) != NULL : strcmp(value, test->equals) == 0;
}

static bool printable(const char *text)
{
	for (; *text != '\0'; text++)
		if (*text <= ' ' || *text >= 0x7f)
			return false;
	return true;
}

static void judge_failure(const struct sms_gateway *g, const struct channel_answer *a, const char *code,
                          struct channel_verdict *v)
{
	/* A code is a word of the gateway's documentation; whatever else stands there is not repeated. */
	const char *shown = code[0] != '\0' && strlen(code) <= 32 && printable(code) ? code : "unknown";

	v->gone = listed(&g->gone, code);
	v->outcome = v->gone || listed(&g->dead, code) ? CHANNEL_DEAD : CHANNEL_RETRY;
	v->wait_ms = listed(&g->retry, code) ? g->retry_wait_ms : 0;
	if (v->wait_ms == 0 && v->outcome == CHANNEL_RETRY)
		v->wait_ms = channel_retry_after_ms(a->retry_after, a->now_ms);
	if (v->outcome == CHANNEL_DEAD)
		snprintf(v->reason, sizeof(v->reason), "the SMS gateway refuses this number for good: code %.32s%s", shown,
		         v->gone ? "; the contact is disabled" : "");
	else
		snprintf(v->reason, sizeof(v->reason), "the SMS gateway did not take it: HTTP %ld, code %.32s", a->status, shown);
}

static void sms_judge_answer(const struct channel_answer *a, struct channel_verdict *v)
{
	const struct sms_gateway *g = a->settings->sms_gateway;
	char code[VALUE_BYTES] = "";
	yyjson_doc *doc;

	*v = (struct channel_verdict){.outcome = CHANNEL_RETRY};
	if (a->failure != NULL || g == NULL) {
		snprintf(v->reason, sizeof(v->reason), "%s", a->failure != NULL ? a->failure : "there is no SMS gateway");
		return;
	}
	doc = a->body.length > 0 ? yyjson_read(a->body.at, a->body.length, 0) : NULL;
	if (succeeded(&g->success, a, doc)) {
		v->outcome = CHANNEL_SENT;
		if (g->provider_id[0] == '\0' ||
		    !value_at(doc, g->provider_id, v->provider_id, sizeof(v->provider_id)) || !printable(v->provider_id))
			v->provider_id[0] = '\0';
		snprintf(v->reason, sizeof(v->reason), "HTTP %ld; the SMS gateway took it", a->status);
	} else {
		if (g->error_pointer[0] == '\0' || !value_at(doc, g->error_pointer, code, sizeof(code)))
			code[0] = '\0';
		judge_failure(g, a, code, v);
	}
	yyjson_doc_free(doc);
}

const struct channel channel_sms = {
	.name = "sms",
	.title_zh = "短信",
	.title_en = "SMS",
	.called = "手机短信|手机",
	.limits = {.body_bytes_max = TEXT_BYTES_MAX, .per_minute_max = 0},
	.needs_code = true,
	.check_address = sms_check_address,
	.build_request = sms_build_request,
	.judge_answer = sms_judge_answer,
};
