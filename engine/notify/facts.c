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

static struct slice value_of(struct slice name, const struct message_value *values, size_t count, bool english)
{
	for (size_t i = 0; i < count; i++) {
		struct slice text = english ? values[i].en : values[i].zh;
		if (slice_is(name, values[i].name) && text.length > 0)
			return text;
	}
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
static uint32_t fill_into(char *out, struct slice template, const struct message_value *values, size_t count,
                          bool english)
{
	uint32_t length = 0;

	for (uint32_t i = 0, step; i < template.length; i += step) {
		struct slice piece = {template.at + i, 1}, name;
		step = template.at[i] == '{' ? placeholder_at(template, i, &name) : 0;
		if (step > 0)
			piece = value_of(name, values, count, english);
		else
			step = 1;
		if (out != NULL)
			memcpy(out + length, piece.at, piece.length);
		length += piece.length;
	}
	return length;
}

struct slice message_fill(struct arena *arena, struct slice template, const struct message_value *values,
                          size_t count, bool english, size_t characters_max, bool *cut_r)
{
	uint32_t length = fill_into(NULL, template, values, count, english);
	char *text = arena_take(arena, (size_t)length + 1);
	struct slice whole = {text, length}, cut;

	if (text == NULL)
		return (struct slice){0};
	fill_into(text, template, values, count, english);
	cut = utf8_cut(whole, characters_max);
	*cut_r |= cut.length < whole.length;
	return cut;
}

/* ---- what is known of the alert ---- */

static void fact_add(struct facts *f, const char *name, struct slice zh, struct slice en)
{
	if (f->count < FACTS_MAX)
		f->values[f->count++] = (struct message_value){name, zh, en};
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

/* The first of two facts that is there. */
static struct slice fact_of(yyjson_val *facts, const char *name, const char *other)
{
	struct slice text = json_text(yyjson_obj_get(facts, name));

	return text.length > 0 ? text : json_text(yyjson_obj_get(facts, other));
}

/* The rest, by their own names; what was added before stands before them. */
static void add_hit_facts(struct facts *f, yyjson_val *facts, struct arena *arena)
{
	yyjson_val *key, *value;
	size_t i, count;

	yyjson_obj_foreach(facts, i, count, key, value) {
		const char *name = arena_copy(arena, json_text(key)).at;
		struct slice text;
		if (!yyjson_is_str(value) || name == NULL)
			continue;
		text = fact_masked(arena, name, json_text(value));
		fact_add(f, name, text, text);
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

/* "480,000.00元" and "CNY 480,000.00"; another currency "USD 70,000.00" in both. What is no amount stays. */
static void add_amount(struct facts *f, const char *name, struct slice text, struct slice currency_code,
                       struct arena *arena)
{
	int found = currency_code.length > 0 ? money_currency_find(currency_code) : MONEY_CNY;
	uint8_t currency = found > 0 ? (uint8_t)found : MONEY_CNY;
	char out[MONEY_GROUPED_BYTES];
	struct slice zh = text, en = text;
	int64_t minor;

	if (found >= 0 && money_parse(text, currency, false, &minor) == MONEY_OK) {
		money_format_grouped(minor, currency, out);
		en = slice_of(arena_print(arena, "%s %s", money_currency(currency)->code, out));
		zh = currency == MONEY_CNY ? slice_of(arena_print(arena, "%s元", out)) : en;
	}
	fact_add(f, name, zh, en);
}

/* "张*（621700*********4567）": enough for a cashier to know which payment is meant. */
static void add_payee(struct facts *f, const char *name, struct arena *arena)
{
	struct slice who = f->payee_name, number = f->payee_account;

	if (who.length > 0 && number.length > 0)
		fact_add(f, name, slice_of(arena_print(arena, "%.*s（%.*s）", SLICE_PRINT(who), SLICE_PRINT(number))),
		         slice_of(arena_print(arena, "%.*s (%.*s)", SLICE_PRINT(who), SLICE_PRINT(number))));
	else if (who.length > 0 || number.length > 0)
		fact_add(f, name, who.length > 0 ? who : number, who.length > 0 ? who : number);
	else
		fact_add(f, name, slice_of("对方"), slice_of("the other party"));
}

static void read_payee(struct facts *f, const struct notify_warning *words, yyjson_val *facts, struct arena *arena)
{
	struct slice name = words->payee_name, account = words->payee_account;
	bool company = words->payee_is_company;

	if (name.length == 0 && account.length == 0) {
		name = fact_of(facts, "payee", "counterparty.name");
		account = fact_of(facts, "payee_account", "counterparty.account");
		company = slice_is(fact_of(facts, "payee_kind", "counterparty.kind"), "company");
	}
	f->payee_name = arena_copy(arena, mask_name(arena, name, company));
	f->payee_account = facts_mask_account(arena, account);
}

/* Amount and payee are those of the leading hit; without one the whole amount at risk must do. */
static void add_own(struct facts *f, const struct alert_row *alert, const struct notify_warning *words,
                    struct slice enterprise_name, yyjson_val *facts, struct arena *arena)
{
	struct slice amount = fact_of(facts, "amount", "amount"), currency = fact_of(facts, "currency", "currency");
	struct slice account = facts_mask_account(arena, alert->account), time, risk;
	char text[INSTANT_TEXT_BYTES], money[MONEY_TEXT_BYTES];

	money_format(alert->amount_minor, MONEY_CNY, money);
	risk = arena_copy(arena, slice_of(money));
	instant_format_china(alert->raised_ms, text);
	time = arena_copy(arena, slice_of(text));
	add_amount(f, "amount", amount.length > 0 ? arena_copy(arena, amount) : risk, currency, arena);
	add_amount(f, "amount_at_risk", risk, slice_of("CNY"), arena);
	add_payee(f, "payee", arena);
	add_payee(f, "payer", arena);
	add_payee(f, "counterparty", arena);
	fact_add(f, "payee_account", f->payee_account, f->payee_account);
	fact_add(f, "account", account, account);
	fact_add(f, "account_name", utf8_cut(alert->account_name, MESSAGE_NAME_CHARACTERS_MAX),
	         utf8_cut(alert->account_name, MESSAGE_NAME_CHARACTERS_MAX));
	fact_add(f, "enterprise", enterprise_name, enterprise_name);
	fact_add(f, "time", time, time);
	fact_add(f, "title", words->title.zh, words->title.en);
	fact_add(f, "level", words->level.zh, words->level.en);
	fact_add(f, "typology", words->typology.zh, words->typology.en);
}

void facts_read(struct facts *f, const struct alert_row *alert, const struct notify_warning *words,
                struct slice enterprise_name, struct arena *arena)
{
	yyjson_doc *body = yyjson_read(alert->body.at, alert->body.length, 0);
	yyjson_val *hit = leading_hit(yyjson_obj_get(yyjson_doc_get_root(body), "hits"), words->pattern);
	yyjson_val *facts = yyjson_obj_get(hit, "facts");

	*f = (struct facts){0};
	read_payee(f, words, facts, arena);
	add_own(f, alert, words, enterprise_name, facts, arena);
	add_hit_facts(f, facts, arena);
	yyjson_doc_free(body);
}
