/*
 * Private: the demo's child process.
 */
#ifndef CLI_DEMO_FEED_H
#define CLI_DEMO_FEED_H

#include <stdint.h>

#include "simulate/simulate.h"

#define DEMO_ROUNDS \
	12 /* months whose enterprises are in the sample registry: three and a half hours of watching */

/* The population and its frauds; `round` 0 is the first, later ones follow when a simulation is through. */
int demo_feed_simulation(uint64_t round, struct simulation **simulation_r, struct error *error);

/* Starts the broker, writes its address to `ready_fd`, goes past the first `skip` transactions and produces the rest at
 * a pace that a person can watch, until SIGTERM or the parent's end. */
_Noreturn void demo_feed_run(const char *topic, uint64_t skip, int ready_fd);

#endif
