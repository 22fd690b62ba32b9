/* What the API shows of the store: alerts, dead letters, statistics; masked, or in full with a reason (I9,
 * I10). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "api_fixture.h"
#include "base/instant.h"
#include "store/store_sql.h"

enum { ALERTS = 137 };

static const char body_text[] =
	"{\"id\":\"%s\",\"revision\":1,\"level\":\"%s\",\"score\":95,\"typology\":\"V01\",\"audience\":\"enterprise\","
	"\"bank\":\"102100099996\",\"account\":\"6222020200001234567\",\"account_name\":\"张三丰\","
	"\"enterprise\":null,\"opened_at\":\"2026-03-02T01:15:04.123Z\",\"raised_at\":\"2026-03-02T01:15:04.123Z\","
	"\"updated_at\":\"2026-03-02T01:15:04.123Z\",\"group\":null,\"amount_at_risk\":\"480000.00\",\"currency\":\"CNY\","
	"\"hits\":[{\"pattern\":\"p\",\"version\":1,\"tx\":\"20260302000070\",\"score\":60,"
	"\"reason\":{\"zh\":\"向李四（6217001234567890123）付款480,000.00元\",\"en\":\"paid 李四\"},"
	"\"facts\":{\"amount\":\"480000.00\",\"counterparty.name\":\"李四\",\"p95_90d\":52000.10}}],"
	"\"transactions\":[\"102100099996/20260302000070\"]}";

static char bodies[ALERTS][1024];

/* Ten alerts share each second, so that the cursor must tell ids apart. */
static int64_t raised_ms(int i)
{
	return 1772414100000 + i / 10 * 1000;
}

static int setup(void **state)
{
	static struct api_fixture f;
	static const char *const levels[] = {"blue", "yellow", "orange", "red"};
	char id[24];

	api_fixture_open(&f);
	for (int i = 0; i < ALERTS; i++) {
		struct alert_row row;
		snprintf(id, sizeof(id), "alert-%04d", i);
		row = store_fixture_alert(id, raised_ms(i));
		row.level = (uint8_t)(1 + i % 4);
		row.audience = i % 10 == 0;
		snprintf(bodies[i], sizeof(bodies[i]), body_text, id, levels[i % 4]);
		row.body = slice_of(bodies[i]);
		assert_int_equal(store_alert_put(f.store.store, &row, &f.store.error), 0);
	}
	for (int i = 0; i < 30; i++) {
		struct dead_row row = store_fixture_dead(i);
		row.key = slice_of("6222020200001234567");
		assert_int_equal(store_dead_put(f.store.store, &row, &f.store.error), 1);
	}
	api_fixture_start(&f);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	api_fixture_close(*state);
	return 0;
}

static yyjson_doc *read_reply(const struct reply *reply)
{
	yyjson_doc *document = yyjson_read(reply->body, reply->body_bytes, 0);

	if (reply->status != 200 || document == NULL)
		fail_msg("%ld %s", reply->status, reply->body);
	return document;
}

static int64_t audit_rows(struct api_fixture *f)
{
	struct store *reader;
	int64_t rows;

	assert_int_equal(store_open_reader(f->store.path, NULL, &reader, &f->store.error), 0);
	assert_int_equal(store_audit_verify(reader, &rows, &f->store.error), 0);
	store_close(&reader);
	return rows;
}

struct putting {
	struct alert_row row;
};

static int put_alert(struct store *store, void *arg, struct error *error)
{
	return store_alert_put(store, &((struct putting *)arg)->row, error);
}

static void put(struct api_fixture *f, const char *id, int64_t ms)
{
	struct putting p = {store_fixture_alert(id, ms)};

	assert_int_equal(store_run(f->store.writer, put_alert, &p, &f->store.error), 0);
}

/* Every alert once, newest first, while others come in before, between and behind the pages. */
static void the_cursor_walks_all_once(void **state)
{
	struct api_fixture *f = *state;
	char target[400] = "/api/v1/alerts?limit=7", id[24], seen[ALERTS] = {0};
	int pages = 0, last = ALERTS + 100;

	for (bool more = true; more; pages++) {
		struct reply reply = api_ask(f, target);
		yyjson_doc *document = read_reply(&reply);
		yyjson_val *root = yyjson_doc_get_root(document), *next = yyjson_obj_get(root, "next"), *item;
		size_t at, most;
		yyjson_arr_foreach(yyjson_obj_get(root, "items"), at, most, item) {
			const char *text = yyjson_get_str(yyjson_obj_get(item, "id"));
			if (strncmp(text, "alert-", 6) != 0)
				continue;
			assert_true(raised_ms(atoi(text + 6)) <= raised_ms(last));
			last = atoi(text + 6);
			seen[last]++;
		}
		assert_true(yyjson_is_null(next) || yyjson_is_str(next));
		more = yyjson_is_str(next);
		if (more)
			snprintf(target, sizeof(target), "/api/v1/alerts?limit=7&after=%s", yyjson_get_str(next));
		yyjson_doc_free(document);
		snprintf(id, sizeof(id), "%s-%d", pages % 2 ? "zz" : "aa", pages);
		put(f, id, raised_ms(pages * 8));
	}
	for (int i = 0; i < ALERTS; i++)
		assert_int_equal(seen[i], 1);
	assert_true(pages >= ALERTS / 7);
}

static size_t count_items(struct api_fixture *f, const char *target)
{
	struct reply reply = api_ask(f, target);
	yyjson_doc *document = read_reply(&reply);
	size_t count = yyjson_arr_size(yyjson_obj_get(yyjson_doc_get_root(document), "items"));

	yyjson_doc_free(document);
	return count;
}

static void filters_narrow_the_list(void **state)
{
	static const struct {
		const char *query;
		size_t count;
	} cases[] = {
		{"", 50}, {"?limit=200", ALERTS}, {"?limit=200&level=red", 34}, {"?limit=200&level=red,orange", 68},
		{"?limit=200&audience=analyst", 14}, {"?limit=200&typology=V01", ALERTS}, {"?typology=V02", 0},
		{"?limit=200&account=6222020200001234567", ALERTS}, {"?account=1", 0}, {"?bank=308584000013", 0},
		{"?limit=200&enterprise=91350100M000100Y43", ALERTS}, {"?limit=200&jurisdiction=411000", ALERTS},
		{"?jurisdiction=410100", 0}, {"?limit=200&score=95", ALERTS}, {"?score=96", 0},
		{"?limit=200&since=2026-03-02T01:15:05Z", ALERTS - 50}, {"?limit=200&until=2026-03-02T01:15:05Z", 50},
		{"?limit=200&since=2026-03-02T09:15:05%2B08:00", ALERTS - 50}, {"?limit=200&since=2026-03-02", ALERTS},
		{"?until=2026-03-02", 0}, {"?limit=200&since=2026-03-02T01:15:05Z&until=2026-03-02T01:15:06Z", 10},
	};
	char target[200];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(target, sizeof(target), "/api/v1/alerts%s", cases[i].query);
		if (count_items(*state, target) != cases[i].count)
			fail_msg("%s: %zu instead of %zu", target, count_items(*state, target), cases[i].count);
	}
}

/* I9: neither the list nor the alert shows an account or a person, nor the reason that repeats them. */
static void alerts_are_masked(void **state)
{
	static const char *const targets[] = {"/api/v1/alerts?limit=1", "/api/v1/alerts/alert-0003"};
	static const char *const hidden[] = {"6222020200001234567", "张三丰", "李四", "6217001234567890123"};
	static const char *const shown[] = {"\"account\":\"622202*********4567\"", "\"account_name\":\"张*\"",
		"\"counterparty.name\":\"李*\"", "向李*（621700*********0123）付款480,000.00元", "\"en\":\"paid 李*\"",
		"\"p95_90d\":52000.10", "\"amount\":\"480000.00\"", "102100099996/20260302000070"};

	for (size_t i = 0; i < 2; i++) {
		struct reply reply = api_ask(*state, targets[i]);
		assert_reply(&reply, 200, NULL);
		for (size_t j = 0; j < sizeof(hidden) / sizeof(hidden[0]); j++)
			if (strstr(reply.body, hidden[j]) != NULL)
				fail_msg("%s shows %s", targets[i], hidden[j]);
		for (size_t j = 0; j < sizeof(shown) / sizeof(shown[0]); j++)
			if (strstr(reply.body, shown[j]) == NULL)
				fail_msg("%s lacks %s: %s", targets[i], shown[j], reply.body);
	}
	assert_int_equal(audit_rows(*state), 0);
}

/* I9, I10: with a reason the stored bytes, exactly, and a row in the chain that says what and why. */
static void a_reason_reveals_and_is_kept(void **state)
{
	struct api_fixture *f = *state;
	struct reply reply = api_ask(f, "/api/v1/alerts/alert-0003?reveal=%E6%A0%B8%E5%AF%B9+case+7");
	struct store *reader;

	assert_reply(&reply, 200, NULL);
	assert_string_equal(reply.body, bodies[3]);
	assert_int_equal(audit_rows(f), 1);
	assert_int_equal(store_open_reader(f->store.path, NULL, &reader, &f->store.error), 0);
	assert_int_equal(store_fixture_number(reader, "SELECT actor = 'http.token' AND action = 'reveal' AND object ="
		" 'alert alert-0003' AND detail = '核对 case 7' FROM audit"), 1);
	store_close(&reader);

	reply = api_ask(f, "/api/v1/alerts?limit=2&reveal=x");
	assert_reply(&reply, 200, NULL);
	assert_non_null(strstr(reply.body, bodies[136]));
	assert_non_null(strstr(reply.body, bodies[135]));
	assert_int_equal(audit_rows(f), 2);
	assert_int_equal(store_open_reader(f->store.path, NULL, &reader, &f->store.error), 0);
	assert_int_equal(store_fixture_number(reader, "SELECT object = 'alerts alert-0136, alert-0135' FROM audit"
		" WHERE seq = 2"), 1);
	store_close(&reader);
}

/* Nothing shown, nothing written: no such alert, or an empty page. */
static void a_reveal_of_nothing_leaves_no_row(void **state)
{
	struct reply reply = api_ask(*state, "/api/v1/alerts/none?reveal=x");

	assert_reply(&reply, 404, NULL);
	reply = api_ask(*state, "/api/v1/alerts?typology=V99&reveal=x");
	assert_reply(&reply, 200, NULL);
	assert_string_equal(reply.body, "{\"items\":[],\"next\":null}");
	assert_int_equal(audit_rows(*state), 0);
}

static int refuse_audit(struct store *store, void *arg, struct error *error)
{
	(void)arg;
	return sql_execute(store, "CREATE TRIGGER no_audit BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END",
		error);
}

/* I9: what the audit cannot keep is not shown. */
static void no_audit_no_reveal(void **state)
{
	struct api_fixture *f = *state;
	struct reply reply;

	assert_int_equal(store_run(f->store.writer, refuse_audit, NULL, &f->store.error), 0);
	reply = api_ask(f, "/api/v1/alerts/alert-0003?reveal=x");
	assert_reply(&reply, 503, NULL);
	assert_null(strstr(reply.body, "6222020200001234567"));
	reply = api_ask(f, "/api/v1/alerts/alert-0003");
	assert_reply(&reply, 200, NULL);
}

static int rename_alert(struct store *store, void *arg, struct error *error)
{
	struct alert_row row = store_fixture_alert("alert-new", 1);

	(void)arg;
	row.body = slice_of("{\"id\":\"alert-new\"}");
	return store_alert_put(store, &row, error) == -1 ? -1
		: store_alert_rename(store, slice_of("alert-0003"), slice_of("alert-new"), error);
}

static void an_old_id_is_answered_with_the_alert_it_became(void **state)
{
	struct api_fixture *f = *state;
	struct reply reply;
	char value[512];

	assert_int_equal(store_run(f->store.writer, rename_alert, NULL, &f->store.error), 0);
	reply = api_ask(f, "/api/v1/alerts/alert-0003");
	assert_reply(&reply, 200, NULL);
	assert_string_equal(reply.body, "{\"id\":\"alert-new\",\"deliveries\":[],\"answers\":[],\"handling_level\":null}");
	assert_string_equal(reply_header(&reply, "Content-Location", value), "/api/v1/alerts/alert-new");
	reply = api_ask(f, "/api/v1/alerts/alert-new");
	assert_string_equal(reply_header(&reply, "Content-Location", value), "");
}

static void dead_letters_hide_their_message(void **state)
{
	struct reply reply = api_ask(*state, "/api/v1/dead-letters?limit=5");
	yyjson_doc *document = read_reply(&reply);
	yyjson_val *items = yyjson_obj_get(yyjson_doc_get_root(document), "items");

	assert_int_equal(yyjson_arr_size(items), 5);
	assert_int_equal(yyjson_get_int(yyjson_obj_get(yyjson_arr_get_first(items), "id")), 30);
	assert_null(yyjson_obj_get(yyjson_arr_get_first(items), "payload_base64"));
	yyjson_doc_free(document);
	reply = api_ask(*state, "/api/v1/dead-letters/7");
	assert_reply(&reply, 200, NULL);
	assert_non_null(strstr(reply.body, "\"key\":\"622202*********4567\",\"payload_base64\":null"));
	assert_int_equal(audit_rows(*state), 0);
	reply = api_ask(*state, "/api/v1/dead-letters/7?reveal=x");
	assert_non_null(strstr(reply.body, "\"key\":\"6222020200001234567\",\"payload_base64\":\"eyJhbW91bnQiOiIxMi4zLjQifQ==\""));
	assert_int_equal(audit_rows(*state), 1);
	assert_int_equal(count_items(*state, "/api/v1/dead-letters?limit=200&topic=bank.tx&field=amount"), 30);
	assert_int_equal(count_items(*state, "/api/v1/dead-letters?field=bank"), 0);
}

static void dead_letters_that_are_none(void **state)
{
	static const char *const ids[] = {"0", "31", "-1", "x", "7x", "99999999999999999999999", "%20"};
	char target[80];

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		snprintf(target, sizeof(target), "/api/v1/dead-letters/%s", ids[i]);
		struct reply reply = api_ask(*state, target);
		assert_reply(&reply, 404, NULL);
	}
}

static void statistics_are_of_one_moment(void **state)
{
	struct reply reply = api_ask(*state, "/api/v1/stats?since=2026-03-02");
	yyjson_doc *document = read_reply(&reply);
	yyjson_val *root = yyjson_doc_get_root(document), *alerts = yyjson_obj_get(root, "alerts");

	assert_int_equal(yyjson_get_int(yyjson_obj_get(alerts, "total")), ALERTS);
	assert_int_equal(yyjson_get_int(yyjson_ptr_get(root, "/alerts/by_level/red")), 34);
	assert_int_equal(yyjson_get_int(yyjson_ptr_get(root, "/alerts/by_typology/V01")), ALERTS);
	assert_int_equal(yyjson_get_int(yyjson_ptr_get(root, "/alerts/by_day/2026-03-02")), ALERTS);
	assert_int_equal(yyjson_get_int(yyjson_ptr_get(root, "/dead_letters/0/count")), 30);
	assert_int_equal(yyjson_get_int(yyjson_ptr_get(root, "/deliveries/pending")), 0);
	assert_true(yyjson_equals_str(yyjson_ptr_get(root, "/since"), "2026-03-01T16:00:00.000Z"));
	assert_true(yyjson_is_null(yyjson_obj_get(root, "until")));
	yyjson_doc_free(document);
}

/* A row of the store that is no JSON is said, not sent. */
static int spoil(struct store *store, void *arg, struct error *error)
{
	(void)arg;
	return sql_execute(store, "UPDATE alert SET body = 'x' WHERE id = 'alert-0003'", error);
}

static void a_spoilt_row_is_an_error_of_the_service(void **state)
{
	struct api_fixture *f = *state;
	struct reply reply;

	assert_int_equal(store_run(f->store.writer, spoil, NULL, &f->store.error), 0);
	reply = api_ask(f, "/api/v1/alerts/alert-0003");
	assert_reply(&reply, 500, NULL);
	reply = api_ask(f, "/api/v1/alerts?limit=200");
	assert_reply(&reply, 500, NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_cursor_walks_all_once),
		TEST(filters_narrow_the_list),
		TEST(alerts_are_masked),
		TEST(a_reason_reveals_and_is_kept),
		TEST(a_reveal_of_nothing_leaves_no_row),
		TEST(no_audit_no_reveal),
		TEST(an_old_id_is_answered_with_the_alert_it_became),
		TEST(dead_letters_hide_their_message),
		TEST(dead_letters_that_are_none),
		TEST(statistics_are_of_one_moment),
		TEST(a_spoilt_row_is_an_error_of_the_service),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
