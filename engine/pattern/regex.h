/*
 * Expressions of a text part: literals and regular expressions, folded like the texts they meet.
 *
 *   /转.{0,6}账户?/ ──regex_parse──▶ tree of folded characters ──regex_emit──▶ bytes for Hyperscan (no flags)
 *                                                       └────regex_assemble──▶ states that find the place
 * (match)
 *
 * The language is what Hyperscan runs fast and an analyst reads: characters, `.` (one folded character),
 * [classes], (groups), |, ? and {n}, {n,m} up to REGEX_REPEAT_MAX, \d, ^ and $ at the ends. Unbounded
 * repeats, back-references, looking around, word borders and laziness are refused with their place and what
 * to write instead.
 *
 * Folding comes first: a run of plain characters is folded as a whole, a class by each of its members, so
 * /[賬帐]戶/ and /Ｕ盾/ mean what they mean in a literal. What folding drops (spaces, punctuation) is dropped
 * here too.
 */
#ifndef PATTERN_REGEX_H
#define PATTERN_REGEX_H

#include "base/arena.h"
#include "pattern/program.h"
#include "pattern/source.h"

enum {
	REGEX_BYTES_MAX = 2048, /* as written */
	REGEX_REPEAT_MAX = 100, /* of one {n,m} */
	REGEX_COST_MAX = 1500, /* states with all repeats written out */
	REGEX_DEPTH_MAX = 16, /* of groups */
	REGEX_EMITTED_MAX = 32 << 10, /* bytes for Hyperscan */
};

enum regex_kind {
	REGEX_EMPTY,
	REGEX_CHARACTER,
	REGEX_ANY,
	REGEX_CLASS,
	REGEX_SEQUENCE,
	REGEX_CHOICE,
	REGEX_REPEAT,
	REGEX_BEGIN,
	REGEX_ENDS
};

struct regex_node {
	enum regex_kind kind;
	uint32_t point; /* CHARACTER */
	const struct regex_range *ranges; /* CLASS, ascending, apart */
	uint32_t range_count;
	uint32_t least, most; /* REPEAT */
	struct regex_node *first, *next; /* children of SEQUENCE, CHOICE and REPEAT; the sibling after this one */
};

/* Parses the text between the slashes. Faults are at offsets into `text`. NULL where there is one. */
struct regex_node *regex_parse(struct arena *arena, struct slice text, struct complaint *complaint);

/* Does it match the empty text? And its size: the states it takes with all repeats written out, or a few
 * more. */
bool regex_may_be_empty(const struct regex_node *node);
uint64_t regex_cost(const struct regex_node *node);

/* Does some alternative consist only of a few ASCII characters, which a regular expression does not guard? */
bool regex_has_bare_word(const struct regex_node *node);

/* Is there a text that it matches, and not with other digits in their place? Yes in doubt. */
bool regex_tells_digits(const struct regex_node *node);

/* Bytes for Hyperscan, ended by a zero; at NULL where they are too many. `levelled`: a digit is any digit. */
struct slice regex_emit(struct arena *arena, const struct regex_node *node, bool levelled);
struct slice regex_emit_literal(struct arena *arena, struct slice folded);

/*
 * Words one of which is in whatever it matches (regex_words.c); none where that cannot be said of `most` at most. The
 * arena has them, and what they were made of; where it is full nothing can be said.
 */
enum { REGEX_WORDS_MAX = 256 };
struct regex_words {
	struct slice items[REGEX_WORDS_MAX];
	uint32_t count, most; /* most: at most REGEX_WORDS_MAX */
};
void regex_words(struct arena *arena, const struct regex_node *node, uint32_t most, struct regex_words *words_r);

/* All that it matches, anchors left aside; false where that is more than `most`. */
bool regex_texts(struct arena *arena, const struct regex_node *node, uint32_t most, struct regex_words *words_r);

/* The empty word alone; each of `words` with each of `more` behind it, false where those are too many. */
void regex_words_nothing(struct regex_words *words, uint32_t most);
bool regex_words_multiply(struct arena *arena, struct regex_words *words, const struct regex_words *more);

/*
 * What must be in a text before it can match (regex_clues.c): some way, and of that way each clue, of which one word is
 * enough.
 *
 *   /(代订|垫付).{0,8}(床|桌椅)货|先垫款/
 *        1. one of 代订 垫付, and one of 床货 桌椅货; then it may match
 *        2. 先垫款: then it matches (`whole`)
 */
enum { REGEX_CLUES_MAX = 4 };
struct regex_way {
	struct regex_clue {
		const struct slice *words;
		uint32_t count;
	} clues[REGEX_CLUES_MAX];
	uint32_t clue_count; /* 0: it has none, and `node`, which is the root's own, must be searched as it is */
	bool whole;
	const struct regex_node *node;
};
struct regex_ways {
	const struct regex_way *items;
	uint32_t count;
};
/* All in the arena; where it is full the root as it is, in `*items` of the caller. */
struct regex_ways regex_clues(struct arena *arena, const struct regex_node *root, struct regex_way *whole);
/* How many ways and words they have; a copy of all that, but for the nodes. */
uint32_t regex_ways_size(struct regex_ways ways);
struct regex_ways regex_ways_copy(struct arena *arena, struct regex_ways ways);

const struct regex_program *regex_assemble(struct arena *arena, const struct regex_node *node);

/* The members of a class after folding (regex_class.c): what the parser found between the brackets. */
struct regex_class;
struct regex_class *regex_class_new(void);
void regex_class_free(struct regex_class *class);
void regex_class_add(struct regex_class *class, uint32_t from, uint32_t to);
/* A CLASS, or a CHOICE where members fold to several characters; NULL with a complaint at `offset`. */
struct regex_node *regex_class_node(struct regex_class *class, bool negated, struct arena *arena,
                                    uint32_t offset, struct complaint *complaint);

struct regex_node *regex_node_new(struct arena *arena, enum regex_kind kind);
/* The characters of folded UTF-8 as a SEQUENCE, a CHARACTER, or EMPTY. */
struct regex_node *regex_node_of_text(struct arena *arena, struct slice folded);

#endif
