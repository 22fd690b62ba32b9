/*
 * Where bank codes and names say that somebody is.
 */
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

/* One of `words`, which stand with a space between? */
static bool begins_with_one_of(struct slice name, const char *words)
{
	while (*words != '\0') {
		size_t length = strcspn(words, " ");

		if (length < name.length && memcmp(name.at, words, length) == 0)
			return true;
		words += length + (words[length] == ' ');
	}
	return false;
}

int reference_name_province(struct slice folded_name)
{
	static const struct {
		int province;
		const char *words;
	} provinces[] = {
#define PLACES(province, words) {province, words},
#include "reference/place_names.def"
#undef PLACES
	};

	for (size_t i = 0; i < sizeof(provinces) / sizeof(provinces[0]); i++)
		if (begins_with_one_of(folded_name, provinces[i].words))
			return provinces[i].province;
	return -1;
}
