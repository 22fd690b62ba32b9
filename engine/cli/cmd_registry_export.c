/*
 * huqi registry export: the registry as the CSV files that an import takes.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/cli_store.h"
#include "cli/commands.h"
#include "registry/registry.h"

struct export_run {
	const char *path, *reason, *encoding, *language;
	struct cli_list sets, rest;
	struct settings settings;
};

static void print_done(const struct registry_exported *done)
{
	printf("%lld jurisdictions, %lld enterprises", (long long)done->jurisdictions, (long long)done->enterprises);
	if (done->contacts >= 0)
		printf(", %lld accounts, %lld ways to reach contacts: keep the folder as you keep the store\n",
		       (long long)done->accounts, (long long)done->contacts);
	else
		printf("; without --reason no accounts, contacts and names of people\n");
}

static int export(struct export_run *run, struct error *error)
{
	struct registry_export what = {.folder = run->rest.items[0], .reason = run->reason, .actor = "command line",
	                               .gb18030 = run->encoding != NULL && strcmp(run->encoding, "gb18030") == 0,
	                               .chinese = run->language != NULL && strcmp(run->language, "zh") == 0};
	struct registry_exported done;
	struct store_writer *writer;
	struct store *reader;
	int result;

	if (cli_store_writer(&run->settings, &writer, error) == -1)
		return -1;
	result = cli_store_reader(&run->settings, &reader, error);
	if (result == 0) {
		mkdir(what.folder, 0750);
		result = registry_export(writer, reader, &what, &done, error);
		store_close(&reader);
	}
	store_writer_stop(&writer);
	if (result == 0)
		print_done(&done);
	return result;
}

static bool is_one_of(const char *word, const char *one, const char *other)
{
	return word == NULL || strcmp(word, one) == 0 || strcmp(word, other) == 0;
}

static int run_export(int argc, char **argv)
{
	struct export_run run = {0};
	const struct cli_option options[] = {
		CLI_TEXT("settings", "FILE", &run.path, "settings; the built-in defaults without"),
		CLI_LIST("set", "S.KEY=VALUE", &run.sets, "overrides a setting"),
		CLI_TEXT("reason", "TEXT", &run.reason, "why personal data leaves the store; the audit keeps it"),
		CLI_TEXT("encoding", "NAME", &run.encoding, "utf-8 (default) or gb18030"),
		CLI_TEXT("language", "CODE", &run.language, "of the header: en (default) or zh"),
		CLI_OPTIONS_END,
	};
	struct error error;
	int result = cli_parse(&command_registry_export, argc, argv, options, &run.rest);

	if (result != 0)
		return result - 1;
	if (run.rest.count != 1)
		return cli_usage(&command_registry_export, "name the folder to write to");
	if (!is_one_of(run.encoding, "utf-8", "gb18030"))
		return cli_usage(&command_registry_export, "--encoding: `%s`: expected utf-8 or gb18030", run.encoding);
	if (!is_one_of(run.language, "en", "zh"))
		return cli_usage(&command_registry_export, "--language: `%s`: expected en or zh", run.language);
	if (cli_settings(run.path, &run.sets, &run.settings, &error) == -1)
		return cli_fail(&error);
	result = export(&run, &error);
	settings_free(&run.settings);
	return result == -1 ? cli_fail(&error) : 0;
}

const struct cli_command command_registry_export = {
	"registry export",
	"FOLDER",
	"Writes the registry to CSV files; personal data only with --reason, which the audit keeps",
	run_export,
};
