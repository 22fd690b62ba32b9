#include "cli/cli.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/yaml.h"

enum { NAME_COLUMN = 24 };

static int command_count(void)
{
	int n = 0;

	while (cli_commands[n] != NULL)
		n++;
	return n;
}

static const char *command_word(int i)
{
	return cli_commands[i]->name;
}

static void print_commands(FILE *out)
{
	fputs("huqi 护企: early warnings of fraud on corporate accounts\n\nusage: huqi COMMAND "
	      "[OPTIONS]\n\n",
	      out);
	for (int i = 0; cli_commands[i] != NULL; i++)
		fprintf(out, "  %-*s %s\n", NAME_COLUMN, cli_commands[i]->name, cli_commands[i]->help);
	fputs("\n`huqi COMMAND --help` tells a command's options. --version tells the version.\n", out);
}

/* The command whose words the arguments begin with; the longest name wins, since "list" could begin others. */
static const struct cli_command *command_find(int argc, char **argv, int *words_r)
{
	char name[64] = "";
	const struct cli_command *found = NULL;

	for (int words = 1; words < argc && words <= 2; words++) {
		size_t used = strlen(name);
		snprintf(name + used, sizeof(name) - used, "%s%s", used > 0 ? " " : "", argv[words]);
		for (int i = 0; cli_commands[i] != NULL; i++)
			if (strcmp(cli_commands[i]->name, name) == 0) {
				found = cli_commands[i];
				*words_r = words;
			}
	}
	return found;
}

/* `huqi patterns --help`: the commands that begin with this word. */
static bool print_family(const char *word)
{
	size_t length = strlen(word);
	bool any = false;

	for (int i = 0; cli_commands[i] != NULL; i++)
		if (strncmp(cli_commands[i]->name, word, length) == 0 &&
		    cli_commands[i]->name[length] == ' ') {
			printf("huqi %-*s %s\n", NAME_COLUMN, cli_commands[i]->name, cli_commands[i]->help);
			any = true;
		}
	return any;
}

int cli_main(int argc, char **argv)
{
	const struct cli_command *command;
	int words = 0;

	log_begin(LOG_INFO);
	if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
		print_commands(argc < 2 ? stderr : stdout);
		return argc < 2 ? 2 : 0;
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("huqi " HUQI_VERSION);
		return 0;
	}
	command = command_find(argc, argv, &words);
	if (command != NULL)
		return command->run(argc - words, argv + words);
	if (argc == 3 && strcmp(argv[2], "--help") == 0 && print_family(argv[1]))
		return 0;
	const char *near = yaml_nearest(slice_of(argv[1]), command_word, command_count());
	fprintf(stderr, "huqi: no command `%s%s%s`%s%s%s; `huqi --help` lists them\n", argv[1],
	        argc > 2 ? " " : "", argc > 2 ? argv[2] : "", near != NULL ? " (did you mean `" : "",
	        near != NULL ? near : "", near != NULL ? "`?)" : "");
	return 2;
}

int cli_fail(const struct error *error)
{
	fprintf(stderr, "huqi: %s\n", error->text);
	return 1;
}

int cli_settings(const char *path, const struct cli_list *sets, struct settings *settings,
                 struct error *error)
{
	if (path == NULL)
		settings_defaults(settings);
	else if (settings_load(settings, path, error) == -1)
		return -1;
	for (int i = 0; i < sets->count; i++)
		if (settings_override(settings, sets->items[i], error) == -1)
			return -1;
	return 0;
}
