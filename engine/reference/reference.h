/*
 * What patterns ask beside the feed: named lists, facts of enterprises, the calendar. One immutable whole,
 * counted by its users and swapped between batches like a pattern set (I6); `match` looks up, nobody
 * changes.
 *
 * It comes from CSV files (replay: --lists, --registry) or from the store (serve); the calendar from
 * reference/holidays.def. Everything that is looked up is a function of the reference and the transaction
 * (I2): whether an entry has expired is asked of the booking time.
 */
#ifndef REFERENCE_REFERENCE_H
#define REFERENCE_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"

#define REFERENCE_ENTRIES_MAX 4000000 /* of all lists together */
#define REFERENCE_NAME_BYTES_MAX 64

struct reference;
struct reference_list;

struct reference *reference_hold(struct reference *reference);
void reference_free(struct reference **reference); /* `*reference` may be NULL; becomes NULL */

/* Filling one: begin, add, finish. What is wrong with a row is an error; the row is left out. */
struct reference *reference_new(void);

enum reference_kind { REFERENCE_ACCOUNT, REFERENCE_NAME, REFERENCE_IP, REFERENCE_USCC, REFERENCE_KINDS };

struct reference_entry {
	struct slice value; /* as given; a name is looked up folded */
	uint8_t kind;       /* enum reference_kind */
	struct slice reason, source;
	int64_t expires_ms; /* booked at or after this it no longer counts; INT64_MAX: never */
};
int reference_add(struct reference *reference, struct slice list, const struct reference_entry *entry,
                  struct error *error);

struct reference_enterprise {
	struct slice uscc, name, industry, scope, address, legal_representative;
	struct slice staff; /* names, folded, each between two newlines */
	struct slice jurisdiction; /* six digits */
	int32_t registered_day; /* TX_DAY_ABSENT */
};
int reference_add_enterprise(struct reference *reference, const struct reference_enterprise *enterprise,
                             struct error *error);
int reference_add_account(struct reference *reference, struct slice bank, struct slice account, struct slice uscc,
                          struct error *error);

/* Sorts and indexes; after this it is immutable. */
void reference_finish(struct reference *reference);

/*
 * Every NAME.csv of a folder as the list NAME; every fault goes to `report` (file, line, field, why; may
 * be NULL) and the row is left out. -1: the folder cannot be read.
 */
typedef void reference_report(void *context, const char *text);
int reference_load_lists(struct reference *reference, const char *dir, reference_report *report, void *context,
                         struct error *error);
/* enterprises.csv and accounts.csv of a folder, in the registry's form (seeds/registry/README.md). */
int reference_load_registry(struct reference *reference, const char *dir, reference_report *report, void *context,
                            struct error *error);

/* Can a list have this name? 1 to REFERENCE_NAME_BYTES_MAX bytes that may stand in a file's name. */
bool reference_is_name(struct slice name);
/* NULL where there is none of that name. */
const struct reference_list *reference_list(const struct reference *reference, struct slice name);
size_t reference_list_size(const struct reference_list *list);
/* Is the value on the list at that booking time? The entry, or NULL. A name is given folded. About 50 ns. */
const struct reference_entry *reference_find(const struct reference_list *list, enum reference_kind kind,
                                             struct slice value, int64_t at_ms);
/* Does the list `allow` hold the value for this pattern (its source column names the pattern)? */
bool reference_allows(const struct reference *reference, struct slice pattern, enum reference_kind kind,
                      struct slice value, int64_t at_ms);

/* By USCC where the transaction has one, else by bank and account; NULL where it is unknown. */
const struct reference_enterprise *reference_enterprise(const struct reference *reference, struct slice uscc,
                                                        struct slice bank, struct slice account);

/*
 * Of a day in China (since 1970-01-01): is it worked, counting moved weekends and statutory holidays?
 * Outside the years of holidays.def Monday to Friday are. Is it a statutory holiday?
 */
bool reference_is_workday(int32_t day);
bool reference_is_holiday(int32_t day);

#endif
