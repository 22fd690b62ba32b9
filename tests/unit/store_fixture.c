#include "store_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "store/store_sql.h"

void store_fixture_open(struct store_fixture *f)
{
	*f = (struct store_fixture){0};
	snprintf(f->folder, sizeof(f->folder), "/tmp/huqi-store-XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	snprintf(f->path, sizeof(f->path), "%s/huqi.db", f->folder);
	arena_init(&f->arena, 16 << 20);
	if (store_open(f->path, NULL, &f->store, &f->error) == -1)
		fail_msg("%s", f->error.text);
}

void store_fixture_close(struct store_fixture *f)
{
	static const char *const ends[] = {"", "-wal", "-shm"};
	char path[128];

	store_writer_stop(&f->writer);
	store_close(&f->store);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", f->path, ends[i]);
		unlink(path);
	}
	snprintf(path, sizeof(path), "%s/key", f->folder);
	unlink(path);
	assert_int_equal(rmdir(f->folder), 0);
	arena_deinit(&f->arena);
}

void store_fixture_start(struct store_fixture *f, int64_t commit_interval_ms)
{
	f->writer = store_writer_start(f->store, commit_interval_ms);
	f->store = NULL;
}

struct hit store_fixture_hit(void)
{
	struct hit hit = {
		.bank = slice_of("102100099996"),
		.account = slice_of("6222020200001234567"),
		.account_name = slice_of("许昌恒达机械有限公司"),
		.enterprise = slice_of("91350100M000100Y43"),
		.tx_id = slice_of("20260302000070"),
		.pattern = slice_of("boss-impersonation-text"),
		.typology = slice_of("V01"),
		.version = 1,
		.audience = AUDIENCE_ENTERPRISE,
		.score = 60,
		.booked_ms = 1772414104123,
		.amount_cny_minor = 48000000,
		.evidence = slice_of("{\"pattern\":\"boss-impersonation-text\"}"),
	};

	hit_id(&hit);
	return hit;
}

struct alert_row store_fixture_alert(const char *id, int64_t raised_ms)
{
	return (struct alert_row){
		.id = slice_of(id),
		.revision = 1,
		.level = 4,
		.score = 95,
		.audience = AUDIENCE_ENTERPRISE,
		.typology = slice_of("V01"),
		.bank = slice_of("102100099996"),
		.account = slice_of("6222020200001234567"),
		.account_name = slice_of("许昌恒达机械有限公司"),
		.enterprise = slice_of("91350100M000100Y43"),
		.jurisdiction = slice_of("411002"),
		.opened_ms = raised_ms - 1000,
		.raised_ms = raised_ms,
		.updated_ms = raised_ms + 1000,
		.amount_minor = 48000000,
		.stored_ms = raised_ms + 2000,
		.body = slice_of("{\"id\":\"x\"}"),
	};
}

struct dead_row store_fixture_dead(int64_t offset)
{
	return (struct dead_row){
		.topic = slice_of("bank.tx"),
		.partition = 3,
		.offset = offset,
		.decoder = slice_of("json"),
		.field = slice_of("amount"),
		.reason = slice_of("amount: `12.3.4`: expected a decimal number"),
		.payload = slice_of("{\"amount\":\"12.3.4\"}"),
		.payload_bytes = 19,
		.received_ms = 1772414104123,
	};
}

int64_t store_fixture_number(struct store *store, const char *text)
{
	sqlite3_stmt *statement = sql_prepare(store, text);
	struct error error;
	int64_t number;

	assert_int_equal(sql_next(store, statement, &error), 1);
	number = sqlite3_column_int64(statement, 0);
	sqlite3_reset(statement);
	return number;
}

int64_t store_fixture_contact_by(struct store *store, const char *channel, const char *owner, const char *name,
                                 const char *address, const char *secret, const char *disabled)
{
	struct contact_row c = {.owner = slice_of(owner), .name = slice_of(name), .role = slice_of("cashier"), .rank = 1,
	                        .language = slice_of("zh")};
	struct way_row w = {.channel = slice_of(channel), .address = slice_of(address), .secret = slice_of(secret),
	                    .disabled = slice_of(disabled), .verified_ms = 1};
	struct error error;

	if (store_contact_put(store, &c, &w.contact, &error) == -1 || store_way_put(store, &w, &w.id, &error) == -1)
		fail_msg("%s", error.text);
	return w.id;
}

int64_t store_fixture_contact(struct store *store, const char *owner, const char *name, const char *address,
                              const char *secret, const char *disabled)
{
	return store_fixture_contact_by(store, "webhook", owner, name, address, secret, disabled);
}

struct way_row store_fixture_way(struct store_fixture *f, struct store *store, int64_t id)
{
	struct contact_row contact;
	struct way_row way;

	assert_int_equal(store_way_get(store, id, &f->arena, &way, &contact, &f->error), 1);
	return way;
}
