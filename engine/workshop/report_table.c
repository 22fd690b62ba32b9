/*
 * A backtest as tables for a terminal, heads in Chinese and English. Times and costs vary from run to run;
 * everything else is a function of the feed and the patterns.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "workshop/backtest.h"
#include "workshop/words.h"

enum { TITLE_COLUMNS = 34, LINES_MOST = 10 };

static void delay_text(int64_t ms, char text[16])
{
	if (ms < 0)
		snprintf(text, 16, "-");
	else if (ms < INSTANT_MINUTE_MS)
		snprintf(text, 16, "%" PRId64 "s", ms / INSTANT_SECOND_MS);
	else if (ms < INSTANT_HOUR_MS)
		snprintf(text, 16, "%" PRId64 "m", ms / INSTANT_MINUTE_MS);
	else if (ms < 3 * INSTANT_DAY_MS)
		snprintf(text, 16, "%.1fh", (double)ms / INSTANT_HOUR_MS);
	else
		snprintf(text, 16, "%.1fd", (double)ms / INSTANT_DAY_MS);
}

static void percent_text(uint32_t part, uint32_t whole, char text[16])
{
	if (whole == 0)
		snprintf(text, 16, "-");
	else
		snprintf(text, 16, "%.1f%%", 100 * backtest_share(part, whole));
}

static void typology_line(const struct backtest_typology *t, bool family, FILE *out)
{
	char recall[16], any[16], precision[16], first[16], delay[16], title[160];

	percent_text(t->found_exactly, t->cases, recall);
	percent_text(t->found, t->cases, any);
	percent_text(t->alerts_right, t->alerts, precision);
	percent_text(t->at_first, t->payable, first);
	delay_text(t->delay_median_ms, delay);
	snprintf(title, sizeof(title), "%s %s", t->title_zh != NULL ? t->title_zh : "",
	         t->title_en != NULL ? t->title_en : "");
	fprintf(out, "%-3s ", t->code);
	words_cell(out, family ? "合计 all" : title, TITLE_COLUMNS);
	fprintf(out, " %6u %7s %7s %7u %7s %7s %8s %6u %6u\n", t->cases, recall, any, t->alerts, precision,
	        t->code[0] == 'V' ? first : "-", delay, t->warnings_false, t->findings_false);
}

static void typologies(const struct backtest *b, FILE *out)
{
	fprintf(out, "\n    ");
	words_cell(out, "类型 typology", TITLE_COLUMNS);
	fprintf(out, "   案件    同类    任一    预警    准确    首笔     时延   误警   误报\n    ");
	words_cell(out, "", TITLE_COLUMNS);
	fprintf(out, "  cases   exact     any  alerts   right   first    delay  warns  finds\n");
	for (size_t i = 0; i < b->typology_count; i++)
		typology_line(&b->typologies[i], false, out);
	for (int i = 0; i < 2; i++)
		if (b->families[i].cases + b->families[i].alerts > 0)
			typology_line(&b->families[i], true, out);
}

static void costs(const struct backtest *b, FILE *out)
{
	const struct backtest_pattern **items = backtest_by_cost(b);

	fprintf(out, "\n最费时的模式 · the costliest patterns\n");
	words_cell(out, "", TITLE_COLUMNS);
	fprintf(out, "       候选       命中    每次    每笔\n");
	words_cell(out, "", TITLE_COLUMNS);
	fprintf(out, "     looked       hits ns each   ns/tx\n");
	for (size_t i = 0; i < b->pattern_count && i < LINES_MOST; i++) {
		words_cell(out, items[i]->pattern->id.at, TITLE_COLUMNS);
		fprintf(out, " %10" PRIu64 " %10" PRIu64, items[i]->costs.looked, items[i]->costs.hits);
		if (items[i]->costs.sampled > 0)
			fprintf(out, " %7.0f %7.1f\n", items[i]->ns_each, items[i]->ns_a_tx);
		else
			fprintf(out, "       -       -\n");
	}
	free(items);
}

static void false_ones(const struct backtest *b, FILE *out)
{
	const struct backtest_pattern **items = backtest_by_false(b);

	if (b->pattern_count > 0 && items[0]->alerts_false > 0) {
		fprintf(out, "\n误报最多的模式 · the patterns most often in false alerts\n");
		words_cell(out, "", TITLE_COLUMNS);
		fprintf(out, "       命中       预警       误报\n");
		words_cell(out, "", TITLE_COLUMNS);
		fprintf(out, "       hits     alerts      false\n");
	}
	for (size_t i = 0; i < b->pattern_count && i < LINES_MOST && items[i]->alerts_false > 0; i++) {
		words_cell(out, items[i]->pattern->id.at, TITLE_COLUMNS);
		fprintf(out, " %10" PRIu64 " %10u %10u\n", items[i]->costs.hits, items[i]->alerts, items[i]->alerts_false);
	}
	free(items);
}

void workshop_backtest_table(const struct backtest *backtest, FILE *out)
{
	const struct backtest *b = backtest;

	fprintf(out,
	        "%" PRIu64 " 笔交易 transactions, %u 个账户 accounts, %.1f 账户月 account-months, %u 个案件 cases, "
	        "%zu 个模式 patterns\n",
	        b->txs, b->accounts, b->account_months, b->cases, b->pattern_count);
	if (b->rejected > 0)
		fprintf(out, "%" PRIu64 " 条读不出 messages could not be read\n", b->rejected);
	if (b->labels_unseen > 0)
		fprintf(out, "%" PRIu64 " 个标签无对应交易 labels have no transaction in the feed\n", b->labels_unseen);
	typologies(b, out);
	fprintf(out,
	        "\n每千账户月 · per 1,000 account-months: 企业误警 false warnings of enterprises %.2f, 研判误报 false "
	        "findings for analysts %.2f\n",
	        backtest_rate(b, b->warnings_false), backtest_rate(b, b->findings_false));
	false_ones(b, out);
	costs(b, out);
}
