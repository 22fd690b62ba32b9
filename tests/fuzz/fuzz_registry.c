/*
 * Any bytes as a file of the registry: the first one says which file. What it may do: refuse. Every text
 * taken is valid UTF-8 within its column's limit, lines never go back, nothing is both refused and taken, and what is
 * taken of one person does not contradict itself.
 */
#include <assert.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "deliver/deliver.h"
#include "registry/import.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static int check_contact(void *arg, struct slice *channel, struct slice address, struct slice secret,
                         bool *needs_code_r, struct error *error)
{
	(void)arg;
	return deliver_check_contact(channel, address, secret, false, needs_code_r, error);
}

static void look_at(const struct registry_rows *rows)
{
	int first = (int)column_first(rows->file), line = 0;

	for (size_t i = 0; i < rows->count; i++) {
		const struct registry_row *row = &rows->rows[i];
		assert(row->line > line);
		line = row->line;
		for (int j = first; j < (int)column_first(rows->file + 1) && !row->refused; j++) {
			struct slice value = row->values[j - first];
			assert(value.length == 0 || utf8_valid(value.at, value.length));
			assert(value.length == 0 || utf8_count(value) <= columns[j].characters_max);
			assert(value.length > 0 || columns[j].need == COLUMN_OPTIONAL);
		}
	}
}

static bool same(const struct registry_rows *rows, const struct registry_row *a, const struct registry_row *b,
                 enum column column)
{
	return slice_equal(registry_value(rows, a, column), registry_value(rows, b, column));
}

static void look_at_persons(const struct registry_rows *rows)
{
	enum { LOOKED_AT_MAX = 64 };
	size_t count = rows->count < LOOKED_AT_MAX ? rows->count : LOOKED_AT_MAX;

	for (size_t i = 0; i < count; i++)
		for (size_t j = i + 1; j < count; j++) {
			const struct registry_row *a = &rows->rows[i], *b = &rows->rows[j];
			if (a->refused || b->refused || !same(rows, a, b, COLUMN_CONTACTS_OWNER) ||
			    !same(rows, a, b, COLUMN_CONTACTS_NAME))
				continue;
			for (int c = COLUMN_CONTACTS_ROLE; c <= COLUMN_CONTACTS_TRAINED; c++)
				assert(same(rows, a, b, (enum column)c));
		}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct registry_import what = {.folder = "", .actor = "fuzz", .check_contact = check_contact};
	struct registry_report report = {.issues = calloc(REGISTRY_ISSUES_MAX, sizeof(struct registry_issue))};
	struct registry_rows rows;
	struct error error;
	struct csv csv;

	if (length == 0 || report.issues == NULL) {
		free(report.issues);
		return 0;
	}
	arena_init(&report.arena, 64 << 20);
	csv_open_bytes(&csv, (const char *)bytes + 1, length - 1);
	if (registry_rows_read(&rows, (enum registry_file)(bytes[0] % REGISTRY_FILE_COUNT), &csv, &what, &report,
	                       &error) == 0) {
		look_at(&rows);
		if (rows.file == REGISTRY_CONTACTS)
			look_at_persons(&rows);
	}
	registry_rows_free(&rows);
	csv_close(&csv);
	registry_report_free(&report);
	return 0;
}
