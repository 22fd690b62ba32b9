/*
 * A simulation under way: everything that its parts share. Private to the room.
 */
#ifndef SIMULATE_WORLD_H
#define SIMULATE_WORLD_H

#include "simulate/book.h"

struct simulation {
	struct script_set scripts;
	struct cast cast;
	struct population population;
	struct agenda agenda;
	struct book book; /* borrows population, cast and today */
	struct calendar_day today;
	int64_t day_start_ms; /* UTC */
	int32_t day, end_day;
	uint32_t next_scripted;
	char address[POPULATION_ADDRESS_BYTES];
	int bank; /* the only one that is given out; -1 for all */
};

#endif
