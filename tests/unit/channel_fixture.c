#include "channel_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <yyjson.h>

#include "base/utf8.h"

struct arena channel_arena;
struct channel_settings channel_settings_here;

int channel_setup(void **state)
{
	(void)state;
	arena_init(&channel_arena, 4 << 20);
	channel_settings_here = channel_settings_none;
	channel_settings_here.signature = "反诈中心";
	return 0;
}

int channel_teardown(void **state)
{
	(void)state;
	arena_deinit(&channel_arena);
	return 0;
}

const char *channel_body(const char *subject, const char *text, const char *more)
{
	yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
	yyjson_mut_val *root = yyjson_mut_obj(doc);
	size_t length;
	char *written;
	const char *body;

	yyjson_mut_doc_set_root(doc, root);
	yyjson_mut_obj_add_str(doc, root, "subject", subject);
	yyjson_mut_obj_add_str(doc, root, "text", text);
	yyjson_mut_obj_add_str(doc, root, "level", "red");
	written = yyjson_mut_write(doc, 0, &length);
	body = arena_print(&channel_arena, "%.*s%s}", (int)length - 1, written, more);
	free(written);
	yyjson_mut_doc_free(doc);
	return body;
}

struct channel_message channel_message_of(const char *address, const char *secret, const char *body)
{
	return (struct channel_message){
		.id = slice_of(CHANNEL_ID), .address = slice_of(address), .secret = slice_of(secret),
		.language = slice_of("zh"), .body = slice_of(body), .now_ms = CHANNEL_NOW_MS,
		.settings = &channel_settings_here,
	};
}

const char *channel_header(const struct channel_request *r, const char *name)
{
	for (size_t i = 0; i < r->header_count; i++)
		if (strncmp(r->headers[i], name, strlen(name)) == 0 && r->headers[i][strlen(name)] == ':')
			return r->headers[i] + strlen(name) + 2;
	return "";
}

const char *channel_json_text(const struct channel_request *r, const char *pointer)
{
	yyjson_doc *doc = yyjson_read(r->body.at, r->body.length, 0);
	const char *text = yyjson_get_str(yyjson_doc_ptr_get(doc, pointer));
	const char *copy = text != NULL ? arena_copy(&channel_arena, slice_of(text)).at : NULL;

	yyjson_doc_free(doc);
	if (copy == NULL)
		fail_msg("no text at %s in %.*s", pointer, SLICE_PRINT(r->body));
	return copy;
}

struct channel_request channel_built(const struct channel *channel, const struct channel_message *message)
{
	struct channel_request r;
	struct error error;

	if (channel->build_request(message, &channel_arena, &r, &error) != 0)
		fail_msg("%s: %s", channel->name, error.text);
	return r;
}

const char *channel_refused(const struct channel *channel, const struct channel_message *message)
{
	struct channel_request r;
	struct error error;

	if (channel->build_request(message, &channel_arena, &r, &error) != -1)
		fail_msg("%s takes it", channel->name);
	return arena_copy(&channel_arena, slice_of(error.text)).at;
}

void channel_judge_all(const struct channel *channel, const struct channel_case *cases, size_t count)
{
	struct channel_verdict v;

	for (size_t i = 0; i < count; i++) {
		const struct channel_case *c = &cases[i];
		struct channel_answer a = {.failure = c->failure, .status = c->status, .body = slice_of(c->body),
		                           .command = slice_of(c->command != NULL ? c->command : ""),
		                           .now_ms = CHANNEL_NOW_MS, .settings = &channel_settings_here};
		channel->judge_answer(&a, &v);
		if (v.outcome != c->outcome || v.gone != c->gone || v.wait_ms != c->wait_ms ||
		    strstr(v.reason, c->says) == NULL || !utf8_valid(v.reason, strlen(v.reason)))
			fail_msg("%s %ld `%.60s`: outcome %d, gone %d, wait %lld, `%s`", channel->name, c->status,
			         c->body != NULL ? c->body : "", v.outcome, v.gone, (long long)v.wait_ms, v.reason);
	}
}
