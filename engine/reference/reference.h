/*
 * What patterns ask beside the feed: named lists, facts of enterprises, the calendar. One immutable whole,
 * counted by its users and swapped between batches like a pattern set (I6); `match` looks up, nobody
 * changes.
 *
 * Lists come from CSV files or from the store, enterprises from the registry (registry.h fills them in), the
 * calendar from reference/holidays.def. Everything that is looked up is a function of the reference and the
 * transaction (I2): whether an entry has expired is asked of the booking time.
 *
 * Memory: about 150 bytes an entry with its index, and its value; reasons and sources that repeat are kept
 * once.
 */
#ifndef REFERENCE_REFERENCE_H
#define REFERENCE_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "reference/office.h"
#include "base/error.h"
#include "base/slice.h"

#define REFERENCE_ENTRIES_MAX 4000000 /* of all lists together */
#define REFERENCE_LISTS_MAX 256
#define REFERENCE_ENTERPRISES_MAX 2000000
#define REFERENCE_ACCOUNTS_MAX 4000000
#define REFERENCE_NAME_BYTES_MAX 64 /* of a list */
#define REFERENCE_TEXT_CHARACTERS_MAX 200 /* of a reason or a source; more is cut */
#define REFERENCE_STOP_PAYMENT "stop-payment" /* the list whose hits nothing quiets */
#define REFERENCE_ALLOW "allow" /* the list that quiets patterns; it is asked by reference_allows() alone */

struct reference;
struct reference_list;

struct reference *reference_hold(struct reference *reference);
void reference_free(struct reference **reference); /* `*reference` may be NULL; becomes NULL */

/* Filling one: begin, add, finish. What is wrong with a row is an error; the row is left out. */
struct reference *reference_new(void);

enum reference_kind { REFERENCE_ACCOUNT, REFERENCE_NAME, REFERENCE_IP, REFERENCE_USCC, REFERENCE_KINDS };

/* "account", "name", "ip", "uscc". */
extern const char *const reference_kind_names[REFERENCE_KINDS];

struct reference_entry {
	struct slice value; /* as given; a name is looked up folded */
	uint8_t kind;       /* enum reference_kind */
	struct slice reason, source;
	int64_t expires_ms; /* booked at or after this it no longer counts; INT64_MAX: never */
	struct slice key; /* filled in: the value in the one spelling under which it is found */
};

/*
 * Copies the entry. An account is 1 to 34 letters and digits, blanks left out; a name folds to something; an
 * IP is a single address of either version; a USCC has 18 characters of its alphabet. Of a value that comes
 * twice the later expiry stands. On the list `allow` the source is the id of the one pattern that is quieted.
 * `error` begins with the field: "value: `6.22E+18`: expected …".
 */
int reference_add(struct reference *reference, struct slice list, const struct reference_entry *entry,
                  struct error *error);

/* How near an enterprise is: at the same address, or on the same floor of the building. */
enum reference_near { REFERENCE_SAME_ADDRESS, REFERENCE_SAME_FLOOR, REFERENCE_NEARS };

struct reference_enterprise {
	struct slice uscc, name, industry, scope, address, legal_representative;
	struct slice staff; /* given: names by ; , 、 or line; kept: folded, each between two newlines */
	struct slice jurisdiction; /* six digits */
	int32_t registered_day; /* TX_DAY_ABSENT */
	bool shares_name; /* filled in by reference_finish(): another has the same name */
	/* Filled in by reference_add_enterprise(): what conditions search, folded once. */
	struct {
		struct slice name, industry, scope, address, legal_representative;
	} folded;
	/* Filled in by reference_finish(). */
	struct {
		struct slice key; /* of the folded address (address.h) */
		uint32_t first, count; /* enterprises of this key and city, itself too; 0: the address is unknown */
	} near[REFERENCE_NEARS];
};
/* Copies. An enterprise that is there already is replaced. */
int reference_add_enterprise(struct reference *reference, const struct reference_enterprise *enterprise,
                             struct error *error);
/* The enterprise need not be there; then the account leads nowhere. */
int reference_add_account(struct reference *reference, struct slice bank, struct slice account,
                          struct slice uscc, struct error *error);

/* Indexes; after this it is immutable. Once, also where nothing was added. */
void reference_finish(struct reference *reference);

/*
 * Every NAME.csv of a folder as the list NAME: columns value, kind, reason, source, expires, in any order, by
 * their English or Chinese names; UTF-8 or GB18030. A row that is wrong is left out, counted and told to
 * `report` (file, line, field, what was found, what was expected; may be NULL).
 *
 * -1: the folder or a file cannot be read, or a file lacks a column: a list that is silently empty would be
 * worse.
 */
typedef void reference_report(void *context, const char *text);
int reference_load_lists(struct reference *reference, const char *dir, reference_report *report,
                         void *context, struct error *error);
/* The same for one file's bytes, for tests and fuzzing. `file` stands in reports. */
int reference_load_list_bytes(struct reference *reference, struct slice list, const char *file,
                              const char *bytes,
                              size_t length, reference_report *report, void *context, struct error *error);

/*
 * The last moment of an entry: a date in China, through its end, as 2026-12-31, 2026/12/31 or 20261231, or a
 * time of RFC 3339; empty: never. False where it is none of these.
 */
bool reference_parse_expiry(struct slice text, int64_t *expires_ms_r);
/* The kind that a word names, in English or Chinese; -1. */
int reference_parse_kind(struct slice word);

struct reference_facts {
	size_t lists, entries, refused, enterprises, accounts; /* entries: each value once */
};
struct reference_facts reference_facts(const struct reference *reference);

/* Can a list have this name? 1 to REFERENCE_NAME_BYTES_MAX bytes that may stand in a file's name. */
bool reference_is_name(struct slice name);
/* NULL where there is none of that name. */
const struct reference_list *reference_list(const struct reference *reference, struct slice name);
/* By number, in the order of their names. */
const struct reference_list *reference_list_at(const struct reference *reference, size_t i);
struct slice reference_list_name(const struct reference_list *list);
size_t reference_list_size(const struct reference_list *list);
/* The i-th entry, in the order in which they were added; i below reference_list_size(). */
const struct reference_entry *reference_entry_at(const struct reference_list *list, size_t i);

/* Is the value on the list at that booking time? The entry, or NULL. A name is given folded. About 50 ns. */
const struct reference_entry *reference_find(const struct reference_list *list, enum reference_kind kind,
                                             struct slice value, int64_t at_ms);

/* Is there a list `allow` at all? Then: does it hold the value for this pattern? */
bool reference_has_allow(const struct reference *reference);
bool reference_allows(const struct reference *reference, struct slice pattern, enum reference_kind kind,
                      struct slice value, int64_t at_ms);

/* By USCC where the transaction has one, else by bank and account; NULL where it is unknown. */
const struct reference_enterprise *reference_enterprise(const struct reference *reference, struct slice uscc,
                                                        struct slice bank, struct slice account);

/*
 * The enterprise of a counterparty: by its bank and account, else by its name, folded, if only one has it. NULL where it
 * is unknown.
 */
const struct reference_enterprise *reference_party(const struct reference *reference, struct slice bank,
                                                   struct slice account, struct slice folded_name);

/*
 * Enterprises so near (M17), itself too, that were registered within [from_day, to_day]; what has no known day does
 * not count.
 */
uint32_t reference_neighbours(const struct reference *reference, const struct reference_enterprise *enterprise,
                              enum reference_near near, int32_t from_day, int32_t to_day);

/*
 * Of a day in China (since 1970-01-01): is it worked, counting moved weekends and statutory holidays?
 * Outside the years of holidays.def Monday to Friday are. Is it off by the State Council's schedule?
 */
bool reference_is_workday(int32_t day);
bool reference_is_holiday(int32_t day);

/*
 * The city that a bank code of 12 digits names, as these codes number cities (bank_cities.def); -1: another code. The
 * province of such a city, and of the place that a folded name begins with (place_names.def), by the first two digits
 * of its administrative code; -1: none that is known.
 */
int reference_bank_city(struct slice bank);
/* Is it the code of a bank's head office, which some banks tell instead of the branch? */
bool reference_bank_is_head(struct slice bank);
int reference_city_province(int city);
int reference_name_province(struct slice folded_name);

#endif
