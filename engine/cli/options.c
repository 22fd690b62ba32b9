/*
 * Options: --name value, --name=value, flags, `--` before what only looks like an option. A value that
 * begins with `--` is taken after `=` only.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

enum { HELP_COLUMN = 24, PARSE_HELPED = 1, PARSE_WRONG = 3 };

static void print_usage(const struct cli_command *command, const struct cli_option *options)
{
	printf("usage: huqi %s [OPTIONS] %s\n\n%s\n\n", command->name, command->arguments, command->help);
	for (; options->name != NULL; options++) {
		char left[64];
		snprintf(left, sizeof(left), "--%s%s%s", options->name, options->argument != NULL ? " " : "",
		         options->argument != NULL ? options->argument : "");
		printf("  %-*s %s\n", HELP_COLUMN, left, options->help);
	}
}

int cli_usage(const struct cli_command *command, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "huqi %s: ", command->name);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "; `huqi %s --help` tells the options\n", command->name);
	return 2;
}

static const struct cli_option *option_find(const struct cli_option *options, const char *word)
{
	size_t length = strcspn(word, "=");

	for (; options->name != NULL; options++)
		if (strlen(options->name) == length && strncmp(options->name, word, length) == 0)
			return options;
	return NULL;
}

static int take_number(const struct cli_command *command, const struct cli_option *option, const char *value)
{
	char *end;
	long long number = strtoll(value, &end, 10);

	if (*value < '0' || *value > '9' || *end != '\0')
		return cli_usage(command, "--%s: `%s` is not a whole number", option->name, value);
	*option->number = number;
	return 0;
}

static int take_value(const struct cli_command *command, const struct cli_option *option, const char *value)
{
	if (option->number != NULL)
		return take_number(command, option, value);
	if (option->text != NULL) {
		*option->text = value;
		return 0;
	}
	if (option->list->count == CLI_LIST_MAX)
		return cli_usage(command, "--%s: more than %d times", option->name, CLI_LIST_MAX);
	option->list->items[option->list->count++] = value;
	return 0;
}

static int take_rest(const struct cli_command *command, struct cli_list *rest, const char *value)
{
	if (rest == NULL)
		return cli_usage(command, "`%s` is one argument too many", value);
	if (rest->count == CLI_LIST_MAX)
		return cli_usage(command, "more than %d arguments", CLI_LIST_MAX);
	rest->items[rest->count++] = value;
	return 0;
}

int cli_parse(const struct cli_command *command, int argc, char **argv, const struct cli_option *options,
              struct cli_list *rest)
{
	bool options_ended = false;

	for (int i = 1; i < argc; i++) {
		const char *word = argv[i], *equals = strchr(word, '=');
		const struct cli_option *option;
		int result;

		if (options_ended || strncmp(word, "--", 2) != 0) {
			result = take_rest(command, rest, word);
		} else if (word[2] == '\0') {
			options_ended = true;
			continue;
		} else if (strcmp(word, "--help") == 0) {
			print_usage(command, options);
			return PARSE_HELPED;
		} else if ((option = option_find(options, word + 2)) == NULL) {
			result = cli_usage(command, "no option `%s`", word);
		} else if (option->flag != NULL) {
			result =
				equals != NULL ? cli_usage(command, "--%s takes no value", option->name) : 0;
			*option->flag = true;
		} else if (equals == NULL && i + 1 == argc) {
			result = cli_usage(command, "--%s needs %s", option->name, option->argument);
		} else if (equals == NULL && strncmp(argv[i + 1], "--", 2) == 0) {
			/* `--json --truth T` would write a file named --truth. */
			result = cli_usage(command, "--%s needs %s, and `%s` is an option (a value like that: `--%s=%s`)",
			                   option->name, option->argument, argv[i + 1], option->name, argv[i + 1]);
		} else {
			result = take_value(command, option, equals != NULL ? equals + 1 : argv[++i]);
		}
		if (result != 0)
			return PARSE_WRONG;
	}
	return 0;
}
