/*
 * A message as nearly all are, read in one pass: an object of strings without escapes, numbers and nulls, whose only
 * object is `counterparty`.
 *
 * It says yes or nothing: where anything else stands, a fault or only what is seldom, the message is read again by
 * decoder_json.c, which knows all of JSON and has the words for what is wrong. What is read here means the same there;
 * tests/fuzz/fuzz_json.c holds the two against each other.
 */
#ifndef DECODE_JSON_PLAIN_H
#define DECODE_JSON_PLAIN_H

#include "decode/json_keys.h"

#define JSON_PLAIN_PADDING 32 /* zeros behind the message: what is compared at once, from its last byte on */

/* What a message gives, by field. */
struct json_values {
	uint64_t given; /* a bit a field that is there and not null; of the others the text is undefined */
	struct slice texts[TX_FIELD_COUNT];
};

/*
 * `bytes` are the message and `padded` a copy of them with its padding; the texts are of `bytes`. False: nothing is said.
 */
bool json_plain_read(struct json_keys *keys, const char *bytes, const char *padded, size_t length,
                     struct json_values *values_r);

#endif
