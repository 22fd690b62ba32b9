#include "base/utf8.h"
#include "casework/bulletin.h"
#include "pattern/pattern.h"

enum { RULES = MESSAGE_RULES_OFFICIAL | MESSAGE_RULE_NUMBER };

static bool contains(struct slice text, struct slice word)
{
	for (uint32_t i = 0; word.length > 0 && i + word.length <= text.length; i++)
		if (memcmp(text.at + i, word.at, word.length) == 0)
			return true;
	return false;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "M01" and the like. */
static bool has_analysts_id(struct slice text)
{
	for (uint32_t i = 0; i + 3 <= text.length; i++)
		if (text.at[i] == 'M' && is_digit(text.at[i + 1]) && is_digit(text.at[i + 2]))
			return true;
	return false;
}

/* I7: the name of a typology of analysts, in either language; NULL where there is none. */
static const struct catalogue_entry *analysts_typology(const struct catalogue *catalogue, struct slice text)
{
	for (size_t i = 0; catalogue != NULL && i < catalogue->typology_count; i++) {
		const struct catalogue_entry *entry = &catalogue->typologies[i];
		if (entry->id.at[0] == 'M' && (contains(text, entry->zh) || contains(text, entry->en)))
			return entry;
	}
	return NULL;
}

static int check(const struct catalogue *catalogue, const char *field, struct slice text, size_t characters_max,
                 struct error *error)
{
	const struct catalogue_entry *entry;
	const char *broken;

	if (text.at == NULL || slice_trim(text).length == 0)
		return error_set(error, "%s: it is empty", field);
	if (!utf8_valid(text.at, text.length))
		return error_set(error, "%s: expected UTF-8", field);
	if (utf8_count(text) > characters_max)
		return error_set(error, "%s: %zu characters; at most %zu", field, utf8_count(text), characters_max);
	if ((broken = message_rule_broken(text, RULES)) != NULL)
		return error_set(error, "%s: the text %s", field, broken);
	if (has_analysts_id(text))
		return error_set(error, "%s: it names a typology by an id M…, which is for analysts only", field);
	if ((entry = analysts_typology(catalogue, text)) != NULL)
		return error_set(error, "%s: `%.*s` is a typology for analysts only", field, SLICE_PRINT(entry->zh));
	return 0;
}

int bulletin_check(const struct catalogue *catalogue, const struct bulletin_row *row, struct error *error)
{
	return check(catalogue, "title zh", row->title_zh, BULLETIN_TITLE_CHARACTERS_MAX, error) == -1 ||
	                       check(catalogue, "title en", row->title_en, BULLETIN_TITLE_CHARACTERS_MAX, error) == -1 ||
	                       check(catalogue, "body zh", row->body_zh, BULLETIN_ZH_CHARACTERS_MAX, error) == -1 ||
	                       check(catalogue, "body en", row->body_en, BULLETIN_EN_CHARACTERS_MAX, error) == -1
	               ? -1
	               : 0;
}
