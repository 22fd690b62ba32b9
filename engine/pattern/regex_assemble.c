/*
 * The states of a regular expression, in the way of Thompson: a repeat is that many copies, each optional one
 * behind a split. REGEX_COST_MAX bounds the number.
 */
#include "pattern/regex.h"

enum { STATES_MAX = REGEX_COST_MAX + 1 };

struct assembly {
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

static void assemble_choice(struct assembly *a, const struct regex_node *node)
{
	uint32_t ends[STATES_MAX], end_count = 0, split;

	for (const struct regex_node *child = node->first; child != NULL; child = child->next) {
		if (child->next == NULL) {
			assemble(a, child);
			break;
		}
		split = add(a, (struct regex_state){.code = REGEX_SPLIT});
		a->states[split].to = (uint16_t)a->count;
		assemble(a, child);
		ends[end_count++] = add(a, (struct regex_state){.code = REGEX_JUMP});
		a->states[split].other = (uint16_t)a->count;
	}
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

const struct regex_program *regex_assemble(struct arena *arena, const struct regex_node *node)
{
	struct regex_program *program = arena_take(arena, sizeof(*program));
	struct assembly a;
	struct regex_state *states;

	a.count = 0;
	assemble(&a, node);
	add(&a, (struct regex_state){.code = REGEX_MATCH});
	states = arena_take(arena, a.count * sizeof(*states));
	if (program == NULL || states == NULL)
		die("out of memory: the patterns are larger than their arena");
	memcpy(states, a.states, a.count * sizeof(*states));
	*program = (struct regex_program){states, a.count};
	return program;
}
