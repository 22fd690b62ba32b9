/*
 * What the tests of decoders share: one context, messages written with ' for ", counters compared whole.
 */
#ifndef TESTS_DECODE_FIXTURE_H
#define TESTS_DECODE_FIXTURE_H

#include "base/counters.h"
#include "decode/decode.h"

/* Begins anew with a decoder; feed 3, counters at zero. fixture_end() ends it. */
void fixture_begin(const char *decoder, const char *bank);
void fixture_end(void);
extern struct decode_context fixture;

/* Decodes bytes, or a text; the context is reset before. */
int fixture_decode(const char *bytes, size_t length, bool at_start);
int fixture_decode_text(const char *text);

/* `text` with every ' as "; until the eighth call from now. */
const char *quoted(const char *text);

/* The huqi.tx.v1 line of transaction `i`, without its line end. */
const char *fixture_line(size_t i);

/* Fails unless the message was rejected so: the field is `field`, the reason holds each word of `words`
 * ("a|b"). */
void assert_rejected(int result, const char *field, const char *words);

/* Random numbers that are the same in every run. */
uint32_t decode_random(uint32_t below);
void decode_random_seed(uint64_t seed);

#endif
