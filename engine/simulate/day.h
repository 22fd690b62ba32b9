/*
 * The plan of an honest day: which habits of which enterprises happen today, and when.
 */
#ifndef SIMULATE_DAY_H
#define SIMULATE_DAY_H

#include "simulate/agenda.h"
#include "simulate/calendar.h"
#include "simulate/population.h"

/* Adds today's events of all enterprises. Each draws from streams of its own, so the order of the walk
 * decides nothing but ties. */
void day_plan(const struct population *population, const struct calendar_day *today, struct agenda *agenda);

#endif
