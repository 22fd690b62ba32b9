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
#include "pattern/builder.h"
#include "pattern/read.h"

enum { FEED_MAX = 1000 };

/* 2026-03-02 10:00 in China, a Monday; each transaction a minute after the one before. */
#define FIRST_BOOKED_MS INT64_C(1772416800000)

static const struct {
	enum tx_field field;
	const char *value;
} defaults[] = {
	{TX_BANK_FIELD, "102100099996"}, {TX_ACCOUNT_FIELD, "6222020000000000001"}, {TX_DIRECTION_FIELD, "debit"},
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
	for (uint32_t i = 0; i < text.length; i++) {
		unsigned char c = (unsigned char)text.at[i];
		if (c >= 0x20 && c != '"' && c != '\\')
			put(json, &text.at[i], 1);
		else
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

static void put_default(struct json *json, enum tx_field field, int number)
{
	char text[INSTANT_TEXT_BYTES] = "";

	for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++)
		if (defaults[i].field == field)
			snprintf(text, sizeof(text), "%s", defaults[i].value);
	if (field == TX_ID_FIELD)
		snprintf(text, sizeof(text), "t%d", number + 1);
	if (field == TX_BOOKED_AT_FIELD)
		instant_format(FIRST_BOOKED_MS + number * INSTANT_MINUTE_MS, text);
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

/* Is `key` a field below `prefix` ("" or "counterparty.")? */
static bool is_field(const char *prefix, struct slice key)
{
	char name[64];

	snprintf(name, sizeof(name), "%s%.*s", prefix, key.length < 40 ? (int)key.length : 40, key.at);
	return tx_field_find(slice_of(name)) != TX_FIELD_COUNT;
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
		if (party && child->type == YAML_MAP)
			check_keys(source, child, "counterparty.");
		else if (party)
			source_fault(source, child, "`counterparty` must be a map such as {name: 张三, kind: person}");
		else if (!is_field(prefix, child->key) || memchr(child->key.at, '.', child->key.length) != NULL)
			unknown_key(source, child, prefix);
		else if (child->type != YAML_TEXT)
			source_fault(source, child, "`%.*s` must be a text", SLICE_PRINT(child->key));
	}
}

static void put_party(struct json *json, const struct yaml_node *party)
{
	put_key(json, "counterparty");
	put(json, "{", 1);
	for (const struct yaml_node *child = party->first; child != NULL; child = child->next)
		put_value(json, child, child->key.at);
	put(json, "}", 1);
}

static struct slice tx_json(struct arena *arena, const struct yaml_node *map, int number)
{
	struct json json = {0};
	const struct yaml_node *party = yaml_find(map, "counterparty"), *node;
	struct slice copy;

	put(&json, "{", 1);
	for (int field = 0; field < TX_FIELD_COUNT; field++) {
		if (strchr(tx_fields[field].name, '.') != NULL)
			continue;
		node = yaml_find(map, tx_fields[field].name);
		if (node != NULL)
			put_value(&json, node, tx_fields[field].name);
		else
			put_default(&json, (enum tx_field)field, number);
	}
	if (party != NULL && party->type == YAML_MAP)
		put_party(&json, party);
	put(&json, "}", 1);
	copy = arena_copy(arena, (struct slice){json.bytes, (uint32_t)json.length});
	free(json.bytes);
	return copy;
}

void test_feed_read(struct source *source, struct arena *arena, const struct yaml_node *node,
                    struct pattern_test *test)
{
	const struct yaml_node *feed = read_member(source, node, "feed", true);
	struct slice *texts;

	if (feed == NULL)
		return;
	if (feed->type != YAML_LIST || feed->count == 0 || feed->count > FEED_MAX) {
		source_fault(source, feed, "`feed` must be a list of 1 to %d transactions", FEED_MAX);
		return;
	}
	texts = read_take(arena, (size_t)feed->count * sizeof(*texts));
	for (const struct yaml_node *item = feed->first; item != NULL; item = item->next) {
		if (item->type != YAML_MAP) {
			source_fault(source, item, "a transaction must be a map such as {amount: \"480000\", remark: 急付}");
			continue;
		}
		check_keys(source, item, "");
		texts[test->feed_count] = tx_json(arena, item, (int)test->feed_count);
		test->feed_count++;
	}
	test->feed = texts;
}
