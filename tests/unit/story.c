#include "story.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/hit.h"
#include "base/instant.h"
#include "deliver/outbox.h"
#include "store/store_sql.h"
#include "timers.h"

enum { TEXT_BYTES_MAX = 1 << 20, NAME_BYTES = 64, ATTEMPTS_AT_ONCE = 10000 };

static const char *const level_words[] = {"none", "blue", "yellow", "orange", "red"};

static void check(struct story *s, int result)
{
	if (result == -1)
		fail_msg("%s", s->f.error.text);
}

/* ---- begin, end ---- */

static void put_places(struct story *s)
{
	struct jurisdiction_row province = {slice_of(STORY_PROVINCE), slice_of(""), slice_of("福建省"), slice_of("Fujian"),
	                                    slice_of("")};
	struct jurisdiction_row city = {slice_of(STORY_CITY), slice_of(STORY_PROVINCE), slice_of("福州市"),
	                                slice_of("Fuzhou"), slice_of("3910")};
	struct jurisdiction_row county = {slice_of(STORY_COUNTY), slice_of(STORY_CITY), slice_of("鼓楼区"),
	                                  slice_of("Gulou"), slice_of("")};
	struct enterprise_row e = {.uscc = slice_of(STORY_USCC), .name = slice_of("福州示例商贸有限公司"),
	                           .industry = slice_of(""), .scope = slice_of(""), .address = slice_of(""),
	                           .registered_on = slice_of(""), .legal_representative = slice_of(""),
	                           .jurisdiction = slice_of(STORY_COUNTY)};

	check(s, store_jurisdiction_put(s->f.store, &province, &s->f.error));
	check(s, store_jurisdiction_put(s->f.store, &city, &s->f.error));
	check(s, store_jurisdiction_put(s->f.store, &county, &s->f.error));
	check(s, store_enterprise_put(s->f.store, &e, &s->f.error));
	story_account(s, "1", STORY_USCC);
}

static void begin(struct story *s)
{
	s->people_count = 0;
	s->calls_seen = s->audits_seen = 0;
	s->length = 0;
	s->text[0] = '\0';
	s->now_ms = story_time("2026-03-02 10:00");
	s->sum = (struct notify_put){0};
	check(s, store_begin(s->f.store, &s->f.error)); /* one transaction: nothing waits for a disk */
	put_places(s);
}

void story_open(struct story *s)
{
	*s = (struct story){.text = malloc(TEXT_BYTES_MAX)};
	s->catalogue.routing = *routing_shipped();
	store_fixture_open(&s->f);
	begin(s);
}

void story_again(struct story *s)
{
	store_rollback(s->f.store);
	begin(s);
}

void story_close(struct story *s)
{
	store_rollback(s->f.store);
	store_fixture_close(&s->f);
	free(s->text);
}

/* ---- words ---- */

int64_t story_time(const char *text)
{
	char full[INSTANT_TEXT_BYTES + 16];
	int64_t ms;

	snprintf(full, sizeof(full), "%s:00+08:00", text);
	if (!instant_parse(slice_of(full), &ms))
		fail_msg("no time: %s", text);
	return ms;
}

void story_say(struct story *s, const char *format, ...)
{
	char at[INSTANT_TEXT_BYTES];
	va_list args;

	instant_format_china(s->now_ms, at);
	s->length += (size_t)snprintf(s->text + s->length, TEXT_BYTES_MAX - s->length, "%s  ", at + 5);
	va_start(args, format);
	s->length += (size_t)vsnprintf(s->text + s->length, TEXT_BYTES_MAX - s->length, format, args);
	va_end(args);
	s->length += (size_t)snprintf(s->text + s->length, TEXT_BYTES_MAX - s->length, "\n");
	assert_true(s->length < TEXT_BYTES_MAX);
}

static const struct story_person *person_of(const struct story *s, int64_t way, size_t *way_r)
{
	for (size_t i = 0; i < s->people_count; i++)
		for (size_t w = 0; w < s->people[i].way_count; w++)
			if (s->people[i].ways[w] == way) {
				*way_r = w;
				return &s->people[i];
			}
	fail_msg("nobody's way: %lld", (long long)way);
	return NULL;
}

/* ---- people ---- */

struct story_person *story_person(struct story *s, struct contact_row row, size_t way_count)
{
	struct story_person *p = &s->people[s->people_count++];
	struct slice *texts[] = {&row.owner, &row.role, &row.language, &row.quiet, &row.absent_from, &row.absent_to,
	                         &row.stand_in, &row.trained_on, &row.disabled};
	static const char *const usual[] = {STORY_USCC, "cashier", "zh"};

	assert_true(s->people_count <= STORY_PEOPLE_MAX && way_count <= STORY_WAYS_MAX);
	*p = (struct story_person){.way_count = way_count};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i]->at == NULL)
			*texts[i] = slice_of(i < 3 ? usual[i] : "");
	snprintf(p->name, sizeof(p->name), "%.*s", SLICE_PRINT(row.name));
	snprintf(p->owner, sizeof(p->owner), "%.*s", SLICE_PRINT(row.owner));
	check(s, store_contact_put(s->f.store, &row, &p->id, &s->f.error));
	for (size_t w = 0; w < way_count; w++) {
		char address[NAME_BYTES];
		struct way_row way = {.contact = p->id, .channel = slice_of("webhook"), .secret = slice_of(""),
		                      .disabled = slice_of(""), .verified_ms = 1};
		snprintf(address, sizeof(address), "https://%lld.example.com/%zu", (long long)p->id, w);
		way.address = slice_of(address);
		check(s, store_way_put(s->f.store, &way, &p->ways[w], &s->f.error));
	}
	return p;
}

void story_account(struct story *s, const char *account, const char *uscc)
{
	struct account_row a = {slice_of(STORY_BANK), slice_of(account), slice_of(uscc), slice_of(""), slice_of("")};

	check(s, store_account_put(s->f.store, &a, &s->f.error));
}

/* ---- what happened ---- */

static void tell_calls(struct story *s)
{
	sqlite3_stmt *q = sql_prepare(s->f.store, "SELECT id, jurisdiction, reason, level, alert FROM call WHERE id > ? "
	                                          "ORDER BY id");

	sql_bind(q, "i", s->calls_seen);
	while (sql_next(s->f.store, q, &s->f.error) == 1) {
		s->calls_seen = sqlite3_column_int64(q, 0);
		story_say(s, "call %s %s %s %s", sqlite3_column_bytes(q, 1) > 0 ? (const char *)sqlite3_column_text(q, 1) : "-",
		          sqlite3_column_text(q, 2), level_words[sqlite3_column_int(q, 3)], sqlite3_column_text(q, 4));
	}
	q = sql_prepare(s->f.store, "SELECT seq, object FROM audit WHERE seq > ? AND action = 'warning.muted' ORDER BY seq");
	sql_bind(q, "i", s->audits_seen);
	while (sql_next(s->f.store, q, &s->f.error) == 1) {
		s->audits_seen = sqlite3_column_int64(q, 0);
		story_say(s, "muted %s", sqlite3_column_text(q, 1));
	}
}

void story_alert(struct story *s, const char *id, const char *account, uint8_t audience, uint8_t level,
                 const char *payee)
{
	struct alert_row a = store_fixture_alert(id, s->now_ms);
	struct notify_warning words = {.title = {slice_of("标题"), slice_of("title")},
	                               .message = {slice_of("内容"), slice_of("text")},
	                               .catalogue = &s->catalogue,
	                               .payee_name = slice_of(payee != NULL ? payee : ""),
	                               .payee_account = slice_of(payee != NULL ? "6217000000000001" : "")};
	struct enterprise_row enterprise;
	struct notify_put put;
	int found;

	a.bank = slice_of(STORY_BANK);
	a.account = slice_of(account);
	a.enterprise = slice_of("");
	a.audience = audience;
	a.level = level;
	a.typology = slice_of(audience == AUDIENCE_ENTERPRISE ? "V01" : "M01");
	a.amount_minor = 1000000;
	found = registry_enterprise_of(s->f.store, a.bank, a.account, a.enterprise, &s->f.arena, &enterprise, &s->f.error);
	check(s, found);
	check(s, registry_jurisdiction_of(s->f.store, found == 1 ? &enterprise : NULL, a.bank, &s->f.arena,
	                                  &a.jurisdiction, &s->f.error));
	check(s, store_alert_put(s->f.store, &a, &s->f.error));
	check(s, notify_put_for_alert(s->f.store, &a, &words, s->now_ms, &put, &s->f.error));
	notify_put_add(&s->sum, &put);
	arena_reset(&s->f.arena);
	tell_calls(s);
}

/* ---- time passes ---- */

static int64_t number(struct story *s, const char *text)
{
	return store_fixture_number(s->f.store, text);
}

/* The earliest of timers and deliveries; INT64_MAX where nothing waits. */
static int64_t next_ms(struct story *s)
{
	return number(s, "SELECT min(ifnull((SELECT min(due_ms) FROM timer), 9223372036854775807), ifnull((SELECT "
	                 "min(due_ms) FROM delivery WHERE state IN (0, 2)), 9223372036854775807))");
}

/* Did it, and died before the commit: nothing of it is left. */
static void crash(struct story *s, bool (*act)(struct story *s))
{
	struct story before = *s;

	check(s, sql_execute(s->f.store, "SAVEPOINT crash", &s->f.error));
	act(s);
	check(s, sql_execute(s->f.store, "ROLLBACK TO crash; RELEASE crash", &s->f.error));
	s->calls_seen = before.calls_seen;
	s->audits_seen = before.audits_seen;
	s->length = before.length;
	s->text[s->length] = '\0';
	s->sum = before.sum;
}

static bool fire_one(struct story *s)
{
	struct timer_row *rows;
	size_t count;

	arena_reset(&s->f.arena);
	check(s, store_timers_due(s->f.store, s->now_ms, 1, &s->f.arena, &rows, &count, &s->f.error));
	if (count == 0)
		return false;
	check(s, timers_fire(s->f.store, &s->catalogue, &rows[0], s->now_ms, &s->sum, &s->f.error));
	tell_calls(s);
	return true;
}

/* A digest says what it holds. */
static void say_sent(struct story *s, const struct story_person *p, size_t way, const struct delivery_row *d, bool dead)
{
	const char *level = level_words[d->level], *end = dead ? "  dead" : "";
	sqlite3_stmt *q = sql_prepare(s->f.store, "SELECT json_extract(body, '$.count') FROM delivery WHERE id = ?");

	if (d->kind == DELIVERY_DIGEST) {
		sql_bind(q, "s", d->id);
		assert_int_equal(sql_next(s->f.store, q, &s->f.error), 1);
		story_say(s, "%s/%zu  digest of %d, %s%s", p->name, way + 1, sqlite3_column_int(q, 0), level, end);
		sqlite3_reset(q);
	} else {
		story_say(s, "%s/%zu  %s%s %.*s%s", p->name, way + 1, d->kind == DELIVERY_CALL ? "call " : "", level,
		          SLICE_PRINT(d->alert), end);
	}
}

/* The next by way and alert, so that a story reads the same each time. */
static bool send_one(struct story *s)
{
	sqlite3_stmt *q = sql_prepare(s->f.store, "SELECT id FROM delivery WHERE state IN (0, 2) AND due_ms <= ? "
	                                          "ORDER BY way, kind, alert, level LIMIT 1");
	const struct story_person *p;
	struct delivery_row d;
	char id[NAME_BYTES];
	size_t way = 0;
	bool dead;

	sql_bind(q, "i", s->now_ms);
	if (sql_next(s->f.store, q, &s->f.error) != 1)
		return false;
	snprintf(id, sizeof(id), "%s", sqlite3_column_text(q, 0));
	sqlite3_reset(q);
	check(s, store_delivery_get(s->f.store, slice_of(id), &s->f.arena, &d, &s->f.error));
	p = person_of(s, d.way, &way);
	dead = (p->dead >> way & 1) != 0;
	if (rand() % 100 < s->crash_percent) { /* in flight */
		int64_t now_ms = s->now_ms;
		assert_int_equal(store_delivery_claim(s->f.store, slice_of(id), &s->f.error), 1);
		check(s, outbox_recover(s->f.store, &now_ms, &s->f.error));
	}
	assert_int_equal(store_delivery_claim(s->f.store, slice_of(id), &s->f.error), 1);
	say_sent(s, p, way, &d, dead);
	check(s, store_delivery_settle(s->f.store, slice_of(id), dead ? DELIVERY_DEAD : DELIVERY_SENT, s->now_ms, s->now_ms,
	                               dead ? "refused" : "", &s->f.error));
	return true;
}

void story_until(struct story *s, int64_t until_ms)
{
	for (int i = 0; i < ATTEMPTS_AT_ONCE; i++) {
		int64_t due_ms = next_ms(s);
		if (due_ms > until_ms) {
			s->now_ms = until_ms;
			return;
		}
		if (due_ms > s->now_ms)
			s->now_ms = due_ms;
		if (rand() % 100 < s->crash_percent)
			crash(s, rand() % 2 == 0 ? fire_one : send_one);
		if (!fire_one(s))
			send_one(s);
	}
	fail_msg("the story does not end:\n%s", s->text);
}

/* ---- what people do ---- */

bool story_answer(struct story *s, const char *name)
{
	sqlite3_stmt *q = sql_prepare(s->f.store, "SELECT d.id FROM delivery d JOIN way w ON w.id = d.way WHERE w.contact = ? "
	                                          "AND d.state = 3 AND d.kind IN (0, 5) ORDER BY d.settled_ms DESC, d.level "
	                                          "DESC, d.alert, d.way LIMIT 1");
	char id[NAME_BYTES];

	for (size_t i = 0; i < s->people_count; i++)
		if (strcmp(s->people[i].name, name) == 0)
			sql_bind(q, "i", s->people[i].id);
	if (sql_next(s->f.store, q, &s->f.error) != 1)
		return false;
	snprintf(id, sizeof(id), "%s", sqlite3_column_text(q, 0));
	sqlite3_reset(q);
	assert_int_equal(notify_acknowledge(s->f.store, slice_of(id), "contact", s->now_ms, &s->f.error), 1);
	return true;
}

void story_release(struct story *s, const char *alert)
{
	check(s, notify_release(s->f.store, slice_of(alert), "analyst", s->now_ms, &s->f.error));
}

bool story_take(struct story *s, const char *jurisdiction)
{
	struct call_row *rows;
	size_t count;

	check(s, store_calls_open(s->f.store, slice_of(jurisdiction), 0, 1000, &s->f.arena, &rows, &count, &s->f.error));
	for (size_t i = 0; i < count; i++)
		if (rows[i].taken_ms == 0 && slice_is(rows[i].jurisdiction, jurisdiction))
			return store_call_take(s->f.store, rows[i].id, "analyst", s->now_ms, &s->f.error) == 1;
	return false;
}
