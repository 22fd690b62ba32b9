/*
 * The tables of the simulated world as C sees them: kinds, trades, parties, texts, habits. Data only; the
 * .def files are the source and say what each column means.
 */
#ifndef SIMULATE_TABLES_H
#define SIMULATE_TABLES_H

#include <stdint.h>

#include "base/slice.h"

enum kind {
#define KIND(symbol, ...) KIND_##symbol,
#include "simulate/kinds.def"
#undef KIND
	KIND_COUNT
};

struct kind_info {
	const char *name;
	uint16_t permille, staff_least, staff_most;
	int32_t yuan_a_head;
	uint16_t suppliers, customers;
	int16_t age_least_days, age_most_days; /* at the first day; negative: opened later */
	uint16_t balance_percent;
	uint32_t supplied_by, sells_to; /* bits of kinds */
};

extern const struct kind_info kinds[KIND_COUNT];

struct trade_info {
	enum kind kind;
	const char *word, *industry, *scope;
};

extern const struct trade_info trades[];
extern const int trade_count;

enum party_class {
#define PARTY(symbol, ...) PARTY_##symbol,
#include "simulate/parties.def"
#undef PARTY
	PARTY_COUNT
};

enum party_maker { MAKE_FIRM, MAKE_PERSON, MAKE_OWNER, MAKE_TEXT, MAKE_ALONE, MAKE_NOBODY, MAKE_ACCOUNT };
enum party_whose { WHOSE_OWN, WHOSE_CITY, WHOSE_BANK };

struct party_info {
	const char *name;
	uint8_t kind; /* enum tx_party_kind */
	enum party_maker maker;
	enum party_whose whose;
	uint16_t members;
	const char *text;
};

extern const struct party_info party_infos[PARTY_COUNT];

enum texts {
#define TEXTS(symbol, ...) TEXTS_##symbol,
#include "simulate/texts.def"
#undef TEXTS
	TEXTS_COUNT
};

#define TEXTS_VARIANTS_MAX 12

/* Variants between bars, cut apart. */
struct text_variants {
	struct slice items[TEXTS_VARIANTS_MAX];
	int count;
};

enum rhythm {
	RHYTHM_PER_DAY, RHYTHM_PER_HEAD, RHYTHM_DAILY, RHYTHM_MONTHLY, RHYTHM_EACH, RHYTHM_QUARTERLY,
	RHYTHM_QUARTER_END, RHYTHM_YEARLY, RHYTHM_AFTER
};
enum hours { HOURS_OFFICE, HOURS_NIGHT, HOURS_DAWN, HOURS_SHOPS, HOURS_SWEEP };
enum level_unit { UNIT_YUAN, UNIT_TURN, UNIT_WAGE, UNIT_HELD };

struct habit_info {
	uint32_t kinds; /* bits */
	uint8_t percent, rhythm, hours, direction, party, unit, spread, rounding, channel, texts;
	int16_t a, b;
	int32_t level;
};

extern const struct habit_info habits[];
extern const int habit_count;

#define HABITS_MAX 96

/* Purposes and remarks of a set of texts; made by tables_begin(). */
const struct text_variants *texts_purposes(int texts);
const struct text_variants *texts_remarks(int texts);

/* Cuts the texts apart; any number of times. */
void tables_begin(void);

#endif
