/*
 * huqi dead list|show|replay: the dead letters of the store.
 *
 * A replay produces the payload to its topic again, with its key, after the decoder or the bank's format was mended:
 * it then runs through the whole pipeline like any message. Each is marked and audited (I10).
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/instant.h"
#include "cli/commands.h"
#include "cli/list_writer.h"
#include "feed/feed.h"
#include "store/store.h"

enum { PAGE = 200, DEAD_BYTES_MAX = 1 << 30, PRODUCE_DEADLINE_MS = 30000, REPLAY_MAX = 100000 };

struct dead_run {
	const char *settings_path;
	struct cli_list sets, ids;
	bool json, all;
	struct settings settings;
	struct store *store;
	struct arena arena;
};

static int open_run(const struct cli_command *command, struct dead_run *run, int argc, char **argv,
                    bool writes)
{
	const struct cli_option options[] = {
		CLI_TEXT("settings", "FILE", &run->settings_path, "settings; the built-in defaults without"),
		CLI_LIST("set", "S.KEY=VALUE", &run->sets, "overrides a setting"),
		CLI_FLAG("json", &run->json, "JSON for programs"),
		CLI_FLAG("all", &run->all, "every dead letter that was not replayed yet"),
		CLI_OPTIONS_END,
	};
	struct error error;
	int result;

	*run = (struct dead_run){.settings_path = NULL};
	result = cli_parse(command, argc, argv, options, &run->ids);
	if (result != 0)
		return result;
	if (cli_settings(run->settings_path, &run->sets, &run->settings, &error) == -1 ||
	    (writes ? store_open_beside(run->settings.store_path, run->settings.store_key_file, &run->store, &error)
	            : store_open_reader(run->settings.store_path, run->settings.store_key_file, &run->store, &error)) == -1)
		return 1 + cli_fail(&error);
	arena_init(&run->arena, DEAD_BYTES_MAX);
	return 0;
}

static void close_run(struct dead_run *run)
{
	store_close(&run->store);
	settings_free(&run->settings);
	arena_deinit(&run->arena);
}

static int list_page(struct dead_run *run, struct list_writer *w, int64_t *after, struct error *error)
{
	struct dead_row *rows;
	size_t n;

	if (store_dead_list(run->store, *after, PAGE, false, false, &run->arena, &rows, &n, error) == -1)
		return -1;
	for (size_t i = 0; i < n; i++) {
		char at[INSTANT_TEXT_BYTES];
		instant_format(rows[i].received_ms, at);
		list_row(w, (const char *const[]){
				    arena_print(&run->arena, "%lld", (long long)rows[i].id), at,
				    arena_print(&run->arena, "%.*s/%d@%lld", SLICE_PRINT(rows[i].topic),
		                                rows[i].partition, (long long)rows[i].offset),
				    rows[i].decoder.at, rows[i].field.at, rows[i].reason.at,
				    rows[i].replayed_ms != 0 ? "replayed" : ""});
		*after = rows[i].id;
	}
	arena_reset(&run->arena);
	return (int)n;
}

static int run_list(int argc, char **argv)
{
	struct dead_run run;
	struct list_writer w = {0};
	int64_t after = 0;
	int n, result = open_run(&command_dead_list, &run, argc, argv, false);

	if (result != 0)
		return result - 1;
	w.json = run.json;
	list_begin(&w);
	list_columns(&w, (const char *const[]){"id", "received_at", "source", "decoder", "field", "reason",
	                                       "state", NULL});
	while ((n = list_page(&run, &w, &after, &w.error)) > 0)
		;
	w.failed = n == -1;
	close_run(&run);
	return list_end(&w);
}

static int show_one(struct dead_run *run, const char *id, struct error *error)
{
	struct dead_row row;
	int found = store_dead_get(run->store, strtoll(id, NULL, 10), &run->arena, &row, error);

	if (found == 0)
		return error_set(error, "no dead letter %s; `huqi dead list` shows all", id);
	if (found == -1)
		return -1;
	fprintf(stderr, "%.*s/%d@%lld  decoder %.*s\n%.*s\n", SLICE_PRINT(row.topic), row.partition,
	        (long long)row.offset, SLICE_PRINT(row.decoder), SLICE_PRINT(row.reason));
	fwrite(row.payload.at, 1, row.payload.length, stdout);
	return 0;
}

static int run_show(int argc, char **argv)
{
	struct dead_run run;
	struct error error;
	int result = open_run(&command_dead_show, &run, argc, argv, false);

	if (result != 0)
		return result - 1;
	if (run.ids.count != 1)
		result = cli_usage(&command_dead_show, "name one dead letter by its id");
	else if (show_one(&run, run.ids.items[0], &error) == -1)
		result = cli_fail(&error);
	close_run(&run);
	return result;
}

static void on_settled(void *arg, int64_t id, enum feed_produced result)
{
	bool *settled = arg;

	settled[id] = result == FEED_PRODUCED;
}

static int mark(struct dead_run *run, const int64_t *ids, const bool *settled, size_t n, size_t *done_r,
                struct error *error)
{
	char detail[64];

	*done_r = 0;
	if (store_begin(run->store, error) == -1)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (!settled[i])
			continue;
		if (store_dead_mark_replayed(run->store, ids[i], clock_now_ms(), error) == -1)
			goto failed;
		(*done_r)++;
	}
	snprintf(detail, sizeof(detail), "%zu dead letters", *done_r);
	if (store_audit_put(run->store, clock_now_ms(), "command line", "dead.replay", "", detail, error) ==
	    -1)
		goto failed;
	return store_commit(run->store, error);
failed:
	store_rollback(run->store);
	return -1;
}

static int produce(struct dead_run *run, const int64_t *ids, bool *settled, size_t n, struct error *error)
{
	struct feed_producer *producer;
	int64_t until_ms = clock_steady_ms() + PRODUCE_DEADLINE_MS;
	int result = 0;

	if (feed_producer_start(&run->settings, on_settled, settled, &producer, error) == -1)
		return -1;
	for (size_t i = 0; i < n && result == 0; i++) {
		struct dead_row row;
		int found = store_dead_get(run->store, ids[i], &run->arena, &row, error);
		if (found != 1)
			result =
				found == 0 ? error_set(error, "no dead letter %lld", (long long)ids[i]) : -1;
		else if (row.payload_bytes > row.payload.length)
			fprintf(stderr,
			        "huqi: dead letter %lld was kept in part only; send it from the bank "
			        "again\n",
			        (long long)ids[i]);
		else
			while (feed_producer_put(producer, arena_copy(&run->arena, row.topic).at, (int64_t)i,
			                         row.key, row.payload, NULL, 0) == FEED_PRODUCE_LATER &&
			       clock_steady_ms() < until_ms)
				feed_producer_poll(producer, 100);
		arena_reset(&run->arena);
	}
	while (result == 0 && feed_producer_poll(producer, 100) > 0 && clock_steady_ms() < until_ms)
		;
	feed_producer_stop(&producer, 0);
	return result;
}

/* The ids given, or with --all those that were not replayed yet. */
static int collect(struct dead_run *run, int64_t *ids, size_t *n_r, struct error *error)
{
	struct dead_row *rows;
	int64_t after = 0;
	size_t n;

	for (*n_r = 0; *n_r < (size_t)run->ids.count; (*n_r)++)
		ids[*n_r] = strtoll(run->ids.items[*n_r], NULL, 10);
	while (run->all) {
		if (store_dead_list(run->store, after, PAGE, false, false, &run->arena, &rows, &n, error) ==
		    -1)
			return -1;
		for (size_t i = 0; i < n && *n_r < REPLAY_MAX; i++) {
			after = rows[i].id;
			if (rows[i].replayed_ms == 0)
				ids[(*n_r)++] = rows[i].id;
		}
		arena_reset(&run->arena);
		if (n == 0)
			break;
	}
	return 0;
}

static int run_replay(int argc, char **argv)
{
	struct dead_run run;
	struct error error;
	int64_t *ids = calloc(REPLAY_MAX, sizeof(*ids));
	bool *settled = calloc(REPLAY_MAX, sizeof(*settled));
	size_t n = 0, done = 0;
	int result = open_run(&command_dead_replay, &run, argc, argv, true);

	if (result != 0 || ids == NULL || settled == NULL)
		goto out;
	if ((run.ids.count == 0) != run.all)
		result = 1 + cli_usage(&command_dead_replay, "name dead letters by id, or --all");
	else if (collect(&run, ids, &n, &error) == -1 || produce(&run, ids, settled, n, &error) == -1 ||
	         mark(&run, ids, settled, n, &done, &error) == -1)
		result = 1 + cli_fail(&error);
	else
		printf("%zu of %zu dead letters sent to their topics again\n", done, n);
	close_run(&run);
	if (result == 0 && done < n)
		result = 2;
	result++;
out:
	free(ids);
	free(settled);
	return result - 1;
}

const struct cli_command command_dead_list = {"dead list", "", "Lists the dead letters of the store",
                                              run_list};
const struct cli_command command_dead_show = {
	"dead show", "ID", "Shows a dead letter: reason on standard error, payload on standard output",
	run_show};
const struct cli_command command_dead_replay = {"dead replay", "ID...",
                                                "Sends dead letters to their topics again", run_replay};
