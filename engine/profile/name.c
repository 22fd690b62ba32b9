#include "profile/name.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "profile/symbols.h"

enum { CHARACTERS_MAX = 160, FOLDED_BYTES_MAX = NAME_FOLDED_BYTES_MAX, PLACE_CHARACTERS_MAX = 4, CORE_LEAST = 3 };

/* Legal forms, folded, in UTF-8; the longer before the shorter that ends it. */
#define FORM(text) {text, sizeof(text) - 1}
static const struct {
	const char *text;
	size_t length;
} legal_forms[] = {
	FORM("股份有限公司"), FORM("有限责任公司"), FORM("有限公司"), FORM("集团公司"), FORM("总公司"), FORM("分公司"),
	FORM("公司"), FORM("有限合伙"), FORM("合伙企业"), FORM("集团"), FORM("股份"), FORM("有限责任"), FORM("有限"),
	FORM("coltd"), FORM("ltd"), FORM("limited"), FORM("incorporated"), FORM("inc"), FORM("corp"), FORM("llc"),
	FORM("gmbh"), FORM("fze"), FORM("plc"), FORM("sarl"), FORM("sdnbhd"), FORM("bv"),
};

static const char places[][4] = {"省", "市", "县", "区", "州"};

/* 市 of these words ends no place: 云桥瑞晟市政建设 is 瑞晟's, not the city's. */
static const char *const no_places[] = {"市政", "市场"};

struct text {
	const char *at;
	size_t length;
};

static size_t character_count(const struct text *text)
{
	size_t count = 0;

	for (size_t i = 0; i < text->length; i++)
		count += (text->at[i] & 0xc0) != 0x80;
	return count;
}

/* The legal form that the text ends with, and doesn't consist of; its length in bytes, 0: none. */
static size_t legal_form_bytes(const struct text *text)
{
	char last = text->length > 0 ? text->at[text->length - 1] : 0;

	for (size_t i = 0; i < sizeof(legal_forms) / sizeof(legal_forms[0]); i++) {
		size_t length = legal_forms[i].length;

		if (legal_forms[i].text[length - 1] == last && length < text->length &&
		    memcmp(text->at + text->length - length, legal_forms[i].text, length) == 0)
			return length;
	}
	return 0;
}

static void drop_legal_forms(struct text *text)
{
	for (size_t bytes = legal_form_bytes(text); bytes > 0; bytes = legal_form_bytes(text))
		text->length -= bytes;
}

static bool is_no_place(const struct text *text, size_t at)
{
	for (size_t i = 0; i < sizeof(no_places) / sizeof(no_places[0]); i++)
		if (text->length - at >= 6 && memcmp(text->at + at, no_places[i], 6) == 0)
			return true;
	return false;
}

/* Bytes up to and with the first place word that stands at the second to fifth character; 0: none. */
static size_t place_bytes(const struct text *text)
{
	size_t at = 0;

	for (int i = 0; i <= PLACE_CHARACTERS_MAX && at < text->length; i++) {
		size_t bytes = symbols_character_bytes(text->at + at);

		if (i >= 2 && bytes == 3)
			for (size_t p = 0; p < sizeof(places) / sizeof(places[0]); p++)
				if (memcmp(text->at + at, places[p], 3) == 0 && !is_no_place(text, at))
					return at + 3;
		at += bytes;
	}
	return 0;
}

static void drop_places(struct text *text)
{
	for (int i = 0; i < 3; i++) {
		size_t bytes = place_bytes(text);
		struct text rest = {text->at + bytes, text->length - bytes};

		if (bytes == 0 || character_count(&rest) < CORE_LEAST)
			return;
		*text = rest;
	}
}

/* Letters that look alike in an invoice's type are the same in a Latin name: rn is m, vv is w, 0 is o, 1 is l. */
static void make_alike(char *at, size_t *length)
{
	size_t to = 0;

	for (size_t from = 0; from < *length; from++) {
		bool pair = from + 1 < *length;

		if (pair && at[from] == 'r' && at[from + 1] == 'n') {
			at[to++] = 'm';
			from++;
		} else if (pair && at[from] == 'v' && at[from + 1] == 'v') {
			at[to++] = 'w';
			from++;
		} else {
			at[to++] = (char)(at[from] == '0' ? 'o' : at[from] == '1' ? 'l' : at[from]);
		}
	}
	*length = to;
}

size_t name_fold(struct slice name, char folded_r[FOLDED_BYTES_MAX + FOLD_TAIL_BYTES])
{
	struct fold_buffer folded;

	if (name.length == 0)
		return 0;
	fold_init(&folded, folded_r, NULL, FOLDED_BYTES_MAX);
	fold_append(&folded, name.at, name.length);
	return folded.overflow ? 0 : folded.length;
}

static bool ends_in_digit(const struct text *text)
{
	return text->at[text->length - 1] >= '0' && text->at[text->length - 1] <= '9';
}

uint64_t name_sign(struct slice name, unsigned kind, uint8_t signature_r[NAME_BYTES_MOST])
{
	char folded[FOLDED_BYTES_MAX + FOLD_TAIL_BYTES];
	struct text core = {folded, name_fold(name, folded)};
	uint64_t hash;
	bool by_hash;

	memset(signature_r, 0, NAME_HEAD_BYTES);
	if (core.length == 0)
		return 0;
	hash = XXH3_64bits(folded, core.length);
	by_hash = kind == TX_PERSON || ends_in_digit(&core);
	signature_r[0] = (uint8_t)((hash >> 40 & 0xfc) | by_hash);
	if (by_hash) {
		signature_r[1] = (uint8_t)(hash >> 48);
		signature_r[2] = (uint8_t)(hash >> 32 & 15);
	} else {
		if ((unsigned char)folded[0] < 0x80)
			make_alike(folded, &core.length);
		drop_legal_forms(&core);
		drop_places(&core);
		signature_r[1] = (uint8_t)symbols_write(core.at, core.length, signature_r + NAME_HEAD_BYTES);
	}
	return hash != 0 ? hash : 1;
}

void name_fade(const uint8_t *signature, uint8_t faded_r[NAME_HASH_BYTES])
{
	uint64_t hash = XXH3_64bits(signature + NAME_HEAD_BYTES, name_length(signature));

	faded_r[0] = (uint8_t)((signature[0] & ~NAME_PROVINCE_HIGH) | 1);
	faded_r[1] = (uint8_t)hash;
	faded_r[2] = (uint8_t)(hash >> 8 & 15);
	name_set_province(faded_r, name_province(signature));
}

bool name_same_faded(const uint8_t *a, const uint8_t *b)
{
	const uint8_t *firm = name_is_hash(a) ? b : a, *hash = name_is_hash(a) ? a : b;
	uint8_t faded[NAME_HASH_BYTES];

	if (name_is_none(firm))
		return false;
	name_fade(firm, faded);
	return name_same(faded, hash);
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Levenshtein, a row at a time; the rows are at most 16 long. */
static unsigned edit_distance(const uint8_t *a, unsigned a_length, const uint8_t *b, unsigned b_length)
{
	uint8_t row[PROFILE_NAME_CHARACTERS + 1];

	for (unsigned j = 0; j <= b_length; j++)
		row[j] = (uint8_t)j;
	for (unsigned i = 1; i <= a_length; i++) {
		unsigned diagonal = row[0], best = i;

		row[0] = (uint8_t)i;
		for (unsigned j = 1; j <= b_length; j++) {
			unsigned above = row[j];

			row[j] = (uint8_t)least(diagonal + (a[i - 1] != b[j - 1]), least(above, row[j - 1]) + 1);
			diagonal = above;
			best = least(best, row[j]);
		}
		if (best > NAME_DISTANCE_MOST)
			return NAME_DISTANCE_NONE;
	}
	return row[b_length];
}

unsigned name_distance(const uint8_t *a, const uint8_t *b)
{
	uint8_t a_core[PROFILE_NAME_CHARACTERS], b_core[PROFILE_NAME_CHARACTERS];
	unsigned a_length, b_length, most, distance;

	if (name_is_none(a) || name_is_none(b))
		return NAME_DISTANCE_NONE;
	if (name_is_hash(a) || name_is_hash(b))
		return name_same(a, b) ? 0 : NAME_DISTANCE_NONE;
	a_length = symbols_read(a + NAME_HEAD_BYTES, name_length(a), a_core);
	b_length = symbols_read(b + NAME_HEAD_BYTES, name_length(b), b_core);
	most = least(a_length, b_length) >= NAME_SHORT ? NAME_DISTANCE_MOST : 1;
	if (a_length > b_length + most || b_length > a_length + most)
		return NAME_DISTANCE_NONE;
	distance = edit_distance(a_core, a_length, b_core, b_length);
	return distance <= most ? distance : NAME_DISTANCE_NONE;
}

unsigned name_added(const uint8_t *a, const uint8_t *b)
{
	uint8_t a_core[PROFILE_NAME_CHARACTERS], b_core[PROFILE_NAME_CHARACTERS];
	const uint8_t *shorter = a_core, *longer = b_core;
	unsigned a_length, b_length, shorter_length, longer_length, met = 0;

	if (name_is_none(a) || name_is_none(b) || name_is_hash(a) || name_is_hash(b))
		return NAME_DISTANCE_NONE;
	a_length = symbols_read(a + NAME_HEAD_BYTES, name_length(a), a_core);
	b_length = symbols_read(b + NAME_HEAD_BYTES, name_length(b), b_core);
	if (a_length > b_length) {
		shorter = b_core;
		longer = a_core;
	}
	shorter_length = least(a_length, b_length);
	longer_length = a_length + b_length - shorter_length;
	if (shorter_length < NAME_SHORT || longer_length == shorter_length ||
	    longer_length > shorter_length + NAME_DISTANCE_MOST)
		return NAME_DISTANCE_NONE;
	for (unsigned i = 0; i < longer_length && met < shorter_length; i++)
		met += shorter[met] == longer[i];
	return met == shorter_length ? longer_length - shorter_length : NAME_DISTANCE_NONE;
}
