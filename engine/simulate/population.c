#include "simulate/population.h"

#include <stdlib.h>

#include "simulate/draw.h"
#include "simulate/random.h"

enum { YUAN = 100, PERCENT = 100, REGISTERED_BEFORE_MOST_DAYS = 40, TRADES_A_KIND_MAX = 16, STREETS = 8 };

static uint8_t kind_draw(struct random *r)
{
	uint32_t left = random_below(r, 1000);

	for (int k = 0; k < KIND_COUNT; k++) {
		if (left < kinds[k].permille)
			return (uint8_t)k;
		left -= kinds[k].permille;
	}
	return KIND_TRADER;
}

static uint8_t trade_draw(struct random *r, uint8_t kind)
{
	uint8_t found[TRADES_A_KIND_MAX];
	uint32_t count = 0;

	for (int i = 0; i < trade_count && count < TRADES_A_KIND_MAX; i++)
		if (trades[i].kind == kind)
			found[count++] = (uint8_t)i;
	return found[random_below(r, count)];
}

static void names_make(const struct population *p, struct enterprise *e, uint32_t serial)
{
	struct put name = put_begin(e->name, sizeof(e->name)), owner = put_begin(e->owner, sizeof(e->owner));

	names_firm(random_mix(e->seed, 1), PLACE_359900, &trades[e->trade], &name);
	names_person(random_mix(e->seed, 2), &owner);
	numbers_uscc(random_mix(e->seed, 3), districts[e->district].division, e->uscc);
	numbers_account_of_serial(random_mix(p->seed, 'a'), serial, e->account);
	numbers_ip_of_serial(serial, e->ip);
	numbers_mac(random_mix(e->seed, 4), e->mac);
	numbers_device(random_mix(e->seed, 5), e->device);
}

static void money_make(struct enterprise *e, struct random *r, int64_t reserve_minor)
{
	const struct kind_info *kind = &kinds[e->kind];

	e->turnover_minor = (int64_t)e->staff * kind->yuan_a_head * draw_factor(r, DRAW_MIDDLE, 0) / 1000 * YUAN;
	e->target_minor = e->turnover_minor * kind->balance_percent / PERCENT + reserve_minor;
	e->balance_minor = draw_round(r, e->target_minor * draw_factor(r, DRAW_NARROW, 0) / 1000, DRAW_CENT);
	if (e->balance_minor < reserve_minor)
		e->balance_minor = reserve_minor;
}

static void enterprise_make(const struct population *p, uint32_t serial, const struct population_wish *wish,
                            int banks)
{
	struct enterprise *e = &p->items[serial];
	struct random r = {random_mix(p->seed, serial)};
	const struct kind_info *kind;
	int least, most;

	e->seed = random_next(&r);
	e->kind = kind_draw(&r);
	if (wish->wished)
		e->kind = wish->kind;
	kind = &kinds[e->kind];
	e->trade = trade_draw(&r, e->kind);
	e->bank = (uint8_t)(serial % (uint32_t)banks);
	e->district = (uint8_t)random_below(&r, DISTRICT_COUNT);
	e->staff = (uint16_t)random_between(&r, kind->staff_least, kind->staff_most);
	least = wish->age_most_days > 0 ? wish->age_least_days : kind->age_least_days;
	most = wish->age_most_days > 0 ? wish->age_most_days : kind->age_most_days;
	e->opened_day = p->first_day - (int32_t)random_between(&r, least, most);
	e->registered_day = e->opened_day - (int32_t)random_between(&r, 2, REGISTERED_BEFORE_MOST_DAYS);
	e->head = POPULATION_NOBODY;
	names_make(p, e, serial);
	money_make(e, &r, wish->reserve_minor);
}

/* Wholesalers are daughters of the groups, in turn. */
static void groups_make(struct population *p)
{
	uint32_t next = 0;

	for (uint32_t i = 0; i < p->count; i++) {
		if (p->items[i].kind != KIND_WHOLESALER)
			continue;
		for (uint32_t tried = 0; tried < p->count; tried++) {
			uint32_t at = (next + tried) % p->count;
			if (p->items[at].kind != KIND_GROUP)
				continue;
			p->items[i].head = at;
			next = at + 1;
			break;
		}
		if (p->items[i].head == POPULATION_NOBODY)
			return; /* there is no group */
	}
}

void population_init(struct population *population, const struct simulate_options *options,
                     const struct population_wish *wishes)
{
	*population = (struct population){.count = (uint32_t)options->enterprises, .first_day = options->first_day,
	                                  .seed = random_mix(options->seed, 'p')};
	population->items = calloc(population->count, sizeof(*population->items));
	if (population->items == NULL)
		die("out of memory: %u enterprises of the simulator", population->count);
	for (int bank = 0; bank < SIMULATE_BANKS_MAX; bank++)
		numbers_bank(bank, PLACE_359900, 1, population->banks[bank]);
	for (uint32_t i = 0; i < population->count; i++)
		enterprise_make(population, i, &wishes[i], options->banks);
	groups_make(population);
}

void population_deinit(struct population *population)
{
	free(population->items);
	*population = (struct population){0};
}

void population_address(const struct enterprise *enterprise, struct put *p)
{
	static const char *const streets[STREETS] = {"云桥大道", "滨江路", "工业一路", "兴业街", "学府路", "港中路", "石溪路",
	                                             "科技二路"};
	struct random r = {random_mix(enterprise->seed, 'a')};
	uint32_t street = random_below(&r, STREETS), number = 1 + random_below(&r, 400), room = random_below(&r, 30);

	put_text(p, "云桥市");
	put_text(p, districts[enterprise->district].name_zh);
	put_text(p, streets[street]);
	put_number(p, number, 1);
	put_text(p, "号");
	put_number(p, room + 101, 1);
	put_text(p, "室");
}
