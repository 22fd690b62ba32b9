#include "notify/escalate.h"

#include <stdio.h>

#include "notify/telling.h"
#include "registry/registry.h"

/* Off the list when somebody answered; what people asked for (paid, objection, a release) stays. */
#define REASONS_OF_SILENCE "no_contact,unanswered,undeliverable,watched,"

static const struct routing_level *level_of(const struct telling *t, uint8_t level)
{
	static const struct routing_level none;

	return level < ROUTING_LEVELS ? &t->routing->levels[level] : &none;
}

/* It stays at this step until `base_ms` + within; without a timer while it waits for a release, or for nothing. */
static int wait_here(struct telling *t, struct escalation_row *e, size_t step, int64_t base_ms, bool timed,
                     struct error *error)
{
	e->step = (uint8_t)step;
	e->wait_ms = level_of(t, e->level)->steps[step].within_ms;
	e->due_ms = timed && e->wait_ms > 0 ? base_ms + e->wait_ms : 0;
	if (store_escalation_put(t->store, e, error) == -1)
		return -1;
	if (e->due_ms > 0)
		return store_timer_put(t->store, TIMER_ESCALATION, e->alert, e->due_ms, error);
	return store_timer_remove(t->store, TIMER_ESCALATION, e->alert, error) == -1 ? -1 : 0;
}

static int finish(struct telling *t, struct escalation_row *e, enum escalation_state state, struct error *error)
{
	e->state = (uint8_t)state;
	e->due_ms = 0;
	if (store_timer_remove(t->store, TIMER_ESCALATION, e->alert, error) == -1)
		return -1;
	return store_escalation_put(t->store, e, error);
}

/* Where nobody of the enterprise was told at all, that is why, not silence. */
static int reason_of_call(struct telling *t, struct escalation_row *e, struct error *error)
{
	int64_t of_state[DELIVERY_STATE_COUNT], all = 0;

	if (store_warning_states(t->store, e->alert, e->level, -1, of_state, error) == -1)
		return -1;
	for (int i = 0; i < DELIVERY_STATE_COUNT; i++)
		all += of_state[i];
	if (all == 0) {
		e->reason = slice_of("no_contact");
		t->put->no_contact++;
	}
	return 0;
}

/* I7: who takes the call for a watched account must not be told to ring its holder. */
static int step_to_centre(struct telling *t, struct escalation_row *e, size_t step, bool held, struct error *error)
{
	const struct routing_step *rule = &level_of(t, e->level)->steps[step];
	int64_t due_ms = rule->within_ms > 0 ? t->now_ms + rule->within_ms : 0;
	char reason[32];
	struct slice code;

	if (reason_of_call(t, e, error) == -1 ||
	    (rule->to == ROUTING_CITY ? registry_city_of : registry_county_of)(t->store, e->jurisdiction, t->arena, &code,
	                                                                      error) == -1)
		return -1;
	if (held)
		e->reason = slice_of("watched");
	snprintf(reason, sizeof(reason), "%.*s", SLICE_PRINT(e->reason));
	if (telling_call(t, e->alert, e->level, code, reason, due_ms, false, error) == -1)
		return -1;
	if (rule->to == ROUTING_CITY && e->step < step)
		t->put->calls_to_city++;
	e->step = (uint8_t)step;
	e->wait_ms = 0;
	if (rule->within_ms == 0)
		return finish(t, e, ESCALATION_ENDED, error);
	return wait_here(t, e, step, t->now_ms, true, error);
}

/* From `step` on to the first that tells somebody. */
static int run_from(struct telling *t, struct told_alert *alert, struct escalation_row *e, size_t step,
                    struct error *error)
{
	const struct routing_level *level = level_of(t, e->level);

	for (; step < level->step_count; step++) {
		int64_t first_ms;
		int people;
		if (level->steps[step].to != ROUTING_PEOPLE)
			return step_to_centre(t, e, step, alert->held, error);
		if ((people = telling_people(t, alert, step, &first_ms, error)) == -1)
			return -1;
		if (people > 0)
			return wait_here(t, e, step, first_ms, !alert->held, error);
	}
	return finish(t, e, ESCALATION_ENDED, error);
}

int telling_begin(struct telling *t, struct told_alert *alert, struct error *error)
{
	struct escalation_row e = {
		.alert = alert->row.id,
		.level = alert->row.level,
		.state = ESCALATION_RUNNING,
		.reason = slice_of(""),
		.started_ms = t->now_ms,
		.jurisdiction = alert->row.jurisdiction,
	};

	t->put->started++;
	if (run_from(t, alert, &e, 0, error) == -1)
		return -1;
	return alert->held ? telling_release_calls(t, error) : 0;
}

/* ---- a step was waited for ---- */

/* Analysts have it in hand where somebody took or did the call of this step. */
static int is_in_hand(struct telling *t, const struct escalation_row *e, struct error *error)
{
	char reason[32];

	snprintf(reason, sizeof(reason), "%.*s", SLICE_PRINT(e->reason));
	return store_call_handled(t->store, e->alert, reason, e->started_ms, error);
}

static int why_next(struct telling *t, struct escalation_row *e, struct error *error)
{
	int64_t of_state[DELIVERY_STATE_COUNT], alive = 0;

	if (store_warning_states(t->store, e->alert, e->level, e->step, of_state, error) == -1)
		return -1;
	for (int i = 0; i < DELIVERY_STATE_COUNT; i++)
		alive += i != DELIVERY_DEAD ? of_state[i] : 0;
	e->reason = slice_of(alive == 0 ? "undeliverable" : "unanswered");
	*(alive == 0 ? &t->put->undeliverable : &t->put->unanswered) += 1;
	return 0;
}

/* The alert as it is, and whether what is told of it must wait. */
static int alert_load(struct telling *t, const struct escalation_row *e, struct told_alert *alert,
                      struct error *error)
{
	int found = store_alert_get(t->store, e->alert, t->arena, &alert->row, error), watched, released;

	if (found != 1 ||
	    (found = store_warning_get(t->store, e->alert, e->level, t->arena, &alert->warning, error)) != 1)
		return found;
	alert->row.level = e->level;
	if ((watched = store_account_watched(t->store, alert->row.bank, alert->row.account, error)) == -1 ||
	    (released = store_alert_released(t->store, e->alert, e->level, error)) == -1)
		return -1;
	alert->released = released == 1;
	alert->held = watched == 1 && !alert->released;
	return 1;
}

static int next_step(struct telling *t, struct escalation_row *e, struct error *error)
{
	const struct routing_level *level = level_of(t, e->level);
	struct told_alert alert = {0};
	size_t next = (size_t)e->step + 1;
	int found;

	t->put->steps++;
	if (next >= level->step_count && level->step_count > 0)
		next = level->step_count - 1; /* the rules became shorter meanwhile; the last is a call list */
	if ((found = alert_load(t, e, &alert, error)) == -1)
		return -1;
	if (found == 0)
		return finish(t, e, ESCALATION_ENDED, error);
	if (run_from(t, &alert, e, next, error) == -1)
		return -1;
	return alert.held ? telling_release_calls(t, error) : 0;
}

int notify_run_escalation(struct notify_timer *timer, struct slice alert, struct error *error)
{
	struct telling t;
	struct escalation_row e;
	int found, in_hand, result = 0;
	struct arena arena;

	telling_init(&t, timer, &arena);
	found = store_escalation_get(t.store, alert, &arena, &e, error);
	if (found == 1 && e.state == ESCALATION_RUNNING && e.due_ms > 0 && e.due_ms <= t.now_ms) {
		if (e.step < level_of(&t, e.level)->step_count &&
		    level_of(&t, e.level)->steps[e.step].to != ROUTING_PEOPLE) {
			in_hand = is_in_hand(&t, &e, error);
			result = in_hand == 1   ? finish(&t, &e, ESCALATION_ENDED, error)
			         : in_hand == 0 ? next_step(&t, &e, error)
			                        : -1;
		} else {
			result = why_next(&t, &e, error) == -1 ? -1 : next_step(&t, &e, error);
		}
	}
	arena_deinit(&arena);
	return found == -1 || result == -1 ? error_wrap(error, "the next step of alert %.*s", SLICE_PRINT(alert)) : 0;
}

/* ---- stopped, released ---- */

int escalation_stop(struct store *store, struct slice alert, enum escalation_state why, int64_t now_ms,
                    struct error *error)
{
	struct notify_put put = {0};
	struct telling t = {.store = store, .now_ms = now_ms, .put = &put};
	struct escalation_row e;
	struct arena arena;
	int found, result = 0;

	arena_init(&arena, TELLING_BYTES_MAX);
	found = store_escalation_get(store, alert, &arena, &e, error);
	if (found == 1 && (e.state == ESCALATION_RUNNING || e.state == ESCALATION_ENDED)) {
		bool running = e.state == ESCALATION_RUNNING;
		result = finish(&t, &e, why, error);
		if (result == 0 && store_calls_close(store, e.alert, REASONS_OF_SILENCE, true,
		                                     why == ESCALATION_ACKNOWLEDGED ? "acknowledged" : "ended", now_ms,
		                                     error) == -1)
			result = -1;
		result = result == -1 ? -1 : running;
	}
	arena_deinit(&arena);
	return found == -1 ? -1 : result;
}

int escalation_released(struct store *store, struct slice alert, int64_t now_ms, struct error *error)
{
	struct escalation_row e;
	struct arena arena;
	int found, result = 0;

	arena_init(&arena, TELLING_BYTES_MAX);
	found = store_escalation_get(store, alert, &arena, &e, error);
	if (found == 1) {
		if (e.state == ESCALATION_RUNNING && e.due_ms == 0 && e.wait_ms > 0) {
			int64_t first_ms = now_ms; /* later where he sleeps until the morning */
			result = store_warning_first(store, e.alert, e.level, e.step, &first_ms, error);
			e.due_ms = first_ms + e.wait_ms;
			if (result == -1 || store_escalation_put(store, &e, error) == -1 ||
			    store_timer_put(store, TIMER_ESCALATION, e.alert, e.due_ms, error) == -1)
				result = -1;
			else
				result = 0;
		}
		if (result == 0 &&
		    store_calls_close(store, e.alert, "release,", false, "released", now_ms, error) == -1)
			result = -1;
	}
	arena_deinit(&arena);
	return found == -1 ? -1 : result;
}
