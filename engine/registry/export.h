/*
 * The registry as the files that an import takes.
 *
 * Accounts, contacts and the names of people are personal data: they leave only with a reason, which the audit keeps
 * before the first byte is written (I9, I10). Without one, jurisdictions.csv and enterprises.csv are written, the
 * latter without legal representatives and staff.
 */
#ifndef REGISTRY_EXPORT_H
#define REGISTRY_EXPORT_H

#include <stdbool.h>

#include "store/store.h"

struct registry_export {
	const char *folder; /* there already */
	const char *reason; /* NULL or "": no personal data */
	const char *actor;
	bool gb18030, chinese; /* the encoding; the names in the header */
};

struct registry_exported {
	int64_t jurisdictions, enterprises, accounts, contacts; /* rows; -1: no such file */
};

/* Reads through `reader`, audits through `writer`. Files that are there already end it. */
int registry_export(struct store_writer *writer, struct store *reader, const struct registry_export *what,
                    struct registry_exported *done_r, struct error *error);

#endif
