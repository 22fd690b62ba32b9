/*
 * The notify thread against real receivers on loopback: each answer, each fault, and that none delays the
 * others.
 */
#include <netdb.h>
#include <netinet/in.h>
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
#include "deliver/deliver.h"
#include "notify/notify.h"
#include "deliver/outbox.h"
#include "deliver/sms_gateway.h"
#include "notify_fixture.h"
#include "notify_receiver.h"
#include "store/store_sql.h"

/* ---- answers ---- */

static void a_warning_arrives_signed(void **state)
{
	struct delivery_row r;
	struct received got;

	(void)state;
	notify_put_path("msg_1", "/ok/1");
	notify_fixture_start();
	r = notify_wait_for("msg_1", DELIVERY_SENT);
	assert_int_equal(r.attempts, 1);
	assert_true(notify_says(&r, "HTTP 200"));
	assert_true(receiver_get("/ok/1", 0, &got));
	assert_string_equal(got.id, "msg_1");
	assert_true(got.signed_right);
	assert_in_range(got.timestamp_s, clock_now_ms() / 1000 - 30, clock_now_ms() / 1000);
	assert_string_equal(got.agent, "huqi/" HUQI_VERSION);
	assert_int_equal(receiver_count("/"), 1);
	deliver_stop(&here.notify, 1000);
	assert_int_equal(counter_sum(COUNT_DELIVERIES_SENT), 1);
}

static void each_answer_has_its_consequence(void **state)
{
	struct delivery_row r;
	struct received first, second;

	(void)state;
	notify_put_path("flaky", "/flaky/1");
	notify_put_path("busy", "/busy/1");
	notify_put_path("gone", "/gone/1");
	notify_put_path("gone#2", "/gone/1");
	notify_put_path("huge", "/huge/1");
	notify_put_path("drip", "/drip/1");
	notify_put_path("error", "/error/1");
	notify_put_path("moved", "/moved/1");
	notify_fixture_start();
	r = notify_wait_for("flaky", DELIVERY_SENT);
	assert_int_equal(r.attempts, 3);
	for (int i = 0; i < 3; i++) {
		assert_true(receiver_get("/flaky/1", i, &first));
		assert_string_equal(first.id, "flaky"); /* the same id each time */
		assert_true(first.signed_right);
	}
	assert_int_equal(notify_wait_for("busy", DELIVERY_SENT).attempts, 2);
	assert_true(receiver_get("/busy/1", 0, &first) && receiver_get("/busy/1", 1, &second));
	assert_true(second.at_ms - first.at_ms >= 1000); /* Retry-After: 1 */
	r = notify_wait_for("gone", DELIVERY_DEAD);
	assert_true(notify_says(&r, "410"));
	notify_wait_for("gone#2", DELIVERY_DEAD);
	assert_int_equal(store_fixture_number(here.reader, "SELECT count(*) FROM way WHERE disabled <> ''"), 1);
	notify_wait_for("huge", DELIVERY_SENT);
	notify_wait_for("drip", DELIVERY_SENT);
	r = notify_wait_for("error", DELIVERY_DEAD); /* ten attempts, with pauses between */
	assert_int_equal(r.attempts, OUTBOX_ATTEMPTS_MAX);
	assert_true(notify_says(&r, "10 attempts") && notify_says(&r, "HTTP 500"));
	assert_int_equal(receiver_count("/error/1"), OUTBOX_ATTEMPTS_MAX);
	r = notify_wait_for("moved", DELIVERY_DEAD);
	assert_true(notify_says(&r, "302"));
	assert_int_equal(receiver_count("/ok/moved"), 0); /* redirects are not followed */
	deliver_stop(&here.notify, 1000);
	assert_int_equal(counter_sum(COUNT_ANSWERS_CUT), 1);
	assert_int_equal(counter_sum(COUNT_DESTINATIONS_GONE), 1);
	assert_true(counter_sum(COUNT_DESTINATIONS_PAUSED) >= 2);
	assert_int_equal(counter_sum(COUNT_DELIVERIES_SENT), 4);
	assert_int_equal(counter_sum(COUNT_DELIVERIES_DEAD), 4);
}

/* ---- other channels ---- */

/* A robot takes 20 a minute: at a first meeting one goes out, and the next 3 s later. */
static void a_rate_holds_from_the_first_meeting(void **state)
{
	static const char *const ids[] = {"rate", "rate#1", "rate#2", "rate#3"};
	int sent = 0, untouched = 0;

	(void)state;
	for (int i = 0; i < 4; i++)
		notify_put_by("wecom", ids[i], "/robot/rate");
	notify_fixture_start();
	notify_wait_for_count(DELIVERY_SENT, 1);
	for (int i = 0; i < 4; i++) {
		sent += notify_row_of(ids[i]).state == DELIVERY_SENT;
		untouched += notify_row_of(ids[i]).state == DELIVERY_PENDING;
	}
	assert_int_equal(sent, 1);
	assert_int_equal(untouched, 3);
	assert_int_equal(receiver_count("/robot/rate"), 1);
}

/* A robot's 200 says nothing; what a contact's group has thrown out is not called again. */
static void a_robots_code_has_its_consequence(void **state)
{
	struct delivery_row r;

	(void)state;
	notify_put_by("wecom", "full", "/full/1");
	notify_put_by("wecom", "removed", "/removed/1");
	notify_put_by("wecom", "html", "/ok/1");
	here.options.retry_permille = 1000;
	notify_fixture_start();
	r = notify_wait_for("full", DELIVERY_RETRY);
	assert_true(notify_says(&r, "45009"));
	assert_in_range(r.due_ms - clock_now_ms(), 50000, 60000); /* a minute, not the schedule's 5 s */
	r = notify_wait_for("removed", DELIVERY_DEAD);
	assert_true(notify_says(&r, "93000"));
	assert_int_equal(store_fixture_number(here.reader, "SELECT count(*) FROM way WHERE disabled <> ''"), 1);
	r = notify_wait_for("html", DELIVERY_RETRY);
	assert_true(notify_says(&r, "without a robot's answer"));
}

/* What an operator left out is mended by an operator: the delivery waits, and says what is missing. */
static void a_server_that_is_not_set_is_waited_for(void **state)
{
	struct delivery_row r;

	(void)state;
	here.options.retry_permille = 1000;
	notify_put_by("email", "mail", "cashier@factory.example.com");
	notify_put_by("sms", "sms", "13800138000");
	notify_fixture_start();
	r = notify_wait_for("mail", DELIVERY_RETRY);
	assert_true(notify_says(&r, "smtp.url"));
	r = notify_wait_for("sms", DELIVERY_RETRY);
	assert_true(notify_says(&r, "sms.gateway"));
}

static void who_does_not_answer_is_tried_later(void **state)
{
	struct delivery_row r;

	(void)state;
	here.options.retry_permille = 1000;
	notify_put_hanging("hang");
	notify_put_url("closed", "http://127.0.0.1:1/");
	notify_put_url("noname", "https://no-such-host.invalid/");
	notify_fixture_start();
	r = notify_wait_for("hang", DELIVERY_RETRY);
	assert_true(notify_says(&r, "in time"));
	assert_in_range(r.due_ms - clock_now_ms(), 3000, 5500);
	r = notify_wait_for("closed", DELIVERY_RETRY);
	assert_true(notify_says(&r, "connect"));
	r = notify_wait_for("noname", DELIVERY_RETRY);
	assert_int_equal(r.attempts, 1);
}

/* What can never be sent is not tried: it is dead with its reason. */
static void what_cannot_be_sent_is_dead(void **state)
{
	struct delivery_row r;

	(void)state;
	here.options.allow_private = false;
	notify_put_path("http", "/ok/1");
	notify_put_url("private", "https://10.0.0.1/");
	notify_put_url("orphan", "https://warn.example.com/");
	store_way_disable(here.base.store, slice_of("webhook"), slice_of("https://warn.example.com/"),
	                      "has left", &here.base.error);
	notify_fixture_start();
	r = notify_wait_for("http", DELIVERY_DEAD);
	assert_true(notify_says(&r, "https"));
	r = notify_wait_for("private", DELIVERY_DEAD);
	assert_true(notify_says(&r, "private"));
	r = notify_wait_for("orphan", DELIVERY_DEAD);
	assert_true(notify_says(&r, "has left"));
	assert_int_equal(receiver_count("/"), 0);
}

/* SSRF: a public-looking name that leads to a private address is refused at the socket. */
static void a_name_that_leads_inside_is_refused(void **state)
{
	char name[128], url[256];
	struct delivery_row r;

	(void)state;
	assert_int_equal(gethostname(name, sizeof(name) - 1), 0);
	here.options.allow_private = false;
	here.options.retry_permille = 1000;
	snprintf(url, sizeof(url), "https://%s:%d/ok/1", name, receiver_port());
	notify_put_url("inside", url);
	notify_fixture_start();
	r = notify_wait_for("inside", DELIVERY_RETRY);
	assert_int_equal(receiver_count("/"), 0);
	if (!notify_says(&r, "private"))
		skip(); /* this machine's name leads nowhere, or to a public address */
	deliver_stop(&here.notify, 1000);
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

struct tls {
	char folder[32], ca_path[64], *key, *certificate;
};

/* A key and a certificate for a name, by openssl; the receiver starts anew with them. */
static void tls_begin(struct tls *tls, const char *name)
{
	char command[640];
	FILE *ca;

	strcpy(tls->folder, "/tmp/huqi-tls-XXXXXX");
	assert_non_null(mkdtemp(tls->folder));
	snprintf(command, sizeof(command), "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test "
	         "-addext subjectAltName=DNS:%.64s -keyout %s/key -out %s/crt 2>/dev/null", name, tls->folder, tls->folder);
	if (system(command) != 0)
		skip();
	tls->key = file_text(tls->folder, "key");
	tls->certificate = file_text(tls->folder, "crt");
	snprintf(tls->ca_path, sizeof(tls->ca_path), "%s/ca", tls->folder);
	assert_non_null(ca = fopen(tls->ca_path, "w"));
	fputs(tls->certificate, ca);
	fclose(ca);
	receiver_stop();
	receiver_start(tls->key, tls->certificate);
}

static void tls_end(struct tls *tls)
{
	unlink(tls->ca_path);
	rmdir(tls->folder);
	free(tls->key);
	free(tls->certificate);
}

static void a_certificate_must_be_trusted(void **state)
{
	char url[128];
	struct tls tls;
	struct delivery_row r;

	(void)state;
	tls_begin(&tls, "localhost");
	snprintf(url, sizeof(url), "https://localhost:%d/ok/tls", receiver_port());
	here.options.retry_permille = 1000;
	here.options.total_timeout_ms = 5000;
	notify_put_url("tls", url);
	notify_fixture_start();
	r = notify_wait_for("tls", DELIVERY_RETRY);
	assert_true(notify_says(&r, "certificate"));
	assert_int_equal(receiver_count("/"), 0);
	deliver_stop(&here.notify, 1000);
	here.options.ca_file = tls.ca_path;
	here.options.retry_permille = 0;
	store_writer_stop(&here.base.writer);
	assert_int_equal(store_open(here.base.path, NULL, &here.base.store, &here.base.error), 0);
	notify_put_url("tls2", url);
	notify_fixture_start();
	notify_wait_for("tls2", DELIVERY_SENT);
	deliver_stop(&here.notify, 1000);
	tls_end(&tls);
}

static bool leads_to_loopback(const char *name)
{
	struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *list = NULL;
	bool loopback = getaddrinfo(name, "80", &hints, &list) == 0 &&
	                ((struct sockaddr_in *)(void *)list->ai_addr)->sin_addr.s_addr == htonl(INADDR_LOOPBACK);

	if (list != NULL)
		freeaddrinfo(list);
	return loopback;
}

static void load_gateway(struct channel_settings *channels, const char *name)
{
	char path[] = "/tmp/huqi-gateway-XXXXXX";
	int fd = mkstemp(path);

	*channels = channel_settings_none;
	assert_int_not_equal(fd, -1);
	dprintf(fd, "request: {url: \"https://%s:%d/robot/sms\", body: '{\"t\":\"{text}\"}'}\n"
	        "success: {pointer: /errcode, equals: \"0\"}\n", name, receiver_port());
	close(fd);
	assert_int_equal(sms_gateway_load(path, &channels->sms_gateway, &here.base.error), 0);
	unlink(path);
}

/*
 * SSRF: the operator's gateway may be private, and its connection stays open; a webhook at the same name is refused
 * although it would need no new one.
 */
static void a_kept_connection_opens_nothing(void **state)
{
	struct channel_settings channels;
	char name[128], url[256];
	struct delivery_row r;
	struct tls tls;

	(void)state;
	assert_int_equal(gethostname(name, sizeof(name) - 1), 0);
	if (strcmp(name, "localhost") == 0 || !leads_to_loopback(name))
		skip();
	tls_begin(&tls, name);
	load_gateway(&channels, name);
	here.options = (struct deliver_options){0};
	deliver_options_default(&here.options);
	here.options.ca_file = tls.ca_path;
	here.options.channels = &channels;
	notify_put_by("sms", "sms", "13800138000");
	snprintf(url, sizeof(url), "https://%s:%d/ok/inside", name, receiver_port());
	notify_put_url("inside", url);
	assert_int_equal(sql_execute(here.base.store, "UPDATE delivery SET due_ms = due_ms + 1000 WHERE id = 'inside'",
	                             &here.base.error), 0);
	notify_fixture_start();
	notify_wait_for("sms", DELIVERY_SENT);
	r = notify_wait_for("inside", DELIVERY_RETRY);
	assert_true(notify_says(&r, "private"));
	assert_int_equal(receiver_count("/ok/inside"), 0);
	deliver_stop(&here.notify, 1000);
	sms_gateway_free(&channels.sms_gateway);
	tls_end(&tls);
}

/* ---- crashes and stops ---- */

/*
 * The child dies as by kill -9 while an attempt is under way; the row is INFLIGHT then and goes out under its
 * id.
 */
static void a_crash_in_the_middle_loses_nothing(void **state)
{
	struct received got;
	char change[160];
	int status;
	pid_t child;

	(void)state;
	receiver_stop(); /* no threads over a fork */
	notify_put_hanging("msg_crash");
	store_close(&here.base.store);
	if ((child = fork()) == 0) {
		here.options.total_timeout_ms = 60000;
		if (store_open(here.base.path, NULL, &here.base.store, &here.base.error) == -1)
			_exit(1);
		here.base.writer = store_writer_start(here.base.store, 1);
		if (deliver_start(&here.options, here.base.writer, here.base.path, &here.notify, &here.base.error) == -1 ||
		    store_open_reader(here.base.path, NULL, &here.reader, &here.base.error) == -1)
			_exit(2);
		for (int i = 0; i < 5000; i++) {
			struct delivery_row r;
			if (store_delivery_get(here.reader, slice_of("msg_crash"), &here.base.arena, &r, &here.base.error) == 1 &&
			    r.state == DELIVERY_INFLIGHT)
				kill(getpid(), SIGKILL);
			usleep(2000);
		}
		_exit(3);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	receiver_start(NULL, NULL);
	assert_int_equal(store_open(here.base.path, NULL, &here.base.store, &here.base.error), 0);
	assert_int_equal(store_fixture_number(here.base.store,
	                                      "SELECT state FROM delivery WHERE id = 'msg_crash'"), DELIVERY_INFLIGHT);
	/*
	 * the receiver comes back; a test cannot have its port again, so the contact's address leads to the new
	 * one
	 */
	snprintf(change, sizeof(change), "UPDATE way SET address = seal_text('way.address', 'http://127.0.0.1:%d/ok/crash')",
	         receiver_port());
	assert_int_equal(sql_execute(here.base.store, change, &here.base.error), 0);
	notify_fixture_start();
	assert_int_equal(notify_wait_for("msg_crash", DELIVERY_SENT).attempts, 2);
	assert_true(receiver_get("/ok/crash", 0, &got));
	assert_string_equal(got.id, "msg_crash");
	assert_int_equal(receiver_count("/"), 1);
}

static void a_stop_cuts_off_what_hangs(void **state)
{
	int64_t began_ms;
	struct delivery_row r;

	(void)state;
	here.options.total_timeout_ms = 60000;
	notify_put_hanging("hang");
	notify_fixture_start();
	notify_wait_for("hang", DELIVERY_INFLIGHT);
	began_ms = clock_steady_ms();
	deliver_stop(&here.notify, 200);
	assert_in_range(clock_steady_ms() - began_ms, 150, 1500);
	r = notify_row_of("hang");
	assert_int_equal(r.state, DELIVERY_RETRY);
	assert_true(notify_says(&r, "ended during"));
}

static void a_stop_lets_a_slow_one_end(void **state)
{
	(void)state;
	here.options.total_timeout_ms = 300;
	notify_put_path("drip", "/drip/1");
	notify_fixture_start();
	for (int i = 0; i < 2000 && receiver_count("/drip/1") == 0; i++)
		usleep(2000);
	deliver_stop(&here.notify, 3000);
	assert_int_equal(notify_row_of("drip").state, DELIVERY_SENT);
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

/* A store that hangs (a full disk) does not hang the stop; the claim comes back to a thread that has gone. */
static void a_claim_may_outlive_the_thread(void **state)
{
	struct store_job blocker = {.run = block_store, .done = block_done, .urgent = true};
	struct delivery_row late;

	(void)state;
	notify_put_path("first", "/ok/1");
	notify_fixture_start();
	notify_wait_for("first", DELIVERY_SENT);
	late = notify_row_of("first");
	late.id = late.alert = slice_of("second");
	late.state = DELIVERY_PENDING;
	late.due_ms = clock_now_ms() + 500; /* by when the store hangs */
	assert_int_equal(store_run(here.base.writer, notify_put_late, &late, &here.base.error), 0);
	atomic_store(&store_blocked, true);
	store_submit(here.base.writer, &blocker);
	usleep(700000);
	deliver_stop(&here.notify, 50);
	atomic_store(&store_blocked, false);
	store_writer_stop(&here.base.writer);
	assert_in_range(notify_row_of("second").state, DELIVERY_PENDING, DELIVERY_INFLIGHT);
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
	notify_put_path("held", "/ok/held");
	notify_put_path("free", "/ok/free");
	assert_int_equal(sql_execute(here.base.store, "UPDATE delivery SET state = 6 WHERE id = 'held'",
	                             &here.base.error), 0);
	notify_fixture_start();
	notify_wait_for("free", DELIVERY_SENT);
	usleep(100000);
	assert_int_equal(receiver_count("/ok/held"), 0);
	assert_int_equal(notify_row_of("held").state, DELIVERY_HELD);
	assert_int_equal(store_run(here.base.writer, release, "held", &here.base.error), 0);
	deliver_wake(here.notify);
	notify_wait_for("held", DELIVERY_SENT);
}

static void wrong_options_are_refused(void **state)
{
	(void)state;
	store_fixture_start(&here.base, 5);
	here.options.connections_max = 0;
	assert_int_equal(deliver_start(&here.options, here.base.writer, here.base.path, &here.notify,
	                              &here.base.error), -1);
	assert_non_null(strstr(here.base.error.text, "connections_max"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, notify_fixture_setup, notify_fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_warning_arrives_signed),
		TEST(each_answer_has_its_consequence),
		TEST(a_rate_holds_from_the_first_meeting),
		TEST(a_robots_code_has_its_consequence),
		TEST(a_server_that_is_not_set_is_waited_for),
		TEST(who_does_not_answer_is_tried_later),
		TEST(what_cannot_be_sent_is_dead),
		TEST(a_name_that_leads_inside_is_refused),
		TEST(a_certificate_must_be_trusted),
		TEST(a_kept_connection_opens_nothing),
		TEST(a_crash_in_the_middle_loses_nothing),
		TEST(a_stop_cuts_off_what_hangs),
		TEST(a_stop_lets_a_slow_one_end),
		TEST(a_claim_may_outlive_the_thread),
		TEST(what_is_held_waits_for_its_release),
		TEST(wrong_options_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
