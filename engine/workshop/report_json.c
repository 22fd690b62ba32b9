/*
 * A backtest as one JSON object, for programs and for comparing runs.
 */
#include <stdlib.h>
#include <yyjson.h>

#include "workshop/backtest.h"

static void add_typology(yyjson_mut_doc *d, yyjson_mut_val *list, const struct backtest_typology *t)
{
	yyjson_mut_val *o = yyjson_mut_arr_add_obj(d, list);

	yyjson_mut_obj_add_strcpy(d, o, "typology", t->code);
	yyjson_mut_obj_add_uint(d, o, "cases", t->cases);
	yyjson_mut_obj_add_uint(d, o, "found_exactly", t->found_exactly);
	yyjson_mut_obj_add_uint(d, o, "found", t->found);
	if (t->cases > 0) {
		yyjson_mut_obj_add_real(d, o, "recall_exact", backtest_share(t->found_exactly, t->cases));
		yyjson_mut_obj_add_real(d, o, "recall", backtest_share(t->found, t->cases));
	}
	yyjson_mut_obj_add_uint(d, o, "alerts", t->alerts);
	yyjson_mut_obj_add_uint(d, o, "alerts_right", t->alerts_right);
	if (t->alerts > 0)
		yyjson_mut_obj_add_real(d, o, "precision", backtest_share(t->alerts_right, t->alerts));
	if (t->code[0] == 'V') {
		yyjson_mut_obj_add_uint(d, o, "cases_with_payment", t->payable);
		yyjson_mut_obj_add_uint(d, o, "warned_at_first_payment", t->at_first);
	}
	if (t->found > 0) {
		yyjson_mut_obj_add_sint(d, o, "delay_median_ms", t->delay_median_ms);
		yyjson_mut_obj_add_sint(d, o, "delay_most_ms", t->delay_most_ms);
	}
	yyjson_mut_obj_add_uint(d, o, "warnings_false", t->warnings_false);
	yyjson_mut_obj_add_uint(d, o, "findings_false", t->findings_false);
}

static void add_pattern(yyjson_mut_doc *d, yyjson_mut_val *list, const struct backtest_pattern *p)
{
	yyjson_mut_val *o = yyjson_mut_arr_add_obj(d, list);

	yyjson_mut_obj_add_strncpy(d, o, "pattern", p->pattern->id.at, p->pattern->id.length);
	yyjson_mut_obj_add_uint(d, o, "version", p->pattern->version);
	yyjson_mut_obj_add_strcpy(d, o, "status", pattern_status_names[p->pattern->status]);
	yyjson_mut_obj_add_uint(d, o, "looked", p->costs.looked);
	yyjson_mut_obj_add_uint(d, o, "hits", p->costs.hits);
	yyjson_mut_obj_add_uint(d, o, "alerts", p->alerts);
	yyjson_mut_obj_add_uint(d, o, "alerts_false", p->alerts_false);
	if (p->costs.sampled == 0)
		return;
	yyjson_mut_obj_add_real(d, o, "ns_each", p->ns_each);
	yyjson_mut_obj_add_real(d, o, "ns_a_transaction", p->ns_a_tx);
}

static void add_sums(yyjson_mut_doc *d, yyjson_mut_val *root, const struct backtest *b)
{
	yyjson_mut_obj_add_uint(d, root, "transactions", b->txs);
	yyjson_mut_obj_add_uint(d, root, "rejected", b->rejected);
	yyjson_mut_obj_add_uint(d, root, "accounts", b->accounts);
	yyjson_mut_obj_add_real(d, root, "account_months", b->account_months);
	yyjson_mut_obj_add_uint(d, root, "labels", b->labels);
	yyjson_mut_obj_add_uint(d, root, "labels_without_transaction", b->labels_unseen);
	yyjson_mut_obj_add_uint(d, root, "cases", b->cases);
	yyjson_mut_obj_add_real(d, root, "false_warnings_per_1000_account_months",
	                        backtest_rate(b, b->warnings_false));
	yyjson_mut_obj_add_real(d, root, "false_findings_per_1000_account_months",
	                        backtest_rate(b, b->findings_false));
}

void workshop_backtest_json(const struct backtest *backtest, FILE *out)
{
	yyjson_mut_doc *d = yyjson_mut_doc_new(NULL);
	yyjson_mut_val *root = yyjson_mut_obj(d), *list;
	char *text;

	yyjson_mut_doc_set_root(d, root);
	add_sums(d, root, backtest);
	list = yyjson_mut_obj_add_arr(d, root, "families");
	for (int i = 0; i < 2; i++)
		add_typology(d, list, &backtest->families[i]);
	list = yyjson_mut_obj_add_arr(d, root, "typologies");
	for (size_t i = 0; i < backtest->typology_count; i++)
		add_typology(d, list, &backtest->typologies[i]);
	list = yyjson_mut_obj_add_arr(d, root, "patterns");
	for (size_t i = 0; i < backtest->pattern_count; i++)
		add_pattern(d, list, &backtest->patterns[i]);
	text = yyjson_mut_write(d, YYJSON_WRITE_PRETTY, NULL);
	if (text == NULL)
		die("out of memory: writing a backtest");
	fprintf(out, "%s\n", text);
	free(text);
	yyjson_mut_doc_free(d);
}
