/*
 * The life of an attempt. How curl is held meanwhile stands in flight.c. An answer's head decides for a webhook, so
 * a body that is too long or too slow does not undo a 2xx; for all others the body decides.
 */
#include "deliver/transfer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/counters.h"
#include "deliver/flight.h"

enum { TRANSFER_BYTES_MAX = 512 * 1024 };

static struct slice copy(struct transfer *t, struct slice text)
{
	return arena_copy(&t->arena, text);
}

void transfer_take(struct transfer *t, const struct delivery_due *due)
{
	*t = (struct transfer){.stage = TRANSFER_CLAIMING, .destination = due->destination, .attempts = due->attempts + 1};
	arena_init(&t->arena, TRANSFER_BYTES_MAX);
	snprintf(t->id, sizeof(t->id), "%.*s", SLICE_PRINT(due->id));
	t->channel = channel_find(due->channel);
	t->due = *due;
	t->due.channel = copy(t, due->channel);
	t->due.address = copy(t, due->address);
	t->due.secret = copy(t, due->secret);
	t->due.language = copy(t, due->language);
	t->due.disabled = copy(t, due->disabled);
	t->due.body = copy(t, due->body);
	t->due.id = slice_of(t->id);
}

void transfer_free(struct transfer *t)
{
	if (t->easy != NULL)
		curl_easy_cleanup(t->easy);
	curl_slist_free_all(t->headers);
	free(t->answer);
	arena_deinit(&t->arena);
	*t = (struct transfer){.stage = TRANSFER_FREE};
}

/* What can be said before anything is sent; -1 with the reason, or CHANNEL_BUILD_LATER. */
static int build(struct transfer *t, const struct deliver_options *options, int64_t now_ms,
                 struct channel_request *request_r, struct error *error)
{
	struct channel_message message = {
		.id = t->due.id, .address = t->due.address, .secret = t->due.secret, .language = t->due.language,
		.body = t->due.body, .now_ms = now_ms, .allow_private = options->allow_private, .settings = t->settings,
	};

	if (t->due.disabled.length > 0)
		return error_set(error, "the contact is disabled: %.*s", SLICE_PRINT(t->due.disabled));
	if (t->channel == NULL)
		return error_set(error, "the contact is no longer registered, or its channel is unknown");
	if (arena_overflowed(&t->arena))
		return error_set(error, "no room for the request");
	return t->channel->build_request(&message, &t->arena, request_r, error);
}

/* Without a flight. */
static void refuse(struct transfer *t, enum channel_outcome outcome, const struct error *error)
{
	t->stage = TRANSFER_LANDED;
	t->verdict = (struct channel_verdict){.outcome = outcome};
	snprintf(t->verdict.reason, sizeof(t->verdict.reason), "%.*s", CHANNEL_REASON_BYTES - 1, error->text);
}

int transfer_start(struct transfer *t, CURLM *multi, const struct deliver_options *options, int64_t now_ms)
{
	struct channel_request request;
	struct error error;
	int built;

	t->settings = options->channels != NULL ? options->channels : &channel_settings_none;
	if ((built = build(t, options, now_ms, &request, &error)) != 0) {
		refuse(t, built == -1 ? CHANNEL_DEAD : CHANNEL_RETRY, &error);
		return -1;
	}
	if (request.cut)
		count(COUNT_WARNINGS_CUT);
	t->started_ms = clock_steady_ms();
	t->stage = TRANSFER_FLYING;
	flight_prepare(t, &request, options);
	if (curl_multi_add_handle(multi, t->easy) != CURLM_OK)
		die("curl does not take a transfer");
	return 0;
}

void transfer_finish(struct transfer *t, CURLM *multi, CURLcode result, int64_t now_ms)
{
	struct channel_answer answer = {
		.retry_after = slice_of(t->retry_after), .body = {t->answer, (uint32_t)t->answer_length},
		.command = slice_of(t->command), .status = t->reply, .now_ms = now_ms, .settings = t->settings,
	};

	if (t->kind == CHANNEL_HTTP)
		curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &answer.status);
	answer.failure = flight_failure(t, result, answer.status);
	t->channel->judge_answer(&answer, &t->verdict);
	if (t->answer_cut)
		count(COUNT_ANSWERS_CUT);
	if (t->address_refused && answer.failure != NULL)
		count(COUNT_ADDRESSES_REFUSED);
	curl_multi_remove_handle(multi, t->easy);
	t->stage = TRANSFER_LANDED;
}

void transfer_abort(struct transfer *t, CURLM *multi)
{
	if (t->stage == TRANSFER_FLYING)
		curl_multi_remove_handle(multi, t->easy);
	t->stage = TRANSFER_LANDED;
	t->aborted = true;
	t->verdict = (struct channel_verdict){.outcome = CHANNEL_RETRY};
	snprintf(t->verdict.reason, sizeof(t->verdict.reason), "the program ended during the attempt");
}
