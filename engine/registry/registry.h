/*
 * Who is warned: enterprises, their accounts and contacts, and the jurisdictions they belong to.
 *
 * It comes from four CSV files (seeds/README.md describes them), is kept in the store, and is asked by the
 * desk for each alert. It knows nothing of alerts or HTTP; what a channel takes for an address is the
 * caller's to say.
 */
#ifndef REGISTRY_REGISTRY_H
#define REGISTRY_REGISTRY_H

#include "base/arena.h"
#include "reference/reference.h"
#include "registry/export.h"
#include "registry/lists.h"
#include "registry/verify.h"
#include "store/store.h"

#define REGISTRY_ISSUES_MAX 1000 /* kept in a report; all are counted */
#define REGISTRY_CHANGES_MAX 1000 /* the same */

enum registry_file {
	REGISTRY_JURISDICTIONS, REGISTRY_ENTERPRISES, REGISTRY_ACCOUNTS, REGISTRY_CONTACTS, REGISTRY_FILE_COUNT
};

/* "jurisdictions.csv" … */
extern const char *const registry_file_names[REGISTRY_FILE_COUNT];

/* Something about a row: it was refused, or taken with a warning. Texts live in the report's arena. */
struct registry_issue {
	enum registry_file file;
	int line; /* where the row begins, from 1 */
	const char *field; /* the column's English name; "" where it is the row */
	const char *reason; /* names the value, masked, and what was expected */
	bool refused;
};

/* What a row did, or would do: told by a dry run. */
struct registry_change {
	enum registry_file file;
	int line;
	bool inserted;
	const char *what; /* "role: cashier → owner; quiet: - → 22:00-07:00", masked */
};

struct registry_report {
	struct registry_tally {
		bool present; /* the folder has this file */
		int inserted, changed, unchanged, refused, warned;
	} tallies[REGISTRY_FILE_COUNT];
	int waiting; /* ways that are not used before they are verified by a code; each is an issue, too */
	struct registry_issue *issues; /* REGISTRY_ISSUES_MAX at most, by file and line */
	size_t issue_count;
	struct registry_change *changes; /* of a dry run; REGISTRY_CHANGES_MAX at most */
	size_t change_count;
	struct arena arena;
};

struct registry_import {
	const char *folder;
	bool dry_run; /* say row by row what would change, change nothing */
	const char *actor; /* for the audit (I10) */
	/*
	 * What is wrong with a contact's address or secret: -1; with its channel: -2, else `*channel` becomes that one's
	 * proper name. `*needs_code_r`: such addresses are not used before they are verified by a code; false where a
	 * shared secret proves the receiver. NULL: anything goes.
	 */
	int (*check_contact)(void *arg, struct slice *channel, struct slice address, struct slice secret,
	                     bool *needs_code_r, struct error *error);
	void *check_arg;
};

/*
 * Imports the files that `folder` has, in one transaction with one audit row. A bad row is refused and
 * reported, the others are taken; doing it again changes nothing. Rows that are not in a file stay: what is
 * to be told no more gets a text in `disabled`.
 *
 * -1 where nothing was imported: no file, a file that cannot be read, a column missing. The report needs
 * registry_report_free() in either case.
 */
int registry_import(struct store_writer *writer, const struct registry_import *what, struct registry_report *report_r,
                    struct error *error);
void registry_report_free(struct registry_report *report);

/*
 * Adds the enterprises and accounts that `folder` (or the folder of a file) has to `reference`, without a store:
 * for replay. What is wrong with a row is told to `report` (may be NULL) and the row left out. -1: neither
 * enterprises.csv nor accounts.csv can be taken.
 */
int registry_refer_folder(const char *folder, struct reference *reference, reference_report *report, void *context,
                          struct error *error);
/* Adds those of the store; on any connection. */
int registry_refer_store(struct store *store, struct reference *reference, struct error *error);

/*
 * For the desk, inside its job. The enterprise of an account: that of the registered account, else the one
 * the transaction names (`tx_enterprise`, may be empty) where it is registered. 1 found, 0 none, -1.
 */
int registry_enterprise_of(struct store *store, struct slice bank, struct slice account, struct slice tx_enterprise,
                           struct arena *arena, struct enterprise_row *row_r, struct error *error);

/*
 * The jurisdiction code of an enterprise (NULL: unknown), else by the city part (digits 4 to 7) of the bank
 * code. 1 found, 0 none and `*code_r` is empty, -1.
 */
int registry_jurisdiction_of(struct store *store, const struct enterprise_row *enterprise, struct slice bank,
                             struct arena *arena, struct slice *code_r, struct error *error);

/* The code of the jurisdiction above: 1; 0 at the top and for a code nobody knows, `*parent_r` is empty then; -1. */
int registry_jurisdiction_parent(struct store *store, struct slice code, struct arena *arena, struct slice *parent_r,
                                 struct error *error);

/* Is anybody of it warned? Not where it is registered as closed. */
bool registry_enterprise_open(const struct enterprise_row *enterprise);

/*
 * Whose call list a jurisdiction's warnings come to: the county it is or lies in, and that one's city, the topmost
 * below the province. A city is its own county; a province both; one that is not registered, too; empty stays
 * empty. 0 or -1.
 */
int registry_county_of(struct store *store, struct slice code, struct arena *arena, struct slice *code_r,
                       struct error *error);
int registry_city_of(struct store *store, struct slice code, struct arena *arena, struct slice *code_r,
                     struct error *error);

/*
 * The contacts of an enterprise (USCC) or a centre (division code) who are in use and can be reached, by rank, each
 * with his ways that are verified and in use.
 */
int registry_contacts_of(struct store *store, struct slice owner, struct arena *arena, struct contact_row **rows_r,
                         size_t *count_r, struct error *error);

#endif
