/*
 * A pattern in words: what it is for, what it asks, what lets a transaction come to it, and how it fares on
 * the honest histories, where every hit would be a false one.
 */
#include <inttypes.h>

#include "base/money.h"
#include "base/utf8.h"
#include "pipeline.h"
#include "workshop/history.h"
#include "workshop/plain.h"
#include "workshop/workshop.h"

enum { MONDAY = 20514, PART_CHARACTERS_SHOWN = 400 }; /* 2026-03-02, where tests begin, too */

struct describing {
	struct pattern_set *set;
	const struct pattern *pattern;
	FILE *out;
};

static void print_condition(void *context, struct slice condition)
{
	FILE *out = context;

	fprintf(out, "    %.*s\n        ", SLICE_PRINT(condition));
	plain_write(out, condition, PLAIN_ZH);
	fputs("\n        ", out);
	plain_write(out, condition, PLAIN_EN);
	fputc('\n', out);
}

static void print_parts(const struct pattern *p, FILE *out)
{
	fprintf(out, "\n各部分同时成立 · all of\n");
	for (uint32_t i = 0; i < p->written_count; i++) {
		const struct pattern_written *part = &p->written[i];
		if (slice_is(part->key, "where")) {
			fprintf(out, "  where\n");
			plain_each(part->text, print_condition, out);
		} else {
			struct slice shown = utf8_cut(part->text, PART_CHARACTERS_SHOWN);
			fprintf(out, "  %.*s\n    %.*s%s\n", SLICE_PRINT(part->key), SLICE_PRINT(shown),
			        shown.length < part->text.length ? "…" : "");
		}
	}
}

static void print_words(FILE *out, const char *zh, const char *en, uint32_t bits, enum tx_field field)
{
	const char *const *words = tx_words(field);
	bool any = false;

	if (bits == 0)
		return;
	fprintf(out, "  %s %s", zh, en);
	for (int i = 0; i == 0 || words[i - 1] != NULL; i++)
		if (bits >> i & 1) {
			fprintf(out, "%s%s", any ? ", " : ": ", i == 0 ? "未注明 not said" : words[i - 1]);
			any = true;
		}
	fputc('\n', out);
}

/* Only what a gate leaves out is told. */
static void print_gate(const struct program_gate *gate, FILE *out)
{
	struct program_gate open = program_gate_open();
	char least[MONEY_GROUPED_BYTES];

	print_words(out, "方向", "direction", gate->directions != open.directions ? gate->directions : 0,
	            TX_DIRECTION_FIELD);
	print_words(out, "对方类型", "counterparty", gate->kinds != open.kinds ? gate->kinds : 0, TX_PARTY_KIND_FIELD);
	print_words(out, "渠道", "channel", gate->channels != open.channels ? gate->channels : 0, TX_CHANNEL_FIELD);
	if (gate->amount.from > open.amount.from && gate->amount.from > 0) {
		money_format_grouped(gate->amount.from, MONEY_CNY, least);
		fprintf(out, "  金额 amount: ≥ CNY %s\n", least);
	}
	if (gate->novelty != open.novelty)
		fprintf(out, "  对方 counterparty:%s%s\n", gate->novelty & GATE_NEW ? " 新 new" : "",
		        gate->novelty & GATE_KNOWN ? " 旧 known" : "");
}

/* The expressions on whose gate the pattern hangs. */
static uint32_t gates_of(const struct pattern_set *set, const struct pattern *p)
{
	uint32_t number = (uint32_t)(p - set->patterns), count = 0;

	for (uint32_t i = 0; i < set->atom_count; i++)
		for (uint32_t j = 0; j < set->atoms[i].gate_count; j++)
			count += set->atoms[i].gates[j] == number;
	return count;
}

static void print_gates(const struct describing *d)
{
	const struct plan_detect *detect = d->pattern->detect;
	uint32_t expressions = gates_of(d->set, d->pattern);

	fprintf(d->out, "\n门 · gates\n");
	if (expressions > 0)
		fprintf(d->out, "  文字 text: 须出现 %u 个表达式之一 one of %u expressions must be there\n", expressions,
		        expressions);
	else
		fprintf(d->out, "  文字 text: 无 none\n");
	for (uint32_t i = 0; i < detect->part_count; i++)
		if (detect->parts[i].kind == PART_WHERE)
			print_gate(&detect->parts[i].where->gate, d->out);
}

/* Every honest history through the pipeline; each is an account of its own by its bank's number. */
static uint64_t play_histories(const struct describing *d, struct settings *settings)
{
	struct history_shelf shelf = {0};
	struct work *work = work_new(NULL);
	uint64_t txs = 0;

	for (uint8_t kind = 1; kind < PATTERN_HISTORY_COUNT; kind++) {
		const struct history *h = history_get(&shelf, kind, MONDAY);
		struct shard *shard = shard_new(settings, d->set);
		shard_show_shadow(shard, true);
		shard_time_patterns(shard, true);
		for (size_t i = 0; i < h->tx_count; i++) {
			work_reset(work);
			pipeline_tx(shard, &h->txs[i], 0, work);
		}
		txs += h->tx_count;
		shard_free(&shard); /* brings its counts to the set */
	}
	work_free(work);
	history_shelf_free(&shelf);
	return txs;
}

static void print_costs(const struct describing *d)
{
	struct settings settings;
	struct pattern_costs costs;
	uint64_t txs;

	settings_defaults(&settings);
	settings.engine_accounts = 1024;
	txs = play_histories(d, &settings);
	settings_free(&settings);
	costs = pattern_set_costs(d->set, (size_t)(d->pattern - d->set->patterns));
	fprintf(d->out,
	        "\n在 %d 段正常经营的历史上 · on %d honest histories, %" PRIu64 " 笔 transactions\n"
	        "  过门 looked at: %" PRIu64 " (%.2f%%)\n  命中 hits: %" PRIu64 "\n",
	        PATTERN_HISTORY_COUNT - 1, PATTERN_HISTORY_COUNT - 1, txs, costs.looked,
	        100.0 * (double)costs.looked / (double)txs, costs.hits);
	if (costs.sampled > 0)
		fprintf(d->out, "  每次 each: %.0f ns\n", (double)costs.sampled_ns / (double)costs.sampled);
}

static void print_head(const struct describing *d, const struct catalogue *catalogue)
{
	const struct pattern *p = d->pattern;
	const struct catalogue_entry *t = catalogue_typology(catalogue, p->typology);
	uint32_t hits = 0, evasive = 0;

	for (uint32_t i = 0; i < p->test_count; i++) {
		hits += p->tests[i].expect_hit;
		evasive += p->tests[i].evasive;
	}
	fprintf(d->out, "%.*s · %.*s\n%.*s %u, %s, %.*s %s %s\n", SLICE_PRINT(p->title.zh), SLICE_PRINT(p->title.en),
	        SLICE_PRINT(p->id), p->version, pattern_status_names[p->status], SLICE_PRINT(p->typology),
	        t != NULL ? t->zh.at : "", t != NULL ? t->en.at : "");
	fprintf(d->out, "%s%s, %u 分 points; 测试 tests: %u 命中 hit (%u 变形 evasive), %u 不命中 miss\n",
	        p->audience == AUDIENCE_ENTERPRISE ? "提醒企业 warns the enterprise" : "仅供研判 for analysts only",
	        p->withholds_warnings ? "，命中时不提醒企业 withholds warnings" : "",
	        p->score, hits, evasive, p->test_count - hits);
}

static void print_false_positives(const struct describing *d)
{
	if (d->pattern->false_positive_count > 0)
		fprintf(d->out, "\n已知误报 · known false positives\n");
	for (uint32_t i = 0; i < d->pattern->false_positive_count; i++)
		fprintf(d->out, "  %.*s\n", SLICE_PRINT(d->pattern->false_positives[i]));
}

int workshop_describe(const char *patterns_dir, struct slice id, FILE *out, struct error *error)
{
	struct pattern_options options = {.run_all = true};
	struct describing d = {.out = out};
	struct catalogue *catalogue = NULL;
	int result = -1;

	if (pattern_set_load(patterns_dir, &options, &d.set, error) == -1)
		return -1;
	d.pattern = pattern_set_find(d.set, id);
	if (d.pattern == NULL)
		error_set(error, "there is no pattern `%.*s`; `huqi list patterns` shows all", SLICE_PRINT(id));
	else
		result = catalogue_load(patterns_dir, &catalogue, error);
	if (result == 0) {
		print_head(&d, catalogue);
		print_parts(d.pattern, out);
		print_gates(&d);
		print_costs(&d);
		print_false_positives(&d);
	}
	catalogue_free(&catalogue);
	pattern_set_free(&d.set);
	return result;
}
