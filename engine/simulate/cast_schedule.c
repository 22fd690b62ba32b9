#include "simulate/cast.h"

#include <stdlib.h>

#include "base/instant.h"
#include "simulate/calendar.h"
#include "simulate/random.h"

#define DAY_MINUTES 1440
#define BACK_INTO_WINDOW_MS (15 * INSTANT_MINUTE_MS)

struct scheduling {
	struct cast *cast;
	const struct population *population;
	uint32_t run;
	struct random random;
	int64_t at_ms; /* on a clock in China, since 1970 */
	int64_t end_ms;
};

static int64_t draw(struct random *r, struct script_range range)
{
	return random_between(r, range.least, range.most);
}

static bool inside(struct script_range window, int64_t minute)
{
	if (window.least < window.most)
		return minute >= window.least && minute < window.most;
	return minute >= window.least || minute < window.most;
}

/* The moment at or after `ms` when the step may happen: within its window, on a workday if it says so. */
static int64_t place(struct random *r, const struct script_step *step, int64_t ms, bool first)
{
	struct script_range window = step->at_minute;
	int64_t day = ms / INSTANT_DAY_MS, minute = ms % INSTANT_DAY_MS / INSTANT_MINUTE_MS;
	int64_t length_ms = (window.most - window.least + DAY_MINUTES) % DAY_MINUTES * INSTANT_MINUTE_MS;
	bool moved = false;

	if (window.least == window.most)
		window = (struct script_range){9 * 60, 17 * 60}; /* only where a free day moves it */
	else if (!inside(window, minute)) {
		day += minute >= window.least;
		moved = true;
	}
	for (; step->workdays && !calendar_workday((int32_t)day); day++)
		moved = true;
	if (!moved)
		return ms;
	if (!first || length_ms == 0)
		length_ms = BACK_INTO_WINDOW_MS;
	return day * INSTANT_DAY_MS + window.least * INSTANT_MINUTE_MS + random_between(r, 0, length_ms - 1);
}

static uint32_t member_of(struct random *r, const struct script_step *step, uint32_t repeated)
{
	switch (step->pick) {
	case PICK_EACH: return repeated;
	case PICK_RANDOM: return random_below(r, SCRIPT_MEMBERS_MAX);
	default: return 0;
	}
}

static void event_add(struct scheduling *s, const struct scripted *event)
{
	struct cast *cast = s->cast;

	if (cast->event_count == cast->event_capacity) {
		cast->event_capacity = cast->event_capacity > 0 ? cast->event_capacity * 2 : 1024;
		cast->events = realloc(cast->events, cast->event_capacity * sizeof(*cast->events));
		if (cast->events == NULL)
			die("out of memory: the events of the simulator's scenarios");
	}
	cast->events[cast->event_count++] = *event;
}

static void schedule_actor(struct scheduling *s, const struct run *run, uint16_t step_number, uint32_t actor,
                           bool first_actor, uint32_t *repeated)
{
	const struct script_step *step = &run->script->steps[step_number];
	int64_t times = draw(&s->random, step->repeat);
	struct scripted event;

	for (int64_t i = 0; i < times; i++, ++*repeated) {
		bool first = i == 0 && first_actor;
		if (!first)
			s->at_ms += draw(&s->random, step->every_ms);
		s->at_ms = place(&s->random, step, s->at_ms, first);
		if (s->at_ms >= s->end_ms || s->cast->event_count == CAST_EVENTS_MAX)
			return;
		event = (struct scripted){.at_ms = s->at_ms - INSTANT_CHINA_MS, .run = s->run, .actor = actor,
		                          .step = step_number};
		event.seed = random_next(&s->random); /* apart: the order within an initializer is the compiler's */
		event.member = member_of(&s->random, step, *repeated);
		event_add(s, &event);
	}
}

/* A step is done by each account of its role in turn. */
static void schedule_step(struct scheduling *s, const struct run *run, uint16_t step_number)
{
	uint32_t repeated = 0;
	bool first = true;

	for (uint32_t i = 0; i < run->actor_count; i++) {
		uint32_t actor = run->first_actor + i;
		if (s->cast->actors[actor].role != run->script->steps[step_number].role)
			continue;
		schedule_actor(s, run, step_number, actor, first, &repeated);
		first = false;
	}
}

/* Days that a performance may take, from the least of its delays, so that most end before the feed does. */
static int64_t least_days(const struct script *script)
{
	int64_t ms = 0;

	for (int i = 0; i < script->step_count; i++)
		ms += script->steps[i].after_ms.least +
		      (script->steps[i].repeat.least - 1) * script->steps[i].every_ms.least;
	return (ms + script->round_after_ms.least) * script->rounds.least / INSTANT_DAY_MS + 1;
}

/* Some time in the feed when all its accounts are open, late enough to have some usual days before it. */
static int64_t begin(struct scheduling *s, const struct run *run, const struct simulate_options *options)
{
	int64_t last = options->days - least_days(run->script), first = last / 6, day;

	if (last < 0)
		last = first = 0;
	day = options->first_day + random_between(&s->random, first, last);
	for (uint32_t i = 0; i < run->actor_count; i++) {
		const struct enterprise *e = &s->population->items[s->cast->actors[run->first_actor + i].enterprise];
		if (e->opened_day >= day)
			day = e->opened_day + 1;
	}
	return day * INSTANT_DAY_MS + random_between(&s->random, 9 * INSTANT_HOUR_MS, 16 * INSTANT_HOUR_MS);
}

static void schedule_run(struct scheduling *s, struct run *run, const struct simulate_options *options)
{
	int64_t rounds;

	s->random = (struct random){random_mix(run->seed, 't')};
	s->at_ms = begin(s, run, options);
	run->begin_ms = s->at_ms - INSTANT_CHINA_MS;
	rounds = draw(&s->random, run->script->rounds);
	for (int64_t round = 0; round < rounds; round++)
		for (int i = 0; i < run->script->step_count; i++) {
			bool again = round > 0 && i == 0;
			s->at_ms += draw(&s->random, again ? run->script->round_after_ms : run->script->steps[i].after_ms);
			schedule_step(s, run, (uint16_t)i);
		}
}

/* Time, then performance, step and seed: a total order, so that the sort's own way does not show. */
static int by_time(const void *a, const void *b)
{
	const struct scripted *x = a, *y = b;

	if (x->at_ms != y->at_ms)
		return x->at_ms < y->at_ms ? -1 : 1;
	if (x->run != y->run)
		return x->run < y->run ? -1 : 1;
	if (x->step != y->step)
		return x->step < y->step ? -1 : 1;
	return x->seed < y->seed ? -1 : x->seed > y->seed;
}

void cast_schedule(struct cast *cast, const struct simulate_options *options,
                   const struct population *population)
{
	struct scheduling s = {.cast = cast, .population = population,
	                       .end_ms = (options->first_day + options->days) * INSTANT_DAY_MS};

	for (s.run = 0; s.run < cast->run_count; s.run++)
		schedule_run(&s, &cast->runs[s.run], options);
	if (cast->event_count > 0)
		qsort(cast->events, cast->event_count, sizeof(*cast->events), by_time);
}
