/*
 * What conditions ask of the account's memory. Each question is asked when the first condition needs it, and
 * its answer stands until the next transaction.
 */
#include "match/condition.h"

#include "base/money.h"

/* What asking takes, in about ten instructions. */
enum { WORK_WINDOW = 60, WORK_BUCKETS = 40, WORK_LISTS = 80, WORK_LITTLE = 4, WORK_NAME = 100 };

static int64_t micros(int64_t count)
{
	return count > INT64_MAX / VALUE_MICROS ? VALUE_ABSENT : count * VALUE_MICROS;
}

static int64_t figure(const struct profile_sum *sum, uint8_t which)
{
	switch (which) {
	case FIGURE_COUNT: return micros(sum->count);
	case FIGURE_SUM: return sum->sum_minor;
	case FIGURE_AVG: return sum->count > 0 ? sum->sum_minor / sum->count : VALUE_ABSENT;
	case FIGURE_MIN: return sum->min_minor;
	case FIGURE_MAX: return sum->max_minor;
	default: return micros(sum->distinct);
	}
}

/* One for a transaction that is looked at; what lies in buckets has as many as a window can. */
static uint32_t work_of_window(unsigned wanted, const struct profile_sum *sum)
{
	uint32_t events = sum->count < PROFILE_EVENTS_MAX ? (uint32_t)sum->count : PROFILE_EVENTS_MAX;
	bool parties = wanted & PROFILE_PARTIES;
	uint32_t work = WORK_WINDOW + (wanted & PROFILE_AMOUNTS ? events : 0) + (parties ? events : 0);

	return sum->exact ? work : work + WORK_BUCKETS + (parties ? WORK_LISTS : 0);
}

/* The window, with at least what is wanted. */
static const struct profile_sum *window(struct condition_input *input, uint32_t number, unsigned wanted)
{
	const struct program_question *question = &input->set->questions[number];
	struct condition_answer *answer = &input->answers[number];

	if (answer->epoch == input->epoch && (wanted & ~answer->has) == 0)
		return &answer->sum;
	answer->has = (uint8_t)(answer->epoch == input->epoch ? answer->has | wanted : wanted);
	answer->epoch = input->epoch;
	profile_window(input->view, &question->filter, question->window_ms, answer->has, &answer->sum);
	input->work += work_of_window(answer->has, &answer->sum);
	return &answer->sum;
}

static unsigned wanted_of(uint8_t which)
{
	return which == FIGURE_COUNT ? 0 : which == FIGURE_DISTINCT ? PROFILE_PARTIES : PROFILE_AMOUNTS;
}

int64_t condition_window(struct condition_input *input, const struct program_op *op)
{
	if (input->view == NULL)
		return VALUE_ABSENT;
	return figure(window(input, op->target, wanted_of(op->field)), op->field);
}

/* So many millionths, which is more than none. Of fewer transactions the parties are not looked at. */
int64_t condition_many(struct condition_input *input, const struct program_op *op)
{
	const struct profile_view *view = input->view;
	int64_t window_ms = input->set->questions[op->target].window_ms;
	uint64_t least = ((uint64_t)op->value + VALUE_MICROS - 1) / VALUE_MICROS;
	const struct profile_sum *sum;
	int64_t value;

	if (view == NULL)
		return VALUE_ABSENT;
	if (least <= UINT32_MAX && input->answers[op->target].epoch != input->epoch &&
	    !profile_may_hold(view, view->now_ms - window_ms, (uint32_t)least))
		return 0;
	sum = window(input, op->target, 0);
	if (sum->exact && (uint64_t)sum->count < least)
		return 0;
	value = condition_window(input, op);
	return value == VALUE_ABSENT ? VALUE_ABSENT : value >= op->value;
}

/* `now` is the event of the transaction at hand. */
static bool fits(const struct profile_filter *filter, const struct profile_event *event,
                 const struct profile_event *now)
{
	bool known = event->party != 0 && !event->is_new;

	if ((filter->directions >> event->direction & 1) == 0 ||
	    (filter->kinds != 0 && (filter->kinds >> event->kind & 1) == 0) ||
	    (filter->channels != 0 && (filter->channels >> event->channel & 1) == 0) ||
	    (filter->hours != 0 && (filter->hours >> event->hour & 1) == 0))
		return false;
	if ((filter->novelty == 1 && !event->is_new) || (filter->novelty == 2 && !known))
		return false;
	if ((filter->same_party && (event->party == 0 || event->party != now->party)) ||
	    (filter->same_amount && event->amount_minor != now->amount_minor))
		return false;
	return !filter->has_amounts || (event->amount_minor >= filter->amount_from_minor &&
	                                event->amount_minor <= filter->amount_to_minor);
}

/* How many of the set's transactions, back from this one, were each smaller than the one after it. */
static int64_t rising(const struct profile_view *view, const struct program_question *question)
{
	struct profile_event now, event;
	int64_t run = 1, after;

	if (!profile_event_at(view, 0, &now) || !fits(&question->filter, &now, &now))
		return 0;
	after = now.amount_minor;
	for (uint32_t i = 1; profile_event_at(view, i, &event); i++) {
		if (event.booked_ms <= now.booked_ms - question->window_ms)
			break;
		if (!fits(&question->filter, &event, &now))
			continue;
		if (event.amount_minor >= after)
			break;
		after = event.amount_minor;
		run++;
	}
	return run;
}

/* Since `then`; what is booked in the same millisecond or later is no time ago. */
static int64_t since(const struct profile_view *view, int64_t then)
{
	return then == TX_ABSENT ? VALUE_ABSENT : then < view->now_ms ? view->now_ms - then : 0;
}

enum { PLACES_LEAST = 4 };

/* A share of four at least: those that are missing count here for firms, and elsewhere for neighbours. */
static int64_t elsewhere(const struct profile_view *view, bool neighbours)
{
	unsigned away, count = neighbours ? profile_neighbours(view, &away) : profile_firms(view, &away);

	if (count >= PLACES_LEAST)
		return (int64_t)away * VALUE_MICROS / count;
	return (int64_t)(neighbours ? away + PLACES_LEAST - count : away) * VALUE_MICROS / PLACES_LEAST;
}

/* Does a payee of that name bank where this account is; or are all such, as far as is known, elsewhere? */
static int64_t name_stayed(const struct profile_view *view)
{
	unsigned province = condition_bank_province(view->tx);

	return province > 0 && (profile_name_provinces(view) >> province & 1);
}

static int64_t name_moved(const struct profile_view *view)
{
	unsigned province = condition_bank_province(view->tx);
	uint32_t provinces = province > 0 ? profile_name_provinces(view) : 0;

	return provinces != 0 && (provinces & (UINT32_C(1) << province | 1)) == 0;
}

static int64_t ask(const struct profile_view *view, const struct program_question *question)
{
	int64_t value;

	switch (question->kind) {
	case QUESTION_RISING: return micros(rising(view, question));
	case QUESTION_PERCENTILE:
		return profile_percentile(view, (enum tx_direction)question->direction, question->permille);
	case QUESTION_FIRST_SEEN:
		return since(view, profile_first_seen(view, (enum profile_subject)question->subject));
	case QUESTION_NAME_DISTANCE:
	case QUESTION_NAME_ADDED:
		value = question->kind == QUESTION_NAME_ADDED ? profile_name_added(view) : profile_name_distance(view);
		return value == TX_ABSENT ? VALUE_ABSENT : micros(value);
	case QUESTION_NAME_DISGUISED: return micros(profile_name_disguised(view));
	case QUESTION_NAME_STAYED: return micros(name_stayed(view));
	case QUESTION_NAME_MOVED: return micros(name_moved(view));
	case QUESTION_NEWCOMERS:
		return micros(profile_newcomers(view, (enum tx_direction)question->direction, question->window_ms));
	case QUESTION_FIRMS_ELSEWHERE: return elsewhere(view, false);
	case QUESTION_NEIGHBOURS_ELSEWHERE: return elsewhere(view, true);
	default: return micros(profile_drained_days(view, question->permille, question->window_ms));
	}
}

static uint32_t work_of(const struct program_question *question)
{
	switch (question->kind) {
	case QUESTION_NAME_DISTANCE: case QUESTION_NAME_ADDED: case QUESTION_NAME_DISGUISED: case QUESTION_NAME_STAYED:
	case QUESTION_NAME_MOVED: return WORK_NAME;
	case QUESTION_FIRST_SEEN: case QUESTION_FIRMS_ELSEWHERE: case QUESTION_NEIGHBOURS_ELSEWHERE: return WORK_LITTLE;
	default: return WORK_WINDOW + WORK_BUCKETS;
	}
}

int64_t condition_answer(struct condition_input *input, const struct program_op *op)
{
	const struct program_question *question = &input->set->questions[op->target];
	struct condition_answer *answer = &input->answers[op->target];

	if (input->view == NULL)
		return VALUE_ABSENT;
	if (answer->epoch != input->epoch) {
		answer->epoch = input->epoch;
		input->work += work_of(question);
		answer->value = ask(input->view, question);
	}
	return answer->value;
}

int64_t condition_watched(const struct condition_input *input)
{
	int64_t begin;

	if (input->view == NULL)
		return VALUE_ABSENT;
	begin = profile_begin(input->view);
	return begin == TX_ABSENT ? 0 : since(input->view, begin);
}

int64_t condition_idle(const struct condition_input *input)
{
	return input->view == NULL ? VALUE_ABSENT : since(input->view, profile_previous(input->view));
}
