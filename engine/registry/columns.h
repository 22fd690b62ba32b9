/*
 * The registry's columns as a table, and the check of a value alone.
 */
#ifndef REGISTRY_COLUMNS_H
#define REGISTRY_COLUMNS_H

#include "registry/registry.h"

#define COLUMN_NONE (-1)
#define COLUMN_REASON_BYTES 320

enum column {
#define COLUMN(file, symbol, names, need, characters_max, check) COLUMN_##file##_##symbol,
#include "registry/columns.def"
#undef COLUMN
	COLUMN_COUNT
};

enum column_need { COLUMN_KEY, COLUMN_REQUIRED, COLUMN_OPTIONAL };

/* What a check says. ASIDE: the row is taken without this value. */
enum column_fault { COLUMN_FINE, COLUMN_WARNED, COLUMN_ASIDE, COLUMN_REFUSED };

struct column_info {
	enum registry_file file;
	const char *names; /* all, by `|`, the English one first */
	enum column_need need;
	uint32_t characters_max;
	/* May replace the value by its proper form (in `arena`). Not asked about an empty one. */
	enum column_fault (*check)(struct slice *value, struct arena *arena, char reason_r[COLUMN_REASON_BYTES]);
};

extern const struct column_info columns[COLUMN_COUNT];

/* The columns of a file are [column_first(file), column_first(file + 1)). */
enum column column_first(enum registry_file file);
/* The English name. */
struct slice column_name(enum column column);
/* The column of a file that a header calls `name`; COLUMN_NONE. */
int column_find(enum registry_file file, struct slice name);
/* Length, presence and check of one value. */
enum column_fault column_check(enum column column, struct slice *value, struct arena *arena,
                               char reason_r[COLUMN_REASON_BYTES]);

#endif
