/*
 * huqi replay: the same detection as `serve` over files: one shard, the same pipeline, the same desk, on a store in
 * memory. Alerts come out at the end, in the revision that stands then, in order of (opened_at, id).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/counters.h"
#include "cli/commands.h"
#include "cli/feed_notes.h"
#include "cli/file_source.h"
#include "patterns_load.h"
#include "pipeline.h"
#include "desk.h"
#include "reference_load.h"

enum { ALERTS_PAGE = 500, ALERT_BYTES_MAX = 1 << 30 };

struct replay {
	struct settings settings;
	struct pattern_set *patterns;
	const char *lists, *registry; /* folders; NULL: none */
	struct reference *reference; /* held; NULL: none */
	const struct decoder *decoder;
	const char *bank;
	struct shard *shard;
	struct desk desk;
	struct store *store; /* in memory */
	struct work *work;
	struct feed_message *messages; /* owned; a batch */
	struct cli_progress progress;
	FILE *alerts, *dead; /* dead: NULL where nobody asked */
};

static void write_dead(FILE *out, const struct dead_row *row, struct arena *arena)
{
	char *source = arena_print(arena, "%.*s@%lld", SLICE_PRINT(row->topic), (long long)row->offset);
	struct decode_reject reject;
	struct slice line;

	snprintf(reject.field, sizeof(reject.field), "%.*s", SLICE_PRINT(row->field));
	snprintf(reject.reason, sizeof(reject.reason), "%.*s", SLICE_PRINT(row->reason));
	line = decode_write_reject(source, &reject, arena);
	fwrite(line.at, 1, line.length, out);
}

static int apply(struct replay *r, struct error *error)
{
	for (size_t i = 0; r->dead != NULL && i < r->work->dead_count; i++)
		write_dead(r->dead, &r->work->dead[i], &r->work->arena);
	/* Dead letters of a file have gone where they were asked to; the store in memory need not hold them. */
	r->work->dead_count = 0;
	if (r->work->hit_count > 0 || r->work->link_count > 0) {
		if (store_begin(r->store, error) == -1 ||
		    desk_apply(&r->desk, r->store, r->work, error) == -1 ||
		    store_commit(r->store, error) == -1)
			return -1;
		desk_count(r->work);
	}
	work_reset(r->work);
	return 0;
}

static int replay_batch(struct replay *r, size_t count, struct error *error)
{
	for (size_t done = 0; done < count;) {
		done += pipeline_handle(r->shard, &r->messages[done], count - done, r->work);
		if (work_is_full(r->work) && apply(r, error) == -1)
			return -1;
	}
	cli_progress_show(&r->progress, counter_sum(COUNT_TXS));
	return apply(r, error);
}

static int replay_file(struct replay *r, const char *path, struct error *error)
{
	struct feed_file *file;
	ssize_t got = 0;
	int result = 0;

	if (file_source_open(path, 0, r->decoder, &file, error) == -1)
		return -1;
	shard_set_feed(r->shard, 0, r->decoder, slice_of(r->bank));
	while (result == 0 &&
	       (got = feed_file_take(file, r->messages, (size_t)r->settings.engine_batch, error)) > 0)
		result = replay_batch(r, (size_t)got, error);
	feed_file_close(&file);
	return result == -1 || got == -1 ? -1 : 0;
}

static int write_alerts(struct replay *r, struct error *error)
{
	struct arena arena;
	struct slice after = slice_of("");
	int64_t after_ms = INT64_MIN;
	int result = 0;

	arena_init(&arena, ALERT_BYTES_MAX);
	for (;;) {
		struct alert_row *rows;
		size_t n;
		char id[ALERT_ID_BYTES];
		if ((result = store_alerts_by_opened(r->store, after_ms, after, ALERTS_PAGE, &arena, &rows,
		                                     &n, error)) == -1 ||
		    n == 0)
			break;
		for (size_t i = 0; i < n; i++)
			fprintf(r->alerts, "%.*s\n", SLICE_PRINT(rows[i].body));
		after_ms = rows[n - 1].opened_ms;
		snprintf(id, sizeof(id), "%.*s", SLICE_PRINT(rows[n - 1].id));
		arena_reset(&arena);
		after = arena_copy(&arena, slice_of(id));
	}
	arena_deinit(&arena);
	if (result == 0 && fflush(r->alerts) != 0)
		result = error_set(error, "the alerts cannot be written: %s", strerror(errno));
	return result;
}

static int open_out(const char *path, FILE **file_r, struct error *error)
{
	if (path == NULL)
		return 0;
	*file_r = strcmp(path, "-") == 0 ? stdout : fopen(path, "w");
	return *file_r != NULL ? 0 : error_set(error, "%s: cannot be written: %s", path, strerror(errno));
}

static void print_fault(void *context, const char *text)
{
	(void)context;
	fprintf(stderr, "%s\n", text);
}

static int load_reference(struct replay *r, struct error *error)
{
	const char *lists = r->lists != NULL ? r->lists : r->settings.lists_dir;

	return reference_load_folders(lists, r->registry, print_fault, NULL, &r->reference, error);
}

static int begin(struct replay *r, struct error *error)
{
	struct judge_rules rules;

	if (load_reference(r, error) == -1)
		return -1;
	if (patterns_load(&r->settings, &r->patterns, &rules, error) == -1 ||
	    store_open(":memory:", NULL, &r->store, error) == -1)
		return -1;
	r->shard = shard_new(&r->settings, r->patterns);
	shard_use_reference(r->shard, r->reference);
	if (r->lists != NULL)
		reference_compare(r->reference, r->patterns, print_fault, NULL);
	r->work = work_new(r);
	r->messages = calloc((size_t)r->settings.engine_batch, sizeof(*r->messages));
	if (r->messages == NULL)
		die("out of memory: a batch of %lld messages", (long long)r->settings.engine_batch);
	desk_init(&r->desk, &rules, NULL, r->settings.engine_lateness_ms, false);
	cli_progress_begin(&r->progress, "transactions");
	return 0;
}

static void end(struct replay *r)
{
	if (r->shard == NULL)
		return;
	cli_progress_end(&r->progress);
	shard_free(&r->shard);
	work_free(r->work);
	free(r->messages);
	desk_deinit(&r->desk);
	store_close(&r->store);
}

static int run_all(struct replay *r, const struct cli_list *files, struct error *error)
{
	int result = begin(r, error);

	for (int i = 0; i < files->count && result == 0; i++)
		result = replay_file(r, files->items[i], error);
	if (result == 0)
		result = write_alerts(r, error);
	if (result == 0 && r->dead != NULL && fflush(r->dead) != 0)
		result = error_set(error, "the dead letters cannot be written: %s", strerror(errno));
	end(r);
	if (result == 0)
		cli_feed_notes();
	pattern_set_free(&r->patterns);
	reference_free(&r->reference);
	return result;
}

static int run_replay(int argc, char **argv)
{
	const char *settings = NULL, *patterns = NULL, *decoder = "json", *alerts = NULL, *dead = NULL;
	struct cli_list files = {.count = 0}, sets = {.count = 0};
	struct replay r = {.alerts = stdout, .bank = ""};
	const struct cli_option options[] = {
		CLI_TEXT("settings", "FILE", &settings, "settings; the built-in defaults without"),
		CLI_TEXT("patterns", "DIR", &patterns,
	                 "patterns; else those of the settings, or ./patterns"),
		CLI_TEXT("lists", "DIR", &r.lists, "lists as CSV files, NAME.csv the list NAME; else those of the settings"),
		CLI_TEXT("registry", "DIR", &r.registry,
	                 "the registry as CSV files: enterprises and their accounts, for patterns that ask"),
		CLI_TEXT("decoder", "NAME", &decoder,
	                 "the format: json (the default), csv34, iso20022, cnaps"),
		CLI_TEXT("bank", "CODE", &r.bank, "whose books the messages carry: a 12-digit bank code"),
		CLI_TEXT("alerts", "OUT", &alerts, "where alerts go; else standard output"),
		CLI_TEXT("dead", "OUT", &dead, "where dead letters go, as JSON lines; else only counted"),
		CLI_LIST("set", "S.KEY=VALUE", &sets, "overrides a setting; may be given several times"),
		CLI_OPTIONS_END,
	};
	struct error error;
	int result = cli_parse(&command_replay, argc, argv, options, &files);

	if (result != 0)
		return result - 1;
	if (files.count == 0)
		return cli_usage(&command_replay, "name a file, or - for standard input");
	if ((r.decoder = file_source_decoder(&command_replay, decoder)) == NULL)
		return 2;
	if (cli_settings(settings, &sets, &r.settings, &error) == -1)
		return cli_fail(&error);
	if (patterns != NULL)
		r.settings.patterns_dir = patterns;
	result = open_out(alerts, &r.alerts, &error) == -1 || open_out(dead, &r.dead, &error) == -1
	                 ? -1
	                 : run_all(&r, &files, &error);
	settings_free(&r.settings);
	return result == -1 ? cli_fail(&error) : 0;
}

const struct cli_command command_replay = {
	"replay",
	"FILE...|-",
	"Runs the detection over files or standard input; alerts as JSON lines",
	run_replay,
};
