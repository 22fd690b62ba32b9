/*
 * Private: what the commands of bulletins and exercises share: their settings, the store beside a running service, the
 * catalogue, one transaction.
 */
#ifndef CLI_CASEWORK_RUN_H
#define CLI_CASEWORK_RUN_H

#include "base/arena.h"
#include "casework/casework.h"
#include "cli/commands.h"

struct casework_run {
	const struct cli_command *command;
	const char *settings_path, *by;
	struct cli_list sets, rest;
	bool json;
	struct settings settings;
	struct catalogue *catalogue;
	struct store *store;
	struct arena arena;
};

/* The options that all have, for the beginning of a command's own. */
#define CASEWORK_OPTIONS(run)                                                                  \
	CLI_TEXT("settings", "FILE", &(run)->settings_path, "settings; the built-in defaults without"), \
		CLI_LIST("set", "S.KEY=VALUE", &(run)->sets, "overrides a setting")

/*
 * After the options were set up: reads them, then opens the store (to write where `writes`) and the catalogue. `named`:
 * how many words must follow. 0, or the exit status plus 1.
 */
int casework_run_begin(struct casework_run *run, int argc, char **argv, const struct cli_option *options, int named,
                       bool writes);
void casework_run_end(struct casework_run *run);

/*
 * `act` inside one transaction: an enum casework_result or -1. What was refused or is not known is taken back and
 * said. The exit status.
 */
int casework_run_act(struct casework_run *run, int (*act)(struct casework_run *run, void *arg, struct error *error),
                     void *arg);

/* Prints and frees. */
void casework_run_print(yyjson_mut_doc *doc);

#endif
