/*
 * Names out of syllables: people, firms, and names that look like another's.
 */
#ifndef SIMULATE_NAMES_H
#define SIMULATE_NAMES_H

#include "simulate/numbers.h"
#include "simulate/put.h"
#include "simulate/tables.h"

#define NAMES_FIRM_BYTES 96
#define NAMES_PERSON_BYTES 16

/* A surname and one or two syllables. */
void names_person(uint64_t seed, struct put *p);
/* The length in bytes of the surname at the start of a person's name. */
size_t names_surname_bytes(const char *person);

/* Place, word, trade, legal form: "云桥市恒瑞机械制造有限公司". */
void names_firm(uint64_t seed, enum place place, const struct trade_info *trade, struct put *p);

/* Two syllables, for names of which the rest is fixed. */
void names_word(uint64_t seed, struct put *p);

/* `name` with one thing changed that the eye passes over: a syllable by a similar one, the legal form, a
 * bracket. */
void names_lookalike(uint64_t seed, struct slice name, struct put *p);

#endif
