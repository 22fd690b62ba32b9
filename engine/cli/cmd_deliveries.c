/*
 * huqi deliveries: what the outbox holds, and the dead ones tried anew.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/ident.h"
#include "base/instant.h"
#include "cli/cli_store.h"
#include "cli/commands.h"
#include "cli/list_writer.h"
#include "notify/notify.h"

enum { PAGE = 200, DELIVERIES_BYTES_MAX = 64 << 20, ID_BYTES = 48, ANY_STATE = -1 };

struct deliveries_run {
	const char *settings_path, *state, *alert;
	struct cli_list sets, rest;
	bool json, all_dead;
	struct settings settings;
	struct store *store;
	struct arena arena;
};

static int state_of(const char *word)
{
	for (int i = 0; word != NULL && i < DELIVERY_STATE_COUNT; i++)
		if (strcmp(word, delivery_state_names[i]) == 0)
			return i;
	return ANY_STATE;
}

/* ---- list ---- */

static int add_row(struct deliveries_run *run, struct list_writer *w, const struct delivery_row *d, struct error *error)
{
	char masked[IDENT_MASKED_BYTES] = "", created[INSTANT_TEXT_BYTES];
	struct contact_row contact;
	struct way_row way = {0};

	if (store_way_get(run->store, d->way, &run->arena, &way, &contact, error) == -1)
		return -1;
	if (way.address.length > 0)
		ident_mask_address(way.address, masked);
	instant_format(d->created_ms, created);
	list_row(w, (const char *const[]){d->id.at, delivery_kind_names[d->kind],
	                                  d->state < DELIVERY_STATE_COUNT ? delivery_state_names[d->state] : "",
	                                  arena_print(&run->arena, "%lld", (long long)d->attempts), created,
	                                  way.channel.at != NULL ? way.channel.at : "", masked,
	                                  d->alert.length > 0 ? d->alert.at : d->subject.at, d->reason.at});
	return 0;
}

static int list_all(struct deliveries_run *run, struct list_writer *w, struct error *error)
{
	const struct slice alert = slice_of(run->alert != NULL ? run->alert : "");
	char after[ID_BYTES] = "";
	struct delivery_row *rows;
	size_t count;

	do {
		arena_reset(&run->arena);
		if (store_delivery_list(run->store, alert, state_of(run->state), slice_of(after), PAGE, &run->arena, &rows,
		                        &count, error) == -1)
			return -1;
		for (size_t i = 0; i < count; i++)
			if (add_row(run, w, &rows[i], error) == -1)
				return -1;
		if (count > 0)
			snprintf(after, sizeof(after), "%.*s", SLICE_PRINT(rows[count - 1].id));
	} while (count == PAGE);
	return 0;
}

static int run_list(int argc, char **argv)
{
	struct deliveries_run run = {.settings_path = NULL};
	const struct cli_option options[] = {
		CLI_TEXT("settings", "FILE", &run.settings_path, "settings; the built-in defaults without"),
		CLI_LIST("set", "S.KEY=VALUE", &run.sets, "overrides a setting"),
		CLI_TEXT("state", "STATE", &run.state, "pending, inflight, retry, sent, acked, dead, held or gathered"),
		CLI_TEXT("alert", "ID", &run.alert, "only those about this alert"),
		CLI_FLAG("json", &run.json, "JSON for programs"),
		CLI_OPTIONS_END,
	};
	struct list_writer w = {0};
	struct error error;
	int result = cli_parse(&command_deliveries_list, argc, argv, options, &run.rest);

	if (result != 0)
		return result - 1;
	if (run.rest.count > 0)
		return cli_usage(&command_deliveries_list, "there is nothing to name");
	if (run.state != NULL && state_of(run.state) == ANY_STATE)
		return cli_usage(&command_deliveries_list, "`%s` is no state", run.state);
	if (cli_settings(run.settings_path, &run.sets, &run.settings, &error) == -1 ||
	    cli_store_reader(&run.settings, &run.store, &error) == -1)
		return cli_fail(&error);
	arena_init(&run.arena, DELIVERIES_BYTES_MAX);
	w.json = run.json;
	list_begin(&w);
	list_columns(&w, (const char *const[]){"id", "kind", "state", "attempts", "created", "channel", "address", "about",
	                                       "reason", NULL});
	w.failed = list_all(&run, &w, &w.error) == -1;
	store_close(&run.store);
	settings_free(&run.settings);
	arena_deinit(&run.arena);
	return list_end(&w);
}

const struct cli_command command_deliveries_list = {
	"deliveries list", "", "Lists what the outbox holds, addresses masked", run_list};

/* ---- replay ---- */

struct replay {
	struct deliveries_run *run;
	int replayed;
};

static int replay_one(struct store *store, struct slice id, struct replay *replay, struct error *error)
{
	int changed = notify_replay(store, id, "command line", clock_now_ms(), error);

	replay->replayed += changed == 1;
	return changed;
}

static int replay_named(struct store *store, void *arg, struct error *error)
{
	struct replay *replay = arg;

	for (int i = 0; i < replay->run->rest.count; i++) {
		const char *id = replay->run->rest.items[i];
		int changed = replay_one(store, slice_of(id), replay, error);
		if (changed == 0)
			error_set(error, "%s is no dead delivery that can be replayed; nothing was changed", id);
		if (changed != 1)
			return -1;
	}
	return 0;
}

/* A page by its ids, since what is replayed leaves the list; a code stays dead and is passed by. */
static int replay_dead(struct store *store, void *arg, struct error *error)
{
	struct replay *replay = arg;
	char after[ID_BYTES] = "";
	struct delivery_row *rows;
	size_t count;

	do {
		arena_reset(&replay->run->arena);
		if (store_delivery_list(store, slice_of(""), DELIVERY_DEAD, slice_of(after), PAGE, &replay->run->arena, &rows,
		                        &count, error) == -1)
			return -1;
		for (size_t i = 0; i < count; i++)
			if (replay_one(store, rows[i].id, replay, error) == -1)
				return -1;
		if (count > 0)
			snprintf(after, sizeof(after), "%.*s", SLICE_PRINT(rows[count - 1].id));
	} while (count == PAGE);
	return 0;
}

static int replay_all(struct deliveries_run *run, struct error *error)
{
	struct replay replay = {.run = run};
	struct store_writer *writer;
	int result;

	if (cli_store_writer(&run->settings, &writer, error) == -1)
		return -1;
	arena_init(&run->arena, DELIVERIES_BYTES_MAX);
	result = store_run(writer, run->all_dead ? replay_dead : replay_named, &replay, error);
	arena_deinit(&run->arena);
	store_writer_stop(&writer);
	if (result == 0)
		printf("%d deliveries are tried anew as soon as the service runs\n", replay.replayed);
	return result;
}

static int run_replay(int argc, char **argv)
{
	struct deliveries_run run = {.settings_path = NULL};
	const struct cli_option options[] = {
		CLI_TEXT("settings", "FILE", &run.settings_path, "settings; the built-in defaults without"),
		CLI_LIST("set", "S.KEY=VALUE", &run.sets, "overrides a setting"),
		CLI_FLAG("all-dead", &run.all_dead, "every dead one"),
		CLI_OPTIONS_END,
	};
	struct error error;
	int result = cli_parse(&command_deliveries_replay, argc, argv, options, &run.rest);

	if (result != 0)
		return result - 1;
	if ((run.rest.count > 0) == run.all_dead)
		return cli_usage(&command_deliveries_replay, "name the deliveries, or --all-dead");
	if (cli_settings(run.settings_path, &run.sets, &run.settings, &error) == -1)
		return cli_fail(&error);
	result = replay_all(&run, &error);
	settings_free(&run.settings);
	return result == -1 ? cli_fail(&error) : 0;
}

const struct cli_command command_deliveries_replay = {
	"deliveries replay", "ID…", "Tries dead deliveries anew, under their own ids; audited", run_replay};
