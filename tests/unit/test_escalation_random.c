/*
 * Routing against the plain reference in tests/reference/routing.c: random people, centres, alerts and answers; both
 * must tell the same story, line by line. And whatever happens, nothing for analysts reaches an enterprise (I7).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/hit.h"
#include "base/instant.h"
#include "tests/reference/routing.h"
#include "story.h"

enum { STORIES = 1500, EVENTS_MAX = 60, ENTERPRISE_MAX = 6, DUTY_MAX = 3, ACCOUNTS = 3 };

static const char *const names[] = {"p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9", "p10", "p11", "p12"};
static const char *const accounts[ACCOUNTS] = {"unknown", "1", "2"};
static const char *const owners[] = {STORY_USCC, STORY_COUNTY, STORY_CITY};

static int below(int n)
{
	return rand() % n;
}

static void add_person(struct story *s, struct plain *p, enum plain_place of, int enterprise_count)
{
	static char quiet[PLAIN_PEOPLE][16], days[PLAIN_PEOPLE][2][INSTANT_TEXT_BYTES];
	int i = p->person_count++;
	struct plain_person *who = &p->people[i];
	struct contact_row row = {.name = slice_of(names[i]), .rank = i + 1, .owner = slice_of(owners[of])};
	struct story_person *told;

	*who = (struct plain_person){.name = names[i], .of = of, .quiet_from = -1, .absent_from = -1, .stand_in = -1};
	who->role = of == PLAIN_ENTERPRISE ? routing_roles[below(ROUTING_ROLES)] : "duty";
	who->ways = 1 + below(3);
	who->dead = below(3) == 0 ? (unsigned)below(8) : 0;
	if (below(3) == 0) {
		who->quiet_from = below(24 * 60);
		who->quiet_to = (who->quiet_from + 30 + below(12 * 60)) % (24 * 60);
		snprintf(quiet[i], sizeof(quiet[i]), "%02d:%02d-%02d:%02d", who->quiet_from / 60 % 24, who->quiet_from % 60,
		         who->quiet_to / 60 % 24, who->quiet_to % 60);
		row.quiet = slice_of(quiet[i]);
	}
	if (below(3) == 0) {
		int32_t today = instant_china_day(s->now_ms);
		who->absent_from = today - 1 + below(3);
		who->absent_to = who->absent_from + below(3);
		instant_format_date(who->absent_from, days[i][0]);
		instant_format_date(who->absent_to, days[i][1]);
		row.absent_from = slice_of(days[i][0]);
		row.absent_to = slice_of(days[i][1]);
	}
	if (below(2) == 0) {
		who->stand_in = of == PLAIN_ENTERPRISE ? below(enterprise_count) : enterprise_count + below(DUTY_MAX);
		row.stand_in = slice_of(names[who->stand_in]);
	}
	row.role = slice_of(who->role);
	told = story_person(s, row, (size_t)who->ways);
	told->dead = who->dead;
}

static void make_people(struct story *s, struct plain *p)
{
	int count = below(ENTERPRISE_MAX + 1), duty = below(DUTY_MAX + 1);

	for (int i = 0; i < count; i++)
		add_person(s, p, PLAIN_ENTERPRISE, count);
	for (int i = 0; i < duty; i++)
		add_person(s, p, below(2) == 0 ? PLAIN_COUNTY : PLAIN_CITY, count);
	/* Whoever stands in must be of the same owner, and be there at all. */
	for (int i = 0; i < p->person_count; i++)
		if (p->people[i].stand_in >= p->person_count ||
		    (p->people[i].stand_in >= 0 && p->people[p->people[i].stand_in].of != p->people[i].of))
			p->people[i].stand_in = -1;
}

/* Rules as shipped, or with other times and numbers. */
static void make_rules(struct routing *r)
{
	*r = *routing_shipped();
	if (below(2) == 0)
		return;
	r->digest_after = 1 + below(4);
	r->digest_window_ms = (1 + below(60)) * INSTANT_MINUTE_MS;
	r->hold_ms = (1 + below(30)) * INSTANT_MINUTE_MS;
	for (int level = 2; level <= 4; level++) {
		r->levels[level].quiet_kept = below(2) == 0;
		for (size_t i = 0; i + 1 < r->levels[level].step_count; i++) {
			struct routing_step *step = &r->levels[level].steps[i];
			step->within_ms = (1 + below(200)) * INSTANT_MINUTE_MS;
			step->first = below(2) == 0;
		}
	}
}

static void one_event(struct story *s, struct plain *p, int level_of[PLAIN_ALERTS], int account_of[PLAIN_ALERTS])
{
	int what = below(12), alert = below(below(2) == 0 ? 4 : PLAIN_ALERTS), account = 1 + below(ACCOUNTS - 1);
	char id[8];

	snprintf(id, sizeof(id), "A%02d", alert);
	if (what < 6) {
		int level = level_of[alert] + below(3);
		level = level < 1 ? 1 : level > 4 ? 4 : level;
		if (level_of[alert] == 0)
			account_of[alert] = below(10) == 0 ? 0 : account;
		level_of[alert] = level;
		story_alert(s, id, accounts[account_of[alert]], AUDIENCE_ENTERPRISE, (uint8_t)level, NULL);
		plain_alert(p, alert, account_of[alert], level);
	} else if (what < 8 && p->person_count > 0) {
		int who = below(p->person_count);
		assert_int_equal(story_answer(s, names[who]), plain_answer(p, who));
	} else if (what == 8 && below(6) == 0) {
		story_alert(s, account == 1 ? "M1" : "M2", accounts[account], AUDIENCE_ANALYST, 3, NULL);
		plain_watch(p, account);
	} else if (what == 9) {
		story_release(s, id);
		plain_release(p, alert);
	} else if (what == 10) {
		enum plain_place place = below(2) == 0 ? PLAIN_COUNTY : PLAIN_CITY;
		assert_int_equal(story_take(s, owners[place]), plain_take(p, place));
	}
}

static void check_no_tip_off(struct story *s)
{
	assert_int_equal(store_fixture_number(
		s->f.store, "SELECT count(*) FROM delivery d JOIN way w ON w.id = d.way JOIN contact c ON c.id = w.contact "
			    "LEFT JOIN alert a ON a.id = d.alert WHERE length(c.owner) = 18 AND (d.kind NOT IN (0, 5) OR "
			    "a.audience = 1 OR instr(d.body, 'M01') > 0 OR instr(d.body, 'ANALYST') > 0)"), 0);
	assert_int_equal(store_fixture_number(
		s->f.store, "SELECT count(*) FROM delivery d JOIN way w ON w.id = d.way JOIN contact c ON c.id = w.contact "
			    "WHERE (d.kind = 4) <> (length(c.owner) = 6 AND c.role = 'duty')"), 0);
}

/* I8: nothing is left behind: each gathered row names a digest or waits for one that has its timer. */
static void check_nothing_lost(struct story *s)
{
	assert_int_equal(store_fixture_number(
		s->f.store, "SELECT count(*) FROM delivery d JOIN way w ON w.id = d.way WHERE d.state = 7 AND d.subject = '' AND "
			    "NOT EXISTS (SELECT 1 FROM timer t WHERE t.kind = 'digest' AND t.subject = '' || w.contact AND "
			    "t.due_ms <= d.due_ms)"), 0);
	assert_int_equal(store_fixture_number(
		s->f.store, "SELECT count(*) FROM escalation e WHERE e.state = 0 AND e.due_ms > 0 AND NOT EXISTS "
			    "(SELECT 1 FROM timer t WHERE t.kind = 'escalation' AND t.subject = e.alert AND t.due_ms = e.due_ms)"), 0);
	assert_int_equal(store_fixture_number(
		s->f.store, "SELECT count(*) FROM escalation e WHERE e.state = 0 AND e.due_ms = 0 AND NOT EXISTS "
			    "(SELECT 1 FROM delivery d WHERE d.alert = e.alert AND d.state = 6)"), 0);
}

static void a_story(struct story *s, struct plain *p, unsigned seed)
{
	int level_of[PLAIN_ALERTS] = {0}, account_of[PLAIN_ALERTS] = {0}, events = 1 + below(EVENTS_MAX);
	bool storm = below(2) == 0;

	memset(p, 0, sizeof(*p));
	story_again(s);
	story_account(s, "2", STORY_USCC);
	make_rules(&s->catalogue.routing);
	p->rules = &s->catalogue.routing;
	p->now_ms = s->now_ms;
	s->crash_percent = seed % 4 == 0 ? 30 : 0;
	make_people(s, p);
	if (below(2) == 0) { /* in the night, when the yellow ones wait for the morning */
		story_until(s, s->now_ms + 12 * INSTANT_HOUR_MS);
		plain_until(p, p->now_ms + 12 * INSTANT_HOUR_MS);
	}
	for (int i = 0; i < events; i++) {
		int64_t step_ms = below(storm ? 20 : 3) == 0 ? below(6 * 3600) * INSTANT_SECOND_MS : below(300) * INSTANT_SECOND_MS;
		one_event(s, p, level_of, account_of);
		story_until(s, s->now_ms + step_ms);
		plain_until(p, p->now_ms + step_ms);
		check_nothing_lost(s);
	}
	story_until(s, s->now_ms + 3 * INSTANT_DAY_MS);
	plain_until(p, p->now_ms + 3 * INSTANT_DAY_MS);
	check_no_tip_off(s);
	check_nothing_lost(s);
	if (strcmp(s->text, p->text) != 0) {
		size_t at = 0;
		while (s->text[at] == p->text[at])
			at++;
		while (at > 0 && s->text[at - 1] != '\n')
			at--;
		fail_msg("seed %u, from here:\nengine\n%.600s\nreference\n%.600s", seed, s->text + at, p->text + at);
	}
}

static void stories_agree_with_the_reference(void **state)
{
	static struct plain p;
	struct story s;
	size_t lines = 0;

	(void)state;
	story_open(&s);
	for (unsigned seed = 1; seed <= STORIES; seed++) {
		srand(seed);
		a_story(&s, &p, seed);
		for (size_t i = 0; i < s.length; i++)
			lines += s.text[i] == '\n';
	}
	assert_true(lines > 20 * STORIES); /* they are about something */
	story_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stories_agree_with_the_reference),
	};

	return cmocka_run_group_tests_name("escalation against the reference", tests, NULL, NULL);
}
