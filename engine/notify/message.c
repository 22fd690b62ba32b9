#include "notify/message.h"

#include <assert.h>
#include <string.h>
#include <yyjson.h>

#include "base/hit.h"
#include "base/ident.h"
#include "base/instant.h"
#include "base/money.h"
#include "base/utf8.h"

enum { VALUES_MAX = 48, VALUE_NAME_BYTES_MAX = 48, PLAIN_DIGITS_MAX = 12 };

static const char *const level_words[] = {"none", "blue", "yellow", "orange", "red"};

static const struct notify_words steps[] = {
#define STEP(zh, en) {{zh, sizeof(zh) - 1}, {en, sizeof(en) - 1}},
#include "notify/message_steps.def"
#undef STEP
};

enum { STEP_COUNT = sizeof(steps) / sizeof(steps[0]), LEVEL_COUNT = sizeof(level_words) / sizeof(level_words[0]) };

/* ---- placeholders ---- */

static struct slice value_of(struct slice name, const struct message_value *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (slice_is(name, values[i].name) && values[i].text.length > 0)
			return values[i].text;
	return slice_of("—");
}

/* The `{name}` that begins at `at`, its name in `name_r`; 0 where it is only a brace. */
static uint32_t placeholder_at(struct slice text, uint32_t at, struct slice *name_r)
{
	for (uint32_t i = at + 1; i < text.length && i - at <= VALUE_NAME_BYTES_MAX; i++) {
		if (text.at[i] == '}') {
			*name_r = (struct slice){text.at + at + 1, i - at - 1};
			return i - at + 1;
		}
		if (strchr("abcdefghijklmnopqrstuvwxyz0123456789_.", text.at[i]) == NULL)
			return 0;
	}
	return 0;
}

/* Goes over the template once; with `out` NULL it only counts the bytes. */
static uint32_t fill_into(char *out, struct slice template, const struct message_value *values, size_t count)
{
	uint32_t length = 0;

	for (uint32_t i = 0, step; i < template.length; i += step) {
		struct slice piece = {template.at + i, 1}, name;
		step = template.at[i] == '{' ? placeholder_at(template, i, &name) : 0;
		if (step > 0)
			piece = value_of(name, values, count);
		else
			step = 1;
		if (out != NULL)
			memcpy(out + length, piece.at, piece.length);
		length += piece.length;
	}
	return length;
}

struct slice message_fill(struct arena *arena, struct slice template, const struct message_value *values,
                          size_t count, size_t characters_max, bool *cut_r)
{
	uint32_t length = fill_into(NULL, template, values, count);
	char *text = arena_take(arena, (size_t)length + 1);
	struct slice whole = {text, length}, cut;

	if (text == NULL)
		return (struct slice){0};
	fill_into(text, template, values, count);
	cut = utf8_cut(whole, characters_max);
	*cut_r |= cut.length < whole.length;
	return cut;
}

/* ---- what is known of the alert ---- */

struct facts {
	struct message_value values[VALUES_MAX];
	size_t count;
	struct slice payee_name, payee_account; /* raw */
};

static void fact_add(struct facts *f, const char *name, struct slice text)
{
	if (f->count < VALUES_MAX)
		f->values[f->count++] = (struct message_value){name, text};
}

static bool ends_with(const char *text, const char *end)
{
	size_t a = strlen(text), b = strlen(end);

	return a >= b && strcmp(text + a - b, end) == 0;
}

/* A number that says how much or how many; a long row of bare digits is an account until proven otherwise. */
static bool is_quantity(struct slice text)
{
	uint32_t digits = 0;
	bool point = false;

	for (uint32_t i = 0; i < text.length; i++) {
		digits += text.at[i] >= '0' && text.at[i] <= '9';
		point |= text.at[i] == '.';
		if (strchr("0123456789.,-%", text.at[i]) == NULL)
			return false;
	}
	return digits > 0 && (point || digits <= PLAIN_DIGITS_MAX);
}

/* I9: a fact goes out masked by what its name says it is. */
static struct slice fact_masked(struct arena *arena, const char *name, struct slice text)
{
	char masked[IDENT_MASKED_BYTES];

	if (ends_with(name, "account"))
		ident_mask_account(text, masked);
	else if (ends_with(name, "name") || ends_with(name, "payee"))
		ident_mask_name(text, masked);
	else if (is_quantity(text))
		return arena_copy(arena, text);
	else
		ident_mask_value(text, masked);
	return arena_copy(arena, slice_of(masked));
}

static struct slice json_text(yyjson_val *value)
{
	return (struct slice){yyjson_get_str(value), (uint32_t)yyjson_get_len(value)};
}

/* The hit of the pattern asked for, else of the highest score; the first of equals. */
static yyjson_val *leading_hit(yyjson_val *hits, struct slice pattern)
{
	yyjson_val *best = NULL, *hit;
	size_t i, count;

	yyjson_arr_foreach(hits, i, count, hit) {
		bool asked = pattern.length > 0 && slice_equal(json_text(yyjson_obj_get(hit, "pattern")), pattern);
		bool best_asked = best != NULL && pattern.length > 0 &&
		                  slice_equal(json_text(yyjson_obj_get(best, "pattern")), pattern);
		if (best == NULL || asked > best_asked ||
		    (asked == best_asked &&
		     yyjson_get_int(yyjson_obj_get(hit, "score")) > yyjson_get_int(yyjson_obj_get(best, "score"))))
			best = hit;
	}
	return best;
}

static void facts_of_hit(struct facts *f, yyjson_val *hit, struct arena *arena)
{
	yyjson_val *key, *value;
	size_t i, count;

	yyjson_obj_foreach(yyjson_obj_get(hit, "facts"), i, count, key, value) {
		const char *name = arena_copy(arena, json_text(key)).at;
		struct slice text = json_text(value);
		if (!yyjson_is_str(value) || name == NULL)
			continue;
		if (strcmp(name, "counterparty.name") == 0)
			f->payee_name = arena_copy(arena, text);
		if (strcmp(name, "counterparty.account") == 0)
			f->payee_account = arena_copy(arena, text);
		fact_add(f, name, fact_masked(arena, name, text));
	}
}

static struct slice mask_account(struct arena *arena, struct slice account)
{
	char masked[IDENT_MASKED_BYTES];

	return account.length > 0 ? arena_copy(arena, slice_of(ident_mask_account(account, masked))) : account;
}

static struct slice mask_name(struct arena *arena, struct slice name, bool company)
{
	char masked[IDENT_MASKED_BYTES];

	return company || name.length == 0 ? name : arena_copy(arena, slice_of(ident_mask_name(name, masked)));
}

/* An amount for people: "480,000.00"; what is no amount stays. */
static struct slice grouped(struct arena *arena, struct slice text)
{
	char out[MONEY_GROUPED_BYTES];
	int64_t minor;

	if (money_parse(text, MONEY_CNY, false, &minor) != MONEY_OK)
		return text;
	money_format_grouped(minor, MONEY_CNY, out);
	return arena_copy(arena, slice_of(out));
}

static void facts_read(struct facts *f, const struct alert_row *alert, const struct notify_warning *words,
                       struct slice enterprise_name, struct arena *arena)
{
	yyjson_doc *body = yyjson_read(alert->body.at, alert->body.length, 0);
	char text[INSTANT_TEXT_BYTES], risk[MONEY_TEXT_BYTES];

	*f = (struct facts){0};
	facts_of_hit(f, leading_hit(yyjson_obj_get(yyjson_doc_get_root(body), "hits"), words->pattern), arena);
	yyjson_doc_free(body);
	if (words->payee_name.length > 0)
		f->payee_name = words->payee_name;
	if (words->payee_account.length > 0)
		f->payee_account = words->payee_account;
	f->payee_name = mask_name(arena, f->payee_name, words->payee_is_company && words->payee_name.length > 0);
	f->payee_account = mask_account(arena, f->payee_account);
	for (size_t i = 0; i < f->count; i++)
		if (strcmp(f->values[i].name, "amount") == 0)
			f->values[i].text = grouped(arena, f->values[i].text);
	money_format(alert->amount_minor, MONEY_CNY, risk);
	instant_format_china(alert->raised_ms, text);
	fact_add(f, "amount", grouped(arena, slice_of(risk)));
	fact_add(f, "amount_at_risk", grouped(arena, slice_of(risk)));
	fact_add(f, "account", mask_account(arena, alert->account));
	fact_add(f, "payee", f->payee_name);
	fact_add(f, "payee_account", f->payee_account);
	fact_add(f, "enterprise", enterprise_name);
	fact_add(f, "time", arena_copy(arena, slice_of(text)));
}

/* ---- the JSON ---- */

struct writer {
	yyjson_mut_doc *doc;
	yyjson_mut_val *root;
	struct arena *arena;
	const struct facts *facts;
	bool *cut;
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

static struct slice filled(struct writer *w, struct slice template, size_t characters_max)
{
	return message_fill(w->arena, template, w->facts->values, w->facts->count, characters_max, w->cut);
}

/* {"zh":…,"en":…}, each of which may hold placeholders. */
static void add_words(struct writer *w, const char *key, const struct notify_words *words, size_t characters_max)
{
	yyjson_mut_val *object = add_object(w, key);

	add_text(w, object, "zh", filled(w, words->zh, characters_max));
	add_text(w, object, "en", filled(w, words->en, characters_max));
}

/* {"zh":[…],"en":[…]} */
static void add_lines(struct writer *w, const char *key, const struct notify_words *lines, size_t count)
{
	yyjson_mut_val *object = add_object(w, key), *zh = yyjson_mut_arr(w->doc), *en = yyjson_mut_arr(w->doc);

	for (size_t i = 0; i < count; i++) {
		struct slice zh_line = filled(w, lines[i].zh, MESSAGE_ADVICE_CHARACTERS_MAX);
		struct slice en_line = filled(w, lines[i].en, 2 * MESSAGE_ADVICE_CHARACTERS_MAX);
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
	add_text(w, w->root, "account", mask_account(w->arena, alert->account));
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

static void add_head(struct writer *w, const struct alert_row *alert, struct slice id, struct slice language)
{
	add_text(w, w->root, "type", slice_of("huqi.warning.v1"));
	add_text(w, w->root, "id", id);
	add_text(w, w->root, "alert", alert->id);
	yyjson_mut_obj_add_sint(w->doc, w->root, "revision", alert->revision);
	add_text(w, w->root, "language", language);
	add_text(w, w->root, "level", slice_of(level_words[alert->level < LEVEL_COUNT ? alert->level : 0]));
}

static int write_out(struct writer *w, struct slice *body_r, struct error *error)
{
	size_t length = 0;
	char *text = yyjson_mut_write(w->doc, 0, &length);
	int result = 0;

	if (text == NULL || length >= MESSAGE_BYTES_MAX)
		result = error_set(error, "a warning of %zu bytes is over its bound of %d", length, MESSAGE_BYTES_MAX - 1);
	else if ((*body_r = arena_copy(w->arena, (struct slice){text, (uint32_t)length})).at == NULL)
		result = error_set(error, "no room for a warning");
	free(text);
	return result;
}

int message_build(const struct alert_row *alert, const struct notify_warning *words, struct slice enterprise_name,
                  struct slice delivery_id, struct slice language, struct arena *arena, struct slice *body_r,
                  bool *cut_r, struct error *error)
{
	struct facts facts;
	struct writer w = {.arena = arena, .facts = &facts, .cut = cut_r};
	int result;

	assert(alert->audience == AUDIENCE_ENTERPRISE);
	if (alert->audience != AUDIENCE_ENTERPRISE)
		return error_set(error, "alert %.*s is for analysts; no warning is made of it (I7)", SLICE_PRINT(alert->id));
	facts_read(&facts, alert, words, enterprise_name, arena);
	w.doc = yyjson_mut_doc_new(NULL);
	w.root = yyjson_mut_obj(w.doc);
	yyjson_mut_doc_set_root(w.doc, w.root);
	add_head(&w, alert, delivery_id, language);
	add_words(&w, "level_name", &words->level, MESSAGE_TITLE_CHARACTERS_MAX);
	add_typology(&w, alert->typology, &words->typology);
	add_words(&w, "title", &words->title, MESSAGE_TITLE_CHARACTERS_MAX);
	add_words(&w, "message", &words->message, MESSAGE_TEXT_CHARACTERS_MAX);
	add_lines(&w, "do_now", steps, STEP_COUNT);
	*cut_r |= words->advice_count > MESSAGE_ADVICE_MAX;
	add_lines(&w, "advice", words->advice,
	          words->advice_count < MESSAGE_ADVICE_MAX ? words->advice_count : MESSAGE_ADVICE_MAX);
	add_parties(&w, alert, enterprise_name);
	add_amount(&w, alert);
	add_time(&w, "opened_at", alert->opened_ms);
	add_time(&w, "raised_at", alert->raised_ms);
	result = write_out(&w, body_r, error);
	yyjson_mut_doc_free(w.doc);
	return result;
}
