#include "cli/casework_run.h"

#include <stdio.h>
#include <stdlib.h>

#include "pattern/pattern.h"

int casework_run_begin(struct casework_run *run, int argc, char **argv, const struct cli_option *options, int named,
                       bool writes)
{
	struct error error;
	int result = cli_parse(run->command, argc, argv, options, &run->rest);

	if (result != 0)
		return result;
	if (run->rest.count != named)
		return 1 + cli_usage(run->command, named == 0 ? "there is nothing to name" : "expected %s", run->command->arguments);
	if (cli_settings(run->settings_path, &run->sets, &run->settings, &error) == -1 ||
	    (writes ? store_open_beside(run->settings.store_path, run->settings.store_key_file, &run->store, &error)
	            : store_open_reader(run->settings.store_path, run->settings.store_key_file, &run->store, &error)) == -1 ||
	    catalogue_load(run->settings.patterns_dir, &run->catalogue, &error) == -1)
		return 1 + cli_fail(&error);
	arena_init(&run->arena, CASEWORK_BYTES_MAX);
	return 0;
}

void casework_run_end(struct casework_run *run)
{
	store_close(&run->store);
	catalogue_free(&run->catalogue);
	settings_free(&run->settings);
	arena_deinit(&run->arena);
}

int casework_run_act(struct casework_run *run, int (*act)(struct casework_run *run, void *arg, struct error *error),
                     void *arg)
{
	struct error error;
	int result;

	if (store_begin(run->store, &error) == -1)
		return cli_fail(&error);
	result = act(run, arg, &error);
	if (result == CASEWORK_UNKNOWN)
		error_set(&error, "there is no `%s`", run->rest.items[0]);
	if (result != CASEWORK_DONE && result != CASEWORK_KNOWN) {
		store_rollback(run->store);
		return cli_fail(&error);
	}
	return store_commit(run->store, &error) == -1 ? cli_fail(&error) : 0;
}

void casework_run_print(yyjson_mut_doc *doc)
{
	char *text = yyjson_mut_write(doc, YYJSON_WRITE_PRETTY, NULL);

	if (text != NULL)
		puts(text);
	free(text);
	yyjson_mut_doc_free(doc);
}
