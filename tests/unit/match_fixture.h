/*
 * Pattern sets and transactions for the tests of pattern and match, with as few words as a test needs.
 */
#ifndef TESTS_MATCH_FIXTURE_H
#define TESTS_MATCH_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "match/match.h"

/* USD 7.1, EUR 7.7, JPY 0.048; any other currency has no rate. */
extern const struct pattern_rate fixture_rates[3];
const struct pattern_rate *fixture_rate_list(void); /* the same with the currencies' numbers */

/* A pattern `t` of V01 for enterprises, active, with this `detect` (YAML, its lines indented by two). The
 * caller frees. */
struct pattern_set *fixture_set(const char *detect);
/* The whole file. */
struct pattern_set *fixture_set_of(const char *yaml);
struct pattern_set *fixture_set_try(const char *yaml, struct error *error); /* NULL where it does not load */
char *fixture_yaml(const char *detect); /* the caller frees */

/* A debit of 480,000.00 CNY, booked 2026-03-02 10:00:00 in China (a Monday), account opened 2026-02-20. */
struct tx fixture_tx(void);
struct tx fixture_text(const char *purpose, const char *remark);

/* How many patterns of the set hit. */
size_t fixture_hits(struct pattern_set *set, const struct tx *tx);
size_t fixture_hits_with(struct matcher *matcher, const struct tx *tx);
/* The evidence of the only hit; the caller frees. */
char *fixture_evidence(struct pattern_set *set, const struct tx *tx);

/* A generator of numbers that is the same everywhere. */
uint32_t fixture_random(uint64_t *state, uint32_t below);

#endif
