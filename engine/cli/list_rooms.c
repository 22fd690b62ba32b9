/*
 * The tables of other rooms: channels, routes, patterns.
 */
#include <stdio.h>

#include "api/api.h"
#include "cli/list_writer.h"
#include "deliver/deliver.h"
#include "pattern/pattern.h"
#include "store/store.h"

enum { COUNTS_BYTES_MAX = 64 << 20 };

void list_channels(struct list_writer *w)
{
	struct deliver_channel channel;

	list_columns(w, (const char *const[]){"name", "zh", "en", "bytes_max", "per_minute_max", "needs_code", NULL});
	for (size_t i = 0; deliver_channel_at(i, &channel); i++) {
		char bytes[24], rate[24];
		snprintf(bytes, sizeof(bytes), "%zu", channel.body_bytes_max);
		snprintf(rate, sizeof(rate), "%d", channel.per_minute_max);
		list_row(w, (const char *const[]){channel.name, channel.title_zh, channel.title_en, bytes,
		                                  rate, channel.needs_code ? "yes" : ""});
	}
}

void list_routes(struct list_writer *w)
{
	struct api_route_name route;

	list_columns(w, (const char *const[]){"method", "path", "token", NULL});
	for (size_t i = 0; api_route_at(i, &route); i++)
		list_row(w, (const char *const[]){route.method, route.path,
		                                  route.needs_token ? "token" : "open"});
}

/* What the store has of the pattern's version that stands in the folder. */
static const struct pattern_count *count_of(const struct pattern *p, const struct pattern_count *counts, size_t n)
{
	static const struct pattern_count nothing;

	for (size_t i = 0; i < n; i++)
		if (slice_equal(counts[i].pattern, p->id) && counts[i].version == p->version)
			return &counts[i];
	return &nothing;
}

static void pattern_row(struct list_writer *w, const struct pattern *p, const struct pattern_count *count)
{
	char version[16], score[8], hits[24], alerts[24];

	snprintf(version, sizeof(version), "%u", p->version);
	snprintf(score, sizeof(score), "%u", p->score);
	snprintf(hits, sizeof(hits), "%lld", (long long)count->hits);
	snprintf(alerts, sizeof(alerts), "%lld", (long long)count->alerts);
	list_row(w, (const char *const[]){p->id.at, version, pattern_status_names[p->status], p->typology.at,
	                                  audience_names[p->audience], score, p->title.zh.at, p->title.en.at, hits,
	                                  alerts});
}

static int read_counts(const char *path, struct arena *arena, struct pattern_count **counts_r, size_t *n_r,
                       struct error *error)
{
	struct store *store;
	int result;

	*n_r = 0;
	if (path == NULL)
		return 0;
	if (store_open_reader(path, NULL, &store, error) == -1)
		return -1;
	result = store_pattern_counts(store, arena, counts_r, n_r, error);
	store_close(&store);
	return result;
}

void list_patterns(struct list_writer *w)
{
	struct pattern_options options = {.check_only = true};
	struct pattern_count *counts = NULL;
	struct pattern_set *set;
	struct arena arena;
	size_t n;

	list_columns(w, w->store != NULL
	                        ? (const char *const[]){"id", "version", "status", "typology", "audience", "score", "zh",
	                                                "en", "hits", "alerts", NULL}
	                        : (const char *const[]){"id", "version", "status", "typology", "audience", "score", "zh",
	                                                "en", NULL});
	arena_init(&arena, COUNTS_BYTES_MAX);
	if (read_counts(w->store, &arena, &counts, &n, &w->error) == -1 ||
	    pattern_set_load(w->patterns_dir, &options, &set, &w->error) == -1) {
		w->failed = true;
		arena_deinit(&arena);
		return;
	}
	for (size_t i = 0; i < pattern_set_count(set); i++)
		pattern_row(w, pattern_set_at(set, i), count_of(pattern_set_at(set, i), counts, n));
	pattern_set_free(&set);
	arena_deinit(&arena);
}
