#include "workshop/plain.h"

#include <ctype.h>
#include <stdbool.h>

static const struct {
	const char *word, *in[2];
} plain_words[] = {
#define PLAIN(word, zh, en) {word, {zh, en}},
#include "workshop/plain.def"
#undef PLAIN
};

static const char *find(struct slice word, enum plain_language language)
{
	for (size_t i = 0; i < sizeof(plain_words) / sizeof(plain_words[0]); i++)
		if (slice_is(word, plain_words[i].word))
			return plain_words[i].in[language];
	return NULL;
}

static bool in_name(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '.';
}

/* The token that begins at `at`: a name, a sign, a text in quotes, or one byte. */
static size_t token(const char *at, const char *end)
{
	const char *from = at;

	if (isalpha((unsigned char)*at)) {
		while (at < end && in_name(*at))
			at++;
		return (size_t)(at - from);
	}
	if (*at == '\'' || *at == '"') {
		for (at++; at < end && *at != *from; at++)
			;
		return (size_t)(at - from) + (at < end);
	}
	if (end - at >= 2 && at[1] == '=' && strchr("<>=!", *at) != NULL)
		return 2;
	if (end - at >= 3 && (memcmp(at, "≥", 3) == 0 || memcmp(at, "≤", 3) == 0 || memcmp(at, "≠", 3) == 0))
		return 3;
	return 1;
}

/* A number's unit, as in 24h or 50 USD, is no name. */
static bool after_number(struct slice condition, const char *at)
{
	return at > condition.at && isdigit((unsigned char)at[-1]);
}

void plain_write(FILE *out, struct slice condition, enum plain_language language)
{
	const char *end = condition.at + condition.length;
	bool last_was_word = false;

	for (const char *at = condition.at; at < end;) {
		size_t length = token(at, end);
		struct slice word = {at, (uint32_t)length};
		const char *plain = after_number(condition, at) ? NULL : find(word, language);
		/* Chinese words stand without blanks. */
		bool blank = *at == ' ' && language == PLAIN_ZH && last_was_word;
		if (plain != NULL)
			fputs(plain, out);
		else if (!blank)
			fwrite(at, 1, length, out);
		last_was_word = plain != NULL;
		at += length;
	}
}

static bool word_at(const char *at, const char *end, const char *word)
{
	size_t length = strlen(word);

	return (size_t)(end - at) >= length && memcmp(at, word, length) == 0;
}

/* Steps over quotes; returns whether `at` stands outside of brackets and quotes. */
struct place {
	int depth;
	char quote;
};

static bool outside(struct place *place, char c)
{
	if (place->quote != '\0' || c == '\'' || c == '"') {
		place->quote = place->quote == '\0' ? c : c == place->quote ? '\0' : place->quote;
		return false;
	}
	place->depth += (c == '(' || c == '[') - (c == ')' || c == ']');
	return place->depth == 0;
}

static bool has_or(struct slice where)
{
	struct place place = {0, '\0'};

	for (const char *at = where.at; at < where.at + where.length; at++)
		if (outside(&place, *at) && word_at(at, where.at + where.length, " or "))
			return true;
	return false;
}

void plain_each(struct slice where, plain_one *one, void *context)
{
	const char *from = where.at, *end = where.at + where.length;
	struct place place = {0, '\0'};

	for (const char *at = where.at; at < end && !has_or(where); at++)
		if (outside(&place, *at) && word_at(at, end, " and ")) {
			one(context, (struct slice){from, (uint32_t)(at - from)});
			from = at + 5;
		}
	one(context, (struct slice){from, (uint32_t)(end - from)});
}
