/*
 * huqi.alert.v1 (contract.md section 2), byte for byte the same for the same episode.
 *
 * Members stand in the contract's order. The hits' evidence was written where the hit was found and goes in as it is.
 */
#include <stdio.h>
#include <yyjson.h>

#include "base/counters.h"
#include "base/instant.h"
#include "base/money.h"
#include "judge/judge.h"

/* yyjson's memory comes from the batch. What it gives back is forgotten until the arena's reset. */
static void *take(void *arena, size_t bytes)
{
	return arena_take(arena, bytes);
}

static void *take_more(void *arena, void *old, size_t old_bytes, size_t bytes)
{
	void *more = arena_take(arena, bytes);

	if (more != NULL)
		memcpy(more, old, old_bytes < bytes ? old_bytes : bytes);
	return more;
}

static void give_back(void *arena, void *piece)
{
	(void)arena;
	(void)piece;
}

static void add_text(yyjson_mut_doc *doc, yyjson_mut_val *object, const char *key, struct slice text)
{
	if (text.length > 0)
		yyjson_mut_obj_add_strn(doc, object, key, text.at, text.length);
	else
		yyjson_mut_obj_add_null(doc, object, key);
}

static void add_instant(yyjson_mut_doc *doc, yyjson_mut_val *object, const char *key, int64_t ms)
{
	char text[INSTANT_TEXT_BYTES];

	instant_format(ms, text);
	yyjson_mut_obj_add_strcpy(doc, object, key, text);
}

/* The first text of the episode that is there: a bank may leave the name out now and then. */
static struct slice first_text(const struct hit *hits, size_t count, size_t offset)
{
	for (size_t i = 0; i < count; i++) {
		struct slice text = *(const struct slice *)(const void *)((const char *)&hits[i] + offset);
		if (text.length > 0)
			return text;
	}
	return (struct slice){0};
}

/* 16 hexadecimal digits: a JSON number has too few. */
static void add_group(yyjson_mut_doc *doc, yyjson_mut_val *root, uint64_t group)
{
	char text[17];

	snprintf(text, sizeof(text), "%016llx", (unsigned long long)group);
	if (group != 0)
		yyjson_mut_obj_add_strcpy(doc, root, "group", text);
	else
		yyjson_mut_obj_add_null(doc, root, "group");
}

static void add_head(yyjson_mut_doc *doc, yyjson_mut_val *root, const struct hit *hits,
                     const struct episode *e)
{
	char id[ALERT_ID_BYTES], amount[MONEY_TEXT_BYTES];

	judge_alert_id(hits, id);
	money_format(e->amount_minor, MONEY_CNY, amount);
	yyjson_mut_obj_add_strcpy(doc, root, "id", id);
	yyjson_mut_obj_add_uint(doc, root, "revision", e->revision);
	yyjson_mut_obj_add_str(doc, root, "level", alert_level_names[e->level]);
	yyjson_mut_obj_add_uint(doc, root, "score", e->score);
	add_text(doc, root, "typology", hits->typology);
	yyjson_mut_obj_add_str(doc, root, "audience", audience_names[hits->audience]);
	add_text(doc, root, "bank", hits->bank);
	add_text(doc, root, "account", hits->account);
	add_text(doc, root, "account_name", first_text(hits, e->count, offsetof(struct hit, account_name)));
	add_text(doc, root, "enterprise", first_text(hits, e->count, offsetof(struct hit, enterprise)));
	add_instant(doc, root, "opened_at", e->opened_ms);
	add_instant(doc, root, "raised_at", e->raised_ms);
	add_instant(doc, root, "updated_at", e->updated_ms);
	add_group(doc, root, e->group);
	yyjson_mut_obj_add_strcpy(doc, root, "amount_at_risk", amount);
	yyjson_mut_obj_add_str(doc, root, "currency", "CNY");
}

static void add_transaction(yyjson_mut_doc *doc, yyjson_mut_val *list, const struct hit *hit)
{
	char name[32 + 4 * 64 + 2];
	int length =
		snprintf(name, sizeof(name), "%.*s/%.*s", SLICE_PRINT(hit->bank), SLICE_PRINT(hit->tx_id));

	yyjson_mut_arr_add_strncpy(doc, list, name, (size_t)length);
}

static void add_lists(yyjson_mut_doc *doc, yyjson_mut_val *root, const struct hit *hits, size_t count)
{
	yyjson_mut_val *evidence = yyjson_mut_obj_add_arr(doc, root, "hits");
	yyjson_mut_val *transactions = yyjson_mut_obj_add_arr(doc, root, "transactions");

	for (size_t i = 0; i < count; i++) {
		bool again = i > 0 && hits[i].booked_ms == hits[i - 1].booked_ms &&
		             slice_equal(hits[i].tx_id, hits[i - 1].tx_id);
		yyjson_mut_arr_append(evidence,
		                      yyjson_mut_rawn(doc, hits[i].evidence.at, hits[i].evidence.length));
		if (!again)
			add_transaction(doc, transactions, &hits[i]);
	}
}

struct slice judge_alert_body(const struct hit *hits, const struct episode *episode, struct arena *arena)
{
	yyjson_alc memory = {take, take_more, give_back, arena};
	yyjson_mut_doc *doc = yyjson_mut_doc_new(&memory);
	yyjson_mut_val *root = yyjson_mut_obj(doc);
	const struct hit *first = hits + episode->first;
	size_t shown = episode->count < JUDGE_ALERT_HITS_MAX ? episode->count : JUDGE_ALERT_HITS_MAX,
	       length = 0;
	char *text;

	yyjson_mut_doc_set_root(doc, root);
	add_head(doc, root, first, episode);
	add_lists(doc, root, first, shown);
	if (shown < episode->count) {
		count(COUNT_ALERT_HITS_CUT);
		yyjson_mut_obj_add_uint(doc, root, "hits_total", episode->count);
	}
	text = yyjson_mut_write_opts(doc, YYJSON_WRITE_NOFLAG, &memory, &length, NULL);
	return (struct slice){text, text != NULL ? (uint32_t)length : 0};
}
