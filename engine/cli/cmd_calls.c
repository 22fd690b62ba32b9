/*
 * huqi calls: whom the centres' analysts are to call, or what they are to decide, as their lists stand now.
 */
#include "base/ident.h"
#include "base/instant.h"
#include "cli/commands.h"
#include "cli/list_writer.h"
#include "store/store.h"

enum { PAGE = 200, CALLS_BYTES_MAX = 64 << 20 };

static const char *const level_words[] = {"", "blue", "yellow", "orange", "red"};

struct calls_run {
	const char *settings_path, *jurisdiction;
	struct cli_list sets, rest;
	bool json;
	struct settings settings;
	struct store *store;
	struct arena arena;
};

static const char *time_text(struct calls_run *run, int64_t ms)
{
	char text[INSTANT_TEXT_BYTES] = "";

	if (ms > 0)
		instant_format(ms, text);
	return arena_print(&run->arena, "%s", text);
}

/* The account is masked (I9); who needs more asks the API for it, with a reason. */
static int add_row(struct calls_run *run, struct list_writer *w, const struct call_row *call, struct error *error)
{
	struct alert_row alert = {0};
	char masked[IDENT_MASKED_BYTES] = "";

	if (store_alert_get(run->store, call->alert, &run->arena, &alert, error) == -1)
		return -1;
	if (alert.account.length > 0)
		ident_mask_account(alert.account, masked);
	list_row(w, (const char *const[]){arena_print(&run->arena, "%lld", (long long)call->id),
	                                  level_words[call->level < 5 ? call->level : 0], call->reason.at,
	                                  call->jurisdiction.at, call->alert.at,
	                                  alert.typology.at != NULL ? alert.typology.at : "", masked,
	                                  time_text(run, call->created_ms), time_text(run, call->due_ms),
	                                  call->taken_by.at});
	return 0;
}

static int list_all(struct calls_run *run, struct list_writer *w, struct error *error)
{
	struct slice jurisdiction = slice_of(run->jurisdiction != NULL ? run->jurisdiction : "");
	struct call_row *rows;
	size_t count;
	int after = 0;

	do {
		arena_reset(&run->arena);
		if (store_calls_open(run->store, jurisdiction, after, PAGE, &run->arena, &rows, &count, error) == -1)
			return -1;
		for (size_t i = 0; i < count; i++)
			if (add_row(run, w, &rows[i], error) == -1)
				return -1;
		after += (int)count;
	} while (count == PAGE);
	return 0;
}

static int run_calls(int argc, char **argv)
{
	struct calls_run run = {.settings_path = NULL};
	const struct cli_option options[] = {
		CLI_TEXT("settings", "FILE", &run.settings_path, "settings; the built-in defaults without"),
		CLI_LIST("set", "S.KEY=VALUE", &run.sets, "overrides a setting"),
		CLI_TEXT("jurisdiction", "CODE", &run.jurisdiction, "only this centre's and those below it, and nobody's"),
		CLI_FLAG("json", &run.json, "JSON for programs"),
		CLI_OPTIONS_END,
	};
	struct list_writer w = {0};
	struct error error;
	int result = cli_parse(&command_calls, argc, argv, options, &run.rest);

	if (result != 0)
		return result - 1;
	if (run.rest.count > 0)
		return cli_usage(&command_calls, "there is nothing to name");
	if (cli_settings(run.settings_path, &run.sets, &run.settings, &error) == -1 ||
	    store_open_reader(run.settings.store_path, run.settings.store_key_file, &run.store, &error) == -1)
		return cli_fail(&error);
	arena_init(&run.arena, CALLS_BYTES_MAX);
	w.json = run.json;
	list_begin(&w);
	list_columns(&w, (const char *const[]){"id", "level", "reason", "jurisdiction", "alert", "typology", "account",
	                                       "since", "due", "taken_by", NULL});
	w.failed = list_all(&run, &w, &w.error) == -1;
	store_close(&run.store);
	settings_free(&run.settings);
	arena_deinit(&run.arena);
	return list_end(&w);
}

const struct cli_command command_calls = {
	"calls", "", "Lists the centres' open calls: who is to be reached, what is to be released", run_calls};
