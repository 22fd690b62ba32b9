/* Pages of alerts and dead letters against a plain reference that filters and sorts all rows, and
 * statistics. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/instant.h"
#include "store/store_sql.h"
#include "store_fixture.h"

enum { ROWS = 400 };

struct sample {
	char id[24];
	struct alert_row row;
};

static struct sample samples[ROWS];
static uint32_t random_state;

static uint32_t random_below(uint32_t n)
{
	random_state = random_state * 1664525 + 1013904223;
	return (random_state >> 8) % n;
}

static const char *const accounts[] = {"6222020200001234567", "6222020200007654321", "1"};
static const char *const enterprises[] = {"", "91350100M000100Y43", "91110000101623741K"};
static const char *const banks[] = {"102100099996", "308584000013"};
static const char *const typologies[] = {"V01", "V02", "M03"};
static const char *const places[] = {"411000", "411002", "411082", "410100", "110000"};

/* Many alerts share their time, so that the id decides. */
static void sample_make(int i)
{
	struct sample *s = &samples[i];

	snprintf(s->id, sizeof(s->id), "%08x%04d", random_below(1u << 24), i);
	s->row = store_fixture_alert(s->id, 1000 * (1 + (int64_t)random_below(60)));
	s->row.level = (uint8_t)(1 + random_below(4));
	s->row.score = (uint8_t)random_below(101);
	s->row.audience = (uint8_t)random_below(2);
	s->row.account = slice_of(accounts[random_below(3)]);
	s->row.bank = slice_of(banks[random_below(2)]);
	s->row.enterprise = slice_of(enterprises[random_below(3)]);
	s->row.typology = slice_of(typologies[random_below(3)]);
	s->row.jurisdiction = slice_of(places[random_below(5)]);
}

static int setup(void **state)
{
	static struct store_fixture f;

	store_fixture_open(&f);
	random_state = 7;
	for (int i = 0; i < ROWS; i++) {
		sample_make(i);
		assert_int_equal(store_alert_put(f.store, &samples[i].row, &f.error), 0);
	}
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	store_fixture_close(*state);
	return 0;
}

static bool asked(struct slice wanted, struct slice got)
{
	return wanted.length == 0 || slice_equal(wanted, got);
}

static bool below(struct slice division, struct slice code)
{
	uint32_t significant = division.length;

	while (significant >= 2 && memcmp(division.at + significant - 2, "00", 2) == 0)
		significant -= 2;
	return division.length == 0 || memcmp(division.at, code.at, significant) == 0;
}

static bool matches(const struct alert_filter *f, const struct alert_row *r)
{
	return (f->levels == 0 || f->levels >> r->level & 1) && (f->audience < 0 || f->audience == r->audience) &&
		r->score >= f->score_min && asked(f->typology, r->typology) && asked(f->bank, r->bank) &&
		asked(f->account, r->account) && asked(f->enterprise, r->enterprise) &&
		below(f->jurisdiction, r->jurisdiction) && r->raised_ms >= f->since_ms &&
		(f->until_ms == 0 || r->raised_ms < f->until_ms);
}

static int newest_first(const void *a, const void *b)
{
	const struct alert_row *x = &((const struct sample *)a)->row, *y = &((const struct sample *)b)->row;

	if (x->raised_ms != y->raised_ms)
		return x->raised_ms < y->raised_ms ? 1 : -1;
	return -slice_compare(x->id, y->id);
}

/* Walks all pages of a filter and compares with the reference. */
static size_t walk(struct store_fixture *f, const struct alert_filter *filter, int limit)
{
	struct alert_place place, *after = NULL;
	struct alert_row *rows;
	size_t count, at = 0, seen = 0;
	bool more = true;

	while (more) {
		assert_int_equal(store_alert_page(f->store, filter, after, limit, 1 << 20, &f->arena, &rows, &count,
			&more, &f->error), 0);
		assert_true(count <= (size_t)limit);
		for (size_t i = 0; i < count; i++, at++, seen++) {
			while (at < ROWS && !matches(filter, &samples[at].row))
				at++;
			assert_true(at < ROWS);
			assert_string_equal(rows[i].id.at, samples[at].id);
		}
		if (count > 0) {
			place = (struct alert_place){rows[count - 1].raised_ms, rows[count - 1].id};
			after = &place;
		}
	}
	for (; at < ROWS; at++)
		assert_false(matches(filter, &samples[at].row));
	return seen;
}

static struct slice maybe(const char *const *of, uint32_t count)
{
	return random_below(2) ? (struct slice){0} : slice_of(of[random_below(count)]);
}

static void pages_agree_with_the_reference(void **state)
{
	static const int limits[] = {1, 7, 50, 200, 1000};
	struct store_fixture *f = *state;
	size_t seen = 0;

	qsort(samples, ROWS, sizeof(samples[0]), newest_first);
	for (int i = 0; i < ROWS; i++)
		samples[i].row.id = slice_of(samples[i].id);
	assert_int_equal(walk(f, &(struct alert_filter){.audience = -1}, 33), ROWS);
	for (int i = 0; i < 300; i++) {
		struct alert_filter filter = {
			.levels = random_below(2) ? 0 : random_below(16) << 1,
			.audience = (int)random_below(3) - 1,
			.score_min = (int)random_below(2) * (int)random_below(100),
			.typology = maybe(typologies, 3), .bank = maybe(banks, 2), .account = maybe(accounts, 3),
			.enterprise = maybe(enterprises, 3), .jurisdiction = maybe(places, 5),
			.since_ms = random_below(2) * random_below(60000), .until_ms = random_below(2) * random_below(60000),
		};
		arena_reset(&f->arena);
		seen += walk(f, &filter, limits[random_below(5)]);
	}
	assert_true(seen > 1000);
}

/* An alert that comes or goes between two pages makes no other be skipped or seen twice. */
static void changes_between_pages_move_nothing(void **state)
{
	struct store_fixture *f = *state;
	struct alert_filter filter = {.audience = -1};
	struct alert_place place, *after = NULL;
	struct alert_row *rows, fresh;
	char seen[ROWS] = {0}, id[24];
	size_t count;
	bool more = true;

	for (int page = 0; more; page++) {
		arena_reset(&f->arena);
		if (after != NULL)
			place.id = slice_of(id);
		assert_int_equal(store_alert_page(f->store, &filter, after, 9, 1 << 20, &f->arena, &rows, &count, &more,
			&f->error), 0);
		for (size_t i = 0; i < count; i++) {
			int number = atoi(rows[i].id.at + 8);
			if (rows[i].id.at[0] == 'n')
				continue;
			assert_int_equal(seen[number]++, 0);
		}
		place = (struct alert_place){rows[count - 1].raised_ms, {0}};
		snprintf(id, sizeof(id), "%s", rows[count - 1].id.at);
		after = &place;
		fresh = store_fixture_alert(page % 2 ? "newer" : "n-older", page % 2 ? 70000 + page : 1);
		assert_int_equal(store_alert_put(f->store, &fresh, &f->error), 0);
	}
	for (int i = 0; i < ROWS; i++)
		assert_int_equal(seen[i], 1);
}

/* I8: bodies bound a page besides the number of rows; one row always comes. */
static void large_bodies_end_a_page_early(void **state)
{
	struct store_fixture *f = *state;
	struct alert_filter filter = {.audience = -1};
	struct alert_row *rows;
	size_t count;
	bool more;

	assert_int_equal(store_alert_page(f->store, &filter, NULL, 50, 25, &f->arena, &rows, &count, &more, &f->error), 0);
	assert_int_equal(count, 3); /* of 10 bytes each */
	assert_true(more);
	assert_int_equal(store_alert_page(f->store, &filter, NULL, 50, 0, &f->arena, &rows, &count, &more, &f->error), 0);
	assert_int_equal(count, 1);
}

static void dead_letters_page_newest_first(void **state)
{
	struct store_fixture *f = *state;
	struct dead_row *rows;
	size_t count, seen = 0;
	int64_t before = 0;
	bool more = true;

	for (int i = 0; i < 25; i++) {
		struct dead_row row = store_fixture_dead(i);
		row.topic = slice_of(i % 5 == 0 ? "other" : "bank.tx");
		row.field = slice_of(i % 2 ? "amount" : "bank");
		assert_int_equal(store_dead_put(f->store, &row, &f->error), 1);
	}
	while (more) {
		assert_int_equal(store_dead_page(f->store, slice_of("bank.tx"), (struct slice){0}, before, 7, &f->arena,
			&rows, &count, &more, &f->error), 0);
		for (size_t i = 0; i < count; i++, seen++) {
			assert_true(before == 0 || rows[i].id < before);
			assert_true(slice_is(rows[i].topic, "bank.tx"));
			assert_null(rows[i].payload.at);
			before = rows[i].id;
		}
	}
	assert_int_equal(seen, 20);
	assert_int_equal(store_dead_page(f->store, (struct slice){0}, slice_of("bank"), 0, 100, &f->arena, &rows, &count,
		&more, &f->error), 0);
	assert_int_equal(count, 13);
	assert_false(more);
}

static void statistics_count_everything(void **state)
{
	struct store_fixture *f = *state;
	struct store_stats stats;
	struct hit hit = store_fixture_hit();
	struct dead_row dead = store_fixture_dead(1);
	int64_t sum = 0;

	store_hit_put(f->store, &hit, &f->error);
	store_dead_put(f->store, &dead, &f->error);
	store_offset_put(f->store, slice_of("bank.tx"), 3, 77, &f->error);
	sql_execute(f->store, "INSERT INTO delivery(id, alert, revision, level, way, destination, state, created_ms,"
		" due_ms, body) VALUES('d', 'a', 1, 4, 1, 1, 3, 0, 0, '{}'), ('e', 'a', 1, 4, 1, 1, 3, 0, 0, '{}'),"
		" ('f', 'a', 1, 4, 1, 1, 6, 0, 0, '{}')", &f->error);
	assert_int_equal(store_stats_get(f->store, 0, 0, &f->arena, &stats, &f->error), 0);
	assert_int_equal(stats.by_level.count, 4);
	for (size_t i = 0; i < stats.by_level.count; i++)
		sum += stats.by_level.items[i].count;
	assert_int_equal(sum, ROWS);
	assert_int_equal(stats.by_typology.count, 3);
	assert_true(slice_is(stats.by_typology.items[0].name, "M03"));
	assert_int_equal(stats.by_day.count, 1);
	assert_int_equal(stats.by_day.items[0].count, ROWS);
	assert_int_equal(stats.hits, 1);
	assert_true(stats.dead.count == 1 && slice_is(stats.dead.items[0].detail, "amount"));
	assert_true(stats.offsets.count == 1 && stats.offsets.items[0].count == 77);
	assert_int_equal(stats.deliveries[3], 2);
	assert_int_equal(stats.deliveries[6], 1);
}

/* A day is a day in China: 16:00 UTC begins the next. */
static void days_are_chinese(void **state)
{
	struct store_fixture *f = *state;
	struct store_stats stats;
	struct alert_row row;
	int64_t day_ms = 20000 * INSTANT_DAY_MS;

	row = store_fixture_alert("evening", day_ms + 16 * INSTANT_HOUR_MS - 1);
	store_alert_put(f->store, &row, &f->error);
	row = store_fixture_alert("midnight", day_ms + 16 * INSTANT_HOUR_MS);
	store_alert_put(f->store, &row, &f->error);
	assert_int_equal(store_stats_get(f->store, day_ms, 0, &f->arena, &stats, &f->error), 0);
	assert_int_equal(stats.by_day.count, 2);
	assert_int_equal(stats.by_day.items[0].number, 20000);
	assert_int_equal(stats.by_day.items[1].number, 20001);
	assert_int_equal(store_stats_get(f->store, day_ms, day_ms + 16 * INSTANT_HOUR_MS, &f->arena, &stats, &f->error), 0);
	assert_int_equal(stats.by_day.count, 1);
}

/* A hit counts once, an alert once for each pattern that it has, and versions apart. */
static void patterns_are_counted(void **state)
{
	struct store_fixture *f = *state;
	struct pattern_count *rows;
	struct alert_row alert = store_fixture_alert("one", 3000);
	size_t n;

	for (int i = 0; i < 5; i++) {
		struct hit hit = store_fixture_hit();
		hit.account = slice_of("counted");
		hit.pattern = slice_of(i < 3 ? "a" : "b");
		hit.version = i < 4 ? 1 : 2;
		hit.tx_id = slice_of(i % 2 ? "t1" : i == 0 ? "t0" : "t2");
		hit.booked_ms = 1000 * (i + 1);
		hit_id(&hit);
		assert_int_equal(store_hit_put(f->store, &hit, &f->error), 1);
	}
	alert.bank = store_fixture_hit().bank;
	alert.account = slice_of("counted");
	alert.typology = store_fixture_hit().typology;
	alert.audience = store_fixture_hit().audience;
	alert.opened_ms = 2000;
	alert.updated_ms = 4000;
	assert_int_equal(store_alert_put(f->store, &alert, &f->error), 0);
	assert_int_equal(store_pattern_counts(f->store, &f->arena, &rows, &n, &f->error), 0);
	assert_int_equal(n, 3);
	assert_true(slice_is(rows[0].pattern, "a") && rows[0].version == 1 && rows[0].hits == 3 && rows[0].alerts == 1);
	assert_true(slice_is(rows[1].pattern, "b") && rows[1].version == 1 && rows[1].hits == 1 && rows[1].alerts == 1);
	assert_true(slice_is(rows[2].pattern, "b") && rows[2].version == 2 && rows[2].hits == 1 && rows[2].alerts == 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(pages_agree_with_the_reference),
		TEST(changes_between_pages_move_nothing),
		TEST(large_bodies_end_a_page_early),
		TEST(dead_letters_page_newest_first),
		TEST(statistics_count_everything),
		TEST(days_are_chinese),
		TEST(patterns_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
