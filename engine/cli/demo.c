#include "cli/demo.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/folder.h"
#include "cli/demo_feed.h"
#include "cli/demo_line.h"
#include "deliver/deliver.h"
#include "registry/registry.h"
#include "simulate/simulate.h"

enum { SECRET_BYTES = 32, SERVERS_BYTES = 64, TOPIC_BYTES = 32, ARENA_BYTES = 1 << 20 };

static const char topic_prefix[] = "demo-";

struct demo {
	struct settings *settings; /* the caller's */
	pid_t child;
	char secret[128]; /* whsec_… of the inbox */
	char topic[TOPIC_BYTES];
	struct demo_line line;
};

/* The store's folder holds all of the demo's state. */
static const char *beside_store(struct settings *settings, const char *name)
{
	const char *path = settings->store_path, *slash = strrchr(path, '/');

	return arena_print(&settings->arena, "%.*s%s", slash != NULL ? (int)(slash - path) + 1 : 0, path,
	                   name);
}

/* The inbox's secret, made at the first run and kept for the ones after. */
static int get_secret(struct demo *demo, struct error *error)
{
	const char *path = beside_store(demo->settings, "demo.secret");
	unsigned char random[SECRET_BYTES];
	FILE *file = fopen(path, "r");

	if (file != NULL && fgets(demo->secret, sizeof(demo->secret), file) != NULL) {
		demo->secret[strcspn(demo->secret, "\n")] = '\0';
		fclose(file);
		return 0;
	}
	if (file != NULL)
		fclose(file);
	randombytes_buf(random, sizeof(random));
	memcpy(demo->secret, "whsec_", 6);
	sodium_bin2base64(demo->secret + 6, sizeof(demo->secret) - 6, random, sizeof(random),
	                  sodium_base64_VARIANT_ORIGINAL);
	umask(077);
	file = fopen(path, "w");
	umask(022);
	if (file == NULL || fprintf(file, "%s\n", demo->secret) < 0 || fclose(file) != 0)
		return error_set(error, "%s cannot be written: %s", path, strerror(errno));
	return 0;
}

/* How many earlier runs there were, and how many messages of theirs are in the store. */
static int read_past(struct store *store, int *runs_r, uint64_t *consumed_r, struct error *error)
{
	struct arena arena;
	struct offset_row *rows;
	size_t n;
	int result;

	*runs_r = 0;
	*consumed_r = 0;
	arena_init(&arena, ARENA_BYTES);
	result = store_offsets_like(store, topic_prefix, &arena, &rows, &n, error);
	for (size_t i = 0; result == 0 && i < n; i++) {
		int run = atoi(rows[i].topic.at + sizeof(topic_prefix) - 1);
		*runs_r = run > *runs_r ? run : *runs_r;
		*consumed_r += (uint64_t)rows[i].next_offset;
	}
	arena_deinit(&arena);
	return result;
}

static int check_contact(void *arg, struct slice *channel, struct slice address, struct slice secret,
                         bool *needs_code_r, struct error *error)
{
	(void)arg;
	return deliver_check_contact(channel, address, secret, true, needs_code_r, error);
}

static int import(const char *store_path, const char *key_file, const char *folder, struct error *error)
{
	struct registry_import what = {.folder = folder, .actor = "demo", .check_contact = check_contact};
	struct registry_report report;
	struct store_writer *writer;
	struct store *store;
	int result;

	if (store_open(store_path, key_file, &store, error) == -1)
		return -1;
	writer = store_writer_start(store, 1);
	result = registry_import(writer, &what, &report, error);
	registry_report_free(&report);
	store_writer_stop(&writer);
	return result;
}

/* The population of one round. Later rounds find their enterprises registered, too. */
static int register_round(struct demo *demo, uint64_t round, const char *folder, struct error *error)
{
	const char *address =
		arena_print(&demo->settings->arena, "http://%s/demo/inbox", demo->settings->http_listen);
	struct simulate_contact contact = {"webhook", address, demo->secret};
	struct simulation *simulation;
	int result;

	if (demo_feed_simulation(round, &simulation, error) == -1)
		return -1;
	result = simulate_registry_write(simulation, &contact, folder, error);
	simulate_free(&simulation);
	return result == -1 ? -1 : import(demo->settings->store_path, demo->settings->store_key_file, folder,
	                                    error);
}

static int fill_registry(struct demo *demo, const char *folder, struct error *error)
{
	for (uint64_t round = 0; round < DEMO_ROUNDS; round++)
		if (register_round(demo, round, folder, error) == -1)
			return -1;
	return 0;
}

static int prepare_store(struct demo *demo, int *run_r, uint64_t *consumed_r, struct error *error)
{
	struct registry_totals totals;
	const char *folder = beside_store(demo->settings, "demo-registry/");
	struct store *store;
	int result;

	if (folder_make_for(folder, error) == -1 || get_secret(demo, error) == -1 ||
	    store_open(demo->settings->store_path, demo->settings->store_key_file, &store, error) == -1)
		return -1;
	result = read_past(store, run_r, consumed_r, error);
	if (result == 0)
		result = store_registry_totals(store, &totals, error);
	store_close(&store);
	(*run_r)++;
	if (result == 0 && totals.enterprises == 0)
		result = fill_registry(demo, folder, error);
	return result;
}

/* The import's thread has ended by now, so the child begins with one. It tells its broker's address on a pipe. */
static int start_child(struct demo *demo, uint64_t consumed, struct error *error)
{
	char servers[SERVERS_BYTES] = "";
	int ends[2];
	ssize_t got;

	if (pipe(ends) == -1 || (demo->child = fork()) == -1)
		return error_set(error, "the demo's feed cannot be started: %s", strerror(errno));
	if (demo->child == 0) {
		close(ends[0]);
		demo_feed_run(demo->topic, consumed, ends[1]);
	}
	close(ends[1]);
	got = read(ends[0], servers, sizeof(servers) - 1);
	close(ends[0]);
	if (got <= 0)
		return error_set(error, "the demo's broker did not start");
	return settings_override(demo->settings,
	                         arena_print(&demo->settings->arena, "kafka.bootstrap.servers=%s", servers),
	                         error);
}

/* Whoever watches the demo sits at this machine, whatever address it listens on. */
static const char *own_url(struct settings *settings)
{
	const char *port = strrchr(settings->http_listen, ':');

	return arena_print(&settings->arena, "http://127.0.0.1%s", port != NULL ? port : "");
}

int demo_begin(struct settings *settings, struct demo **demo_r, struct error *error)
{
	struct demo *demo = calloc(1, sizeof(*demo));
	uint64_t consumed = 0;
	int run = 0;

	if (demo == NULL || sodium_init() == -1)
		die("out of memory: the demo");
	demo->settings = settings;
	*demo_r = demo;
	if (settings->http_token_file[0] == '\0')
		settings->http_token_file = beside_store(settings, "token");
	if (settings->http_public_url[0] == '\0')
		settings->http_public_url = own_url(settings);
	if (prepare_store(demo, &run, &consumed, error) == -1)
		return -1;
	snprintf(demo->topic, sizeof(demo->topic), "%s%d", topic_prefix, run);
	/* Each run has a feed of its own, and accounts that no run before knew. */
	settings->engine_snapshots = "";
	settings->feeds[0] = (struct settings_feed){.topic = demo->topic, .decoder = "json", .bank = ""};
	settings->feed_count = 1;
	return start_child(demo, consumed, error);
}

static void on_alert(void *arg, const struct work_alert *alert)
{
	struct demo *demo = arg;

	demo_line_print(&demo->line, alert);
}

void demo_service_options(struct demo *demo, struct service_options *options)
{
	options->demo = true;
	options->demo_secret = demo->secret;
	options->on_alert = on_alert;
	options->arg = demo;
	demo_line_begin(&demo->line, demo->settings);
}

void demo_greet(const struct demo *demo)
{
	printf("\n护企演示 / huqi demo: 200 家虚构企业的模拟流水 / a simulated feed of 200 made-up "
	       "enterprises\n"
	       "  HTTP        http://%s/   (token: %s)\n"
	       "  联系人收件箱 / the contact's inbox   http://%s/demo/inbox\n"
	       "  Ctrl-C 结束 / ends\n\n",
	       demo->settings->http_listen, demo->settings->http_token_file, demo->settings->http_listen);
	fflush(stdout);
}

static void stop_child(struct demo *demo)
{
	if (demo->child <= 0)
		return;
	kill(demo->child, SIGTERM);
	waitpid(demo->child, NULL, 0);
	demo->child = 0;
}

void demo_end(struct demo **demo)
{
	if (*demo == NULL)
		return;
	stop_child(*demo);
	demo_line_end(&(*demo)->line);
	sodium_memzero((*demo)->secret, sizeof((*demo)->secret));
	free(*demo);
	*demo = NULL;
}
