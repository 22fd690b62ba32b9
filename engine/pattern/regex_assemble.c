/*
 * The states of a regular expression, in the way of Thompson: a repeat is that many copies, each optional one
 * behind a split; alternatives that begin with a character share one state. REGEX_COST_MAX bounds the number.
 */
#include <stdlib.h>

#include "pattern/regex.h"

enum { STATES_MAX = REGEX_COST_MAX + 1 };

struct assembly {
	struct arena *arena;
	struct regex_state states[STATES_MAX];
	uint32_t count;
};

static uint32_t add(struct assembly *a, struct regex_state state)
{
	if (a->count == STATES_MAX)
		die("a regular expression within its bounds has more than %d states", STATES_MAX);
	a->states[a->count] = state;
	return a->count++;
}

static void assemble(struct assembly *a, const struct regex_node *node);

/* The alternative's first character, where it begins with one. */
static const struct regex_node *first_character(const struct regex_node *node)
{
	const struct regex_node *first = node->kind == REGEX_SEQUENCE ? node->first : node;

	return first != NULL && first->kind == REGEX_CHARACTER ? first : NULL;
}

static int by_point(const void *a, const void *b)
{
	const struct regex_leap *x = a, *y = b;

	if (x->point != y->point)
		return x->point < y->point ? -1 : 1;
	return x->to < y->to ? -1 : x->to > y->to;
}

/* The alternatives that begin with a character, behind one state; each adds its end to `ends`. */
static void assemble_leaps(struct assembly *a, const struct regex_node *choice, uint32_t count, uint32_t *ends,
                           uint32_t *end_count)
{
	struct regex_leap *leaps = arena_take(a->arena, count * sizeof(*leaps));
	uint32_t state = add(a, (struct regex_state){.code = REGEX_LEAP, .point = count, .leaps = leaps}), made = 0;

	if (leaps == NULL)
		die("out of memory: the patterns are larger than their arena");
	for (const struct regex_node *child = choice->first; child != NULL; child = child->next) {
		const struct regex_node *first = first_character(child);
		if (first == NULL)
			continue;
		leaps[made++] = (struct regex_leap){first->point, a->count};
		for (const struct regex_node *rest = first == child ? NULL : first->next; rest != NULL; rest = rest->next)
			assemble(a, rest);
		ends[(*end_count)++] = add(a, (struct regex_state){.code = REGEX_JUMP});
	}
	qsort(leaps, made, sizeof(*leaps), by_point);
	a->states[state].leaps = leaps;
}

/* Those that begin with anything else one by one, each behind a split; the others together, last. */
static void assemble_choice(struct assembly *a, const struct regex_node *node)
{
	uint32_t ends[STATES_MAX], end_count = 0, others = 0, leaps = 0, split;

	for (const struct regex_node *child = node->first; child != NULL; child = child->next)
		*(first_character(child) != NULL ? &leaps : &others) += 1;
	for (const struct regex_node *child = node->first; child != NULL; child = child->next) {
		if (first_character(child) != NULL)
			continue;
		if (--others == 0 && leaps == 0) {
			assemble(a, child);
			break;
		}
		split = add(a, (struct regex_state){.code = REGEX_SPLIT});
		a->states[split].to = (uint16_t)a->count;
		assemble(a, child);
		ends[end_count++] = add(a, (struct regex_state){.code = REGEX_JUMP});
		a->states[split].other = (uint16_t)a->count;
	}
	if (leaps > 0)
		assemble_leaps(a, node, leaps, ends, &end_count);
	for (uint32_t i = 0; i < end_count; i++)
		a->states[ends[i]].to = (uint16_t)a->count;
}

static void assemble_repeat(struct assembly *a, const struct regex_node *node)
{
	uint32_t splits[REGEX_REPEAT_MAX], split_count = 0;

	for (uint32_t i = 0; i < node->most; i++) {
		if (i >= node->least) {
			splits[split_count++] = add(a, (struct regex_state){.code = REGEX_SPLIT});
			a->states[splits[split_count - 1]].to = (uint16_t)a->count;
		}
		assemble(a, node->first);
	}
	for (uint32_t i = 0; i < split_count; i++)
		a->states[splits[i]].other = (uint16_t)a->count;
}

static void assemble(struct assembly *a, const struct regex_node *node)
{
	switch (node->kind) {
	case REGEX_EMPTY: break;
	case REGEX_CHARACTER: add(a, (struct regex_state){.code = REGEX_IS, .point = node->point}); break;
	case REGEX_ANY: add(a, (struct regex_state){.code = REGEX_IS_ANY}); break;
	case REGEX_CLASS:
		add(a, (struct regex_state){.code = REGEX_IS_IN, .point = node->range_count, .ranges = node->ranges});
		break;
	case REGEX_SEQUENCE:
		for (const struct regex_node *child = node->first; child != NULL; child = child->next)
			assemble(a, child);
		break;
	case REGEX_CHOICE: assemble_choice(a, node); break;
	case REGEX_REPEAT: assemble_repeat(a, node); break;
	case REGEX_BEGIN: add(a, (struct regex_state){.code = REGEX_AT_BEGIN}); break;
	case REGEX_ENDS: add(a, (struct regex_state){.code = REGEX_AT_END}); break;
	}
}

/* What can be read first, behind the states that read nothing. */
static void note_starts(const struct assembly *a, uint32_t at, bool seen[STATES_MAX], uint64_t *starts)
{
	const struct regex_state *state = &a->states[at];

	if (seen[at])
		return;
	seen[at] = true;
	switch (state->code) {
	case REGEX_SPLIT:
		note_starts(a, state->to, seen, starts);
		note_starts(a, state->other, seen, starts);
		break;
	case REGEX_JUMP: note_starts(a, state->to, seen, starts); break;
	case REGEX_IS: starts[regex_start(state->point) / 64] |= UINT64_C(1) << regex_start(state->point) % 64; break;
	case REGEX_LEAP:
		for (uint32_t i = 0; i < state->point; i++) {
			uint32_t start = regex_start(state->leaps[i].point);
			starts[start / 64] |= UINT64_C(1) << start % 64;
		}
		break;
	default: memset(starts, 0xFF, sizeof(((struct regex_program *)0)->starts)); /* anything */
	}
}

const struct regex_program *regex_assemble(struct arena *arena, const struct regex_node *node)
{
	struct regex_program *program = arena_take(arena, sizeof(*program));
	struct assembly a;
	struct regex_state *states;

	a.arena = arena;
	a.count = 0;
	assemble(&a, node);
	add(&a, (struct regex_state){.code = REGEX_MATCH});
	states = arena_take(arena, a.count * sizeof(*states));
	if (program == NULL || states == NULL)
		die("out of memory: the patterns are larger than their arena");
	memcpy(states, a.states, a.count * sizeof(*states));
	*program = (struct regex_program){.states = states, .count = a.count};
	note_starts(&a, 0, (bool[STATES_MAX]){false}, program->starts);
	return program;
}
