/*
 * POST /gateway/sms/receipt and /gateway/sms/reply: what the SMS gateway calls back with. It is known by a
 * shared secret in a header or a query parameter that its file names; without one there is nothing at these
 * paths. Everything that is well formed is answered 200, or the gateway would send it for ever; what belongs to
 * nothing is counted.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <sodium.h>

#include "api/api_private.h"
#include "api/command.h"
#include "api/gateway_items.h"
#include "api/resource.h"
#include "base/clock.h"
#include "base/counters.h"
#include "base/utf8.h"
#include "notify/notify.h"

enum { ID_BYTES = 128, STATUS_BYTES = 64, PHONE_BYTES = 32, TEXT_BYTES = 4 * ANSWER_TEXT_CHARACTERS_MAX + 1 };

/* One item by value: the command may outlive the request. */
struct gateway_item {
	char id[ID_BYTES], status[STATUS_BYTES];
	bool delivered;
	char phone[PHONE_BYTES], text[TEXT_BYTES], time[STATUS_BYTES];
	/* filled */
	enum sms_result result;
	enum answer_word word;
};

struct gateway_command {
	bool replies; /* else receipts */
	struct command_answering answering;
	int64_t now_ms, since_ms;
	size_t count;
	struct gateway_item items[];
};

static int run_item(struct store *store, struct gateway_command *c, struct gateway_item *item,
                    struct error *error)
{
	struct sms_reply reply = {slice_of(item->id), slice_of(item->phone), slice_of(item->text), slice_of(item->time),
	                          c->since_ms, command_catalogue(&c->answering)};

	if (!c->replies)
		return notify_sms_receipt(store, slice_of(item->id), item->delivered, slice_of(item->status), c->now_ms,
		                          &item->result, error);
	return notify_sms_reply(store, &reply, c->now_ms, &item->result, &item->word, &c->answering.put, error);
}

static int run_gateway(struct store *store, void *arg, struct error *error)
{
	struct gateway_command *c = arg;

	for (size_t i = 0; i < c->count; i++)
		if (run_item(store, c, &c->items[i], error) == -1)
			return -1;
	return 0;
}

/* Constant in time over the secret. */
static bool is_the_gateway(struct request *request, const struct sms_callback *callback)
{
	unsigned char given_hash[crypto_generichash_BYTES], right_hash[crypto_generichash_BYTES];
	struct slice given;

	given = callback->header[0] != '\0' ? slice_of(request_header(request, callback->header))
	                                    : target_parameter(&request->target, callback->query);
	if (given.at == NULL)
		return false;
	crypto_generichash(given_hash, sizeof(given_hash), (const unsigned char *)given.at, given.length, NULL, 0);
	crypto_generichash(right_hash, sizeof(right_hash), (const unsigned char *)callback->secret,
	                   strlen(callback->secret), NULL, 0);
	return sodium_memcmp(given_hash, right_hash, sizeof(right_hash)) == 0;
}

static void copy(char *to, size_t bytes, struct slice text)
{
	snprintf(to, bytes, "%.*s", SLICE_PRINT(utf8_cut(text, (bytes - 1) / 4)));
}

static bool is_delivered(const struct sms_callback *callback, struct slice status)
{
	for (size_t i = 0; i < callback->delivered_count; i++)
		if (slice_is(status, callback->delivered[i]))
			return true;
	return false;
}

static void read_receipt(const struct sms_callback *callback, const struct gateway_items *items, size_t i,
                         struct arena *arena, struct gateway_item *item)
{
	struct slice status = gateway_field(items, i, callback->receipt_status, arena);

	snprintf(item->id, sizeof(item->id), "%.*s", SLICE_PRINT(gateway_field(items, i, callback->receipt_id, arena)));
	copy(item->status, sizeof(item->status), status);
	item->delivered = is_delivered(callback, status);
}

static void read_reply(const struct sms_callback *callback, const struct gateway_items *items, size_t i,
                       struct arena *arena, struct gateway_item *item)
{
	struct slice text = gateway_field(items, i, callback->reply_text, arena);

	snprintf(item->id, sizeof(item->id), "%.*s", SLICE_PRINT(gateway_field(items, i, callback->reply_id, arena)));
	snprintf(item->phone, sizeof(item->phone), "%.*s",
	         SLICE_PRINT(gateway_field(items, i, callback->reply_phone, arena)));
	copy(item->text, sizeof(item->text), text);
	copy(item->time, sizeof(item->time), gateway_field(items, i, callback->reply_time, arena));
}

static void count_item(const struct gateway_command *c, const struct gateway_item *item)
{
	if (item->result == SMS_UNMATCHED)
		count(COUNT_SMS_UNMATCHED);
	else if (!c->replies)
		count(COUNT_SMS_RECEIPTS);
	else
		notify_answer_count(item->word, item->result == SMS_TAKEN ? ANSWER_TAKEN : ANSWER_CLOSED);
}

/* -1 where an answer is filled. */
static int read_items(struct request *request, struct gateway_items *items, struct answer *answer)
{
	const char *type = request_header(request, "Content-Type");
	bool is_json = type != NULL && strncasecmp(type, TYPE_JSON, sizeof(TYPE_JSON) - 1) == 0;
	struct error error;

	if (gateway_items_read(request->body, is_json, request->arena, items, &error) == 0)
		return 0;
	answer_problem(answer, 400, "%s", error.text);
	return -1;
}

static void take(struct request *request, const struct sms_callback *callback, bool replies,
                 const struct gateway_items *items, struct answer *answer)
{
	const struct answer_links *links = request->api->options.answer_links;
	size_t bytes = sizeof(struct gateway_command) + items->count * sizeof(struct gateway_item);
	struct gateway_command *c = calloc(1, bytes);
	struct error error;

	if (c == NULL)
		die("out of memory: an SMS gateway's call");
	*c = (struct gateway_command){.replies = replies, .answering = command_answering(request->api),
	                              .now_ms = clock_now_ms(), .count = items->count};
	c->since_ms = c->now_ms - (links != NULL ? links->expires_ms : 0);
	for (size_t i = 0; i < items->count; i++)
		(replies ? read_reply : read_receipt)(callback, items, i, request->arena, &c->items[i]);
	if (command_run(request->api, run_gateway, c, bytes, &error) == COMMAND_DONE) {
		for (size_t i = 0; i < c->count; i++)
			count_item(c, &c->items[i]);
		command_told(request->api, &c->answering);
		answer_owned(answer, 200, callback->answer[0] == '{' ? TYPE_JSON : "text/plain; charset=utf-8",
		             strdup(callback->answer), strlen(callback->answer));
	} else {
		resource_not_written("what the gateway sent", &error, answer);
	}
	free(c);
}

static void gateway(struct request *request, bool replies, struct answer *answer)
{
	const struct sms_callback *callback = request->api->options.sms_callback;
	struct gateway_items items;

	if (callback == NULL || callback->secret[0] == '\0') { /* no file, or it says nothing of this */
		answer_problem(answer, 404, "the setting sms.gateway names no file with `callback`");
		return;
	}
	if (!is_the_gateway(request, callback)) {
		count(COUNT_HTTP_REFUSED);
		answer_problem(answer, 403, "the gateway's secret is missing or wrong");
		return;
	}
	if (read_items(request, &items, answer) == -1)
		return;
	take(request, callback, replies, &items, answer);
	gateway_items_end(&items);
}

void gateway_receipt(struct request *request, struct answer *answer)
{
	gateway(request, false, answer);
}

void gateway_reply(struct request *request, struct answer *answer)
{
	gateway(request, true, answer);
}
