#include "api/parameter.h"

#include <stdio.h>

#include "base/instant.h"
#include "base/utf8.h"

/* The one way out of a wrong value. */
static int wrong(struct target *target, const char *name, struct error *error, const char *expected)
{
	snprintf(target->faulty, sizeof(target->faulty), "%s", name);
	return error_set(error, "expected %s", expected);
}

static bool number_parse(struct slice text, int64_t *number_r)
{
	int64_t number = 0;

	if (text.length == 0 || text.length > 18)
		return false;
	for (uint32_t i = 0; i < text.length; i++) {
		if (text.at[i] < '0' || text.at[i] > '9')
			return false;
		number = number * 10 + text.at[i] - '0';
	}
	*number_r = number;
	return true;
}

int parameter_number(struct target *target, const char *name, int64_t least, int64_t most, int64_t *number_r,
                     struct error *error)
{
	struct slice text = target_parameter(target, name);
	int64_t number;
	char expected[80];

	if (text.at == NULL)
		return 0;
	if (number_parse(text, &number) && number >= least && number <= most) {
		*number_r = number;
		return 0;
	}
	snprintf(expected, sizeof(expected), "a whole number from %lld to %lld", (long long)least, (long long)most);
	return wrong(target, name, error, expected);
}

int parameter_time(struct target *target, const char *name, int64_t *ms_r, struct error *error)
{
	struct slice text = target_parameter(target, name);
	int32_t day;

	if (text.at == NULL || instant_parse(text, ms_r))
		return 0;
	if (instant_parse_date(text, &day)) {
		*ms_r = instant_of(day, 0, 0, 0, 0, INSTANT_CHINA_MS);
		return 0;
	}
	return wrong(target, name, error, "a date, or a time as 2026-03-02T09:15:04Z or 2026-03-02T17:15:04%2B08:00 "
	                                  "(a plain + means a space)");
}

static int word_number(struct slice text, const char *const *words, int count)
{
	for (int i = 0; i < count; i++)
		if (slice_is(text, words[i]))
			return i;
	return -1;
}

/* "one of a, b, c". */
static int not_a_word(struct target *target, const char *name, const char *const *words, int count,
                      struct error *error)
{
	char expected[200] = "one of ";
	size_t length = strlen(expected);

	for (int i = 0; i < count && length < sizeof(expected); i++)
		length += (size_t)snprintf(expected + length, sizeof(expected) - length, "%s%s", i > 0 ? ", " : "",
		                           words[i]);
	return wrong(target, name, error, expected);
}

int parameter_word(struct target *target, const char *name, const char *const *words, int count,
                   int *number_r, struct error *error)
{
	struct slice text = target_parameter(target, name);
	int number = word_number(text, words, count);

	if (text.at == NULL)
		return 0;
	if (number < 0)
		return not_a_word(target, name, words, count, error);
	*number_r = number;
	return 0;
}

int parameter_words(struct target *target, const char *name, const char *const *words, int count,
                    unsigned *bits_r, struct error *error)
{
	struct slice rest = target_parameter(target, name);
	unsigned bits = 0;

	if (rest.at == NULL)
		return 0;
	for (;;) {
		const char *comma = memchr(rest.at, ',', rest.length);
		struct slice word = {rest.at, comma != NULL ? (uint32_t)(comma - rest.at) : rest.length};
		int number = word_number(word, words, count);
		if (number < 0)
			return not_a_word(target, name, words, count, error);
		bits |= 1u << number;
		if (comma == NULL)
			break;
		rest = (struct slice){comma + 1, rest.length - word.length - 1};
	}
	*bits_r = bits;
	return 0;
}

int parameter_text(struct target *target, const char *name, size_t characters_max, struct slice *text_r,
                   struct error *error)
{
	struct slice text = target_parameter(target, name);
	char expected[80];

	if (text.at == NULL)
		return 0;
	if (utf8_count(text) <= characters_max) {
		*text_r = text;
		return 0;
	}
	snprintf(expected, sizeof(expected), "at most %zu characters", characters_max);
	return wrong(target, name, error, expected);
}
