/*
 * All states at once, character by character (Thompson's way), so no text can make it slow. Threads are kept
 * in the order of where they began; the first to reach a state has it, which is what makes the match
 * leftmost.
 */
#include "match/regex_run.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/utf8.h"

void regex_scratch_init(struct regex_scratch *scratch, uint32_t states)
{
	size_t count = states + 1;

	*scratch = (struct regex_scratch){.states = states};
	scratch->now = calloc(count, sizeof(*scratch->now));
	scratch->then = calloc(count, sizeof(*scratch->then));
	scratch->seen = calloc(count, sizeof(*scratch->seen));
	scratch->stack = calloc(2 * count, sizeof(*scratch->stack));
	if (scratch->now == NULL || scratch->then == NULL || scratch->seen == NULL || scratch->stack == NULL)
		die("out of memory: a matcher");
}

void regex_scratch_deinit(struct regex_scratch *scratch)
{
	free(scratch->now);
	free(scratch->then);
	free(scratch->seen);
	free(scratch->stack);
	*scratch = (struct regex_scratch){0};
}

struct run {
	const struct regex_program *program;
	struct regex_scratch *scratch;
	size_t at, length;
	bool found;
	uint32_t from;
	size_t to;
};

static void matched(struct run *r, uint32_t begun)
{
	if (r->found && (begun > r->from || (begun == r->from && r->at <= r->to)))
		return;
	r->found = true;
	r->from = begun;
	r->to = r->at;
}

/* Adds what can be reached from `state` without a character; only states that read one are kept. */
static uint32_t add(struct run *r, struct regex_thread *threads, uint32_t count, uint32_t state,
                    uint32_t begun)
{
	struct regex_scratch *s = r->scratch;
	uint32_t depth = 0;

	s->stack[depth++] = state;
	while (depth > 0) {
		uint32_t at = s->stack[--depth];
		const struct regex_state *is = &r->program->states[at];
		if (s->seen[at] == s->round)
			continue;
		s->seen[at] = s->round;
		if (is->code == REGEX_MATCH) {
			matched(r, begun);
		} else if (is->code == REGEX_SPLIT) {
			s->stack[depth++] = is->other;
			s->stack[depth++] = is->to;
		} else if (is->code == REGEX_JUMP) {
			s->stack[depth++] = is->to;
		} else if (is->code == REGEX_AT_BEGIN || is->code == REGEX_AT_END) {
			if (r->at == (is->code == REGEX_AT_BEGIN ? 0 : r->length))
				s->stack[depth++] = at + 1;
		} else {
			threads[count++] = (struct regex_thread){at, begun};
		}
	}
	return count;
}

static bool reads(const struct regex_state *state, uint32_t point)
{
	uint32_t low = 0, high = state->point;

	if (state->code == REGEX_IS_ANY)
		return true;
	if (state->code == REGEX_IS)
		return state->point == point;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (point < state->ranges[middle].from)
			high = middle;
		else if (point > state->ranges[middle].to)
			low = middle + 1;
		else
			return true;
	}
	return false;
}

/* The first of the state's leaps of this character; their number where there is none. */
static uint32_t first_leap(const struct regex_state *state, uint32_t point)
{
	uint32_t low = 0, high = state->point;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (state->leaps[middle].point < point)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The threads that `thread` becomes behind this character. */
static uint32_t step(struct run *r, struct regex_thread *threads, uint32_t count, struct regex_thread thread,
                     uint32_t point)
{
	const struct regex_state *state = &r->program->states[thread.state];

	if (state->code != REGEX_LEAP)
		return reads(state, point) ? add(r, threads, count, thread.state + 1, thread.begun) : count;
	for (uint32_t i = first_leap(state, point); i < state->point && state->leaps[i].point == point; i++)
		count = add(r, threads, count, state->leaps[i].to, thread.begun);
	return count;
}

static void next_round(struct regex_scratch *scratch)
{
	if (++scratch->round == 0) {
		memset(scratch->seen, 0, (scratch->states + 1) * sizeof(*scratch->seen));
		scratch->round = 1;
	}
}

/* The next place from `at` on where a match may begin; `length` where there is none. */
static size_t next_start(const struct regex_program *program, const char *text, size_t at, size_t length)
{
	while (at < length) {
		size_t next = at;
		uint32_t start = regex_start(utf8_next(text, &next));
		if (program->starts[start / 64] >> start % 64 & 1)
			return at;
		at = next;
	}
	return length;
}

bool regex_find(const struct regex_program *program, struct regex_scratch *scratch, const char *text,
                size_t length, size_t *from_r, size_t *to_r)
{
	struct run r = {.program = program, .scratch = scratch, .length = length};
	struct regex_thread *now = scratch->now, *then = scratch->then, *swap;
	uint32_t count = 0;

	next_round(scratch);
	for (;;) {
		uint32_t kept = 0, point;
		if (!r.found && count == 0)
			r.at = next_start(program, text, r.at, length);
		/* The states of `now` were added in this round; a new attempt comes behind the older ones. */
		if (!r.found)
			count = add(&r, now, count, 0, (uint32_t)r.at);
		if (r.at == length || (r.found && count == 0))
			break;
		point = utf8_next(text, &r.at);
		next_round(scratch);
		for (uint32_t i = 0; i < count; i++)
			if (!r.found || now[i].begun <= r.from)
				kept = step(&r, then, kept, now[i], point);
		swap = now;
		now = then;
		then = swap;
		count = kept;
	}
	*from_r = r.from;
	*to_r = r.to;
	return r.found;
}
