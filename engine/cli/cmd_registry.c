/*
 * huqi registry import: enterprises, accounts, contacts and jurisdictions from a folder of CSV files.
 */
#include <stdio.h>

#include "cli/commands.h"
#include "cli/cli_store.h"
#include "deliver/deliver.h"
#include "registry/registry.h"

static int check_contact(void *arg, struct slice *channel, struct slice address, struct slice secret,
                         bool *needs_code_r, struct error *error)
{
	const struct settings *settings = arg;

	return deliver_check_contact(channel, address, secret, settings->notify_private != 0, needs_code_r, error);
}

static void print_issues(const struct registry_report *report)
{
	int told = 0;

	for (size_t i = 0; i < report->issue_count; i++) {
		const struct registry_issue *issue = &report->issues[i];
		fprintf(stderr, "%s:%d: %s%s%s%s\n", registry_file_names[issue->file], issue->line,
		        issue->refused ? "refused: " : "warning: ", issue->field,
		        issue->field[0] != '\0' ? ": " : "", issue->reason);
	}
	for (int i = 0; i < REGISTRY_FILE_COUNT; i++)
		told += report->tallies[i].refused + report->tallies[i].warned;
	if (told > REGISTRY_ISSUES_MAX && report->issue_count == REGISTRY_ISSUES_MAX)
		fprintf(stderr, "… the first %d are shown\n", REGISTRY_ISSUES_MAX);
}

static void print_changes(const struct registry_report *report)
{
	int count = 0;

	for (size_t i = 0; i < report->change_count; i++) {
		const struct registry_change *change = &report->changes[i];
		printf("%s:%d: would be %s: %s\n", registry_file_names[change->file], change->line,
		       change->inserted ? "inserted" : "changed", change->what);
	}
	for (int i = 0; i < REGISTRY_FILE_COUNT; i++)
		count += report->tallies[i].inserted + report->tallies[i].changed;
	if (count > (int)report->change_count)
		printf("… %d of %d rows are shown\n", (int)report->change_count, count);
}

static void print_report(const struct registry_report *report, bool dry_run)
{
	print_issues(report);
	if (dry_run)
		print_changes(report);
	for (int i = 0; i < REGISTRY_FILE_COUNT; i++) {
		const struct registry_tally *tally = &report->tallies[i];
		if (tally->present)
			printf("%-18s %s%d inserted, %d changed, %d unchanged, %d refused\n",
			       registry_file_names[i], dry_run ? "would be: " : "", tally->inserted,
			       tally->changed, tally->unchanged, tally->refused);
	}
	if (report->waiting > 0)
		printf("%d address%s not used before a code: `huqi registry verify ADDRESS`\n", report->waiting,
		       report->waiting == 1 ? " is" : "es are");
}

static int import(struct settings *settings, const char *folder, bool dry_run, struct error *error)
{
	struct registry_import what = {.folder = folder,
	                               .dry_run = dry_run,
	                               .actor = "command line",
	                               .check_contact = check_contact,
	                               .check_arg = settings};
	struct registry_report report;
	struct store_writer *writer;
	int result;

	if (cli_store_writer(settings, &writer, error) == -1)
		return -1;
	result = registry_import(writer, &what, &report, error);
	store_writer_stop(&writer);
	if (result == 0)
		print_report(&report, dry_run);
	registry_report_free(&report);
	return result;
}

static int run_import(int argc, char **argv)
{
	const char *path = NULL;
	bool dry_run = false;
	struct cli_list sets = {.count = 0}, rest = {.count = 0};
	const struct cli_option options[] = {
		CLI_TEXT("settings", "FILE", &path, "settings; the built-in defaults without"),
		CLI_LIST("set", "S.KEY=VALUE", &sets, "overrides a setting"),
		CLI_FLAG("dry-run", &dry_run, "say row by row what would change, change nothing"),
		CLI_OPTIONS_END,
	};
	struct settings settings;
	struct error error;
	int result = cli_parse(&command_registry_import, argc, argv, options, &rest);

	if (result != 0)
		return result - 1;
	if (rest.count != 1)
		return cli_usage(&command_registry_import, "name the folder with the CSV files");
	if (cli_settings(path, &sets, &settings, &error) == -1)
		return cli_fail(&error);
	result = import(&settings, rest.items[0], dry_run, &error);
	settings_free(&settings);
	return result == -1 ? cli_fail(&error) : 0;
}

const struct cli_command command_registry_import = {
	"registry import",
	"FOLDER",
	"Takes enterprises, accounts and contacts from CSV files",
	run_import,
};
