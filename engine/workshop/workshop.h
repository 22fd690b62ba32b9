/*
 * For whoever writes patterns: what runs patterns outside of the service. It knows nothing of files' names on
 * the command line or of how results are printed where a person asked; cli does.
 */
#ifndef WORKSHOP_WORKSHOP_H
#define WORKSHOP_WORKSHOP_H

#include <stdio.h>

#include "base/error.h"
#include "base/settings.h"
#include "decode/decode.h"
#include "pattern/pattern.h"
#include "reference/reference.h"

/*
 * Tests of patterns. Each runs through the service's own pipeline with a memory of its own: first its
 * history (test_histories.def), which is remembered and not judged, then its transactions in order.
 */
struct workshop_test_result {
	const struct pattern *pattern;
	const struct pattern_test *test;
	bool passed;
	const char *why; /* "expected a hit on the last transaction; there was none", and below it a line for
	                  * each condition that kept it from hitting, where the set explains; "" where it passed */
};
typedef void workshop_test_report(void *context, const struct workshop_test_result *result);

/*
 * All tests of all patterns of a set loaded with run_all (others do not run), or of `only` where its length
 * is not 0. Every result goes to `report`. Returns the number of tests that failed; `run_r` the number run.
 */
unsigned workshop_test(struct pattern_set *set, struct slice only, workshop_test_report *report,
                       void *context, unsigned *run_r);

/*
 * Do the tests of each active pattern in `dir` (of `only` of any status, where its length is not 0) miss its conditions?
 * Every test is played with copies of the pattern beside it, each without one condition (pattern/weaken.h); a condition
 * without which they all end as they did is unproved: `report` gets the copy, whose `lack` says what it is. A test that
 * fails as it is proves nothing.
 */
struct workshop_proved {
	unsigned patterns, conditions, unproved, failed;
};
typedef void workshop_prove_report(void *context, const struct pattern *copy);

int workshop_prove(const char *dir, struct slice only, workshop_prove_report *report, void *context,
                   struct workshop_proved *proved_r, struct error *error);

/* Feeds to run patterns over, and what they are asked with. Everything is borrowed during the call. */
struct workshop_source {
	const struct settings *settings;
	const struct decoder *decoder;
	const char *bank; /* whose books the messages carry; "" where they say it */
	const char *const *feeds; /* files; "-" is standard input */
	int feed_count;
	struct reference *reference; /* lists and enterprises; NULL: none */
	bool explain; /* patterns are loaded so that they can be explained */
	bool untimed; /* takes no times of patterns: the same feed gives the same report to the byte */
	void (*progress)(void *context, uint64_t txs); /* may be NULL */
	void *context;
};

/*
 * Patterns against a feed with truth: what is found, how soon, how much is false, and what it costs
 * (backtest.h says how each figure is counted).
 */
struct backtest;

/* `truth` is a file of labels (contract.md section 1); NULL: every alert is false. */
int workshop_backtest(const struct workshop_source *source, const char *patterns_dir, const char *truth,
                      struct backtest **backtest_r, struct error *error);
void workshop_backtest_free(struct backtest **backtest);

/* As tables for a terminal, as one JSON object, as an SVG picture. */
void workshop_backtest_table(const struct backtest *backtest, FILE *out);
void workshop_backtest_json(const struct backtest *backtest, FILE *out);
void workshop_backtest_picture(const struct backtest *backtest, FILE *out);

/* Two sets over the same feeds, which are read twice: alerts that came, went or changed (diff.h). */
struct diff;

int workshop_diff(const struct workshop_source *source, const char *before_dir, const char *after_dir,
                  struct diff **diff_r, struct error *error);
void workshop_diff_free(struct diff **diff);
void workshop_diff_table(const struct diff *diff, FILE *out);
void workshop_diff_json(const struct diff *diff, FILE *out);

/*
 * For one transaction of the feeds: what each condition of each running pattern (of `only` where its length
 * is not 0) says of it, with the account's memory as it was then. The transaction is named by bank and id.
 */
struct explanation;

int workshop_explain(const struct workshop_source *source, const char *patterns_dir, struct slice bank,
                     struct slice id, struct slice only, struct explanation **explanation_r,
                     struct error *error);
void workshop_explain_free(struct explanation **explanation);
/* Those that hit and the `nearest` that missed by the fewest conditions; 0: all. */
void workshop_explain_table(const struct explanation *explanation, unsigned nearest, FILE *out);
void workshop_explain_json(const struct explanation *explanation, FILE *out);

/* A pattern in words: its parts, what gates it, what it costs and hits on the honest histories. */
int workshop_describe(const char *patterns_dir, struct slice id, FILE *out, struct error *error);

#endif
