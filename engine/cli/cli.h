/*
 * The command line (contract.md section 3): one table of commands, one way of reading options.
 *
 * Exit status: 0 done; 1 it could not be done, with one line on standard error; 2 wrong usage.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/settings.h"

#define CLI_LIST_MAX 1024

struct cli_list {
	const char *items[CLI_LIST_MAX]; /* of argv */
	int count;
};

/* One option; exactly one of the targets is set. Ended by a NULL name. */
struct cli_option {
	const char *name;     /* without the dashes */
	const char *argument; /* "FILE", "N"; NULL for a flag */
	const char *help;
	const char **text; /* the value */
	bool *flag;
	int64_t *number;       /* a whole number >= 0 */
	struct cli_list *list; /* may be given several times */
};

#define CLI_TEXT(name, argument, target, help) {name, argument, help, .text = target}
#define CLI_NUMBER(name, argument, target, help) {name, argument, help, .number = target}
#define CLI_LIST(name, argument, target, help) {name, argument, help, .list = target}
#define CLI_FLAG(name, target, help) {name, NULL, help, .flag = target}
#define CLI_OPTIONS_END {.name = NULL}

struct cli_command {
	const char *name;                  /* "replay", "patterns lint" */
	const char *arguments;             /* "FILE…|-", "" */
	const char *help;                  /* one sentence */
	int (*run)(int argc, char **argv); /* what stands behind the name; returns the exit status */
};

extern const struct cli_command *const cli_commands[];

/* The whole program. */
int cli_main(int argc, char **argv);

/*
 * Reads options into their targets and the rest into `rest` (NULL: there may be none). Returns 0, or the exit status
 * to end with plus 1: 1 where --help was printed, 3 where the usage was wrong and has been said.
 */
int cli_parse(const struct cli_command *command, int argc, char **argv, const struct cli_option *options,
              struct cli_list *rest);

/* Prints the error as the program's one line and returns 1. */
int cli_fail(const struct error *error);
/* Prints what is wrong with the usage and returns 2. */
int cli_usage(const struct cli_command *command, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Settings from --settings (NULL: the defaults) with --set over them. */
int cli_settings(const char *path, const struct cli_list *sets, struct settings *settings,
                 struct error *error);

/* A progress bar on a terminal, a line every 10 s otherwise; all on standard error. */
struct cli_progress {
	const char *what; /* "transactions" */
	int64_t shown_ms, begun_ms;
	bool terminal, drawn;
};
void cli_progress_begin(struct cli_progress *progress, const char *what);
void cli_progress_show(struct cli_progress *progress, uint64_t done);
void cli_progress_end(struct cli_progress *progress);

/* Whether standard output may be coloured: a terminal, and NO_COLOR is not set. */
bool cli_colours(void);

#endif
