/*
 * Exercises: a marked warning of an invented payment goes to chosen enterprises as a real one would in its first step;
 * how fast they answer is measured, and who answers in time is trained.
 *
 *   drill_start          in office hours        every enterprise was told      DRILL_MS later,
 *        │                                                                      or drill_end
 *        ▼  the first batch                the last batch
 *     WAITING ───────────▶ TELLING ───────────────────▶ RUNNING ─────────────────────────▶ ENDED
 *        └────────────────────┴───────── drill_end ──────────────────────────────────────────▲
 *
 *   a target:  CHOSEN ──▶ TOLD | SKIPPED (a real warning of it is open) | UNREACHED (nobody to tell, or closed)
 *
 * An exercise starts no escalation and no call, and counts nowhere as a warning. What was not sent when it ends is dead.
 * Then everybody who answered within the time set gets a certificate and the day on his record; it stays his, also
 * where a later file of contacts does not know of it.
 */
#ifndef CASEWORK_DRILL_H
#define CASEWORK_DRILL_H

#include "casework/bulletin.h"

#define DRILL_MS (24 * INT64_C(3600000))
#define DRILL_CLEAR_MS (24 * INT64_C(3600000)) /* an enterprise warned of something real since is left alone */
#define DRILL_WITHIN_LEAST_MS INT64_C(60000)
#define DRILL_WITHIN_DEFAULT_MS INT64_C(600000)
#define DRILL_TARGETS_MAX 2000
#define DRILL_BATCH_MAX 500 /* deliveries of one job */
#define DRILL_AMOUNT_MINOR INT64_C(48000000) /* of the invented payment: CNY 480,000.00 */

/* Either enterprises by USCC, or an area and perhaps an industry. */
struct drill_ask {
	struct slice typology;
	uint8_t level;
	const struct slice *enterprises;
	size_t enterprise_count;
	struct slice jurisdiction, industry;
	int64_t within_ms;
	struct slice by;
	int64_t now_ms;
};
/* DONE, REFUSED or -1. The row is in the arena. */
int drill_start(struct store *store, const struct catalogue *catalogue, const struct drill_ask *ask,
                struct arena *arena, struct drill_row *row_r, struct error *error);
/* DONE, UNKNOWN, REFUSED (it has ended) or -1. */
int drill_end(struct store *store, struct slice id, struct slice by, int64_t now_ms, struct error *error);

/* How one enterprise did. */
struct drill_result {
	struct slice enterprise, name;
	const struct drill_person_row *persons; /* of it; names are not masked here */
	size_t person_count;
	int64_t response_ms; /* its first answer less its first message's arrival; -1: none yet */
};

struct drill_report {
	struct drill_row row;
	struct drill_totals totals;
	const struct drill_result *results; /* of those told, by USCC */
	size_t result_count, answered;
	int64_t median_ms, ninety_ms; /* of those who answered, the nearest rank; -1: nobody did */
};
/* 1 found, 0 none, -1. On any connection that has the key. */
int drill_report(struct store *store, struct slice id, struct arena *arena, struct drill_report *report_r,
                 struct error *error);

/*
 * A certificate as text in both languages. The name is masked (I9) but for `full`, which the caller audits. 1 found, 0
 * none, -1.
 */
int drill_certificate(struct store *store, const struct catalogue *catalogue, struct slice number, bool full,
                      struct arena *arena, struct slice *text_r, struct error *error);

#endif
