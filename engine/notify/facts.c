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

enum { PLAIN_DIGITS_MAX = 12 };

static void fact_add(struct facts *f, const char *name, struct slice zh, struct slice en)
{
	if (f->count < FACTS_MAX)
		f->values[f->count++] = (struct fill_value){name, zh, en};
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
	/* An account's first digits must stay: it is masked as it is. */
	return ends_with(name, "account") ? arena_copy(arena, slice_of(masked)) : message_name(arena, slice_of(masked));
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

static void add_value(struct facts *f, struct fill_value value)
{
	fact_add(f, value.name, value.zh, value.en);
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
	struct slice payee = message_name(arena, f->payee_name), enterprise = message_name(arena, enterprise_name);
	struct slice holder = message_name(arena, utf8_cut(alert->account_name, MESSAGE_NAME_CHARACTERS_MAX));
	char text[INSTANT_TEXT_BYTES], money[MONEY_TEXT_BYTES];

	money_format(alert->amount_minor, MONEY_CNY, money);
	risk = arena_copy(arena, slice_of(money));
	instant_format_china(alert->raised_ms, text);
	time = arena_copy(arena, slice_of(text));
	f->amount = amount.length > 0 ? arena_copy(arena, amount) : amount;
	f->currency = currency.length > 0 ? arena_copy(arena, currency) : currency;
	add_value(f, facts_amount("amount", f->amount.length > 0 ? f->amount : risk, currency, arena));
	add_value(f, facts_amount("amount_at_risk", risk, slice_of("CNY"), arena));
	add_value(f, facts_payee("payee", payee, f->payee_account, arena));
	add_value(f, facts_payee("payer", payee, f->payee_account, arena));
	add_value(f, facts_payee("counterparty", payee, f->payee_account, arena));
	fact_add(f, "payee_account", f->payee_account, f->payee_account);
	fact_add(f, "account", account, account);
	fact_add(f, "account_name", holder, holder);
	fact_add(f, "enterprise", enterprise, enterprise);
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
