/*
 * The centres' call lists: opening a call, telling who is on duty, and passing it to the city when nobody took it.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/ident.h"
#include "notify/body.h"
#include "notify/choose.h"
#include "registry/registry.h"

static int put_way(struct telling *t, const struct call_row *call, const struct contact_row *contact,
                   const struct way_row *way, struct error *error)
{
	char id[OUTBOX_ID_BYTES], key[32];
	struct delivery_row row = {
		.kind = DELIVERY_CALL,
		.alert = call->alert,
		.subject = slice_of(key),
		.level = call->level,
		.way = way->id,
		.destination = way->destination,
		.created_ms = t->now_ms,
		.due_ms = t->now_ms,
	};
	int added;

	snprintf(key, sizeof(key), "%lld", (long long)call->id);
	row.subject = slice_of(key);
	outbox_delivery_id(DELIVERY_CALL, row.subject, call->level, 0, way->id, id);
	row.id = slice_of(id);
	if (body_call(t, call, row.id, contact, way, &row.body, error) == -1 ||
	    (added = store_delivery_put(t->store, &row, error)) == -1)
		return -1;
	t->put->put += added;
	t->put->call_deliveries += added;
	return 0;
}

/* All who are on duty and there, or who stands in for them, by all their ways; once each. */
static int tell_duty(struct telling *t, const struct call_row *call, struct error *error)
{
	struct contact_row *contacts;
	size_t count;

	if (call->jurisdiction.length != IDENT_DIVISION_LENGTH)
		return 0;
	if (registry_contacts_of(t->store, call->jurisdiction, t->arena, &contacts, &count, error) == -1)
		return -1;
	for (size_t i = 0; i < count; i++) {
		size_t who = slice_is(contacts[i].role, "duty") ? choose_present(contacts, count, i, t->now_ms) : count;
		if (who == count || !slice_is(contacts[who].role, "duty"))
			continue;
		for (size_t w = 0; w < contacts[who].way_count; w++)
			if (put_way(t, call, &contacts[who], &contacts[who].ways[w], error) == -1)
				return -1;
	}
	return 0;
}

static int put_timer(struct telling *t, int64_t id, int64_t due_ms, struct error *error)
{
	char subject[24];

	snprintf(subject, sizeof(subject), "%lld", (long long)id);
	return store_timer_put(t->store, TIMER_CALL, slice_of(subject), due_ms, error);
}

int telling_call(struct telling *t, struct slice alert, uint8_t level, struct slice jurisdiction, const char *reason,
                 int64_t due_ms, bool lifted, struct error *error)
{
	struct call_row call = {.alert = alert, .jurisdiction = jurisdiction, .level = level, .reason = slice_of(reason),
	                        .created_ms = t->now_ms, .due_ms = due_ms};
	int is_new = store_call_put(t->store, alert, level, jurisdiction, reason, t->now_ms, due_ms, &call.id, error);

	if (is_new == -1 || tell_duty(t, &call, error) == -1)
		return -1;
	if (is_new == 0)
		return 0;
	t->put->calls++;
	t->put->calls_of_nobody += jurisdiction.length == 0;
	if (lifted && due_ms > 0 && put_timer(t, call.id, due_ms, error) == -1)
		return -1;
	return 1;
}

/* ---- nobody took it in time ---- */

static int lift(struct telling *t, const struct call_row *call, struct error *error)
{
	char reason[32];
	struct slice city;
	int is_new;

	if (registry_city_of(t->store, call->jurisdiction, t->arena, &city, error) == -1)
		return -1;
	if (city.length == 0 || slice_equal(city, call->jurisdiction))
		return 0; /* there is nobody above; it stays where it is */
	snprintf(reason, sizeof(reason), "%.*s", SLICE_PRINT(call->reason));
	is_new = telling_call(t, call->alert, call->level, city, reason, 0, false, error);
	t->put->calls_to_city += is_new == 1;
	return is_new == -1 ? -1 : 0;
}

/*
 * 1 where it goes on to the city. Who took a call has it to himself, but for a release: while he thinks, nobody warns
 * the enterprise, so he has as long as the county had.
 */
static int is_over(struct telling *t, const struct call_row *call, struct error *error)
{
	int64_t decide_ms = call->taken_ms + t->routing->hold_ms;

	if (call->done_ms != 0 || (call->taken_ms != 0 && !slice_is(call->reason, "release")))
		return 0;
	if (call->taken_ms != 0 && t->now_ms < decide_ms)
		return put_timer(t, call->id, decide_ms, error) == -1 ? -1 : 0;
	return 1;
}

int notify_run_call(struct notify_timer *timer, struct slice subject, struct error *error)
{
	struct telling t;
	struct call_row call;
	struct arena arena;
	int64_t id = store_call_number(subject);
	int result;

	telling_init(&t, timer, &arena);
	result = store_call_get(t.store, id, &arena, &call, error);
	if (result == 1)
		result = is_over(&t, &call, error);
	if (result == 1)
		result = lift(&t, &call, error);
	arena_deinit(&arena);
	return result == -1 ? error_wrap(error, "call %lld", (long long)id) : 0;
}

int notify_call(struct store *store, const struct catalogue *catalogue, struct slice alert, uint8_t level,
                struct slice jurisdiction, const char *reason, int64_t now_ms, int64_t due_ms,
                struct notify_put *put, struct error *error)
{
	struct notify_timer timer = {.store = store, .catalogue = catalogue, .now_ms = now_ms};
	struct telling t;
	struct arena arena;
	int result;

	telling_init(&t, &timer, &arena);
	t.put = put;
	result = telling_call(&t, alert, level, jurisdiction, reason, due_ms, true, error);
	arena_deinit(&arena);
	return result;
}

/* ---- what is held asks for its release ---- */

/* Where everything that its step sent is held, the time for an answer has not begun. */
static int pause(struct telling *t, struct slice alert, struct error *error)
{
	int64_t of_state[DELIVERY_STATE_COUNT], out = 0;
	struct escalation_row e;
	int found = store_escalation_get(t->store, alert, t->arena, &e, error);

	if (found != 1 || e.state != ESCALATION_RUNNING || e.due_ms == 0)
		return found == -1 ? -1 : 0;
	if (store_warning_states(t->store, e.alert, e.level, e.step, of_state, error) == -1)
		return -1;
	for (int i = 0; i < DELIVERY_STATE_COUNT; i++)
		out += i != DELIVERY_HELD && i != DELIVERY_DEAD ? of_state[i] : 0;
	if (out > 0 || of_state[DELIVERY_HELD] == 0)
		return 0;
	e.due_ms = 0;
	if (store_timer_remove(t->store, TIMER_ESCALATION, e.alert, error) == -1)
		return -1;
	return store_escalation_put(t->store, &e, error);
}

int telling_release_calls(struct telling *t, struct error *error)
{
	struct held_row *rows;
	struct slice county;
	size_t count;

	if (store_held_uncalled(t->store, t->arena, &rows, &count, error) == -1)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (registry_county_of(t->store, rows[i].jurisdiction, t->arena, &county, error) == -1 ||
		    telling_call(t, rows[i].alert, rows[i].level, county, "release", t->now_ms + t->routing->hold_ms, true,
		                 error) == -1 ||
		    pause(t, rows[i].alert, error) == -1)
			return -1;
	return 0;
}

int notify_run_hold(struct notify_timer *timer, struct slice subject, struct error *error)
{
	struct telling t;
	struct arena arena;
	int result;

	(void)subject;
	telling_init(&t, timer, &arena);
	result = telling_release_calls(&t, error);
	arena_deinit(&arena);
	return result;
}
