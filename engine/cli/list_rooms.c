/*
 * The tables of other rooms: channels, routes, patterns.
 */
#include <stdio.h>

#include "api/api.h"
#include "cli/list_writer.h"
#include "notify/notify.h"
#include "pattern/pattern.h"

void list_channels(struct list_writer *w)
{
	struct notify_channel channel;

	list_columns(w, (const char *const[]){"name", "zh", "en", "bytes_max", "per_minute_max", NULL});
	for (size_t i = 0; notify_channel_at(i, &channel); i++) {
		char bytes[24], rate[24];
		snprintf(bytes, sizeof(bytes), "%zu", channel.body_bytes_max);
		snprintf(rate, sizeof(rate), "%d", channel.per_minute_max);
		list_row(w, (const char *const[]){channel.name, channel.title_zh, channel.title_en, bytes,
		                                  rate});
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

void list_patterns(struct list_writer *w)
{
	struct pattern_options options = {.check_only = true};
	struct pattern_set *set;

	list_columns(w, (const char *const[]){"id", "version", "status", "typology", "audience", "score",
	                                      "zh", "en", NULL});
	if (pattern_set_load(w->patterns_dir, &options, &set, &w->error) == -1) {
		w->failed = true;
		return;
	}
	for (size_t i = 0; i < pattern_set_count(set); i++) {
		const struct pattern *p = pattern_set_at(set, i);
		char version[16], score[8];
		snprintf(version, sizeof(version), "%u", p->version);
		snprintf(score, sizeof(score), "%u", p->score);
		list_row(w, (const char *const[]){p->id.at, version, pattern_status_names[p->status],
		                                  p->typology.at, audience_names[p->audience], score,
		                                  p->title.zh.at, p->title.en.at});
	}
	pattern_set_free(&set);
}
