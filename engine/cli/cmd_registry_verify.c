/*
 * huqi registry verify: a code for a phone number or an e-mail address, and the code read back.
 */
#include <stdio.h>

#include "base/clock.h"
#include "base/ident.h"
#include "base/instant.h"
#include "cli/cli_store.h"
#include "cli/commands.h"
#include "registry/registry.h"

static const char actor[] = "command line";

struct verify_run {
	struct slice address, code;
	struct registry_code made;
	struct registry_code_answer answer;
};

static int make_code(struct store *store, void *arg, struct error *error)
{
	struct verify_run *run = arg;

	return registry_code_new(store, run->address, actor, clock_now_ms(), &run->made, error);
}

static int check_code(struct store *store, void *arg, struct error *error)
{
	struct verify_run *run = arg;

	return registry_code_check(store, run->address, run->code, actor, clock_now_ms(), &run->answer, error);
}

/* The one place where a code leaves the program. */
static void send_code(const struct verify_run *run)
{
	char masked[IDENT_MASKED_BYTES], until[INSTANT_TEXT_BYTES];

	instant_format_china(run->made.until_ms, until);
	printf("send this code to %s and have its holder read it back: %s\n"
	       "it counts until %s: `huqi registry verify ADDRESS CODE`\n",
	       ident_mask_address(run->address, masked), run->made.code, until);
}

static int tell_answer(const struct verify_run *run, struct error *error)
{
	char masked[IDENT_MASKED_BYTES];

	ident_mask_address(run->address, masked);
	switch (run->answer.verdict) {
	case REGISTRY_CODE_RIGHT:
		printf("%s is verified\n", masked);
		return 0;
	case REGISTRY_CODE_WRONG:
		return error_set(error, "the code is wrong; %d tries are left", run->answer.tries_left);
	default:
		return error_set(error, "there is no code for %s that counts; `huqi registry verify ADDRESS` makes one", masked);
	}
}

static int verify(const struct settings *settings, const struct cli_list *rest, struct error *error)
{
	struct verify_run run = {.address = slice_of(rest->items[0])};
	struct store_writer *writer;
	int result;

	if (rest->count == 2)
		run.code = slice_trim(slice_of(rest->items[1]));
	if (cli_store_writer(settings, &writer, error) == -1)
		return -1;
	result = store_run(writer, rest->count == 2 ? check_code : make_code, &run, error);
	store_writer_stop(&writer);
	if (result == -1)
		return -1;
	if (rest->count == 2)
		return tell_answer(&run, error);
	send_code(&run);
	return 0;
}

static int run_verify(int argc, char **argv)
{
	const char *path = NULL;
	struct cli_list sets = {.count = 0}, rest = {.count = 0};
	const struct cli_option options[] = {
		CLI_TEXT("settings", "FILE", &path, "settings; the built-in defaults without"),
		CLI_LIST("set", "S.KEY=VALUE", &sets, "overrides a setting"),
		CLI_OPTIONS_END,
	};
	struct settings settings;
	struct error error;
	int result = cli_parse(&command_registry_verify, argc, argv, options, &rest);

	if (result != 0)
		return result - 1;
	if (rest.count < 1 || rest.count > 2)
		return cli_usage(&command_registry_verify, "name the address, and the code where there is one");
	if (cli_settings(path, &sets, &settings, &error) == -1)
		return cli_fail(&error);
	result = verify(&settings, &rest, &error);
	settings_free(&settings);
	return result == -1 ? cli_fail(&error) : 0;
}

const struct cli_command command_registry_verify = {
	"registry verify",
	"ADDRESS [CODE]",
	"Makes a code for a contact's phone number or e-mail address, or takes the one read back",
	run_verify,
};
