/*
 * GET /api/v1/alerts and /api/v1/alerts/{id}: huqi.alert.v1 as the desk stored it.
 *
 * By default masked (mask.h, I9). With `reveal=REASON` the stored bytes go out exactly as they are, after the
 * audit has the ids and the reason (I10); so a program that compares alerts asks with a reason. Masked, one
 * alert also shows whom it was told to and what they said (contacted.h), which are no part of it. An id that an
 * earlier opening made obsolete is answered with the alert it became, whose own address stands in
 * Content-Location.
 */
#include <stdio.h>
#include <string.h>

#include "api/api_private.h"
#include "api/contacted.h"
#include "api/mask.h"
#include "api/resource.h"
#include "judge/judge.h"

const char *const alerts_list_parameters[] = {
	"level", "typology", "audience", "account", "bank", "enterprise", "jurisdiction", "since", "until", "score",
	"limit", "after", "reveal", NULL,
};

static int filter_read(struct target *t, struct alert_filter *f, struct error *error)
{
	int64_t score = 0;
	unsigned levels = 0;

	*f = (struct alert_filter){.audience = -1};
	if (parameter_words(t, "level", alert_level_names + LEVEL_BLUE, LEVEL_RED, &levels, error) == -1 ||
	    parameter_word(t, "audience", audience_names, AUDIENCE_ANALYST + 1, &f->audience, error) == -1 ||
	    parameter_text(t, "typology", 8, &f->typology, error) == -1 ||
	    parameter_text(t, "account", 34, &f->account, error) == -1 ||
	    parameter_text(t, "bank", 14, &f->bank, error) == -1 ||
	    parameter_text(t, "enterprise", 18, &f->enterprise, error) == -1 ||
	    parameter_text(t, "jurisdiction", 6, &f->jurisdiction, error) == -1 ||
	    parameter_time(t, "since", &f->since_ms, error) == -1 ||
	    parameter_time(t, "until", &f->until_ms, error) == -1 ||
	    parameter_number(t, "score", 0, 100, &score, error) == -1)
		return -1;
	f->levels = levels << LEVEL_BLUE;
	f->score_min = (int)score;
	return 0;
}

/* Masked, or exactly as stored. NULL where masking failed. */
static yyjson_mut_val *alert_value(const struct alert_row *row, bool revealed, yyjson_mut_doc *document,
                                   struct arena *arena, struct error *error)
{
	if (revealed)
		return yyjson_mut_rawn(document, row->body.at, row->body.length);
	return mask_alert(row->body, document, arena, error);
}

/* "alerts a, b, c": what the audit says was shown. */
static const char *object_of(const struct alert_row *rows, size_t count, struct arena *arena)
{
	size_t bytes = sizeof("alerts"), length = 0;
	char *text;

	for (size_t i = 0; i < count; i++)
		bytes += rows[i].id.length + 2;
	if ((text = arena_take(arena, bytes)) == NULL)
		die("api: the arena of an answer is too small for the names in a page");
	length = (size_t)sprintf(text, "%s", count == 1 ? "alert" : "alerts");
	for (size_t i = 0; i < count; i++)
		length += (size_t)sprintf(text + length, "%s%.*s", i > 0 ? ", " : " ", SLICE_PRINT(rows[i].id));
	return text;
}

struct page {
	struct alert_row *rows;
	size_t count;
	bool more;
};

static void page_answer(struct request *request, const struct page *page, bool revealed,
                        struct answer *answer)
{
	yyjson_mut_doc *document = yyjson_mut_doc_new(NULL);
	yyjson_mut_val *items = resource_items(document), *item;
	const struct alert_row *last = page->count > 0 ? &page->rows[page->count - 1] : NULL;
	char next[CURSOR_TEXT_BYTES];
	struct error error;

	for (size_t i = 0; i < page->count; i++) {
		item = alert_value(&page->rows[i], revealed, document, request->arena, &error);
		if (item == NULL) {
			yyjson_mut_doc_free(document);
			resource_failed("a page of alerts", &error, answer);
			return;
		}
		yyjson_mut_arr_append(items, item);
	}
	resource_next(document, page->more && cursor_write('a', last->raised_ms, last->id, next) ? next : NULL);
	answer_json(answer, 200, document);
}

void alerts_list(struct request *request, struct answer *answer)
{
	struct alert_filter filter;
	struct alert_place place;
	struct cursor cursor;
	struct page page;
	struct slice reason;
	struct error error;
	int64_t limit;

	if (filter_read(&request->target, &filter, &error) == -1) {
		resource_bad(request, &error, answer);
		return;
	}
	if (resource_page(request, 'a', &limit, &cursor, answer) == -1 ||
	    reveal_asked(request, &reason, answer) == -1)
		return;
	place = (struct alert_place){cursor.number, slice_of(cursor.id)};
	if (store_alert_page(request->store, &filter, cursor.list != 0 ? &place : NULL, (int)limit, PAGE_BYTES_MAX,
	                     request->arena, &page.rows, &page.count, &page.more, &error) == -1) {
		resource_failed("the alerts", &error, answer);
		return;
	}
	if (reason.at != NULL && page.count > 0 &&
	    reveal_audit(request, reason, object_of(page.rows, page.count, request->arena), answer) == -1)
		return;
	page_answer(request, &page, reason.at != NULL, answer);
}

void alerts_get(struct request *request, struct answer *answer)
{
	struct alert_row row;
	struct slice reason;
	struct error error;
	yyjson_mut_doc *document;
	yyjson_mut_val *alert;
	int found;

	if (reveal_asked(request, &reason, answer) == -1)
		return;
	found = store_alert_get(request->store, request->id, request->arena, &row, &error);
	if (found == -1) {
		resource_failed("the alert", &error, answer);
		return;
	}
	if (found == 0) {
		answer_problem(answer, 404, "there is no alert of this id");
		return;
	}
	if (reason.at != NULL && reveal_audit(request, reason, object_of(&row, 1, request->arena), answer) == -1)
		return;
	document = yyjson_mut_doc_new(NULL);
	alert = alert_value(&row, reason.at != NULL, document, request->arena, &error);
	if (alert == NULL ||
	    (reason.at == NULL && contacted_add(request, row.id, false, document, alert, &error) == -1)) {
		yyjson_mut_doc_free(document);
		resource_failed("the alert", &error, answer);
		return;
	}
	yyjson_mut_doc_set_root(document, alert);
	if (!slice_equal(row.id, request->id))
		answer_header(answer, "Content-Location", "/api/v1/alerts/%.*s", SLICE_PRINT(row.id));
	answer_json(answer, 200, document);
}
