/*
 * Compiled forms that `match` runs: a condition as a flat program for a stack machine, and a regular
 * expression as a list of states.
 *
 * A condition's values are int64: amounts in minor units of CNY, numbers and percentages in millionths, times
 * and durations in ms, words by their number, yes and no as 1 and 0. VALUE_ABSENT is what the transaction
 * does not have and what is made of it (an overflow or a division by zero too).
 *
 * Truth has three values. What is asked of an absent value is neither yes nor no but absent, and `not` keeps
 * that; `and` and `or` decide without it where the other side is enough. Only a yes hits, so a pattern never
 * hits by what a bank did not send, unless it asks with present(); and so the outermost `and`s end at the first
 * that is no yes. contains() alone is a no for an absent text, as `none` is, and holds_only() a yes.
 *
 * Texts have a small stack of their own. A program never loops: jumps only go forward.
 */
#ifndef PATTERN_PROGRAM_H
#define PATTERN_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "base/tx.h"
#include "pattern/gate.h"
#include "pattern/question.h"

#define VALUE_ABSENT INT64_MIN
#define VALUE_MICROS INT64_C(1000000) /* of the number 1 */

enum {
	PROGRAM_STACK_MAX = 32,
	PROGRAM_TEXTS_MAX = 4,
	PROGRAM_OPS_MAX = 1024,
	PROGRAM_FACTS_MAX = 16,
};

enum program_code {
#define OP(code, pops, pushes, help) OP_##code,
#include "pattern/ops.def"
#undef OP
	OP_COUNT
};

/* Fields of the transaction (enum tx_field), and behind them those of its two enterprises in the registry. */
enum program_field {
	PROGRAM_FIELD_TX_LAST = TX_FIELD_COUNT - 1,
#define ENTERPRISE(symbol, name, type) PROGRAM_ENTERPRISE_##symbol,
#include "pattern/enterprise.def"
#undef ENTERPRISE
	PROGRAM_FIELD_COUNT
};

/* The figures of a window. */
enum program_figure { FIGURE_COUNT, FIGURE_SUM, FIGURE_AVG, FIGURE_MIN, FIGURE_MAX, FIGURE_DISTINCT, FIGURE_SHARE };

/* Does the op look for `words`? */
static inline bool program_has_words(uint8_t code)
{
	return code == OP_CONTAINS || code == OP_HOLDS_ONLY;
}

/* One of these. */
struct program_word {
	struct slice text; /* folded */
	uint64_t letters; /* letters.h */
};

struct program_op {
	uint8_t code; /* enum program_code */
	uint8_t field; /* enum program_field, where the code reads one; of a WINDOW the enum program_figure */
	uint16_t target; /* of a jump; the items of a list; the number of a question or of a named list */
	uint8_t load, compare; /* of a TEST: the codes of the two steps that it joins; `load` of a LISTED: the
	                          enum reference_kind; both of a STEP: see ops.def */
	uint16_t undecided; /* of a jump: where its left side begins, + 1, if that side decided nothing when it
	                       goes on; else 0. Of a SIGN: where the condition begins, + 1 */
	union {
		int64_t value;
		const int64_t *ranges; /* pairs: from, to, both included */
		const struct slice *texts;
		const struct program_word *words; /* of a CONTAINS or HOLDS_ONLY */
	};
};

enum value_type {
	VALUE_BOOL, VALUE_NUMBER, VALUE_PERCENT, VALUE_MONEY, VALUE_DURATION, VALUE_TIME, VALUE_TEXT, VALUE_WORD,
	VALUE_SET /* of an account's transactions; never on the stack */
};

/* Something the condition looked at, for the evidence: its value is what the ops from `first` on leave. */
struct program_fact {
	struct slice name; /* "amount", "age_account", "count_debits_person_24h" */
	uint8_t type; /* enum value_type */
	uint8_t field; /* enum program_field, or of which field a function asks; PROGRAM_FIELD_COUNT: of none */
	uint16_t first;
	uint16_t question; /* its number in the set, + 1; 0: none */
	const char *function; /* "count"; NULL: the fact is the field itself */
	struct slice list; /* of listed() */
};

/* One of the conditions that the outermost `and`s join, to be asked by itself. */
struct program_apart {
	struct slice text; /* as written */
	uint16_t first; /* its run of ops */
	uint32_t facts; /* a bit for each fact that it looks at */
};

enum { NEED_STEPLESS = UINT8_MAX };

/* The same as it is asked of each transaction; the cheap ones first (condition_order.c). */
struct program_need {
	uint16_t first; /* its run, within the condition's; ends with OP_REQUIRE or OP_END */
	uint16_t number; /* the set's (needs.h); 0: none */
	uint8_t gated; /* 1 << enum gate_place where the place alone decides it, just as the gate does; else 0 */
	uint8_t step; /* of a `having`: the earliest step that it asks; NEED_STEPLESS: none */
};

struct program {
	const struct program_need *needs;
	const struct program_op *ops; /* each run ends with OP_END; the condition begins at 0 */
	const struct program_fact *facts; /* in the order of the condition */
	const uint8_t *fact_of; /* by op: the fact it looks at, + 1; 0: none */
	uint16_t op_count, fact_count, need_count;
	const struct program_apart *apart; /* in a set that explains (pattern_options.explain); else none */
	uint16_t apart_count;
	struct program_gate gate; /* no transaction that it leaves out makes the condition a yes */
};

/* A regular expression over folded characters, as states that all run at once. */
enum regex_code {
	REGEX_IS,
	REGEX_IS_ANY,
	REGEX_IS_IN,
	REGEX_LEAP, /* of many alternatives, those that begin with the character read: a long list costs a look-up */
	REGEX_SPLIT,
	REGEX_JUMP,
	REGEX_AT_BEGIN,
	REGEX_AT_END,
	REGEX_MATCH
};

struct regex_range {
	uint32_t from, to; /* code points, both included */
};

/* Behind this character go on there. */
struct regex_leap {
	uint32_t point, to;
};

struct regex_state {
	uint8_t code; /* enum regex_code */
	uint16_t to, other; /* SPLIT: both; JUMP: to */
	uint32_t point; /* IS: the code point; IS_IN: how many ranges; LEAP: how many leaps */
	union {
		const struct regex_range *ranges; /* ascending */
		const struct regex_leap *leaps; /* ascending, of equal characters each its own */
	};
};

enum { REGEX_STARTS = 512 };

struct regex_program {
	const struct regex_state *states;
	uint32_t count;
	uint64_t starts[REGEX_STARTS / 64]; /* by regex_start(): what a match may begin with; mostly one of few characters */
};

static inline uint32_t regex_start(uint32_t point)
{
	return point * UINT32_C(0x9e3779b1) / (UINT32_C(1) << 23); /* below REGEX_STARTS */
}

#endif
