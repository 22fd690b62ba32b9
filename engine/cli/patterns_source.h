/*
 * What `patterns backtest`, `diff` and `explain` have in common on the command line: feeds and what goes with
 * them.
 */
#ifndef CLI_PATTERNS_SOURCE_H
#define CLI_PATTERNS_SOURCE_H

#include "cli/cli.h"
#include "workshop/workshop.h"

/* Options as given; zero but for the defaults of patterns_source_asked(). */
struct patterns_source {
	const char *settings_path, *decoder, *bank, *lists, *registry;
	struct cli_list sets, files;
	struct settings settings;
	struct cli_progress progress;
	struct workshop_source source; /* after patterns_source_begin() */
};

/* The lines of the table of options. */
#define PATTERNS_SOURCE_OPTIONS(s) \
	CLI_TEXT("settings", "FILE", &(s)->settings_path, "settings; the built-in defaults without"), \
	CLI_TEXT("decoder", "NAME", &(s)->decoder, "the format: json (the default), csv34, iso20022, cnaps"), \
	CLI_TEXT("bank", "CODE", &(s)->bank, "whose books the messages carry: a 12-digit bank code"), \
	CLI_TEXT("lists", "DIR", &(s)->lists, "lists as CSV files, NAME.csv the list NAME"), \
	CLI_TEXT("registry", "DIR", &(s)->registry, "the registry as CSV files"), \
	CLI_LIST("set", "S.KEY=VALUE", &(s)->sets, "overrides a setting; may be given several times")

/* 0, 1 it could not be done, 2 wrong usage; said. Nothing to end where it is not 0. */
int patterns_source_begin(struct patterns_source *s, const struct cli_command *command);
void patterns_source_end(struct patterns_source *s);

/* A file to write, "-" is standard output; NULL where `path` is NULL. -1 with the reason. */
int patterns_source_open(const char *path, FILE **file_r, struct error *error);
/* Closes what was opened; -1 where it could not be written whole. */
int patterns_source_close(const char *path, FILE *file, struct error *error);

#endif
