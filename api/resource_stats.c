/*
 * GET /api/v1/stats: how much of what there is. Alerts are counted over [since, until) of when they were
 * raised; everything else over all there is.
 */
#include "api/resource.h"

#include "base/instant.h"
#include "judge/judge.h"

const char *const stats_parameters[] = {"since", "until", NULL};

static void add_named(yyjson_mut_doc *document, yyjson_mut_val *object, struct slice name, int64_t number)
{
	yyjson_mut_obj_add(object, yyjson_mut_strncpy(document, name.at, name.length),
	                   yyjson_mut_sint(document, number));
}

static void add_levels(yyjson_mut_doc *document, yyjson_mut_val *alerts, const struct stat_rows *rows)
{
	yyjson_mut_val *levels = yyjson_mut_obj_add_obj(document, alerts, "by_level");

	for (int level = LEVEL_BLUE; level <= LEVEL_RED; level++) {
		int64_t number = 0;
		for (size_t i = 0; i < rows->count; i++)
			if (rows->items[i].number == level)
				number = rows->items[i].count;
		yyjson_mut_obj_add_int(document, levels, alert_level_names[level], number);
	}
}

static void add_alerts(yyjson_mut_doc *document, yyjson_mut_val *root, const struct store_stats *stats)
{
	yyjson_mut_val *alerts = yyjson_mut_obj_add_obj(document, root, "alerts"), *part;
	char day[INSTANT_TEXT_BYTES];
	int64_t total = 0;

	for (size_t i = 0; i < stats->by_level.count; i++)
		total += stats->by_level.items[i].count;
	yyjson_mut_obj_add_int(document, alerts, "total", total);
	add_levels(document, alerts, &stats->by_level);
	part = yyjson_mut_obj_add_obj(document, alerts, "by_typology");
	for (size_t i = 0; i < stats->by_typology.count; i++)
		add_named(document, part, stats->by_typology.items[i].name, stats->by_typology.items[i].count);
	part = yyjson_mut_obj_add_obj(document, alerts, "by_day");
	for (size_t i = 0; i < stats->by_day.count; i++) {
		instant_format_date((int32_t)stats->by_day.items[i].number, day);
		add_named(document, part, slice_of(day), stats->by_day.items[i].count);
	}
}

static void add_feeds(yyjson_mut_doc *document, yyjson_mut_val *root, const struct store_stats *stats)
{
	yyjson_mut_val *dead = yyjson_mut_obj_add_arr(document, root, "dead_letters");
	yyjson_mut_val *offsets;

	for (size_t i = 0; i < stats->dead.count; i++) {
		yyjson_mut_val *row = yyjson_mut_arr_add_obj(document, dead);
		resource_add_text(document, row, "topic", stats->dead.items[i].name);
		resource_add_text(document, row, "field", stats->dead.items[i].detail);
		yyjson_mut_obj_add_int(document, row, "count", stats->dead.items[i].count);
	}
	offsets = yyjson_mut_obj_add_arr(document, root, "feed_offsets");
	for (size_t i = 0; i < stats->offsets.count; i++) {
		yyjson_mut_val *row = yyjson_mut_arr_add_obj(document, offsets);
		resource_add_text(document, row, "topic", stats->offsets.items[i].name);
		yyjson_mut_obj_add_int(document, row, "partition", stats->offsets.items[i].number);
		yyjson_mut_obj_add_int(document, row, "next_offset", stats->offsets.items[i].count);
	}
}

static void add_deliveries(yyjson_mut_doc *document, yyjson_mut_val *root, const struct store_stats *stats)
{
	yyjson_mut_val *deliveries = yyjson_mut_obj_add_obj(document, root, "deliveries");

	for (int state = 0; state < DELIVERY_STATE_COUNT; state++)
		yyjson_mut_obj_add_int(document, deliveries, delivery_state_names[state], stats->deliveries[state]);
}

void stats_get(struct request *request, struct answer *answer)
{
	struct store_stats stats;
	struct error error;
	yyjson_mut_doc *document;
	yyjson_mut_val *root;
	int64_t since_ms = 0, until_ms = 0;

	if (parameter_time(&request->target, "since", &since_ms, &error) == -1 ||
	    parameter_time(&request->target, "until", &until_ms, &error) == -1) {
		resource_bad(request, &error, answer);
		return;
	}
	if (store_stats_get(request->store, since_ms, until_ms, request->arena, &stats, &error) == -1) {
		resource_failed("the statistics", &error, answer);
		return;
	}
	document = yyjson_mut_doc_new(NULL);
	root = yyjson_mut_obj(document);
	yyjson_mut_doc_set_root(document, root);
	resource_add_time(document, root, "since", since_ms);
	resource_add_time(document, root, "until", until_ms);
	add_alerts(document, root, &stats);
	yyjson_mut_obj_add_int(document, root, "hits", stats.hits);
	add_feeds(document, root, &stats);
	add_deliveries(document, root, &stats);
	answer_json(answer, 200, document);
}
