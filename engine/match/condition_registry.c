/*
 * What conditions ask of lists, and of the two enterprises in the registry.
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

struct slice condition_fold(struct condition_input *input, struct slice text)
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
		own->text = condition_fold(input, tx_text(input->tx, field));
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
	name = condition_fold(input, name);
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
	return slice_equal(condition_fold(input, name), enterprise->folded.legal_representative);
}

enum { WHOLE_NAME_BYTES_LEAST = 12 }; /* four characters are a person's name */

/* Is it the name of a firm or an institution to its end, and not the beginning of one? */
static bool is_whole_name(struct slice name)
{
	static const char ends[][4] = {"司", "厂", "院", "校", "社", "店", "所", "部", "心", "会", "行"};

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (name.length > WHOLE_NAME_BYTES_LEAST && memcmp(name.at + name.length - 3, ends[i], 3) == 0)
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
	own = condition_fold(input, own);
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
