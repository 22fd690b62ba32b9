/*
 * Tokens of a condition. Numbers are taken with whatever letters stick to them (5万, 1h30m, 2026-03-01), so
 * that a wrong unit is named whole. Signs that a Chinese keyboard gives (（ ， ＞ ≥) are understood or named.
 */
#include "base/utf8.h"
#include "pattern/condition.h"

struct spelling {
	const char *text;
	int sign;
};

/* Longest first. */
static const struct spelling signs[] = {
	{"!=", SIGN_NOT_EQUAL}, {"<>", SIGN_NOT_EQUAL}, {"≠", SIGN_NOT_EQUAL}, {"<=", SIGN_AT_MOST},
	{"≤", SIGN_AT_MOST}, {">=", SIGN_AT_LEAST}, {"≥", SIGN_AT_LEAST}, {"==", '='}, {"..", SIGN_RANGE},
	{"=", '='}, {"<", '<'}, {">", '>'}, {"+", '+'}, {"-", '-'}, {"*", '*'}, {"/", '/'}, {"(", '('},
	{")", ')'}, {"[", '['}, {"]", ']'}, {",", ','},
};

/* What is typed by habit or by a Chinese keyboard, and what to write. */
static const struct {
	const char *text, *instead;
} habits[] = {
	{"&&", "and"}, {"||", "or"}, {"!", "not"}, {"（", "("}, {"）", ")"}, {"【", "["}, {"】", "]"}, {"，", ","},
	{"、", ","}, {"＞", ">"}, {"＜", "<"}, {"＝", "="}, {"“", "'"}, {"”", "'"}, {"‘", "'"}, {"’", "'"}, {"×", "*"},
	{"÷", "/"}, {"％", "%"}, {"~", ".."}, {"；", "and"}, {";", "and"},
};

static bool begins(struct slice text, uint32_t at, const char *with)
{
	size_t length = strlen(with);

	return text.length - at >= length && memcmp(text.at + at, with, length) == 0;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Letters, digits, _ and Chinese characters. The length of the one at `at`, 0 where there is none. */
static uint32_t word_character(struct slice text, uint32_t at)
{
	size_t end = at;
	char c = at < text.length ? text.at[at] : '\0';
	uint32_t point;

	if (is_digit(c) || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
		return 1;
	if ((unsigned char)c < 0x80)
		return 0;
	point = utf8_next(text.at, &end);
	return point >= 0x3400 && point < 0xFF00 ? (uint32_t)end - at : 0;
}

/* 2026-03-01, perhaps with a time: taken whole, so that it is no subtraction. */
static uint32_t date_end(struct slice text, uint32_t at)
{
	static const char shape[] = "0000-00-00";
	uint32_t i;

	for (i = 0; shape[i] != '\0'; i++) {
		char c = at + i < text.length ? text.at[at + i] : '\0';
		if (shape[i] == '0' ? !is_digit(c) : c != shape[i])
			return at;
	}
	at += i;
	if (at < text.length && (text.at[at] == 'T' || text.at[at] == 't'))
		while (at < text.length && (is_digit(text.at[at]) || strchr("Tt:.+-Zz", text.at[at]) != NULL))
			at++;
	return at;
}

static uint32_t number_end(struct slice text, uint32_t at)
{
	uint32_t end = date_end(text, at), length;

	if (end > at)
		return end;
	for (end = at;;) {
		if ((length = word_character(text, end)) > 0)
			end += length;
		else if (end < text.length && text.at[end] == '.' && end + 1 < text.length && is_digit(text.at[end + 1]))
			end++;
		else if (end < text.length && text.at[end] == '%')
			end++;
		else
			return end;
	}
}

/* Names may have dots: counterparty.kind. */
static uint32_t name_end(struct slice text, uint32_t at)
{
	uint32_t end = at, length;

	for (;;) {
		if ((length = word_character(text, end)) > 0)
			end += length;
		else if (end < text.length && text.at[end] == '.' && word_character(text, end + 1) > 0)
			end++;
		else
			return end;
	}
}

static int lex_string(struct slice text, uint32_t *at, struct condition_token *token,
                      struct complaint *complaint)
{
	char quote = text.at[*at];
	const char *end = memchr(text.at + *at + 1, quote, text.length - *at - 1);

	if (end == NULL)
		return complain(complaint, *at, "this text is not closed; expected another %c", quote);
	token->kind = TOKEN_STRING;
	token->text = (struct slice){text.at + *at + 1, (uint32_t)(end - text.at) - *at - 1};
	*at = (uint32_t)(end - text.at) + 1;
	token->to = *at;
	return 0;
}

static int lex_sign(struct slice text, uint32_t *at, struct condition_token *token,
                    struct complaint *complaint)
{
	size_t end = *at;

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (begins(text, *at, signs[i].text)) {
			token->kind = TOKEN_SIGN;
			token->sign = signs[i].sign;
			*at += (uint32_t)strlen(signs[i].text);
			token->to = *at;
			return 0;
		}
	for (size_t i = 0; i < sizeof(habits) / sizeof(habits[0]); i++)
		if (begins(text, *at, habits[i].text))
			return complain(complaint, *at, "`%s` means nothing here; write `%s`", habits[i].text, habits[i].instead);
	utf8_next(text.at, &end);
	return complain(complaint, *at, "`%.*s` means nothing here", (int)(end - *at), text.at + *at);
}

/* `<wages>`: nothing else has a sign, a name and a sign in a row. */
static bool lex_list(struct slice text, uint32_t *at, struct condition_token *token)
{
	const char *end = text.at[*at] == '<' ? memchr(text.at + *at, '>', text.length - *at) : NULL;
	struct slice entry = {text.at + *at, end != NULL ? (uint32_t)(end - text.at) + 1 - *at : 0};

	if (!glossary_is_name(entry))
		return false;
	token->kind = TOKEN_LIST;
	token->text = entry;
	*at += entry.length;
	token->to = *at;
	return true;
}

int condition_lex(struct slice text, uint32_t *at, struct condition_token *token_r,
                  struct complaint *complaint)
{
	while (*at < text.length && strchr(" \t\r\n", text.at[*at]) != NULL)
		(*at)++;
	*token_r = (struct condition_token){.kind = TOKEN_END, .from = *at, .to = *at};
	if (*at == text.length)
		return 0;
	if (text.at[*at] == '\'' || text.at[*at] == '"')
		return lex_string(text, at, token_r, complaint);
	if (lex_list(text, at, token_r))
		return 0;
	if (word_character(text, *at) == 0)
		return lex_sign(text, at, token_r, complaint);
	token_r->kind = is_digit(text.at[*at]) ? TOKEN_NUMBER : TOKEN_NAME;
	*at = token_r->kind == TOKEN_NUMBER ? number_end(text, *at) : name_end(text, *at);
	token_r->to = *at;
	token_r->text = (struct slice){text.at + token_r->from, token_r->to - token_r->from};
	return 0;
}
