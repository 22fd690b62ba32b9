/*
 * Amounts as firms have them: many small ones, few large ones, some round. Integers only.
 */
#ifndef SIMULATE_DRAW_H
#define SIMULATE_DRAW_H

#include "simulate/random.h"

/* How far amounts of one habit lie apart: log-normal with sigma 0.15, 0.5, 1.0. FIXED is the same every
 * time, STEADY within 4 % of it. */
enum draw_spread { DRAW_FIXED, DRAW_STEADY, DRAW_NARROW, DRAW_MIDDLE, DRAW_WIDE };

enum draw_rounding { DRAW_CENT, DRAW_YUAN, DRAW_TEN, DRAW_HUNDRED, DRAW_THOUSAND, DRAW_MIXED };

/* A factor with the mean 1,000. `fixed` seeds what stays the same for FIXED and STEADY. */
int64_t draw_factor(struct random *r, enum draw_spread spread, uint64_t fixed);

/* Rounded down, never to 0. MIXED: a third to the cent, else to yuan, hundreds or thousands where it is
 * large. */
int64_t draw_round(struct random *r, int64_t amount_minor, enum draw_rounding rounding);

/* A number of events with the mean `hundredths` / 100. */
int draw_count(struct random *r, int64_t hundredths);

#endif
