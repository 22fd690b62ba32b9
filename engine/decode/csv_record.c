#include "decode/csv_record.h"

static bool at_cell_end(const struct csv_cursor *c)
{
	return c->at == c->end || *c->at == ',' || *c->at == '\n' ||
	       (*c->at == '\r' && c->at + 1 < c->end && c->at[1] == '\n');
}

static void skip_padding(struct csv_cursor *c)
{
	while (c->at < c->end && (*c->at == ' ' || *c->at == '\t' || (*c->at == '\r' && !at_cell_end(c))))
		c->at++;
}

/* `raw` without tabs, and with "" read as one quote where it was quoted. Copied only where that changes
 * something. */
static struct slice clean(struct csv_cursor *c, struct slice raw, bool quoted)
{
	bool changes = raw.length > 0 && (memchr(raw.at, '\t', raw.length) != NULL ||
	                                  (quoted && memchr(raw.at, '"', raw.length) != NULL));
	char *copy = changes ? arena_take(c->arena, raw.length) : NULL;
	uint32_t length = 0;

	if (copy == NULL)
		return slice_trim(raw);
	for (uint32_t i = 0; i < raw.length; i++) {
		if (raw.at[i] == '\t')
			continue;
		copy[length++] = raw.at[i];
		if (quoted && raw.at[i] == '"')
			i++; /* its twin */
	}
	return slice_trim((struct slice){copy, length});
}

/* Behind the opening quote. The text between the quotes goes to `raw_r`. */
static const char *quoted_cell(struct csv_cursor *c, struct slice *raw_r)
{
	const char *from = c->at;

	for (; c->at < c->end; c->at++) {
		if (*c->at != '"')
			continue;
		if (c->at + 1 < c->end && c->at[1] == '"') {
			c->at++;
			continue;
		}
		*raw_r = (struct slice){from, (uint32_t)(c->at - from)};
		c->at++;
		skip_padding(c);
		return at_cell_end(c) ? NULL : "has text behind a closing quote; expected a comma or the line's end";
	}
	return "has a quote that is never closed";
}

static const char *read_cell(struct csv_cursor *c, struct slice *cell_r)
{
	struct slice raw = {0};
	const char *from, *fault;

	skip_padding(c);
	if (c->at < c->end && *c->at == '"') {
		c->at++;
		fault = quoted_cell(c, &raw);
		*cell_r = clean(c, raw, true);
		return fault;
	}
	for (from = c->at; !at_cell_end(c);)
		c->at++;
	*cell_r = clean(c, (struct slice){from, (uint32_t)(c->at - from)}, false);
	return NULL;
}

/* Behind a cell: true where a comma says that another follows; else moves behind the line's end. */
static bool more_cells(struct csv_cursor *c)
{
	if (c->at < c->end && *c->at == ',') {
		c->at++;
		return true;
	}
	if (c->at < c->end && *c->at == '\r')
		c->at++;
	if (c->at < c->end && *c->at == '\n')
		c->at++;
	return false;
}

static enum csv_result read_record(struct csv_cursor *c, struct csv_record *record, const char **fault_r)
{
	record->count = 0;
	do {
		if (record->count == CSV_CELLS_MAX) {
			*fault_r = "has more than 128 columns";
			return CSV_FAULT;
		}
		*fault_r = read_cell(c, &record->cells[record->count++]);
		if (*fault_r != NULL)
			return CSV_FAULT;
	} while (more_cells(c));
	return CSV_RECORD;
}

enum csv_result csv_record_next(struct csv_cursor *cursor, struct csv_record *record, const char **fault_r)
{
	_Static_assert(CSV_CELLS_MAX == 128, "the words above say 128");
	while (cursor->at < cursor->end) {
		cursor->records++;
		if (read_record(cursor, record, fault_r) == CSV_FAULT)
			return CSV_FAULT;
		if (record->count > 1 || record->cells[0].length > 0)
			return CSV_RECORD;
	}
	return CSV_END;
}
