/*
 * Why, in plain words: the pattern's title, what stood in the texts, and the values that decided.
 *
 *   冒充老板话术；附言“X总 急付”；金额 480,000.00 元；收款方为个人
 *   Boss impersonation; remark “X总 急付”; amount CNY 480,000.00; the payee is a person
 */
#include <stdio.h>

#include "base/instant.h"
#include "base/money.h"
#include "base/utf8.h"
#include "match/evidence.h"

enum { ZH, EN };

static const struct {
	const char *name;
	size_t length;
	const char *words[2];
} facts_called[] = {
#define FACT(name, zh, en) {name, sizeof(name) - 1, {zh, en}},
#include "match/wording.def"
};

static const struct {
	uint8_t field;
	const char *word, *words[2];
} words_called[] = {
#define WORD(field, word, zh, en) {TX_##field##_FIELD, word, {zh, en}},
#include "match/wording.def"
};

static const struct {
	uint8_t field;
	const char *words[2];
} texts_called[] = {
#define TEXT(field, zh, en) {TX_##field##_FIELD, {zh, en}},
#include "match/wording.def"
};

static const struct {
	uint8_t field;
	const char *words[2];
} listed_called[] = {
#define LISTED(field, zh, en) {TX_##field##_FIELD, {zh, en}},
#include "match/wording.def"
};

static const struct {
	const char *name, *words[2];
} lists_called[] = {
#define LIST(name, zh, en) {name, {zh, en}},
#include "match/wording.def"
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void separate(struct writer *out, int language)
{
	writer_put(out, language == ZH ? "；" : "; ");
}

/* From the first mark of a field to its last, or each for itself where that would be long. */
static void put_snippets(struct writer *out, struct slice raw, const struct match_mark *marks, uint32_t count)
{
	struct slice whole = {raw.at + marks[0].from, (uint32_t)(marks[count - 1].to - marks[0].from)}, piece;

	if (utf8_count(whole) <= EVIDENCE_SNIPPET_CHARACTERS) {
		writer_text(out, whole);
		return;
	}
	for (uint32_t i = 0; i < count; i++) {
		piece = (struct slice){raw.at + marks[i].from, (uint32_t)(marks[i].to - marks[i].from)};
		if (i > 0)
			writer_put(out, "…");
		writer_text(out, utf8_cut(piece, EVIDENCE_SNIPPET_CHARACTERS));
		if (utf8_count(piece) > EVIDENCE_SNIPPET_CHARACTERS)
			writer_put(out, "…");
	}
}

static void put_texts(struct matcher *m, struct writer *out, int language)
{
	for (uint32_t i = 0, next; i < m->mark_count; i = next) {
		uint8_t field = m->marks[i].field;
		const char *called = tx_fields[field].name;
		for (next = i + 1; next < m->mark_count && m->marks[next].field == field; next++)
			;
		for (size_t j = 0; j < COUNT(texts_called); j++)
			if (texts_called[j].field == field)
				called = texts_called[j].words[language];
		separate(out, language);
		writer_put(out, called);
		writer_put(out, language == ZH ? "“" : " “");
		put_snippets(out, tx_text(m->input.tx, field), m->marks + i, next - i);
		writer_put(out, "”");
	}
}

static void yuan_words(const char *grouped, int language, char *text, size_t size)
{
	TEXT_JOIN(text, size, language == ZH ? "" : "CNY ", grouped, language == ZH ? " 元" : "");
}

/* "480,000.00 元", "USD 50,000.00（约合人民币 355,000.00 元）". */
static void money_words(const struct matcher *m, const struct evidence_fact *fact, int language, char *text,
                        size_t size)
{
	const struct tx *tx = m->input.tx;
	int64_t minor = fact->field == TX_BALANCE_FIELD ? tx->balance_minor : tx->amount_minor, cny;
	char own[MONEY_GROUPED_BYTES], converted[MONEY_GROUPED_BYTES];
	const char *code = money_currency(tx->currency)->code;

	if (fact->of != NULL && fact->of->function != NULL) { /* of the account's memory, which is in CNY */
		money_format_grouped(fact->value, MONEY_CNY, own);
		yuan_words(own, language, text, size);
		return;
	}
	money_format_grouped(minor, tx->currency, own);
	cny = plan_amount_cny(m->set, minor, tx->currency);
	if (tx->currency == MONEY_CNY) {
		yuan_words(own, language, text, size);
	} else if (cny == TX_ABSENT) {
		snprintf(text, size, "%s %s", code, own);
	} else {
		money_format_grouped(cny, MONEY_CNY, converted);
		snprintf(text, size, language == ZH ? "%s %s（约合人民币 %s 元）" : "%s %s (about CNY %s)", code, own, converted);
	}
}

const char *reason_word(uint8_t field, const char *word, int language)
{
	for (size_t i = 0; i < COUNT(words_called); i++)
		if (words_called[i].field == field && strcmp(words_called[i].word, word) == 0)
			return words_called[i].words[language];
	return word;
}

void duration_words(const char *compact, int language, char *text, size_t size)
{
	static const struct {
		char unit;
		const char *words[2];
	} units[] = {{'d', {" 天", " days"}}, {'h', {" 小时", " hours"}}, {'m', {" 分钟", " minutes"}},
	             {'s', {" 秒", " seconds"}}};
	size_t length = 0;

	for (; *compact != '\0' && length + 16 < size; compact++) {
		const char *words = NULL;
		for (size_t i = 0; i < COUNT(units); i++)
			if (units[i].unit == *compact)
				words = units[i].words[language];
		if (words != NULL)
			length += TEXT_JOIN(text + length, size - length, words, compact[1] != '\0' ? " " : "");
		else
			text[length++] = *compact;
	}
	text[length] = '\0';
}

/* Of the part `list`, or of listed(). */
static bool is_listed(const struct evidence_fact *fact)
{
	return slice_is(fact->name, "listed") ||
	       (fact->of != NULL && fact->of->function != NULL && strcmp(fact->of->function, "listed") == 0);
}

/* A list by its own word, or by its name. */
static void list_words(const struct evidence_fact *fact, int language, char *text, size_t size)
{
	const char *name = fact->of != NULL ? fact->of->list.at : fact->text;
	size_t i = 0;

	while (lists_called[i].name[0] != '\0' && strcmp(lists_called[i].name, name) != 0)
		i++;
	snprintf(text, size, lists_called[i].words[language], name);
}

static void value_words(const struct matcher *m, const struct evidence_fact *fact, int language, char *text,
                        size_t size)
{
	char china[INSTANT_TEXT_BYTES];

	if (is_listed(fact)) {
		list_words(fact, language, text, size);
		return;
	}
	switch (fact->type) {
	case VALUE_MONEY: money_words(m, fact, language, text, size); break;
	case VALUE_WORD: TEXT_JOIN(text, size, reason_word(fact->field, fact->text, language)); break;
	case VALUE_DURATION: duration_words(fact->text, language, text, size); break;
	case VALUE_TIME:
		instant_format_china(fact->value, china);
		TEXT_JOIN(text, size, china);
		break;
	default: TEXT_JOIN(text, size, fact->text);
	}
}

/* The other side of a payment pays or is paid. What the bank didn't tell is what the name looks like. */
static const char *kind_called(const struct tx *tx, int language)
{
	static const char *const words[2][2][2] = {
		{{"付款方为%s", "收款方为%s"}, {"付款方户名似%s", "收款方户名似%s"}},
		{{"the payer is %s", "the payee is %s"}, {"the payer's name looks like %s", "the payee's name looks like %s"}},
	};

	return words[language][tx->counterparty.kind_guessed][tx->direction == TX_DEBIT];
}

static const char *fact_called(const struct matcher *m, const struct evidence_fact *fact, int language)
{
	if (fact->type == VALUE_WORD && fact->field == TX_PARTY_KIND_FIELD)
		return kind_called(m->input.tx, language);
	if (is_listed(fact) && fact->of != NULL && fact->value == 0)
		return ""; /* to stand on no list is what everybody does */
	for (size_t i = 0; is_listed(fact) && i < COUNT(listed_called); i++)
		if (listed_called[i].field == fact->field)
			return listed_called[i].words[language];
	for (size_t i = 0; i < COUNT(facts_called); i++)
		if (fact->name.length == facts_called[i].length &&
		    memcmp(fact->name.at, facts_called[i].name, facts_called[i].length) == 0)
			return facts_called[i].words[language];
	return NULL;
}

static void put_fact(struct matcher *m, const struct evidence_fact *fact, int language,
                     struct writer *out)
{
	const char *called = fact_called(m, fact, language), *gap;
	char value[2 * EVIDENCE_VALUE_BYTES];

	if (called != NULL && called[0] == '\0')
		return;
	value_words(m, fact, language, value, sizeof(value));
	if (said_write(m, fact, value, language, out))
		return;
	separate(out, language);
	if (called == NULL) {
		writer_text(out, fact->name);
		writer_put(out, " ");
		writer_text(out, slice_of(value));
		return;
	}
	gap = strchr(called, '%');
	writer_copy(out, (struct slice){called, (uint32_t)(gap - called)});
	writer_text(out, slice_of(value));
	writer_put(out, gap + 2);
}

void reason_write(struct matcher *m, const struct plan_detect *detect, const struct evidence_facts *facts, int language,
                  struct writer *out)
{
	put_texts(m, out, language);
	for (uint32_t i = 0; i < facts->count; i++)
		put_fact(m, &facts->items[i], language, out);
	if (facts->count > 0)
		sequence_words_write(m, detect, language, out);
}
