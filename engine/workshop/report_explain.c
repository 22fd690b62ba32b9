/*
 * What patterns say of a transaction: those that hit, then the nearest misses, a line a condition; or all of
 * it as JSON.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <yyjson.h>

#include "workshop/explain.h"
#include "workshop/words.h"

enum { ANSWER_COLUMNS = 10, PART_COLUMNS = 9 };

static const char *verdict(const struct told *told)
{
	return told->missing > 0 ? "missed" : told->waits ? "waits" : "hits";
}

static void print_line(const struct told_line *line, FILE *out)
{
	char answer[32];

	fprintf(out, "  %*s", 2 * line->depth, "");
	snprintf(answer, sizeof(answer), "%s %s", told_answers[line->answer][0], told_answers[line->answer][1]);
	words_cell(out, answer, ANSWER_COLUMNS);
	if (line->alternative > 0)
		fprintf(out, "%u. ", line->alternative);
	words_cell(out, told_parts[line->part], PART_COLUMNS);
	fprintf(out, " %.*s", SLICE_PRINT(line->asked));
	if (line->found.length > 0)
		fprintf(out, " — %.*s", SLICE_PRINT(line->found));
	fputc('\n', out);
}

static void print_pattern(const struct explanation *x, const struct told *told, FILE *out)
{
	const struct pattern *p = told->pattern;

	fprintf(out, "\n%.*s %.*s %s: ", SLICE_PRINT(p->id), SLICE_PRINT(p->typology),
	        pattern_status_names[p->status]);
	if (told->missing > 0)
		fprintf(out, "差 %u 条 missed by %u\n", told->missing, told->missing);
	else
		fputs(told->waits ? "待其他账户 waits for what other accounts do\n" : "命中 hits\n", out);
	for (size_t i = 0; i < told->count; i++)
		print_line(&x->lines[told->first + i], out);
}

void workshop_explain_table(const struct explanation *explanation, unsigned nearest, FILE *out)
{
	const struct explanation *x = explanation;
	unsigned shown = 0;

	fprintf(out, "%.*s\n", SLICE_PRINT(x->tx));
	for (size_t i = 0; i < x->pattern_count; i++) {
		shown += x->patterns[i].missing > 0;
		if (nearest > 0 && shown > nearest) {
			fprintf(out, "\n另有 %zu 个模式相差更远 %zu more patterns missed by more\n", x->pattern_count - i,
			        x->pattern_count - i);
			return;
		}
		print_pattern(x, &x->patterns[i], out);
	}
}

static void add_slice(yyjson_mut_doc *d, yyjson_mut_val *o, const char *key, struct slice text)
{
	yyjson_mut_obj_add_strncpy(d, o, key, text.length > 0 ? text.at : "", text.length);
}

static void add_line(yyjson_mut_doc *d, yyjson_mut_val *list, const struct told_line *line)
{
	yyjson_mut_val *o = yyjson_mut_arr_add_obj(d, list);

	yyjson_mut_obj_add_str(d, o, "part", told_parts[line->part]);
	if (line->depth > 0) {
		yyjson_mut_obj_add_uint(d, o, "depth", line->depth);
		yyjson_mut_obj_add_uint(d, o, "alternative", line->alternative);
	}
	yyjson_mut_obj_add_str(d, o, "answer", told_answers[line->answer][1]);
	add_slice(d, o, "asked", line->asked);
	add_slice(d, o, "found", line->found);
}

void workshop_explain_json(const struct explanation *explanation, FILE *out)
{
	const struct explanation *x = explanation;
	yyjson_mut_doc *d = yyjson_mut_doc_new(NULL);
	yyjson_mut_val *root = yyjson_mut_obj(d), *patterns;
	char *text;

	yyjson_mut_doc_set_root(d, root);
	yyjson_mut_obj_add_val(d, root, "tx", yyjson_mut_rawncpy(d, x->tx.at, x->tx.length));
	patterns = yyjson_mut_obj_add_arr(d, root, "patterns");
	for (size_t i = 0; i < x->pattern_count; i++) {
		const struct told *told = &x->patterns[i];
		yyjson_mut_val *o = yyjson_mut_arr_add_obj(d, patterns), *lines;
		add_slice(d, o, "pattern", told->pattern->id);
		yyjson_mut_obj_add_uint(d, o, "version", told->pattern->version);
		yyjson_mut_obj_add_str(d, o, "verdict", verdict(told));
		yyjson_mut_obj_add_uint(d, o, "missing", told->missing);
		lines = yyjson_mut_obj_add_arr(d, o, "conditions");
		for (size_t j = 0; j < told->count; j++)
			add_line(d, lines, &x->lines[told->first + j]);
	}
	text = yyjson_mut_write(d, YYJSON_WRITE_PRETTY, NULL);
	if (text == NULL)
		die("out of memory: writing an explanation");
	fprintf(out, "%s\n", text);
	free(text);
	yyjson_mut_doc_free(d);
}
