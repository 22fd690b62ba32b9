/*
 * The transactions of a pattern's tests. An analyst writes only what matters; the rest is filled in here, so
 * that the decoder of huqi.tx.v1 reads each like any bank's message.
 *
 *   {amount: "480000", remark: 急付} ─▶
 * {"id":"t1","bank":"102100099996",…,"amount":"480000",…,"remark":"急付"}
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/instant.h"
#include "pattern/read.h"
#include "pattern/test_read.h"

enum { FEED_MAX = 1000 };

/* 2026-03-02 10:00 in China, a Monday; each transaction a minute after the one before, or as long as `after`
 * says. */
#define FIRST_BOOKED_MS INT64_C(1772416800000)

static const struct {
	enum tx_field field;
	const char *value;
} defaults[] = {
	{TX_BANK_FIELD, PATTERN_TEST_BANK}, {TX_ACCOUNT_FIELD, PATTERN_TEST_ACCOUNT}, {TX_DIRECTION_FIELD, "debit"},
	{TX_CURRENCY_FIELD, "CNY"}, {TX_CHANNEL_FIELD, "online"}, {TX_STATUS_FIELD, "booked"},
};

struct json {
	char *bytes;
	size_t length, capacity;
};

static void put(struct json *json, const char *text, size_t length)
{
	if (json->capacity - json->length < length + 1) {
		json->capacity = 2 * json->capacity + length + 256;
		json->bytes = realloc(json->bytes, json->capacity);
		if (json->bytes == NULL)
			die("out of memory: reading a pattern's tests");
	}
	memcpy(json->bytes + json->length, text, length);
	json->length += length;
}

static void put_string(struct json *json, struct slice text)
{
	char escape[8];

	put(json, "\"", 1);
	for (uint32_t i = 0, plain = 0; i <= text.length; i++) {
		unsigned char c = i < text.length ? (unsigned char)text.at[i] : '"';

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		put(json, text.at + plain, i - plain);
		plain = i + 1;
		if (i < text.length)
			put(json, escape, (size_t)snprintf(escape, sizeof(escape), "\\u%04x", c));
	}
	put(json, "\"", 1);
}

static void put_key(struct json *json, const char *key)
{
	char last = json->bytes[json->length - 1];

	if (last != '{')
		put(json, ",", 1);
	put_string(json, slice_of(key));
	put(json, ":", 1);
}

static void put_default(struct json *json, enum tx_field field, int number, int64_t booked_ms)
{
	char text[INSTANT_TEXT_BYTES] = "";

	for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++)
		if (defaults[i].field == field)
			snprintf(text, sizeof(text), "%s", defaults[i].value);
	if (field == TX_ID_FIELD)
		snprintf(text, sizeof(text), "t%d", number + 1);
	if (field == TX_BOOKED_AT_FIELD)
		instant_format(booked_ms, text);
	if (text[0] == '\0')
		return;
	put_key(json, tx_fields[field].name);
	put_string(json, slice_of(text));
}

static void put_value(struct json *json, const struct yaml_node *node, const char *key)
{
	put_key(json, key);
	if (node->type != YAML_TEXT || yaml_is_null(node))
		put(json, "null", 4);
	else
		put_string(json, node->text);
}

/* The field `key` below `prefix` ("" or "counterparty."); TX_FIELD_COUNT: there is none. */
static enum tx_field field_below(const char *prefix, struct slice key)
{
	char name[64];
	uint32_t before = (uint32_t)strlen(prefix);

	if (key.length > sizeof(name) - before)
		return TX_FIELD_COUNT;
	memcpy(name, prefix, before);
	memcpy(name + before, key.at, key.length);
	return tx_field_find((struct slice){name, before + key.length});
}

static const char *field_name_at(int i)
{
	const char *dot = strchr(tx_fields[i].name, '.');

	return dot != NULL ? dot + 1 : tx_fields[i].name;
}

static void unknown_key(struct source *source, const struct yaml_node *node, const char *prefix)
{
	const char *near = yaml_nearest(node->key, field_name_at, TX_FIELD_COUNT);

	source_fault_key(source, node, "a transaction has no `%s%.*s`%s%s%s", prefix, SLICE_PRINT(node->key),
	                 near != NULL ? " (did you mean `" : "", near != NULL ? near : "",
	                 near != NULL ? "`?)" : "");
}

static void check_keys(struct source *source, const struct yaml_node *map, const char *prefix)
{
	for (const struct yaml_node *child = map->first; child != NULL; child = child->next) {
		bool party = prefix[0] == '\0' && slice_is(child->key, "counterparty");
		if (prefix[0] == '\0' ? slice_is(child->key, "after") : test_party_key(child->key))
			continue;
		if (party && child->type == YAML_MAP)
			check_keys(source, child, "counterparty.");
		else if (party)
			source_fault(source, child, "`counterparty` must be a map such as {name: 张三, kind: person}");
		else if (field_below(prefix, child->key) == TX_FIELD_COUNT || memchr(child->key.at, '.', child->key.length) != NULL)
			unknown_key(source, child, prefix);
		else if (child->type != YAML_TEXT)
			source_fault(source, child, "`%.*s` must be a text", SLICE_PRINT(child->key));
	}
}

static void put_party(struct json *json, const struct yaml_node *party, struct pattern_test_tx *tx)
{
	put_key(json, "counterparty");
	put(json, "{", 1);
	for (const struct yaml_node *child = party->first; child != NULL; child = child->next) {
		if (test_party_key(child->key))
			continue;
		tx->given |= UINT32_C(1) << field_below("counterparty.", child->key) % TX_FIELD_COUNT;
		put_value(json, child, child->key.at);
	}
	put(json, "}", 1);
}

static void put_fields(struct json *json, struct source *source, const struct yaml_node *map, int number,
                       int64_t booked_ms, struct pattern_test_tx *tx)
{
	for (int field = 0; field < TX_FIELD_COUNT; field++) {
		const struct yaml_node *node;
		if (strchr(tx_fields[field].name, '.') != NULL)
			continue;
		node = yaml_find(map, tx_fields[field].name);
		if (node == NULL) {
			put_default(json, (enum tx_field)field, number, booked_ms);
			continue;
		}
		tx->given |= UINT32_C(1) << field;
		if (field == TX_AMOUNT_FIELD && node->type == YAML_TEXT && test_amount_read(source, node, tx)) {
			put_key(json, tx_fields[field].name);
			put_string(json, slice_of("1"));
		} else {
			put_value(json, node, tx_fields[field].name);
		}
	}
}

static void tx_read(struct source *source, struct arena *arena, const struct yaml_node *map, int number,
                    int64_t booked_ms, struct pattern_test_tx *tx)
{
	const struct yaml_node *party = yaml_find(map, "counterparty");
	struct json json = {0};

	put(&json, "{", 1);
	put_fields(&json, source, map, number, booked_ms, tx);
	if (party != NULL && party->type == YAML_MAP) {
		test_party_read(source, party, tx);
		put_party(&json, party, tx);
	}
	put(&json, "}", 1);
	tx->json = arena_copy(arena, (struct slice){json.bytes, (uint32_t)json.length});
	free(json.bytes);
}

/* When a transaction is booked: as it says, else a while after the one before. */
static int64_t booked_of(struct source *source, const struct yaml_node *map, int number, int64_t before_ms)
{
	const struct yaml_node *own = yaml_find(map, "booked_at"), *after = yaml_find(map, "after");
	int64_t ms, gap_ms = INSTANT_MINUTE_MS;

	if (after != NULL && (own != NULL || number == 0))
		source_fault_key(source, after, own != NULL ? "`after` and `booked_at` both say when"
		                                            : "`after` needs a transaction before it");
	else if (after != NULL)
		test_after_read(source, after, &gap_ms);
	if (own != NULL && own->type == YAML_TEXT && instant_parse(own->text, &ms))
		return ms;
	return number == 0 ? FIRST_BOOKED_MS : before_ms + gap_ms;
}

void test_feed_read(struct source *source, struct arena *arena, const struct yaml_node *node,
                    struct pattern_test *test)
{
	const struct yaml_node *feed = read_member(source, node, "feed", true);
	struct pattern_test_tx *txs;
	int64_t booked_ms = FIRST_BOOKED_MS;

	if (feed == NULL)
		return;
	if (feed->type != YAML_LIST || feed->count == 0 || feed->count > FEED_MAX) {
		source_fault(source, feed, "`feed` must be a list of 1 to %d transactions", FEED_MAX);
		return;
	}
	txs = read_take(arena, (size_t)feed->count * sizeof(*txs));
	for (const struct yaml_node *item = feed->first; item != NULL; item = item->next) {
		int number = (int)test->feed_count;
		txs[number] = (struct pattern_test_tx){0};
		test->feed_count++; /* also a faulty one, so that the places of the others stay */
		if (item->type != YAML_MAP) {
			source_fault(source, item, "a transaction must be a map such as {amount: \"480000\", remark: 急付}");
			continue;
		}
		check_keys(source, item, "");
		booked_ms = booked_of(source, item, number, booked_ms);
		tx_read(source, arena, item, number, booked_ms, &txs[number]);
	}
	test->feed = txs;
}
