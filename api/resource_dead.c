/*
 * GET /api/v1/dead-letters and /api/v1/dead-letters/{id}: what could not be read, with its reason (I5).
 *
 * The raw message is personal data that nobody could mask, since nobody could read it: so it is shown, in
 * base64, only with a reason that the audit keeps (I9). The message's key is an account, and masked.
 */
#include <stdlib.h>
#include <stdio.h>

#include <sodium.h>

#include "api/api_private.h"
#include "api/mask.h"
#include "api/resource.h"

const char *const dead_list_parameters[] = {"topic", "field", "limit", "after", NULL};

static yyjson_mut_val *letter_value(const struct dead_row *row, yyjson_mut_doc *document)
{
	yyjson_mut_val *letter = yyjson_mut_obj(document);

	yyjson_mut_obj_add_int(document, letter, "id", row->id);
	resource_add_text(document, letter, "topic", row->topic);
	yyjson_mut_obj_add_int(document, letter, "partition", row->partition);
	yyjson_mut_obj_add_int(document, letter, "offset", row->offset);
	resource_add_text(document, letter, "decoder", row->decoder);
	resource_add_text(document, letter, "field", row->field);
	resource_add_text(document, letter, "reason", row->reason);
	yyjson_mut_obj_add_int(document, letter, "payload_bytes", row->payload_bytes);
	resource_add_time(document, letter, "received_at", row->received_ms);
	yyjson_mut_obj_add_bool(document, letter, "produced", row->produced);
	resource_add_time(document, letter, "replayed_at", row->replayed_ms);
	return letter;
}

void dead_list(struct request *request, struct answer *answer)
{
	struct slice topic = {0}, field = {0};
	struct cursor cursor;
	struct dead_row *rows;
	struct error error;
	yyjson_mut_doc *document;
	yyjson_mut_val *items;
	char next[CURSOR_TEXT_BYTES];
	int64_t limit;
	size_t count;
	bool more;

	if (parameter_text(&request->target, "topic", 249, &topic, &error) == -1 ||
	    parameter_text(&request->target, "field", 64, &field, &error) == -1) {
		resource_bad(request, &error, answer);
		return;
	}
	if (resource_page(request, 'd', &limit, &cursor, answer) == -1)
		return;
	if (store_dead_page(request->store, topic, field, cursor.number, (int)limit, request->arena, &rows, &count,
	                    &more, &error) == -1) {
		resource_failed("the dead letters", &error, answer);
		return;
	}
	document = yyjson_mut_doc_new(NULL);
	items = resource_items(document);
	for (size_t i = 0; i < count; i++)
		yyjson_mut_arr_append(items, letter_value(&rows[i], document));
	if (more)
		cursor_write('d', rows[count - 1].id, (struct slice){0}, next);
	resource_next(document, more ? next : NULL);
	answer_json(answer, 200, document);
}

/* The key as text, masked unless revealed; null where the message had none. */
static void add_key(const struct dead_row *row, bool revealed, yyjson_mut_doc *document,
                    yyjson_mut_val *letter, struct arena *arena)
{
	if (row->key.at == NULL)
		yyjson_mut_obj_add_null(document, letter, "key");
	else
		resource_add_text(document, letter, "key", revealed ? row->key : mask_account(row->key, arena));
}

static void add_payload(const struct dead_row *row, bool revealed, yyjson_mut_doc *document,
                        yyjson_mut_val *letter, struct arena *arena)
{
	size_t bytes = sodium_base64_encoded_len(row->payload.length, sodium_base64_VARIANT_ORIGINAL);
	char *text = revealed ? arena_take(arena, bytes) : NULL;

	if (text == NULL) {
		yyjson_mut_obj_add_null(document, letter, "payload_base64");
		return;
	}
	sodium_bin2base64(text, bytes, (const unsigned char *)row->payload.at, row->payload.length,
	                  sodium_base64_VARIANT_ORIGINAL);
	yyjson_mut_obj_add_strn(document, letter, "payload_base64", text, bytes - 1);
}

void dead_get(struct request *request, struct answer *answer)
{
	int64_t id = resource_id_number(request->id);
	struct dead_row row;
	struct slice reason;
	struct error error;
	yyjson_mut_doc *document;
	yyjson_mut_val *letter;
	char object[40];
	int found;

	if (reveal_asked(request, &reason, answer) == -1)
		return;
	found = store_dead_get(request->store, id, request->arena, &row, &error);
	if (found == -1) {
		resource_failed("the dead letter", &error, answer);
		return;
	}
	if (found == 0) {
		answer_problem(answer, 404, "there is no dead letter of this id");
		return;
	}
	snprintf(object, sizeof(object), "dead letter %lld", (long long)row.id);
	if (reason.at != NULL && reveal_audit(request, reason, object, answer) == -1)
		return;
	document = yyjson_mut_doc_new(NULL);
	letter = letter_value(&row, document);
	yyjson_mut_doc_set_root(document, letter);
	add_key(&row, reason.at != NULL, document, letter, request->arena);
	add_payload(&row, reason.at != NULL, document, letter, request->arena);
	answer_json(answer, 200, document);
}
