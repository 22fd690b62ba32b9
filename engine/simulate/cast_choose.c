#include "simulate/cast.h"

#include <stdlib.h>

#include "base/instant.h"
#include "simulate/random.h"

enum { RESERVE_MOST_MINOR = 2000000000 }; /* 20 million yuan */

/* What stands in options->scenarios and which scripts it means. */
struct choice {
	const struct script *scripts[SCRIPTS_MAX];
	uint64_t order[SCRIPTS_MAX];
	int count;
	bool by_id; /* every chosen one must play at least once */
};

struct dealing {
	struct cast *cast;
	struct population_wish *wishes;
	uint32_t *free; /* enterprises that play nowhere, shuffled; the next is the last */
	uint32_t free_count, run_capacity, actor_capacity;
	uint64_t seed;
};

static bool word_means(struct slice word, const struct script *s, bool *by_id_r)
{
	if (slice_is(word, s->id)) {
		*by_id_r = true;
		return true;
	}
	return slice_is(word, "all") || (word.length == 3 && slice_is(word, s->typology)) ||
	       (word.length == 1 && word.at[0] == s->typology[0]);
}

static bool chosen_already(const struct choice *c, const struct script *s)
{
	for (int i = 0; i < c->count; i++)
		if (c->scripts[i] == s)
			return true;
	return false;
}

static int choose_word(struct choice *c, const struct script_set *set, struct slice word, struct error *error)
{
	bool found = false;

	for (int i = 0; i < set->count; i++) {
		if (!word_means(word, set->items[i], &c->by_id))
			continue;
		found = true;
		if (!chosen_already(c, set->items[i]))
			c->scripts[c->count++] = set->items[i];
	}
	if (found)
		return 0;
	return error_set(error, "--scenarios: `%.*s` is no scenario; expected all, none, or ids, typologies "
	                        "(V01) and families (V, M) with commas between", SLICE_PRINT(word));
}

static int choose_words(struct choice *c, const struct script_set *set, const char *words,
                        struct error *error)
{
	while (*words != '\0') {
		size_t length = strcspn(words, ",");
		struct slice word = slice_trim((struct slice){words, (uint32_t)length});

		if (choose_word(c, set, word, error) == -1)
			return -1;
		words += length + (words[length] == ',');
	}
	return 0;
}

/* The first of each typology come first, then the second ones: few performances show many typologies. */
static void order(struct choice *c, uint64_t seed)
{
	for (int i = 0; i < c->count; i++) {
		uint64_t mine = random_mix(seed, (uint64_t)i) >> 8, before = 0;
		for (int j = 0; j < c->count; j++)
			before += strcmp(c->scripts[j]->typology, c->scripts[i]->typology) == 0 &&
			          (random_mix(seed, (uint64_t)j) >> 8) < mine;
		c->order[i] = before << 56 | mine;
	}
	for (int i = 1; i < c->count; i++)
		for (int j = i; j > 0 && c->order[j] < c->order[j - 1]; j--) {
			uint64_t o = c->order[j];
			const struct script *s = c->scripts[j];
			c->order[j] = c->order[j - 1];
			c->scripts[j] = c->scripts[j - 1];
			c->order[j - 1] = o;
			c->scripts[j - 1] = s;
		}
}

/* What a role pays at most out of its own pocket: a victim must be able to. */
static int64_t reserve(const struct script *s, int role)
{
	int64_t sum = 0, one = 0;

	for (int i = 0; i < s->step_count; i++) {
		const struct script_step *step = &s->steps[i];
		if (step->role != role || step->direction != TX_DEBIT)
			continue;
		if (step->amount.of == OF_YUAN)
			one = step->amount.range.most;
		else if (step->amount.of == OF_LIST)
			one = step->amount.list_minor[step->amount.list_count - 1];
		else if (step->amount.of == OF_LAST)
			one = one * (step->amount.range.most / 100) / 100;
		else
			one = 0;
		sum += one * step->repeat.most * s->rounds.most;
	}
	return sum < RESERVE_MOST_MINOR ? sum : RESERVE_MOST_MINOR;
}

static struct population_wish wish_make(const struct script *s, int role, struct random *r)
{
	const struct script_role *wanted = &s->roles[role];
	struct population_wish wish = {.wished = true};

	wish.kind = wanted->kinds[random_below(r, (uint64_t)wanted->kind_count)];
	wish.age_least_days = (int16_t)(wanted->age_ms.least / INSTANT_DAY_MS);
	wish.age_most_days = (int16_t)(wanted->age_ms.most / INSTANT_DAY_MS);
	wish.reserve_minor = wish.kind != KIND_SHELL && wish.kind != KIND_SLEEPER ? reserve(s, role) : 0;
	return wish;
}

static void *grown(void *items, uint32_t count, uint32_t *capacity, size_t size)
{
	if (count < *capacity)
		return items;
	*capacity = *capacity > 0 ? *capacity * 2 : 64;
	items = realloc(items, *capacity * size);
	if (items == NULL)
		die("out of memory: the cast of the simulator's scenarios");
	return items;
}

static void actor_add(struct dealing *d, uint32_t enterprise, int role)
{
	struct cast *cast = d->cast;

	cast->actors = grown(cast->actors, cast->actor_count, &d->actor_capacity, sizeof(*cast->actors));
	cast->actors[cast->actor_count++] = (struct actor){.enterprise = enterprise, .role = (uint8_t)role};
}

/* Deals enterprises out for one performance; false where too few are left. */
static bool deal(struct dealing *d, const struct script *script)
{
	struct cast *cast = d->cast;
	struct run run = {.script = script, .seed = random_mix(d->seed, cast->run_count),
	                  .first_actor = cast->actor_count};
	struct random r = {run.seed};
	uint32_t wanted[SCRIPT_ROLES_MAX], sum = 0;

	for (int i = 0; i < script->role_count; i++)
		sum += wanted[i] = (uint32_t)random_between(&r, script->roles[i].accounts.least,
		                                            script->roles[i].accounts.most);
	if (sum > d->free_count)
		return false;
	for (int i = 0; i < script->role_count; i++)
		for (uint32_t j = 0; j < wanted[i]; j++) {
			uint32_t enterprise = d->free[--d->free_count];
			d->wishes[enterprise] = wish_make(script, i, &r);
			actor_add(d, enterprise, i);
		}
	run.actor_count = (uint16_t)sum;
	cast->runs = grown(cast->runs, cast->run_count, &d->run_capacity, sizeof(*cast->runs));
	cast->runs[cast->run_count++] = run;
	return true;
}

static uint32_t *shuffled(uint32_t count, uint64_t seed)
{
	uint32_t *items = malloc(count * sizeof(*items));
	struct random r = {seed};

	if (items == NULL)
		die("out of memory: the cast of the simulator's scenarios");
	for (uint32_t i = 0; i < count; i++) {
		uint32_t at = random_below(&r, (uint64_t)i + 1);
		items[i] = items[at];
		items[at] = i;
	}
	return items;
}

/* Rounds over the chosen scripts until the share of enterprises plays; those named by id all once at
 * least. */
static int deal_all(struct dealing *d, const struct choice *c, const struct simulate_options *options,
                    struct error *error)
{
	uint32_t share = (uint32_t)((int64_t)options->enterprises * options->fraud_permille / 1000);
	int failed = 0;

	for (int i = 0; failed < c->count; i++) {
		bool must = c->by_id && i < c->count;
		if (!must && d->cast->actor_count >= share)
			return 0;
		if (deal(d, c->scripts[i % c->count]))
			failed = 0;
		else if (must)
			return error_set(error,
			                 "--enterprises %d: too few for all the scenarios named; `%s` finds no account left",
			                 options->enterprises, c->scripts[i]->id);
		else
			failed++;
	}
	return 0;
}

int cast_choose(struct cast *cast, const struct script_set *scripts, const struct simulate_options *options,
                struct population_wish *wishes, struct error *error)
{
	struct choice choice = {.count = 0};
	struct dealing d = {.cast = cast, .wishes = wishes, .free_count = (uint32_t)options->enterprises,
	                    .seed = random_mix(options->seed, 'c')};
	int result;

	*cast = (struct cast){.run_count = 0};
	if (strcmp(options->scenarios, "none") == 0)
		return 0;
	if (choose_words(&choice, scripts, options->scenarios, error) == -1)
		return -1;
	order(&choice, random_mix(d.seed, 'o'));
	d.free = shuffled(d.free_count, random_mix(d.seed, 's'));
	result = deal_all(&d, &choice, options, error);
	free(d.free);
	if (result == -1)
		cast_free(cast);
	return result;
}

void cast_free(struct cast *cast)
{
	free(cast->runs);
	free(cast->actors);
	free(cast->events);
	*cast = (struct cast){.run_count = 0};
}

struct actor *cast_actor(const struct cast *cast, const struct run *run, int role, uint32_t member)
{
	uint32_t first = run->first_actor, count = 0;

	while (cast->actors[first].role != role)
		first++;
	while (first + count < run->first_actor + run->actor_count && cast->actors[first + count].role == role)
		count++;
	return &cast->actors[first + member % count];
}
