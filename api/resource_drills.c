/*
 * /api/v1/drills: exercises. A drill that is posted begins in office hours.
 */
#include <stdio.h>

#include "api/api_private.h"
#include "api/command.h"
#include "api/resource.h"
#include "base/clock.h"
#include "base/ident.h"
#include "casework/casework.h"
#include "judge/judge.h"

enum {
	ID_BYTES = 96, NAME_BYTES = 4 * CASEWORK_NAME_CHARACTERS_MAX + 1, CODE_LENGTH = 6, INDUSTRY_CHARACTERS_MAX = 60,
	INDUSTRY_BYTES = 4 * INDUSTRY_CHARACTERS_MAX + 1, ENTERPRISES_MAX = 100, /* named in one request */
};

void drills_list(struct request *request, struct answer *answer)
{
	struct drill_row *rows;
	struct cursor cursor;
	struct error error;
	int64_t limit;
	size_t count;
	yyjson_mut_doc *document;
	yyjson_mut_val *items;
	char next[CURSOR_TEXT_BYTES];
	bool more;

	if (resource_page(request, 'x', &limit, &cursor, answer) == -1)
		return;
	if (store_drills(request->store, cursor.list == 0 ? INT64_MAX : cursor.number, slice_of(cursor.id), (int)limit + 1,
	                 request->arena, &rows, &count, &error) == -1) {
		resource_failed("the drills", &error, answer);
		return;
	}
	more = count > (size_t)limit;
	count = more ? (size_t)limit : count;
	document = yyjson_mut_doc_new(NULL);
	items = resource_items(document);
	for (size_t i = 0; i < count; i++)
		yyjson_mut_arr_append(items, drill_shown(document, &rows[i]));
	if (more)
		cursor_write('x', rows[count - 1].created_ms, rows[count - 1].id, next);
	resource_next(document, more ? next : NULL);
	answer_json(answer, 200, document);
}

static void show(struct request *request, struct slice id, unsigned status, struct answer *answer)
{
	struct drill_report report;
	struct error error;
	yyjson_mut_doc *document;
	int found = drill_report(request->store, id, request->arena, &report, &error);

	if (found == 0) {
		answer_problem(answer, 404, "there is no drill of this id");
		return;
	}
	if (found == -1) {
		resource_failed("the drill", &error, answer);
		return;
	}
	document = yyjson_mut_doc_new(NULL);
	yyjson_mut_doc_set_root(document, drill_report_shown(document, &report));
	answer_json(answer, status, document);
}

void drill_get(struct request *request, struct answer *answer)
{
	show(request, request->id, 200, answer);
}

/* By value: the command may outlive the request. */
struct drill_command {
	char typology[8], level[8], jurisdiction[CODE_LENGTH + 1], industry[INDUSTRY_BYTES], by[NAME_BYTES];
	char enterprises[ENTERPRISES_MAX][IDENT_USCC_LENGTH + 1];
	size_t enterprise_count;
	int64_t within_ms, now_ms;
	struct command_answering answering; /* its catalogue */
	int result; /* filled: enum casework_result */
	char id[ID_BYTES];
	struct error why; /* of REFUSED */
};

static uint8_t level_of(const char *word)
{
	for (uint8_t i = LEVEL_YELLOW; i <= LEVEL_RED; i++)
		if (slice_is(slice_of(word), alert_level_names[i]))
			return i;
	return LEVEL_NONE;
}

static int run_command(struct store *store, void *arg, struct error *error)
{
	struct drill_command *c = arg;
	struct slice named[ENTERPRISES_MAX];
	struct drill_ask ask = {.typology = slice_of(c->typology), .level = level_of(c->level), .enterprises = named,
	                        .enterprise_count = c->enterprise_count, .jurisdiction = slice_of(c->jurisdiction),
	                        .industry = slice_of(c->industry), .within_ms = c->within_ms, .by = slice_of(c->by),
	                        .now_ms = c->now_ms};
	struct drill_row row;
	struct arena arena;

	for (size_t i = 0; i < c->enterprise_count; i++)
		named[i] = slice_of(c->enterprises[i]);
	arena_init(&arena, CASEWORK_BYTES_MAX);
	c->result = drill_start(store, command_catalogue(&c->answering), &ask, &arena, &row, &c->why);
	if (c->result == CASEWORK_DONE)
		snprintf(c->id, sizeof(c->id), "%.*s", SLICE_PRINT(row.id));
	arena_deinit(&arena);
	return c->result == -1 ? error_set(error, "%s", c->why.text) : 0;
}

static int read_text(yyjson_doc *body, const char *name, size_t characters_max, char *text_r, size_t bytes,
                     struct answer *answer)
{
	struct slice text;

	if (resource_body_text(body, name, characters_max, &text, answer) == -1)
		return -1;
	snprintf(text_r, bytes, "%.*s", SLICE_PRINT(text));
	return 0;
}

static int read_enterprises(yyjson_doc *body, struct drill_command *c, struct answer *answer)
{
	yyjson_val *list = yyjson_obj_get(yyjson_doc_get_root(body), "enterprises"), *item;
	size_t i, count;

	if (list == NULL || yyjson_is_null(list))
		return 0;
	if (!yyjson_is_arr(list) || yyjson_arr_size(list) > ENTERPRISES_MAX) {
		answer_bad_parameter(answer, "enterprises", "expected an array of at most 100 USCCs");
		return -1;
	}
	yyjson_arr_foreach(list, i, count, item) {
		struct slice uscc = {yyjson_get_str(item), (uint32_t)yyjson_get_len(item)};
		if (!yyjson_is_str(item) || uscc.length != IDENT_USCC_LENGTH) {
			answer_bad_parameter(answer, "enterprises", "expected USCCs, 18 characters each");
			return -1;
		}
		memcpy(c->enterprises[c->enterprise_count], uscc.at, IDENT_USCC_LENGTH);
		c->enterprises[c->enterprise_count++][IDENT_USCC_LENGTH] = '\0';
	}
	return 0;
}

/* -1 where an answer is filled. */
static int read_command(yyjson_doc *body, struct drill_command *c, struct answer *answer)
{
	int64_t seconds;

	if (read_text(body, "typology", 3, c->typology, sizeof(c->typology), answer) == -1 ||
	    read_text(body, "level", 7, c->level, sizeof(c->level), answer) == -1 ||
	    read_text(body, "jurisdiction", CODE_LENGTH, c->jurisdiction, sizeof(c->jurisdiction), answer) == -1 ||
	    read_text(body, "industry", INDUSTRY_CHARACTERS_MAX, c->industry, sizeof(c->industry), answer) == -1 ||
	    read_text(body, "by", CASEWORK_NAME_CHARACTERS_MAX, c->by, sizeof(c->by), answer) == -1 ||
	    resource_body_number(body, "within_seconds", DRILL_MS / 1000, &seconds, answer) == -1 ||
	    read_enterprises(body, c, answer) == -1)
		return -1;
	if (c->level[0] == '\0')
		snprintf(c->level, sizeof(c->level), "red");
	c->within_ms = seconds == 0 ? DRILL_WITHIN_DEFAULT_MS : seconds * 1000;
	return 0;
}

void drill_post(struct request *request, struct answer *answer)
{
	static const char *const names[] = {"typology", "level", "enterprises", "jurisdiction", "industry", "within_seconds",
	                                    "by", NULL};
	struct drill_command c = {.now_ms = clock_now_ms(), .answering = command_answering(request->api)};
	yyjson_doc *body = resource_body(request, names, answer);
	struct error error;
	int read;

	if (body == NULL)
		return;
	read = read_command(body, &c, answer);
	yyjson_doc_free(body);
	if (read == -1)
		return;
	if (command_run(request->api, run_command, &c, sizeof(c), &error) != COMMAND_DONE)
		resource_not_written("the drill", &error, answer);
	else if (c.result != CASEWORK_DONE)
		answer_problem(answer, 400, "%s", c.why.text);
	else
		show(request, slice_of(c.id), 201, answer);
}
