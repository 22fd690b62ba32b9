/*
 * The desk on a real store: the final alerts, whatever the order, batches and repetitions in which hits arrive.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "desk.h"

enum { HITS = 120, ARENA_BYTES = 64 << 20 };

#define HOUR_MS INT64_C(3600000)

struct made {
	char tx[16], account[4], evidence[64];
	struct hit hit;
};

static struct made made[HITS];

/* Hits of a few accounts and typologies over ten days, so that episodes touch, merge and end. */
static void make_hits(unsigned seed)
{
	static const char *const typologies[] = {"V01", "V04"};
	static const char *const patterns[] = {"one", "two", "three"};

	srand(seed);
	for (int i = 0; i < HITS; i++) {
		struct made *m = &made[i];
		snprintf(m->tx, sizeof(m->tx), "t%d", i);
		snprintf(m->account, sizeof(m->account), "%d", rand() % 3);
		snprintf(m->evidence, sizeof(m->evidence), "{\"tx\":\"t%d\"}", i);
		m->hit = (struct hit){
			.bank = slice_of("102100099996"),
			.account = slice_of(m->account),
			.account_name = slice_of("恒达机械"),
			.tx_id = slice_of(m->tx),
			.pattern = slice_of(patterns[rand() % 3]),
			.typology = slice_of(typologies[rand() % 2]),
			.version = 1,
			.audience = (uint8_t)(rand() % 2),
			.score = (uint8_t)(5 + rand() % 30),
			.booked_ms = rand() % (240 * HOUR_MS),
			.amount_cny_minor = 100 + rand() % 1000,
			.evidence = slice_of(m->evidence),
		};
		/* A pattern that waited for other accounts hits the same transaction later. */
		if (i > 0 && rand() % 3 == 0) {
			const struct hit *same = &made[i - 1].hit;
			m->hit.tx_id = same->tx_id;
			m->hit.account = same->account;
			m->hit.typology = same->typology;
			m->hit.audience = same->audience;
			m->hit.booked_ms = same->booked_ms;
			m->hit.amount_cny_minor = same->amount_cny_minor;
			m->hit.pattern = slice_of("late");
			m->hit.version = (uint32_t)i + 2;
		}
		hit_id(&m->hit);
	}
}

static void apply(struct desk *desk, struct store *store, struct work *work)
{
	struct error error;

	if (store_begin(store, &error) == -1 || desk_apply(desk, store, work, &error) == -1 ||
	    store_commit(store, &error) == -1)
		fail_msg("%s", error.text);
	work_reset(work);
}

/* All alerts as replay would print them. Owned by the caller. */
static char *alerts_of(struct store *store)
{
	struct alert_row *rows;
	struct arena arena;
	struct error error;
	size_t n, length = 0;
	char *text = calloc(1, 1 << 20);

	arena_init(&arena, ARENA_BYTES);
	assert_int_equal(
		store_alerts_by_opened(store, INT64_MIN, slice_of(""), 10000, &arena, &rows, &n, &error), 0);
	for (size_t i = 0; i < n; i++)
		length += (size_t)snprintf(text + length, (1 << 20) - length, "%.*s\n",
		                           SLICE_PRINT(rows[i].body));
	arena_deinit(&arena);
	return text;
}

static void shuffle(int *order)
{
	for (int i = HITS - 1; i > 0; i--) {
		int j = rand() % (i + 1), kept = order[i];
		order[i] = order[j];
		order[j] = kept;
	}
}

/* Gives the hits in an order, in random batches, some of them again. */
static char *run(const int *order, unsigned batch_max)
{
	struct judge_rules rules = judge_rules_default();
	struct desk desk;
	struct store *store;
	struct error error;
	struct work *work = work_new(NULL);
	char *alerts;

	assert_int_equal(store_open(":memory:", NULL, &store, &error), 0);
	desk_init(&desk, &rules, NULL, 0, false);
	apply(&desk, store, work); /* a batch without a hit, as most are */
	for (int i = 0; i < HITS; i++) {
		work_add_hit(work, &made[order[i]].hit);
		if (i > 0 && rand() % 8 == 0)
			work_add_hit(work, &made[order[rand() % i]].hit);
		if ((unsigned)rand() % batch_max == 0)
			apply(&desk, store, work);
	}
	apply(&desk, store, work);
	alerts = alerts_of(store);
	work_free(work);
	desk_deinit(&desk);
	store_close(&store);
	return alerts;
}

/* I2, I4: the final alerts are a function of the set of hits. */
static void any_order_and_batches_give_the_same_alerts(void **state)
{
	int order[HITS];

	(void)state;
	for (unsigned seed = 1; seed <= 20; seed++) {
		char *first;
		make_hits(seed);
		for (int i = 0; i < HITS; i++)
			order[i] = i;
		first = run(order, 1);
		assert_true(strlen(first) > 1000);
		for (int round = 0; round < 10; round++) {
			shuffle(order);
			char *again = run(order, 1 + (unsigned)round * 7);
			assert_string_equal(first, again);
			free(again);
		}
		free(first);
	}
}

/* I7: what analysts' patterns find never adds to an alert that an enterprise is told of. */
static void audiences_never_share_an_alert(void **state)
{
	struct judge_rules rules = judge_rules_default();
	struct work *work = work_new(NULL);
	struct desk desk;
	struct store *store;
	struct error error;
	struct hit hit;
	char *alerts;

	(void)state;
	make_hits(1);
	assert_int_equal(store_open(":memory:", NULL, &store, &error), 0);
	desk_init(&desk, &rules, NULL, 0, false);
	hit = made[0].hit;
	hit.audience = AUDIENCE_ENTERPRISE;
	hit.score = 25;
	work_add_hit(work, &hit);
	hit = made[1].hit;
	hit.account = made[0].hit.account;
	hit.typology = made[0].hit.typology;
	hit.booked_ms = made[0].hit.booked_ms;
	hit.audience = AUDIENCE_ANALYST;
	hit.score = 70;
	hit_id(&hit);
	work_add_hit(work, &hit);
	apply(&desk, store, work);
	alerts = alerts_of(store);
	assert_non_null(strstr(alerts, "\"level\":\"blue\",\"score\":25,\"typology\":\"V"));
	assert_non_null(strstr(alerts, "\"level\":\"orange\",\"score\":70"));
	assert_null(strstr(alerts, "\"score\":95"));
	free(alerts);
	work_free(work);
	desk_deinit(&desk);
	store_close(&store);
}

/* I3: a job that fails leaves neither hits nor offsets. */
static void a_batch_is_written_whole_or_not_at_all(void **state)
{
	struct judge_rules rules = judge_rules_default();
	struct work *work = work_new(NULL);
	struct desk desk;
	struct store *store;
	struct error error;
	int64_t next = -1;
	char *alerts;

	(void)state;
	make_hits(2);
	assert_int_equal(store_open(":memory:", NULL, &store, &error), 0);
	desk_init(&desk, &rules, NULL, 0, false);
	for (int i = 0; i < HITS; i++)
		work_add_hit(work, &made[i].hit);
	work_put_end(work, slice_of("bank.tx"), 3, 77);
	assert_int_equal(store_begin(store, &error), 0);
	assert_int_equal(desk_apply(&desk, store, work, &error), 0);
	store_rollback(store);
	alerts = alerts_of(store);
	assert_string_equal(alerts, "");
	free(alerts);
	assert_int_equal(store_offset_get(store, slice_of("bank.tx"), 3, &next, &error), 0);
	/* The same work again, as the store's thread does after a failed commit. */
	apply(&desk, store, work);
	assert_int_equal(store_offset_get(store, slice_of("bank.tx"), 3, &next, &error), 1);
	assert_int_equal(next, 77);
	alerts = alerts_of(store);
	assert_true(strlen(alerts) > 1000);
	free(alerts);
	work_free(work);
	desk_deinit(&desk);
	store_close(&store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_order_and_batches_give_the_same_alerts),
		cmocka_unit_test(audiences_never_share_an_alert),
		cmocka_unit_test(a_batch_is_written_whole_or_not_at_all),
	};
	return cmocka_run_group_tests_name("desk", tests, NULL, NULL);
}
