/*
 * huqi explain: why a transaction hit, or by how little it missed. huqi patterns explain: a pattern in words.
 */
#include <string.h>

#include "cli/commands.h"
#include "cli/patterns_source.h"

struct explain_run {
	struct patterns_source source;
	const char *patterns, *tx, *only;
	int64_t nearest;
	bool json;
};

static int explain(struct explain_run *run, struct error *error)
{
	const char *slash = strchr(run->tx, '/');
	struct slice bank = {run->tx, (uint32_t)(slash - run->tx)};
	struct explanation *explanation;

	if (workshop_explain(&run->source.source, run->patterns, bank, slice_of(slash + 1), slice_of(run->only),
	                     &explanation, error) == -1)
		return -1;
	cli_progress_end(&run->source.progress);
	if (run->json)
		workshop_explain_json(explanation, stdout);
	else
		workshop_explain_table(explanation, (unsigned)run->nearest, stdout);
	workshop_explain_free(&explanation);
	return 0;
}

static int run_explain(int argc, char **argv)
{
	struct explain_run run = {.patterns = "patterns", .only = "", .nearest = 5};
	struct cli_list feeds = {.count = 0};
	const struct cli_option options[] = {
		CLI_LIST("feed", "FEED", &feeds, "the feed up to the transaction; may be given several times"),
		CLI_TEXT("tx", "BANK/ID", &run.tx, "the transaction"),
		CLI_TEXT("pattern", "ID", &run.only, "one pattern only"),
		CLI_TEXT("patterns", "DIR", &run.patterns, "the patterns; ./patterns without"),
		CLI_NUMBER("nearest", "N", &run.nearest, "how many misses, 5 without; 0 shows all"),
		CLI_FLAG("json", &run.json, "everything as JSON"),
		PATTERNS_SOURCE_OPTIONS(&run.source),
		CLI_OPTIONS_END,
	};
	struct error error;
	int result = cli_parse(&command_explain, argc, argv, options, &run.source.files);

	if (result != 0)
		return result - 1;
	if (run.tx == NULL || strchr(run.tx, '/') == NULL)
		return cli_usage(&command_explain, "say --tx BANK/ID: the bank's code and its id of the transaction");
	for (int i = 0; i < feeds.count && run.source.files.count < CLI_LIST_MAX; i++)
		run.source.files.items[run.source.files.count++] = feeds.items[i];
	if ((result = patterns_source_begin(&run.source, &command_explain)) != 0)
		return result;
	result = explain(&run, &error);
	patterns_source_end(&run.source);
	return result == -1 ? cli_fail(&error) : 0;
}

const struct cli_command command_explain = {
	"explain",
	"--feed FEED --tx BANK/ID",
	"Why a transaction hit, or by which conditions and numbers each pattern missed it",
	run_explain,
};

static int run_describe(int argc, char **argv)
{
	const char *patterns = "patterns";
	struct cli_list ids = {.count = 0};
	const struct cli_option options[] = {
		CLI_TEXT("patterns", "DIR", &patterns, "the patterns; ./patterns without"),
		CLI_OPTIONS_END,
	};
	struct error error;
	int result = cli_parse(&command_patterns_explain, argc, argv, options, &ids);

	if (result != 0)
		return result - 1;
	if (ids.count != 1)
		return cli_usage(&command_patterns_explain, "name one pattern; `huqi list patterns` shows all");
	return workshop_describe(patterns, slice_of(ids.items[0]), stdout, &error) == -1 ? cli_fail(&error) : 0;
}

const struct cli_command command_patterns_explain = {
	"patterns explain",
	"ID",
	"A pattern in words: its parts, what gates it, and what it costs",
	run_describe,
};
