/*
 * What conditions ask of lists, of the enterprise in the registry, and of the places that bank codes name.
 */
#include "match/condition.h"

#include "base/instant.h"
#include "base/letters.h"
#include "base/utf8.h"
#include "fold/fold.h"

const struct reference_enterprise *condition_enterprise(struct condition_input *input)
{
	const struct tx *tx = input->tx;

	if (!input->enterprise_asked && input->reference != NULL)
		input->enterprise = reference_enterprise(input->reference, tx->enterprise, tx->bank, tx->account);
	input->enterprise_asked = true;
	return input->enterprise;
}

static struct slice folded(struct condition_input *input, struct slice text)
{
	ptrdiff_t length = fold_text(text.at, text.length, input->fold_bytes, FOLD_BYTES_MAX);

	return (struct slice){input->fold_bytes, length > 0 ? (uint32_t)length : 0};
}

const struct reference_enterprise *condition_party(struct condition_input *input)
{
	const struct tx *tx = input->tx;

	if (!input->party_asked && input->reference != NULL)
		input->party = reference_party(input->reference, tx->counterparty.bank, tx->counterparty.account,
		                               condition_text_folded(input, TX_PARTY_NAME_FIELD)->text);
	input->party_asked = true;
	return input->party;
}

static const struct reference_enterprise *enterprise_of(struct condition_input *input, uint8_t field)
{
	return field >= PROGRAM_ENTERPRISE_PARTY_INDUSTRY ? condition_party(input) : condition_enterprise(input);
}

/* Where a text of the registry stands, as given and folded; a day has none. */
static const struct {
	uint8_t field;
	size_t given, folded;
} enterprise_texts[] = {
#define AT(symbol, member)                                                       \
	{PROGRAM_ENTERPRISE_##symbol, offsetof(struct reference_enterprise, member), \
	 offsetof(struct reference_enterprise, folded.member)}
	AT(NAME, name), AT(INDUSTRY, industry), AT(SCOPE, scope), AT(ADDRESS, address),
	AT(LEGAL_REPRESENTATIVE, legal_representative), AT(PARTY_INDUSTRY, industry), AT(PARTY_SCOPE, scope),
#undef AT
};

static struct slice enterprise_text(struct condition_input *input, uint8_t field, bool is_folded)
{
	const char *enterprise = (const char *)enterprise_of(input, field);

	for (size_t i = 0; enterprise != NULL && i < sizeof(enterprise_texts) / sizeof(enterprise_texts[0]); i++)
		if (enterprise_texts[i].field == field) {
			size_t offset = is_folded ? enterprise_texts[i].folded : enterprise_texts[i].given;
			return *(const struct slice *)(const void *)(enterprise + offset);
		}
	return (struct slice){NULL, 0};
}

struct slice condition_text(struct condition_input *input, uint8_t field)
{
	return field < TX_FIELD_COUNT ? tx_text(input->tx, field) : enterprise_text(input, field, false);
}

/* Into the room for those that are kept; false where that is full. */
static bool fold_kept(struct condition_input *input, struct slice text, struct condition_folded *folded_r)
{
	char *room = input->kept_bytes + input->kept_used;
	ptrdiff_t length = fold_text(text.at, text.length, room, FOLD_BYTES_MAX - input->kept_used);

	if (length < 0)
		return false;
	folded_r->text = (struct slice){room, (uint32_t)length};
	input->kept_used += (uint32_t)length;
	return true;
}

const struct condition_folded *condition_text_folded(struct condition_input *input, uint8_t field)
{
	struct condition_folded *own = &input->kept[field];
	bool keeps = input->kept_bytes != NULL;

	if (keeps && own->epoch == input->epoch)
		return own;
	if (field >= TX_FIELD_COUNT)
		own->text = enterprise_text(input, field, true);
	else if (!keeps || !fold_kept(input, tx_text(input->tx, field), own)) {
		own->text = folded(input, tx_text(input->tx, field));
		keeps = false;
	}
	own->letters = letters_of(own->text);
	own->epoch = keeps ? input->epoch : 0;
	return own;
}

int32_t condition_enterprise_day(struct condition_input *input, uint8_t field)
{
	const struct reference_enterprise *enterprise = enterprise_of(input, field);
	bool is_day = field == PROGRAM_ENTERPRISE_REGISTERED_ON || field == PROGRAM_ENTERPRISE_PARTY_REGISTERED_ON;

	return enterprise != NULL && is_day ? enterprise->registered_day : TX_DAY_ABSENT;
}

/* Where nobody gave any lists nothing is known; a list that is not among them has no entries. */
int64_t condition_on_list(struct condition_input *input, const struct program_op *op)
{
	if (input->reference == NULL || tx_text(input->tx, op->field).length == 0)
		return VALUE_ABSENT;
	return condition_listed(input, op->field, op->load, op->target) != NULL;
}

/* Names of staff stand folded, each between two newlines. Where nobody told of any, nobody is known to be one. */
int64_t condition_is_staff(struct condition_input *input, struct slice name)
{
	const struct reference_enterprise *enterprise = condition_enterprise(input);
	const char *at, *end;

	if (enterprise == NULL || enterprise->staff.length == 0)
		return 0;
	name = folded(input, name);
	if (name.length == 0)
		return 0;
	at = enterprise->staff.at;
	end = at + enterprise->staff.length;
	while ((at = memmem(at, (size_t)(end - at), name.at, name.length)) != NULL) {
		if (at > enterprise->staff.at && at[-1] == '\n' && at + name.length < end && at[name.length] == '\n')
			return 1;
		at++;
	}
	return 0;
}

int64_t condition_is_legal_representative(struct condition_input *input, struct slice name)
{
	const struct reference_enterprise *enterprise = condition_enterprise(input);

	if (enterprise == NULL || enterprise->folded.legal_representative.length == 0)
		return VALUE_ABSENT;
	return slice_equal(folded(input, name), enterprise->folded.legal_representative);
}

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
	struct slice inner = bracketed(name), text = folded(input, name);
	struct name_places places = {0};

	places.front = place_of(text, places.front_place);
	if (!places.front || inner.length == 0)
		return places;
	text = folded(input, inner);
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

/* Is it the name of a firm or an institution to its end, and not the beginning of one? */
static bool is_whole_name(struct slice name)
{
	static const char ends[][4] = {"司", "厂", "院", "校", "社", "店", "所", "部", "心", "会", "行"};

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (name.length > 2 * PLACE_BYTES && memcmp(name.at + name.length - 3, ends[i], 3) == 0)
			return true;
	return false;
}

/*
 * A branch, a union or a canteen is registered under the whole name of its firm, and a head office has the whole name
 * with which its branches' begin. A name cut short, or the owner's with which his firm's begins, is another's.
 */
static bool same_or_branch(struct slice a, struct slice b)
{
	struct slice shorter = a.length < b.length ? a : b;

	return slice_equal(a, b) || (is_whole_name(shorter) && memcmp(a.at, b.at, shorter.length) == 0);
}

/* Who sends no name, or has none to compare with, has not been paid by itself. */
int64_t condition_is_own_name(struct condition_input *input, struct slice name)
{
	const struct reference_enterprise *enterprise = condition_enterprise(input);
	struct slice own = input->tx->account_name;
	char bytes[FOLD_BYTES_MAX];
	ptrdiff_t length = fold_text(name.at, name.length, bytes, sizeof(bytes));

	if (length <= 0)
		return 0;
	name = (struct slice){bytes, (uint32_t)length};
	own = folded(input, own);
	if (own.length > 0 && same_or_branch(name, own))
		return 1;
	return enterprise != NULL && enterprise->folded.name.length > 0 && same_or_branch(name, enterprise->folded.name);
}

/* Behind a surname: whoever writes so means the payee himself (王总借款, paid to 王某). */
static bool has_title(struct slice text, struct slice surname)
{
	static const char *const titles[] = {"总", "董", "老板", "经理", "老师", "师傅", "先生", "女士", "法人"};
	const char *at = text.at, *end = text.at + text.length;

	while ((at = memmem(at, (size_t)(end - at), surname.at, surname.length)) != NULL) {
		at += surname.length;
		for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
			size_t length = strlen(titles[i]);
			if ((size_t)(end - at) >= length && memcmp(at, titles[i], length) == 0)
				return true;
		}
	}
	return false;
}

/*
 * Staff write whom they pay when they know him: by his name, or as 王总. Whoever is told an account by a cheat writes what
 * he was told it is for. No name, no text: a no.
 */
int64_t condition_is_named_in_text(struct condition_input *input, struct slice name)
{
	static const uint8_t fields[] = {TX_PURPOSE_FIELD, TX_REMARK_FIELD};
	char bytes[FOLD_BYTES_MAX];
	ptrdiff_t length = fold_text(name.at, name.length, bytes, sizeof(bytes));
	struct slice surname;

	name = (struct slice){bytes, length > 0 ? (uint32_t)length : 0};
	surname = utf8_cut(name, 1);
	if (surname.length == name.length)
		return 0;
	for (size_t i = 0; i < sizeof(fields); i++) {
		struct slice text = condition_text_folded(input, fields[i])->text;
		if (text.length > 0 &&
		    (memmem(text.at, text.length, name.at, name.length) != NULL || has_title(text, surname)))
			return 1;
	}
	return 0;
}

int64_t condition_neighbours(struct condition_input *input, enum reference_near near, int64_t span_ms)
{
	const struct reference_enterprise *enterprise = condition_enterprise(input);
	int32_t today = instant_china_day(input->tx->booked_ms);
	int64_t from = today - span_ms / INSTANT_DAY_MS;

	if (enterprise == NULL || enterprise->near[near].count == 0)
		return VALUE_ABSENT;
	if (from <= TX_DAY_ABSENT)
		from = TX_DAY_ABSENT + 1;
	return reference_neighbours(input->reference, enterprise, near, (int32_t)from, today) * VALUE_MICROS;
}

static int64_t same_bank_place(const struct tx *tx, bool city)
{
	int own = reference_bank_city(tx->bank), other = reference_bank_city(tx->counterparty.bank);

	if (!city) {
		own = reference_city_province(own);
		other = reference_city_province(other);
	}
	return own < 0 || other < 0 ? VALUE_ABSENT : own == other;
}

/*
 * Firms bank where they live, and are named after it: is the other side's bank in the province of its name (`at_home`),
 * or in another? Both are a no where either is not known. A name with the place of the account's own is of its place.
 */
int64_t condition_is_at_home(struct condition_input *input, struct slice name, bool at_home)
{
	int bank = reference_city_province(reference_bank_city(input->tx->counterparty.bank)), lives;
	struct slice whole, inner = bracketed(name);

	if (bank < 0)
		return 0;
	whole = folded(input, name);
	if (whole.length < 2 * PLACE_BYTES) /* a person */
		return 0;
	lives = reference_name_province(whole);
	if (lives < 0 && inner.length > 0)
		lives = reference_name_province(folded(input, inner));
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
