/*
 * For what watches the service: /healthz (the process answers), /readyz (it does its work), /metrics
 * (Prometheus text exposition 0.0.4).
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "api/api_private.h"
#include "api/resource.h"
#include "base/counters.h"
#include "pattern/pattern.h"

enum { GAUGES_MAX = 256 };

static void answer_status(struct answer *answer, const char *status)
{
	yyjson_mut_doc *document = yyjson_mut_doc_new(NULL);
	yyjson_mut_val *root = yyjson_mut_obj(document);

	yyjson_mut_doc_set_root(document, root);
	yyjson_mut_obj_add_str(document, root, "status", status);
	yyjson_mut_obj_add_str(document, root, "version", HUQI_VERSION);
	answer_json(answer, 200, document);
}

void health_live(struct request *request, struct answer *answer)
{
	(void)request;
	answer_status(answer, "alive");
}

void health_ready(struct request *request, struct answer *answer)
{
	const struct api_options *o = &request->api->options;
	bool writable = o->writer == NULL || store_writable(o->writer);
	static const char not_writable[] =
		"the store cannot be written (is the disk full?); nothing is lost, it is tried again";
	struct error why = {{0}};
	bool working = o->ready == NULL || o->ready(o->arg, &why) == 0;

	if (writable && working) {
		answer_status(answer, "ready");
		return;
	}
	answer_problem(answer, 503, "%s%s%s", working ? "" : why.text, !working && !writable ? "; " : "",
	               writable ? "" : not_writable);
	answer_header(answer, "Retry-After", "5");
}

/* HELP and TYPE of a metric. */
static void head(FILE *out, const char *name, const char *help, const char *type)
{
	fprintf(out, "# HELP huqi_%s %s\n# TYPE huqi_%s %s\n", name, help, name, type);
}

/* A label's value: `\`, `"` and line ends are escaped. */
static void print_label(FILE *out, const char *value)
{
	for (; *value != '\0'; value++) {
		if (*value == '\\' || *value == '"')
			putc('\\', out);
		if (*value == '\n')
			fputs("\\n", out);
		else
			putc(*value, out);
	}
}

static void print_counters(FILE *out)
{
	for (int i = 0; i < COUNTER_COUNT; i++) {
		head(out, counter_infos[i].name, counter_infos[i].help, "counter");
		fprintf(out, "huqi_%s %llu\n", counter_infos[i].name, (unsigned long long)counter_sum((enum counter)i));
	}
}

/* Only what happened: feeds times fields would be long. */
static void print_aside(FILE *out, const struct api_options *o)
{
	head(out, "set_aside_total",
	     "Optional fields left out because their text says nothing or breaks their rule, by feed and field", "counter");
	for (unsigned feed = 0; feed < o->feed_count && feed < COUNTER_FEEDS_MAX; feed++)
		for (int field = 0; field < TX_FIELD_COUNT; field++) {
			uint64_t number = counter_aside_sum(feed, (enum tx_field)field);
			if (number == 0)
				continue;
			fputs("huqi_set_aside_total{feed=\"", out);
			print_label(out, o->feed_names[feed]);
			fprintf(out, "\",field=\"%s\"} %llu\n", tx_fields[field].name, (unsigned long long)number);
		}
}

static void print_deliveries(FILE *out, struct store *store)
{
	int64_t counts[DELIVERY_STATE_COUNT];
	struct error error;

	if (store_delivery_counts(store, counts, &error) == -1)
		return; /* the other figures are still true */
	head(out, "deliveries", "Deliveries in the outbox by state", "gauge");
	for (int i = 0; i < DELIVERY_STATE_COUNT; i++)
		fprintf(out, "huqi_deliveries{state=\"%s\"} %lld\n", delivery_state_names[i], (long long)counts[i]);
}

static void print_calls(FILE *out, struct store *store)
{
	struct call_totals totals;
	struct error error;

	if (store_call_totals(store, &totals, &error) == -1)
		return;
	head(out, "calls_open", "Calls on the centres' lists that are not done", "gauge");
	fprintf(out, "huqi_calls_open %lld\n", (long long)totals.open);
	head(out, "calls_untaken", "Of them those that nobody took yet", "gauge");
	fprintf(out, "huqi_calls_untaken %lld\n", (long long)totals.untaken);
	head(out, "escalations_running", "Alerts for which an answer is waited for", "gauge");
	fprintf(out, "huqi_escalations_running %lld\n", (long long)totals.running);
}

static void print_gauges(FILE *out, struct api *api)
{
	struct api_gauge gauges[GAUGES_MAX];
	size_t count;

	if (api->options.gauges == NULL)
		return;
	pthread_mutex_lock(&api->gauges_lock);
	count = api->options.gauges(api->options.arg, gauges, GAUGES_MAX);
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || strcmp(gauges[i].name, gauges[i - 1].name) != 0)
			head(out, gauges[i].name, gauges[i].help, "gauge");
		fprintf(out, "huqi_%s", gauges[i].name);
		if (gauges[i].label != NULL) {
			fprintf(out, "{%s=\"", gauges[i].label);
			print_label(out, gauges[i].label_value);
			fputs("\"}", out);
		}
		fprintf(out, " %lld\n", (long long)gauges[i].value);
	}
	pthread_mutex_unlock(&api->gauges_lock);
}

/* One figure of every pattern that runs, with its version and status: a shadow is watched before it may warn. */
static void print_of_patterns(FILE *out, const struct pattern_set *set, const char *name, const char *help,
                              uint64_t (*figure)(struct pattern_costs costs))
{
	head(out, name, help, "counter");
	for (size_t i = 0; i < pattern_set_count(set); i++) {
		const struct pattern *p = pattern_set_at(set, i);
		if (p->detect == NULL)
			continue;
		fprintf(out, "huqi_%s{pattern=\"%.*s\",version=\"%u\",status=\"%s\"} %llu\n", name, SLICE_PRINT(p->id),
		        p->version, pattern_status_names[p->status],
		        (unsigned long long)figure(pattern_set_costs(set, i)));
	}
}

static uint64_t hits_of(struct pattern_costs costs)
{
	return costs.hits;
}

static uint64_t looked_of(struct pattern_costs costs)
{
	return costs.looked;
}

static void print_patterns(FILE *out, const struct api_options *o)
{
	struct pattern_set *set = o->patterns != NULL ? o->patterns(o->arg) : NULL;

	if (set == NULL)
		return;
	print_of_patterns(out, set, "pattern_hits_total", "Hits of a pattern since its set was loaded, shadows too", hits_of);
	print_of_patterns(out, set, "pattern_looked_total",
	                  "Transactions that a pattern's gates let through to its parts: what it costs", looked_of);
	pattern_set_free(&set);
}

void metrics_get(struct request *request, struct answer *answer)
{
	struct api *api = request->api;
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	if (out == NULL)
		die("out of memory: the metrics");
	head(out, "build_info", "The version that runs", "gauge");
	fprintf(out, "huqi_build_info{version=\"%s\"} 1\n", HUQI_VERSION);
	print_counters(out);
	print_aside(out, &api->options);
	print_deliveries(out, request->store);
	head(out, "http_connections", "HTTP connections open now", "gauge");
	fprintf(out, "huqi_http_connections %u\n", connection_count(api->connections));
	print_calls(out, request->store);
	print_gauges(out, api);
	print_patterns(out, &api->options);
	if (fclose(out) != 0 || text == NULL)
		die("out of memory: the metrics");
	answer_owned(answer, 200, "text/plain; version=0.0.4; charset=utf-8", text, bytes);
}
