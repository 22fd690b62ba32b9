/*
 * A sequence in words, also where it does not hold: what it took, else what is there when `having`, the bounds
 * of time and gaps, or the first steps are left out, in this order.
 */
#include <stdio.h>

#include "base/bits.h"
#include "base/money.h"
#include "match/evidence.h"

enum { SPAN_BYTES = 32 };

static void span_text(int64_t ms, char text[SPAN_BYTES])
{
	int64_t minutes = ms / 60000;

	if (minutes >= 48 * 60)
		snprintf(text, SPAN_BYTES, "%.1fd", (double)minutes / 1440);
	else if (minutes >= 120)
		snprintf(text, SPAN_BYTES, "%.1fh", (double)minutes / 60);
	else
		snprintf(text, SPAN_BYTES, "%lldm", (long long)minutes);
}

/* "in 2 CNY 500000.00, out 3 CNY 460000.00 within 80m" */
static size_t placing_text(const struct plan_sequence *s, const struct sequence_placing *placing, char *text,
                           size_t size)
{
	const struct profile_event *events = placing->tape->events;
	char span[SPAN_BYTES], amount[MONEY_GROUPED_BYTES];
	size_t length = 0;

	for (uint32_t step = 0; step < s->step_count && length < size; step++) {
		int64_t sum = 0;
		for (uint64_t taken = placing->taken[step]; taken != 0; taken &= taken - 1)
			sum += events[__builtin_ctzll(taken)].amount_minor;
		money_format(sum, MONEY_CNY, amount);
		length += (size_t)snprintf(text + length, size - length, "%s%.*s %u CNY %s", step > 0 ? ", " : "",
		                           SLICE_PRINT(s->steps[step].name), bits_count(placing->taken[step]),
		                           amount);
	}
	span_text(events[0].booked_ms - events[placing->oldest].booked_ms, span);
	if (length < size)
		length += (size_t)snprintf(text + length, size - length, " within %s", span);
	return length < size ? length : size - 1;
}

static bool places(struct matcher *m, const struct plan_sequence *s, const char *before, const char *behind,
                   char *text, size_t size)
{
	struct sequence_placing placing;
	size_t length;

	if (!sequence_find(m, s, &placing))
		return false;
	length = (size_t)snprintf(text, size, "%s", before);
	length += placing_text(s, &placing, text + length, size - length);
	snprintf(text + length, size - length, "%s", behind);
	return true;
}

bool sequence_said(struct matcher *m, const struct plan_sequence *sequence, char *text, size_t size)
{
	struct plan_sequence less = *sequence;
	char before[64];

	if (places(m, sequence, "", "", text, size))
		return true;
	less.having = NULL;
	if (places(m, &less, "the steps are there, but not `having`: ", "", text, size))
		return false;
	less.within_ms = INT64_MAX;
	less.gaps = PROFILE_EVENTS_MAX;
	if (places(m, &less, "the steps are there, but too far apart: ", "", text, size))
		return false;
	for (uint32_t left_out = 1; left_out < sequence->step_count; left_out++) {
		less.steps = sequence->steps + left_out;
		less.step_count = sequence->step_count - left_out;
		snprintf(before, sizeof(before), "only the last %u of %u steps: ", less.step_count, sequence->step_count);
		if (places(m, &less, before, "", text, size))
			return false;
	}
	snprintf(text, size, "the transaction does not fit the last step");
	return false;
}
