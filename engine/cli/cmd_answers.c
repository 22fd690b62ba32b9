/*
 * huqi answers: what the contacts of an alert said, the oldest first.
 */
#include "base/instant.h"
#include "cli/commands.h"
#include "cli/list_writer.h"
#include "store/store.h"

enum { ANSWERS_BYTES_MAX = 16 << 20 };

struct answers_run {
	const char *settings_path;
	struct cli_list sets, alerts;
	bool json;
	struct settings settings;
	struct store *store;
	struct arena arena;
};

static void add_row(struct answers_run *run, struct list_writer *w, const struct answer_row *row)
{
	const char *value = row->value > 0 ? arena_print(&run->arena, "%d", (int)row->value) : "";
	char at[INSTANT_TEXT_BYTES];

	instant_format(row->at_ms, at);
	list_row(w, (const char *const[]){at, row->answer.at, value, row->via.at, row->actor.at, row->delivery.at,
	                                  row->text.at});
}

/* An id that the alert had before leads to it. */
static int list_all(struct answers_run *run, struct list_writer *w, struct error *error)
{
	struct alert_row alert;
	struct answer_row *rows;
	size_t count;
	int found = store_alert_get(run->store, slice_of(run->alerts.items[0]), &run->arena, &alert, error);

	if (found == 0)
		return error_set(error, "there is no alert %s", run->alerts.items[0]);
	if (found == -1 || store_answers_of_alert(run->store, alert.id, &run->arena, &rows, &count, error) == -1)
		return -1;
	for (size_t i = 0; i < count; i++)
		add_row(run, w, &rows[i]);
	return 0;
}

static int run_answers(int argc, char **argv)
{
	struct answers_run run = {.settings_path = NULL};
	const struct cli_option options[] = {
		CLI_TEXT("settings", "FILE", &run.settings_path, "settings; the built-in defaults without"),
		CLI_LIST("set", "S.KEY=VALUE", &run.sets, "overrides a setting"),
		CLI_FLAG("json", &run.json, "JSON for programs"),
		CLI_OPTIONS_END,
	};
	struct list_writer w = {0};
	struct error error;
	int result = cli_parse(&command_answers, argc, argv, options, &run.alerts);

	if (result != 0)
		return result - 1;
	if (run.alerts.count != 1)
		return cli_usage(&command_answers, "name one alert");
	if (cli_settings(run.settings_path, &run.sets, &run.settings, &error) == -1 ||
	    store_open_reader(run.settings.store_path, run.settings.store_key_file, &run.store, &error) == -1)
		return cli_fail(&error);
	arena_init(&run.arena, ANSWERS_BYTES_MAX);
	w.json = run.json;
	list_begin(&w);
	list_columns(&w, (const char *const[]){"at", "answer", "value", "via", "actor", "delivery", "text", NULL});
	w.failed = list_all(&run, &w, &w.error) == -1;
	store_close(&run.store);
	settings_free(&run.settings);
	arena_deinit(&run.arena);
	return list_end(&w);
}

const struct cli_command command_answers = {"answers", "ALERT", "Lists what an alert's contacts said", run_answers};
