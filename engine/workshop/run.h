/*
 * A pattern set over feeds from files, by the service's own pipeline and desk on a store in memory, as
 * `huqi replay` does it; whoever runs it sees every transaction on its way.
 */
#ifndef WORKSHOP_RUN_H
#define WORKSHOP_RUN_H

#include "decode/decode.h"
#include "desk.h"
#include "pipeline.h"
#include "workshop/workshop.h"

struct run {
	struct settings settings; /* the source's, but for the folder of patterns; borrowed texts */
	const struct workshop_source *source; /* borrowed */
	struct pattern_set *set; /* held */
	struct judge_rules rules;
	struct shard *shard; /* owned; NULL until run_begin() */
	struct store *store; /* owned */
	struct work *work; /* owned */
	struct desk desk;
	struct decode_context decoding; /* owned */
	uint64_t txs, rejected;
	uint32_t in_batch;
};

/* Loads the patterns of `patterns_dir`. On -1 nothing needs ending. */
int run_begin(struct run *run, const struct workshop_source *source, const char *patterns_dir,
              struct error *error);
void run_end(struct run *run);

/* Called for each transaction before it is judged; false ends the run early. `tx` is borrowed. */
typedef bool run_see(void *context, const struct tx *tx);

/* Plays all feeds of the source. */
int run_play(struct run *run, run_see *see, void *context, struct error *error);

/*
 * Every alert in the order of (opened_at, id), with its hits in booking order. Both are borrowed during the
 * call; -1 ends.
 */
typedef int run_alert(void *context, const struct alert_row *row, const struct hit *hits, size_t count,
                      struct error *error);
int run_alerts(struct run *run, run_alert *report, void *context, struct error *error);

/* The booking time of the hit that first brought the alert to that level; INT64_MAX: none did. */
int64_t run_level_reached(const struct run *run, const struct hit *hits, size_t count,
                          enum alert_level level);

#endif
