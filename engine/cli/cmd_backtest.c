/*
 * huqi patterns backtest: what a pattern set finds in a feed with truth, and what it costs.
 */
#include <string.h>

#include "cli/commands.h"
#include "cli/feed_notes.h"
#include "cli/patterns_source.h"

struct backtest_run {
	struct patterns_source source;
	const char *patterns, *truth, *json, *picture;
};

static int write_to(const char *path, void (*write)(const struct backtest *, FILE *),
                    const struct backtest *backtest, struct error *error)
{
	FILE *file;

	if (patterns_source_open(path, &file, error) == -1)
		return -1;
	if (file != NULL)
		write(backtest, file);
	return patterns_source_close(path, file, error);
}

static int run_backtest(struct backtest_run *run, struct error *error)
{
	struct backtest *backtest;
	int result = workshop_backtest(&run->source.source, run->patterns, run->truth, &backtest, error);

	if (result == -1)
		return -1;
	cli_progress_end(&run->source.progress);
	/* One document to standard output: the table, unless another was asked to go there. */
	if ((run->json == NULL || strcmp(run->json, "-") != 0) &&
	    (run->picture == NULL || strcmp(run->picture, "-") != 0))
		workshop_backtest_table(backtest, stdout);
	if (write_to(run->json, workshop_backtest_json, backtest, error) == -1 ||
	    write_to(run->picture, workshop_backtest_picture, backtest, error) == -1)
		result = -1;
	workshop_backtest_free(&backtest);
	cli_feed_notes();
	return result;
}

static int run_command(int argc, char **argv)
{
	struct backtest_run run = {.patterns = "patterns"};
	const struct cli_option options[] = {
		CLI_TEXT("patterns", "DIR", &run.patterns, "the patterns; ./patterns without"),
		CLI_TEXT("truth", "FILE", &run.truth, "the feed's labels; without, every alert is false"),
		CLI_TEXT("json", "OUT", &run.json, "the figures as JSON; - for standard output"),
		CLI_TEXT("picture", "OUT.svg", &run.picture, "a picture of what is found and what is false"),
		CLI_FLAG("untimed", &run.source.source.untimed,
	                 "takes no times: the same feed gives the same bytes"),
		PATTERNS_SOURCE_OPTIONS(&run.source),
		CLI_OPTIONS_END,
	};
	struct error error;
	int result = cli_parse(&command_patterns_backtest, argc, argv, options, &run.source.files);

	if (result != 0)
		return result - 1;
	if ((result = patterns_source_begin(&run.source, &command_patterns_backtest)) != 0)
		return result;
	result = run_backtest(&run, &error);
	patterns_source_end(&run.source);
	return result == -1 ? cli_fail(&error) : 0;
}

const struct cli_command command_patterns_backtest = {
	"patterns backtest",
	"FEED...",
	"What patterns find in a feed with truth, how soon, how much is false, and what it costs",
	run_command,
};
