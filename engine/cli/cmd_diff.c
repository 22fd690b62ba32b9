/*
 * huqi patterns diff: two pattern sets over one feed.
 */
#include <string.h>

#include "cli/commands.h"
#include "cli/patterns_source.h"

struct diff_run {
	struct patterns_source source;
	const char *patterns, *with, *json;
};

static int run_diff(struct diff_run *run, struct error *error)
{
	struct diff *diff;
	FILE *json;
	int result;

	if (workshop_diff(&run->source.source, run->patterns, run->with, &diff, error) == -1)
		return -1;
	cli_progress_end(&run->source.progress);
	if (run->json == NULL || strcmp(run->json, "-") != 0)
		workshop_diff_table(diff, stdout);
	result = patterns_source_open(run->json, &json, error);
	if (result == 0 && json != NULL) {
		workshop_diff_json(diff, json);
		result = patterns_source_close(run->json, json, error);
	}
	workshop_diff_free(&diff);
	return result;
}

static bool reads_standard_input(const struct cli_list *files)
{
	for (int i = 0; i < files->count; i++)
		if (strcmp(files->items[i], "-") == 0)
			return true;
	return false;
}

static int run_command(int argc, char **argv)
{
	struct diff_run run = {.patterns = "patterns"};
	const struct cli_option options[] = {
		CLI_TEXT("patterns", "DIR", &run.patterns, "the patterns before; ./patterns without"),
		CLI_TEXT("with", "DIR", &run.with, "the patterns after"),
		CLI_TEXT("json", "OUT", &run.json, "all changes as JSON; - for standard output"),
		PATTERNS_SOURCE_OPTIONS(&run.source),
		CLI_OPTIONS_END,
	};
	struct error error;
	int result = cli_parse(&command_patterns_diff, argc, argv, options, &run.source.files);

	if (result != 0)
		return result - 1;
	if (run.with == NULL)
		return cli_usage(&command_patterns_diff, "say --with which patterns to compare");
	if (reads_standard_input(&run.source.files))
		return cli_usage(&command_patterns_diff, "the feed is read twice, so it must be a file");
	if ((result = patterns_source_begin(&run.source, &command_patterns_diff)) != 0)
		return result;
	result = run_diff(&run, &error);
	patterns_source_end(&run.source);
	return result == -1 ? cli_fail(&error) : 0;
}

const struct cli_command command_patterns_diff = {
	"patterns diff",
	"FEED...",
	"Two pattern sets over one feed: alerts gained, lost, raised and lowered",
	run_command,
};
