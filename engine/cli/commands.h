/*
 * Private: the commands that the table names; each is a file cmd_*.c.
 */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/cli.h"

extern const struct cli_command command_serve, command_replay, command_decode, command_simulate;
extern const struct cli_command command_patterns_lint, command_patterns_test, command_patterns_prove,
	command_patterns_backtest, command_patterns_diff, command_patterns_explain, command_patterns_messages,
	command_explain;
extern const struct cli_command command_dead_list, command_dead_show, command_dead_replay;
extern const struct cli_command command_list, command_registry_import, command_registry_export,
	command_registry_show, command_registry_verify, command_lists_import, command_lists_export,
	command_lists_show, command_audit_verify, command_notify_test, command_calls, command_answers;
extern const struct cli_command command_bulletin_draft, command_bulletin_list, command_bulletin_show,
	command_bulletin_edit, command_bulletin_approve, command_bulletin_withdraw;
extern const struct cli_command command_drill_start, command_drill_list, command_drill_show, command_drill_end,
	command_drill_certificate;
extern const struct cli_command command_store_check, command_store_backup;

extern const struct cli_command command_deliveries_list, command_deliveries_replay;

#endif
