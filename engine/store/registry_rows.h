/*
 * The registry's rows: jurisdictions, enterprises and their accounts (contacts are contact_rows.h's). Writing happens
 * inside a job, reading on any connection. What a row may say is checked by registry/, not here.
 */
#ifndef STORE_REGISTRY_ROWS_H
#define STORE_REGISTRY_ROWS_H

#include "base/arena.h"
#include "store/connection.h"

/* What putting a row did to the store. */
enum store_change { STORE_UNCHANGED, STORE_INSERTED, STORE_CHANGED };

/*
 * Slices borrow from the arena given, or from the caller when written; then `at` NULL leaves what is there, except for
 * the key, the names and an account's USCC.
 */
struct jurisdiction_row {
	struct slice code, parent, name_zh, name_en, bank_city;
};

struct enterprise_row {
	struct slice uscc, name, industry, scope, address, registered_on, legal_representative, jurisdiction;
	struct slice staff; /* names as given */
	struct slice former_names; /* by ; */
	struct slice status; /* active | closed: nobody of it is warned */
};

struct account_row {
	struct slice bank, account, uscc, name, opened_on;
};

/* Insert or change by key; enum store_change, or -1. */
int store_jurisdiction_put(struct store *store, const struct jurisdiction_row *row, struct error *error);
int store_enterprise_put(struct store *store, const struct enterprise_row *row, struct error *error);
int store_account_put(struct store *store, const struct account_row *row, struct error *error);

/* 1 found, 0 none, -1. */
int store_jurisdiction_get(struct store *store, struct slice code, struct arena *arena,
                           struct jurisdiction_row *row_r, struct error *error);
int store_jurisdiction_of_city(struct store *store, struct slice bank_city, struct arena *arena,
                               struct jurisdiction_row *row_r, struct error *error);
int store_enterprise_get(struct store *store, struct slice uscc, struct arena *arena, struct enterprise_row *row_r,
                         struct error *error);
/* The first by USCC of this name, or that once had it. */
int store_enterprise_named(struct store *store, struct slice name, struct arena *arena, struct enterprise_row *row_r,
                           struct error *error);
int store_account_get(struct store *store, struct slice bank, struct slice account, struct arena *arena,
                      struct account_row *row_r, struct error *error);

/* The accounts of an enterprise, or of this number at any bank; at most `limit`. */
int store_accounts_of(struct store *store, struct slice uscc, int limit, struct arena *arena,
                      struct account_row **rows_r, size_t *count_r, struct error *error);
int store_accounts_numbered(struct store *store, struct slice account, int limit, struct arena *arena,
                            struct account_row **rows_r, size_t *count_r, struct error *error);
/* All, by code; texts are valid for the call. */
int store_jurisdictions_each(struct store *store, int (*each)(void *arg, const struct jurisdiction_row *row,
                                                              struct error *error),
                             void *arg, struct error *error);

/* What the registry holds, for /stats and the command line. */
struct registry_totals {
	int64_t jurisdictions, enterprises, accounts, contacts;
};
int store_registry_totals(struct store *store, struct registry_totals *totals_r, struct error *error);

#endif
