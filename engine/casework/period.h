/*
 * The periods of bulletins, on a clock in China: a week begins on Monday at 00:00, a month on its first day. Pure.
 */
#ifndef CASEWORK_PERIOD_H
#define CASEWORK_PERIOD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

enum period_kind { PERIOD_WEEK, PERIOD_MONTH, PERIOD_KINDS };
extern const char *const period_names[PERIOD_KINDS]; /* "week", "month" */
bool period_parse(struct slice name, enum period_kind *kind_r);

struct period {
	enum period_kind kind;
	int32_t from_day, to_day; /* to_day: the first behind it */
	int64_t from_ms, to_ms;
};

/* The last one that is over at `now_ms`; then the one before another. */
struct period period_last(enum period_kind kind, int64_t now_ms);
struct period period_before(const struct period *period);

/* When drafts of the running one are made: the Monday or the 1st behind it, at 08:00; always after `now_ms`. */
int64_t period_drafts_ms(enum period_kind kind, int64_t now_ms);

/* "2026年3月2日至3月8日", "2 to 8 March 2026"; "2026年3月", "March 2026". */
#define PERIOD_TEXT_BYTES 96
void period_text(const struct period *period, bool english, char text_r[PERIOD_TEXT_BYTES]);

#endif
