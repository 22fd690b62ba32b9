/*
 * huqi serve: the service until SIGINT or SIGTERM; SIGHUP loads the patterns anew.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "cli/commands.h"
#include "cli/demo.h"
#include "service.h"

/* Blocked before any thread starts, so that all threads leave them to the main one. */
static sigset_t block_signals(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	signal(SIGPIPE, SIG_IGN);
	return signals;
}

static void wait_for_end(struct service *service, const sigset_t *signals)
{
	int got = 0;

	while (sigwait(signals, &got) == 0 && got == SIGHUP)
		service_reload(service);
	log_event(LOG_INFO, "service", "ending in order", "signal", "%s",
	          got == SIGINT ? "SIGINT" : "SIGTERM", NULL);
}

static int set_log_level(const struct settings *settings, struct error *error)
{
	static const char *const names[] = {"debug", "info", "warn", "error"};

	for (int i = 0; i < 4; i++)
		if (strcmp(settings->log_level, names[i]) == 0) {
			log_begin((enum log_level)i);
			return 0;
		}
	return error_set(error, "log.level: `%s` is none; expected debug, info, warn or error",
	                 settings->log_level);
}

static int serve(const struct settings *settings, struct demo *demo, struct error *error)
{
	struct service_options options = {.settings = settings};
	sigset_t signals = block_signals();
	struct service *service;

	if (demo != NULL)
		demo_service_options(demo, &options);
	if (set_log_level(settings, error) == -1 || service_start(&options, &service, error) == -1)
		return -1;
	if (demo != NULL)
		demo_greet(demo);
	wait_for_end(service, &signals);
	service_stop(&service);
	return 0;
}

static int run_serve(int argc, char **argv)
{
	const char *path = NULL;
	bool with_demo = false;
	struct cli_list sets = {.count = 0};
	const struct cli_option options[] = {
		CLI_TEXT("settings", "FILE", &path, "settings (see seeds/huqi.yaml)"),
		CLI_LIST("set", "S.KEY=VALUE", &sets, "overrides a setting; may be given several times"),
		CLI_FLAG("demo", &with_demo, "with a broker of its own and a simulated feed; state in var/"),
		CLI_OPTIONS_END,
	};
	struct settings settings;
	struct demo *demo = NULL;
	struct error error;
	int result = cli_parse(&command_serve, argc, argv, options, NULL);

	if (result != 0)
		return result - 1;
	if (path == NULL && !with_demo)
		return cli_usage(&command_serve, "give --settings FILE, or --demo");
	if (cli_settings(path, &sets, &settings, &error) == -1)
		return cli_fail(&error);
	result = with_demo ? demo_begin(&settings, &demo, &error) : 0;
	if (result == 0)
		result = serve(&settings, demo, &error);
	demo_end(&demo);
	settings_free(&settings);
	return result == -1 ? cli_fail(&error) : 0;
}

const struct cli_command command_serve = {
	"serve",
	"",
	"Runs the service: feeds in, warnings out, HTTP for analysts",
	run_serve,
};
