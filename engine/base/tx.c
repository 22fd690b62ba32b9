#include "base/tx.h"

#include "base/money.h"

const struct tx_field_info tx_fields[TX_FIELD_COUNT] = {
#define TX_FIELD(symbol, name, member, type, characters_max, when_wrong)                            \
	[TX_##symbol##_FIELD] = {name, offsetof(struct tx, member), characters_max, TX_TYPE_##type, \
	                         TX_WRONG_##when_wrong},
#include "base/tx_fields.def"
#undef TX_FIELD
};

static const char *const directions[] = {"debit", "credit", NULL};
static const char *const statuses[] = {"booked", "pending", "failed", "reversed", NULL};
static const char *const kinds[] = {"company", "person", "treasury", "bank", "unknown", NULL};
static const char *const channels[] = {"online", "mobile",  "direct", "counter", "atm",
                                       "pos",    "payroll", "cash",   "other",   NULL};

const char *const *tx_words(enum tx_field field)
{
	switch (field) {
	case TX_DIRECTION_FIELD: return directions;
	case TX_STATUS_FIELD: return statuses;
	case TX_PARTY_KIND_FIELD: return kinds;
	case TX_CHANNEL_FIELD: return channels;
	default: return NULL;
	}
}

uint8_t tx_word_find(enum tx_field field, struct slice word)
{
	const char *const *words = tx_words(field);

	if (words == NULL || word.length == 0)
		return 0;
	for (uint8_t i = 0; words[i] != NULL; i++)
		if (words[i][0] == word.at[0] && slice_is(word, words[i]))
			return i + 1;
	return 0;
}

const char *tx_word_name(enum tx_field field, const struct tx *tx)
{
	uint8_t value = *((const uint8_t *)tx + tx_fields[field].offset);

	if (field == TX_CURRENCY_FIELD)
		return money_currency(value)->code;
	return value > 0 ? tx_words(field)[value - 1] : "";
}

struct slice tx_text(const struct tx *tx, enum tx_field field)
{
	return *(const struct slice *)(const void *)((const char *)tx + tx_fields[field].offset);
}

enum tx_field tx_field_find(struct slice name)
{
	enum tx_field field = 0;

	while (field < TX_FIELD_COUNT && !slice_is(name, tx_fields[field].name))
		field++;
	return field;
}

void tx_init(struct tx *tx)
{
	memset(tx, 0, sizeof(*tx));
	tx->balance_minor = TX_ABSENT;
	tx->credential_ms = TX_ABSENT;
	tx->booked_ms = TX_ABSENT;
	tx->opened_day = TX_DAY_ABSENT;
	tx->status = TX_BOOKED;
	tx->currency = MONEY_CNY;
}
