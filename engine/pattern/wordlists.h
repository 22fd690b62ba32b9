/*
 * words.yaml: lists of words with a name, beside the patterns. In a pattern's `text` the entry `<wages>` stands for all of
 * that list, so that what people call one thing is written once and every pattern learns a new word for it.
 *
 *   wages:   [工资, 薪酬, '/奖金?/']
 *   payouts: [<wages>, 退款]
 *
 * contains(remark, <payouts>) in a condition takes them, too, but no expressions between slashes.
 */
#ifndef PATTERN_WORDLISTS_H
#define PATTERN_WORDLISTS_H

#include "pattern/source.h"

#define WORDLISTS_FILE "words.yaml"

enum { WORDLISTS_MAX = 200, WORDLISTS_DEPTH = 4 /* of lists within lists */, WORDLISTS_WHY_BYTES = 512 };

struct wordlist {
	const struct yaml_node *node; /* a list of texts, not empty */
	bool used; /* by a pattern, or by a list that is */
	bool faulty; /* what is wrong within it was said */
};

struct wordlists {
	struct source source; /* owned, where there are any */
	struct wordlist *items; /* owned, in the order of the file */
	uint32_t count;
};

/* Reads `dir`/words.yaml; without the file, or without a `dir`, there are none. What is wrong is reported. */
void wordlists_load(struct wordlists *lists, const char *dir, struct faults *faults);
void wordlists_free(struct wordlists *lists);

/* `<name>`: does the entry stand for a list? */
bool wordlists_is_name(struct slice entry);

/*
 * The list that the entry `<name>` stands for, which counts as used. NULL where there is none, with what to say of
 * it. `lists` may be NULL.
 */
struct wordlist *wordlists_find(struct wordlists *lists, struct slice entry, char why_r[WORDLISTS_WHY_BYTES]);

/* How many entries a pattern's `list` comes to, with those of the lists that it names; `most` where there are as many or more. */
uint32_t wordlists_entries(const struct wordlists *lists, const struct yaml_node *list, uint32_t most);

/* A warning for each list that nobody uses. */
void wordlists_warn_idle(struct wordlists *lists);

#endif
