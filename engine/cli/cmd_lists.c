/*
 * huqi lists import|export|show: the lists that the store keeps.
 */
#include <stdio.h>
#include <sys/stat.h>

#include "base/folder.h"
#include "base/ident.h"
#include "cli/cli_store.h"
#include "cli/commands.h"
#include "cli/list_writer.h"
#include "reference/reference.h"
#include "registry/registry.h"

enum { SHOWN_MAX = 1000 };

static const char actor[] = "command line";

struct lists_run {
	const char *settings_path, *reason;
	struct cli_list sets, rest;
	bool dry_run, json;
	struct settings settings;
};

/* 0, or the exit status to end with plus 1. */
static int begin(struct lists_run *run, const struct cli_command *command, int argc, char **argv,
                 const struct cli_option *options)
{
	struct error error;
	int result = cli_parse(command, argc, argv, options, &run->rest);

	if (result != 0)
		return result;
	return cli_settings(run->settings_path, &run->sets, &run->settings, &error) == -1 ? 1 + cli_fail(&error) : 0;
}

/* ---- import ---- */

static void print_refused(void *context, const char *text)
{
	(void)context;
	fprintf(stderr, "%s\n", text);
}

static void print_report(const struct lists_report *report, bool dry_run)
{
	for (size_t i = 0; i < report->count; i++) {
		const struct lists_tally *t = &report->tallies[i];
		printf("%-18.*s %s%zu inserted, %zu changed, %zu unchanged, %zu removed\n", SLICE_PRINT(t->list),
		       dry_run ? "would be: " : "", t->inserted, t->changed, t->unchanged, t->removed);
	}
	if (report->refused > 0)
		printf("%zu rows refused\n", report->refused);
}

static int import(struct lists_run *run, struct error *error)
{
	struct lists_import what = {.folder = run->rest.items[0], .dry_run = run->dry_run, .actor = actor,
	                            .report = print_refused};
	struct lists_report report;
	struct store_writer *writer;
	int result;

	if (cli_store_writer(&run->settings, &writer, error) == -1)
		return -1;
	result = lists_import(writer, &what, &report, error);
	store_writer_stop(&writer);
	if (result == 0)
		print_report(&report, run->dry_run);
	lists_report_free(&report);
	return result;
}

static int run_import(int argc, char **argv)
{
	struct lists_run run = {0};
	const struct cli_option options[] = {
		CLI_TEXT("settings", "FILE", &run.settings_path, "settings; the built-in defaults without"),
		CLI_LIST("set", "S.KEY=VALUE", &run.sets, "overrides a setting"),
		CLI_FLAG("dry-run", &run.dry_run, "say what would change, change nothing"),
		CLI_OPTIONS_END,
	};
	struct error error;
	int result = begin(&run, &command_lists_import, argc, argv, options);

	if (result != 0)
		return result - 1;
	if (run.rest.count != 1)
		result = cli_usage(&command_lists_import, "name the folder with the lists' CSV files");
	else if (import(&run, &error) == -1)
		result = cli_fail(&error);
	settings_free(&run.settings);
	return result;
}

/* ---- export ---- */

static int export(struct lists_run *run, struct error *error)
{
	struct slice only = slice_of(run->rest.count > 1 ? run->rest.items[1] : "");
	struct store_writer *writer;
	int64_t entries;

	if (cli_store_writer(&run->settings, &writer, error) == -1)
		return -1;
	mkdir(run->rest.items[0], 0750);
	entries = lists_export(writer, run->rest.items[0], only, actor, run->reason, error);
	store_writer_stop(&writer);
	if (entries >= 0)
		printf("%lld entries written\n", (long long)entries);
	return entries >= 0 ? 0 : -1;
}

static int run_export(int argc, char **argv)
{
	struct lists_run run = {0};
	const struct cli_option options[] = {
		CLI_TEXT("settings", "FILE", &run.settings_path, "settings; the built-in defaults without"),
		CLI_LIST("set", "S.KEY=VALUE", &run.sets, "overrides a setting"),
		CLI_TEXT("reason", "TEXT", &run.reason, "why accounts and names leave the store; the audit keeps it"),
		CLI_OPTIONS_END,
	};
	struct error error;
	int result = begin(&run, &command_lists_export, argc, argv, options);

	if (result != 0)
		return result - 1;
	if (run.rest.count < 1 || run.rest.count > 2)
		result = cli_usage(&command_lists_export, "name the folder to write to, and perhaps one list");
	else if (run.reason == NULL || run.reason[0] == '\0')
		result = cli_usage(&command_lists_export, "give --reason: lists are personal data");
	else if (export(&run, &error) == -1)
		result = cli_fail(&error);
	settings_free(&run.settings);
	return result;
}

/* ---- show ---- */

struct showing {
	struct list_writer *writer;
	char list[REFERENCE_NAME_BYTES_MAX + 1];
	size_t entries; /* of the list at hand */
	size_t shown;
	int64_t lasting; /* entries without an end */
};

static void show_total(struct showing *s)
{
	char entries[24], lasting[24];

	if (s->entries == 0)
		return;
	snprintf(entries, sizeof(entries), "%zu", s->entries);
	snprintf(lasting, sizeof(lasting), "%lld", (long long)s->lasting);
	list_row(s->writer, (const char *const[]){s->list, entries, lasting});
}

static int total_entry(void *arg, const struct list_entry_row *row, struct error *error)
{
	struct showing *s = arg;

	(void)error;
	if (!slice_is(row->list, s->list)) {
		show_total(s);
		s->entries = 0;
		s->lasting = 0;
		snprintf(s->list, sizeof(s->list), "%.*s", SLICE_PRINT(row->list));
	}
	s->entries++;
	s->lasting += row->expires_ms == INT64_MAX;
	return 0;
}

/* Masked (I9): who needs the values exports them with a reason. */
static int show_entry(void *arg, const struct list_entry_row *row, struct error *error)
{
	struct showing *s = arg;
	char masked[IDENT_MASKED_BYTES], expires[32], kind[16], reason[900], source[900];

	(void)error;
	if (s->shown++ >= SHOWN_MAX)
		return 0;
	snprintf(kind, sizeof(kind), "%.*s", SLICE_PRINT(row->kind));
	snprintf(reason, sizeof(reason), "%.*s", SLICE_PRINT(row->reason));
	snprintf(source, sizeof(source), "%.*s", SLICE_PRINT(row->source));
	if (slice_is(row->kind, "name"))
		ident_mask_name(row->value, masked);
	else
		ident_mask_account(row->value, masked);
	list_row(s->writer,
	         (const char *const[]){masked, kind, reason, source, lists_expiry_text(row->expires_ms, expires)});
	return 0;
}

static void show(struct lists_run *run, struct list_writer *w)
{
	struct showing showing = {.writer = w};
	struct store *store;
	bool one = run->rest.count > 0;

	list_columns(w, one ? (const char *const[]){"value", "kind", "reason", "source", "expires", NULL}
	                    : (const char *const[]){"list", "entries", "without_end", NULL});
	if (store_open_reader(run->settings.store_path, run->settings.store_key_file, &store, &w->error) == -1) {
		w->failed = true;
		return;
	}
	w->failed = store_list_entries_each(store, slice_of(one ? run->rest.items[0] : ""),
	                                    one ? show_entry : total_entry, &showing, &w->error) == -1;
	if (!one)
		show_total(&showing);
	store_close(&store);
	if (showing.shown > SHOWN_MAX)
		fprintf(stderr, "%d of %zu entries are shown; `huqi lists export` writes all\n", SHOWN_MAX, showing.shown);
}

static int run_show(int argc, char **argv)
{
	struct lists_run run = {0};
	const struct cli_option options[] = {
		CLI_TEXT("settings", "FILE", &run.settings_path, "settings; the built-in defaults without"),
		CLI_LIST("set", "S.KEY=VALUE", &run.sets, "overrides a setting"),
		CLI_FLAG("json", &run.json, "JSON for programs"),
		CLI_OPTIONS_END,
	};
	struct list_writer w = {0};
	int result = begin(&run, &command_lists_show, argc, argv, options);

	if (result != 0)
		return result - 1;
	if (run.rest.count > 1) {
		settings_free(&run.settings);
		return cli_usage(&command_lists_show, "name one list, or none for all");
	}
	w.json = run.json;
	list_begin(&w);
	show(&run, &w);
	settings_free(&run.settings);
	return list_end(&w);
}

const struct cli_command command_lists_import = {
	"lists import", "FOLDER", "Makes the store's lists what the folder's CSV files say; SIGHUP lets the service read them",
	run_import};
const struct cli_command command_lists_export = {
	"lists export", "FOLDER [LIST]", "Writes the store's lists to CSV files; needs --reason, which the audit keeps",
	run_export};
const struct cli_command command_lists_show = {
	"lists show", "[LIST]", "Shows the store's lists, or the entries of one, masked", run_show};
