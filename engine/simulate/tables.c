#include "simulate/tables.h"

#include <assert.h>
#include <pthread.h>

#include "base/tx.h"
#include "simulate/draw.h"

#define ON(kind) (UINT32_C(1) << KIND_##kind)

const struct kind_info kinds[KIND_COUNT] = {
#define KIND(symbol, name, permille, staff_least, staff_most, a_head, suppliers, customers, age_least, \
             age_most, balance, supplied_by, sells_to) \
	[KIND_##symbol] = {name, permille, staff_least, staff_most, a_head, suppliers, customers, age_least, \
	                   age_most, balance, supplied_by, sells_to},
#include "simulate/kinds.def"
#undef KIND
};

const struct trade_info trades[] = {
#define TRADE(kind, word, industry, scope) {KIND_##kind, word, industry, scope},
#include "simulate/trades.def"
#undef TRADE
};
const int trade_count = sizeof(trades) / sizeof(trades[0]);

/* The kinds that parties.def names; NONE is what stands beside cash. */
enum {
	PARTY_KIND_NONE = TX_KIND_NONE, PARTY_KIND_COMPANY = TX_COMPANY, PARTY_KIND_PERSON = TX_PERSON,
	PARTY_KIND_TREASURY = TX_TREASURY, PARTY_KIND_BANK = TX_BANK
};

const struct party_info party_infos[PARTY_COUNT] = {
#define PARTY(symbol, name, kind, maker, whose, members, text) \
	[PARTY_##symbol] = {name, PARTY_KIND_##kind, MAKE_##maker, WHOSE_##whose, members, text},
#include "simulate/parties.def"
#undef PARTY
};

const struct habit_info habits[] = {
#define HABIT(kinds, percent, rhythm, a, b, hours, direction, party, unit, level, spread, rounding, channel, \
              texts) \
	{kinds, percent, RHYTHM_##rhythm, HOURS_##hours, TX_##direction, PARTY_##party, UNIT_##unit, \
	 DRAW_##spread, DRAW_##rounding, TX_##channel, TEXTS_##texts, a, b, level},
#include "simulate/habits.def"
#undef HABIT
};
const int habit_count = sizeof(habits) / sizeof(habits[0]);
static_assert(sizeof(habits) / sizeof(habits[0]) <= HABITS_MAX, "raise HABITS_MAX");

static const char *const texts[TEXTS_COUNT][2] = {
#define TEXTS(symbol, purposes, remarks) [TEXTS_##symbol] = {purposes, remarks},
#include "simulate/texts.def"
#undef TEXTS
};

static struct text_variants variants[TEXTS_COUNT][2];
static pthread_once_t cut_once = PTHREAD_ONCE_INIT;

static void cut(const char *text, struct text_variants *v)
{
	for (;;) {
		const char *bar = strchr(text, '|');
		size_t length = bar != NULL ? (size_t)(bar - text) : strlen(text);

		assert(v->count < TEXTS_VARIANTS_MAX);
		v->items[v->count++] = (struct slice){text, (uint32_t)length};
		if (bar == NULL)
			return;
		text = bar + 1;
	}
}

static void cut_all(void)
{
	for (int i = 0; i < TEXTS_COUNT; i++)
		for (int j = 0; j < 2; j++)
			cut(texts[i][j], &variants[i][j]);
}

void tables_begin(void)
{
	pthread_once(&cut_once, cut_all);
}

const struct text_variants *texts_purposes(int which)
{
	return &variants[which][0];
}

const struct text_variants *texts_remarks(int which)
{
	return &variants[which][1];
}
