/*
 * The contract's rules for one transaction, the same for every format (contract.md section 1).
 *
 * A decoder hands over each field as text, in any order; tx_build_end() checks what needs several fields
 * together (the amount with its currency, `reverses`, opened after the booking). When a rule rejects,
 * context->reject says which field, which value (cut and masked) and what was expected.
 */
#ifndef DECODE_TX_BUILD_H
#define DECODE_TX_BUILD_H

#include "decode/decode.h"

struct tx_build {
	struct decode_context *context;
	struct tx *tx; /* the next free one of context->txs */
	struct slice amount, balance; /* kept as text until the currency is known */
};

/* Begins a transaction; -1 where the message already holds DECODE_TX_MAX. */
int tx_build_begin(struct tx_build *build, struct decode_context *context);

/*
 * Gives a field its value. `value` must outlive the context's arena or be the message's; it is UTF-8
 * without a NUL already. Returns 0 (taken, cut, or set aside and counted) or -1 (rejected). An empty value
 * of an optional field is absent: formats that tell "empty" from "absent" look before they call
 * (decoder_json.c does).
 */
int tx_build_set(struct tx_build *build, enum tx_field field, struct slice value);

/* Leaves an optional field out and counts that, for what the format itself shows to be no value of it. */
void tx_build_aside(struct tx_build *build, enum tx_field field);

/* Values that a format gives in its own way. `value` is of the field's enum (tx.h), or a currency's number.
 */
void tx_build_booked(struct tx_build *build, int64_t booked_ms);
void tx_build_word(struct tx_build *build, enum tx_field field, uint8_t value);

/*
 * Checks the whole and counts it in context->tx_count. Returns 0 or -1 (rejected). Required fields are
 * looked at in the contract's order, so that the reason names the first that is missing.
 */
int tx_build_end(struct tx_build *build);

/*
 * Fills context->reject and returns -1. The reason reads "field: `value` format…", without the value where
 * value.at is NULL, and "message: …" for field "". The value is cut and masked here; `format` must not hold
 * it again.
 */
int tx_build_reject(struct decode_context *context, const char *field, struct slice value,
                    const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
