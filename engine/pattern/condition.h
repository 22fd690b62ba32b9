/*
 * The language of `where`: from its text to a checked tree to a flat program.
 *
 *   amount >= 5万 and counterparty.kind = person
 *     ──lex──▶ tokens ──parse──▶ tree ──check──▶ tree with types and constants ──emit──▶ struct program
 *
 *   condition  := both {"or" both}                      both := one {"and" one}
 *   one        := "not" one | sum [compare sum [compare sum]] | sum ["not"] "in" "[" item {"," item} "]"
 *   item       := sum [".." sum]                        compare := = == != < <= > >= (≠ ≤ ≥)
 *   sum        := product {("+" | "-") product}         product := factor {("*" | "/" | "of") factor}
 *   factor     := "-" factor | literal | field | word | function "(" [argument {"," argument}] ")"
 *               | set "." function "(" [argument {"," argument}] ")" | "(" condition ")" | "<" name ">"
 *   argument   := sum | list | set "where" one {"and" one}
 *   set        := debits | credits | all                list := "<" name ">"
 *   literal    := 50_000  5万  1.5亿元  50 USD  90%  2h  1h30m  2026-03-01  '…'  "…"
 *
 * A name stands for a condition of conditions.yaml, as though that stood there in parentheses; in the arguments of
 * contains() and holds_only() for a list of words.yaml (glossary.h).
 *
 * Every fault stops at the first place where it is certain, and says what was found and what was expected. A
 * new function is a line in condition_functions.c and an instruction. The conditions of a set become a constant,
 * a struct profile_filter (condition_set.c); what is asked of the account's memory becomes a numbered question.
 */
#ifndef PATTERN_CONDITION_H
#define PATTERN_CONDITION_H

#include "base/arena.h"
#include "pattern/program.h"
#include "pattern/source.h"
#include "pattern/glossary.h"

enum {
	CONDITION_BYTES_MAX = 4096,
	CONDITION_NODES_MAX = 512,
	CONDITION_DEPTH_MAX = 24,
	CONDITION_WORDS_MAX = 1000, /* that its lists come to */
};

enum condition_token_kind { TOKEN_END, TOKEN_NUMBER, TOKEN_NAME, TOKEN_STRING, TOKEN_LIST, TOKEN_SIGN };

/* A sign's code is its ASCII character, or one of these. */
enum { SIGN_NOT_EQUAL = 256, SIGN_AT_MOST, SIGN_AT_LEAST, SIGN_RANGE };

struct condition_token {
	enum condition_token_kind kind;
	uint32_t from, to; /* bytes of the condition */
	int sign;
	struct slice text; /* as written; of a STRING, what is between the quotes; of a LIST, `<name>` */
};

/* Reads the token at `*at`; -1 with a complaint. */
int condition_lex(struct slice text, uint32_t *at, struct condition_token *token_r,
                  struct complaint *complaint);

enum condition_kind {
	CONDITION_LITERAL, /* value; `bare` where a number may still become an amount */
	CONDITION_STRING, /* text */
	CONDITION_NAME, /* a field or a word: the check says which */
	CONDITION_FIELD,
	CONDITION_SET, /* of transactions: its name in text, its conditions in first */
	CONDITION_CALL, /* arguments in first */
	CONDITION_NEGATE,
	CONDITION_ARITHMETIC, /* sign + - * / */
	CONDITION_COMPARE, /* sign = < > SIGN_… */
	CONDITION_IN, /* first: the value, then its RANGEs or single values; sign ! for `not in` */
	CONDITION_RANGE,
	CONDITION_NOT, CONDITION_AND, CONDITION_OR
};

struct condition_context;

struct condition_node {
	enum condition_kind kind;
	enum value_type type; /* set by the check */
	const char *of; /* the text of the condition, or of a named one within it … */
	uint32_t from, to; /* … and the bytes of it, for messages */
	struct slice meaning; /* of a `<name>`: the condition that it stands for; else empty */
	int sign;
	bool bare;
	uint8_t field; /* enum program_field, of a FIELD, and of a WORD's value */
	__int128 value; /* millionths, minor units, ms or a word's number, by type */
	struct slice text; /* of a STRING or NAME */
	const struct condition_function *function;
	const struct profile_filter *filter; /* of a SET, set by the check */
	struct condition_node *first, *next; /* operands; the sibling after this one */
};

/* The number of a named list in the set; -1: `why_r` says what was expected (builder_list). */
typedef int condition_list_number(void *context, struct slice name, const char **why_r);

/*
 * A condition that is not about the transaction at hand but about something else, with functions of its own
 * (sequence_having.c). `unknown` complains of a name or a function that stands for nothing; it may be asked of
 * any name outside the functions' arguments, which the functions' checks read themselves.
 */
struct condition_scope {
	const struct condition_function *functions;
	int function_count;
	int (*unknown)(struct condition_context *context, struct condition_node *node);
	const void *names; /* the scope's own */
};

struct condition_context {
	const struct condition_scope *scope; /* NULL: the transaction's fields and functions */
	struct arena *arena; /* of the set */
	struct slice text;
	const int64_t *rates; /* CNY micros by currency, 0: none */
	struct complaint *complaint;
	struct questions *questions; /* of the set */
	struct needs *needs; /* of the set; NULL: what is needed has no numbers */
	bool apart; /* the program keeps the conditions that `and` joins apart, too */
	struct glossary *words, *conditions; /* of the patterns' folder; NULL: there are none */
	int named_depth; /* of named conditions within each other */
	condition_list_number *list;
	void *list_context;
	unsigned node_count, word_count; /* words: of lists */
};

/* NULL with a complaint. The tree lives in the context's arena. */
struct condition_node *condition_parse(struct condition_context *context);

/* Resolves names, gives every node its type, folds constants; -1 with a complaint. The root is yes or no. */
int condition_check(struct condition_context *context, struct condition_node *root);

/* The program of a checked tree; NULL with a complaint where it is too large. */
const struct program *condition_emit(struct condition_context *context, const struct condition_node *root);

/* What must be so for a checked tree to be a yes, or a no (gate.h). */
struct program_gate condition_gate(const struct condition_node *node, bool wanted);

/*
 * The place (1 << enum gate_place) whose symbol alone decides the tree: then its gate lets through nothing but what
 * makes it a yes. 0 where there is none.
 */
uint8_t condition_gated(const struct condition_node *node);

/* The sign that says the same with the sides exchanged. */
int condition_sign_mirrored(int sign);

/* Parse, check, emit. */
const struct program *condition_compile(struct condition_context *context);

struct condition_node *condition_node_new(struct condition_context *context, enum condition_kind kind,
                                          uint32_t from, uint32_t to);

/* condition_literal.c: a number with its units (`5万`, `1h30m`, `90%`, a date) into a LITERAL node. */
int condition_literal(struct condition_context *context, struct condition_node *node, struct slice number);
/* A unit that stood apart from its number: `50 USD`, `2 h`. */
int condition_literal_unit(struct condition_context *context, struct condition_node *node, struct slice unit,
                           uint32_t from);
/* The bare number of a node as an amount in CNY. */
int condition_literal_money(struct condition_context *context, struct condition_node *node);

/* condition_functions.c */
struct condition_function {
	const char *name;
	const char *usage; /* "age(account)" */
	enum value_type result;
	/*
	 * Types and gives a meaning to the arguments; a function of fields may check them itself. -1 with a
	 * complaint. NULL: the parameters say it all.
	 */
	int (*check)(struct condition_context *context, struct condition_node *call);
	uint8_t code; /* the instruction behind the arguments */
	uint8_t part; /* of a WINDOW the enum program_figure, of an ANSWER the enum program_question_kind */
	uint8_t parameter_count;
	enum value_type parameters[2];
	bool fact; /* its value goes into the evidence */
};
/* p1 to p99 are one function; which of them a call means is in its text. */
const struct condition_function *condition_function_find(struct slice name);
const char *condition_function_name(int i); /* for "did you mean", NULL behind the last */

/* condition_history.c and condition_registry.c: the checks of functions that ask more than the transaction. */
int condition_argument_count(struct condition_context *context, const struct condition_node *call,
                             unsigned least, unsigned most);
int condition_check_window(struct condition_context *context, struct condition_node *call);
int condition_check_share(struct condition_context *context, struct condition_node *call);
int condition_check_percentile(struct condition_context *context, struct condition_node *call);
int condition_check_subject(struct condition_context *context, struct condition_node *call);
int condition_check_drained(struct condition_context *context, struct condition_node *call);
int condition_check_newcomers(struct condition_context *context, struct condition_node *call);
int condition_check_money(struct condition_context *context, struct condition_node *call);
int condition_check_listed(struct condition_context *context, struct condition_node *call);
int condition_check_where_from(struct condition_context *context, struct condition_node *call);
int condition_check_span(struct condition_context *context, struct condition_node *call);
enum profile_subject condition_subject(uint8_t field);

/* condition_set.c: a set of transactions and its conditions into a filter; -1 with a complaint. */
bool condition_is_set(struct slice name);
int condition_check_set(struct condition_context *context, struct condition_node *set);

/* condition_fields.c: fields of the transaction and of its enterprise. */
const char *condition_field_name(uint8_t field);
enum tx_field_type condition_field_type(uint8_t field);
uint8_t condition_field_find(struct slice name); /* PROGRAM_FIELD_COUNT where there is none */

/* condition_words.c: words for messages. */
const char *condition_type_words(enum value_type type); /* "an amount" */
/* " (did you mean `x`?)" into `out`, or nothing. */
const char *condition_nearest_name(struct slice wrong, char out[96]);
const char *condition_nearest_word(uint8_t field, struct slice wrong, char out[96]);
const char *condition_word_list(uint8_t field, char *out, size_t size);
/* "`x`, found where …": the node as it was written, for "%.*s". */
#define CONDITION_QUOTED(node) (int)((node)->to - (node)->from), (node)->of + (node)->from
int condition_check_node(struct condition_context *context, struct condition_node *node);
/* Makes the name or text `node` one of the words of a field. */
int condition_check_word(struct condition_context *context, struct condition_node *node, uint8_t field);

#endif
