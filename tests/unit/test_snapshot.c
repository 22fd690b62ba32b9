/*
 * I4: a snapshot is the memory as it was at one moment, whatever goes on meanwhile; damage to it is noticed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>

#include "profile/snapshot.h"
#include "tests/unit/match_fixture.h"

enum { ACCOUNTS = 3000, SHARDS_MAX = 5, TOPICS = 2 };
#define LATENESS_MS INT64_C(259200000)
#define BEGIN_MS INT64_C(1772416800000)

static char folder[] = "/tmp/huqi-snapshot-XXXXXX", path[64];
static const _Atomic bool never;

static int begin(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/shard", folder);
	return 0;
}

static int end(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(folder);
}

/* A transaction drawn from `seed`; its texts live until the next call. */
struct drawn {
	struct tx tx;
	int32_t partition;
	char id[32], account[32], party[32], name[64], ip[32];
};

static void draw(uint64_t *seed, unsigned number, struct drawn *d)
{
	unsigned account = fixture_random(seed, ACCOUNTS), party = fixture_random(seed, 40);

	snprintf(d->id, sizeof(d->id), "t%u", number);
	snprintf(d->account, sizeof(d->account), "62220200%08u", account);
	snprintf(d->party, sizeof(d->party), "62170000%08u", party * 31 + account);
	snprintf(d->name, sizeof(d->name), "收款人%u有限公司", party);
	snprintf(d->ip, sizeof(d->ip), "10.%u.0.%u", account % 250, fixture_random(seed, 9));
	tx_init(&d->tx);
	d->tx.bank = slice_of("102100099996");
	d->tx.id = slice_of(d->id);
	d->tx.account = slice_of(d->account);
	d->tx.direction = fixture_random(seed, 2) == 0 ? TX_CREDIT : TX_DEBIT;
	d->tx.amount_minor = 1 + fixture_random(seed, 90000000);
	d->tx.balance_minor = fixture_random(seed, 90000000);
	d->tx.booked_ms = BEGIN_MS + number * INT64_C(40000) - fixture_random(seed, 7200000);
	d->tx.counterparty.account = slice_of(d->party);
	d->tx.counterparty.name = slice_of(d->name);
	d->tx.counterparty.kind = TX_COMPANY;
	d->tx.ip = slice_of(d->ip);
	d->partition = (int32_t)(account % 16);
}

static void put(struct profile_shard *shard, const struct drawn *d)
{
	struct profile_view view;

	profile_put(shard, &d->tx, d->tx.amount_minor, d->partition, &view);
}

static const struct profile_offset offsets[] = {
	{{"bank.a", 6}, 0, 17}, {{"bank.a", 6}, 16, 0}, {{"bank.bb", 7}, 3, INT64_C(1) << 40}};

static struct profile_save_info info(int shard, int shards)
{
	return (struct profile_save_info){7, shard, shards, offsets, sizeof(offsets) / sizeof(offsets[0])};
}

/* The writer's thread. */
struct writer {
	struct profile_save *save;
	const char *path;
	int result;
	struct error error;
};

static void *write_it(void *arg)
{
	struct writer *w = arg;

	w->result = profile_save_write(w->save, w->path, NULL, &never, &w->error);
	return NULL;
}

/* Saves a shard that stands still. */
static void save_quiet(struct profile_shard *shard, const char *to, int number, int shards)
{
	struct profile_save_info own = info(number, shards);
	struct profile_save *save = profile_save_begin(shard, &own);
	struct error error;

	if (profile_save_write(save, to, shard, &never, &error) == -1)
		fail_msg("%s", error.text);
	profile_save_end(shard);
	profile_save_free(&save);
}

static bool all(void *arg, int32_t partition)
{
	(void)arg;
	(void)partition;
	return true;
}

static int load(const char *from, struct profile_shard *const *shards, int count, struct error *error)
{
	struct profile_snapshot *snapshot;

	if (profile_snapshot_open(from, &snapshot, error) == -1)
		return -1;
	if (profile_snapshot_check(snapshot, error) == -1) {
		profile_snapshot_close(&snapshot);
		return -1;
	}
	profile_load(snapshot, shards, count, all, NULL);
	profile_snapshot_close(&snapshot);
	return 0;
}

static struct profile_shard *fresh(void)
{
	return profile_shard_new(1 << 20, LATENESS_MS);
}

static void assert_same_chunks(const struct profile_shard *a, const struct profile_shard *b)
{
	const struct slabs *x = &a->accounts.slabs, *y = &b->accounts.slabs;

	assert_int_equal(profile_accounts(a), profile_accounts(b));
	assert_int_equal(x->chunk_count, y->chunk_count);
	for (uint32_t i = 0; i < x->chunk_count; i++)
		if (memcmp(slab_chunk_read(x, i), slab_chunk_read(y, i), SLAB_CHUNK_BYTES) != 0)
			fail_msg("chunk %u of %u differs", i, x->chunk_count);
}

/* What an account remembers, by asking it: the answers to one more transaction. */
static void ask(struct profile_shard *shard, const struct drawn *d, int64_t answers_r[6])
{
	struct profile_filter filter = {.directions = 1 << TX_DEBIT | 1 << TX_CREDIT};
	struct profile_sum sum;
	struct profile_view view;

	assert_int_equal(profile_put(shard, &d->tx, d->tx.amount_minor, d->partition, &view), PROFILE_NEW);
	profile_window(&view, &filter, PROFILE_WINDOW_MAX_MS, PROFILE_AMOUNTS | PROFILE_PARTIES, &sum);
	answers_r[0] = sum.count;
	answers_r[1] = sum.sum_minor;
	answers_r[2] = sum.distinct;
	answers_r[3] = profile_first_seen(&view, PROFILE_PARTY);
	answers_r[4] = profile_begin(&view);
	answers_r[5] = profile_percentile(&view, TX_DEBIT, 500);
}

static void assert_same_answers(struct profile_shard *a, struct profile_shard *b, const struct drawn *d)
{
	int64_t x[6], y[6];

	ask(a, d, x);
	ask(b, d, y);
	assert_memory_equal(x, y, sizeof(x));
}

/* I4: a shard that goes on while it is saved, against one that stopped at that moment. */
static void what_goes_on_meanwhile_is_not_in_it(void **state)
{
	enum { ROUNDS = 6, BEFORE = 20000, AFTER = 15000 };

	(void)state;
	for (uint64_t round = 1; round <= ROUNDS; round++) {
		struct profile_shard *shard = fresh(), *still = fresh(), *loaded = fresh();
		struct profile_save_info own = info(0, 1);
		uint64_t seed = round;
		unsigned number = 0, pace = 1 + fixture_random(&seed, 400);
		struct writer w = {.path = path};
		struct error error;
		struct drawn d;
		pthread_t thread;
		bool given = false;

		for (; number < BEFORE; number++) {
			draw(&seed, number, &d);
			put(shard, &d);
			put(still, &d);
		}
		w.save = profile_save_begin(shard, &own);
		assert_int_equal(pthread_create(&thread, NULL, write_it, &w), 0);
		for (; number < BEFORE + AFTER; number++) {
			draw(&seed, number, &d);
			put(shard, &d);
			if (!given && number % pace == 0)
				given = profile_save_step(shard);
		}
		while (!profile_save_step(shard))
			;
		profile_save_end(shard);
		pthread_join(thread, NULL);
		if (w.result == -1)
			fail_msg("%s", w.error.text);
		profile_save_free(&w.save);
		assert_int_equal(load(path, &loaded, 1, &error), 0);
		assert_same_chunks(loaded, still);
		/* And it goes on as the one that never stopped. */
		for (seed = 99; number < BEFORE + 2 * AFTER; number++) {
			draw(&seed, number, &d);
			assert_same_answers(loaded, still, &d);
		}
		profile_shard_free(&shard);
		profile_shard_free(&still);
		profile_shard_free(&loaded);
	}
}

static void a_file_says_what_it_stands_for(void **state)
{
	struct profile_shard *shard = fresh();
	struct profile_snapshot *snapshot;
	const struct profile_save_info *got;
	struct error error;
	struct stat status;

	(void)state;
	save_quiet(shard, path, 2, 3); /* an empty one, too */
	assert_int_equal(profile_snapshot_open(path, &snapshot, &error), 0);
	got = profile_snapshot_info(snapshot);
	assert_int_equal(got->round, 7);
	assert_int_equal(got->shard, 2);
	assert_int_equal(got->shards, 3);
	assert_int_equal(got->offset_count, 3);
	for (size_t i = 0; i < got->offset_count; i++) {
		assert_true(slice_equal(got->offsets[i].topic, offsets[i].topic));
		assert_int_equal(got->offsets[i].partition, offsets[i].partition);
		assert_int_equal(got->offsets[i].next, offsets[i].next);
	}
	assert_int_equal(profile_snapshot_check(snapshot, &error), 0);
	profile_snapshot_close(&snapshot);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	profile_shard_free(&shard);
}

static void flip(off_t at)
{
	int fd = open(path, O_RDWR);
	unsigned char byte;

	assert_int_equal(pread(fd, &byte, 1, at), 1);
	byte ^= (unsigned char)(1 << at % 8);
	assert_int_equal(pwrite(fd, &byte, 1, at), 1);
	close(fd);
}

static void assert_refused(const char *what, off_t at)
{
	struct profile_shard *shard = fresh();
	struct error error = {""};

	if (load(path, &shard, 1, &error) == 0)
		fail_msg("%s at byte %lld went unnoticed", what, (long long)at);
	assert_non_null(strstr(error.text, path));
	assert_int_equal(profile_accounts(shard), 0);
	profile_shard_free(&shard);
}

/* Every byte of the head and the tail, and some of every chunk. */
static void every_damage_is_noticed(void **state)
{
	struct profile_shard *shard = fresh();
	uint64_t seed = 5;
	struct drawn d;
	struct stat status;
	off_t at;

	(void)state;
	for (unsigned i = 0; i < 4000; i++) {
		draw(&seed, i, &d);
		put(shard, &d);
	}
	save_quiet(shard, path, 0, 1);
	profile_shard_free(&shard);
	assert_int_equal(stat(path, &status), 0);
	for (at = 0; at < status.st_size;
	     at += at < (off_t)sizeof(struct snapshot_head) || at > status.st_size - 600
	                   ? 1
	                   : 1 + (off_t)fixture_random(&seed, (uint32_t)(status.st_size / 100))) {
		flip(at);
		assert_refused("a flipped bit", at);
		flip(at);
	}
	for (at = status.st_size - 1; at > 0; at -= at > 600 ? 1 + (off_t)fixture_random(&seed, (uint32_t)at / 8) : 7) {
		assert_int_equal(truncate(path, at), 0);
		assert_refused("an end", at);
	}
	assert_int_equal(truncate(path, 0), 0);
	assert_refused("nothing", 0);
	unlink(path);
	assert_refused("no file", 0);
}

/* The numbers of the head are believed only behind its sum; a right sum over wrong words is another version's. */
static void another_version_and_machine_are_said(void **state)
{
	struct profile_shard *shard = fresh();
	struct error error;

	(void)state;
	save_quiet(shard, path, 0, 1);
	flip(offsetof(struct snapshot_head, version));
	assert_int_equal(load(path, &shard, 1, &error), -1);
	assert_non_null(strstr(error.text, "another version"));
	flip(offsetof(struct snapshot_head, version));
	flip(offsetof(struct snapshot_head, order));
	assert_int_equal(load(path, &shard, 1, &error), -1);
	assert_non_null(strstr(error.text, "byte order"));
	flip(offsetof(struct snapshot_head, order));
	flip(0);
	assert_int_equal(load(path, &shard, 1, &error), -1);
	assert_non_null(strstr(error.text, "no snapshot"));
	profile_shard_free(&shard);
}

/* I1: with another number of shards each account is dealt to the one that owns its partition now. */
static void any_number_of_shards_deals_them_anew(void **state)
{
	enum { TXS = 12000, ASKED = 2000 };
	static const int counts[][2] = {{1, 3}, {3, 2}, {3, 5}, {4, 4}, {2, 1}};

	(void)state;
	for (size_t c = 0; c < sizeof(counts) / sizeof(counts[0]); c++) {
		int from = counts[c][0], to = counts[c][1];
		struct profile_shard *before[SHARDS_MAX], *after[SHARDS_MAX], *one = fresh();
		uint64_t seed = c + 1;
		struct error error;
		struct drawn d;
		unsigned number = 0;
		size_t accounts = 0;

		for (int i = 0; i < from; i++)
			before[i] = fresh();
		for (int i = 0; i < to; i++)
			after[i] = fresh();
		for (; number < TXS; number++) {
			draw(&seed, number, &d);
			put(before[d.partition % from], &d);
			put(one, &d);
		}
		for (int i = 0; i < from; i++) {
			save_quiet(before[i], path, i, from);
			assert_int_equal(load(path, after, to, &error), 0);
		}
		for (int i = 0; i < to; i++)
			accounts += profile_accounts(after[i]);
		assert_int_equal(accounts, profile_accounts(one));
		for (; number < TXS + ASKED; number++) {
			draw(&seed, number, &d);
			assert_same_answers(after[d.partition % to], one, &d);
		}
		for (int i = 0; i < from; i++)
			profile_shard_free(&before[i]);
		for (int i = 0; i < to; i++)
			profile_shard_free(&after[i]);
		profile_shard_free(&one);
	}
}

/* A disk that is full, a stop without time: there is no file, and the shard goes on. */
static void what_fails_leaves_no_file(void **state)
{
	static const _Atomic bool at_once = true;
	struct profile_shard *shard = fresh();
	struct profile_save_info own = info(0, 1);
	struct profile_save *save;
	struct error error;
	uint64_t seed = 3;
	struct drawn d;

	(void)state;
	for (unsigned i = 0; i < 2000; i++) {
		draw(&seed, i, &d);
		put(shard, &d);
	}
	save = profile_save_begin(shard, &own);
	assert_int_equal(profile_save_write(save, "/dev/full/no", shard, &never, &error), -1);
	assert_true(profile_save_step(shard));
	profile_save_end(shard);
	profile_save_free(&save);
	save = profile_save_begin(shard, &own);
	assert_int_equal(profile_save_write(save, path, shard, &at_once, &error), -1);
	assert_int_equal(access(path, F_OK), -1);
	draw(&seed, 2000, &d);
	put(shard, &d);
	profile_save_end(shard);
	profile_save_free(&save);
	save_quiet(shard, path, 0, 1);
	profile_shard_free(&shard);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_goes_on_meanwhile_is_not_in_it),
		cmocka_unit_test(a_file_says_what_it_stands_for),
		cmocka_unit_test(every_damage_is_noticed),
		cmocka_unit_test(another_version_and_machine_are_said),
		cmocka_unit_test(any_number_of_shards_deals_them_anew),
		cmocka_unit_test(what_fails_leaves_no_file),
	};

	return cmocka_run_group_tests_name("snapshot", tests, begin, end);
}
