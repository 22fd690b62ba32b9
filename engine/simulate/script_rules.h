/*
 * The small words of a scenario file: numbers, ranges, durations, times of day, amounts.
 */
#ifndef SIMULATE_SCRIPT_RULES_H
#define SIMULATE_SCRIPT_RULES_H

#include "simulate/script.h"

/* Each reads a whole text, `a` or `a..b`, and says no where anything is wrong, b < a included. */
bool rule_count(struct slice text, struct script_range *range_r); /* "3..5" */
bool rule_duration(struct slice text, struct script_range *ms_r); /* "90s..5m", units s m h d */
bool rule_clock(struct slice text, struct script_range *minute_r); /* "9:00..17:30", "23:10..4:30" */
bool rule_percent(struct slice text, int64_t *percent_r); /* "25%" */
bool rule_yuan(struct slice text, int64_t *minor_r); /* "4.99万" */
/* "5万..48万", or "90%..98% of" balance | credit | held | usual | last */
bool rule_amount(struct slice text, struct script_amount *amount_r);

#endif
