/*
 * Where {name} in a message gets its value from, and what of it may be seen (I9).
 */
#include "notify/facts.h"

#include <string.h>
#include <yyjson.h>

#include "base/ident.h"
#include "base/instant.h"
#include "base/money.h"
#include "base/utf8.h"

enum { VALUE_NAME_BYTES_MAX = 48, PLAIN_DIGITS_MAX = 12 };

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

static void fact_add(struct facts *f, const char *name, struct slice text)
{
	if (f->count < FACTS_MAX)
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

struct slice facts_mask_account(struct arena *arena, struct slice account)
{
	char masked[IDENT_MASKED_BYTES];

	return account.length > 0 ? arena_copy(arena, slice_of(ident_mask_account(account, masked))) : account;
}

static struct slice mask_name(struct arena *arena, struct slice name, bool company)
{
	char masked[IDENT_MASKED_BYTES];

	if (company || name.length == 0)
		return utf8_cut(name, MESSAGE_NAME_CHARACTERS_MAX);
	return arena_copy(arena, slice_of(ident_mask_name(name, masked)));
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

void facts_read(struct facts *f, const struct alert_row *alert, const struct notify_warning *words,
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
	f->payee_account = facts_mask_account(arena, f->payee_account);
	for (size_t i = 0; i < f->count; i++)
		if (strcmp(f->values[i].name, "amount") == 0)
			f->values[i].text = grouped(arena, f->values[i].text);
	money_format(alert->amount_minor, MONEY_CNY, risk);
	instant_format_china(alert->raised_ms, text);
	fact_add(f, "amount", grouped(arena, slice_of(risk)));
	fact_add(f, "amount_at_risk", grouped(arena, slice_of(risk)));
	fact_add(f, "account", facts_mask_account(arena, alert->account));
	fact_add(f, "payee", f->payee_name);
	fact_add(f, "payee_account", f->payee_account);
	fact_add(f, "enterprise", enterprise_name);
	fact_add(f, "time", arena_copy(arena, slice_of(text)));
}
