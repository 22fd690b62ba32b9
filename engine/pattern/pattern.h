/*
 * Patterns: from YAML files an analyst can read to one immutable set that `match` runs (design.md section 6).
 *
 * A set is checked, folded and compiled whole, or not at all (I6). It is counted by its users: whoever keeps
 * it calls pattern_set_hold(), and the last pattern_set_free() gives everything back. All functions that only
 * read a set may be called from any thread. The same files give the same set, in the order of their ids (I2).
 *
 * The format's reference for analysts is patterns/README.md, its schema seeds/schemas/pattern.schema.json.
 */
#ifndef PATTERN_PATTERN_H
#define PATTERN_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/hit.h"
#include "base/slice.h"
#include "pattern/catalogue.h"

#define PATTERN_FAULTS_MAX 200 /* reported; the rest is counted */
#define PATTERNS_MAX 10000
#define PATTERN_COMPILE_ONE_MS 2000 /* of processor time, for one expression: then it is a bomb */
#define PATTERN_COMPILE_ALL_MS 120000 /* for one data base of all expressions */
#define PATTERN_COMPILE_BYTES_MAX (2ull << 30) /* address space of the compiling children */
#define PATTERN_CACHE_FILES_MAX 64 /* older ones are removed */

enum pattern_status { PATTERN_DRAFT, PATTERN_SHADOW, PATTERN_ACTIVE, PATTERN_RETIRED };

/* "draft", "shadow", "active", "retired". */
extern const char *const pattern_status_names[];

/* A text in both languages; what is missing has length 0. */
struct pattern_words {
	struct slice zh, en;
};

/* Honest accounts whose past a test may build on (test_histories.def). */
enum pattern_history {
	PATTERN_HISTORY_NONE,
#define HISTORY(symbol, name, help_zh, help_en) PATTERN_HISTORY_##symbol,
#include "pattern/test_histories.def"
#undef HISTORY
	PATTERN_HISTORY_COUNT
};
extern const char *const pattern_history_names[]; /* [PATTERN_HISTORY_NONE] is "" */

/* Whom such an account deals with (test_roles.def). */
enum pattern_role {
#define ROLE(symbol, name, help_zh, help_en) PATTERN_ROLE_##symbol,
#include "pattern/test_roles.def"
#undef ROLE
	PATTERN_ROLE_COUNT
};
extern const char *const pattern_role_names[]; /* ended by NULL */

/* Who the other side is: the history's party itself, its name with another account, nearly its name. */
enum pattern_party_how { PATTERN_PARTY_GIVEN, PATTERN_PARTY_AS, PATTERN_PARTY_NAMED, PATTERN_PARTY_LIKE };

/* An amount in words: a multiple of the account's median (usual) or 95th percentile (large) of its past
 * amounts in the transaction's direction, or a share of its balance. */
enum pattern_amount_of { PATTERN_AMOUNT_GIVEN, PATTERN_AMOUNT_USUAL, PATTERN_AMOUNT_LARGE, PATTERN_AMOUNT_BALANCE };

/* A transaction of a test. What is symbolic is decided by the test's history (workshop). */
struct pattern_test_tx {
	struct slice json;    /* huqi.tx.v1, with the defaults filled in; a symbolic amount is "1" there */
	uint32_t given;       /* bits 1 << tx_field: what the test says itself, also null */
	uint8_t party_how;    /* enum pattern_party_how */
	uint8_t role;         /* enum pattern_role */
	uint16_t role_number; /* from 1: the one met most often */
	uint8_t amount_of;    /* enum pattern_amount_of */
	uint32_t amount_permille;
};

/* Values on a list during a test. */
struct pattern_test_list {
	struct slice name;
	const struct slice *values;
	uint32_t value_count;
};

/* What the registry knows of the account's enterprise; what is not said has length 0. */
struct pattern_test_enterprise {
	bool given;
	struct slice name, industry, scope, address, legal_representative, registered_on, jurisdiction;
	struct slice neighbours_address; /* theirs, where it is another */
	const struct slice *staff;
	uint32_t staff_count;
	uint32_t neighbours; /* other enterprises, registered on its day at its address or that one */
};

/* Fed to a pattern in order, behind its history: a hit must come on the last, a miss must never come. */
struct pattern_test {
	bool expect_hit;
	bool evasive; /* a hit in the words or ways of somebody who hides */
	uint8_t history; /* enum pattern_history */
	struct slice name;
	const struct pattern_test_tx *feed;
	uint32_t feed_count;
	const struct pattern_test_list *lists;
	uint32_t list_count;
	struct pattern_test_enterprise enterprise;
	struct pattern_test_enterprise payee; /* another that the registry knows, by its name */
	int line;
};

/* The account of a test's transactions, where they do not say another. */
#define PATTERN_TEST_BANK "102100099996"
#define PATTERN_TEST_NEIGHBOURS_MAX 100
#define PATTERN_TEST_ACCOUNT "6222020000000000001"

/* A part of `detect` as its file has it, on one line: "where", "amount >= 5万 and direction = debit". */
struct pattern_written {
	struct slice key, text;
};

/*
 * A condition that a copy of a pattern does without. `part`: "where", "text none", "step amount"; `text`: as its file
 * has it, on one line.
 */
struct pattern_lack {
	struct slice part, text;
	int line, column;
	bool alternative; /* one of several of which one is enough: without it less is found, not more */
};

struct plan_detect;

/* One pattern, for lists, tests and messages. Everything lives as long as its set. */
struct pattern {
	struct slice id, typology, file; /* the file's path below the folder: "V01/boss.yaml" */
	struct pattern_words title, message;
	const struct slice *advice, *references, *false_positives;
	const struct pattern_test *tests;
	uint32_t advice_count, reference_count, false_positive_count, test_count;
	uint32_t version;
	uint8_t status; /* enum pattern_status */
	uint8_t audience; /* enum audience */
	uint8_t score; /* 1..100 */
	bool asks_stop_payment; /* its hits are never quieted by the list `allow` */
	bool withholds_warnings; /* in a transaction that it hits, what patterns for enterprises find is for analysts (I7) */
	const struct pattern_written *written; /* the parts of detect, in the file's order */
	uint32_t written_count;
	const struct plan_detect *detect; /* for match; NULL where it does not run (plan.h) */
	const struct pattern_lack *lack; /* of a copy (pattern_options.weakened); NULL: it is whole */
};

struct pattern_set;

/* A fault of a file, its place in it and `text` with the place in front. Valid during the report. */
struct pattern_fault {
	bool warning;
	const char *file;
	int line, column; /* 0: the whole file */
	const char *text;
};
typedef void pattern_report(void *context, const struct pattern_fault *fault);

/* CNY for one unit of a currency, in millionths: 7.1234 is 7123400. CNY itself needs none. */
struct pattern_rate {
	uint8_t currency; /* money.h */
	int64_t cny_micros;
};

/* All zero is a sound default. */
struct pattern_options {
	const char *cache_dir; /* compiled data bases are kept here; NULL: nowhere */
	const struct pattern_rate *rates; /* borrowed during the call; NULL: those that are built in (base/rates.def) */
	size_t rate_count;
	bool check_only; /* compiles nothing: the set can be walked, not matched */
	bool explain; /* keeps the conditions that `and` joins apart, for match_explain(); costs memory only */
	bool run_all; /* drafts and retired patterns run too, for tests */
	bool weakened; /* behind each running pattern `id` stand copies `id~001` …, each without one of its conditions, to see
	                * whether its tests miss it */
	uint32_t compile_one_ms, compile_all_ms; /* 0: the constants above */
	uint64_t compile_bytes_max;
	pattern_report *report; /* gets every fault; may be NULL */
	void *report_context;
};

/*
 * Loads every file that ends in .yaml in `dir` and its folders (V01/boss.yaml), but for those of catalogue.h
 * and folding.yaml. On -1 nothing is changed or kept; `error` holds the first fault and how many more there
 * are, `options->report` got them all. `options` may be NULL.
 */
int pattern_set_load(const char *dir, const struct pattern_options *options, struct pattern_set **set_r,
                     struct error *error);

/* The same for one of these files, such as "V01/boss.yaml". */
int pattern_set_load_file(const char *dir, const char *file, const struct pattern_options *options,
                          struct pattern_set **set_r, struct error *error);

/* The same for one file's bytes, for tests and fuzzing; `name` stands in faults. */
int pattern_set_load_bytes(const char *name, const char *bytes, size_t length,
                           const struct pattern_options *options, struct pattern_set **set_r,
                           struct error *error);

struct pattern_set *pattern_set_hold(struct pattern_set *set);
void pattern_set_free(struct pattern_set **set); /* `*set` may be NULL; becomes NULL */

/* Patterns by id, all statuses. */
size_t pattern_set_count(const struct pattern_set *set);
const struct pattern *pattern_set_at(const struct pattern_set *set, size_t i);
const struct pattern *pattern_set_find(const struct pattern_set *set, struct slice id);

/* Hits since the load, shadow ones too; any thread. */
uint64_t pattern_set_hits(const struct pattern_set *set, size_t i);

/* The lists that its patterns ask, each name once; NULL at the end. */
const struct slice *pattern_set_list(const struct pattern_set *set, size_t i);

/* What a pattern cost since the load; any thread. Matchers add up to here now and then and at their end, so
 * `looked` lags behind by up to MATCH_COSTS_EVERY transactions a matcher. */
struct pattern_costs {
	uint64_t looked; /* transactions that its gates let through to its parts */
	uint64_t hits;
	uint64_t sampled, sampled_ns; /* of those, the ones whose parts' time was taken (matcher_time()) */
};
struct pattern_costs pattern_set_costs(const struct pattern_set *set, size_t i);

/* What a set costs and how it came about. */
struct pattern_set_facts {
	size_t running, expressions, databases, databases_cached, database_bytes;
	uint32_t load_ms;
};
struct pattern_set_facts pattern_set_facts(const struct pattern_set *set);

/*
 * Everything the load checks, and what an active pattern must have besides: tests, messages, known advice and
 * typologies, its folder; warnings for what probably is not meant. Returns the number of errors.
 */
unsigned pattern_lint(const char *dir, const struct pattern_options *options, unsigned *warnings_r);


#include "pattern/catalogue.h"
#include "pattern/message_rules.h"
#include "pattern/plan.h"
#include "pattern/sequence.h"

#endif
