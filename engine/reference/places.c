/*
 * Where bank codes and names say that somebody is.
 */
#include <assert.h>
#include <pthread.h>
#include <string.h>

#include "reference/reference.h"

/* A bank code (联行号) is 3 digits of bank, 4 of city, 4 of branch, 1 of check. */
int reference_bank_city(struct slice bank)
{
	int city = 0;

	if (bank.length != 12)
		return -1;
	for (uint32_t i = 0; i < bank.length; i++) {
		if (bank.at[i] < '0' || bank.at[i] > '9')
			return -1;
		if (i >= 3 && i < 7)
			city = city * 10 + (bank.at[i] - '0');
	}
	return city;
}

bool reference_bank_is_head(struct slice bank)
{
	/* All but the check digit. */
	static const char heads[][12] = {
		"10210009999", "10310000002", "10410000000", "10510000001", "20110000001", "20210000000", "20310000001",
		"30129000000", "30210001100", "30310000000", "30410004000", "30510000001", "30658100000", "30758400799",
		"30858400001", "30939100001", "31029000001", "31545600010", "31633100001", "31811000001", "40310000000",
	};

	for (size_t i = 0; bank.length == 12 && i < sizeof(heads) / sizeof(heads[0]); i++)
		if (memcmp(bank.at, heads[i], 11) == 0)
			return true;
	return false;
}

int reference_city_province(int city)
{
	static const struct {
		int from, to, province;
	} provinces[] = {
#define BANK_CITIES(from, to, province, zh) {from, to, province},
#include "reference/bank_cities.def"
#undef BANK_CITIES
	};

	for (size_t i = 0; i < sizeof(provinces) / sizeof(provinces[0]); i++)
		if (city >= provinces[i].from && city <= provinces[i].to)
			return provinces[i].province;
	return -1;
}

/*
 * Names of places by their first four bytes, of which each has that many: a name begins with hardly ever more than one
 * or two words that are looked at. Open addressing, not even half full; laid out when the first name is asked for.
 */
enum { WORD_HEAD_BYTES = 4, WORD_SLOTS = 1024 };

static struct word {
	const char *text; /* NULL: nothing stands here */
	uint8_t length, province;
} words[WORD_SLOTS];
static pthread_once_t words_once = PTHREAD_ONCE_INIT;

static unsigned word_slot(const char *text)
{
	uint32_t head;

	memcpy(&head, text, WORD_HEAD_BYTES);
	return head * 0x9e3779b1U >> 22;
}

static void word_put(const char *text, size_t length, int province)
{
	unsigned at = word_slot(text);

	while (words[at].text != NULL)
		at = (at + 1) % WORD_SLOTS;
	words[at] = (struct word){.text = text, .length = (uint8_t)length, .province = (uint8_t)province};
}

static void words_lay_out(void)
{
	static const struct {
		int province;
		const char *words; /* a space between two */
	} provinces[] = {
#define PLACES(province, words) {province, words},
#include "reference/place_names.def"
#undef PLACES
	};
	size_t count = 0;

	for (size_t i = 0; i < sizeof(provinces) / sizeof(provinces[0]); i++)
		for (const char *at = provinces[i].words; *at != '\0';) {
			size_t length = strcspn(at, " ");

			count++;
			assert(length >= WORD_HEAD_BYTES && length <= UINT8_MAX && count < WORD_SLOTS / 2);
			word_put(at, length, provinces[i].province);
			at += length + (at[length] == ' ');
		}
}

int reference_name_province(struct slice folded_name)
{
	pthread_once(&words_once, words_lay_out);
	if (folded_name.length < WORD_HEAD_BYTES)
		return -1;
	for (unsigned at = word_slot(folded_name.at); words[at].text != NULL; at = (at + 1) % WORD_SLOTS)
		if (words[at].length < folded_name.length && memcmp(folded_name.at, words[at].text, words[at].length) == 0)
			return words[at].province;
	return -1;
}
