#include "tests/unit/engine_fixture.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/instant.h"
#include "snapshots.h"
#include "tests/unit/match_fixture.h"

enum { ACCOUNTS = 40, ALERTS_BYTES = 8 << 20, LINE_BYTES = 1024, ARENA_BYTES = 256 << 20 };

static const char *const topics[LITTLE_FEEDS] = {"bank.a", "bank.b"};

/*
 * The feed.
 */

static void put(struct little_broker *broker, unsigned account, const char *line)
{
	struct little_partition *p = &broker->partitions[account % (LITTLE_FEEDS * LITTLE_PARTITIONS)];
	char *copy = strdup(line);

	assert_non_null(copy);
	if (p->count == p->capacity) {
		p->capacity = p->capacity > 0 ? p->capacity * 2 : 64;
		p->messages = realloc(p->messages, p->capacity * sizeof(*p->messages));
		assert_non_null(p->messages);
	}
	p->messages[p->count++] = slice_of(copy);
	broker->messages++;
}

/* One line of huqi.tx.v1; what it says is drawn from `seed` alone. */
static void write_tx(uint64_t *seed, unsigned account, size_t number, int64_t booked_ms, char line_r[LINE_BYTES])
{
	static const char *const purposes[] = {"货款",     "按董事长指示尽快汇出", "工资", "游戏充值", "urgent transfer",
	                                       "服务费", "退款给客户",             "",     "投资款",   "借款"};
	static const char *const kinds[] = {"person", "company", "company", "unknown"};
	char at[INSTANT_TEXT_BYTES];
	unsigned party = fixture_random(seed, 12), peer = fixture_random(seed, ACCOUNTS);
	char party_account[32];

	instant_format(booked_ms, at);
	/* Some pay each other. */
	snprintf(party_account, sizeof(party_account), party < 3 ? "62220200000000%05u" : "62170000000%08u",
	         party < 3 ? peer : party * 7 + account / 9);
	snprintf(line_r, LINE_BYTES,
	         "{\"id\":\"t%zu\",\"bank\":\"102100099996\",\"account\":\"62220200000000%05u\","
	         "\"direction\":\"%s\",\"amount\":\"%u.00\",\"booked_at\":\"%s\",\"balance\":\"%u.00\","
	         "\"counterparty\":{\"name\":\"收款人%u\",\"account\":\"%s\",\"kind\":\"%s\"},"
	         "\"purpose\":\"%s\",\"channel\":\"online\",\"ip\":\"10.0.0.%u\"}",
	         number, account, fixture_random(seed, 3) == 0 ? "credit" : "debit", 1 + fixture_random(seed, 400000), at,
	         fixture_random(seed, 900000), party, party_account, kinds[fixture_random(seed, 4)],
	         purposes[fixture_random(seed, sizeof(purposes) / sizeof(purposes[0]))], fixture_random(seed, 5));
}

static void write_reversal(unsigned account, size_t number, size_t of, int64_t booked_ms, char line_r[LINE_BYTES])
{
	char at[INSTANT_TEXT_BYTES];

	instant_format(booked_ms, at);
	snprintf(line_r, LINE_BYTES,
	         "{\"id\":\"r%zu\",\"bank\":\"102100099996\",\"account\":\"62220200000000%05u\",\"direction\":\"debit\","
	         "\"amount\":\"1.00\",\"booked_at\":\"%s\",\"status\":\"reversed\",\"reverses\":\"t%zu\"}",
	         number, account, at, of);
}

void little_broker_fill(struct little_broker *broker, uint64_t seed, size_t txs)
{
	int64_t now_ms = INT64_C(1772416800000);
	size_t last_of[ACCOUNTS] = {0};
	char line[LINE_BYTES];

	*broker = (struct little_broker){0};
	for (unsigned i = 0; i < LITTLE_FEEDS * LITTLE_PARTITIONS; i++) {
		broker->partitions[i].feed = i / LITTLE_PARTITIONS;
		broker->partitions[i].partition = (int32_t)(i % LITTLE_PARTITIONS);
	}
	for (size_t i = 1; i <= txs; i++) {
		unsigned account = fixture_random(&seed, ACCOUNTS), kind = fixture_random(&seed, 50);
		/* Some are booked a little before others that came earlier. */
		int64_t booked_ms = now_ms - (fixture_random(&seed, 8) == 0 ? fixture_random(&seed, 7200000) : 0);
		now_ms += fixture_random(&seed, 1200000);
		if (kind == 0 && last_of[account] > 0) {
			write_reversal(account, i, last_of[account], booked_ms, line);
		} else {
			write_tx(&seed, account, i, booked_ms, line);
			last_of[account] = i;
		}
		put(broker, account, kind == 1 ? "{\"id\":\"broken\"}" : line);
		if (kind == 2)
			put(broker, account, line);
	}
}

void little_broker_free(struct little_broker *broker)
{
	for (size_t i = 0; i < LITTLE_FEEDS * LITTLE_PARTITIONS; i++) {
		for (size_t j = 0; j < broker->partitions[i].count; j++)
			free((void *)(uintptr_t)broker->partitions[i].messages[j].at);
		free(broker->partitions[i].messages);
	}
}

/*
 * The patterns: text alone, and what asks for the memory.
 */

const struct little_pattern little_patterns[LITTLE_PATTERNS] = {
	{"words", "  text: {in: [purpose], any: [董事长指示, urgent transfer]}\n"},
	{"money", "  text: {in: [purpose], any: [投资款, 借款, 退款给客户]}\n  where: amount >= 20万\n"},
	{"game", "  text: {in: [purpose], any: [游戏充值]}\n  where: amount < 20万\n"},
	{"many", "  where: count(debits, 72h) >= 6 and not known(counterparty.account)\n"},
	{"large", "  where: amount >= p95(debits, 90d) and watched() >= 3d and sum(debits, 7d) >= 100万\n"},
	{"shared", "  where: amount >= 1万\n  link: {by: counterparty.account, distinct: account, at_least: 3, within: 24h}\n"},
	{"address", "  where: amount >= 30万\n  link: {by: ip, distinct: account, at_least: 4, within: 12h, count: 5}\n"},
	{"cycle", "  path: {shape: cycle, hops: 2..4, within: 72h, tolerance: 100%}\n"},
	{"again", "  where: count(debits where amount = this, 90d) >= 2 or distinct(credits, 30d) >= 8\n"},
};

static struct pattern_set *patterns_load_all(void)
{
	char folder[] = "/tmp/huqi-engine-XXXXXX", path[128];
	struct pattern_set *set;
	struct error error;
	FILE *out;

	assert_non_null(mkdtemp(folder));
	for (size_t i = 0; i < LITTLE_PATTERNS; i++) {
		snprintf(path, sizeof(path), "%s/little-%s.yaml", folder, little_patterns[i].name);
		out = fopen(path, "w");
		fprintf(out,
		        "id: %s\nversion: 1\nstatus: active\ntypology: V0%zu\ntitle: {zh: 试验, en: A test}\n"
		        "audience: %s\nscore: 45\ndetect:\n%s",
		        little_patterns[i].name, i % 9 + 1, i % 2 == 0 ? "enterprise" : "analyst", little_patterns[i].detect);
		fclose(out);
	}
	if (pattern_set_load(folder, NULL, &set, &error) == -1)
		fail_msg("%s", error.text);
	for (size_t i = 0; i < LITTLE_PATTERNS; i++) {
		snprintf(path, sizeof(path), "%s/little-%s.yaml", folder, little_patterns[i].name);
		unlink(path);
	}
	rmdir(folder);
	return set;
}

/*
 * The engine.
 */

void little_engine_init(struct little_engine *e, struct little_broker *broker, uint64_t seed, size_t batch)
{
	struct error error;

	*e = (struct little_engine){.broker = broker, .random = seed, .batch = batch};
	settings_defaults(&e->settings);
	e->set = patterns_load_all();
	assert_int_equal(store_open(":memory:", NULL, &e->store, &error), 0);
	snprintf(e->folder, sizeof(e->folder), "/tmp/huqi-engine-XXXXXX");
	assert_non_null(mkdtemp(e->folder));
	e->settings.engine_snapshots = e->folder;
	for (unsigned f = 0; f < LITTLE_FEEDS; f++)
		e->settings.feeds[f] = (struct settings_feed){.topic = topics[f], .decoder = "json", .bank = ""};
	e->settings.feed_count = LITTLE_FEEDS;
}

static void remove_folder(const char *folder)
{
	DIR *dir = opendir(folder);
	char path[SNAPSHOT_PATH_BYTES + 8];

	assert_non_null(dir);
	for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		if (entry->d_name[0] != '.')
			unlink(path);
	}
	closedir(dir);
	rmdir(folder);
}

void little_engine_deinit(struct little_engine *e)
{
	little_engine_crash(e);
	store_close(&e->store);
	pattern_set_free(&e->set);
	settings_free(&e->settings);
	remove_folder(e->folder);
}

static struct positions *positions_of(struct little_engine *e, const struct little_partition *p)
{
	return &e->positions[p->partition % e->shard_count];
}

/* As the feed does when a partition is assigned: nothing is older than `engine.rebuild` here. */
static void open_partition(struct little_engine *e, struct little_partition *p, bool decided_only)
{
	int64_t stored = POSITION_UNKNOWN;
	struct error error;
	struct feed_start start;

	assert_int_not_equal(store_offset_get(e->store, slice_of(topics[p->feed]), p->partition, &stored, &error), -1);
	start = positions_start(positions_of(e, p), slice_of(topics[p->feed]), p->partition, stored, true);
	if (start.from == FEED_REBUILD)
		start.from = 0;
	start.decided_only = decided_only;
	positions_open(positions_of(e, p), topics[p->feed], p->partition, &start);
	p->read = start.from == FEED_BEGINNING ? 0 : start.from;
}

static void open_all(struct little_engine *e, bool decided_only)
{
	for (size_t i = 0; i < LITTLE_FEEDS * LITTLE_PARTITIONS; i++)
		open_partition(e, &e->broker->partitions[i], decided_only);
	e->catching_up = decided_only;
}

static bool is_behind(struct little_engine *e)
{
	int64_t behind = 0;

	for (int i = 0; i < e->shard_count; i++)
		behind += positions_behind(&e->positions[i]);
	return behind > 0;
}

static void load_snapshots(struct little_engine *e)
{
	struct profile_shard *shards[LITTLE_SHARDS_MAX];
	struct positions *positions[LITTLE_SHARDS_MAX];
	struct snapshots_target target = {.settings = &e->settings,
	                                  .store = e->store,
	                                  .shards = shards,
	                                  .positions = positions,
	                                  .count = e->shard_count,
	                                  .link = e->desk.link};

	for (int i = 0; i < e->shard_count; i++) {
		shards[i] = shard_profiles(e->shards[i]);
		positions[i] = &e->positions[i];
	}
	snapshots_load(&target);
}

void little_engine_up(struct little_engine *e, int shards)
{
	struct judge_rules rules = judge_rules_default();

	e->shard_count = shards;
	desk_init(&e->desk, &rules, NULL, e->settings.engine_lateness_ms, false);
	for (int i = 0; i < shards; i++) {
		positions_init(&e->positions[i]);
		e->shards[i] = shard_new(&e->settings, e->set);
		for (unsigned f = 0; f < LITTLE_FEEDS; f++)
			shard_set_feed(e->shards[i], f, decoder_find(slice_of("json")), slice_of(""));
	}
	load_snapshots(e);
	open_all(e, true);
}

void little_engine_crash(struct little_engine *e)
{
	for (int i = 0; i < e->shard_count; i++) {
		for (size_t j = 0; j < e->waiting_count[i]; j++)
			work_free(e->waiting[i][j]);
		e->waiting_count[i] = 0;
		shard_free(&e->shards[i]);
		positions_deinit(&e->positions[i]);
	}
	if (e->shard_count > 0)
		desk_deinit(&e->desk);
	e->shard_count = 0;
}

/* A shard's batch: some messages of each of its partitions. */
static size_t take(struct little_engine *e, int shard, struct feed_message *messages)
{
	size_t n = 0, first = fixture_random(&e->random, LITTLE_FEEDS * LITTLE_PARTITIONS);

	for (size_t i = 0; i < LITTLE_FEEDS * LITTLE_PARTITIONS; i++) {
		struct little_partition *p =
			&e->broker->partitions[(first + i) % (LITTLE_FEEDS * LITTLE_PARTITIONS)];
		size_t most = 1 + fixture_random(&e->random, (uint32_t)e->batch);
		if (p->partition % e->shard_count != shard)
			continue;
		for (; n < e->batch && most > 0 && (size_t)p->read < p->count; most--, p->read++)
			messages[n++] = (struct feed_message){.feed = p->feed,
			                                      .source = slice_of(topics[p->feed]),
			                                      .partition = p->partition,
			                                      .offset = p->read,
			                                      .payload = p->messages[p->read]};
	}
	return n;
}

static struct work *handle(struct little_engine *e, int shard, struct feed_message *messages, size_t n)
{
	struct work *work = work_new(e);

	n = positions_take(&e->positions[shard], messages, n);
	for (size_t done = 0; done < n;)
		done += pipeline_handle(e->shards[shard], &messages[done], n - done, work);
	for (size_t i = 0; i < n; i++)
		if (!messages[i].replayed)
			assert_true(work_put_end(work, messages[i].source, messages[i].partition, messages[i].offset + 1));
	return work;
}

/* The oldest of a shard's works, as the store's queue keeps their order. */
static void apply_one(struct little_engine *e, int shard)
{
	struct work *work = e->waiting[shard][0];
	struct error error;

	if (store_begin(e->store, &error) == -1 || desk_apply(&e->desk, e->store, work, &error) == -1 ||
	    store_commit(e->store, &error) == -1)
		fail_msg("%s", error.text);
	work_free(work);
	e->waiting_count[shard]--;
	memmove(e->waiting[shard], e->waiting[shard] + 1, e->waiting_count[shard] * sizeof(work));
}

bool little_engine_step(struct little_engine *e)
{
	struct feed_message *messages = calloc(e->batch, sizeof(*messages));
	int first = (int)fixture_random(&e->random, (uint32_t)e->shard_count);
	size_t n = 0;

	assert_non_null(messages);
	if (e->catching_up && !is_behind(e)) {
		little_engine_settle(e);
		open_all(e, false);
	}
	for (int i = 0; n == 0 && i < e->shard_count; i++) {
		int shard = (first + i) % e->shard_count;
		if (e->waiting_count[shard] == LITTLE_WAITING_MAX)
			apply_one(e, shard);
		n = take(e, shard, messages);
		if (n > 0)
			e->waiting[shard][e->waiting_count[shard]++] = handle(e, shard, messages, n);
		if (e->waiting_count[shard] > 0 && fixture_random(&e->random, 2) == 0)
			apply_one(e, shard);
	}
	free(messages);
	return n > 0;
}

/* The writer's thread. */
struct writer {
	struct profile_save *save;
	char path[SNAPSHOT_PATH_BYTES + 8];
	int result;
	struct error error;
};

static void *write_it(void *arg)
{
	static const _Atomic bool never;
	struct writer *w = arg;

	w->result = profile_save_write(w->save, w->path, NULL, &never, &w->error);
	return NULL;
}

static void save_shard(struct little_engine *e, int shard)
{
	struct profile_shard *profiles = shard_profiles(e->shards[shard]);
	struct profile_save_info info = {.round = e->round, .shard = shard, .shards = e->shard_count};
	struct profile_offset *offsets = positions_list(&e->positions[shard], &info.offset_count);
	struct writer w;
	char path[SNAPSHOT_PATH_BYTES];
	pthread_t thread;

	info.offsets = offsets;
	w.save = profile_save_begin(profiles, &info);
	free(offsets);
	snapshots_shard_path(e->folder, shard, path);
	snprintf(w.path, sizeof(w.path), "%s.new", path);
	assert_int_equal(pthread_create(&thread, NULL, write_it, &w), 0);
	for (unsigned steps = fixture_random(&e->random, 4); steps > 0; steps--)
		little_engine_step(e);
	while (!profile_save_step(profiles))
		if (fixture_random(&e->random, 4) == 0)
			little_engine_step(e);
	profile_save_end(profiles);
	pthread_join(thread, NULL);
	if (w.result == -1)
		fail_msg("%s", w.error.text);
	profile_save_free(&w.save);
}

/* With the files of the first `kept` shards renamed when the crash comes. */
static void save(struct little_engine *e, int kept)
{
	char path[SNAPSHOT_PATH_BYTES];
	struct error error;

	e->round++;
	for (int i = 0; i < e->shard_count; i++)
		save_shard(e, i);
	/* More than the keeper waits for: all that was made since is committed, too. */
	little_engine_settle(e);
	snapshots_link_path(e->folder, path);
	assert_int_equal(snapshots_keep_before(path, &error), 0);
	if (link_save(e->desk.link, path, &error) == -1)
		fail_msg("%s", error.text);
	for (int i = 0; i < e->shard_count && i < kept; i++) {
		snapshots_shard_path(e->folder, i, path);
		assert_int_equal(snapshots_keep(path, &error), 0);
	}
	if (kept >= e->shard_count)
		snapshots_remove_beyond(e->folder, e->shard_count);
}

void little_engine_save(struct little_engine *e)
{
	save(e, (int)fixture_random(&e->random, (uint32_t)e->shard_count * 2));
}

void little_engine_save_whole(struct little_engine *e)
{
	save(e, e->shard_count);
}

bool little_engine_has_memory(const struct little_engine *e)
{
	size_t accounts = 0;

	for (int i = 0; i < e->shard_count; i++)
		accounts += profile_accounts(shard_profiles(e->shards[i]));
	return accounts > 0;
}

void little_engine_settle(struct little_engine *e)
{
	for (int i = 0; i < e->shard_count; i++)
		while (e->waiting_count[i] > 0)
			apply_one(e, i);
}

char *little_engine_alerts(struct little_engine *e)
{
	char *text = calloc(1, ALERTS_BYTES);
	struct dead_row *dead;
	struct alert_row *rows;
	struct arena arena;
	struct error error;
	size_t n, length = 0;

	assert_non_null(text);
	arena_init(&arena, ARENA_BYTES);
	assert_int_equal(store_alerts_by_opened(e->store, INT64_MIN, slice_of(""), 10000, &arena, &rows, &n, &error),
	                 0);
	for (size_t i = 0; i < n; i++)
		length += (size_t)snprintf(text + length, ALERTS_BYTES - length, "%.*s\n", SLICE_PRINT(rows[i].body));
	assert_int_equal(store_dead_list(e->store, 0, 10000, false, false, &arena, &dead, &n, &error), 0);
	snprintf(text + length, ALERTS_BYTES - length, "%zu dead letters\n", n);
	arena_deinit(&arena);
	return text;
}
