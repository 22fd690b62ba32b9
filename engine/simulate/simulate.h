/*
 * A feed that never was: honest enterprises and scripted frauds, the same bytes for the same seed.
 *
 * It is for the demo, the benchmarks, the end-to-end tests and the measuring of patterns. Nothing in it is
 * drawn from a clock, a floating-point number or an address: the seed, the options and the scenario files
 * decide everything, on every compiler. People, firms, places and numbers are made up; what must check
 * (bank codes, USCC, cards) checks.
 *
 *   population.c  who there is          habits.def  what honest firms do      script.c  what fraudsters do
 *        │                                   │                                   │
 *        └──────────────▶ cast.c ◀───────────┼───────────────────────────────────┘
 *                            │            day.c     the day's plan: small events, no texts
 *                            └──────▶ agenda.c ◀┘   sorted by time of day
 *                                        │
 *                                      book.c       one event → amount, balance, texts → struct tx
 *
 * Left out on purpose: currencies beside CNY, reversals, rejected payments. What an account can't pay is
 * not booked.
 */
#ifndef SIMULATE_SIMULATE_H
#define SIMULATE_SIMULATE_H

#include <stdint.h>

#include "base/error.h"
#include "base/tx.h"

#define SIMULATE_ENTERPRISES_MAX 100000
#define SIMULATE_DAYS_MAX 3660
#define SIMULATE_BANKS_MAX 12
#define SIMULATE_TRUTH_BYTES 320 /* a truth line with its end and a zero */

struct simulation;

/* simulate_options_init() gives what `huqi simulate` does without options; strings are borrowed by
 * simulate_new(). */
struct simulate_options {
	uint64_t seed;
	int enterprises, days;
	int32_t first_day; /* days since 1970 on a clock in China */
	int banks; /* that hold the accounts, dealt out in turn; 1..SIMULATE_BANKS_MAX */
	int fraud_permille; /* enterprises in a scenario, of 1,000, where `scenarios` names none by id */
	const char *scenarios; /* "all", "none", or ids, typologies and families with commas: "M,V01,boss-in-chat" */
	const char *scenario_dir;
	const char *bank; /* only the bookings of this bank code, ids and balances as in the whole feed; NULL: all */
	const char *kinds; /* of the first enterprises, with commas: "wholesaler,group" (kinds.def); NULL: as drawn.
	                    * What a scenario asks of an enterprise goes before */
};

/* Who is behind a transaction of a scenario. Borrowed from the simulation. */
struct simulate_label {
	const char *typology; /* "V01" */
	const char *scenario; /* its id */
	uint32_t run; /* the same for all transactions of one performance */
};

/* Of the whole feed, also where options.bank gives out a part. */
struct simulate_stats {
	uint64_t transactions, labelled;
	uint64_t unfunded; /* honest and scripted payments left out because the account held too little */
	uint64_t over_day_bound; /* events left out because a day held AGENDA_EVENTS_MAX */
	uint64_t over_mirror_bound; /* incoming legs left out because MIRRORS_MAX were under way */
	uint32_t runs; /* performances of scenarios */
};

void simulate_options_init(struct simulate_options *options);

/* Reads the scenarios, makes the population, casts the scenarios. Memory: about 500 bytes an enterprise
 * and 40 bytes for each event of a day. */
int simulate_new(const struct simulate_options *options, struct simulation **simulation_r,
                 struct error *error);
void simulate_free(struct simulation **simulation);

/*
 * The next transaction in the order of booking over all accounts; several may share a millisecond. Its
 * strings are borrowed until the next call. `*label_r` is NULL for an honest one. Returns 1, or 0 at the
 * end. Allocates nothing, except that the first event of a day may enlarge the day's plan.
 */
int simulate_next(struct simulation *simulation, struct tx *tx_r, const struct simulate_label **label_r);

/* What an enterprise deals with in the transaction that came last, as parties.def calls it: "supplier"; ""
 * where a scenario wrote it. */
const char *simulate_counterparty(const struct simulation *simulation);

/* One of the population, 0 .. options.enterprises - 1. Texts are borrowed from the simulation, the address
 * until the next call. */
struct simulate_enterprise {
	struct slice bank, account, name, uscc, industry, scope, address, legal_representative;
	int32_t opened_day, registered_day;
};
void simulate_enterprise(struct simulation *simulation, uint32_t number,
                         struct simulate_enterprise *enterprise_r);

/* `name` with one thing changed that the eye passes over. */
#define SIMULATE_NAME_BYTES 160
struct slice simulate_lookalike(uint64_t seed, struct slice name, char name_r[SIMULATE_NAME_BYTES]);

const struct simulate_stats *simulate_stats(const struct simulation *simulation);

/* The banks of the population, 0 .. options.banks - 1, so that each may travel in a format of its own. Valid
 * until the thread's next call. */
const char *simulate_bank_code(int bank);

/* The truth line of contract.md section 1, with its end; returns its length. */
int simulate_write_truth(const struct tx *tx, const struct simulate_label *label,
                         char line_r[SIMULATE_TRUTH_BYTES]);

/* How the contacts of the sample registry are reached. Each gets an address of its own: `address` with
 * "/USCC-1" for the finance contact, "/USCC-2" for the owner. None may be NULL. */
struct simulate_contact {
	const char *channel; /* "webhook" */
	const char *address, *secret;
};

/*
 * Writes enterprises.csv, accounts.csv, contacts.csv and jurisdictions.csv of the population into `dir`,
 * which must exist. Files there are overwritten. Without a `contact` (NULL), contacts.csv has its head
 * alone.
 */
int simulate_registry_write(const struct simulation *simulation, const struct simulate_contact *contact,
                            const char *dir, struct error *error);

#endif
