/* The notify thread against real receivers on loopback: each answer, each fault, and that none delays the others. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/counters.h"
#include "notify/notify.h"
#include "notify/outbox.h"
#include "notify_receiver.h"
#include "store/store_sql.h"
#include "store_fixture.h"

enum { PATIENCE_MS = 20000 };

static struct store_fixture f;
static struct notify *notify;
static struct store *reader;
static struct notify_options options;
static int hang_fd, hang_port;

static int setup(void **state)
{
	(void)state;
	counters_clear_for_test();
	store_fixture_open(&f);
	receiver_start(NULL, NULL);
	hang_fd = receiver_hang(&hang_port);
	notify_options_default(&options);
	options.allow_private = true;
	options.retry_permille = 0;
	options.total_timeout_ms = 400;
	options.pause_ms = 10;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	notify_stop(&notify, 2000);
	store_close(&reader);
	close(hang_fd);
	receiver_stop();
	store_fixture_close(&f);
	return 0;
}

/* A delivery due now, to a contact at `url`; the texts before a `#` name the contact, so that several share one. */
static void put_url(const char *id, const char *url)
{
	char uscc[48];
	struct contact_row c = {.name = slice_of("x"), .role = slice_of("cashier"), .rank = 1, .language = slice_of("zh"),
	                        .channel = slice_of("webhook"), .address = slice_of(url),
	                        .secret = slice_of(RECEIVER_SECRET)};
	struct delivery_row d = {.id = slice_of(id), .alert = slice_of(id), .revision = 1, .level = 3,
	                         .created_ms = clock_now_ms(), .due_ms = clock_now_ms(), .body = slice_of("{\"a\":\"警\"}")};
	struct contact_row *rows;
	size_t count;

	snprintf(uscc, sizeof(uscc), "%.*s", (int)strcspn(id, "#"), id);
	c.uscc = slice_of(uscc);
	arena_reset(&f.arena);
	assert_int_not_equal(store_contact_put(f.store, &c, &f.error), -1);
	assert_int_equal(store_contacts_of(f.store, c.uscc, &f.arena, &rows, &count, &f.error), 0);
	assert_int_equal(count, 1);
	d.contact = rows[0].id;
	d.destination = outbox_destination(c.channel, c.address);
	assert_int_equal(store_delivery_put(f.store, &d, &f.error), 1);
}

static void put(const char *id, const char *path)
{
	char url[256];

	snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", receiver_port(), path);
	put_url(id, url);
}

static void put_hanging(const char *id)
{
	char url[256];

	snprintf(url, sizeof(url), "http://127.0.0.1:%d/%s", hang_port, id);
	put_url(id, url);
}

static void start_notify(void)
{
	if (f.writer == NULL)
		store_fixture_start(&f, 5);
	if (reader == NULL)
		assert_int_equal(store_open_reader(f.path, &reader, &f.error), 0);
	if (notify_start(&options, f.writer, f.path, &notify, &f.error) == -1)
		fail_msg("%s", f.error.text);
}

static struct delivery_row row_of(const char *id)
{
	struct delivery_row r;

	arena_reset(&f.arena);
	assert_int_equal(store_delivery_get(reader, slice_of(id), &f.arena, &r, &f.error), 1);
	return r;
}

static struct delivery_row wait_for(const char *id, enum delivery_state state)
{
	int64_t until_ms = clock_steady_ms() + PATIENCE_MS;
	struct delivery_row r = row_of(id);

	for (; r.state != state && clock_steady_ms() < until_ms; r = row_of(id))
		usleep(2000);
	if (r.state != state)
		fail_msg("%s is %s, not %s: %.*s", id, delivery_state_names[r.state], delivery_state_names[state],
		         SLICE_PRINT(r.reason));
	return r;
}

static void wait_for_count(enum delivery_state state, int64_t count)
{
	int64_t until_ms = clock_steady_ms() + PATIENCE_MS;
	struct delivery_totals totals;

	do {
		usleep(2000);
		assert_int_equal(store_delivery_totals(reader, &totals, &f.error), 0);
	} while (totals.of_state[state] < count && clock_steady_ms() < until_ms);
	assert_int_equal(totals.of_state[state], count);
}

static bool says(const struct delivery_row *r, const char *word)
{
	return memmem(r->reason.at, r->reason.length, word, strlen(word)) != NULL;
}

/* ---- answers ---- */

static void a_warning_arrives_signed(void **state)
{
	struct delivery_row r;
	struct received got;

	(void)state;
	put("msg_1", "/ok/1");
	start_notify();
	r = wait_for("msg_1", DELIVERY_SENT);
	assert_int_equal(r.attempts, 1);
	assert_true(says(&r, "HTTP 200"));
	assert_true(receiver_get("/ok/1", 0, &got));
	assert_string_equal(got.id, "msg_1");
	assert_true(got.signed_right);
	assert_in_range(got.timestamp_s, clock_now_ms() / 1000 - 30, clock_now_ms() / 1000);
	assert_string_equal(got.agent, "huqi/" HUQI_VERSION);
	assert_int_equal(receiver_count("/"), 1);
	notify_stop(&notify, 1000);
	assert_int_equal(counter_sum(COUNT_DELIVERIES_SENT), 1);
}

static void each_answer_has_its_consequence(void **state)
{
	struct delivery_row r;
	struct received first, second;

	(void)state;
	put("flaky", "/flaky/1");
	put("busy", "/busy/1");
	put("gone", "/gone/1");
	put("gone#2", "/gone/1");
	put("huge", "/huge/1");
	put("drip", "/drip/1");
	put("error", "/error/1");
	put("moved", "/moved/1");
	start_notify();
	r = wait_for("flaky", DELIVERY_SENT);
	assert_int_equal(r.attempts, 3);
	for (int i = 0; i < 3; i++) {
		assert_true(receiver_get("/flaky/1", i, &first));
		assert_string_equal(first.id, "flaky"); /* the same id each time */
		assert_true(first.signed_right);
	}
	assert_int_equal(wait_for("busy", DELIVERY_SENT).attempts, 2);
	assert_true(receiver_get("/busy/1", 0, &first) && receiver_get("/busy/1", 1, &second));
	assert_true(second.at_ms - first.at_ms >= 1000); /* Retry-After: 1 */
	r = wait_for("gone", DELIVERY_DEAD);
	assert_true(says(&r, "410"));
	wait_for("gone#2", DELIVERY_DEAD);
	assert_int_equal(store_fixture_number(reader, "SELECT count(*) FROM contact WHERE disabled <> ''"), 1);
	wait_for("huge", DELIVERY_SENT);
	wait_for("drip", DELIVERY_SENT);
	r = wait_for("error", DELIVERY_DEAD); /* ten attempts, with pauses between */
	assert_int_equal(r.attempts, OUTBOX_ATTEMPTS_MAX);
	assert_true(says(&r, "10 attempts") && says(&r, "HTTP 500"));
	assert_int_equal(receiver_count("/error/1"), OUTBOX_ATTEMPTS_MAX);
	r = wait_for("moved", DELIVERY_DEAD);
	assert_true(says(&r, "302"));
	assert_int_equal(receiver_count("/ok/moved"), 0); /* redirects are not followed */
	notify_stop(&notify, 1000);
	assert_int_equal(counter_sum(COUNT_ANSWERS_CUT), 1);
	assert_int_equal(counter_sum(COUNT_DESTINATIONS_GONE), 1);
	assert_true(counter_sum(COUNT_DESTINATIONS_PAUSED) >= 2);
	assert_int_equal(counter_sum(COUNT_DELIVERIES_SENT), 4);
	assert_int_equal(counter_sum(COUNT_DELIVERIES_DEAD), 4);
}

static void who_does_not_answer_is_tried_later(void **state)
{
	struct delivery_row r;

	(void)state;
	options.retry_permille = 1000;
	put_hanging("hang");
	put_url("closed", "http://127.0.0.1:1/");
	put_url("noname", "https://no-such-host.invalid/");
	start_notify();
	r = wait_for("hang", DELIVERY_RETRY);
	assert_true(says(&r, "in time"));
	assert_in_range(r.due_ms - clock_now_ms(), 3000, 5500);
	r = wait_for("closed", DELIVERY_RETRY);
	assert_true(says(&r, "connect"));
	r = wait_for("noname", DELIVERY_RETRY);
	assert_int_equal(r.attempts, 1);
}

/* What can never be sent is not tried: it is dead with its reason. */
static void what_cannot_be_sent_is_dead(void **state)
{
	struct delivery_row r;

	(void)state;
	options.allow_private = false;
	put("http", "/ok/1");
	put_url("private", "https://10.0.0.1/");
	put_url("orphan", "https://warn.example.com/");
	store_contact_disable(f.store, slice_of("webhook"), slice_of("https://warn.example.com/"), "has left", &f.error);
	start_notify();
	r = wait_for("http", DELIVERY_DEAD);
	assert_true(says(&r, "https"));
	r = wait_for("private", DELIVERY_DEAD);
	assert_true(says(&r, "private"));
	r = wait_for("orphan", DELIVERY_DEAD);
	assert_true(says(&r, "has left"));
	assert_int_equal(receiver_count("/"), 0);
}

/* SSRF: a public-looking name that leads to a private address is refused at the socket. */
static void a_name_that_leads_inside_is_refused(void **state)
{
	char name[128], url[256];
	struct delivery_row r;

	(void)state;
	assert_int_equal(gethostname(name, sizeof(name) - 1), 0);
	options.allow_private = false;
	options.retry_permille = 1000;
	snprintf(url, sizeof(url), "https://%s:%d/ok/1", name, receiver_port());
	put_url("inside", url);
	start_notify();
	r = wait_for("inside", DELIVERY_RETRY);
	assert_int_equal(receiver_count("/"), 0);
	if (!says(&r, "private"))
		skip(); /* this machine's name leads nowhere, or to a public address */
	notify_stop(&notify, 1000);
	assert_int_equal(counter_sum(COUNT_ADDRESSES_REFUSED), 1);
}

/* ---- TLS ---- */

static char *file_text(const char *folder, const char *name)
{
	char path[256], *text = calloc(1, 65536);
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if ((file = fopen(path, "r")) == NULL || fread(text, 1, 65535, file) == 0)
		skip();
	fclose(file);
	unlink(path);
	return text;
}

static void a_certificate_must_be_trusted(void **state)
{
	char folder[] = "/tmp/huqi-tls-XXXXXX", command[512], url[128], ca_path[64];
	char *key, *certificate;
	struct delivery_row r;
	FILE *ca;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(command, sizeof(command), "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost "
	         "-addext subjectAltName=DNS:localhost -keyout %s/key -out %s/crt 2>/dev/null", folder, folder);
	if (system(command) != 0)
		skip();
	key = file_text(folder, "key");
	certificate = file_text(folder, "crt");
	snprintf(ca_path, sizeof(ca_path), "%s/ca", folder);
	assert_non_null(ca = fopen(ca_path, "w"));
	fputs(certificate, ca);
	fclose(ca);
	receiver_stop();
	receiver_start(key, certificate);
	snprintf(url, sizeof(url), "https://localhost:%d/ok/tls", receiver_port());
	options.retry_permille = 1000;
	options.total_timeout_ms = 5000;
	put_url("tls", url);
	start_notify();
	r = wait_for("tls", DELIVERY_RETRY);
	assert_true(says(&r, "certificate"));
	assert_int_equal(receiver_count("/"), 0);
	notify_stop(&notify, 1000);
	options.ca_file = ca_path;
	options.retry_permille = 0;
	store_writer_stop(&f.writer);
	assert_int_equal(store_open(f.path, &f.store, &f.error), 0);
	put_url("tls2", url);
	start_notify();
	wait_for("tls2", DELIVERY_SENT);
	notify_stop(&notify, 1000);
	unlink(ca_path);
	rmdir(folder);
	free(key);
	free(certificate);
}

/* ---- crashes and stops ---- */

/* The child dies as by kill -9 while an attempt is under way; the row is INFLIGHT then and goes out under its id. */
static void a_crash_in_the_middle_loses_nothing(void **state)
{
	struct received got;
	char change[128];
	int status;
	pid_t child;

	(void)state;
	receiver_stop(); /* no threads over a fork */
	put_hanging("msg_crash");
	store_close(&f.store);
	if ((child = fork()) == 0) {
		options.total_timeout_ms = 60000;
		if (store_open(f.path, &f.store, &f.error) == -1)
			_exit(1);
		f.writer = store_writer_start(f.store, 1);
		if (notify_start(&options, f.writer, f.path, &notify, &f.error) == -1 ||
		    store_open_reader(f.path, &reader, &f.error) == -1)
			_exit(2);
		for (int i = 0; i < 5000; i++) {
			struct delivery_row r;
			if (store_delivery_get(reader, slice_of("msg_crash"), &f.arena, &r, &f.error) == 1 &&
			    r.state == DELIVERY_INFLIGHT)
				kill(getpid(), SIGKILL);
			usleep(2000);
		}
		_exit(3);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	receiver_start(NULL, NULL);
	assert_int_equal(store_open(f.path, &f.store, &f.error), 0);
	assert_int_equal(store_fixture_number(f.store, "SELECT state FROM delivery WHERE id = 'msg_crash'"), DELIVERY_INFLIGHT);
	/* the receiver comes back; a test cannot have its port again, so the contact's address leads to the new one */
	snprintf(change, sizeof(change), "UPDATE contact SET address = 'http://127.0.0.1:%d/ok/crash'", receiver_port());
	assert_int_equal(sql_execute(f.store, change, &f.error), 0);
	start_notify();
	assert_int_equal(wait_for("msg_crash", DELIVERY_SENT).attempts, 2);
	assert_true(receiver_get("/ok/crash", 0, &got));
	assert_string_equal(got.id, "msg_crash");
	assert_int_equal(receiver_count("/"), 1);
}

static void a_stop_cuts_off_what_hangs(void **state)
{
	int64_t began_ms;
	struct delivery_row r;

	(void)state;
	options.total_timeout_ms = 60000;
	put_hanging("hang");
	start_notify();
	wait_for("hang", DELIVERY_INFLIGHT);
	began_ms = clock_steady_ms();
	notify_stop(&notify, 200);
	assert_in_range(clock_steady_ms() - began_ms, 150, 1500);
	r = row_of("hang");
	assert_int_equal(r.state, DELIVERY_RETRY);
	assert_true(says(&r, "ended during"));
}

static void a_stop_lets_a_slow_one_end(void **state)
{
	(void)state;
	options.total_timeout_ms = 300;
	put("drip", "/drip/1");
	start_notify();
	wait_for("drip", DELIVERY_INFLIGHT);
	notify_stop(&notify, 3000);
	assert_int_equal(row_of("drip").state, DELIVERY_SENT);
}

static atomic_bool store_blocked;

static int block_store(struct store *store, struct store_job *job, struct error *error)
{
	(void)store;
	(void)job;
	(void)error;
	while (atomic_load(&store_blocked))
		usleep(1000);
	return 0;
}

static void block_done(struct store_job *job, int result)
{
	(void)job;
	(void)result;
}

static int put_late(struct store *store, void *arg, struct error *error)
{
	const struct delivery_row *row = arg;

	return store_delivery_put(store, row, error) == 1 ? 0 : -1;
}

/* A store that hangs (a full disk) does not hang the stop; the claim comes back to a thread that has gone. */
static void a_claim_may_outlive_the_thread(void **state)
{
	struct store_job blocker = {.run = block_store, .done = block_done, .urgent = true};
	struct delivery_row late;

	(void)state;
	put("first", "/ok/1");
	start_notify();
	wait_for("first", DELIVERY_SENT);
	late = row_of("first");
	late.id = late.alert = slice_of("second");
	late.state = DELIVERY_PENDING;
	assert_int_equal(store_run(f.writer, put_late, &late, &f.error), 0);
	atomic_store(&store_blocked, true);
	store_submit(f.writer, &blocker);
	notify_wake(notify);
	usleep(50000);
	notify_stop(&notify, 50);
	atomic_store(&store_blocked, false);
	store_writer_stop(&f.writer);
	assert_in_range(row_of("second").state, DELIVERY_PENDING, DELIVERY_INFLIGHT);
	assert_int_equal(receiver_count("/"), 1);
}

/* ---- release, wake-up ---- */

static int release(struct store *store, void *arg, struct error *error)
{
	return notify_release(store, slice_of(arg), "analyst", clock_now_ms(), error) == 1 ? 0 : -1;
}

/* I7: what is held goes out when an analyst lets it, and not before. */
static void what_is_held_waits_for_its_release(void **state)
{
	(void)state;
	put("held", "/ok/held");
	put("free", "/ok/free");
	assert_int_equal(sql_execute(f.store, "UPDATE delivery SET state = 6 WHERE id = 'held'", &f.error), 0);
	start_notify();
	wait_for("free", DELIVERY_SENT);
	usleep(100000);
	assert_int_equal(receiver_count("/ok/held"), 0);
	assert_int_equal(row_of("held").state, DELIVERY_HELD);
	assert_int_equal(store_run(f.writer, release, "held", &f.error), 0);
	notify_wake(notify);
	wait_for("held", DELIVERY_SENT);
}

/* ---- many ---- */

static int order_of_ms(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* The times from `from_ms` to the first attempt at each path: median, 99th percentile, most. */
static void print_delays(const char *what, const char *prefix, int count, int64_t from_ms, int64_t *most_r)
{
	int64_t *delays = calloc((size_t)count, sizeof(*delays));
	struct received r;

	for (int i = 0; i < count; i++) {
		assert_true(receiver_get(prefix, i, &r));
		delays[i] = r.at_ms - from_ms;
	}
	qsort(delays, (size_t)count, sizeof(*delays), order_of_ms);
	print_message("%s: first attempt after p50 %lld ms, p99 %lld ms, most %lld ms\n", what,
	              (long long)delays[count / 2], (long long)delays[count * 99 / 100], (long long)delays[count - 1]);
	*most_r = delays[count - 1];
	free(delays);
}

/* Puts `healthy` destinations with a delivery each, and `hanging` that never answer, in one commit. */
static void put_many(int healthy, int hanging, bool one_destination)
{
	char id[32], path[64];

	assert_int_equal(store_begin(f.store, &f.error), 0);
	for (int i = 0; i < healthy + hanging; i++) {
		snprintf(id, sizeof(id), one_destination ? "d#%d" : "d%d", i);
		snprintf(path, sizeof(path), one_destination ? "/ok/all" : "/ok/%d", i);
		if (hanging > 0 && i % ((healthy + hanging) / hanging) == 0)
			put_hanging(id);
		else
			put(id, path);
	}
	assert_int_equal(store_commit(f.store, &f.error), 0);
}

/* The rows are there before the thread starts, as after a night's stop; then all at once. */
static void two_hundred_waiting_go_out_at_once(void **state)
{
	int64_t from_ms, most_ms;

	(void)state;
	options.total_timeout_ms = 20000;
	put_many(200, 0, false);
	from_ms = clock_steady_ms();
	start_notify();
	wait_for_count(DELIVERY_SENT, 200);
	assert_int_equal(receiver_count("/ok/"), 200);
	print_delays("200 waiting, 200 destinations", "/ok/", 200, from_ms, &most_ms);
	assert_true(most_ms < 5000);
}

static void two_hundred_to_one_destination_too(void **state)
{
	int64_t from_ms, most_ms;

	(void)state;
	options.total_timeout_ms = 20000;
	put_many(200, 0, true);
	from_ms = clock_steady_ms();
	start_notify();
	wait_for_count(DELIVERY_SENT, 200);
	assert_int_equal(receiver_count("/ok/all"), 200);
	print_delays("200 waiting, one destination", "/ok/", 200, from_ms, &most_ms);
	assert_true(most_ms < 5000);
}

static void a_hundred_that_hang_delay_nobody(void **state)
{
	int64_t from_ms, most_ms;

	(void)state;
	options.total_timeout_ms = 20000;
	options.retry_permille = 1000;
	put_many(900, 100, false);
	from_ms = clock_steady_ms();
	start_notify();
	wait_for_count(DELIVERY_SENT, 900);
	assert_int_equal(receiver_count("/ok/"), 900);
	print_delays("100 of 1,000 destinations hang", "/ok/", 900, from_ms, &most_ms);
	assert_true(most_ms < 8000);
	notify_stop(&notify, 0);
	assert_int_equal(receiver_count("/ok/"), 900);
}

/* The same when the hundred have ten rows each and are all older than the healthy ones. */
static void a_destination_takes_no_more_than_its_turn(void **state)
{
	int64_t from_ms, most_ms;
	char id[32], path[32];

	(void)state;
	options.total_timeout_ms = 20000;
	options.retry_permille = 1000;
	assert_int_equal(store_begin(f.store, &f.error), 0);
	for (int i = 0; i < 1000; i++) {
		snprintf(id, sizeof(id), "h%d#%d", i % 100, i);
		snprintf(path, sizeof(path), "h%d", i % 100);
		char url[128];
		snprintf(url, sizeof(url), "http://127.0.0.1:%d/%s", hang_port, path);
		put_url(id, url);
	}
	assert_int_equal(sql_execute(f.store, "UPDATE delivery SET due_ms = due_ms - 60000", &f.error), 0);
	for (int i = 0; i < 100; i++) {
		snprintf(id, sizeof(id), "ok%d", i);
		snprintf(path, sizeof(path), "/ok/%d", i);
		put(id, path);
	}
	assert_int_equal(store_commit(f.store, &f.error), 0);
	from_ms = clock_steady_ms();
	start_notify();
	wait_for_count(DELIVERY_SENT, 100);
	print_delays("behind 1,000 older rows of 100 that hang", "/ok/", 100, from_ms, &most_ms);
	assert_true(most_ms < 15000);
}

/* From a commit in a running service to the first attempt. */
static void a_new_warning_goes_out_at_once(void **state)
{
	int64_t delays[100];
	struct delivery_row late;
	struct received r;
	char id[32];

	(void)state;
	put("d", "/ok/live");
	start_notify();
	wait_for("d", DELIVERY_SENT);
	late = row_of("d");
	late.alert = arena_copy(&f.arena, late.alert);
	for (int i = 0; i < 100; i++) {
		int64_t from_ms = clock_steady_ms();
		struct delivery_row row = {.revision = 1, .level = 3, .contact = late.contact, .destination = late.destination,
		                           .body = slice_of("{}")};
		snprintf(id, sizeof(id), "live%d", i);
		row.id = row.alert = slice_of(id);
		assert_int_equal(store_run(f.writer, put_late, &row, &f.error), 0);
		notify_wake(notify);
		wait_for(id, DELIVERY_SENT);
		assert_true(receiver_get("/ok/live", i + 1, &r));
		delays[i] = r.at_ms - from_ms;
	}
	qsort(delays, 100, sizeof(delays[0]), order_of_ms);
	print_message("one new warning, commit included: p50 %lld ms, p99 %lld ms, most %lld ms\n", (long long)delays[50],
	              (long long)delays[98], (long long)delays[99]);
	assert_true(delays[98] < 2000);
}

static void wrong_options_are_refused(void **state)
{
	(void)state;
	store_fixture_start(&f, 5);
	options.connections_max = 0;
	assert_int_equal(notify_start(&options, f.writer, f.path, &notify, &f.error), -1);
	assert_non_null(strstr(f.error.text, "connections_max"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_warning_arrives_signed),
		TEST(each_answer_has_its_consequence),
		TEST(who_does_not_answer_is_tried_later),
		TEST(what_cannot_be_sent_is_dead),
		TEST(a_name_that_leads_inside_is_refused),
		TEST(a_certificate_must_be_trusted),
		TEST(a_crash_in_the_middle_loses_nothing),
		TEST(a_stop_cuts_off_what_hangs),
		TEST(a_stop_lets_a_slow_one_end),
		TEST(a_claim_may_outlive_the_thread),
		TEST(what_is_held_waits_for_its_release),
		TEST(two_hundred_waiting_go_out_at_once),
		TEST(two_hundred_to_one_destination_too),
		TEST(a_hundred_that_hang_delay_nobody),
		TEST(a_destination_takes_no_more_than_its_turn),
		TEST(a_new_warning_goes_out_at_once),
		TEST(wrong_options_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
