#include "notify/answer_effects.h"

#include <stdio.h>

#include "base/instant.h"
#include "base/utf8.h"
#include "registry/registry.h"

enum { LEVEL_RED = 4, EFFECT_BYTES_MAX = 4 << 20, TAKER_CHARACTERS_MAX = 30 };

/* How long the county has what an answer asks for to itself, before the city's list has it too. */
#define COUNTY_MS (5 * INSTANT_MINUTE_MS)

int effect_acknowledged(const struct effect *e, struct error *error)
{
	int result;

	if (e->delivery.length > 0)
		result = escalation_answered(e->store, e->delivery, e->now_ms, error);
	else
		result = escalation_stop(e->store, e->alert->id, ESCALATION_ACKNOWLEDGED, e->now_ms, error);
	return result == -1 ? -1 : 0;
}

/* A call at the alert's county; with `due_ms` over and nobody who took it, at the city too. */
static int call(const struct effect *e, uint8_t level, const char *reason, int64_t due_ms, struct error *error)
{
	struct slice county;
	struct arena arena;
	int result;

	arena_init(&arena, EFFECT_BYTES_MAX);
	result = registry_county_of(e->store, e->alert->jurisdiction, &arena, &county, error);
	if (result == 0)
		result = notify_call(e->store, e->catalogue, e->alert->id, level, county, reason, e->now_ms, due_ms, e->put, error);
	arena_deinit(&arena);
	return result == -1 ? -1 : 0;
}

int effect_paid(const struct effect *e, struct error *error)
{
	if (store_handling_raise(e->store, e->alert->id, LEVEL_RED, "paid", e->now_ms, error) == -1)
		return -1;
	return call(e, LEVEL_RED, "paid", e->now_ms + COUNTY_MS, error);
}

int effect_unsure(const struct effect *e, struct error *error)
{
	return call(e, e->alert->level, "unsure", e->now_ms + COUNTY_MS, error);
}

int effect_objection(const struct effect *e, struct error *error)
{
	return call(e, e->alert->level, "objection", 0, error);
}

/* "张三", as the call list shows who has it; in the audit by number. */
int effect_taken(const struct effect *e, const struct delivery_face *delivery, struct error *error)
{
	char name[128] = "", actor[32], object[40];
	struct contact_row contact;
	struct way_row way;
	struct arena arena;
	int64_t id = store_call_number(delivery->subject);
	int result;

	arena_init(&arena, EFFECT_BYTES_MAX);
	result = store_way_get(e->store, delivery->way, &arena, &way, &contact, error);
	if (result == 1)
		snprintf(name, sizeof(name), "%.*s", SLICE_PRINT(utf8_cut(contact.name, TAKER_CHARACTERS_MAX)));
	arena_deinit(&arena);
	snprintf(actor, sizeof(actor), "contact %lld", (long long)e->contact);
	snprintf(object, sizeof(object), "call %lld", (long long)id);
	if (result != -1)
		result = store_call_take(e->store, id, name[0] != '\0' ? name : actor, e->now_ms, error);
	if (result == 1)
		result = store_audit_put(e->store, e->now_ms, actor, "call.take", object, "", error);
	return result == -1 ? -1 : 0;
}

int effect_mute(const struct effect *e, struct error *error)
{
	char actor[32];

	snprintf(actor, sizeof(actor), "contact %lld", (long long)e->contact);
	return notify_mute(e->store, e->alert->id, e->contact, e->now_ms + ANSWER_MUTE_MS, slice_of("genuine"), actor,
	                   e->now_ms, error) == -1 ? -1 : 0;
}
