/*
 * Links and money paths, saved and read again: what comes after gives the same hits.
 */
#include <unistd.h>

#include "link/snapshot.h"
#include "tests/unit/link_fixture.h"

enum { EVENTS = 120 };

/* What is saved: each asks its rule another question. */
enum what { BY_KEY, BY_ACCOUNT, CYCLES, RINGS, WHATS };

static struct link_rule rule_of(enum what what)
{
	struct link_rule rule = what <= BY_ACCOUNT ? link_rule_of(LINK_KEY, LINK_CYCLE, 3)
	                                           : link_rule_of(LINK_PATH, what == RINGS ? LINK_RING : LINK_CYCLE, 1);

	if (what == BY_ACCOUNT)
		rule.distinct = LINK_PARTIES;
	return rule;
}

/* Of a key that few share; of an account of its own, and whom it deals with; a payment from one to another. */
static void make(struct link_case *c, uint64_t seed, enum what what)
{
	c->rule = rule_of(what);
	c->count = EVENTS;
	for (size_t i = 0; i < EVENTS; i++) {
		c->events[i] = (struct reference_link_event){
			.booked_ms = LINK_T0 + link_random(&seed, 3000) * LINK_MINUTE,
			.amount_minor = 900 + link_random(&seed, 200),
			.key = link_random(&seed, 3), .who = link_random(&seed, 9), .from = link_random(&seed, 9),
			.to = 9 + link_random(&seed, 9), .credit = i % 2 == 0,
		};
		c->events[i].to %= 10; /* 9 or one of the payers */
		if (c->events[i].to == c->events[i].from)
			c->events[i].to = 9;
		if (what == BY_ACCOUNT)
			c->events[i].key = 100 + link_random(&seed, 12);
		snprintf(c->accounts[i], sizeof(c->accounts[i]), "a%zu",
		         what == BY_ACCOUNT ? (size_t)c->events[i].key : i);
		/* Some ids are longer than an edge holds. */
		snprintf(c->ids[i], sizeof(c->ids[i]), "t%zu", i);
	}
}

static void folder_make(char folder[64], char path[96])
{
	snprintf(folder, 64, "/tmp/huqi-link-XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(path, 96, "%s/links", folder);
}

/*
 * Half of the events, then saved and read into another, then the rest: as though nothing had happened. Returns how
 * many hits came of the first half by what came after it.
 */
static size_t goes_on_as_it_was(struct link_case *c, const char *path)
{
	size_t late = 0;

	struct link *link = link_new(0), *other = link_new(0);
	bool hits[LINK_EVENTS], before[LINK_EVENTS];
	uint64_t groups[LINK_EVENTS];
	struct error error = {""};

	link_forget_reports(c);
	for (size_t i = 0; i < EVENTS; i++) {
		if (i == EVENTS / 2 && link_save(link, path, &error) == -1)
			fail_msg("%s", error.text);
		if (i == EVENTS / 2)
			memcpy(before, c->hit, sizeof(before));
		link_put_one(c, link, i);
	}
	memcpy(hits, c->hit, sizeof(hits));
	memcpy(groups, c->group, sizeof(groups));
	if (link_load(other, path, &error) == -1)
		fail_msg("%s", error.text);
	assert_true(link_bytes(other) > 0);
	link_forget_reports(c);
	for (size_t i = EVENTS / 2; i < EVENTS; i++)
		link_put_one(c, other, i);
	for (size_t i = 0; i < EVENTS; i++) {
		assert_int_equal(hits[i], before[i] || c->hit[i]);
		assert_true(c->group[i] == 0 || c->group[i] == groups[i]);
		late += i < EVENTS / 2 && c->hit[i] && !before[i];
	}
	link_free(&link);
	link_free(&other);
	return late;
}

/* I4 */
static void a_snapshot_is_read_as_it_was(void **state)
{
	static struct link_case c;
	char folder[64], path[96];

	(void)state;
	folder_make(folder, path);
	for (int what = 0; what < WHATS; what++) {
		size_t late = 0;
		for (uint64_t seed = 1; seed <= 10; seed++) {
			make(&c, seed, (enum what)what);
			late += goes_on_as_it_was(&c, path);
		}
		assert_true(late > 0); /* what was saved was asked for */
	}
	unlink(path);
	assert_int_equal(rmdir(folder), 0);
}

static char *read_all(const char *path, size_t *length_r)
{
	FILE *file = fopen(path, "rb");
	char *bytes = malloc(1 << 20);

	assert_non_null(file);
	*length_r = fread(bytes, 1, 1 << 20, file);
	fclose(file);
	return bytes;
}

/* Every byte matters: a file that differs in one, or ends early, is refused and leaves nothing behind. */
static void a_damaged_file_is_refused(void **state)
{
	static struct link_case c;
	struct link *link = link_new(0);
	char folder[64], path[96], *bytes;
	struct error error = {""};
	size_t length;

	(void)state;
	folder_make(folder, path);
	make(&c, 3, RINGS);
	for (size_t i = 0; i < 20; i++)
		link_put_one(&c, link, i);
	assert_int_equal(link_save(link, path, &error), 0);
	bytes = read_all(path, &length);
	for (size_t i = 0; i < length; i++) {
		if (i >= 9 && i < 16)
			continue; /* the head's filling */
		bytes[i] ^= 0x40;
		assert_int_equal(link_load_bytes(link, bytes, length, &error), -1);
		assert_int_equal(link_bytes(link), 0);
		bytes[i] ^= 0x40;
	}
	for (size_t i = 0; i < length; i += 7)
		assert_int_equal(link_load_bytes(link, bytes, i, &error), -1);
	assert_int_equal(link_load_bytes(link, bytes, length, &error), 0);
	assert_true(link_bytes(link) > 0);
	assert_int_equal(link_load(link, "/nonexistent/links", &error), -1);
	assert_non_null(strstr(error.text, "/nonexistent/links: cannot be read"));
	assert_int_equal(link_bytes(link), 0);
	assert_int_equal(link_save(link, "/nonexistent/links", &error), -1);
	free(bytes);
	link_free(&link);
	unlink(path);
	assert_int_equal(rmdir(folder), 0);
}

/* What is put while a snapshot is written is not in it; a second one waits for the first. */
static void events_go_on_while_it_is_written(void **state)
{
	static struct link_case c;
	struct link *link = link_new(0), *other = link_new(0);
	char folder[64], path[96];
	struct error error = {""};
	size_t bytes;

	(void)state;
	folder_make(folder, path);
	make(&c, 4, BY_ACCOUNT);
	for (size_t i = 0; i < 50; i++)
		link_put_one(&c, link, i);
	bytes = link_bytes(link);
	assert_int_equal(link_save_begin(link, path, &error), 0);
	assert_int_equal(link_save_begin(link, path, &error), -1);
	assert_non_null(strstr(error.text, "still being written"));
	for (size_t i = 50; i < EVENTS; i++)
		link_put_one(&c, link, i);
	assert_int_equal(link_save_wait(link, &error), 0);
	assert_false(link_save_busy(link));
	assert_int_equal(link_load(other, path, &error), 0);
	assert_int_equal(link_bytes(other), bytes);
	link_free(&link);
	link_free(&other);
	unlink(path);
	assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_snapshot_is_read_as_it_was),
		cmocka_unit_test(a_damaged_file_is_refused),
		cmocka_unit_test(events_go_on_while_it_is_written),
	};
	return cmocka_run_group_tests_name("link_snapshot", tests, NULL, NULL);
}
