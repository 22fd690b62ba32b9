/*
 * From rows to persons: what the rows of contacts.csv say together.
 *
 * It is judged before the store is asked, so a file is understood in one way whatever is there already.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/ident.h"
#include "registry/import.h"

static const enum column personal[] = {
	COLUMN_CONTACTS_ROLE,        COLUMN_CONTACTS_RANK,      COLUMN_CONTACTS_LANGUAGE, COLUMN_CONTACTS_QUIET,
	COLUMN_CONTACTS_ABSENT_FROM, COLUMN_CONTACTS_ABSENT_TO, COLUMN_CONTACTS_STAND_IN, COLUMN_CONTACTS_TRAINED,
};

enum { PERSONAL_COUNT = sizeof(personal) / sizeof(personal[0]) };

/* ---- a row ---- */

/* A centre has its duty and nothing else; an enterprise never has one. */
static void check_role(struct registry_rows *rows, struct registry_row *row, struct registry_report *report)
{
	bool centre = registry_value(rows, row, COLUMN_CONTACTS_OWNER).length == IDENT_DIVISION_LENGTH;
	bool duty = slice_is(registry_value(rows, row, COLUMN_CONTACTS_ROLE), "duty");

	if (centre != duty)
		registry_issue_add(report, rows->file, row, COLUMN_CONTACTS_ROLE, true,
		                   centre ? "the contacts of a centre (a division code) have the role duty"
		                          : "only a centre's contacts have the role duty, with its division code instead of a "
		                            "USCC");
}

static void check_absence(struct registry_rows *rows, struct registry_row *row, struct registry_report *report)
{
	struct slice from = registry_value(rows, row, COLUMN_CONTACTS_ABSENT_FROM);
	struct slice to = registry_value(rows, row, COLUMN_CONTACTS_ABSENT_TO);

	if (from.length == 0 || to.length == 0 || slice_compare(from, to) <= 0)
		return;
	registry_issue_add(report, rows->file, row, COLUMN_CONTACTS_ABSENT_TO, false,
	                   "the absence ends before it begins; taken without it");
	registry_value_set(rows, row, COLUMN_CONTACTS_ABSENT_FROM, slice_of(""));
	registry_value_set(rows, row, COLUMN_CONTACTS_ABSENT_TO, slice_of(""));
}

static void check_stand_in(struct registry_rows *rows, struct registry_row *row, struct registry_report *report)
{
	struct slice stand_in = registry_value(rows, row, COLUMN_CONTACTS_STAND_IN);

	if (stand_in.length == 0 || !slice_equal(stand_in, registry_value(rows, row, COLUMN_CONTACTS_NAME)))
		return;
	registry_issue_add(report, rows->file, row, COLUMN_CONTACTS_STAND_IN, false,
	                   "nobody stands in for himself; taken without it");
	registry_value_set(rows, row, COLUMN_CONTACTS_STAND_IN, slice_of(""));
}

/* ---- rows of one person ---- */

static int person_order(const void *a, const void *b, void *arg)
{
	const struct registry_row *x = *(struct registry_row *const *)a, *y = *(struct registry_row *const *)b;
	const struct registry_rows *rows = arg;
	int order = slice_compare(registry_value(rows, x, COLUMN_CONTACTS_OWNER),
	                          registry_value(rows, y, COLUMN_CONTACTS_OWNER));

	if (order == 0)
		order = slice_compare(registry_value(rows, x, COLUMN_CONTACTS_NAME),
		                      registry_value(rows, y, COLUMN_CONTACTS_NAME));
	return order;
}

static int person_line_order(const void *a, const void *b, void *arg)
{
	int order = person_order(a, b, arg);

	return order != 0 ? order : (*(struct registry_row *const *)a)->line - (*(struct registry_row *const *)b)->line;
}

/* What a person's rows said so far, and where. */
struct said {
	struct slice values[PERSONAL_COUNT];
	int lines[PERSONAL_COUNT];
};

static bool contradicts(const struct said *said, struct registry_rows *rows, struct registry_row *row,
                        struct registry_report *report)
{
	char reason[COLUMN_REASON_BYTES], masked[IDENT_MASKED_BYTES];

	for (int i = 0; i < PERSONAL_COUNT; i++) {
		struct slice value = registry_value(rows, row, personal[i]), before = said->values[i];
		if (value.length == 0 || before.length == 0 || slice_equal(value, before))
			continue;
		snprintf(reason, sizeof(reason), "line %d says `%s` of the same person; the rows of one person must agree",
		         said->lines[i], personal[i] == COLUMN_CONTACTS_STAND_IN ? ident_mask_name(before, masked)
		                                                                 : ident_mask_value(before, masked));
		registry_issue_add(report, rows->file, row, (int)personal[i], true, reason);
		return true;
	}
	return false;
}

static void join(struct registry_rows *rows, struct registry_row **group, size_t count, struct registry_report *report)
{
	struct said said = {0};

	for (size_t i = 0; i < count; i++) {
		if (contradicts(&said, rows, group[i], report))
			continue;
		for (int j = 0; j < PERSONAL_COUNT; j++) {
			struct slice value = registry_value(rows, group[i], personal[j]);
			if (said.values[j].length == 0 && value.length > 0) {
				said.values[j] = value;
				said.lines[j] = group[i]->line;
			}
		}
	}
	for (size_t i = 0; i < count; i++)
		for (int j = 0; j < PERSONAL_COUNT; j++)
			if (said.values[j].length > 0)
				registry_value_set(rows, group[i], personal[j], said.values[j]);
}

/* Looks for the stand-ins among the sorted rows; those that are not there may be in the store. */
static void find_stand_ins(struct registry_rows *rows, struct registry_row **sorted, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct registry_row wanted = *sorted[i], *key = &wanted;
		struct slice values[COLUMN_COUNT];
		struct slice name = registry_value(rows, sorted[i], COLUMN_CONTACTS_STAND_IN);
		if (name.length == 0)
			continue;
		memcpy(values, wanted.values, (size_t)(COLUMN_COUNT - COLUMN_CONTACTS_OWNER) * sizeof(values[0]));
		wanted.values = values;
		registry_value_set(rows, &wanted, COLUMN_CONTACTS_NAME, name);
		for (size_t from = 0, to = count; from < to;) {
			size_t middle = from + (to - from) / 2;
			int order = person_order(&sorted[middle], &key, rows);
			if (order == 0) {
				sorted[i]->stand_in_here = true;
				break;
			}
			from = order < 0 ? middle + 1 : from;
			to = order < 0 ? to : middle;
		}
	}
}

void registry_persons_join(struct registry_rows *rows, struct registry_report *report)
{
	struct registry_row **sorted = calloc(rows->count + 1, sizeof(*sorted));
	size_t count = 0;

	if (sorted == NULL)
		die("out of memory: the registry's persons");
	for (size_t i = 0; i < rows->count; i++) {
		struct registry_row *row = &rows->rows[i];
		if (!row->refused)
			check_role(rows, row, report);
		if (row->refused)
			continue;
		check_absence(rows, row, report);
		check_stand_in(rows, row, report);
		sorted[count++] = row;
	}
	qsort_r(sorted, count, sizeof(*sorted), person_line_order, rows);
	for (size_t from = 0, to; from < count; from = to) {
		for (to = from + 1; to < count && person_order(&sorted[from], &sorted[to], rows) == 0;)
			to++;
		join(rows, sorted + from, to - from, report);
	}
	find_stand_ins(rows, sorted, count);
	free(sorted);
}
