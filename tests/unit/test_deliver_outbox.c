/* The outbox: ids, the schedule, and its jobs on the store's thread. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <semaphore.h>

#include "base/instant.h"
#include "deliver/outbox.h"
#include "notify/notify.h"
#include "store_fixture.h"

static int setup(void **state)
{
	static struct store_fixture f;

	store_fixture_open(&f);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	store_fixture_close(*state);
	return 0;
}

/* ---- pure ---- */

/* I3: the same warning has the same id in every run of the program; each part of it counts. */
static void an_id_is_a_function_of_the_warning(void **state)
{
	char id[OUTBOX_ID_BYTES], other[OUTBOX_ID_BYTES];

	(void)state;
	outbox_delivery_id(DELIVERY_WARNING, slice_of("alert-1"), 3, 0, 17, id);
	assert_string_equal(id, "msg_808813a1ea5987814691b1eb35504f00"); /* sha256sum of the parts behind their lengths */
	outbox_delivery_id(DELIVERY_WARNING, slice_of("alert-2"), 3, 0, 17, other);
	assert_string_not_equal(id, other);
	outbox_delivery_id(DELIVERY_WARNING, slice_of("alert-1"), 4, 0, 17, other);
	assert_string_not_equal(id, other);
	outbox_delivery_id(DELIVERY_WARNING, slice_of("alert-1"), 3, 1, 17, other);
	assert_string_not_equal(id, other);
	outbox_delivery_id(DELIVERY_WARNING, slice_of("alert-1"), 3, 0, 18, other);
	assert_string_not_equal(id, other);
	outbox_delivery_id(DELIVERY_CALL, slice_of("alert-1"), 3, 0, 17, other);
	assert_string_not_equal(id, other);
}

/* Standard Webhooks: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h; ± 10 %, the same each time. */
static void the_schedule_is_the_standards(void **state)
{
	static const int64_t expected_ms[] = {5000, 300000, 1800000, 7200000, 18000000, 36000000, 50400000,
	                                      72000000, 86400000};
	int64_t sum = 0;

	(void)state;
	for (int64_t attempts = 1; attempts <= 9; attempts++)
		for (int i = 0; i < 500; i++) {
			char id[16];
			int64_t delay_ms, nominal = expected_ms[attempts - 1];
			snprintf(id, sizeof(id), "msg_%d", i);
			delay_ms = outbox_retry_delay_ms(slice_of(id), attempts, 1000);
			assert_int_equal(delay_ms, outbox_retry_delay_ms(slice_of(id), attempts, 1000));
			assert_in_range(delay_ms, nominal - nominal / 10, nominal + nominal / 10);
			sum += (delay_ms - nominal) * 1000 / nominal;
		}
	assert_in_range(sum / 4500 + 10, 0, 20); /* no drift: the mean jitter is near 0 permille */
	assert_int_equal(outbox_retry_delay_ms(slice_of("x"), 10, 1000), -1);
	assert_int_equal(outbox_retry_delay_ms(slice_of("x"), 0, 1000), -1);
	assert_int_equal(outbox_retry_delay_ms(slice_of("x"), 3, 0), 0);
	assert_in_range(outbox_retry_delay_ms(slice_of("x"), 9, 1), 77760, 95040);
}

/* ---- jobs ---- */

static sem_t job_done;

static void done(struct store_job *job, int result)
{
	assert_int_equal(result, 0);
	(void)job;
	sem_post(&job_done);
}

static void run_job(struct store_fixture *f, struct outbox_job *job)
{
	job->job.done = done;
	sem_init(&job_done, 0, 0);
	store_submit(f->writer, &job->job);
	sem_wait(&job_done);
	sem_destroy(&job_done);
}

static void put(struct store_fixture *f, const char *id, int64_t destination)
{
	struct delivery_row r = {.id = slice_of(id), .alert = slice_of(id), .revision = 1, .level = 3, .way = 1,
	                         .destination = destination, .created_ms = 1, .due_ms = 1, .body = slice_of("{}")};

	assert_int_equal(store_delivery_put(f->store, &r, &f->error), 1);
}

static struct delivery_row read_row(struct store_fixture *f, const char *id)
{
	struct store *reader;
	struct delivery_row r;

	assert_int_equal(store_open_reader(f->path, NULL, &reader, &f->error), 0);
	assert_int_equal(store_delivery_get(reader, slice_of(id), &f->arena, &r, &f->error), 1);
	store_close(&reader);
	return r;
}

static void item(struct outbox_job *job, const char *id, int64_t destination, enum delivery_state state)
{
	struct outbox_item *i = &job->items[job->count++];

	*i = (struct outbox_item){.destination = destination, .state = state, .due_ms = 77};
	snprintf(i->id, sizeof(i->id), "%s", id);
	snprintf(i->reason, sizeof(i->reason), "because");
}

static void a_claim_takes_what_still_waits(void **state)
{
	struct store_fixture *f = *state;
	struct outbox_job *job = calloc(1, sizeof(*job));

	put(f, "a", 1);
	put(f, "b", 1);
	store_delivery_claim(f->store, slice_of("b"), &f->error);
	store_fixture_start(f, 0);
	item(job, "a", 1, 0);
	item(job, "b", 1, 0);
	item(job, "c", 1, 0);
	outbox_claim(job);
	run_job(f, job);
	assert_true(job->items[0].claimed);
	assert_false(job->items[1].claimed);
	assert_false(job->items[2].claimed);
	assert_int_equal(read_row(f, "a").state, DELIVERY_INFLIGHT);
	job->count = 0;
	item(job, "a", 1, DELIVERY_RETRY);
	item(job, "b", 1, DELIVERY_SENT);
	outbox_settle(job);
	run_job(f, job);
	assert_int_equal(read_row(f, "a").state, DELIVERY_RETRY);
	assert_int_equal(read_row(f, "a").due_ms, 77);
	assert_true(slice_is(read_row(f, "a").reason, "because"));
	assert_int_equal(read_row(f, "b").state, DELIVERY_SENT);
	free(job);
}

static void a_destination_that_is_gone_takes_all_with_it(void **state)
{
	struct store_fixture *f = *state;
	struct outbox_job *job = calloc(1, sizeof(*job));

	store_fixture_contact(f->store, "91350100M000100Y43", "x", "https://x.example.com/", "s", "");
	put(f, "a", 1);
	put(f, "b", 1);
	put(f, "c", 2);
	store_delivery_claim(f->store, slice_of("a"), &f->error);
	store_fixture_start(f, 0);
	item(job, "a", 1, DELIVERY_DEAD);
	job->items[0].gone_channel = strdup("webhook");
	job->items[0].gone_address = strdup("https://x.example.com/");
	outbox_settle(job);
	run_job(f, job);
	assert_int_equal(job->given_up, 1);
	assert_int_equal(read_row(f, "a").state, DELIVERY_DEAD);
	assert_int_equal(read_row(f, "b").state, DELIVERY_DEAD);
	assert_int_equal(read_row(f, "c").state, DELIVERY_PENDING);
	free(job->items[0].gone_channel);
	free(job->items[0].gone_address);
	free(job);
	struct store *reader;
	assert_int_equal(store_open_reader(f->path, NULL, &reader, &f->error), 0);
	assert_int_equal(store_fixture_number(reader, "SELECT count(*) FROM way WHERE disabled <> ''"), 1);
	store_close(&reader);
}

/* I10: what a person does is in the audit chain; what changed nothing is not. */
static void people_leave_a_trace(void **state)
{
	struct store_fixture *f = *state;
	int64_t rows;

	put(f, "a", 1);
	store_delivery_claim(f->store, slice_of("a"), &f->error);
	assert_int_equal(notify_acknowledge(f->store, slice_of("a"), "contact", 5, &f->error), 0);
	assert_int_equal(store_audit_verify(f->store, &rows, &f->error), 0);
	assert_int_equal(rows, 0);
	store_delivery_settle(f->store, slice_of("a"), DELIVERY_DEAD, 0, 5, "", &f->error);
	assert_int_equal(notify_replay(f->store, slice_of("a"), "analyst", 6, &f->error), 1);
	store_delivery_claim(f->store, slice_of("a"), &f->error);
	store_delivery_settle(f->store, slice_of("a"), DELIVERY_SENT, 0, 7, "", &f->error);
	assert_int_equal(notify_acknowledge(f->store, slice_of("a"), "contact", 8, &f->error), 1);
	assert_int_equal(notify_release(f->store, slice_of("a"), "analyst", 9, &f->error), 0);
	assert_int_equal(store_audit_verify(f->store, &rows, &f->error), 0);
	assert_int_equal(rows, 2);
	assert_int_equal(store_fixture_number(f->store, "SELECT count(*) FROM audit WHERE action = 'delivery.replay' AND "
	                                                "actor = 'analyst' AND object = 'a'"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_id_is_a_function_of_the_warning),
		cmocka_unit_test(the_schedule_is_the_standards),
		cmocka_unit_test_setup_teardown(a_claim_takes_what_still_waits, setup, teardown),
		cmocka_unit_test_setup_teardown(a_destination_that_is_gone_takes_all_with_it, setup, teardown),
		cmocka_unit_test_setup_teardown(people_leave_a_trace, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
