#include "notify/message.h"

#include <assert.h>
#include <stdlib.h>
#include <yyjson.h>

#include "base/hit.h"
#include "base/instant.h"
#include "base/money.h"
#include "base/utf8.h"
#include "notify/facts.h"
#include "notify/message_type.h"

static const char *const level_words[] = {"none", "blue", "yellow", "orange", "red"};

static const struct notify_words steps[] = {
#define STEP(zh, en) {{zh, sizeof(zh) - 1}, {en, sizeof(en) - 1}},
#include "notify/message_steps.def"
#undef STEP
};

enum { STEP_COUNT = sizeof(steps) / sizeof(steps[0]), LEVEL_COUNT = sizeof(level_words) / sizeof(level_words[0]) };

struct writer {
	yyjson_mut_doc *doc;
	yyjson_mut_val *root;
	struct arena *arena;
	const struct facts *facts;
	bool *cut;
	enum message_kind kind;
};

static void add_text(struct writer *w, yyjson_mut_val *object, const char *key, struct slice text)
{
	yyjson_mut_obj_add_strncpy(w->doc, object, key, text.at != NULL ? text.at : "", text.length);
}

static void add_time(struct writer *w, const char *key, int64_t ms)
{
	char text[INSTANT_TEXT_BYTES];

	instant_format(ms, text);
	add_text(w, w->root, key, slice_of(text));
}

static yyjson_mut_val *add_object(struct writer *w, const char *key)
{
	yyjson_mut_val *object = yyjson_mut_obj(w->doc);

	yyjson_mut_obj_add_val(w->doc, w->root, key, object);
	return object;
}

static struct slice filled(struct writer *w, struct slice template, bool english, size_t characters_max)
{
	return fill_text(w->arena, template, w->facts->values, w->facts->count, english, characters_max, w->cut);
}

/* {"zh":…,"en":…}, each of which may hold placeholders. */
static void add_words(struct writer *w, const char *key, const struct notify_words *words, size_t characters_max)
{
	yyjson_mut_val *object = add_object(w, key);

	add_text(w, object, "zh", filled(w, words->zh, false, characters_max));
	add_text(w, object, "en", filled(w, words->en, true, characters_max));
}

/* {"zh":[…],"en":[…]} */
static void add_lines(struct writer *w, const char *key, const struct notify_words *lines, size_t count)
{
	yyjson_mut_val *object = add_object(w, key), *zh = yyjson_mut_arr(w->doc), *en = yyjson_mut_arr(w->doc);

	for (size_t i = 0; i < count; i++) {
		struct slice zh_line = filled(w, lines[i].zh, false, MESSAGE_ADVICE_CHARACTERS_MAX);
		struct slice en_line = filled(w, lines[i].en, true, 2 * MESSAGE_ADVICE_CHARACTERS_MAX);
		yyjson_mut_arr_add_strncpy(w->doc, zh, zh_line.at != NULL ? zh_line.at : "", zh_line.length);
		yyjson_mut_arr_add_strncpy(w->doc, en, en_line.at != NULL ? en_line.at : "", en_line.length);
	}
	yyjson_mut_obj_add_val(w->doc, object, "zh", zh);
	yyjson_mut_obj_add_val(w->doc, object, "en", en);
}

static void add_typology(struct writer *w, struct slice id, const struct notify_words *words)
{
	yyjson_mut_val *object = add_object(w, "typology");

	add_text(w, object, "id", id);
	add_text(w, object, "zh", utf8_cut(words->zh, MESSAGE_TITLE_CHARACTERS_MAX));
	add_text(w, object, "en", utf8_cut(words->en, MESSAGE_TITLE_CHARACTERS_MAX));
}

static void add_parties(struct writer *w, const struct alert_row *alert, struct slice enterprise_name)
{
	yyjson_mut_val *enterprise = add_object(w, "enterprise"), *payee;

	add_text(w, enterprise, "uscc", alert->enterprise);
	add_text(w, enterprise, "name", enterprise_name);
	add_text(w, w->root, "bank", alert->bank);
	add_text(w, w->root, "account", facts_mask_account(w->arena, alert->account));
	if (w->facts->payee_name.length == 0 && w->facts->payee_account.length == 0) {
		yyjson_mut_obj_add_null(w->doc, w->root, "payee");
		return;
	}
	payee = add_object(w, "payee");
	add_text(w, payee, "name", w->facts->payee_name);
	add_text(w, payee, "account", w->facts->payee_account);
}

static void add_amount(struct writer *w, const struct alert_row *alert)
{
	char text[MONEY_TEXT_BYTES];

	money_format(alert->amount_minor, MONEY_CNY, text);
	add_text(w, w->root, "amount_at_risk", slice_of(text));
	add_text(w, w->root, "currency", slice_of("CNY"));
}

/* The payment that the message speaks of, as it was booked. */
static void add_payment(struct writer *w)
{
	yyjson_mut_val *payment;

	if (w->facts->amount.length == 0)
		return;
	payment = add_object(w, "payment");
	add_text(w, payment, "amount", w->facts->amount);
	add_text(w, payment, "currency", w->facts->currency.length > 0 ? w->facts->currency : slice_of("CNY"));
}

static void add_head(struct writer *w, const struct alert_row *alert)
{
	add_text(w, w->root, "type", message_type(w->kind));
	if (w->kind == MESSAGE_CALL)
		add_text(w, w->root, "audience", slice_of(alert->audience == AUDIENCE_ANALYST ? "analyst" : "enterprise"));
	add_text(w, w->root, "alert", alert->id);
	yyjson_mut_obj_add_sint(w->doc, w->root, "revision", alert->revision);
	add_text(w, w->root, "level", slice_of(level_words[alert->level < LEVEL_COUNT ? alert->level : 0]));
}

/* -1 where it is over its bound, or the arena is full. */
static int write_out(struct writer *w, struct slice *body_r)
{
	size_t length = 0;
	char *text = yyjson_mut_write(w->doc, 0, &length);
	bool fits = text != NULL && length < MESSAGE_BASE_BYTES_MAX;

	if (fits)
		*body_r = arena_copy(w->arena, (struct slice){text, (uint32_t)length});
	free(text);
	return fits && body_r->at != NULL ? 0 : -1;
}

/* With `short_form` without advice, which cannot be over the bound. */
static int compose(struct writer *w, const struct alert_row *alert, const struct notify_warning *words,
                   struct slice enterprise_name, bool short_form, struct slice *base_r)
{
	size_t advice_count = words->advice_count < MESSAGE_ADVICE_MAX ? words->advice_count : MESSAGE_ADVICE_MAX;
	int result;

	*w->cut |= short_form || advice_count < words->advice_count;
	w->doc = yyjson_mut_doc_new(NULL);
	w->root = yyjson_mut_obj(w->doc);
	yyjson_mut_doc_set_root(w->doc, w->root);
	add_head(w, alert);
	add_words(w, "level_name", &words->level, MESSAGE_TITLE_CHARACTERS_MAX);
	add_typology(w, alert->typology, &words->typology);
	add_words(w, "title", &words->title, MESSAGE_TITLE_CHARACTERS_MAX);
	add_words(w, "message", &words->message, MESSAGE_TEXT_CHARACTERS_MAX);
	add_lines(w, "do_now", steps, STEP_COUNT);
	add_lines(w, "advice", words->advice, short_form ? 0 : advice_count);
	add_parties(w, alert, enterprise_name);
	add_payment(w);
	add_amount(w, alert);
	add_time(w, "opened_at", alert->opened_ms);
	add_time(w, "raised_at", alert->raised_ms);
	result = write_out(w, base_r);
	yyjson_mut_doc_free(w->doc);
	return result;
}

int message_base(enum message_kind kind, const struct alert_row *alert, const struct notify_warning *words,
                 struct slice enterprise_name, struct arena *arena, struct slice *base_r, bool *cut_r,
                 struct error *error)
{
	struct facts facts;
	struct writer w = {.arena = arena, .facts = &facts, .cut = cut_r, .kind = kind};
	struct slice name = utf8_cut(enterprise_name, MESSAGE_NAME_CHARACTERS_MAX);

	assert(alert->audience == AUDIENCE_ENTERPRISE || kind == MESSAGE_CALL);
	if (alert->audience != AUDIENCE_ENTERPRISE && kind != MESSAGE_CALL)
		return error_set(error, "alert %.*s is for analysts; no warning is made of it (I7)", SLICE_PRINT(alert->id));
	facts_read(&facts, alert, words, name, arena);
	if (compose(&w, alert, words, name, false, base_r) == 0 || compose(&w, alert, words, name, true, base_r) == 0)
		return 0;
	return error_set(error, "no room for the warning of alert %.*s", SLICE_PRINT(alert->id));
}
