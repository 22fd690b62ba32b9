#include "store/row_read.h"

enum { FIRST_ITEMS = 8 };

struct slice row_copy(sqlite3_stmt *statement, int column, struct arena *arena)
{
	const char *bytes = sqlite3_column_blob(statement, column);
	struct slice borrowed = {bytes, (uint32_t)sqlite3_column_bytes(statement, column)};

	if (sqlite3_column_type(statement, column) == SQLITE_NULL)
		return (struct slice){0};
	return arena_copy(arena, borrowed);
}

static bool is_power_of_two(size_t n)
{
	return (n & (n - 1)) == 0;
}

/* The capacity is derived from the count: the next power of two, at least FIRST_ITEMS. */
void *row_grow(struct arena *arena, void *items, size_t count, size_t size)
{
	void *grown;

	if (items == NULL)
		return arena_take(arena, FIRST_ITEMS * size);
	if (count < FIRST_ITEMS || !is_power_of_two(count))
		return items;
	grown = arena_take(arena, 2 * count * size);
	if (grown != NULL)
		memcpy(grown, items, count * size);
	return grown;
}

int row_check(sqlite3_stmt *statement, const struct arena *arena, const char *what, struct error *error)
{
	sqlite3_reset(statement);
	if (!arena_overflowed(arena))
		return 0;
	return error_set(error, "%s: more than the %zu bytes that one reading may take", what, arena->most_bytes);
}
