/*
 * What a backtest found, and how each figure is counted.
 *
 * A case is what one fraud did on one account: the labels of one account, typology and scenario, each at most
 * CASE_GAP_MS behind the one before. It is found by an alert of its family (V or M) on its account that has a
 * hit from its first transaction to CASE_SLACK_MS behind its last: for V one that reached yellow, whoever
 * reads it; for M one for analysts, of any level. It is found exactly where the alert has its typology.
 *
 * An alert is false where no case lies within CASE_SLACK_MS of it on its account. Warnings are alerts for
 * enterprises that reached yellow; findings are alerts for analysts. An account is watched from its first
 * transaction to the feed's end; 30 days of that are an account-month.
 */
#ifndef WORKSHOP_BACKTEST_H
#define WORKSHOP_BACKTEST_H

#include "base/instant.h"
#include "pattern/pattern.h"
#include "workshop/workshop.h"

#define CASE_GAP_MS (30 * INSTANT_DAY_MS)
#define CASE_SLACK_MS (1 * INSTANT_DAY_MS)
#define MONTH_MS (30 * INSTANT_DAY_MS)

struct backtest_typology {
	char code[4];
	const char *title_zh, *title_en; /* the catalogue's; "" */
	uint32_t cases, found_exactly, found;
	uint32_t payable, at_first; /* V: cases with a payment; those warned of by their first one */
	int64_t delay_median_ms, delay_most_ms; /* from the first labelled transaction; -1: nothing found */
	uint32_t alerts, alerts_right; /* that count as a find; those with a case of their family */
	uint32_t warnings_false, findings_false;
};

struct backtest_pattern {
	const struct pattern *pattern; /* the set's */
	struct pattern_costs costs;
	double ns_each, ns_a_tx; /* an evaluation; on average a transaction of the feed */
	uint32_t alerts, alerts_false; /* that it has a hit in */
};

struct backtest {
	struct pattern_set *set; /* held */
	struct catalogue *catalogue; /* owned */
	uint64_t txs, rejected, labels, labels_unseen;
	uint32_t accounts, cases, warnings_false, findings_false;
	double account_months;
	struct backtest_typology *typologies; /* owned; those with a case or an alert, V before M */
	size_t typology_count;
	struct backtest_pattern *patterns; /* owned; all of the set, by id */
	size_t pattern_count;
	struct backtest_typology families[2]; /* V and M in sum; code "V", "M" */
};

/* Per 1,000 account-months. */
static inline double backtest_rate(const struct backtest *b, uint32_t count)
{
	return b->account_months > 0 ? count * 1000.0 / b->account_months : 0;
}

static inline double backtest_share(uint32_t part, uint32_t whole)
{
	return whole > 0 ? (double)part / whole : 0;
}

/* Pointers to the patterns, the costliest or the most often false first; the caller frees. */
const struct backtest_pattern **backtest_by_cost(const struct backtest *b);
const struct backtest_pattern **backtest_by_false(const struct backtest *b);

#endif
