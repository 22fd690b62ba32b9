/*
 * /api/v1/bulletins: what enterprises of an area are told regularly; an analyst reads, approves or withdraws it. Edits
 * are made on the command line.
 */
#include <stdio.h>

#include "api/api_private.h"
#include "api/command.h"
#include "api/resource.h"
#include "base/clock.h"
#include "casework/casework.h"

enum { ID_BYTES = 96, NAME_BYTES = 4 * CASEWORK_NAME_CHARACTERS_MAX + 1,
       REASON_BYTES = 4 * BULLETIN_REASON_CHARACTERS_MAX + 1 };

const char *const casework_list_parameters[] = {"limit", "after", NULL};

void bulletins_list(struct request *request, struct answer *answer)
{
	struct bulletin_row *rows;
	struct cursor cursor;
	struct error error;
	int64_t limit;
	size_t count;
	yyjson_mut_doc *document;
	yyjson_mut_val *items;
	char next[CURSOR_TEXT_BYTES];
	bool more;

	if (resource_page(request, 'b', &limit, &cursor, answer) == -1)
		return;
	if (store_bulletins(request->store, cursor.list == 0 ? INT64_MAX : cursor.number, slice_of(cursor.id), (int)limit + 1,
	                    request->arena, &rows, &count, &error) == -1) {
		resource_failed("the bulletins", &error, answer);
		return;
	}
	more = count > (size_t)limit;
	count = more ? (size_t)limit : count;
	document = yyjson_mut_doc_new(NULL);
	items = resource_items(document);
	for (size_t i = 0; i < count; i++)
		yyjson_mut_arr_append(items, bulletin_shown(document, &rows[i], NULL));
	if (more)
		cursor_write('b', rows[count - 1].from_ms, rows[count - 1].id, next);
	resource_next(document, more ? next : NULL);
	answer_json(answer, 200, document);
}

static void show(struct request *request, struct slice id, struct answer *answer)
{
	struct bulletin_totals totals;
	struct bulletin_row row;
	struct error error;
	yyjson_mut_doc *document;
	int found = store_bulletin_get(request->store, id, request->arena, &row, &error);

	if (found == 0) {
		answer_problem(answer, 404, "there is no bulletin of this id");
		return;
	}
	if (found == -1 || store_bulletin_totals(request->store, id, &totals, &error) == -1) {
		resource_failed("the bulletin", &error, answer);
		return;
	}
	document = yyjson_mut_doc_new(NULL);
	yyjson_mut_doc_set_root(document, bulletin_shown(document, &row, &totals));
	answer_json(answer, 200, document);
}

void bulletin_get(struct request *request, struct answer *answer)
{
	show(request, request->id, answer);
}

/* By value: the command may outlive the request. */
struct bulletin_command {
	char id[ID_BYTES], by[NAME_BYTES], reason[REASON_BYTES];
	int64_t revision, now_ms;
	bool withdraw; /* else approve */
	struct command_answering answering; /* its catalogue */
	int result; /* filled: enum casework_result */
	struct error why; /* of REFUSED */
};

static int run_command(struct store *store, void *arg, struct error *error)
{
	struct bulletin_command *c = arg;

	c->result = c->withdraw ? bulletin_withdraw(store, slice_of(c->id), slice_of(c->by), slice_of(c->reason), c->now_ms,
	                                            &c->why)
	                        : bulletin_approve(store, command_catalogue(&c->answering), slice_of(c->id), c->revision,
	                                           slice_of(c->by), c->now_ms, &c->why);
	return c->result == -1 ? error_set(error, "%s", c->why.text) : 0;
}

/* -1 where an answer is filled. */
static int read_command(struct request *request, const char *const *names, struct bulletin_command *c,
                        struct answer *answer)
{
	yyjson_doc *body = resource_body(request, names, answer);
	struct slice by, reason;
	int result;

	if (body == NULL)
		return -1;
	result = resource_body_text(body, "by", CASEWORK_NAME_CHARACTERS_MAX, &by, answer) == -1 ||
	                         resource_body_text(body, "reason", BULLETIN_REASON_CHARACTERS_MAX, &reason, answer) == -1 ||
	                         resource_body_number(body, "revision", INT32_MAX, &c->revision, answer) == -1
	                 ? -1
	                 : 0;
	if (result == 0 && by.length == 0) {
		answer_bad_parameter(answer, "by", "expected the name of whoever does it; it is kept in the audit");
		result = -1;
	} else if (result == 0 && !c->withdraw && c->revision == 0) {
		answer_bad_parameter(answer, "revision", "expected the revision of the text that was read");
		result = -1;
	}
	if (result == 0) {
		snprintf(c->id, sizeof(c->id), "%.*s", SLICE_PRINT(request->id));
		snprintf(c->by, sizeof(c->by), "%.*s", SLICE_PRINT(by));
		snprintf(c->reason, sizeof(c->reason), "%.*s", SLICE_PRINT(reason));
	}
	yyjson_doc_free(body);
	return result;
}

static void change(struct request *request, struct bulletin_command *c, struct answer *answer)
{
	struct error error;

	if (command_run(request->api, run_command, c, sizeof(*c), &error) != COMMAND_DONE)
		resource_not_written("the bulletin", &error, answer);
	else if (c->result == CASEWORK_UNKNOWN)
		answer_problem(answer, 404, "there is no bulletin of this id");
	else if (c->result == CASEWORK_REFUSED)
		answer_problem(answer, 409, "%s", c->why.text);
	else
		show(request, request->id, answer);
}

void bulletin_approve_post(struct request *request, struct answer *answer)
{
	static const char *const names[] = {"by", "revision", NULL};
	struct bulletin_command c = {.now_ms = clock_now_ms(), .answering = command_answering(request->api)};

	if (read_command(request, names, &c, answer) == 0)
		change(request, &c, answer);
}

void bulletin_withdraw_post(struct request *request, struct answer *answer)
{
	static const char *const names[] = {"by", "reason", NULL};
	struct bulletin_command c = {.now_ms = clock_now_ms(), .withdraw = true};

	if (read_command(request, names, &c, answer) == 0)
		change(request, &c, answer);
}
