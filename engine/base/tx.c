#include "base/tx.h"

#include "base/money.h"

const struct tx_field_info tx_fields[TX_FIELD_COUNT] = {
#define TX_FIELD(symbol, name, member, type, characters_max, when_wrong)                            \
	[TX_##symbol##_FIELD] = {name, offsetof(struct tx, member), characters_max, TX_TYPE_##type, \
	                         TX_WRONG_##when_wrong},
#include "base/tx_fields.def"
#undef TX_FIELD
};

/* Each list twice: for whoever asks for the words, and as eight bytes each, to be compared at once. */
enum { WORD_BYTES = 8 };
#define WORDS(name, ...)                                                  \
	static const char *const name[] = {__VA_ARGS__, NULL};            \
	static const char name##_packed[][WORD_BYTES + 1] = {__VA_ARGS__}
WORDS(directions, "debit", "credit");
WORDS(statuses, "booked", "pending", "failed", "reversed");
WORDS(kinds, "company", "person", "treasury", "bank", "unknown");
WORDS(channels, "online", "mobile", "direct", "counter", "atm", "pos", "payroll", "cash", "other");
#undef WORDS

struct vocabulary {
	const char *const *words;
	const char (*packed)[WORD_BYTES + 1];
	uint8_t count;
};

static inline struct vocabulary vocabulary(enum tx_field field)
{
#define VOCABULARY(name) (struct vocabulary){name, name##_packed, sizeof(name) / sizeof(name[0]) - 1}
	switch (field) {
	case TX_DIRECTION_FIELD: return VOCABULARY(directions);
	case TX_STATUS_FIELD: return VOCABULARY(statuses);
	case TX_PARTY_KIND_FIELD: return VOCABULARY(kinds);
	case TX_CHANNEL_FIELD: return VOCABULARY(channels);
	default: return (struct vocabulary){0};
	}
#undef VOCABULARY
}

const char *const *tx_words(enum tx_field field)
{
	return vocabulary(field).words;
}

/* Three to eight bytes as a number, zeros behind them. */
static inline uint64_t pack(const char *word, uint32_t length)
{
	uint32_t first, last;

	if (length == 3)
		return (unsigned char)word[0] | (uint64_t)(unsigned char)word[1] << 8 | (uint64_t)(unsigned char)word[2] << 16;
	memcpy(&first, word, sizeof(first));
	memcpy(&last, word + length - sizeof(last), sizeof(last));
	return first | (uint64_t)last << 8 * (length - sizeof(last));
}

uint8_t tx_word_find(enum tx_field field, struct slice word)
{
	struct vocabulary of = vocabulary(field);
	uint64_t wanted, there;

	/* A zero at its end looks like one behind it. */
	if (word.length < 3 || word.length > WORD_BYTES || word.at[word.length - 1] == '\0')
		return 0;
	wanted = pack(word.at, word.length);
	for (uint8_t i = 0; i < of.count; i++) {
		memcpy(&there, of.packed[i], sizeof(there));
		if (there == wanted)
			return i + 1;
	}
	return 0;
}

const char *tx_word_name(enum tx_field field, const struct tx *tx)
{
	uint8_t value = *((const uint8_t *)tx + tx_fields[field].offset);

	if (field == TX_CURRENCY_FIELD)
		return money_currency(value)->code;
	return value > 0 ? vocabulary(field).words[value - 1] : "";
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
