/*
 * What a dry run tells, row by row. It is for people's eyes and masked like everything that leaves the store (I9).
 */
#include <stdio.h>

#include "base/ident.h"
#include "base/utf8.h"
#include "registry/import.h"

enum { TELL_BYTES = 2048, SHOWN_CHARACTERS_MAX = 40, SHOWN_BYTES = 4 * SHOWN_CHARACTERS_MAX + 8 };

/* How a value is shown; `bytes` has room for any of it. */
static const char *shown(enum column column, struct slice value, char bytes[IDENT_MASKED_BYTES + SHOWN_BYTES])
{
	if (value.length == 0)
		return "-";
	switch (column) {
	case COLUMN_CONTACTS_SECRET:
	case COLUMN_ENTERPRISES_STAFF:
		return "***";
	case COLUMN_CONTACTS_ADDRESS:
		return ident_mask_address(value, bytes);
	case COLUMN_ACCOUNTS_ACCOUNT:
		return ident_mask_account(value, bytes);
	case COLUMN_CONTACTS_NAME:
	case COLUMN_CONTACTS_STAND_IN:
	case COLUMN_ENTERPRISES_LEGAL:
		return ident_mask_name(value, bytes);
	default:
		snprintf(bytes, SHOWN_BYTES, "%.*s%s", SLICE_PRINT(utf8_cut(value, SHOWN_CHARACTERS_MAX)),
		         utf8_count(value) > SHOWN_CHARACTERS_MAX ? "…" : "");
		return bytes;
	}
}

static int add(char *text, int length, const char *more)
{
	int added = snprintf(text + length, TELL_BYTES - (size_t)length, "%s", more);

	return length + added < TELL_BYTES ? length + added : TELL_BYTES - 1;
}

void import_tell(struct import_job *job, const struct registry_rows *rows, const struct registry_row *row, int change,
                 const struct import_field *fields, size_t count)
{
	char text[TELL_BYTES] = "", one[IDENT_MASKED_BYTES + SHOWN_BYTES], name[64];
	struct registry_report *report = job->report;
	int length = 0;

	if (!job->what->dry_run || (change != STORE_INSERTED && change != STORE_CHANGED) ||
	    report->change_count == REGISTRY_CHANGES_MAX)
		return;
	for (size_t i = 0; i < count; i++) {
		const struct import_field *f = &fields[i];
		if (f->after.at == NULL || slice_equal(f->before, f->after))
			continue;
		snprintf(name, sizeof(name), "%s%.*s: ", length > 0 ? "; " : "", SLICE_PRINT(column_name(f->column)));
		length = add(text, length, name);
		if (change == STORE_CHANGED) {
			length = add(text, length, shown(f->column, f->before, one));
			length = add(text, length, " → ");
		}
		length = add(text, length, shown(f->column, f->after, one));
	}
	report->changes[report->change_count++] = (struct registry_change){
		rows->file, row->line, change == STORE_INSERTED, arena_copy(&report->arena, slice_of(text)).at};
}
