/*
 * What conditions ask of places: those that names and bank codes tell, and where something was done.
 */
#include "match/condition.h"

#include "fold/fold.h"

enum { PLACE_BYTES = 6 };

/* Firms put the place first, and its first two characters are the same whether 市 or 县 follows. */
static bool place_of(struct slice folded_name, char place_r[PLACE_BYTES])
{
	if (folded_name.length < 2 * PLACE_BYTES || ((unsigned char)folded_name.at[0] & 0xf0) != 0xe0 ||
	    ((unsigned char)folded_name.at[3] & 0xf0) != 0xe0)
		return false;
	memcpy(place_r, folded_name.at, PLACE_BYTES);
	return true;
}

/* What often stands in brackets and is no place. */
static bool is_no_place(const char place[PLACE_BYTES])
{
	static const char *const others[] = {"集团", "中国", "控股", "国际", "股份", "有限", "合伙", "投资", "个体", "普通", "亚洲", "全国"};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (memcmp(place, others[i], PLACE_BYTES) == 0)
			return true;
	return false;
}

/* Two characters, or with 市, 省, 县, 区 behind them: （上海路店） is a street, and （有限合伙） a legal form. */
static bool fills_bracket(struct slice inside)
{
	static const char *const ends[] = {"市", "省", "县", "区", "縣", "區"};

	if (inside.length != PLACE_BYTES + 3)
		return inside.length == PLACE_BYTES;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (memcmp(inside.at + PLACE_BYTES, ends[i], 3) == 0)
			return true;
	return false;
}

/*
 * Or behind the brand: what stands from the place on in 清河（福州）贸易有限公司; empty where no place fills the first
 * bracket.
 */
static struct slice bracketed(struct slice name)
{
	static const char *const brackets[][2] = {{"（", "）"}, {"(", ")"}};
	const char *end = name.at + name.length;

	for (size_t i = 0; name.length > 0 && i < sizeof(brackets) / sizeof(brackets[0]); i++) {
		size_t open = strlen(brackets[i][0]);
		const char *at = memmem(name.at, name.length, brackets[i][0], open), *close;

		if (at == NULL || at == name.at)
			continue;
		at += open;
		close = memmem(at, (size_t)(end - at), brackets[i][1], strlen(brackets[i][1]));
		if (close != NULL && fills_bracket((struct slice){at, (uint32_t)(close - at)}))
			return (struct slice){at, (uint32_t)(end - at)};
	}
	return (struct slice){NULL, 0};
}

/* The places that a name tells. Of two in brackets it must be a known one: what else is no place nobody listed. */
struct name_places {
	bool front, inner, inner_known;
	char front_place[PLACE_BYTES], inner_place[PLACE_BYTES];
};

static struct name_places places_of(struct condition_input *input, struct slice name)
{
	struct slice inner = bracketed(name), text = condition_fold(input, name);
	struct name_places places = {0};

	places.front = place_of(text, places.front_place);
	if (!places.front || inner.length == 0)
		return places;
	text = condition_fold(input, inner);
	places.inner = place_of(text, places.inner_place) && !is_no_place(places.inner_place);
	places.inner_known = places.inner && reference_name_province(text) >= 0;
	return places;
}

static bool same_place(const char *a, const char *b)
{
	return memcmp(a, b, PLACE_BYTES) == 0;
}

static bool share_place(const struct name_places *a, const struct name_places *b)
{
	return (a->front && b->front && same_place(a->front_place, b->front_place)) ||
	       (a->inner && b->front && same_place(a->inner_place, b->front_place)) ||
	       (a->front && b->inner && same_place(a->front_place, b->inner_place)) ||
	       (a->inner_known && b->inner && same_place(a->inner_place, b->inner_place));
}

/*
 * Is it the place of the account's own name, or one in its registered address? A name of fewer than four
 * characters is a person's and has none.
 */
int64_t condition_is_named_here(struct condition_input *input, struct slice name)
{
	const struct reference_enterprise *enterprise = condition_enterprise(input);
	struct slice own_name = input->tx->account_name;
	struct slice address = enterprise != NULL ? enterprise->folded.address : (struct slice){NULL, 0};
	struct name_places places, own;

	if (own_name.length == 0 && address.length == 0)
		return VALUE_ABSENT;
	places = places_of(input, name);
	if (!places.front)
		return 0;
	if (address.length > 0 && (memmem(address.at, address.length, places.front_place, PLACE_BYTES) != NULL ||
	                           (places.inner && memmem(address.at, address.length, places.inner_place, PLACE_BYTES) != NULL)))
		return 1;
	own = places_of(input, own_name);
	return share_place(&places, &own);
}

/* The city of the other side's bank; -1: not told, as by the code of a head office, which many banks send for all of a bank's. */
static int party_city(const struct tx *tx)
{
	return reference_bank_is_head(tx->counterparty.bank) ? -1 : reference_bank_city(tx->counterparty.bank);
}

bool condition_bank_is_told(const struct tx *tx)
{
	return tx->counterparty.bank.length > 0 && !reference_bank_is_head(tx->counterparty.bank);
}

static int64_t same_bank_place(const struct tx *tx, bool city)
{
	int own = reference_bank_city(tx->bank), other = party_city(tx);

	if (!city) {
		own = reference_city_province(own);
		other = reference_city_province(other);
	}
	return own < 0 || other < 0 ? VALUE_ABSENT : own == other;
}

/* 11 to 15, 21 to 23, 31 to 37, 41 to 46, 50 to 54 and 61 to 65, one behind another. */
unsigned condition_bank_province(const struct tx *tx)
{
	static const uint8_t before[] = {0, 0, 5, 8, 15, 22, 26}; /* 50 is the first of its ten */
	int province = reference_city_province(party_city(tx));

	return province < 11 || province > 65 ? 0 : before[province / 10] + (unsigned)province % 10;
}

/*
 * Firms bank where they live, and are named after it: is the other side's bank in the province of its name (`at_home`),
 * or in another? Both are a no where either is not known. A name with the place of the account's own is of its place.
 */
int64_t condition_is_at_home(struct condition_input *input, struct slice name, bool at_home)
{
	int bank = reference_city_province(party_city(input->tx)), lives;
	struct slice whole, inner;

	if (bank < 0)
		return 0;
	whole = condition_fold(input, name);
	if (whole.length < 2 * PLACE_BYTES) /* a person */
		return 0;
	lives = reference_name_province(whole);
	if (lives < 0 && (inner = bracketed(name)).length > 0)
		lives = reference_name_province(condition_fold(input, inner));
	if (lives < 0) {
		struct name_places places = places_of(input, name), own = places_of(input, input->tx->account_name);
		lives = share_place(&places, &own) ? reference_city_province(reference_bank_city(input->tx->bank)) : -1;
	}
	return lives >= 0 && (lives == bank) == at_home;
}

/* An administrative code is 2 digits of province, 2 of city, 2 of county. */
int64_t condition_same_place(struct condition_input *input, uint8_t code, uint8_t field)
{
	const struct reference_enterprise *enterprise;
	uint32_t digits = code == OP_SAME_CITY ? 4 : 2;
	struct slice place = input->tx->place;

	if (field == TX_PARTY_BANK_FIELD)
		return same_bank_place(input->tx, code == OP_SAME_CITY);
	enterprise = condition_enterprise(input);
	if (enterprise == NULL || enterprise->jurisdiction.length < digits || place.length < digits)
		return VALUE_ABSENT;
	return memcmp(place.at, enterprise->jurisdiction.at, digits) == 0;
}
