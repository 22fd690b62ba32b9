/*
 * Numbers that look random and are a function of the seed: SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
 *
 * A stream costs its 8 bytes of state and no start-up, so every enterprise, habit and day has its own:
 * what one of them draws never moves another, and nothing has to be remembered between days.
 */
#ifndef SIMULATE_RANDOM_H
#define SIMULATE_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

#define RANDOM_STEP UINT64_C(0x9E3779B97F4A7C15)

struct random {
	uint64_t state;
};

static inline uint64_t random_scramble(uint64_t z)
{
	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

/* A seed for something numbered `n` below something seeded `seed`. */
static inline uint64_t random_mix(uint64_t seed, uint64_t n)
{
	return random_scramble(seed + (n + 1) * RANDOM_STEP);
}

static inline uint64_t random_next(struct random *r)
{
	r->state += RANDOM_STEP;
	return random_scramble(r->state);
}

/* 0 .. n-1; n in 1 .. 2^32. The bias is below n / 2^32. */
static inline uint32_t random_below(struct random *r, uint64_t n)
{
	return (uint32_t)((random_next(r) >> 32) * n >> 32);
}

/* least .. most, both included; most - least below 2^63. */
static inline int64_t random_between(struct random *r, int64_t least, int64_t most)
{
	return least + (int64_t)(random_next(r) % ((uint64_t)(most - least) + 1));
}

/* True in `percent` of 100 cases. */
static inline bool random_percent(struct random *r, uint32_t percent)
{
	return random_below(r, 100) < percent;
}

#endif
