#include "casework/shown.h"

#include "base/ident.h"
#include "base/instant.h"
#include "judge/judge.h"

static void add_text(yyjson_mut_doc *doc, yyjson_mut_val *object, const char *name, struct slice text)
{
	yyjson_mut_obj_add_strncpy(doc, object, name, text.at != NULL ? text.at : "", text.length);
}

static void add_time(yyjson_mut_doc *doc, yyjson_mut_val *object, const char *name, int64_t ms)
{
	char text[INSTANT_TEXT_BYTES];

	instant_format(ms, text);
	if (ms == 0)
		yyjson_mut_obj_add_null(doc, object, name);
	else
		yyjson_mut_obj_add_strcpy(doc, object, name, text);
}

static void add_words(yyjson_mut_doc *doc, yyjson_mut_val *object, const char *name, struct slice zh, struct slice en)
{
	yyjson_mut_val *words = yyjson_mut_obj_add_obj(doc, object, name);

	add_text(doc, words, "zh", zh);
	add_text(doc, words, "en", en);
}

static void add_texts(yyjson_mut_doc *doc, yyjson_mut_val *object, const struct bulletin_row *row,
                      const struct bulletin_totals *totals)
{
	yyjson_doc *figures = yyjson_read(row->figures.at, row->figures.length, 0);
	yyjson_mut_val *sent;

	add_words(doc, object, "body", row->body_zh, row->body_en);
	yyjson_mut_obj_add_val(doc, object, "figures",
	                       figures != NULL ? yyjson_val_mut_copy(doc, yyjson_doc_get_root(figures)) : yyjson_mut_null(doc));
	yyjson_doc_free(figures);
	sent = yyjson_mut_obj_add_obj(doc, object, "copies");
	yyjson_mut_obj_add_sint(doc, sent, "put", totals->put);
	yyjson_mut_obj_add_sint(doc, sent, "waiting", totals->waiting);
	yyjson_mut_obj_add_sint(doc, sent, "sent", totals->sent);
	yyjson_mut_obj_add_sint(doc, sent, "dead", totals->dead);
	yyjson_mut_obj_add_sint(doc, sent, "read", totals->read);
}

yyjson_mut_val *bulletin_shown(yyjson_mut_doc *doc, const struct bulletin_row *row,
                               const struct bulletin_totals *totals)
{
	yyjson_mut_val *object = yyjson_mut_obj(doc);
	struct period period = bulletin_period(row);
	char from[INSTANT_TEXT_BYTES], last[INSTANT_TEXT_BYTES];

	instant_format_date(period.from_day, from);
	instant_format_date(period.to_day - 1, last);
	add_text(doc, object, "id", row->id);
	yyjson_mut_obj_add_str(doc, object, "state", bulletin_state_names[row->state % BULLETIN_STATE_COUNT]);
	yyjson_mut_obj_add_sint(doc, object, "revision", row->revision);
	add_text(doc, object, "period", row->period);
	yyjson_mut_obj_add_strcpy(doc, object, "first_day", from);
	yyjson_mut_obj_add_strcpy(doc, object, "last_day", last);
	add_text(doc, object, "jurisdiction", row->jurisdiction);
	add_text(doc, object, "industry", row->industry);
	add_words(doc, object, "title", row->title_zh, row->title_en);
	add_time(doc, object, "drafted_at", row->drafted_ms);
	add_text(doc, object, "edited_by", row->edited_by);
	add_time(doc, object, "edited_at", row->edited_ms);
	add_text(doc, object, "approved_by", row->approved_by);
	add_time(doc, object, "approved_at", row->approved_ms);
	add_text(doc, object, "withdrawn_by", row->withdrawn_by);
	add_time(doc, object, "withdrawn_at", row->withdrawn_ms);
	yyjson_mut_obj_add_sint(doc, object, "enterprises", row->enterprises);
	yyjson_mut_obj_add_sint(doc, object, "unreached", row->unreached);
	add_time(doc, object, "sent_at", row->sent_ms);
	if (totals != NULL)
		add_texts(doc, object, row, totals);
	return object;
}

yyjson_mut_val *drill_shown(yyjson_mut_doc *doc, const struct drill_row *row)
{
	yyjson_mut_val *object = yyjson_mut_obj(doc);

	add_text(doc, object, "id", row->id);
	yyjson_mut_obj_add_str(doc, object, "state", drill_state_names[row->state % DRILL_STATE_COUNT]);
	add_text(doc, object, "typology", row->typology);
	yyjson_mut_obj_add_str(doc, object, "level", alert_level_names[row->level <= LEVEL_RED ? row->level : 0]);
	add_text(doc, object, "jurisdiction", row->jurisdiction);
	add_text(doc, object, "industry", row->industry);
	yyjson_mut_obj_add_sint(doc, object, "within_seconds", row->within_ms / 1000);
	add_text(doc, object, "started_by", row->started_by);
	add_time(doc, object, "created_at", row->created_ms);
	add_time(doc, object, "told_at", row->told_ms);
	add_time(doc, object, "ended_at", row->ended_ms);
	add_text(doc, object, "ended_by", row->ended_by);
	return object;
}

static void add_seconds(yyjson_mut_doc *doc, yyjson_mut_val *object, const char *name, int64_t ms)
{
	if (ms < 0)
		yyjson_mut_obj_add_null(doc, object, name);
	else
		yyjson_mut_obj_add_real(doc, object, name, (double)ms / 1000);
}

/* Enterprises that did not answer, with whom they have; no name in full. */
static void add_silent(yyjson_mut_doc *doc, yyjson_mut_val *object, const struct drill_report *report)
{
	yyjson_mut_val *silent = yyjson_mut_obj_add_arr(doc, object, "silent");
	int shown = 0;

	for (size_t i = 0; i < report->result_count; i++) {
		const struct drill_result *r = &report->results[i];
		for (size_t j = 0; r->response_ms < 0 && j < r->person_count && shown < SHOWN_PERSONS_MAX; j++, shown++) {
			yyjson_mut_val *one = yyjson_mut_arr_add_obj(doc, silent);
			char masked[IDENT_MASKED_BYTES];
			ident_mask_name(r->persons[j].name, masked);
			add_text(doc, one, "enterprise", r->enterprise);
			add_text(doc, one, "name", r->name);
			yyjson_mut_obj_add_strcpy(doc, one, "contact", masked);
			add_text(doc, one, "role", r->persons[j].role);
			add_time(doc, one, "sent_at", r->persons[j].sent_ms);
		}
	}
}

static void add_answers(yyjson_mut_doc *doc, yyjson_mut_val *object, const struct drill_report *report)
{
	static const char *const words[] = {"stopped", "unsure", "genuine", "paid"};
	yyjson_mut_val *answers = yyjson_mut_obj_add_obj(doc, object, "answers");

	for (size_t w = 0; w < sizeof(words) / sizeof(words[0]); w++) {
		int64_t n = 0;
		for (size_t i = 0; i < report->result_count; i++)
			for (size_t j = 0; j < report->results[i].person_count; j++)
				n += slice_is(report->results[i].persons[j].answer, words[w]);
		yyjson_mut_obj_add_sint(doc, answers, words[w], n);
	}
}

yyjson_mut_val *drill_report_shown(yyjson_mut_doc *doc, const struct drill_report *report)
{
	yyjson_mut_val *object = drill_shown(doc, &report->row);
	const struct drill_totals *t = &report->totals;

	yyjson_mut_obj_add_sint(doc, object, "enterprises", t->chosen + t->told + t->skipped + t->unreached);
	yyjson_mut_obj_add_sint(doc, object, "told", t->told);
	yyjson_mut_obj_add_sint(doc, object, "skipped", t->skipped);
	yyjson_mut_obj_add_sint(doc, object, "unreached", t->unreached);
	yyjson_mut_obj_add_sint(doc, object, "answered", (int64_t)report->answered);
	add_seconds(doc, object, "median_seconds", report->median_ms);
	add_seconds(doc, object, "ninety_percent_seconds", report->ninety_ms);
	yyjson_mut_obj_add_sint(doc, object, "certificates", t->certificates);
	yyjson_mut_obj_add_sint(doc, object, "messages", t->put);
	yyjson_mut_obj_add_sint(doc, object, "messages_sent", t->sent);
	yyjson_mut_obj_add_sint(doc, object, "messages_dead", t->dead);
	add_answers(doc, object, report);
	add_silent(doc, object, report);
	return object;
}
