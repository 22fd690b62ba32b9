/*
 * Sentences for what a condition asked of the account's memory, the registry or lists: a template of
 * wording.def with the value, the window and the set of transactions put in.
 *
 *   近24小时付款（对方为个人）12 笔              first payment to this payee
 *   是平时（近90天第95百分位 52,000.00 元）的 9.2 倍
 */
#include <stdio.h>

#include "base/instant.h"
#include "base/money.h"
#include "match/evidence.h"

enum { ZH, EN, HOURS = 24 };

static const struct {
	const char *name;
	size_t length;
	const char *words[2], *instead[2];
} said[] = {
#define SAID(name, zh, en, zh_instead, en_instead) {name, sizeof(name) - 1, {zh, en}, {zh_instead, en_instead}},
#include "match/wording.def"
};

struct sentence {
	struct matcher *m;
	const struct evidence_fact *fact;
	const struct program_question *question; /* NULL: none */
	const char *value; /* in words */
	int language;
	struct writer *out;
};

/* Words of our own, in which nothing must be escaped. */
static void put(struct sentence *s, const char *text)
{
	writer_put(s->out, text);
}

static void put_either(struct sentence *s, const char *zh, const char *en)
{
	put(s, s->language == ZH ? zh : en);
}

static void put_number(struct sentence *s, int64_t number)
{
	if (number < 0)
		put(s, "-");
	writer_number(s->out, number < 0 ? -(uint64_t)number : (uint64_t)number);
}

/* "24 小时", "7 天": the largest unit that leaves no rest; a day alone is 24 hours. */
static void put_window(struct sentence *s)
{
	static const struct {
		int64_t ms;
		const char *words[2];
	} units[] = {{INSTANT_DAY_MS, {"天", "days"}}, {INSTANT_HOUR_MS, {"小时", "hours"}},
	             {INSTANT_MINUTE_MS, {"分钟", "minutes"}}, {INSTANT_SECOND_MS, {"秒", "seconds"}}};
	int64_t ms = s->question->window_ms;
	size_t i = ms == INSTANT_DAY_MS ? 1 : 0;

	while (i < 3 && ms % units[i].ms != 0)
		i++;
	put_number(s, ms / units[i].ms);
	put(s, " ");
	put(s, units[i].words[s->language]);
}

/* ---- the set of transactions ---- */

/* Between two conditions, and before the first. */
static void put_next(struct sentence *s, bool *first)
{
	if (*first)
		put_either(s, "（", " (");
	else
		put_either(s, "，", ", ");
	*first = false;
}

static void put_words(struct sentence *s, enum tx_field field, uint32_t bits)
{
	const char *const *words = tx_words(field);
	bool first = true;

	for (int i = 0; words[i] != NULL; i++)
		if (bits >> (i + 1) & 1) {
			if (!first)
				put_either(s, "、", " or ");
			put(s, reason_word(field, words[i], s->language));
			first = false;
		}
}

static void put_hours(struct sentence *s, uint32_t hours)
{
	bool first = true;

	for (int from = 0, to; from < HOURS; from = to + 1) {
		for (to = from; hours >> to & 1; to++)
			;
		if (to == from)
			continue;
		if (!first)
			put_either(s, "、", " and ");
		put_number(s, from);
		if (to - 1 > from) {
			put(s, "–");
			put_number(s, to - 1);
		}
		first = false;
	}
}

static void put_money(struct sentence *s, int64_t minor)
{
	char text[MONEY_GROUPED_BYTES];

	money_format_grouped(minor, MONEY_CNY, text);
	put(s, s->language == ZH ? "" : "CNY ");
	put(s, text);
	put_either(s, " 元", "");
}

static void put_amounts(struct sentence *s, const struct profile_filter *filter)
{
	bool least = filter->amount_from_minor != INT64_MIN, most = filter->amount_to_minor != INT64_MAX;

	put_either(s, "单笔 ", "each ");
	if (least)
		put_money(s, filter->amount_from_minor);
	if (least && most)
		put_either(s, " 至 ", " to ");
	if (most) {
		put(s, least || s->language == ZH ? "" : "at most ");
		put_money(s, filter->amount_to_minor);
	}
	if (!least)
		put_either(s, "以下", "");
	else if (!most)
		put_either(s, "以上", " or more");
}

static void put_party(struct sentence *s, const struct profile_filter *filter, bool *first)
{
	if (filter->novelty != 0) {
		put_next(s, first);
		if (filter->novelty == 1)
			put_either(s, "首次往来的对方", "with new parties");
		else
			put_either(s, "往来过的对方", "with known parties");
	}
	if (filter->same_party) {
		put_next(s, first);
		put_either(s, "与本笔同一对方", "with this party");
	}
	if (filter->same_amount) {
		put_next(s, first);
		put_either(s, "与本笔同额", "of this amount");
	}
}

/* What a transaction of the set is called, by its directions. */
static void put_transactions(struct sentence *s, uint8_t directions)
{
	if (directions == 1 << TX_DEBIT)
		put_either(s, "付款", "payments");
	else if (directions == 1 << TX_CREDIT)
		put_either(s, "收款", "receipts");
	else
		put_either(s, "收付款", "transactions");
}

static void put_set(struct sentence *s)
{
	const struct profile_filter *filter = &s->question->filter;
	bool first = true;

	if (s->question->kind == QUESTION_PERCENTILE || s->question->kind == QUESTION_NEWCOMERS) {
		put_transactions(s, (uint8_t)(1 << s->question->direction));
		return;
	}
	put_transactions(s, filter->directions);
	if (filter->kinds != 0) {
		put_next(s, &first);
		put_either(s, "对方为", "other side ");
		put_words(s, TX_PARTY_KIND_FIELD, filter->kinds);
	}
	if (filter->channels != 0) {
		put_next(s, &first);
		put_either(s, "渠道为", "through ");
		put_words(s, TX_CHANNEL_FIELD, filter->channels);
	}
	if (filter->hours != 0) {
		put_next(s, &first);
		put_either(s, "时段 ", "at hours ");
		put_hours(s, filter->hours);
		put_either(s, " 时", "");
	}
	if (filter->has_amounts) {
		put_next(s, &first);
		put_amounts(s, filter);
	}
	put_party(s, filter, &first);
	if (!first)
		put_either(s, "）", ")");
}

/* ---- the sentence ---- */

/* How many times the value this amount is, with a decimal below 10. */
static void put_multiple(struct sentence *s)
{
	int64_t amount = plan_amount_cny(s->m->set, s->m->input.tx->amount_minor, s->m->input.tx->currency);
	__int128 tenths;

	/* An account whose usual payments are of nothing: a bank's bookings of 0.00. */
	if (s->fact->value == 0) {
		put(s, "∞");
		return;
	}
	tenths = (__int128)amount * 10 / s->fact->value;
	put_number(s, (int64_t)(tenths / 10));
	if (tenths < 100 && tenths % 10 != 0) {
		put(s, ".");
		put_number(s, (int64_t)(tenths % 10));
	}
}

static void put_permille(struct sentence *s)
{
	put_number(s, s->question->permille / 10);
	if (s->question->permille % 10 != 0) {
		put(s, ".");
		put_number(s, s->question->permille % 10);
	}
}

static void put_place(struct sentence *s, char place)
{
	switch (place) {
	case 's': writer_text(s->out, slice_of(s->value)); break;
	case 'w': put_window(s); break;
	case 't': put_set(s); break;
	case 'q': put_permille(s); break;
	default: put_multiple(s);
	}
}

/* `{a|b}` is a for a debit and b for a credit; %s the value, %w the window, %t the set, %q the percentage,
 * %m the multiple. */
static void put_template(struct sentence *s, const char *at)
{
	bool debit = s->m->input.tx->direction == TX_DEBIT, skip = false;

	for (; *at != '\0'; at++) {
		const char *end = at + strcspn(at, "%{|}");
		if (!skip)
			writer_copy(s->out, (struct slice){at, (uint32_t)(end - at)});
		at = end;
		if (*at == '\0')
			return;
		if (*at == '%' && *++at != '\0' && !skip)
			put_place(s, *at);
		else if (*at == '{')
			skip = !debit;
		else if (*at == '|')
			skip = debit;
		else if (*at == '}')
			skip = false;
	}
}

/* A percentile is compared with this amount where it is of the same direction and well below it; other
 * sentences have their other form where the value is 0: no, new, none. */
static bool is_instead(const struct sentence *s)
{
	const struct tx *tx = s->m->input.tx;
	int64_t amount;

	if (s->question == NULL || s->question->kind != QUESTION_PERCENTILE)
		return s->fact->value == 0;
	amount = plan_amount_cny(s->m->set, tx->amount_minor, tx->currency);
	return s->question->direction == tx->direction && s->fact->value > 0 && amount != TX_ABSENT &&
	       (__int128)amount * 10 >= (__int128)s->fact->value * 11;
}

static bool is_called(struct slice name, size_t i)
{
	return name.length == said[i].length && memcmp(name.at, said[i].name, name.length) == 0;
}

bool said_write(struct matcher *m, const struct evidence_fact *fact, const char *value, int language,
                struct writer *out)
{
	const struct program_fact *of = fact->of;
	struct sentence s = {m, fact, NULL, value, language, out};
	size_t i = 0, count = sizeof(said) / sizeof(said[0]);
	struct slice function;
	const char *words;

	if (of == NULL || of->function == NULL)
		return false;
	function = slice_of(of->function);
	while (i < count && !is_called(fact->name, i) && !is_called(function, i))
		i++;
	if (i == count)
		return false;
	if (of->question > 0)
		s.question = &m->set->questions[of->question - 1];
	words = said[i].words[language];
	if (is_instead(&s) && said[i].instead[language][0] != '\0')
		words = said[i].instead[language];
	if (words[0] == '-') /* says nothing */
		return true;
	put_either(&s, "；", "; ");
	put_template(&s, words);
	return true;
}
