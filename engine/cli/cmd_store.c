/*
 * huqi store check|backup, huqi audit verify.
 */
#include <stdio.h>

#include "cli/commands.h"
#include "store/store.h"

static int open_reader(const struct cli_command *command, int argc, char **argv, struct cli_list *rest,
                       struct store **store_r)
{
	const char *path = NULL;
	struct cli_list sets = {.count = 0};
	const struct cli_option options[] = {
		CLI_TEXT("settings", "FILE", &path, "settings; the built-in defaults without"),
		CLI_LIST("set", "S.KEY=VALUE", &sets, "overrides a setting"),
		CLI_OPTIONS_END,
	};
	struct settings settings;
	struct error error;
	int result = cli_parse(command, argc, argv, options, rest);

	if (result != 0)
		return result;
	if (cli_settings(path, &sets, &settings, &error) == -1)
		return 1 + cli_fail(&error);
	result = store_open_reader(settings.store_path, settings.store_key_file, store_r, &error);
	settings_free(&settings);
	return result == -1 ? 1 + cli_fail(&error) : 0;
}

static int run_check(int argc, char **argv)
{
	struct store *store;
	struct error error;
	int result = open_reader(&command_store_check, argc, argv, NULL, &store);

	if (result != 0)
		return result - 1;
	result = store_check(store, &error);
	store_close(&store);
	if (result == -1)
		return cli_fail(&error);
	puts("the store is sound");
	return 0;
}

static int run_backup(int argc, char **argv)
{
	struct store *store;
	struct error error;
	struct cli_list rest = {.count = 0};
	int result = open_reader(&command_store_backup, argc, argv, &rest, &store);

	if (result != 0)
		return result - 1;
	if (rest.count != 1) {
		store_close(&store);
		return cli_usage(&command_store_backup, "name the file to write");
	}
	result = store_backup(store, rest.items[0], &error);
	store_close(&store);
	if (result == -1)
		return cli_fail(&error);
	printf("the store is copied to %s\n"
	       "its contacts open only with the key file (store.key_file): keep a copy of that, too, and not beside this\n",
	       rest.items[0]);
	return 0;
}

static int run_verify(int argc, char **argv)
{
	struct store *store;
	struct error error;
	int64_t rows = 0;
	int result = open_reader(&command_audit_verify, argc, argv, NULL, &store);

	if (result != 0)
		return result - 1;
	result = store_audit_verify(store, &rows, &error);
	store_close(&store);
	if (result == -1)
		return cli_fail(&error);
	printf("the audit chain holds: %lld rows\n", (long long)rows);
	return 0;
}

const struct cli_command command_store_check = {"store check", "", "Checks the store's file", run_check};
const struct cli_command command_store_backup = {"store backup", "FILE",
                                                 "Copies the store, also while the service runs",
                                                 run_backup};
const struct cli_command command_audit_verify = {"audit verify", "", "Verifies the chain of the audit",
                                                 run_verify};
