/*
 * Plays a feed with labels, compares the alerts with the cases, and counts. The figures' meaning stands in
 * backtest.h.
 */
#include "workshop/backtest.h"

#include <stdlib.h>

#include "workshop/cases.h"
#include "workshop/run.h"

enum { TYPOLOGIES = 200 }; /* V00 .. V99, M00 .. M99 */

struct backtesting {
	struct run run;
	struct truth truth;
	struct cases cases;
	struct backtest *result;
	struct backtest_typology all[TYPOLOGIES];
};

static void *take(size_t count, size_t size)
{
	void *piece = calloc(count > 0 ? count : 1, size);

	if (piece == NULL)
		die("out of memory: a backtest");
	return piece;
}

static struct backtest_typology *typology_of(struct backtesting *b, const char *code)
{
	int number = (code[1] - '0') * 10 + (code[2] - '0');

	return &b->all[(code[0] == 'M' ? TYPOLOGIES / 2 : 0) + (number >= 0 && number < 100 ? number : 0)];
}

static bool see(void *context, const struct tx *tx)
{
	struct backtesting *b = context;
	struct truth_label *label;
	size_t at = SIZE_MAX;

	cases_see(&b->cases, tx);
	while ((label = truth_next(&b->truth, tx, &at)) != NULL) {
		b->result->labels_unseen -= !label->seen;
		label->seen = true;
		cases_label(&b->cases, tx, label);
	}
	return true;
}

/* Is one of them by a pattern that is for analysts itself: of the account that a victim's money went to? */
static bool is_for_analysts(const struct backtesting *b, const struct hit *hits, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct pattern *by = pattern_set_find(b->run.set, hits[i].pattern);
		if (by != NULL && by->audience == AUDIENCE_ANALYST)
			return true;
	}
	return false;
}

/* When the alert counted as a find; INT64_MAX: it does not. */
static int64_t found_at(const struct backtesting *b, const struct alert_row *row, const struct hit *hits,
                        size_t count)
{
	if (row->typology.at[0] == 'M')
		return row->audience == AUDIENCE_ANALYST ? row->raised_ms : INT64_MAX;
	if (row->audience == AUDIENCE_ANALYST && !is_for_analysts(b, hits, count))
		return INT64_MAX; /* withheld: a victim who is not warned is not helped */
	return run_level_reached(&b->run, hits, count, LEVEL_YELLOW);
}

static bool has_hit_between(const struct hit *hits, size_t count, int64_t from_ms, int64_t to_ms)
{
	for (size_t i = 0; i < count; i++)
		if (hits[i].booked_ms >= from_ms && hits[i].booked_ms <= to_ms)
			return true;
	return false;
}

static void credit_patterns(struct backtesting *b, const struct hit *hits, size_t count, bool is_false)
{
	struct backtest_pattern *patterns = b->result->patterns;

	for (size_t i = 0; i < b->result->pattern_count; i++)
		for (size_t j = 0; j < count; j++)
			if (slice_equal(hits[j].pattern, patterns[i].pattern->id)) {
				patterns[i].alerts++;
				patterns[i].alerts_false += is_false;
				break;
			}
}

/* Marks the cases that the alert finds; tells whether it has one of its family, and one at all nearby. */
static void compare(struct backtesting *b, const struct alert_row *row, const struct hit *hits, size_t count,
                    int64_t found_ms, bool *right_r, bool *near_r)
{
	size_t from, to = cases_of(&b->cases, cases_account(row->bank, row->account), &from);

	*right_r = *near_r = false;
	for (size_t i = from; i < to; i++) {
		struct fraud_case *c = &b->cases.items[i];
		if (has_hit_between(hits, count, c->first_ms - CASE_SLACK_MS, c->last_ms + CASE_SLACK_MS))
			*near_r = true;
		if (found_ms == INT64_MAX || c->label->typology[0] != row->typology.at[0] ||
		    !has_hit_between(hits, count, c->first_ms, c->last_ms + CASE_SLACK_MS))
			continue;
		*right_r = true;
		if (found_ms < c->found_ms)
			c->found_ms = found_ms;
		c->found_exactly = c->found_exactly || slice_is(row->typology, c->label->typology);
	}
}

static int take_alert(void *context, const struct alert_row *row, const struct hit *hits, size_t count,
                      struct error *error)
{
	struct backtesting *b = context;
	struct backtest_typology *t = typology_of(b, row->typology.at);
	int64_t found_ms = found_at(b, row, hits, count);
	bool right, near, warning = row->audience == AUDIENCE_ENTERPRISE && found_ms != INT64_MAX;
	bool counts = warning || row->audience == AUDIENCE_ANALYST;

	(void)error;
	compare(b, row, hits, count, found_ms, &right, &near);
	if (!counts)
		return 0;
	t->alerts++;
	t->alerts_right += right;
	t->warnings_false += warning && !near;
	t->findings_false += !warning && !near;
	credit_patterns(b, hits, count, !near);
	return 0;
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Counts the cases into `t` that have its code, or its family where it is "V" or "M". */
static void count_cases(const struct backtesting *b, struct backtest_typology *t)
{
	int64_t *delays = take(b->cases.count, sizeof(*delays));

	for (size_t i = 0; i < b->cases.count; i++) {
		const struct fraud_case *c = &b->cases.items[i];
		if (strncmp(c->label->typology, t->code, strlen(t->code)) != 0)
			continue;
		t->cases++;
		t->found_exactly += c->found_exactly;
		t->payable += c->first_debit_ms != INT64_MAX;
		t->at_first += c->first_debit_ms != INT64_MAX && c->found_ms <= c->first_debit_ms;
		if (c->found_ms == INT64_MAX)
			continue;
		delays[t->found++] = c->found_ms > c->first_ms ? c->found_ms - c->first_ms : 0;
	}
	qsort(delays, t->found, sizeof(*delays), by_size);
	t->delay_median_ms = t->found > 0 ? delays[(t->found - 1) / 2] : -1;
	t->delay_most_ms = t->found > 0 ? delays[t->found - 1] : -1;
	free(delays);
}

static void conclude_typologies(struct backtesting *b)
{
	struct backtest *r = b->result;

	r->typologies = take(TYPOLOGIES, sizeof(*r->typologies));
	for (int i = 0; i < TYPOLOGIES; i++) {
		struct backtest_typology *t = &b->all[i], *family = &r->families[i >= TYPOLOGIES / 2];
		const struct catalogue_entry *entry = catalogue_typology(r->catalogue, slice_of(t->code));
		count_cases(b, t);
		if (t->cases == 0 && t->alerts == 0)
			continue;
		t->title_zh = entry != NULL ? entry->zh.at : "";
		t->title_en = entry != NULL ? entry->en.at : "";
		family->alerts += t->alerts;
		family->alerts_right += t->alerts_right;
		family->warnings_false += t->warnings_false;
		family->findings_false += t->findings_false;
		r->typologies[r->typology_count++] = *t;
	}
	for (int i = 0; i < 2; i++) {
		count_cases(b, &r->families[i]);
		r->warnings_false += r->families[i].warnings_false;
		r->findings_false += r->families[i].findings_false;
	}
}

static void conclude_patterns(struct backtesting *b)
{
	struct backtest *r = b->result;

	for (size_t i = 0; i < r->pattern_count; i++) {
		struct backtest_pattern *p = &r->patterns[i];
		p->costs = pattern_set_costs(r->set, i);
		if (p->costs.sampled > 0)
			p->ns_each = (double)p->costs.sampled_ns / (double)p->costs.sampled;
		if (r->txs > 0)
			p->ns_a_tx = p->ns_each * (double)p->costs.looked / (double)r->txs;
	}
}

static void conclude_accounts(struct backtesting *b)
{
	int64_t watched_ms = 0;

	for (size_t i = 0; i < b->cases.slot_count; i++)
		if (b->cases.accounts[i].account != 0)
			watched_ms += b->cases.end_ms - b->cases.accounts[i].first_ms;
	b->result->accounts = (uint32_t)b->cases.account_count;
	b->result->account_months = (double)watched_ms / MONTH_MS;
}

static void begin(struct backtesting *b)
{
	struct backtest *r = b->result;

	cases_init(&b->cases);
	r->set = pattern_set_hold(b->run.set);
	r->labels = r->labels_unseen = b->truth.label_count;
	r->pattern_count = pattern_set_count(r->set);
	r->patterns = take(r->pattern_count, sizeof(*r->patterns));
	for (size_t i = 0; i < r->pattern_count; i++)
		r->patterns[i].pattern = pattern_set_at(r->set, i);
	for (int i = 0; i < TYPOLOGIES; i++) {
		int number = i % (TYPOLOGIES / 2);
		b->all[i].code[0] = i < TYPOLOGIES / 2 ? 'V' : 'M';
		b->all[i].code[1] = (char)('0' + number / 10);
		b->all[i].code[2] = (char)('0' + number % 10);
	}
	strcpy(r->families[0].code, "V");
	strcpy(r->families[1].code, "M");
	shard_time_patterns(b->run.shard, !b->run.source->untimed);
}

static int play(struct backtesting *b, struct error *error)
{
	struct matcher *matcher;

	if (run_play(&b->run, see, b, error) == -1)
		return -1;
	b->result->txs = b->run.txs;
	b->result->rejected = b->run.rejected;
	cases_join(&b->cases);
	b->result->cases = (uint32_t)b->cases.count;
	if (run_alerts(&b->run, take_alert, b, error) == -1)
		return -1;
	conclude_typologies(b);
	conclude_accounts(b);
	matcher = shard_use_matcher(b->run.shard, matcher_new(b->run.set));
	matcher_free(&matcher); /* brings its counts to the set */
	conclude_patterns(b);
	return 0;
}

int workshop_backtest(const struct workshop_source *source, const char *patterns_dir, const char *truth,
                      struct backtest **backtest_r, struct error *error)
{
	struct backtesting *b = take(1, sizeof(*b));
	int result = -1;

	*backtest_r = NULL;
	b->result = take(1, sizeof(*b->result));
	if (truth_load(&b->truth, truth, error) == -1) {
		free(b->result);
		free(b);
		return -1;
	}
	if (catalogue_load(patterns_dir, &b->result->catalogue, error) == 0 &&
	    run_begin(&b->run, source, patterns_dir, error) == 0) {
		begin(b);
		result = play(b, error);
		cases_deinit(&b->cases);
		run_end(&b->run);
	}
	truth_free(&b->truth);
	*backtest_r = b->result;
	if (result == -1)
		workshop_backtest_free(backtest_r);
	free(b);
	return result;
}

void workshop_backtest_free(struct backtest **backtest)
{
	struct backtest *b = *backtest;

	*backtest = NULL;
	if (b == NULL)
		return;
	free(b->typologies);
	free(b->patterns);
	catalogue_free(&b->catalogue);
	pattern_set_free(&b->set);
	free(b);
}

static int by_cost(const void *a, const void *b)
{
	const struct backtest_pattern *x = *(const struct backtest_pattern *const *)a,
				      *y = *(const struct backtest_pattern *const *)b;

	if (x->ns_a_tx != y->ns_a_tx)
		return x->ns_a_tx < y->ns_a_tx ? 1 : -1;
	if (x->costs.looked != y->costs.looked)
		return x->costs.looked < y->costs.looked ? 1 : -1;
	return slice_compare(x->pattern->id, y->pattern->id);
}

static int by_false(const void *a, const void *b)
{
	const struct backtest_pattern *x = *(const struct backtest_pattern *const *)a,
				      *y = *(const struct backtest_pattern *const *)b;

	if (x->alerts_false != y->alerts_false)
		return x->alerts_false < y->alerts_false ? 1 : -1;
	return slice_compare(x->pattern->id, y->pattern->id);
}

static const struct backtest_pattern **sorted(const struct backtest *b,
                                              int (*order)(const void *, const void *))
{
	const struct backtest_pattern **items = take(b->pattern_count, sizeof(*items));

	for (size_t i = 0; i < b->pattern_count; i++)
		items[i] = &b->patterns[i];
	qsort(items, b->pattern_count, sizeof(*items), order);
	return items;
}

const struct backtest_pattern **backtest_by_cost(const struct backtest *b)
{
	return sorted(b, by_cost);
}

const struct backtest_pattern **backtest_by_false(const struct backtest *b)
{
	return sorted(b, by_false);
}
