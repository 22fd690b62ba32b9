/*
 * Texts of transactions: placeholders filled in, and now and then spelled so that a plain search misses them.
 *
 * {m} month, {q} quarter, {y} year, {d} month and day, {n} a number of 4 to 6 digits, {name} the
 * counterparty, {own} the enterprise, {boss} its legal representative, {title} the surname with 总, {staff}
 * one of its people.
 */
#ifndef SIMULATE_TEXT_H
#define SIMULATE_TEXT_H

#include "simulate/calendar.h"
#include "simulate/population.h"
#include "simulate/random.h"

#define TEXT_BYTES 512

/* Who writes to whom, when. */
struct text_context {
	const struct enterprise *writer;
	struct slice counterparty;
	const struct calendar_day *today;
};

void text_expand(struct slice template, const struct text_context *context, struct random *r, struct put *p);

/* Puts something between the characters of the beginning: spaces, points, marks, invisible characters. */
void text_disguise(struct random *r, char text[TEXT_BYTES]);

#endif
