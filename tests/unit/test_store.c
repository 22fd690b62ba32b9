/* The store's connections and its writing thread: migrations, readers, group commit, a disk that fills up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/counters.h"
#include "store/store_sql.h"
#include "store_fixture.h"

static void a_new_store_gets_the_newest_schema(void **state)
{
	struct store_fixture f;

	(void)state;
	store_fixture_open(&f);
	assert_true(store_fixture_number(f.store, "PRAGMA user_version") >= 1);
	assert_int_equal(store_fixture_number(f.store, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND sql"
	                                               " NOT LIKE '%STRICT%' AND name NOT LIKE 'sqlite_%'"), 0);
	assert_int_equal(store_fixture_number(f.store, "SELECT count(*) FROM alert"), 0);
	store_fixture_close(&f);
}

static void opening_again_keeps_what_is_there(void **state)
{
	struct store_fixture f;
	int64_t offset = 0;

	(void)state;
	store_fixture_open(&f);
	assert_int_equal(store_offset_put(f.store, slice_of("bank.tx"), 0, 42, &f.error), 0);
	store_close(&f.store);
	assert_int_equal(store_open(f.path, NULL, &f.store, &f.error), 0);
	assert_int_equal(store_offset_get(f.store, slice_of("bank.tx"), 0, &offset, &f.error), 1);
	assert_int_equal(offset, 42);
	store_fixture_close(&f);
}

static void a_newer_schema_is_refused_in_words(void **state)
{
	struct store_fixture f;

	(void)state;
	store_fixture_open(&f);
	assert_int_equal(sql_execute(f.store, "PRAGMA user_version = 99", &f.error), 0);
	store_close(&f.store);
	assert_int_equal(store_open(f.path, NULL, &f.store, &f.error), -1);
	assert_null(f.store);
	assert_non_null(strstr(f.error.text, "was written by a newer huqi (schema 99, this one knows "));
	assert_non_null(strstr(f.error.text, "install that version or restore a backup"));
	store_fixture_close(&f);
}

static void a_folder_that_is_not_there_is_said(void **state)
{
	struct store *store = NULL;
	struct error error;

	(void)state;
	assert_int_equal(store_open("/nonexistent/huqi.db", NULL, &store, &error), -1);
	assert_null(store);
	assert_non_null(strstr(error.text, "/nonexistent/huqi.db cannot be opened"));
}

static void a_reader_sees_and_cannot_write(void **state)
{
	struct store_fixture f;
	struct store *reader;
	int64_t offset = 0;

	(void)state;
	store_fixture_open(&f);
	assert_int_equal(store_offset_put(f.store, slice_of("bank.tx"), 0, 7, &f.error), 0);
	assert_int_equal(store_open_reader(f.path, NULL, &reader, &f.error), 0);
	assert_int_equal(store_offset_get(reader, slice_of("bank.tx"), 0, &offset, &f.error), 1);
	assert_int_equal(offset, 7);
	assert_int_equal(store_offset_put(reader, slice_of("bank.tx"), 0, 8, &f.error), -1);
	assert_non_null(strstr(f.error.text, "readonly"));
	assert_int_equal(store_offset_get(f.store, slice_of("bank.tx"), 0, &offset, &f.error), 1);
	assert_int_equal(offset, 7);
	store_close(&reader);
	store_fixture_close(&f);
}

/* A job that writes one offset, and says no where it is told to; counts how it was run and told. */
struct counted_job {
	struct store_job job; /* first */
	int number, runs, dones, result;
	bool refuse;
};

static int counted_run(struct store *store, struct store_job *job, struct error *error)
{
	struct counted_job *counted = (struct counted_job *)job;

	counted->runs++;
	if (store_offset_put(store, slice_of("job"), counted->number, counted->number, error) == -1)
		return -1;
	return counted->refuse ? error_set(error, "job %d says no", counted->number) : 0;
}

static void counted_done(struct store_job *job, int result)
{
	struct counted_job *counted = (struct counted_job *)job;

	counted->dones++;
	counted->result = result;
}

enum { JOBS = 600 }; /* more than a group holds */

/* I3: a job that fails takes back what it wrote, and nothing of the others in its group. */
static void a_failing_job_takes_back_only_its_own(void **state)
{
	static struct counted_job jobs[JOBS];
	struct store_fixture f;

	(void)state;
	store_fixture_open(&f);
	store_fixture_start(&f, 20);
	memset(jobs, 0, sizeof(jobs));
	for (int i = 0; i < JOBS; i++) {
		jobs[i] = (struct counted_job){.job = {.run = counted_run, .done = counted_done, .urgent = i == JOBS - 1},
		                               .number = i, .refuse = i % 7 == 3};
		store_submit(f.writer, &jobs[i].job);
	}
	store_writer_stop(&f.writer);
	assert_int_equal(store_open(f.path, NULL, &f.store, &f.error), 0);
	for (int i = 0; i < JOBS; i++) {
		int64_t offset;
		assert_int_equal(jobs[i].dones, 1);
		assert_int_equal(jobs[i].result, jobs[i].refuse ? -1 : 0);
		assert_int_equal(store_offset_get(f.store, slice_of("job"), i, &offset, &f.error), jobs[i].refuse ? 0 : 1);
	}
	assert_string_equal(jobs[3].job.error.text, "job 3 says no");
	store_fixture_close(&f);
}

static void jobs_without_haste_share_a_commit(void **state)
{
	static struct counted_job jobs[100];
	struct store_fixture f;
	uint64_t commits;

	(void)state;
	store_fixture_open(&f);
	store_fixture_start(&f, 50);
	commits = counter_sum(COUNT_COMMITS);
	for (int i = 0; i < 100; i++) {
		jobs[i] = (struct counted_job){.job = {.run = counted_run, .done = counted_done}, .number = i};
		store_submit(f.writer, &jobs[i].job);
	}
	store_writer_stop(&f.writer);
	assert_int_equal(jobs[99].dones, 1);
	assert_true(counter_sum(COUNT_COMMITS) - commits <= 5);
	store_fixture_close(&f);
}

/* Room for so many pages more than there are now, in the connection given. */
static void set_room(struct store *store, int pages)
{
	char text[64];
	struct error error;

	snprintf(text, sizeof(text), "PRAGMA max_page_count = %lld",
	         (long long)store_fixture_number(store, "PRAGMA page_count") + pages);
	assert_int_equal(sql_execute(store, text, &error), 0);
}

enum { LARGE_ROWS = 10, PAYLOAD_BYTES = 20000 };

static _Atomic bool room_again;

/* SQLite takes back the whole transaction where single rows find no room, and only the statement where it
 * wrote several: the group must run again in both cases. */
static bool in_one_statement;

static int fill_at_once(struct store *store, struct error *error)
{
	return sql_execute(store, "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 9)"
		" INSERT INTO dead_letter(topic, partition, offset, decoder, field, reason, payload, payload_bytes,"
		" received_ms) SELECT 't', 0, i, 'json', 'f', 'r', zeroblob(20000), 20000, 0 FROM n", error);
}

/* A job that needs many pages. The limit belongs to the writing connection, so it is lifted here, once
 * told. */
static int large_run(struct store *store, struct store_job *job, struct error *error)
{
	struct counted_job *counted = (struct counted_job *)job;
	static char payload[PAYLOAD_BYTES];

	counted->runs++;
	if (room_again)
		set_room(store, 100000);
	if (in_one_statement)
		return fill_at_once(store, error);
	for (int i = 0; i < LARGE_ROWS; i++) {
		struct dead_row row = store_fixture_dead(i);
		row.payload = (struct slice){payload, sizeof(payload)};
		if (store_dead_put(store, &row, error) == -1)
			return -1;
	}
	return 0;
}

static void wait_for_failing(struct store_writer *writer)
{
	int64_t until_ms = clock_steady_ms() + 5000;

	while (store_writable(writer) && clock_steady_ms() < until_ms)
		usleep(5000);
	assert_false(store_writable(writer));
}

static void assert_rows(const char *path, int64_t offsets, int64_t dead)
{
	struct store *reader;
	struct error error;

	assert_int_equal(store_open_reader(path, NULL, &reader, &error), 0);
	assert_int_equal(store_fixture_number(reader, "SELECT count(*) FROM feed_offset"), offsets);
	assert_int_equal(store_fixture_number(reader, "SELECT count(*) FROM dead_letter"), dead);
	store_close(&reader);
}

enum { SMALL_JOBS = 40, LARGE_AT = 20 };

static void submit_small_and_large(struct store_writer *writer, struct counted_job small[SMALL_JOBS],
		struct counted_job *large)
{
	*large = (struct counted_job){.job = {.run = large_run, .done = counted_done}};
	for (int i = 0; i < SMALL_JOBS; i++) {
		small[i] = (struct counted_job){.job = {.run = counted_run, .done = counted_done}, .number = i};
		if (i == LARGE_AT)
			store_submit(writer, &large->job);
		store_submit(writer, &small[i].job);
	}
}

/*
 * I3: the disk is full for a while. Nobody is told that a job is done, nothing is half written, and when
 * there is room again everything is there once, also what came before and behind the large job in its group.
 */
static void full_disk(void)
{
	static struct counted_job small[SMALL_JOBS], large;
	struct store_fixture f;

	room_again = false;
	store_fixture_open(&f);
	set_room(f.store, 4);
	store_fixture_start(&f, 30);
	submit_small_and_large(f.writer, small, &large);
	wait_for_failing(f.writer);
	assert_rows(f.path, 0, 0);
	assert_true(counter_sum(COUNT_COMMIT_FAILURES) >= 1);
	room_again = true;
	for (int64_t until_ms = clock_steady_ms() + 10000; !store_writable(f.writer) && clock_steady_ms() < until_ms;)
		usleep(5000);
	store_writer_stop(&f.writer);
	assert_rows(f.path, SMALL_JOBS, LARGE_ROWS);
	for (int i = 0; i < SMALL_JOBS; i++) {
		assert_int_equal(small[i].dones, 1);
		assert_int_equal(small[i].result, 0);
	}
	assert_int_equal(large.dones, 1);
	assert_int_equal(large.result, 0);
	assert_true(large.runs >= 2);
	store_fixture_close(&f);
}

static void a_full_disk_loses_nothing(void **state)
{
	(void)state;
	in_one_statement = false;
	full_disk();
	in_one_statement = true;
	full_disk();
	in_one_statement = false;
}

/* A stop while the disk stays full ends, tells each job that it was not written, and leaves nothing half
 * done. */
static void a_stop_with_a_full_disk_ends(void **state)
{
	static struct counted_job small[SMALL_JOBS], large;
	struct store_fixture f;

	(void)state;
	room_again = false;
	store_fixture_open(&f);
	set_room(f.store, 4);
	store_fixture_start(&f, 30);
	submit_small_and_large(f.writer, small, &large);
	wait_for_failing(f.writer);
	store_writer_stop(&f.writer);
	assert_rows(f.path, 0, 0);
	for (int i = 0; i < SMALL_JOBS; i++)
		assert_int_equal(small[i].result, -1);
	assert_int_equal(large.result, -1);
	assert_non_null(strstr(large.job.error.text, "could not be written before the stop"));
	store_fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_store_gets_the_newest_schema),
		cmocka_unit_test(opening_again_keeps_what_is_there),
		cmocka_unit_test(a_newer_schema_is_refused_in_words),
		cmocka_unit_test(a_folder_that_is_not_there_is_said),
		cmocka_unit_test(a_reader_sees_and_cannot_write),
		cmocka_unit_test(a_failing_job_takes_back_only_its_own),
		cmocka_unit_test(jobs_without_haste_share_a_commit),
		cmocka_unit_test(a_full_disk_loses_nothing),
		cmocka_unit_test(a_stop_with_a_full_disk_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
