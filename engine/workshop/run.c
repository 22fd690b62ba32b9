#include "workshop/run.h"

#include <stdio.h>

#include "feed/feed.h"
#include "patterns_load.h"
#include "store/store.h"

enum { ALERTS_PAGE = 500, ALERTS_BYTES_MAX = 1 << 30 };

int run_begin(struct run *run, const struct workshop_source *source, const char *patterns_dir,
              struct error *error)
{
	*run = (struct run){.source = source, .settings = *source->settings};
	run->settings.patterns_dir = patterns_dir;
	if ((source->explain ? patterns_load_explained(&run->settings, &run->set, &run->rules, error)
	                     : patterns_load(&run->settings, &run->set, &run->rules, error)) == -1)
		return -1;
	if (store_open(":memory:", NULL, &run->store, error) == -1) {
		pattern_set_free(&run->set);
		return -1;
	}
	run->shard = shard_new(&run->settings, run->set);
	shard_use_reference(run->shard, source->reference);
	run->work = work_new(run);
	desk_init(&run->desk, &run->rules, NULL, run->settings.engine_lateness_ms, false);
	decode_context_init(&run->decoding, source->decoder, 0, slice_of(source->bank));
	return 0;
}

void run_end(struct run *run)
{
	if (run->shard == NULL)
		return;
	decode_context_deinit(&run->decoding, run->source->decoder);
	shard_free(&run->shard);
	work_free(run->work);
	desk_deinit(&run->desk);
	store_close(&run->store);
	pattern_set_free(&run->set);
}

static int apply(struct run *run, struct error *error)
{
	run->in_batch = 0;
	run->work->dead_count = 0;
	if (run->work->hit_count > 0 || run->work->link_count > 0) {
		if (store_begin(run->store, error) == -1 ||
		    desk_apply(&run->desk, run->store, run->work, error) == -1 ||
		    store_commit(run->store, error) == -1)
			return -1;
	}
	work_reset(run->work);
	if (run->source->progress != NULL)
		run->source->progress(run->source->context, run->txs);
	return 0;
}

/* 1 go on, 0 somebody has seen enough. */
static int take(struct run *run, const struct feed_message *m, run_see *see, void *context)
{
	decode_context_reset(&run->decoding);
	if (decode(run->source->decoder, &run->decoding, m->payload.at, m->payload.length, m->at_start) == -1) {
		run->rejected++;
		return 1;
	}
	for (size_t i = 0; i < run->decoding.tx_count; i++) {
		run->txs++;
		if (see != NULL && !see(context, &run->decoding.txs[i]))
			return 0;
		pipeline_tx(run->shard, &run->decoding.txs[i], 0, run->work);
	}
	return 1;
}

static size_t frame(void *arg, const char *bytes, size_t length, bool last, size_t *from_r, size_t *next_r)
{
	const struct decoder *decoder = arg;

	return decode_frame(decoder->framing, bytes, length, last, from_r, next_r);
}

/* 1 the file is at its end, 0 somebody has seen enough, -1. */
static int play_file(struct run *run, const char *path, run_see *see, void *context, struct error *error)
{
	struct feed_file *file;
	struct feed_message m;
	int more, result = 1;

	if (feed_file_open(path, 0, frame, (void *)(uintptr_t)run->source->decoder, DECODE_MESSAGE_BYTES_MAX,
	                   &file, error) == -1)
		return -1;
	while (result == 1 && (more = feed_file_next(file, &m, error)) == 1) {
		result = take(run, &m, see, context);
		if ((++run->in_batch >= run->settings.engine_batch || work_is_full(run->work)) &&
		    apply(run, error) == -1)
			result = -1;
	}
	if (result == 1 && more == -1)
		result = -1;
	feed_file_close(&file);
	return result;
}

int run_play(struct run *run, run_see *see, void *context, struct error *error)
{
	int result = 1;

	for (int i = 0; i < run->source->feed_count && result == 1; i++)
		result = play_file(run, run->source->feeds[i], see, context, error);
	return result == -1 ? -1 : apply(run, error);
}

static int report_one(struct run *run, const struct alert_row *row, struct arena *arena, run_alert *report,
                      void *context, struct error *error)
{
	struct episode_key key = {row->bank, row->account, row->typology, row->audience};
	struct hit *hits;
	size_t count;

	if (store_hits_get(run->store, &key, row->opened_ms, row->updated_ms, arena, &hits, &count, error) == -1)
		return -1;
	return report(context, row, hits, count, error);
}

int run_alerts(struct run *run, run_alert *report, void *context, struct error *error)
{
	struct arena arena;
	char id[ALERT_ID_BYTES] = "";
	int64_t after_ms = INT64_MIN;
	size_t n = ALERTS_PAGE;
	int result = 0;

	arena_init(&arena, ALERTS_BYTES_MAX);
	while (result == 0 && n == ALERTS_PAGE) {
		struct alert_row *rows;
		arena_reset(&arena);
		result = store_alerts_by_opened(run->store, after_ms, slice_of(id), ALERTS_PAGE, &arena, &rows, &n,
		                                error);
		for (size_t i = 0; result == 0 && i < n; i++)
			result = report_one(run, &rows[i], &arena, report, context, error);
		if (result == 0 && n > 0) {
			after_ms = rows[n - 1].opened_ms;
			snprintf(id, sizeof(id), "%.*s", SLICE_PRINT(rows[n - 1].id));
		}
	}
	arena_deinit(&arena);
	return result;
}

int64_t run_level_reached(const struct run *run, const struct hit *hits, size_t count,
                          enum alert_level level)
{
	size_t low = 1, high = count + 1; /* the least number of hits that has the level */
	struct episode e;

	while (low < high) {
		size_t middle = (low + high) / 2;
		if (judge_next(&run->rules, hits, middle, 0, &e) && e.level >= level)
			high = middle;
		else
			low = middle + 1;
	}
	return low <= count ? hits[low - 1].booked_ms : INT64_MAX;
}
