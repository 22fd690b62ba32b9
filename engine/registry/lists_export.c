/*
 * Lists of the store as files, in the form in which they are imported.
 */
#include <limits.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/csv_writer.h"
#include "base/instant.h"
#include "registry/lists.h"

enum { LIST_COLUMNS = 5 };

struct exporting {
	const char *folder, *actor, *reason;
	struct slice only;
	struct csv_writer file; /* of the list at hand */
	char list[REFERENCE_NAME_BYTES_MAX + 1];
	int64_t entries;
	size_t lists;
};

const char *lists_expiry_text(int64_t expires_ms, char text_r[32])
{
	_Static_assert(INSTANT_TEXT_BYTES == 32, "the header says 32");
	text_r[0] = '\0';
	if (expires_ms == INT64_MAX)
		return text_r;
	if ((expires_ms + INSTANT_CHINA_MS) % INSTANT_DAY_MS == 0)
		instant_format_date(instant_china_day(expires_ms) - 1, text_r);
	else
		instant_format(expires_ms, text_r);
	return text_r;
}

static void put_row(struct exporting *e, const struct slice values[LIST_COLUMNS])
{
	for (int i = 0; i < LIST_COLUMNS; i++)
		csv_writer_field(&e->file, values[i]);
	csv_writer_end_row(&e->file);
}

static int open_file(struct exporting *e, struct slice list, struct error *error)
{
	char path[PATH_MAX];

	if (csv_writer_close(&e->file, error) == -1)
		return -1;
	if (!reference_is_name(list))
		return error_set(error, "the store has a list that cannot be a file's name");
	snprintf(e->list, sizeof(e->list), "%.*s", SLICE_PRINT(list));
	if (snprintf(path, sizeof(path), "%s/%s.csv", e->folder, e->list) >= (int)sizeof(path))
		return error_set(error, "the folder's name is too long");
	if (csv_writer_open(&e->file, path, false, error) == -1)
		return -1;
	e->lists++;
	put_row(e, (const struct slice[]){slice_of("value"), slice_of("kind"), slice_of("reason"), slice_of("source"),
	                                  slice_of("expires")});
	return 0;
}

static int put_entry(void *arg, const struct list_entry_row *row, struct error *error)
{
	struct exporting *e = arg;
	char expires[32];

	if ((e->file.file == NULL || !slice_is(row->list, e->list)) && open_file(e, row->list, error) == -1)
		return -1;
	put_row(e, (const struct slice[]){row->value, row->kind, row->reason, row->source,
	                                  slice_of(lists_expiry_text(row->expires_ms, expires))});
	e->entries++;
	return 0;
}

/*
 * A file that is there ends it, so a job that runs again after a failed commit says so instead of mixing two.
 */
static int run_export(struct store *store, void *arg, struct error *error)
{
	struct exporting *e = arg;
	char detail[512];
	int result = store_list_entries_each(store, e->only, put_entry, e, error);

	if (csv_writer_close(&e->file, result == 0 ? error : NULL) == -1)
		result = -1;
	if (result == -1)
		return -1;
	snprintf(detail, sizeof(detail), "%lld entries of %zu lists; reason: %.300s", (long long)e->entries,
	         e->lists, e->reason);
	return store_audit_put(store, clock_now_ms(), e->actor, "lists.export", e->list, detail, error);
}

int64_t lists_export(struct store_writer *writer, const char *folder, struct slice only, const char *actor,
                     const char *reason, struct error *error)
{
	struct exporting e = {.folder = folder, .actor = actor, .reason = reason, .only = only};

	return store_run(writer, run_export, &e, error) == -1 ? -1 : e.entries;
}
