#include "service.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "api/api.h"
#include "base/clock.h"
#include "base/counters.h"
#include "base/folder.h"
#include "base/log.h"
#include "casework/casework.h"
#include "decode/decode.h"
#include "desk.h"
#include "feed/feed.h"
#include "keeper.h"
#include "deliver/deliver.h"
#include "notify/notify.h"
#include "patterns_load.h"
#include "reference_load.h"
#include "relay.h"
#include "shards.h"
#include "snapshots.h"
#include "timers.h"

enum {
	TOKEN_BYTES = 32,
	CALLBACK_BYTES_MAX = 1 << 20,
	FEED_STOP_MS = 1500, /* leaving the group; all of a stop stays within 3 s */
	NOTIFY_STOP_MS = 500,
	RELAY_STOP_MS = 300,
	KEEPER_STOP_MS = 2500, /* from the stop's begin; beside the others */
};

struct service {
	struct service_options options;
	const struct settings *settings;
	struct pattern_set *patterns; /* held */
	struct reference *reference;  /* held */
	struct catalogue *catalogue;  /* owned */
	struct judge_rules rules;
	struct desk desk;
	bool shards_made;
	struct store_writer *writer;
	struct store *offsets; /* a reader, used on the feed's thread */
	struct shards *shards;
	struct keeper *keeper;
	struct feed_kafka *feed;
	struct relay *relay;
	struct deliver *notify;
	struct channel_settings *channels; /* owned; of notify */
	struct timers *timers;
	struct api *api;
	struct answer_links links;
	struct sms_callback callback;
	struct arena callback_texts;
	char token[256];
	const char *feed_names[SETTINGS_FEEDS_MAX];
};

/* A random token, readable by its owner only, where the settings name a file that is not there. */
static int make_token_file(const char *path, struct error *error)
{
	unsigned char random[TOKEN_BYTES];
	char text[2 * TOKEN_BYTES + 2];
	int fd;

	if (folder_make_for(path, error) == -1)
		return -1;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd == -1)
		return errno == EEXIST ? 0
		                       : error_set(error, "the token file %s cannot be made: %s", path,
		                                   strerror(errno));
	randombytes_buf(random, sizeof(random));
	sodium_bin2hex(text, sizeof(text), random, sizeof(random));
	text[2 * TOKEN_BYTES] = '\n';
	if (write(fd, text, 2 * TOKEN_BYTES + 1) != 2 * TOKEN_BYTES + 1) {
		close(fd);
		return error_set(error, "the token file %s cannot be written: %s", path, strerror(errno));
	}
	close(fd);
	log_event(LOG_INFO, "http", "a new API token is in the token file", "file", "%s", path, NULL);
	return 0;
}

static int read_token(struct service *s, struct error *error)
{
	const char *path = s->settings->http_token_file;
	char line[256] = "";
	FILE *file;

	snprintf(s->token, sizeof(s->token), "%s", s->settings->http_token);
	if (path[0] == '\0')
		return 0;
	if (make_token_file(path, error) == -1)
		return -1;
	file = fopen(path, "r");
	if (file == NULL)
		return error_set(error, "the token file %s cannot be read: %s", path, strerror(errno));
	if (fgets(line, sizeof(line), file) == NULL)
		line[0] = '\0';
	fclose(file);
	line[strcspn(line, "\r\n")] = '\0';
	if (line[0] == '\0')
		return error_set(error, "the token file %s is empty; remove it and a new one is made", path);
	snprintf(s->token, sizeof(s->token), "%s", line);
	return 0;
}

static int check_feeds(const struct settings *settings, struct error *error)
{
	if (settings->feed_count == 0)
		return error_set(
			error, "the settings name no feed; expected `feeds:` with a topic and its decoder");
	for (int i = 0; i < settings->feed_count; i++)
		if (decoder_find(slice_of(settings->feeds[i].decoder)) == NULL)
			return error_set(error,
			                 "the feed `%s` names the decoder `%s`, which is none; `huqi list "
			                 "decoders` shows all",
			                 settings->feeds[i].topic, settings->feeds[i].decoder);
	return 0;
}

static struct feed_start start_of(void *arg, struct slice topic, int32_t partition)
{
	struct service *s = arg;
	struct error error;
	int64_t stored = POSITION_UNKNOWN;

	if (store_offset_get(s->offsets, topic, partition, &stored, &error) == -1)
		die("the offset of a partition cannot be read, and a guess could lose transactions: %s",
		    error.text);
	return positions_start(shards_positions(s->shards, partition), topic, partition, stored,
	                       s->settings->engine_rebuild_ms > 0);
}

static void opened(void *arg, const char *topic, int32_t partition, const struct feed_start *start)
{
	struct service *s = arg;

	positions_open(shards_positions(s->shards, partition), topic, partition, start);
}

static int64_t behind(void *arg)
{
	struct service *s = arg;

	return shards_behind(s->shards);
}

static void settle(void *arg)
{
	struct service *s = arg;

	shards_settle(s->shards);
}

static void committed(void *arg, const struct work *work)
{
	struct service *s = arg;

	notify_put_count(&work->notified);
	if (s->notify != NULL && work->notified.put > 0)
		deliver_wake(s->notify);
	if (work->alert_count > 0 || work->dead_count > 0)
		relay_wake(s->relay);
	for (size_t i = 0; s->options.on_alert != NULL && i < work->alert_count; i++)
		s->options.on_alert(s->options.arg, &work->alerts[i]);
}

static int ready(void *arg, struct error *why)
{
	struct service *s = arg;

	if (!store_writable(s->writer))
		return error_set(why, "the store cannot be written; is the disk full?");
	if (shards_behind(s->shards) > 0)
		return error_set(why,
		                 "the accounts' memory is being brought up to date from the feed, %lld messages to "
		                 "go; new transactions wait until then",
		                 (long long)shards_behind(s->shards));
	return feed_kafka_ready(s->feed, why) ? 0 : -1;
}

static struct pattern_set *patterns(void *arg)
{
	struct service *s = arg;

	return shards_patterns(s->shards);
}

static void outbox_changed(void *arg)
{
	struct service *s = arg;

	if (s->notify != NULL)
		deliver_wake(s->notify);
}

static int shard_count(const struct settings *settings)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	if (settings->engine_shards > 0)
		return (int)settings->engine_shards;
	if (cores > SHARDS_MAX)
		return SHARDS_MAX;
	return cores > 2 ? (int)cores - 1 : 1;
}

static int start_store(struct service *s, struct error *error)
{
	struct store *store;

	if (folder_make_for(s->settings->store_path, error) == -1 ||
	    store_open(s->settings->store_path, s->settings->store_key_file, &store, error) == -1)
		return -1;
	s->writer = store_writer_start(store, s->settings->store_commit_ms);
	return store_open_reader(s->settings->store_path, s->settings->store_key_file, &s->offsets, error);
}

/* The links in messages, and the key that the page knows them by. */
static int start_links(struct service *s, struct error *error)
{
	const struct seal *seal = store_seal(s->offsets, error);

	if (seal == NULL || answer_links_check(s->settings->http_public_url, error) == -1)
		return -1;
	seal_subkey(seal, "answer", s->links.key);
	s->links.public_url = s->settings->http_public_url;
	s->links.expires_ms = s->settings->notify_answer_ms;
	answer_links_use(&s->links);
	return 0;
}

static int start_callback(struct service *s, struct error *error)
{
	arena_init(&s->callback_texts, CALLBACK_BYTES_MAX);
	return sms_callback_load(s->settings->sms_gateway, &s->callback_texts, &s->callback, error) == -1 ? -1 : 0;
}

static int start_notify(struct service *s, struct error *error)
{
	struct deliver_options options;

	if (!s->settings->notify_on)
		return 0;
	if (deliver_channels_open(s->settings, &s->channels, error) == -1)
		return -1;
	deliver_options_of(s->settings, s->channels, &options);
	options.allow_private |= s->options.demo;
	return deliver_start(&options, s->writer, s->settings->store_path, &s->notify, error);
}

static void timers_ran(void *arg)
{
	struct service *s = arg;

	if (s->notify != NULL)
		deliver_wake(s->notify);
}

static int begin_casework(struct store *store, void *arg, struct error *error)
{
	const struct settings *settings = arg;

	return casework_begin(store, settings->bulletins_weekly != 0, settings->bulletins_monthly != 0, clock_now_ms(), error);
}

/* Besides with `notify.on` false: what else waits for a time is done all the same. */
static int start_timers(struct service *s, struct error *error)
{
	struct timers_options options = {.writer = s->writer,
	                                 .store_path = s->settings->store_path,
	                                 .key_file = s->settings->store_key_file,
	                                 .catalogue = &s->desk.words.catalogue,
	                                 .ran = timers_ran,
	                                 .arg = s};

	if (store_run(s->writer, begin_casework, (void *)s->settings, error) == -1)
		return -1;
	return timers_start(&options, &s->timers, error);
}

static int start_feed(struct service *s, struct error *error)
{
	struct feed_kafka_options options = {.settings = s->settings,
	                                     .shards = shard_count(s->settings),
	                                     .start_of = start_of,
	                                     .opened = opened,
	                                     .behind = behind,
	                                     .settle = settle,
	                                     .arg = s};

	if (feed_kafka_start(&options, &s->feed, error) == -1)
		return -1;
	shards_start(s->shards, s->feed);
	return 0;
}

static int start_api(struct service *s, struct error *error)
{
	const struct settings *settings = s->settings;
	struct api_options options = {0};

	if (strcmp(settings->http_listen, "none") == 0)
		return 0;
	if (read_token(s, error) == -1)
		return -1;
	options.listen = settings->http_listen;
	options.token = s->token;
	options.store_path = settings->store_path;
	options.key_file = settings->store_key_file;
	options.writer = s->writer;
	options.connections_max = (unsigned)settings->http_connections;
	options.body_bytes_max = (size_t)settings->http_body_bytes;
	options.head_deadline_ms = settings->http_head_ms;
	options.body_deadline_ms = settings->http_body_ms;
	options.threads = (unsigned)settings->http_threads;
	options.ready = ready;
	options.patterns = patterns;
	options.outbox_changed = outbox_changed;
	options.catalogue = &s->desk.words.catalogue;
	options.answer_links = &s->links;
	options.sms_callback = &s->callback;
	options.signature = settings->notify_signature;
	options.arg = s;
	options.demo = s->options.demo;
	options.demo_secret = s->options.demo_secret;
	for (int i = 0; i < settings->feed_count; i++)
		s->feed_names[i] = settings->feeds[i].topic;
	options.feed_names = s->feed_names;
	options.feed_count = (size_t)settings->feed_count;
	return api_start(&options, &s->api, error);
}

enum { FAULTS_LOGGED_MAX = 20 }; /* of one load; all are counted */

static void log_fault(void *context, const char *text)
{
	unsigned *told = context;

	if (++*told <= FAULTS_LOGGED_MAX)
		log_event(LOG_WARN, "reference", "a row or a list is not as it should be", "what", "%s", text, NULL);
}

static int load_reference(struct service *s, struct reference **reference_r, struct error *error)
{
	struct reference_facts facts;
	struct store *reader;
	unsigned told = 0;
	int result;

	if (store_open_reader(s->settings->store_path, s->settings->store_key_file, &reader, error) == -1)
		return -1;
	result = reference_load_store(s->settings, reader, log_fault, &told, reference_r, error);
	store_close(&reader);
	if (result == -1)
		return -1;
	facts = reference_facts(*reference_r);
	log_event(LOG_INFO, "reference", "lists and enterprises are loaded", "lists", "%zu", facts.lists, "entries",
	          "%zu", facts.entries, "refused", "%zu", facts.refused, "enterprises", "%zu", facts.enterprises,
	          "accounts", "%zu", facts.accounts, NULL);
	return 0;
}

/* Lists that patterns ask and that are not there are said once a load. */
static void compare_reference(struct service *s)
{
	unsigned told = 0;

	reference_compare(s->reference, s->patterns, log_fault, &told);
}

static void start_shards(struct service *s)
{
	struct shards_options options = {.settings = s->settings,
	                                 .patterns = s->patterns,
	                                 .reference = s->reference,
	                                 .writer = s->writer,
	                                 .desk = &s->desk,
	                                 .count = shard_count(s->settings),
	                                 .committed = committed,
	                                 .arg = s};

	desk_init(&s->desk, &s->rules, s->catalogue, s->settings->engine_lateness_ms, s->settings->notify_on != 0);
	s->desk.words.signature = slice_of(s->settings->notify_signature);
	desk_words_use(&s->desk.words, s->patterns);
	s->shards = shards_new(&options);
	s->shards_made = true;
}

/* What the last process saved goes into the shards before they start. Returns the last round. */
static uint64_t load_snapshots(struct service *s)
{
	int count = shard_count(s->settings);
	struct profile_shard *shards[SHARDS_MAX];
	struct positions *positions[SHARDS_MAX];
	struct snapshots_target target = {.settings = s->settings,
	                                  .store = s->offsets,
	                                  .shards = shards,
	                                  .positions = positions,
	                                  .count = count,
	                                  .link = s->desk.link};

	if (s->settings->engine_snapshots[0] == '\0')
		return 0;
	for (int i = 0; i < count; i++) {
		shards[i] = shards_profiles(s->shards, i);
		positions[i] = shards_positions(s->shards, i);
	}
	return snapshots_load(&target);
}

static void start_keeper(struct service *s, uint64_t round)
{
	struct keeper_options options = {.settings = s->settings,
	                                 .shards = s->shards,
	                                 .shard_count = shard_count(s->settings),
	                                 .writer = s->writer,
	                                 .link = s->desk.link,
	                                 .round = round};

	s->keeper = keeper_start(&options);
}

static int load_catalogue(const struct settings *settings, struct catalogue **catalogue_r, struct error *error)
{
	if (catalogue_load(settings->patterns_dir, catalogue_r, error) == -1)
		return -1;
	(*catalogue_r)->signature = slice_of(settings->notify_signature);
	return 0;
}

int service_start(const struct service_options *options, struct service **service_r, struct error *error)
{
	struct service *s = calloc(1, sizeof(*s));
	uint64_t round;

	if (s == NULL || sodium_init() == -1)
		die("out of memory: the service");
	s->options = *options;
	s->settings = options->settings;
	if (check_feeds(s->settings, error) == -1 ||
	    patterns_load(s->settings, &s->patterns, &s->rules, error) == -1 ||
	    load_catalogue(s->settings, &s->catalogue, error) == -1 ||
	    start_store(s, error) == -1 || start_links(s, error) == -1 ||
	    start_callback(s, error) == -1 || load_reference(s, &s->reference, error) == -1)
		goto failed;
	compare_reference(s);
	start_shards(s);
	round = load_snapshots(s);
	if (start_notify(s, error) == -1 || start_timers(s, error) == -1 ||
	    relay_start(s->settings, s->writer, &s->relay, error) == -1 ||
	    start_feed(s, error) == -1 || start_api(s, error) == -1)
		goto failed;
	start_keeper(s, round);
	log_event(LOG_INFO, "service", "huqi is running", "version", "%s", HUQI_VERSION, "patterns", "%zu",
	          pattern_set_facts(s->patterns).running, "shards", "%d", shard_count(s->settings), NULL);
	*service_r = s;
	return 0;
failed:
	service_stop(&s);
	return -1;
}

/* What comes with a new set of patterns besides the patterns. */
struct reload {
	struct service *service;
	struct judge_rules rules;
	struct catalogue *catalogue;
};

/* On the store's thread, where the desk works: between two batches, as it was for the shards (I6). */
static int take_over(struct store *store, void *arg, struct error *error)
{
	struct reload *reload = arg;
	struct catalogue *old = reload->service->catalogue;

	(void)store;
	(void)error;
	reload->service->desk.rules = reload->rules;
	reload->service->desk.words.catalogue = reload->catalogue;
	reload->service->catalogue = reload->catalogue;
	reload->catalogue = old;
	return 0;
}

static int load_anew(struct service *s, struct pattern_set **set_r, struct reload *reload_r,
                     struct error *error)
{
	*reload_r = (struct reload){.service = s};
	if (patterns_load(s->settings, set_r, &reload_r->rules, error) == -1)
		return -1;
	if (load_catalogue(s->settings, &reload_r->catalogue, error) == 0)
		return 0;
	pattern_set_free(set_r);
	return -1;
}

/* Apart from the patterns: a fault in the one does not keep the other from being renewed. */
static void reload_reference(struct service *s)
{
	struct reference *reference;
	struct error error;

	if (load_reference(s, &reference, &error) == -1) {
		count(COUNT_REFERENCE_REFUSED);
		log_event(LOG_ERROR, "reference", "the new lists are refused; the old ones go on", "why", "%s",
		          error.text, NULL);
		return;
	}
	shards_use_reference(s->shards, reference);
	reference_free(&s->reference);
	s->reference = reference;
}

void service_reload(struct service *service)
{
	struct pattern_set *set;
	struct reload reload;
	struct error error;

	reload_reference(service);
	if (load_anew(service, &set, &reload, &error) == -1) {
		count(COUNT_PATTERN_REFUSED);
		log_event(LOG_ERROR, "pattern", "the new patterns are refused; the old ones go on", "why",
		          "%s", error.text, NULL);
		return;
	}
	shards_use_patterns(service->shards, set);
	store_run(service->writer, take_over, &reload, &error);
	catalogue_free(&reload.catalogue);
	desk_words_use(&service->desk.words, set);
	count(COUNT_PATTERN_RELOADS);
	log_event(LOG_INFO, "pattern", "new patterns are in use", "patterns", "%zu",
	          pattern_set_facts(set).running, "longest_pause_us", "%lld",
	          (long long)shards_takeover_us(service->shards), NULL);
	pattern_set_free(&service->patterns);
	service->patterns = set;
	compare_reference(service);
}

void service_stop(struct service **service)
{
	struct service *s = *service;
	int64_t until_ms = clock_steady_ms() + KEEPER_STOP_MS;
	bool kept;

	if (s == NULL)
		return;
	api_stop(&s->api);
	if (s->shards != NULL)
		shards_stop(s->shards);
	keeper_finish(s->keeper);
	feed_kafka_stop(&s->feed, FEED_STOP_MS);
	timers_stop(&s->timers);
	deliver_stop(&s->notify, NOTIFY_STOP_MS);
	deliver_channels_free(&s->channels);
	relay_stop(&s->relay, RELAY_STOP_MS);
	kept = keeper_stop(&s->keeper, until_ms);
	store_close(&s->offsets);
	store_writer_stop(&s->writer);
	if (!kept) {
		/* The disk holds its thread up, which nothing can end; all else is written and closed. */
		log_event(LOG_WARN, "service", "ending without a last snapshot; the disk takes too long", NULL);
		_exit(0);
	}
	shards_free(&s->shards);
	if (s->shards_made)
		desk_deinit(&s->desk);
	answer_links_use(NULL);
	arena_deinit(&s->callback_texts);
	sodium_memzero(s->links.key, sizeof(s->links.key));
	pattern_set_free(&s->patterns);
	catalogue_free(&s->catalogue);
	reference_free(&s->reference);
	sodium_memzero(s->token, sizeof(s->token));
	free(s);
	*service = NULL;
}
