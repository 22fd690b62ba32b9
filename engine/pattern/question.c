#include "pattern/question.h"

#include <stdlib.h>

static bool same_filter(const struct profile_filter *a, const struct profile_filter *b)
{
	return a->directions == b->directions && a->kinds == b->kinds && a->channels == b->channels &&
	       a->hours == b->hours && a->novelty == b->novelty && a->same_party == b->same_party &&
	       a->same_amount == b->same_amount && a->has_amounts == b->has_amounts &&
	       a->amount_from_minor == b->amount_from_minor && a->amount_to_minor == b->amount_to_minor;
}

static bool same(const struct program_question *a, const struct program_question *b)
{
	return a->kind == b->kind && a->subject == b->subject && a->direction == b->direction &&
	       a->permille == b->permille && a->window_ms == b->window_ms && same_filter(&a->filter, &b->filter);
}

int questions_number(struct questions *questions, const struct program_question *question)
{
	for (uint32_t i = 0; i < questions->count; i++)
		if (same(&questions->items[i], question))
			return (int)i;
	if (questions->count == QUESTIONS_MAX)
		return -1;
	if (questions->count == questions->capacity) {
		questions->capacity = questions->capacity > 0 ? questions->capacity * 2 : 64;
		questions->items = realloc(questions->items, questions->capacity * sizeof(*questions->items));
		if (questions->items == NULL)
			die("out of memory: loading patterns");
	}
	questions->items[questions->count] = *question;
	return (int)questions->count++;
}

void questions_deinit(struct questions *questions)
{
	free(questions->items);
	*questions = (struct questions){0};
}
