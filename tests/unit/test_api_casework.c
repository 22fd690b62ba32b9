/* Bulletins and exercises over HTTP: what is shown, what is taken, what is refused and why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "answer_fixture.h"
#include "api_fixture.h"
#include "base/clock.h"
#include "casework/casework.h"
#include "casework_fixture.h"

#define BULLETINS "/api/v1/bulletins"
#define FIRST BULLETINS "/week-2026-03-02-350100"

static struct api_fixture f;
static struct catalogue *catalogue;
static const struct catalogue *in_use;
static struct store *reader;

static void put_places(void)
{
	struct jurisdiction_row city = {slice_of("350100"), slice_of(""), slice_of("云桥市"), slice_of("Yunqiao"),
	                                slice_of("")};
	struct enterprise_row e = {.uscc = slice_of(ANSWER_OWNER), .name = slice_of("云桥第一有限公司"),
	                           .industry = slice_of(""), .scope = slice_of(""), .address = slice_of(""),
	                           .registered_on = slice_of(""), .legal_representative = slice_of(""),
	                           .jurisdiction = slice_of("350100")};

	assert_int_not_equal(store_jurisdiction_put(f.store.store, &city, &f.store.error), -1);
	assert_int_not_equal(store_enterprise_put(f.store.store, &e, &f.store.error), -1);
	store_fixture_contact(f.store.store, ANSWER_OWNER, "王小丽", "https://a.example.cn/", "s", "");
}

static int setup(void **state)
{
	struct bulletin_row row;

	(void)state;
	clock_set_for_test(area_time("2026-03-09 10:00"));
	api_fixture_open(&f);
	assert_int_equal(catalogue_load("patterns", &catalogue, &f.store.error), 0);
	in_use = catalogue;
	f.options.catalogue = &in_use;
	put_places();
	for (int i = 0; i < 3; i++) {
		struct bulletin_ask ask = {.period = i == 2 ? PERIOD_MONTH : PERIOD_WEEK, .jurisdiction = slice_of("350100"),
		                           .industry = slice_of(""), .now_ms = area_time(i == 0 ? "2026-03-09 10:00" : "2026-03-02 10:00")};
		assert_int_equal(bulletin_draft(f.store.store, catalogue, &ask, &f.store.arena, &row, &f.store.error),
		                 CASEWORK_DONE);
	}
	api_fixture_start(&f);
	assert_int_equal(store_open_reader(f.store.path, NULL, &reader, &f.store.error), 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	store_close(&reader);
	api_fixture_close(&f);
	catalogue_free(&catalogue);
	clock_set_for_test(0);
	return 0;
}

static struct reply post(const char *target, const char *body)
{
	static const char *const headers[] = {"Authorization: Bearer " API_TOKEN, "Content-Type: application/json", NULL};

	return api_ask_with(&f, "POST", target, headers, body);
}

#define HAS(reply, text) assert_non_null(strstr((reply).body, text))

static void a_list_is_paged_and_has_no_texts(void **state)
{
	struct reply r = api_ask(&f, BULLETINS "?limit=2");
	char target[200], *next;

	(void)state;
	assert_reply(&r, 200, NULL);
	HAS(r, "{\"items\":[{\"id\":\"week-2026-03-02-350100\",\"state\":\"draft\",\"revision\":1,\"period\":\"week\","
	       "\"first_day\":\"2026-03-02\",\"last_day\":\"2026-03-08\",");
	HAS(r, "\"id\":\"week-2026-02-23-350100\"");
	assert_null(strstr(r.body, "\"body\""));
	next = strstr(r.body, "\"next\":\"");
	assert_non_null(next);
	snprintf(target, sizeof(target), BULLETINS "?limit=2&after=%.*s", (int)strcspn(next + 8, "\""), next + 8);
	r = api_ask(&f, target);
	HAS(r, "{\"items\":[{\"id\":\"month-2026-02-01-350100\"");
	HAS(r, "\"next\":null");
	r = api_ask_with(&f, "GET", BULLETINS, NULL, NULL);
	assert_reply(&r, 401, NULL);
}

static void one_is_shown_with_its_texts(void **state)
{
	struct reply r = api_ask(&f, FIRST);

	(void)state;
	assert_reply(&r, 200, NULL);
	HAS(r, "\"body\":{\"zh\":\"本期辖区企业");
	HAS(r, "\"figures\":{\"warnings\":0,");
	HAS(r, "\"copies\":{\"put\":0,\"waiting\":0,\"sent\":0,\"dead\":0,\"read\":0}");
	r = api_ask(&f, BULLETINS "/none");
	assert_reply(&r, 404, NULL);
}

static void it_is_approved_and_withdrawn_by_name(void **state)
{
	struct reply r = post(FIRST "/approve", "{\"revision\":1}");

	(void)state;
	assert_reply(&r, 400, "by");
	r = post(FIRST "/approve", "{\"by\":\"李明\"}");
	assert_reply(&r, 400, "revision");
	r = post(FIRST "/approve", "{\"by\":\"李明\",\"revision\":1,\"x\":1}");
	assert_reply(&r, 400, NULL);
	r = post(FIRST "/approve", "{\"by\":\"李明\",\"revision\":2}");
	assert_reply(&r, 409, NULL);
	HAS(r, "revision 1 now");
	r = post(BULLETINS "/none/approve", "{\"by\":\"李明\",\"revision\":1}");
	assert_reply(&r, 404, NULL);
	r = post(FIRST "/approve", "{\"by\":\"李明\",\"revision\":1}");
	assert_reply(&r, 200, NULL);
	HAS(r, "\"state\":\"approved\"");
	HAS(r, "\"approved_by\":\"李明\",\"approved_at\":\"2026-03-09T02:00:00.000Z\"");
	r = post(FIRST "/approve", "{\"by\":\"李明\",\"revision\":1}");
	assert_reply(&r, 409, NULL);
	r = post(FIRST "/withdraw", "{\"by\":\"陈红\",\"reason\":\"数字有误\"}");
	assert_reply(&r, 200, NULL);
	HAS(r, "\"state\":\"withdrawn\"");
	r = post(FIRST "/withdraw", "{\"by\":\"陈红\"}");
	assert_reply(&r, 409, NULL);
	assert_int_equal(store_fixture_number(reader, "SELECT count(*) FROM audit WHERE (actor, action) IN (('李明', "
	                                              "'bulletin.approve'), ('陈红', 'bulletin.withdraw'))"), 2);
}

static void a_drill_is_started(void **state)
{
	struct reply r = post("/api/v1/drills", "{\"typology\":\"V01\",\"by\":\"李明\",\"jurisdiction\":\"350100\"}");
	char target[100] = "/api/v1/drills/";

	(void)state;
	assert_reply(&r, 201, NULL);
	HAS(r, "\"state\":\"waiting\",\"typology\":\"V01\",\"level\":\"red\"");
	HAS(r, "\"within_seconds\":600");
	HAS(r, "\"enterprises\":1,\"told\":0,");
	strncat(target, strstr(r.body, "drill-"), strlen("drill-20260309-12345678"));
	r = api_ask(&f, target);
	assert_reply(&r, 200, NULL);
	r = api_ask(&f, "/api/v1/drills");
	HAS(r, "{\"items\":[{\"id\":\"drill-20260309-");
	r = api_ask(&f, "/api/v1/drills/none");
	assert_reply(&r, 404, NULL);
	assert_int_equal(store_fixture_number(reader, "SELECT count(*) FROM timer WHERE kind = 'drill'"), 1);
}

static void what_a_drill_is_refused_for(void **state)
{
	static const struct {
		const char *body, *parameter;
	} table[] = {
		{"{\"typology\":\"M01\",\"by\":\"李明\",\"jurisdiction\":\"350100\"}", NULL}, /* I7 */
		{"{\"typology\":\"V01\",\"jurisdiction\":\"350100\"}", NULL},
		{"{\"typology\":\"V01\",\"by\":\"李明\"}", NULL},
		{"{\"typology\":\"V01\",\"by\":\"李明\",\"jurisdiction\":\"350100\",\"level\":\"blue\"}", NULL},
		{"{\"typology\":\"V01\",\"by\":\"李明\",\"jurisdiction\":\"350100\",\"within_seconds\":59}", NULL},
		{"{\"typology\":\"V01\",\"by\":\"李明\",\"jurisdiction\":\"350100\",\"within_seconds\":86401}", "within_seconds"},
		{"{\"typology\":\"V01\",\"by\":\"李明\",\"enterprises\":[\"91350100M000100Y4\"]}", "enterprises"},
		{"{\"typology\":\"V01\",\"by\":\"李明\",\"enterprises\":\"91350100M000100Y43\"}", "enterprises"},
		{"{\"typology\":\"V01\",\"by\":\"李明\",\"enterprises\":[\"91350100M000100Y99\"]}", NULL},
		{"{\"typology\":\"V0001\",\"by\":\"李明\",\"jurisdiction\":\"350100\"}", "typology"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct reply r = post("/api/v1/drills", table[i].body);
		assert_reply(&r, 400, table[i].parameter);
	}
	assert_int_equal(store_fixture_number(reader, "SELECT count(*) FROM drill"), 0);
	assert_int_equal(store_fixture_number(reader, "SELECT count(*) FROM drill_target"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_list_is_paged_and_has_no_texts, setup, teardown),
		cmocka_unit_test_setup_teardown(one_is_shown_with_its_texts, setup, teardown),
		cmocka_unit_test_setup_teardown(it_is_approved_and_withdrawn_by_name, setup, teardown),
		cmocka_unit_test_setup_teardown(a_drill_is_started, setup, teardown),
		cmocka_unit_test_setup_teardown(what_a_drill_is_refused_for, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
