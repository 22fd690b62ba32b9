/*
 * What patterns call by a name in angle brackets, and where it is written down, beside them: a glossary is a YAML file of
 * entries by name.
 *
 *   words.yaml, lists of words:   wages:   [工资, 薪酬, '/奖金?/']
 *                                 payouts: [<wages>, 退款]
 *
 *   conditions.yaml:              by-hand: not present(channel) or channel in [online, mobile]
 *
 * So what people call one thing is written once, and every pattern learns a new word for it. In a pattern's `text` the
 * entry `<wages>` stands for all of that list; contains(remark, <payouts>) in a condition takes one, too, but no
 * expressions between slashes. In a `where` `<by-hand>` is that condition (condition.h).
 */
#ifndef PATTERN_GLOSSARY_H
#define PATTERN_GLOSSARY_H

#include "pattern/source.h"

enum { GLOSSARY_ENTRIES_MAX = 200, GLOSSARY_DEPTH = 4 /* of entries within entries */, GLOSSARY_WHY_BYTES = 512 };

/* What is said of a glossary's entries. */
struct glossary_kind {
	const char *file;
	enum yaml_type type; /* of an entry */
	const char *one, *many; /* "list", "lists" */
	const char *expected, *name, *example; /* "a list of words", "wages", "[工资, 薪酬]" */
};

extern const struct glossary_kind glossary_words, glossary_conditions;

struct glossary_entry {
	const struct yaml_node *node; /* of its glossary's type, not empty */
	bool used; /* by a pattern, or by an entry that is */
	bool faulty; /* what is wrong within it was said */
	bool checked; /* there is nothing wrong within it: a condition's, which has no place in a text to say so later */
};

struct glossary {
	const struct glossary_kind *kind;
	struct source source; /* owned, where there are any */
	struct glossary_entry *items; /* owned, in the order of the file */
	uint32_t count;
};

/* Reads the kind's file in `dir`; without the file, or without a `dir`, there are no entries. What is wrong is reported. */
void glossary_load(struct glossary *glossary, const struct glossary_kind *kind, const char *dir, struct faults *faults);
void glossary_free(struct glossary *glossary);

/* `<name>`: does this text stand for an entry? */
bool glossary_is_name(struct slice text);

/* The entry that `<name>` stands for; NULL: none. `glossary` may be NULL. */
struct glossary_entry *glossary_find(const struct glossary *glossary, struct slice name);

/* The same, which then counts as used; where there is none, with what to say of it. `glossary` may be NULL. */
struct glossary_entry *glossary_use(struct glossary *glossary, struct slice name, char why_r[GLOSSARY_WHY_BYTES]);

/* A warning for each entry that nobody uses. */
void glossary_warn_idle(struct glossary *glossary);

#endif
