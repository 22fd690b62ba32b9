/*
 * huqi registry verify: sends a code to a phone number or an e-mail address, and takes the code that came back.
 */
#include <stdio.h>

#include "base/clock.h"
#include "base/ident.h"
#include "base/instant.h"
#include "cli/cli_store.h"
#include "cli/commands.h"
#include "notify/notify.h"
#include "pattern/pattern.h"
#include "registry/registry.h"

static const char actor[] = "command line";

struct verify_run {
	struct slice address, code;
	const struct catalogue *catalogue;
	struct registry_code made;
	struct registry_code_answer answer;
};

static int make_code(struct store *store, void *arg, struct error *error)
{
	struct verify_run *run = arg;
	const int64_t now_ms = clock_now_ms();
	struct notify_code code;

	if (registry_code_new(store, run->address, actor, now_ms, &run->made, error) == -1)
		return -1;
	code = (struct notify_code){run->made.way, slice_of(run->made.code), run->made.until_ms};
	return notify_send_code(store, run->catalogue, &code, now_ms, error);
}

static int check_code(struct store *store, void *arg, struct error *error)
{
	struct verify_run *run = arg;

	return registry_code_check(store, run->address, run->code, actor, clock_now_ms(), &run->answer, error);
}

static void tell_sent(const struct verify_run *run)
{
	char masked[IDENT_MASKED_BYTES], until[INSTANT_TEXT_BYTES];

	instant_format_china(run->made.until_ms, until);
	printf("a code goes out to %s as soon as the service runs; it counts until %s\n"
	       "its holder tells it in person, or when ringing the centre himself; then `huqi registry verify ADDRESS CODE`\n",
	       ident_mask_address(run->address, masked), until);
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

static int check(const struct settings *settings, struct verify_run *run, struct error *error)
{
	struct store_writer *writer;
	int result;

	if (cli_store_writer(settings, &writer, error) == -1)
		return -1;
	result = store_run(writer, check_code, run, error);
	store_writer_stop(&writer);
	return result == -1 ? -1 : tell_answer(run, error);
}

static int send(const struct settings *settings, struct verify_run *run, struct error *error)
{
	struct store_writer *writer;
	struct catalogue *catalogue;
	int result;

	if (catalogue_load(settings->patterns_dir, &catalogue, error) == -1)
		return -1;
	catalogue->signature = slice_of(settings->notify_signature);
	run->catalogue = catalogue;
	result = cli_store_writer(settings, &writer, error);
	if (result == 0) {
		result = store_run(writer, make_code, run, error);
		store_writer_stop(&writer);
	}
	catalogue_free(&catalogue);
	if (result == 0)
		tell_sent(run);
	return result;
}

static int verify(const struct settings *settings, const struct cli_list *rest, struct error *error)
{
	struct verify_run run = {.address = slice_of(rest->items[0])};

	if (rest->count == 1)
		return send(settings, &run, error);
	run.code = slice_trim(slice_of(rest->items[1]));
	return check(settings, &run, error);
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
	"Sends a code to a contact's phone number or e-mail address, or takes the one that came back",
	run_verify,
};
