#include "simulate/simulate.h"

#include <stdlib.h>

#include "base/instant.h"
#include "simulate/day.h"
#include "simulate/world.h"

enum { FIRST_DAY = 20458 }; /* 2026-01-05, a Monday */

void simulate_options_init(struct simulate_options *options)
{
	*options = (struct simulate_options){
		.seed = 1, .enterprises = 200, .days = 30, .first_day = FIRST_DAY, .banks = 4, .fraud_permille = 100,
		.scenarios = "all", .scenario_dir = "seeds/scenarios"
	};
}

static int check_range(const char *name, int64_t value, int64_t least, int64_t most, struct error *error)
{
	if (value >= least && value <= most)
		return 0;
	return error_set(error, "simulate: %s %lld: expected %lld to %lld", name, (long long)value, (long long)least,
	                 (long long)most);
}

static int bank_find(const struct simulate_options *options, const struct population *population, int *bank_r,
                     struct error *error)
{
	*bank_r = -1;
	if (options->bank == NULL)
		return 0;
	for (int i = 0; i < options->banks; i++)
		if (strcmp(options->bank, population->banks[i]) == 0)
			*bank_r = i;
	if (*bank_r != -1)
		return 0;
	return error_set(error, "simulate: bank `%s` holds no account of this population; the first of its %d is %s",
	                 options->bank, options->banks, population->banks[0]);
}

static int check(const struct simulate_options *o, struct error *error)
{
	if (check_range("enterprises", o->enterprises, 1, SIMULATE_ENTERPRISES_MAX, error) == -1 ||
	    check_range("days", o->days, 1, SIMULATE_DAYS_MAX, error) == -1 ||
	    check_range("banks", o->banks, 1, SIMULATE_BANKS_MAX, error) == -1 ||
	    check_range("first day (since 1970)", o->first_day, 10957, 47000 - SIMULATE_DAYS_MAX, error) == -1 ||
	    check_range("fraud permille", o->fraud_permille, 0, 1000, error) == -1)
		return -1;
	return 0;
}

static bool kind_find(struct slice name, uint8_t *kind_r)
{
	for (int k = 0; k < KIND_COUNT; k++)
		if (slice_is(name, kinds[k].name)) {
			*kind_r = (uint8_t)k;
			return true;
		}
	return false;
}

/* The kinds that the options ask for. */
static int wish_kinds(const struct simulate_options *o, struct population_wish *wishes, struct error *error)
{
	const char *at = o->kinds;

	for (int i = 0; at != NULL && *at != '\0'; i++) {
		struct slice name = {at, (uint32_t)strcspn(at, ",")};
		if (i == o->enterprises)
			return error_set(error, "simulate: kinds `%s`: more than there are enterprises", o->kinds);
		if (!kind_find(name, &wishes[i].kind))
			return error_set(error, "simulate: no kind of enterprise `%.*s`", SLICE_PRINT(name));
		wishes[i].wished = true;
		at += name.length + (at[name.length] == ',');
	}
	return 0;
}

/* Casting comes before the population, which it has wishes of, and the schedule after it. */
static int begin(struct simulation *s, const struct simulate_options *o, struct error *error)
{
	struct population_wish *wishes = calloc((size_t)o->enterprises, sizeof(*wishes));
	int result;

	if (wishes == NULL)
		die("out of memory: %d enterprises of the simulator", o->enterprises);
	result = wish_kinds(o, wishes, error);
	if (result == 0 && strcmp(o->scenarios, "none") != 0)
		result = script_set_load(&s->scripts, o->scenario_dir, error);
	if (result == 0)
		result = cast_choose(&s->cast, &s->scripts, o, wishes, error);
	if (result == 0) {
		population_init(&s->population, o, wishes);
		cast_schedule(&s->cast, o, &s->population);
		result = bank_find(o, &s->population, &s->bank, error);
	}
	free(wishes);
	return result;
}

static void day_begin(struct simulation *s)
{
	calendar_day_init(&s->today, s->day);
	s->population.today = s->day;
	s->day_start_ms = s->day * INSTANT_DAY_MS - INSTANT_CHINA_MS;
	book_day(&s->book, &s->today);
	agenda_clear(&s->agenda);
	day_plan(&s->population, &s->today, &s->agenda);
	for (; s->next_scripted < s->cast.event_count; s->next_scripted++) {
		int64_t ms = s->cast.events[s->next_scripted].at_ms - s->day_start_ms;
		if (ms >= INSTANT_DAY_MS)
			break;
		agenda_add(&s->agenda, &(struct agenda_event){.ms = (uint32_t)ms, .member = s->next_scripted,
		                                              .habit = AGENDA_SCRIPTED});
	}
	s->book.stats.over_day_bound = s->agenda.left_out;
	agenda_sort(&s->agenda);
}

int simulate_new(const struct simulate_options *options, struct simulation **simulation_r,
                 struct error *error)
{
	struct simulation *s;

	*simulation_r = NULL;
	if (check(options, error) == -1)
		return -1;
	tables_begin();
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		die("out of memory: the simulator");
	if (begin(s, options, error) == -1) {
		simulate_free(&s);
		return -1;
	}
	book_init(&s->book, &s->population, &s->cast);
	s->book.stats.runs = s->cast.run_count;
	s->day = options->first_day;
	s->end_day = options->first_day + options->days;
	day_begin(s);
	*simulation_r = s;
	return 0;
}

void simulate_free(struct simulation **simulation)
{
	struct simulation *s = *simulation;

	if (s == NULL)
		return;
	book_deinit(&s->book);
	agenda_deinit(&s->agenda);
	cast_free(&s->cast);
	population_deinit(&s->population);
	script_set_free(&s->scripts);
	free(s);
	*simulation = NULL;
}

/* Books the earlier of the day's next event and the next incoming leg. 1 booked, 0 nothing came of it, -1
 * the end. */
static int step(struct simulation *s, struct tx *tx_r, const struct simulate_label **label_r)
{
	const struct agenda_event *event = agenda_peek(&s->agenda);
	const struct mirror *mirror = book_mirror(&s->book);
	int64_t event_ms = event != NULL ? s->day_start_ms + event->ms : s->day_start_ms + INSTANT_DAY_MS;

	if (mirror != NULL && mirror->at_ms < event_ms) {
		book_mirror_take(&s->book, tx_r, label_r);
		return 1;
	}
	if (event == NULL) {
		if (++s->day == s->end_day)
			return -1;
		day_begin(s);
		return 0;
	}
	agenda_take(&s->agenda);
	if (event->habit == AGENDA_SCRIPTED)
		return book_scripted(&s->book, event->member, tx_r, label_r);
	return book_honest(&s->book, event, event_ms, tx_r);
}

int simulate_next(struct simulation *simulation, struct tx *tx_r, const struct simulate_label **label_r)
{
	while (simulation->day < simulation->end_day) {
		*label_r = NULL;
		if (step(simulation, tx_r, label_r) != 1)
			continue;
		if (simulation->bank == -1 || slice_is(tx_r->bank, simulation->population.banks[simulation->bank]))
			return 1;
	}
	return 0;
}

const char *simulate_counterparty(const struct simulation *simulation)
{
	return simulation->book.met;
}

void simulate_enterprise(struct simulation *simulation, uint32_t number,
                         struct simulate_enterprise *enterprise_r)
{
	const struct enterprise *e = &simulation->population.items[number];
	struct put address = put_begin(simulation->address, sizeof(simulation->address));

	population_address(e, &address);
	*enterprise_r = (struct simulate_enterprise){
		.bank = slice_of(simulation->population.banks[e->bank]), .account = slice_of(e->account),
		.name = slice_of(e->name), .uscc = slice_of(e->uscc), .legal_representative = slice_of(e->owner),
		.industry = slice_of(trades[e->trade].industry), .scope = slice_of(trades[e->trade].scope),
		.address = put_end(&address), .opened_day = e->opened_day, .registered_day = e->registered_day,
	};
}

struct slice simulate_lookalike(uint64_t seed, struct slice name, char name_r[SIMULATE_NAME_BYTES])
{
	struct put put = put_begin(name_r, SIMULATE_NAME_BYTES);

	names_lookalike(seed, name, &put);
	return put_end(&put);
}

const struct simulate_stats *simulate_stats(const struct simulation *simulation)
{
	return &simulation->book.stats;
}
