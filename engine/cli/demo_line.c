#include "cli/demo_line.h"

#include <stdio.h>
#include <yyjson.h>

#include "base/instant.h"
#include "base/money.h"
#include "cli/cli.h"
#include "desk_words.h"

static const char *const colours[] = {"", "\033[34m", "\033[33m", "\033[38;5;208m", "\033[31m"};

void demo_line_begin(struct demo_line *line, const struct settings *settings)
{
	struct error error;

	line->colours = cli_colours();
	line->catalogue = NULL;
	catalogue_load(settings->patterns_dir, &line->catalogue, &error);
}

void demo_line_end(struct demo_line *line)
{
	catalogue_free(&line->catalogue);
}

/* The reason of the hit with the highest score, in Chinese; "" where there is none. */
static const char *reason(yyjson_doc *doc)
{
	yyjson_val *hits = yyjson_obj_get(yyjson_doc_get_root(doc), "hits"), *hit, *best = NULL;
	size_t i, n;

	yyjson_arr_foreach(hits, i, n,
	                   hit) if (best == NULL || yyjson_get_int(yyjson_obj_get(hit, "score")) >
	                                                    yyjson_get_int(yyjson_obj_get(best, "score")))
		best = hit;
	const char *text = yyjson_get_str(yyjson_obj_get(yyjson_obj_get(best, "reason"), "zh"));
	return text != NULL ? text : "";
}

void demo_line_print(struct demo_line *line, const struct work_alert *alert)
{
	const struct alert_row *row = &alert->row;
	const struct catalogue_entry *typology =
		line->catalogue != NULL ? catalogue_typology(line->catalogue, row->typology) : NULL;
	char amount[MONEY_GROUPED_BYTES], at[INSTANT_TEXT_BYTES];
	yyjson_doc *doc;

	if (row->level <= alert->level_before)
		return;
	doc = yyjson_read(row->body.at, row->body.length, 0);
	money_format_grouped(row->amount_minor, MONEY_CNY, amount);
	instant_format_china(row->raised_ms, at);
	printf("%s  %s%.*s %-6s%s  %.*s  %.*s %.*s %.*s  ￥%s  %s\n", at,
	       line->colours ? colours[row->level] : "", SLICE_PRINT(desk_level_words(row->level).zh),
	       alert_level_names[row->level], line->colours ? "\033[0m" : "", SLICE_PRINT(row->account_name),
	       SLICE_PRINT(row->typology), SLICE_PRINT(typology != NULL ? typology->zh : row->typology),
	       SLICE_PRINT(typology != NULL ? typology->en : row->typology), amount,
	       doc != NULL ? reason(doc) : "");
	fflush(stdout);
	yyjson_doc_free(doc);
}
