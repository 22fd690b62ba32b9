#include "casework_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/hit.h"
#include "base/instant.h"
#include "store/store_sql.h"
#include "timers.h"

enum { ARENA_BYTES = 256 << 20 };

void area_check(struct area *a, int result)
{
	if (result == -1)
		fail_msg("%s", a->error.text);
}

static void put_place(struct area *a, const char *code, const char *parent, const char *zh, const char *en)
{
	struct jurisdiction_row row = {slice_of(code), slice_of(parent), slice_of(zh), slice_of(en), slice_of("")};

	area_check(a, store_jurisdiction_put(a->store, &row, &a->error));
}

void area_open(struct area *a)
{
	*a = (struct area){.store = NULL};
	arena_init(&a->arena, ARENA_BYTES);
	area_check(a, store_open(":memory:", NULL, &a->store, &a->error));
	area_check(a, catalogue_load("patterns", &a->catalogue, &a->error));
	put_place(a, AREA_PROVINCE, "", "云岭省", "Yunling");
	put_place(a, AREA_CITY, AREA_PROVINCE, "云桥市", "Yunqiao");
	put_place(a, AREA_COUNTY, AREA_CITY, "锦江县", "Jinjiang");
	put_place(a, AREA_OTHER, AREA_CITY, "青山县", "Qingshan");
	put_place(a, AREA_ELSEWHERE, "", "远山市", "Yuanshan");
	area_at(a, "2026-03-09 10:00");
}

void area_close(struct area *a)
{
	store_close(&a->store);
	catalogue_free(&a->catalogue);
	arena_deinit(&a->arena);
	clock_set_for_test(0);
}

int64_t area_time(const char *text)
{
	int32_t day;
	int hour = 0, minute = 0;

	if (!instant_parse_date((struct slice){text, 10}, &day) || sscanf(text + 11, "%d:%d", &hour, &minute) != 2)
		fail_msg("`%s` is no time", text);
	return instant_of(day, hour, minute, 0, 0, INSTANT_CHINA_MS);
}

void area_at(struct area *a, const char *text)
{
	a->now_ms = area_time(text);
	clock_set_for_test(a->now_ms);
}

void area_sql(struct area *a, const char *format, ...)
{
	char text[2048];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	area_check(a, sql_execute(a->store, text, &a->error));
}

int64_t area_number(struct area *a, const char *format, ...)
{
	sqlite3 *db = sqlite3_db_handle(sql_prepare(a->store, "SELECT 1"));
	sqlite3_stmt *statement;
	char text[2048];
	int64_t number;
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (sqlite3_prepare_v2(db, text, -1, &statement, NULL) != SQLITE_OK)
		fail_msg("%s, in: %s", sqlite3_errmsg(db), text);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	number = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return number;
}

const char *area_uscc(struct area *a, int number)
{
	return arena_print(&a->arena, "91350100M000%06d", number);
}

void area_enterprise(struct area *a, int number, const char *jurisdiction, const char *industry)
{
	struct enterprise_row row = {
		.uscc = slice_of(area_uscc(a, number)), .name = slice_of(arena_print(&a->arena, "云桥第%d有限公司", number)),
		.industry = slice_of(industry), .scope = slice_of(""), .address = slice_of(""), .registered_on = slice_of(""),
		.legal_representative = slice_of(""), .jurisdiction = slice_of(jurisdiction),
	};

	area_check(a, store_enterprise_put(a->store, &row, &a->error));
}

int64_t area_contact(struct area *a, int enterprise, const char *name, const char *role, const char *language,
                     const char *channels)
{
	struct contact_row contact = {.owner = slice_of(area_uscc(a, enterprise)), .name = slice_of(name),
	                              .role = slice_of(role), .rank = 1, .language = slice_of(language)};
	char list[128];

	area_check(a, store_contact_put(a->store, &contact, &contact.id, &a->error));
	snprintf(list, sizeof(list), "%s", channels);
	for (char *at = NULL, *channel = strtok_r(list, " ", &at); channel != NULL; channel = strtok_r(NULL, " ", &at)) {
		struct way_row way = {.contact = contact.id, .channel = slice_of(channel), .secret = slice_of("s"),
		                      .verified_ms = 1, .address = slice_of(arena_print(&a->arena, "%s-%d", channel, a->ways++))};
		area_check(a, store_way_put(a->store, &way, &way.id, &a->error));
	}
	return contact.id;
}

const char *area_alert(struct area *a, struct area_alert alert)
{
	const char *id = arena_print(&a->arena, "alert-%d", a->alerts++);
	struct alert_row row = store_fixture_alert(id, area_time(alert.at));

	row.typology = slice_of(alert.typology);
	row.level = alert.level != 0 ? alert.level : 3;
	row.audience = alert.audience;
	row.enterprise = alert.enterprise != 0 ? slice_of(area_uscc(a, alert.enterprise)) : slice_of("");
	row.account = slice_of(arena_print(&a->arena, "62220000%04d", alert.enterprise));
	row.jurisdiction = slice_of(alert.jurisdiction != NULL ? alert.jurisdiction : AREA_COUNTY);
	row.amount_minor = alert.yuan * 100;
	row.opened_ms = row.updated_ms = row.stored_ms = row.raised_ms;
	area_check(a, store_alert_put(a->store, &row, &a->error));
	return id;
}

void area_answer(struct area *a, const char *alert, const char *word)
{
	struct answer_row row = {.alert = slice_of(alert), .delivery = slice_of(""), .via = slice_of("page"),
	                         .answer = slice_of(word), .text = slice_of(""), .at_ms = 1, .actor = slice_of("contact 1"),
	                         .message = slice_of("")};

	area_check(a, store_answer_put(a->store, &row, &a->error));
}

int area_until(struct area *a, const char *text)
{
	int64_t until_ms = area_time(text), due_ms;
	int fired = 0, found;

	while ((found = store_timer_next(a->store, &due_ms, &a->error)) == 1 && due_ms <= until_ms) {
		struct timer_row *rows;
		size_t count;
		if (due_ms > a->now_ms)
			a->now_ms = due_ms;
		clock_set_for_test(a->now_ms);
		area_check(a, store_timers_due(a->store, a->now_ms, 1, &a->arena, &rows, &count, &a->error));
		area_check(a, store_begin(a->store, &a->error));
		area_check(a, timers_fire(a->store, a->catalogue, &rows[0], a->now_ms, &a->sum, &a->error));
		area_check(a, store_commit(a->store, &a->error));
		fired++;
	}
	area_check(a, found);
	area_at(a, text);
	return fired;
}
