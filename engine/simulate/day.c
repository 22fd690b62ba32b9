#include "simulate/day.h"

#include "base/instant.h"
#include "simulate/draw.h"
#include "simulate/party.h"
#include "simulate/tables.h"

enum { BATCH_GAP_MS = 37, YEARLY_FIRST_DAY = 5, YEARLY_DAYS = 20, MONTH_END = 25, MONTH_BEGIN = 3 };

struct planning {
	const struct population *population;
	const struct calendar_day *today;
	struct agenda *agenda;
	uint32_t number; /* of the enterprise */
	const struct enterprise *enterprise;
};

/* Permille of usual business by month: the Spring Festival is slow, the year's end busy. */
static const int16_t seasons[12] = {1050, 650, 960, 980, 1000, 1000, 970, 960, 1030, 980, 1080, 1180};

static int64_t season(const struct calendar_day *today)
{
	int64_t part = today->of_month >= MONTH_END ? 1250 : today->of_month <= MONTH_BEGIN ? 860 : 960;

	return seasons[today->month - 1] * part / 1000;
}

static int64_t minutes_between(struct random *r, int from, int to)
{
	return random_between(r, from * INSTANT_MINUTE_MS, to * INSTANT_MINUTE_MS - 1);
}

/* Offices have two busy spells and a lunch; a few payments are made after hours. */
static int64_t office_ms(struct random *r)
{
	uint32_t part = random_below(r, 100);

	if (part < 45)
		return (minutes_between(r, 525, 715) + minutes_between(r, 525, 715)) / 2;
	if (part < 90)
		return (minutes_between(r, 805, 1055) + minutes_between(r, 805, 1055)) / 2;
	return part < 98 ? minutes_between(r, 510, 1110) : minutes_between(r, 1110, 1300);
}

static int64_t time_draw(struct random *r, enum hours hours)
{
	switch (hours) {
	case HOURS_NIGHT: return minutes_between(r, 40, 300);
	case HOURS_DAWN: return (minutes_between(r, 270, 700) + minutes_between(r, 270, 700)) / 2;
	case HOURS_SHOPS: return minutes_between(r, 560, 1350);
	case HOURS_SWEEP: return minutes_between(r, 1050, 1070);
	default: return office_ms(r);
	}
}

static void add(struct planning *p, int habit, int64_t ms, uint32_t member, uint64_t seed)
{
	agenda_add(p->agenda, &(struct agenda_event){.seed = seed, .ms = (uint32_t)ms, .enterprise = p->number,
	                                             .member = member, .habit = (uint16_t)habit});
}

static void add_some(struct planning *p, int habit, struct random *r, int times)
{
	const struct habit_info *h = &habits[habit];

	for (int i = 0; i < times; i++) {
		int64_t ms = time_draw(r, h->hours);
		/* Daily settlements come from every acquirer in turn, everything else from whom it happens to be. */
		uint32_t member = h->rhythm == RHYTHM_DAILY ? (uint32_t)i % party_members(p->enterprise, h->party)
		                                            : party_draw_member(p->enterprise, h->party, r);
		add(p, habit, ms, member, random_next(r));
	}
}

/* A batch: everybody within seconds, in one go. */
static void add_each(struct planning *p, int habit, struct random *r)
{
	uint32_t members = party_members(p->enterprise, habits[habit].party);
	int64_t ms = time_draw(r, habits[habit].hours);

	for (uint32_t i = 0; i < members; i++)
		add(p, habit, ms + i * BATCH_GAP_MS, i, random_next(r));
}

/* The enterprise's own day of the month for a habit. */
static bool due_monthly(const struct planning *p, const struct habit_info *h, uint64_t own)
{
	int day = h->a + (int)(own % (uint64_t)h->b);

	return calendar_due(p->today, day <= CALENDAR_DUE_LAST ? day : CALENDAR_DUE_LAST);
}

static int64_t rate(const struct planning *p, const struct habit_info *h)
{
	int64_t hundredths = h->a;

	if (h->rhythm == RHYTHM_PER_HEAD)
		hundredths = hundredths * p->enterprise->staff / 10;
	if (!p->today->workday)
		hundredths = hundredths * h->b / 100;
	return hundredths * season(p->today) / 1000;
}

/* How often a habit happens today; -1: once for each member. */
static int times_today(const struct planning *p, const struct habit_info *h, uint64_t own, struct random *r)
{
	int month = p->today->month;

	switch (h->rhythm) {
	case RHYTHM_PER_DAY:
	case RHYTHM_PER_HEAD:
		return draw_count(r, rate(p, h));
	case RHYTHM_DAILY:
		return p->today->workday || random_percent(r, (uint32_t)h->b) ? h->a : 0;
	case RHYTHM_MONTHLY:
		return due_monthly(p, h, own);
	case RHYTHM_EACH:
		return due_monthly(p, h, own) ? -1 : 0;
	case RHYTHM_QUARTERLY:
		return month % 3 == 1 && due_monthly(p, h, own);
	case RHYTHM_QUARTER_END:
		return month % 3 == 0 && due_monthly(p, h, own);
	case RHYTHM_YEARLY:
		return month == h->a && calendar_due(p->today, YEARLY_FIRST_DAY + (int)(own % YEARLY_DAYS));
	default:
		return p->today->day - p->enterprise->opened_day == h->a + (int)(own % (uint64_t)h->b);
	}
}

static void plan_habit(struct planning *p, int habit)
{
	const struct habit_info *h = &habits[habit];
	uint64_t own = random_mix(p->enterprise->seed, 1000 + (uint64_t)habit);
	struct random r = {random_mix(own, (uint64_t)p->today->day)};
	int times;

	if (own % 100 >= h->percent)
		return;
	times = times_today(p, h, own >> 32, &r);
	if (times < 0)
		add_each(p, habit, &r);
	else
		add_some(p, habit, &r, times);
}

void day_plan(const struct population *population, const struct calendar_day *today, struct agenda *agenda)
{
	struct planning p = {population, today, agenda, 0, NULL};

	for (p.number = 0; p.number < population->count; p.number++) {
		p.enterprise = &population->items[p.number];
		if (p.enterprise->opened_day > today->day)
			continue;
		for (int habit = 0; habit < habit_count; habit++)
			if (habits[habit].kinds >> p.enterprise->kind & 1)
				plan_habit(&p, habit);
	}
}
