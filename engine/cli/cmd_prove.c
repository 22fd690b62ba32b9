/*
 * huqi patterns prove: which conditions of patterns no test would miss.
 */
#include <stdio.h>

#include "base/utf8.h"
#include "cli/commands.h"
#include "workshop/workshop.h"

enum { TEXT_CHARACTERS_SHOWN = 100 };

struct prove_run {
	const char *dir, *only;
};

/* Its place as a compiler prints one, so that editors go there. */
static void print_unproved(void *context, const struct pattern *copy)
{
	const struct prove_run *run = context;
	const struct pattern_lack *lack = copy->lack;
	struct slice text = utf8_cut(lack->text, TEXT_CHARACTERS_SHOWN);

	printf("%s/%.*s:%d:%d: %s: %.*s: %.*s%s\n", run->dir, SLICE_PRINT(copy->file), lack->line, lack->column,
	       lack->alternative ? "没有测试用到 · no test needs" : "没有测试证明 · no test proves",
	       SLICE_PRINT(lack->part), SLICE_PRINT(text), text.length < lack->text.length ? "…" : "");
	fflush(stdout);
}

static int prove(struct prove_run *run, struct error *error)
{
	struct workshop_proved proved;

	if (workshop_prove(run->dir, slice_of(run->only), print_unproved, run, &proved, error) == -1)
		return -1;
	if (proved.failed > 0)
		printf("%u 项测试不通过，不算证明 · tests fail and prove nothing; see `huqi patterns test`\n", proved.failed);
	printf("%u 个模式，%u 个条件，%u 个未证明 · %u patterns, %u conditions, %u unproved\n", proved.patterns,
	       proved.conditions, proved.unproved, proved.patterns, proved.conditions, proved.unproved);
	return 0;
}

static int run_prove(int argc, char **argv)
{
	struct prove_run run = {.dir = "patterns", .only = ""};
	struct cli_list rest = {.count = 0};
	const struct cli_option options[] = {
		CLI_TEXT("patterns", "DIR", &run.dir, "the folder; ./patterns without"),
		CLI_TEXT("only", "ID", &run.only, "one pattern only, of any status; all active ones without"),
		CLI_OPTIONS_END,
	};
	struct error error;
	int result = cli_parse(&command_patterns_prove, argc, argv, options, &rest);

	if (result != 0)
		return result - 1;
	if (rest.count > 1)
		return cli_usage(&command_patterns_prove, "one folder at a time");
	if (rest.count == 1)
		run.dir = rest.items[0];
	return prove(&run, &error) == -1 ? cli_fail(&error) : 0;
}

const struct cli_command command_patterns_prove = {
	"patterns prove",
	"[DIR]",
	"Takes conditions out of patterns one by one and names those that no test misses",
	run_prove,
};
