/*
 * Words for the messages of the condition language: types, near names, lists of what would have been right.
 */
#include <stdio.h>

#include "base/money.h"
#include "pattern/condition.h"

const char *condition_type_words(enum value_type type)
{
	static const char *const words[] = {
		[VALUE_BOOL] = "yes or no", [VALUE_NUMBER] = "a number",     [VALUE_PERCENT] = "a percentage",
		[VALUE_MONEY] = "an amount", [VALUE_DURATION] = "a duration", [VALUE_TIME] = "a time",
		[VALUE_TEXT] = "a text",     [VALUE_WORD] = "a word",
		[VALUE_SET] = "a set of transactions",
	};

	return words[type];
}

/* Fields first, then functions. */
static const char *name_at(int i)
{
	return i < PROGRAM_FIELD_COUNT ? condition_field_name((uint8_t)i)
	                               : condition_function_name(i - PROGRAM_FIELD_COUNT);
}

static const char *hint(const char *nearest, char *out)
{
	if (nearest != NULL)
		snprintf(out, 96, " (did you mean `%s`?)", nearest);
	else
		out[0] = '\0';
	return out;
}

/* A part of a name behind a dot is often written alone: `kind`, `name`. */
static const char *by_last_part(struct slice wrong)
{
	for (int i = 0; i < TX_FIELD_COUNT; i++) {
		const char *dot = strchr(tx_fields[i].name, '.');
		if (dot != NULL && slice_is(wrong, dot + 1))
			return tx_fields[i].name;
	}
	return NULL;
}

const char *condition_nearest_name(struct slice wrong, char out[96])
{
	const char *nearest = by_last_part(wrong);
	int count = PROGRAM_FIELD_COUNT;

	while (condition_function_name(count - PROGRAM_FIELD_COUNT) != NULL)
		count++;
	if (nearest == NULL)
		nearest = yaml_nearest(wrong, name_at, count);
	return hint(nearest, out);
}

static _Thread_local const char *const *words_asked; /* what word_at() gives; set before each use */

static const char *word_at(int i)
{
	return words_asked[i];
}

const char *condition_nearest_word(uint8_t field, struct slice wrong, char out[96])
{
	int count = 0;

	words_asked = tx_words(field);
	while (words_asked != NULL && words_asked[count] != NULL)
		count++;
	return hint(count > 0 ? yaml_nearest(wrong, word_at, count) : NULL, out);
}

const char *condition_word_list(uint8_t field, char *out, size_t size)
{
	const char *const *words = tx_words(field);
	size_t length = 0;

	if (words == NULL)
		snprintf(out, size, "a currency code such as CNY or USD");
	for (; words != NULL && *words != NULL && length < size; words++)
		length += (size_t)snprintf(out + length, size - length, "%s%s", length > 0 ? ", " : "one of ", *words);
	return out;
}
