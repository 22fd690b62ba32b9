/*
 * huqi notify test: one marked message to one address, with the settings of the service.
 */
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "deliver/deliver.h"

struct test_run {
	const char *settings_path, *secret, *language;
	struct cli_list sets, rest;
	struct settings settings;
	struct channel_settings *channels;
};

static int print_trial(const struct test_run *run, const struct deliver_trial *trial)
{
	struct error error;

	if (!trial->sent) {
		error_set(&error, "the test message did not arrive: %s%s", trial->reason,
		          trial->repeated ? " (the service would try again)" : trial->gone ? "" : " (it would not be repeated)");
		return cli_fail(&error);
	}
	printf("%s: sent; %s\n", run->rest.items[0], trial->reason);
	if (trial->provider_id[0] != '\0')
		printf("%s: the provider calls it %s\n", run->rest.items[0], trial->provider_id);
	return 0;
}

static int try(struct test_run *run)
{
	struct deliver_options options;
	struct deliver_trial trial;
	const char *secret = "";
	struct error error;
	int result = -1;

	if (settings_secret(&run->settings.arena, slice_of(run->secret), "", &secret, &error) == -1 ||
	    deliver_channels_open(&run->settings, &run->channels, &error) == -1)
		return cli_fail(&error);
	deliver_options_of(&run->settings, run->channels, &options);
	result = deliver_try(&options, slice_of(run->rest.items[0]), slice_of(run->rest.items[1]), slice_of(secret),
	                    slice_of(run->language), &trial, &error);
	deliver_channels_free(&run->channels);
	return result == -1 ? cli_fail(&error) : print_trial(run, &trial);
}

static int run_test(int argc, char **argv)
{
	struct test_run run = {.secret = "", .language = "zh"};
	const struct cli_option options[] = {
		CLI_TEXT("settings", "FILE", &run.settings_path, "settings; the built-in defaults without"),
		CLI_LIST("set", "S.KEY=VALUE", &run.sets, "overrides a setting"),
		CLI_TEXT("secret", "TEXT", &run.secret, "the contact's secret; better file:PATH or env:NAME, which no list of "
		         "processes shows"),
		CLI_TEXT("language", "zh|en", &run.language, "of the message; default zh"),
		CLI_OPTIONS_END,
	};
	struct error error;
	int result = cli_parse(&command_notify_test, argc, argv, options, &run.rest);

	if (result != 0)
		return result - 1;
	if (run.rest.count != 2)
		return cli_usage(&command_notify_test, "name a channel (`huqi list channels`) and an address");
	if (strcmp(run.language, "zh") != 0 && strcmp(run.language, "en") != 0)
		return cli_usage(&command_notify_test, "--language is zh or en");
	if (cli_settings(run.settings_path, &run.sets, &run.settings, &error) == -1)
		return cli_fail(&error);
	result = try(&run);
	settings_free(&run.settings);
	return result;
}

const struct cli_command command_notify_test = {
	"notify test",
	"CHANNEL ADDRESS",
	"Sends one marked test message and says what came back",
	run_test,
};
