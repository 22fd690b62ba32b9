#include "tests/reference/sequence.h"

#include <string.h>

static bool fits(const struct reference_step *step, const struct profile_event *event)
{
	if (step->direction != 0 && event->direction != step->direction)
		return false;
	if (event->amount_minor < step->from_minor || event->amount_minor > step->to_minor)
		return false;
	if (step->novelty != 0 && (event->party == 0 || event->is_new != (step->novelty == 1)))
		return false;
	if (step->kind != 0 && event->kind != step->kind)
		return false;
	if (step->left_most >= 0 && (event->left_percent == 255 || event->left_percent > step->left_most))
		return false;
	return event->hour >= step->hour_from && event->hour <= step->hour_to;
}

/* The newest `numbers` of each step, back from event 0; false where there are not so many. */
static bool take(const struct reference_sequence *s, const uint32_t *numbers, uint32_t count,
                 struct reference_taken *taken, uint32_t *oldest_r)
{
	uint32_t parties[8] = {0}, at = 0;

	parties[1] = taken->events[0].party;
	for (int step = (int)s->step_count - 1; step >= 0; step--) {
		int group = s->steps[step].party;
		if (group == 1 && parties[1] == 0)
			return false;
		taken->count[step] = 0;
		for (; at < count && taken->count[step] < numbers[step]; at++) {
			const struct profile_event *event = &taken->events[at];
			if (!fits(&s->steps[step], event))
				continue;
			if (group != 0 && (event->party == 0 || (parties[group] != 0 && event->party != parties[group])))
				continue;
			parties[group] = event->party;
			taken->items[step][taken->count[step]++] = at;
			*oldest_r = at;
		}
		if (taken->count[step] < numbers[step])
			return false;
	}
	return true;
}

static bool holds(const struct reference_sequence *s, const uint32_t *numbers, uint32_t count,
                  struct reference_taken *taken)
{
	uint32_t oldest = 0, all = 0;

	if (!take(s, numbers, count, taken, &oldest) || taken->items[s->step_count - 1][0] != 0)
		return false;
	for (uint32_t i = 0; i < s->step_count; i++)
		all += numbers[i];
	if (oldest + 1 - all > s->gaps)
		return false;
	if (s->within_ms != INT64_MAX && taken->events[0].booked_ms - taken->events[oldest].booked_ms > s->within_ms)
		return false;
	return s->having == NULL || s->having(taken);
}

/* All numbers, the most of the last step first, then of the one before it … */
static bool choose(const struct reference_sequence *s, uint32_t step, uint32_t *numbers, uint32_t count,
                   struct reference_taken *taken)
{
	for (uint32_t n = s->steps[step].most; n >= s->steps[step].least; n--) {
		numbers[step] = n;
		if (step == 0 ? holds(s, numbers, count, taken) : choose(s, step - 1, numbers, count, taken))
			return true;
	}
	return false;
}

bool reference_sequence(const struct reference_sequence *sequence, const struct profile_event *events,
                        uint32_t count, struct reference_taken *taken_r)
{
	uint32_t numbers[REFERENCE_STEPS];

	memset(taken_r, 0, sizeof(*taken_r));
	taken_r->events = events;
	return choose(sequence, sequence->step_count - 1, numbers, count, taken_r);
}
