/*
 * What patterns ask beside the feed: the entries of lists, and every enterprise and account at a time.
 * Writing happens inside a job, reading on any connection. What an entry may say is checked by reference/,
 * not here.
 */
#ifndef STORE_REFERENCE_ROWS_H
#define STORE_REFERENCE_ROWS_H

#include "store/registry_rows.h"

/* Slices borrow: of a row read, until the next one; of a row written, from the caller. */
struct list_entry_row {
	struct slice list, kind; /* kind: account, name, ip, uscc */
	struct slice spelling, pattern; /* with list and kind the key; schema_002.sql */
	struct slice value, reason, source;
	int64_t expires_ms; /* INT64_MAX: never */
};

/* Insert or change by key; enum store_change, or -1. */
int store_list_entry_put(struct store *store, const struct list_entry_row *row, struct error *error);
/* The rows removed (0 or 1), or -1. */
int store_list_entry_remove(struct store *store, const struct list_entry_row *key, struct error *error);

/*
 * Each entry of `list`, or of all lists where it is empty, by key. `each` ends it with -1 and `error` filled.
 */
int store_list_entries_each(struct store *store, struct slice list,
                            int (*each)(void *arg, const struct list_entry_row *row,
                                        struct error *error), void *arg,
                            struct error *error);

/* Each enterprise by USCC; each account by bank and account. */
int store_enterprises_each(struct store *store,
                           int (*each)(void *arg, const struct enterprise_row *row,
                                       struct error *error), void *arg,
                           struct error *error);
int store_accounts_each(struct store *store,
                        int (*each)(void *arg, const struct account_row *row, struct error *error), void *arg,
                        struct error *error);

#endif
