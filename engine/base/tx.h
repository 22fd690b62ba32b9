/*
 * One transaction, seen from one account: what `decode` gives and every later stage reads.
 *
 * It mirrors huqi.tx.v1 (contract.md section 1). Strings are slices of the message or of the decoder's arena and
 * live as long as the batch that holds them; nothing here is owned. What a message leaves out is TX_ABSENT, an
 * empty slice or word 0. Every text is valid UTF-8 without a NUL and within its limit.
 */
#ifndef BASE_TX_H
#define BASE_TX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

#define TX_ABSENT INT64_MIN /* a time or an amount that is not there */
#define TX_DAY_ABSENT INT32_MIN

/* Small closed vocabularies; 0 is always "not said". Order and words are those of tx_words[]. */
enum tx_direction { TX_DIRECTION_NONE, TX_DEBIT, TX_CREDIT };
enum tx_status { TX_STATUS_NONE, TX_BOOKED, TX_PENDING, TX_FAILED, TX_REVERSED };
enum tx_party_kind { TX_KIND_NONE, TX_COMPANY, TX_PERSON, TX_TREASURY, TX_BANK, TX_UNKNOWN };
enum tx_channel {
	TX_CHANNEL_NONE, TX_ONLINE, TX_MOBILE, TX_DIRECT, TX_COUNTER, TX_ATM, TX_POS, TX_PAYROLL, TX_CASH, TX_OTHER
};

struct tx_party {
	struct slice account, name, bank, country;
	uint8_t kind; /* enum tx_party_kind */
	bool kind_guessed; /* by party_complete(): nobody told it */
};

struct tx {
	int64_t booked_ms; /* UTC */
	int64_t amount_minor; /* > 0, in the currency's smallest unit */
	int64_t balance_minor; /* after the booking; TX_ABSENT */
	int64_t credential_ms; /* UTC; TX_ABSENT */
	int32_t opened_day; /* days since 1970-01-01; TX_DAY_ABSENT */
	uint8_t direction, status, channel; /* enum tx_direction, tx_status, tx_channel */
	uint8_t currency; /* index for money.h */
	struct slice id, bank, account, account_name, enterprise, reverses;
	struct tx_party counterparty;
	struct slice purpose, remark, ip, mac, device, terminal, place, operator;
};

enum tx_field {
#define TX_FIELD(symbol, name, member, type, characters_max, when_wrong) TX_##symbol##_FIELD,
#include "base/tx_fields.def"
#undef TX_FIELD
	TX_FIELD_COUNT
};

enum tx_field_type { TX_TYPE_TEXT, TX_TYPE_MONEY, TX_TYPE_DATE, TX_TYPE_TIME, TX_TYPE_WORD };
enum tx_when_wrong { TX_WRONG_REJECT, TX_WRONG_ASIDE, TX_WRONG_CUT };

struct tx_field_info {
	const char *name; /* as in huqi.tx.v1, "counterparty.name" for a nested one */
	size_t offset; /* of the member in struct tx */
	uint32_t characters_max;
	enum tx_field_type type;
	enum tx_when_wrong when_wrong;
};

extern const struct tx_field_info tx_fields[TX_FIELD_COUNT];

/* The words of a WORD field in the order of its enum, from 1 on, ended by NULL; NULL for `currency` and others. */
const char *const *tx_words(enum tx_field field);

/* The number of `word` in that list; 0 where it is none of them. */
uint8_t tx_word_find(enum tx_field field, struct slice word);

/* The word that `tx` holds in a WORD field (also the currency's code), "" where absent. */
const char *tx_word_name(enum tx_field field, const struct tx *tx);

/* The text that `tx` holds in a TEXT field. */
struct slice tx_text(const struct tx *tx, enum tx_field field);

/* The field named `name`; TX_FIELD_COUNT where there is none. */
enum tx_field tx_field_find(struct slice name);

/* Sets every member to "absent", the currency to CNY and the status to booked (the contract's defaults). */
void tx_init(struct tx *tx);

#endif
