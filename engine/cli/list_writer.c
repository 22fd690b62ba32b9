#include "cli/list_writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "base/utf8.h"
#include "cli/cli.h"

void list_begin(struct list_writer *w)
{
	w->doc = yyjson_mut_doc_new(NULL);
	w->rows = yyjson_mut_arr(w->doc);
	if (w->rows == NULL)
		die("out of memory: a list");
	yyjson_mut_doc_set_root(w->doc, w->rows);
}

void list_columns(struct list_writer *w, const char *const *names)
{
	for (w->column_count = 0; names[w->column_count] != NULL; w->column_count++)
		w->columns[w->column_count] = names[w->column_count];
}

void list_row(struct list_writer *w, const char *const *cells)
{
	yyjson_mut_val *row = yyjson_mut_arr_add_obj(w->doc, w->rows);

	for (int i = 0; i < w->column_count; i++)
		yyjson_mut_obj_add_strcpy(w->doc, row, w->columns[i], cells[i]);
}

/* Cells of a terminal: a Chinese character takes two. */
static int width(const char *text)
{
	int cells = 0;
	size_t length = strlen(text);

	for (size_t at = 0; at < length;)
		cells += utf8_next(text, &at) >= 0x1100 ? 2 : 1;
	return cells;
}

static void print_cell(const char *text, int to, bool last)
{
	for (const char *at = text; *at != '\0'; at++) /* what strangers wrote must not steer a terminal */
		putchar((unsigned char)*at < ' ' || *at == 0x7f ? '?' : *at);
	for (int i = width(text); !last && i < to + 2; i++)
		putchar(' ');
}

static void print_table(struct list_writer *w)
{
	int widths[LIST_COLUMNS_MAX] = {0};
	yyjson_mut_arr_iter rows;
	yyjson_mut_val *row;

	yyjson_mut_arr_iter_init(w->rows, &rows);
	while ((row = yyjson_mut_arr_iter_next(&rows)) != NULL)
		for (int i = 0; i < w->column_count; i++) {
			int cell = width(yyjson_mut_get_str(yyjson_mut_obj_get(row, w->columns[i])));
			widths[i] = cell > widths[i] ? cell : widths[i];
		}
	yyjson_mut_arr_iter_init(w->rows, &rows);
	while ((row = yyjson_mut_arr_iter_next(&rows)) != NULL) {
		for (int i = 0; i < w->column_count; i++)
			print_cell(yyjson_mut_get_str(yyjson_mut_obj_get(row, w->columns[i])), widths[i],
			           i + 1 == w->column_count);
		putchar('\n');
	}
}

int list_end(struct list_writer *w)
{
	int result = w->failed ? cli_fail(&w->error) : 0;

	if (!w->failed && w->json) {
		char *text = yyjson_mut_write(w->doc, YYJSON_WRITE_PRETTY_TWO_SPACES, NULL);
		if (text == NULL)
			die("out of memory: a list");
		puts(text);
		free(text);
	} else if (!w->failed) {
		print_table(w);
	}
	yyjson_mut_doc_free(w->doc);
	return result;
}
