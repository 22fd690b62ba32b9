/*
 * Every command, one line each.
 */
#include "cli/commands.h"

#include <stddef.h>

const struct cli_command *const cli_commands[] = {
	&command_serve,
	&command_replay,
	&command_decode,
	&command_simulate,
	&command_patterns_lint,
	&command_patterns_test,
	&command_patterns_backtest,
	&command_patterns_diff,
	&command_patterns_explain,
	&command_patterns_messages,
	&command_explain,
	&command_dead_list,
	&command_dead_show,
	&command_dead_replay,
	&command_list,
	&command_lists_import,
	&command_lists_export,
	&command_lists_show,
	&command_registry_import,
	&command_notify_test,
	&command_registry_export,
	&command_registry_show,
	&command_registry_verify,
	&command_calls,
	&command_answers,
	&command_audit_verify,
	&command_store_check,
	&command_store_backup,
	NULL,
};
