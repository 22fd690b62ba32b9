#include "answer_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "store/store_sql.h"

const char answer_fixture_body[] =
	"{\"type\":\"huqi.warning.v1\",\"id\":\"msg_1\",\"language\":\"zh\",\"level\":\"orange\","
	"\"title\":{\"zh\":\"疑似冒充老板 <script>alert(1)</script>\",\"en\":\"Somebody may pose as your boss\"},"
	"\"message\":{\"zh\":\"贵单位账户622202*********0001付款48万元\",\"en\":\"Your account paid CNY 480,000\"},"
	"\"do_now\":{\"zh\":[\"先停\"],\"en\":[\"Stop\"]},\"advice\":{\"zh\":[\"核实\"],\"en\":[\"Verify\"]},"
	"\"enterprise\":{\"uscc\":\"91350100M000100Y43\",\"name\":\"恒达\\\"><img src=x onerror=alert(2)>&'\"},"
	"\"account\":\"622202*********0001\",\"payee\":{\"name\":\"张*</dd>\",\"account\":\"621700*********0123\"},"
	"\"amount_at_risk\":\"480000.00\",\"raised_at\":\"2026-03-02T01:15:04.123Z\"}";

void answer_fixture_run(struct store *store, const char *format, ...)
{
	char text[2048];
	struct error error;
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (sql_execute(store, text, &error) == -1)
		fail_msg("%s, in: %s", error.text, text);
}

int64_t answer_fixture_number(struct store *store, const char *format, ...)
{
	sqlite3 *db = sqlite3_db_handle(sql_prepare(store, "SELECT 1"));
	sqlite3_stmt *statement;
	char text[1024];
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

const char *answer_fixture_text(struct store *store, const char *query)
{
	sqlite3 *db = sqlite3_db_handle(sql_prepare(store, "SELECT 1"));
	static char text[4096];
	sqlite3_stmt *statement;

	if (sqlite3_prepare_v2(db, query, -1, &statement, NULL) != SQLITE_OK)
		fail_msg("%s, in: %s", sqlite3_errmsg(db), query);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	snprintf(text, sizeof(text), "%s", (const char *)sqlite3_column_text(statement, 0));
	sqlite3_finalize(statement);
	return text;
}

static int64_t put_way(struct store *store, int64_t contact, const char *channel, const char *address)
{
	struct way_row way = {.contact = contact, .channel = slice_of(channel), .address = slice_of(address),
	                      .secret = slice_of("s"), .verified_ms = 1};
	struct error error;

	if (store_way_put(store, &way, &way.id, &error) == -1)
		fail_msg("%s", error.text);
	return way.id;
}

void answer_fixture_alert(struct store *store, int64_t *sms_way_r, int64_t *webhook_way_r)
{
	struct contact_row contact = {.owner = slice_of(ANSWER_OWNER), .name = slice_of("王小丽"),
	                              .role = slice_of("cashier"), .rank = 1, .language = slice_of("zh")};
	struct alert_row alert = store_fixture_alert(ANSWER_ALERT, ANSWER_NOW_MS);
	struct warning_row warning = {.alert = slice_of(ANSWER_ALERT), .level = 3, .owner = slice_of(ANSWER_OWNER),
	                              .payee_hash = slice_of("payee-1"), .body = slice_of(answer_fixture_body)};
	struct escalation_row running = {.alert = slice_of(ANSWER_ALERT), .level = 3, .state = ESCALATION_RUNNING,
	                                 .reason = slice_of(""), .due_ms = ANSWER_NOW_MS + 300000,
	                                 .started_ms = ANSWER_NOW_MS, .jurisdiction = slice_of("411002")};
	struct contact_row duty = {.owner = slice_of("411002"), .name = slice_of("值班"), .role = slice_of("duty"),
	                           .rank = 1, .language = slice_of("zh")};
	struct error error;

	alert.level = 3;
	if (store_alert_put(store, &alert, &error) == -1 || store_warning_put(store, &warning, &error) == -1 ||
	    store_escalation_put(store, &running, &error) == -1 ||
	    store_contact_put(store, &contact, &contact.id, &error) == -1 ||
	    store_contact_put(store, &duty, &duty.id, &error) == -1)
		fail_msg("%s", error.text);
	put_way(store, duty.id, "webhook", "https://county.example.cn/duty");
	*sms_way_r = put_way(store, contact.id, "sms", ANSWER_PHONE);
	*webhook_way_r = put_way(store, contact.id, "webhook", "https://hook.example.cn/secret-path");
}

void answer_fixture_delivery(struct store *store, const char *id, int64_t way, enum delivery_state state)
{
	struct delivery_row row = {.id = slice_of(id), .alert = slice_of(ANSWER_ALERT), .revision = 1, .level = 3,
	                           .way = way, .created_ms = ANSWER_NOW_MS, .due_ms = ANSWER_NOW_MS,
	                           .body = slice_of(answer_fixture_body)};
	struct error error;

	/* One level of an alert goes to a way once: a test may want several. */
	row.alert = slice_of(id);
	if (store_delivery_put(store, &row, &error) != 1)
		fail_msg("the delivery %s is not new", id);
	answer_fixture_run(store, "UPDATE delivery SET alert = '" ANSWER_ALERT "', state = %d WHERE id = '%s'", (int)state, id);
}
