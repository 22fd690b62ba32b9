#include "notify_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/counters.h"
#include "deliver/outbox.h"
#include "notify_receiver.h"

enum { PATIENCE_MS = 20000 };

struct notify_fixture here;

int notify_fixture_setup(void **state)
{
	(void)state;
	counters_clear_for_test();
	store_fixture_open(&here.base);
	receiver_start(NULL, NULL);
	here.hang_fd = receiver_hang(&here.hang_port);
	deliver_options_default(&here.options);
	here.options.allow_private = true;
	here.options.retry_permille = 0;
	here.options.total_timeout_ms = 400;
	here.options.pause_ms = 10;
	return 0;
}

int notify_fixture_teardown(void **state)
{
	(void)state;
	deliver_stop(&here.notify, 2000);
	store_close(&here.reader);
	close(here.hang_fd);
	receiver_stop();
	store_fixture_close(&here.base);
	return 0;
}

static void put(const char *id, const char *channel, const char *address, const char *secret, const char *body)
{
	char uscc[48];
	struct delivery_row d = {.id = slice_of(id), .alert = slice_of(id), .revision = 1, .level = 3,
	                         .created_ms = clock_now_ms(), .due_ms = clock_now_ms(), .body = slice_of(body)};

	snprintf(uscc, sizeof(uscc), "%.*s", (int)strcspn(id, "#"), id);
	arena_reset(&here.base.arena);
	d.way = store_fixture_contact_by(here.base.store, channel, uscc, "x", address, secret, "");
	d.destination = store_fixture_way(&here.base, here.base.store, d.way).destination;
	assert_int_equal(store_delivery_put(here.base.store, &d, &here.base.error), 1);
}

void notify_put_url(const char *id, const char *url)
{
	put(id, "webhook", url, RECEIVER_SECRET, "{\"a\":\"警\"}");
}

void notify_put_by(const char *channel, const char *id, const char *address)
{
	char url[256];

	snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", receiver_port(), address);
	put(id, channel, address[0] == '/' ? url : address, "", "{\"subject\":\"警\",\"text\":\"先停付款\"}");
}

void notify_put_path(const char *id, const char *path)
{
	char url[256];

	snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", receiver_port(), path);
	notify_put_url(id, url);
}

void notify_put_hanging(const char *id)
{
	char url[256];

	snprintf(url, sizeof(url), "http://127.0.0.1:%d/%s", here.hang_port, id);
	notify_put_url(id, url);
}

void notify_fixture_start(void)
{
	if (here.base.writer == NULL)
		store_fixture_start(&here.base, 5);
	if (here.reader == NULL)
		assert_int_equal(store_open_reader(here.base.path, NULL, &here.reader, &here.base.error), 0);
	if (deliver_start(&here.options, here.base.writer, here.base.path, &here.notify, &here.base.error) == -1)
		fail_msg("%s", here.base.error.text);
}

struct delivery_row notify_row_of(const char *id)
{
	struct delivery_row r;

	arena_reset(&here.base.arena);
	assert_int_equal(store_delivery_get(here.reader, slice_of(id), &here.base.arena, &r, &here.base.error), 1);
	return r;
}

struct delivery_row notify_wait_for(const char *id, enum delivery_state state)
{
	int64_t until_ms = clock_steady_ms() + PATIENCE_MS;
	struct delivery_row r = notify_row_of(id);

	for (; r.state != state && clock_steady_ms() < until_ms; r = notify_row_of(id))
		usleep(2000);
	if (r.state != state)
		fail_msg("%s is %s, not %s: %.*s", id, delivery_state_names[r.state], delivery_state_names[state],
		         SLICE_PRINT(r.reason));
	return r;
}

void notify_wait_for_count(enum delivery_state state, int64_t count)
{
	int64_t until_ms = clock_steady_ms() + PATIENCE_MS;
	struct delivery_totals totals;

	do {
		usleep(2000);
		assert_int_equal(store_delivery_totals(here.reader, &totals, &here.base.error), 0);
	} while (totals.of_state[state] < count && clock_steady_ms() < until_ms);
	assert_int_equal(totals.of_state[state], count);
}

bool notify_says(const struct delivery_row *r, const char *word)
{
	return memmem(r->reason.at, r->reason.length, word, strlen(word)) != NULL;
}

int notify_put_late(struct store *store, void *arg, struct error *error)
{
	const struct delivery_row *row = arg;

	return store_delivery_put(store, row, error) == 1 ? 0 : -1;
}
