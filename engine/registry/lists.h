/*
 * Lists kept in the store: taken from a folder of CSV files, given back as one.
 */
#ifndef REGISTRY_LISTS_H
#define REGISTRY_LISTS_H

#include "reference/reference.h"
#include "store/store.h"

/* What the import of one list did. */
struct lists_tally {
	struct slice list; /* lives as long as the import's report */
	size_t inserted, changed, unchanged, removed;
};

struct lists_import {
	const char *folder;
	bool dry_run; /* say what would change, change nothing */
	const char *actor; /* for the audit (I10) */
	reference_report *report; /* gets each row that is refused; may be NULL */
	void *context;
};

struct lists_report {
	struct lists_tally tallies[REFERENCE_LISTS_MAX];
	size_t count, refused;
	struct reference *reference; /* held: what was read */
};

/*
 * Makes each list that the folder has in the store what its file says: entries that are not in the file go.
 * Lists without a file stay. A large list is written in several transactions, so that a running service is
 * not held up: broken off, it is begun again, which does no harm. -1: the folder cannot be read (nothing
 * changed), or the store fails. The report needs lists_report_free() in either case.
 */
int lists_import(struct store_writer *writer, const struct lists_import *what, struct lists_report *report_r,
                 struct error *error);
void lists_report_free(struct lists_report *report);

/*
 * Writes every list of the store (or `only`, where it is not empty) to FOLDER/NAME.csv, as an import reads
 * it. `reason` says why personal data leaves the store (I9); the audit keeps it. The entries written, or -1.
 */
int64_t lists_export(struct store_writer *writer, const char *folder, struct slice only, const char *actor,
                     const char *reason, struct error *error);

/* "2026-12-31" where the entry lasts through a day in China, a time of RFC 3339 otherwise, "" for ever. */
const char *lists_expiry_text(int64_t expires_ms, char text_r[32]);

#endif
