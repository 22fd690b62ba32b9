/*
 * What a comparison of two sets says: as tables with a few examples, and as JSON with all changes.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <yyjson.h>

#include "base/instant.h"
#include "workshop/diff.h"

enum { EXAMPLES = 3 };

static const char *const change_names[DIFF_CHANGES] = {
	[DIFF_GAINED] = "gained", [DIFF_LOST] = "lost", [DIFF_RAISED] = "raised", [DIFF_LOWERED] = "lowered"};
static const char *const change_words[DIFF_CHANGES] = {
	[DIFF_GAINED] = "新增 gained", [DIFF_LOST] = "消失 lost", [DIFF_RAISED] = "升级 raised",
	[DIFF_LOWERED] = "降级 lowered"};

typedef void pattern_change(void *context, const char *what, const struct pattern *before,
                            const struct pattern *after);

static bool same_pattern(const struct pattern *a, const struct pattern *b)
{
	if (a->version != b->version || a->status != b->status || a->score != b->score ||
	    a->written_count != b->written_count)
		return false;
	for (uint32_t i = 0; i < a->written_count; i++)
		if (!slice_equal(a->written[i].key, b->written[i].key) ||
		    !slice_equal(a->written[i].text, b->written[i].text))
			return false;
	return true;
}

static void each_pattern_change(const struct diff *d, pattern_change *report, void *context)
{
	for (size_t i = 0; i < pattern_set_count(d->after.set); i++) {
		const struct pattern *after = pattern_set_at(d->after.set, i);
		const struct pattern *before = pattern_set_find(d->before.set, after->id);
		if (before == NULL)
			report(context, "added", NULL, after);
		else if (!same_pattern(before, after))
			report(context, "changed", before, after);
	}
	for (size_t i = 0; i < pattern_set_count(d->before.set); i++) {
		const struct pattern *before = pattern_set_at(d->before.set, i);
		if (pattern_set_find(d->after.set, before->id) == NULL)
			report(context, "removed", before, NULL);
	}
}

static void print_pattern(void *context, const char *what, const struct pattern *before,
                          const struct pattern *after)
{
	const struct pattern *p = after != NULL ? after : before;

	fprintf(context, "%-8s %.*s", what, SLICE_PRINT(p->id));
	if (before != NULL && after != NULL && before->version != after->version)
		fprintf(context, " %u → %u", before->version, after->version);
	if (before != NULL && after != NULL && before->status != after->status)
		fprintf(context, " %s → %s", pattern_status_names[before->status], pattern_status_names[after->status]);
	if (before != NULL && after != NULL && before->score != after->score)
		fprintf(context, " %u → %u", before->score, after->score);
	fputc('\n', context);
}

static void print_example(const struct diff_alert *a, enum diff_change change, FILE *out)
{
	char opened[INSTANT_TEXT_BYTES];

	instant_format_china(a->opened_ms, opened);
	fprintf(out, "  %-22s %.*s %s %.*s/%.*s tx %.*s", change_words[change], SLICE_PRINT(a->typology), opened,
	        SLICE_PRINT(a->bank), SLICE_PRINT(a->account), SLICE_PRINT(a->first_tx));
	if (a->other != NULL)
		fprintf(out, " %s → %s", alert_level_names[a->other->level], alert_level_names[a->level]);
	else
		fprintf(out, " %s", alert_level_names[a->level]);
	fprintf(out, ": %.*s\n", SLICE_PRINT(a->patterns));
}

static void print_examples(const struct diff *d, const char *code, FILE *out)
{
	for (int change = 0; change < DIFF_CHANGES; change++) {
		bool after = change != DIFF_LOST;
		const struct diff_side *side = after ? &d->after : &d->before;
		int shown = 0;
		for (size_t i = 0; i < side->count && shown < EXAMPLES; i++) {
			const struct diff_alert *a = &side->alerts[i];
			if (!slice_is(a->typology, code) || diff_change_of(a, after) != (enum diff_change)change)
				continue;
			print_example(a, (enum diff_change)change, out);
			shown++;
		}
	}
}

static bool changed(const struct diff_typology *t)
{
	for (int change = 0; change < DIFF_CHANGES; change++)
		if (t->changes[change] > 0)
			return true;
	return false;
}

void workshop_diff_table(const struct diff *diff, FILE *out)
{
	each_pattern_change(diff, print_pattern, out);
	fprintf(out,
	        "\n%" PRIu64 " 笔交易 transactions\n\n"
	        "类型       原有   现有   新增   消失   升级   降级\n"
	        "typology before  after gained   lost raised lowered\n",
	        diff->txs);
	for (size_t i = 0; i < diff->typology_count; i++) {
		const struct diff_typology *t = &diff->typologies[i];
		fprintf(out, "%-8s %6u %6u %6u %6u %6u %7u\n", t->code, t->before, t->after, t->changes[DIFF_GAINED],
		        t->changes[DIFF_LOST], t->changes[DIFF_RAISED], t->changes[DIFF_LOWERED]);
	}
	for (size_t i = 0; i < diff->typology_count; i++) {
		const struct diff_typology *t = &diff->typologies[i];
		if (!changed(t))
			continue;
		fprintf(out, "\n%s\n", t->code);
		print_examples(diff, t->code, out);
	}
}

struct json_list {
	yyjson_mut_doc *document;
	yyjson_mut_val *list;
};

static void add_pattern(void *context, const char *what, const struct pattern *before,
                        const struct pattern *after)
{
	struct json_list *l = context;
	const struct pattern *p = after != NULL ? after : before;
	yyjson_mut_val *o = yyjson_mut_arr_add_obj(l->document, l->list);

	yyjson_mut_obj_add_strncpy(l->document, o, "pattern", p->id.at, p->id.length);
	yyjson_mut_obj_add_strcpy(l->document, o, "change", what);
	if (before != NULL)
		yyjson_mut_obj_add_uint(l->document, o, "version_before", before->version);
	if (after != NULL)
		yyjson_mut_obj_add_uint(l->document, o, "version_after", after->version);
}

static void add_alert(struct json_list *l, const struct diff_alert *a, enum diff_change change)
{
	yyjson_mut_doc *d = l->document;
	yyjson_mut_val *o = yyjson_mut_arr_add_obj(d, l->list);
	char opened[INSTANT_TEXT_BYTES];

	instant_format(a->opened_ms, opened);
	yyjson_mut_obj_add_strcpy(d, o, "change", change_names[change]);
	yyjson_mut_obj_add_strncpy(d, o, "typology", a->typology.at, a->typology.length);
	yyjson_mut_obj_add_strcpy(d, o, "audience", audience_names[a->audience]);
	yyjson_mut_obj_add_strcpy(d, o, "level", alert_level_names[a->level]);
	if (a->other != NULL)
		yyjson_mut_obj_add_strcpy(d, o, "level_before", alert_level_names[a->other->level]);
	yyjson_mut_obj_add_strncpy(d, o, "bank", a->bank.at, a->bank.length);
	yyjson_mut_obj_add_strncpy(d, o, "account", a->account.at, a->account.length);
	yyjson_mut_obj_add_strcpy(d, o, "opened_at", opened);
	yyjson_mut_obj_add_strncpy(d, o, "tx", a->first_tx.at, a->first_tx.length);
	yyjson_mut_obj_add_strncpy(d, o, "patterns", a->patterns.at, a->patterns.length);
}

static void add_side(struct json_list *l, const struct diff_side *side, bool after)
{
	for (size_t i = 0; i < side->count; i++) {
		enum diff_change change = diff_change_of(&side->alerts[i], after);
		if (change != DIFF_CHANGES)
			add_alert(l, &side->alerts[i], change);
	}
}

static void add_typology(struct json_list *l, const struct diff_typology *t)
{
	yyjson_mut_val *o = yyjson_mut_arr_add_obj(l->document, l->list);

	yyjson_mut_obj_add_strcpy(l->document, o, "typology", t->code);
	yyjson_mut_obj_add_uint(l->document, o, "before", t->before);
	yyjson_mut_obj_add_uint(l->document, o, "after", t->after);
	for (int change = 0; change < DIFF_CHANGES; change++)
		yyjson_mut_obj_add_uint(l->document, o, change_names[change], t->changes[change]);
}

void workshop_diff_json(const struct diff *diff, FILE *out)
{
	yyjson_mut_doc *d = yyjson_mut_doc_new(NULL);
	yyjson_mut_val *root = yyjson_mut_obj(d);
	struct json_list list = {.document = d};
	char *text;

	yyjson_mut_doc_set_root(d, root);
	yyjson_mut_obj_add_uint(d, root, "transactions", diff->txs);
	list.list = yyjson_mut_obj_add_arr(d, root, "patterns");
	each_pattern_change(diff, add_pattern, &list);
	list.list = yyjson_mut_obj_add_arr(d, root, "typologies");
	for (size_t i = 0; i < diff->typology_count; i++)
		add_typology(&list, &diff->typologies[i]);
	list.list = yyjson_mut_obj_add_arr(d, root, "alerts");
	add_side(&list, &diff->before, false);
	add_side(&list, &diff->after, true);
	text = yyjson_mut_write(d, YYJSON_WRITE_PRETTY, NULL);
	if (text == NULL)
		die("out of memory: writing a comparison");
	fprintf(out, "%s\n", text);
	free(text);
	yyjson_mut_doc_free(d);
}
