/*
 * The build tool that makes fold_table.inc: what its two halves share. rules_foldgen.c reads the data,
 * foldgen.c folds every code point by it and writes the table. Nothing here is part of the program; the
 * names end in foldgen.c so that the Makefile keeps them out of it.
 *
 * A tool that runs on the builder's desk: it stops at the first thing wrong and says what and where.
 */
#ifndef HUQI_FOLDGEN_H
#define HUQI_FOLDGEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	CODE_POINTS = 0x110000,
	MEANING_MAX = 8,	/* code points of one `same` or `rows` meaning */
	WORD_MAX = 8,		/* code points of one misspelt word */
	WORDS_MAX = 64,
};

/* A few code points; `count` 0 is "nothing said". */
struct meaning {
	uint32_t count, at[MEANING_MAX];
};

/* `guard`: the one character after which it is an honest word; none: count 0. */
struct word {
	struct meaning written, means, guard;
};

/* Everything that is data. Static storage, indexed by code point. */
struct rules {
	bool dropped[CODE_POINTS];
	struct meaning same[CODE_POINTS];
	uint32_t simplified[CODE_POINTS];	/* 0: it is not traditional */
	struct word words[WORDS_MAX];
	size_t word_count;
};

extern struct rules rules;

/* Reads patterns/folding.yaml, and OpenCC's TSCharacters as text (traditional TAB simplified SPACE …). */
void rules_read_folding(const char *path);
void rules_read_traditional(const char *path);

/* Prints "foldgen: …" and ends with status 1, so that make stops. */
void die(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

#endif
