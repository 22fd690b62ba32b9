/*
 * What an analyst does about one alert: /api/v1/alerts/{id}/…
 *
 *   GET  deliveries   whom it was told to and what they said; with `reveal` unmasked, so that he can call them
 *   POST answers      he writes down what a contact told him by phone
 *   POST release      what waits because the account is watched (I7) goes out
 */
#include <stdio.h>
#include <string.h>

#include "api/api_private.h"
#include "api/command.h"
#include "api/contacted.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "notify/notify.h"

enum { ID_BYTES = 128, TEXT_BYTES = 4 * ANSWER_TEXT_CHARACTERS_MAX + 1 };

static const char actor[] = "http.token";

/* The alert that {id} leads to. -1 where an answer is filled. */
static int find_alert(struct request *request, struct alert_row *row_r, struct answer *answer)
{
	struct error error;
	int found = store_alert_get(request->store, request->id, request->arena, row_r, &error);

	if (found == 1 && row_r->id.length < ID_BYTES)
		return 0;
	if (found == -1)
		resource_failed("the alert", &error, answer);
	else
		answer_problem(answer, 404, "there is no alert of this id");
	return -1;
}

void alert_deliveries(struct request *request, struct answer *answer)
{
	struct alert_row row;
	struct slice reason;
	struct error error;
	yyjson_mut_doc *document;
	yyjson_mut_val *root;
	char object[ID_BYTES + 32];

	if (reveal_asked(request, &reason, answer) == -1 || find_alert(request, &row, answer) == -1)
		return;
	snprintf(object, sizeof(object), "contacts of alert %.*s", SLICE_PRINT(row.id));
	if (reason.at != NULL && reveal_audit(request, reason, object, answer) == -1)
		return;
	document = yyjson_mut_doc_new(NULL);
	root = yyjson_mut_obj(document);
	yyjson_mut_doc_set_root(document, root);
	if (contacted_add(request, row.id, reason.at != NULL, document, root, &error) == -1) {
		yyjson_mut_doc_free(document);
		resource_failed("the deliveries", &error, answer);
		return;
	}
	answer_json(answer, 200, document);
}

/* Everything of one answer, by value: the command may outlive the request. */
struct phone_command {
	char alert[ID_BYTES], text[TEXT_BYTES];
	enum answer_word word;
	int64_t value, contact, now_ms;
	struct command_answering answering;
	enum answer_result result; /* filled */
};

static int run_phone(struct store *store, void *arg, struct error *error)
{
	struct phone_command *c = arg;
	struct notify_answer a = {.alert = slice_of(c->alert), .word = c->word, .via = ANSWER_VIA_PHONE,
	                          .text = slice_of(c->text), .value = c->value, .contact = c->contact, .actor = actor,
	                          .catalogue = command_catalogue(&c->answering)};

	return notify_answer(store, &a, c->now_ms, &c->result, &c->answering.put, error);
}

/* -1 where an answer is filled. */
static int read_phone(yyjson_doc *body, struct phone_command *c, struct answer *answer)
{
	struct slice word, text;

	if (resource_body_text(body, "answer", 16, &word, answer) == -1 ||
	    resource_body_text(body, "text", ANSWER_TEXT_CHARACTERS_MAX, &text, answer) == -1 ||
	    resource_body_number(body, "value", ANSWER_RATING_MOST, &c->value, answer) == -1 ||
	    resource_body_number(body, "contact", INT64_MAX, &c->contact, answer) == -1)
		return -1;
	c->word = answer_word_of(word);
	if (c->word == ANSWER_WORD_COUNT || c->word == ANSWER_READ || c->word == ANSWER_MUTE) {
		answer_bad_parameter(answer, "answer", "expected genuine, stopped, paid, unsure, objection, rating or note");
		return -1;
	}
	if ((c->word == ANSWER_RATING) != (c->value > 0)) {
		answer_bad_parameter(answer, "value", "expected 1 to 5 with the answer rating, and none with others");
		return -1;
	}
	snprintf(c->text, sizeof(c->text), "%.*s", SLICE_PRINT(text));
	return 0;
}

static void answer_taken(const char *name, int64_t number, struct answer *answer)
{
	yyjson_mut_doc *document = yyjson_mut_doc_new(NULL);
	yyjson_mut_val *root = yyjson_mut_obj(document);

	yyjson_mut_doc_set_root(document, root);
	if (number >= 0)
		yyjson_mut_obj_add_sint(document, root, name, number);
	else
		yyjson_mut_obj_add_str(document, root, "result", name);
	answer_json(answer, 200, document);
}

void alert_answer(struct request *request, struct answer *answer)
{
	static const char *const names[] = {"answer", "text", "value", "contact", NULL};
	struct phone_command command = {.now_ms = clock_now_ms(), .answering = command_answering(request->api)};
	struct alert_row row;
	struct error error;
	yyjson_doc *body;
	int read;

	if (find_alert(request, &row, answer) == -1 || (body = resource_body(request, names, answer)) == NULL)
		return;
	read = read_phone(body, &command, answer);
	yyjson_doc_free(body);
	if (read == -1)
		return;
	snprintf(command.alert, sizeof(command.alert), "%.*s", SLICE_PRINT(row.id));
	if (command_run(request->api, run_phone, &command, sizeof(command), &error) != COMMAND_DONE) {
		resource_not_written("the answer", &error, answer);
		return;
	}
	notify_answer_count(command.word, command.result);
	command_told(request->api, &command.answering);
	answer_taken("taken", -1, answer);
}

struct release_command {
	char alert[ID_BYTES];
	int64_t now_ms;
	int released; /* filled */
};

static int run_release(struct store *store, void *arg, struct error *error)
{
	struct release_command *c = arg;

	c->released = notify_release(store, slice_of(c->alert), actor, c->now_ms, error);
	return c->released == -1 ? -1 : 0;
}

void alert_release(struct request *request, struct answer *answer)
{
	struct release_command command = {.now_ms = clock_now_ms()};
	struct alert_row row;
	struct error error;

	if (find_alert(request, &row, answer) == -1)
		return;
	snprintf(command.alert, sizeof(command.alert), "%.*s", SLICE_PRINT(row.id));
	if (command_run(request->api, run_release, &command, sizeof(command), &error) != COMMAND_DONE) {
		resource_not_written("the release", &error, answer);
		return;
	}
	if (command.released > 0 && request->api->options.outbox_changed != NULL)
		request->api->options.outbox_changed(request->api->options.arg);
	answer_taken("released", command.released, answer);
}

struct replay_command {
	char delivery[ID_BYTES];
	int64_t now_ms;
	int replayed; /* filled */
};

static int run_replay(struct store *store, void *arg, struct error *error)
{
	struct replay_command *c = arg;

	c->replayed = notify_replay(store, slice_of(c->delivery), actor, c->now_ms, error);
	return c->replayed == -1 ? -1 : 0;
}

void delivery_replay(struct request *request, struct answer *answer)
{
	struct replay_command command = {.now_ms = clock_now_ms()};
	struct error error;

	if (request->id.length >= ID_BYTES) {
		answer_problem(answer, 404, "there is no such delivery");
		return;
	}
	snprintf(command.delivery, sizeof(command.delivery), "%.*s", SLICE_PRINT(request->id));
	if (command_run(request->api, run_replay, &command, sizeof(command), &error) != COMMAND_DONE) {
		resource_not_written("the replay", &error, answer);
		return;
	}
	if (command.replayed > 0 && request->api->options.outbox_changed != NULL)
		request->api->options.outbox_changed(request->api->options.arg);
	answer_taken("replayed", command.replayed, answer);
}
