/*
 * huqi patterns lint|test: for whoever writes patterns.
 */
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "workshop/workshop.h"

struct patterns_run {
	const char *dir, *only;
	bool verbose;
};

static int parse(const struct cli_command *command, int argc, char **argv, struct patterns_run *run)
{
	struct cli_list rest = {.count = 0};
	const struct cli_option options[] = {
		CLI_TEXT("patterns", "DIR", &run->dir, "the folder; ./patterns without"),
		CLI_TEXT("only", "ID", &run->only, "one pattern only (test)"),
		CLI_FLAG("verbose", &run->verbose, "show what passed, too (test)"),
		CLI_OPTIONS_END,
	};
	int result = cli_parse(command, argc, argv, options, &rest);

	if (result == 0 && rest.count > 1)
		return 1 + cli_usage(command, "one folder at a time");
	if (result == 0 && rest.count == 1)
		run->dir = rest.items[0];
	return result;
}

static void print_fault(void *context, const struct pattern_fault *fault)
{
	(void)context;
	fprintf(stderr, "%s%s\n", fault->warning ? "warning: " : "", fault->text);
}

static int run_lint(int argc, char **argv)
{
	struct patterns_run run = {.dir = "patterns"};
	struct pattern_options options = {.report = print_fault};
	unsigned errors, warnings = 0;
	int result = parse(&command_patterns_lint, argc, argv, &run);

	if (result != 0)
		return result - 1;
	errors = pattern_lint(run.dir, &options, &warnings);
	printf("%u errors, %u warnings\n", errors, warnings);
	return errors > 0 ? 1 : 0;
}

static void print_result(void *context, const struct workshop_test_result *result)
{
	const struct patterns_run *run = context;

	if (!result->passed)
		fprintf(stderr, "%.*s:%d: %.*s: %s\n", SLICE_PRINT(result->pattern->file),
		        result->test->line, SLICE_PRINT(result->test->name), result->why);
	else if (run->verbose)
		printf("ok %.*s: %.*s\n", SLICE_PRINT(result->pattern->id), SLICE_PRINT(result->test->name));
}

static int run_tests(struct patterns_run *run, unsigned *failed_r, struct error *error)
{
	struct pattern_options options = {.run_all = true, .explain = true, .report = print_fault};
	struct pattern_set *set;
	unsigned ran = 0;

	if (pattern_set_load(run->dir, &options, &set, error) == -1)
		return -1;
	*failed_r = workshop_test(set, slice_of(run->only), print_result, run, &ran);
	printf("%zu patterns: %u tests passed, %u failed\n",
	       run->only[0] != '\0' ? (size_t)1 : pattern_set_count(set), ran - *failed_r, *failed_r);
	pattern_set_free(&set);
	return 0;
}

static int run_test(int argc, char **argv)
{
	struct patterns_run run = {.dir = "patterns", .only = ""};
	struct error error;
	unsigned failed = 0;
	int result = parse(&command_patterns_test, argc, argv, &run);

	if (result != 0)
		return result - 1;
	if (run_tests(&run, &failed, &error) == -1)
		return cli_fail(&error);
	return failed > 0 ? 1 : 0;
}

const struct cli_command command_patterns_lint = {
	"patterns lint",
	"[DIR]",
	"Checks pattern files: every fault with file, line and column",
	run_lint,
};
const struct cli_command command_patterns_test = {
	"patterns test",
	"[DIR]",
	"Runs the tests that stand in the patterns",
	run_test,
};
