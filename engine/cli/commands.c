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
	&command_bulletin_draft,
	&command_bulletin_list,
	&command_bulletin_show,
	&command_bulletin_edit,
	&command_bulletin_approve,
	&command_bulletin_withdraw,
	&command_drill_start,
	&command_drill_list,
	&command_drill_show,
	&command_drill_end,
	&command_drill_certificate,
	&command_audit_verify,
	&command_store_check,
	&command_store_backup,
	NULL,
};
