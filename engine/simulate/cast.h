/*
 * Who plays in which scenario, and when each step falls.
 *
 * Two passes, because the population is made between them: cast_choose() picks enterprises and says what
 * they must be, cast_schedule() lays the steps out in time. All of it before the feed begins: scripted
 * events are few.
 */
#ifndef SIMULATE_CAST_H
#define SIMULATE_CAST_H

#include "simulate/population.h"
#include "simulate/script.h"

#define CAST_EVENTS_MAX (4u << 20)
#define CAST_ACTORS_MAX (SCRIPT_ROLES_MAX * SCRIPT_ROLE_ACCOUNTS_MAX)

/* An account in a performance, with what it did there. */
struct actor {
	uint32_t enterprise;
	uint8_t role;
	int64_t held_minor; /* received less paid */
	int64_t credit_minor, last_minor; /* the latest credit; the latest of either */
};

/* One performance of a script. */
struct run {
	const struct script *script;
	uint64_t seed;
	int64_t begin_ms; /* UTC */
	uint32_t first_actor;
	uint16_t actor_count;
};

struct scripted {
	int64_t at_ms; /* UTC */
	uint64_t seed;
	uint32_t run, actor, member; /* actor: index into cast->actors */
	uint16_t step;
};

struct cast {
	struct run *runs; /* owned */
	struct actor *actors; /* owned */
	struct scripted *events; /* owned, in the order of time */
	uint32_t run_count, actor_count, event_count, event_capacity;
};

/* Chooses by options->scenarios and fraud_permille. `wishes` has an entry an enterprise and comes cleared. */
int cast_choose(struct cast *cast, const struct script_set *scripts, const struct simulate_options *options,
                struct population_wish *wishes, struct error *error);
void cast_schedule(struct cast *cast, const struct simulate_options *options,
                   const struct population *population);
void cast_free(struct cast *cast);

/* The account that plays `role` as number `member` (modulo how many there are). */
struct actor *cast_actor(const struct cast *cast, const struct run *run, int role, uint32_t member);

#endif
