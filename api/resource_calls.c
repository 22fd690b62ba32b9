/*
 * The centres' call list: /api/v1/calls. Whom an analyst is to call, or what he is to decide, the most pressing
 * first; he takes a row, and says what came of it.
 */
#include <stdio.h>

#include "api/api_private.h"
#include "api/command.h"
#include "api/resource.h"
#include "base/clock.h"
#include "judge/judge.h"
#include "notify/notify.h"

enum { OUTCOME_CHARACTERS_MAX = 200, OUTCOME_BYTES = 4 * OUTCOME_CHARACTERS_MAX + 1 };

const char *const calls_list_parameters[] = {"jurisdiction", "limit", "after", NULL};

static const char actor[] = "http.token";

static yyjson_mut_val *call_value(const struct call_row *row, yyjson_mut_doc *document)
{
	yyjson_mut_val *call = yyjson_mut_obj(document);

	yyjson_mut_obj_add_sint(document, call, "id", row->id);
	resource_add_text(document, call, "alert", row->alert);
	resource_add_text(document, call, "jurisdiction", row->jurisdiction);
	yyjson_mut_obj_add_str(document, call, "level", alert_level_names[row->level <= LEVEL_RED ? row->level : 0]);
	resource_add_text(document, call, "reason", row->reason);
	resource_add_time(document, call, "created_at", row->created_ms);
	resource_add_time(document, call, "due_at", row->due_ms);
	resource_add_text(document, call, "taken_by", row->taken_by);
	resource_add_time(document, call, "taken_at", row->taken_ms);
	resource_add_time(document, call, "done_at", row->done_ms);
	resource_add_text(document, call, "outcome", row->outcome);
	return call;
}

/* The list is short and changes all the time: its cursor is how many rows were seen. */
void calls_list(struct request *request, struct answer *answer)
{
	struct slice jurisdiction = {"", 0};
	struct call_row *rows;
	struct cursor cursor;
	struct error error;
	int64_t limit;
	size_t count;
	yyjson_mut_doc *document;
	yyjson_mut_val *items;
	char next[CURSOR_TEXT_BYTES];
	bool more;

	if (parameter_text(&request->target, "jurisdiction", 6, &jurisdiction, &error) == -1) {
		resource_bad(request, &error, answer);
		return;
	}
	if (resource_page(request, 'c', &limit, &cursor, answer) == -1)
		return;
	if (store_calls_open(request->store, jurisdiction, (int)cursor.number, (int)limit + 1, request->arena, &rows,
	                     &count, &error) == -1) {
		resource_failed("the call list", &error, answer);
		return;
	}
	more = count > (size_t)limit;
	count = more ? (size_t)limit : count;
	document = yyjson_mut_doc_new(NULL);
	items = resource_items(document);
	for (size_t i = 0; i < count; i++)
		yyjson_mut_arr_append(items, call_value(&rows[i], document));
	if (more)
		cursor_write('c', cursor.number + (int64_t)count, (struct slice){0}, next);
	resource_next(document, more ? next : NULL);
	answer_json(answer, 200, document);
}

struct call_command {
	int64_t id, now_ms;
	char outcome[OUTCOME_BYTES]; /* of done */
	bool done; /* else take */
	int changed; /* filled */
};

static int run_call(struct store *store, void *arg, struct error *error)
{
	struct call_command *c = arg;
	char object[40];

	c->changed = c->done ? store_call_close(store, c->id, c->outcome, c->now_ms, error)
	                     : store_call_take(store, c->id, actor, c->now_ms, error);
	if (c->changed != 1)
		return c->changed;
	snprintf(object, sizeof(object), "call %lld", (long long)c->id);
	return store_audit_put(store, c->now_ms, actor, c->done ? "call.done" : "call.take", object,
	                       c->done ? c->outcome : "", error);
}

/* The call as it is now. */
static void answer_call(struct request *request, int64_t id, struct answer *answer)
{
	yyjson_mut_doc *document;
	struct call_row row;
	struct error error;

	if (store_call_get(request->store, id, request->arena, &row, &error) != 1) {
		resource_failed("the call", &error, answer);
		return;
	}
	document = yyjson_mut_doc_new(NULL);
	yyjson_mut_doc_set_root(document, call_value(&row, document));
	answer_json(answer, 200, document);
}

static void change(struct request *request, struct call_command *command, struct answer *answer)
{
	struct call_row row;
	struct error error;
	int found;

	command->id = resource_id_number(request->id);
	command->now_ms = clock_now_ms();
	found = store_call_get(request->store, command->id, request->arena, &row, &error);
	if (found == -1) {
		resource_failed("the call", &error, answer);
		return;
	}
	if (found == 0) {
		answer_problem(answer, 404, "there is no call of this number");
		return;
	}
	if (command_run(request->api, run_call, command, sizeof(*command), &error) != COMMAND_DONE)
		resource_not_written("the call", &error, answer);
	else if (command->changed == 0)
		answer_problem(answer, 409, command->done ? "the call is done already" : "the call is taken or done already");
	else
		answer_call(request, command->id, answer);
}

void call_take(struct request *request, struct answer *answer)
{
	struct call_command command = {.done = false};

	change(request, &command, answer);
}

void call_done(struct request *request, struct answer *answer)
{
	static const char *const names[] = {"outcome", NULL};
	struct call_command command = {.done = true};
	struct slice outcome;
	yyjson_doc *body = resource_body(request, names, answer);

	if (body == NULL)
		return;
	if (resource_body_text(body, "outcome", OUTCOME_CHARACTERS_MAX, &outcome, answer) == 0) {
		snprintf(command.outcome, sizeof(command.outcome), "%.*s", SLICE_PRINT(outcome));
		if (outcome.length > 0)
			change(request, &command, answer);
		else
			answer_bad_parameter(answer, "outcome", "expected what came of it, in words");
	}
	yyjson_doc_free(body);
}
