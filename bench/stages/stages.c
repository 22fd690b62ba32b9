/*
 * What each stage of the engine and its desk costs a transaction, in one process without a broker.
 *
 *   stages FEED PATTERNS [CACHE [STAGE]]        FEED: lines of huqi.tx.v1
 *
 * The feed is read into memory, then run five times, each time one stage further: frame, decode, profile, match, desk
 * (link, judge and store, with a store in a temporary folder that is committed as a busy shard's work is, some
 * thousands of transactions at a time). The difference between two runs is the stage's own cost; so a stage also pays
 * for what it finds cold because of the one before. With STAGE only the run that ends there is made: for
 * `valgrind --tool=callgrind`, whose instruction counts do not wobble.
 *
 * Prints one JSON object: nanoseconds of CPU time a transaction by stage, hits, alerts, accounts, memory.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "decode/decode.h"
#include "desk.h"
#include "match/match.h"
#include "patterns_load.h"
#include "profile/profile.h"

enum { ACCOUNTS_MAX = 1 << 20, HITS_BYTES_MAX = 64 << 20, LATENESS_MS = 72 * 3600 * 1000, BATCH_TXS = 4096, AHEAD = 16 };
enum stage { FRAME, DECODE, PROFILE, MATCH, DESK, STAGES };

static const char *const names[STAGES] = {"frame", "decode", "profile", "match", "desk"};

struct run {
	const char *bytes;
	size_t length;
	const struct decoder *json;
	struct decode_context context;
	struct pattern_set *set;
	struct profile_shard *profiles;
	struct matcher *matcher;
	struct arena arena;
	/* of the desk */
	struct judge_rules rules;
	char folder[32]; /* the store's */
	struct store *store;
	struct desk desk;
	struct work *work;
	uint64_t txs, hits, links, alerts;
};

static double cpu_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* As pipeline.c hands them over. */
static void hand_over(struct run *run, const struct match_hits *hits)
{
	for (size_t i = 0; i < hits->count; i++)
		work_add_hit(run->work, &hits->items[i]);
	for (size_t i = 0; i < hits->link_count; i++)
		work_add_link(run->work, &hits->links[i]);
}

static void desk_begin(struct run *run)
{
	char path[sizeof(run->folder) + 8];
	struct error error;

	strcpy(run->folder, "/tmp/huqi-stages-XXXXXX");
	if (mkdtemp(run->folder) == NULL)
		die("no folder for a store: %s", run->folder);
	snprintf(path, sizeof(path), "%s/store", run->folder);
	if (store_open(path, NULL, &run->store, &error) == -1)
		die("%s", error.text);
	desk_init(&run->desk, &run->rules, NULL, LATENESS_MS, false);
	run->work = work_new(NULL);
}

static void desk_batch(struct run *run)
{
	struct error error;

	if (!work_put_end(run->work, slice_of("feed"), 0, (int64_t)run->txs) || store_begin(run->store, &error) == -1 ||
	    desk_apply(&run->desk, run->store, run->work, &error) == -1 || store_commit(run->store, &error) == -1)
		die("the desk: %s", error.text);
	for (size_t i = 0; i < run->work->alert_count; i++)
		run->alerts += run->work->alerts[i].level_before == LEVEL_NONE;
	work_reset(run->work);
}

static void desk_end(struct run *run)
{
	static const char *const files[] = {"store", "store-wal", "store-shm", "key"};
	char path[sizeof(run->folder) + 16];

	desk_batch(run);
	desk_deinit(&run->desk);
	work_free(run->work);
	store_close(&run->store);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", run->folder, files[i]);
		unlink(path);
	}
	rmdir(run->folder);
}

static bool is_judged(const struct tx *tx)
{
	return tx->status == TX_BOOKED || tx->status == TX_PENDING;
}

static void judge(struct run *run, const struct tx *tx, const struct match_texts *texts, enum stage last)
{
	struct match_hits hits = {.arena = &run->arena};
	struct profile_view view;
	bool seen = profile_put(run->profiles, tx, plan_amount_cny(run->set, tx->amount_minor, tx->currency), 0, &view) ==
	            PROFILE_NEW;

	if (last < MATCH || !seen)
		return;
	match_read_tx(run->matcher, tx, texts, &view, &hits);
	run->hits += hits.count;
	run->links += hits.link_count;
	if (last == DESK)
		hand_over(run, &hits);
	if (hits.count > 0 || hits.link_count > 0)
		arena_reset(&run->arena);
}

/* What was decoded ahead, as pipeline.c does it. */
static void judge_ahead(struct run *run, enum stage last)
{
	const struct tx *txs = run->context.txs;
	size_t count = last < PROFILE ? 0 : run->context.tx_count;
	struct match_texts texts[AHEAD];

	for (size_t i = 0; i < count; i++)
		profile_prefetch_slot(run->profiles, profile_key(txs[i].bank, txs[i].account));
	for (size_t i = 0; i < count; i++)
		profile_prefetch_account(run->profiles, profile_key(txs[i].bank, txs[i].account));
	for (size_t i = 0; i < count && last >= MATCH; i++)
		match_read(run->matcher, &txs[i], &texts[i]);
	for (size_t i = 0; i < count; i++)
		if (is_judged(&txs[i]))
			judge(run, &txs[i], &texts[i], last);
	decode_context_reset(&run->context);
}

static void one(struct run *run, const char *line, size_t length, enum stage last)
{
	if (last >= DECODE && decode(run->json, &run->context, line, length, false) == 0 &&
	    run->context.tx_count == AHEAD)
		judge_ahead(run, last);
}

static double pass(struct run *run, enum stage last)
{
	const char *at = run->bytes, *end = run->bytes + run->length;
	double began = cpu_ns();

	run->txs = run->hits = run->links = 0;
	run->profiles = profile_shard_new(ACCOUNTS_MAX, LATENESS_MS);
	if (last == DESK)
		desk_begin(run);
	while (at < end) {
		size_t from, next, length = decode_frame(DECODE_LINES, at, (size_t)(end - at), true, &from, &next);
		if (length > 0) {
			one(run, at + from, length, last);
			run->txs++;
		}
		if (last == DESK && length > 0 && run->txs % BATCH_TXS == 0)
			desk_batch(run);
		at += next;
	}
	judge_ahead(run, last);
	if (last == DESK)
		desk_end(run);
	return (cpu_ns() - began) / (double)(run->txs > 0 ? run->txs : 1);
}

static void read_feed(struct run *run, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat status;

	if (fd == -1 || fstat(fd, &status) == -1)
		die("%s cannot be read", path);
	run->length = (size_t)status.st_size;
	run->bytes = mmap(NULL, run->length, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (run->bytes == MAP_FAILED)
		die("%s cannot be mapped", path);
}

static void report(const struct run *run, const double ns[STAGES])
{
	struct pattern_set_facts facts = pattern_set_facts(run->set);
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	printf("{\"transactions\": %llu, \"hits\": %llu, \"link_events\": %llu, \"alerts\": %llu, \"accounts\": %zu, "
	       "\"patterns\": %zu, \"expressions\": %zu, \"load_ms\": %u, \"peak_kib\": %ld, \"ns\": {",
	       (unsigned long long)run->txs, (unsigned long long)run->hits, (unsigned long long)run->links,
	       (unsigned long long)run->alerts, profile_accounts(run->profiles), facts.running, facts.expressions,
	       facts.load_ms, usage.ru_maxrss);
	for (int i = 0; i < STAGES; i++)
		printf("%s\"%s\": %.0f", i > 0 ? ", " : "", names[i], ns[i] - (i > 0 ? ns[i - 1] : 0));
	printf(", \"all\": %.0f}}\n", ns[DESK]);
}

/* STAGES where none is named so. */
static enum stage stage_of(const char *name)
{
	int i = 0;

	while (i < STAGES && strcmp(names[i], name) != 0)
		i++;
	return (enum stage)i;
}

int main(int argc, char **argv)
{
	struct run run = {.json = decoder_find(slice_of("json"))};
	enum stage only = argc > 4 ? stage_of(argv[4]) : STAGES;
	double ns[STAGES] = {0};
	struct settings settings;
	struct error error;

	if (argc < 3 || (argc > 4 && only == STAGES)) {
		fprintf(stderr, "usage: stages FEED PATTERNS [CACHE [frame|decode|profile|match|desk]]\n");
		return 2;
	}
	read_feed(&run, argv[1]);
	settings_defaults(&settings);
	settings.patterns_dir = argv[2];
	settings.patterns_cache = argc > 3 ? argv[3] : "";
	if (patterns_load(&settings, &run.set, &run.rules, &error) == -1)
		die("%s", error.text);
	decode_context_init(&run.context, run.json, 0, slice_of(""));
	arena_init(&run.arena, HITS_BYTES_MAX);
	run.matcher = matcher_new(run.set);
	for (int last = FRAME; last < STAGES; last++) {
		if (only != STAGES && last != (int)only)
			continue;
		if (run.profiles != NULL)
			profile_shard_free(&run.profiles);
		ns[last] = pass(&run, (enum stage)last);
	}
	report(&run, ns);
	profile_shard_free(&run.profiles);
	matcher_free(&run.matcher);
	decode_context_deinit(&run.context, run.json);
	arena_deinit(&run.arena);
	pattern_set_free(&run.set);
	settings_free(&settings);
	return 0;
}
