/*
 * The checks of functions that ask the account's memory (condition_functions.c).
 */
#include <stdio.h>

#include "base/instant.h"
#include "pattern/condition.h"

static const char *set_at(int i)
{
	static const char *const names[] = {"debits", "credits", "all"};

	return names[i];
}

static int check_set(struct condition_context *context, const struct condition_node *call)
{
	struct condition_node *set = call->first;
	char hint[48] = "";
	const char *nearest;

	if (set->kind == CONDITION_SET || (set->kind == CONDITION_NAME && condition_is_set(set->text)))
		return condition_check_set(context, set);
	nearest = set->kind == CONDITION_NAME ? yaml_nearest(set->text, set_at, 3) : NULL;
	if (nearest != NULL)
		snprintf(hint, sizeof(hint), " (did you mean `%s`?)", nearest);
	return complain(context->complaint, set->from, "found `%.*s`; expected debits, credits or all: %s%s",
	                CONDITION_QUOTED(set), call->function->usage, hint);
}

static int check_duration(struct condition_context *context, const struct condition_node *call,
                          struct condition_node *window, int64_t most_days)
{
	if (condition_check_node(context, window) == -1)
		return -1;
	if (window->kind != CONDITION_LITERAL || window->type != VALUE_DURATION || window->value <= 0)
		return complain(context->complaint, window->from, "found `%.*s`; expected a duration such as 24h: %s",
		                CONDITION_QUOTED(window), call->function->usage);
	if (window->value > most_days * INSTANT_DAY_MS)
		return complain(context->complaint, window->from, "`%.*s` is too long; the memory of an account holds %lldd",
		                CONDITION_QUOTED(window), (long long)most_days);
	return 0;
}

int condition_check_window(struct condition_context *context, struct condition_node *call)
{
	if (condition_argument_count(context, call, 2, 2) == -1 || check_set(context, call) == -1)
		return -1;
	return check_duration(context, call, call->first->next, PROFILE_WINDOW_MAX_MS / INSTANT_DAY_MS);
}

int condition_check_share(struct condition_context *context, struct condition_node *call)
{
	if (condition_check_window(context, call) == -1)
		return -1;
	if (call->first->first == NULL)
		return complain(context->complaint, call->first->from,
		                "a set without conditions is all of itself; expected %s", call->function->usage);
	return 0;
}

/* The histogram forgets slowly instead of having a window; its memory is written as 90d, as the field says it. */
int condition_check_percentile(struct condition_context *context, struct condition_node *call)
{
	const struct condition_node *set = call->first;

	if (condition_check_window(context, call) == -1)
		return -1;
	if (set->first != NULL || slice_is(set->text, "all"))
		return complain(context->complaint, set->from,
		                "percentiles are kept of all debits and all credits; expected debits or credits alone");
	if (set->next->value != 90 * INSTANT_DAY_MS)
		return complain(context->complaint, set->next->from, "percentiles are kept over 90d; expected 90d");
	return 0;
}

static const struct {
	uint8_t field;
	enum profile_subject subject;
} subjects[] = {
	{TX_PARTY_ACCOUNT_FIELD, PROFILE_PARTY}, {TX_PARTY_NAME_FIELD, PROFILE_PARTY_NAME}, {TX_IP_FIELD, PROFILE_IP},
	{TX_MAC_FIELD, PROFILE_MAC}, {TX_DEVICE_FIELD, PROFILE_DEVICE},
};

enum profile_subject condition_subject(uint8_t field)
{
	for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++)
		if (subjects[i].field == field)
			return subjects[i].subject;
	return PROFILE_SUBJECT_COUNT;
}

int condition_check_subject(struct condition_context *context, struct condition_node *call)
{
	struct condition_node *of = call->first;
	char near[96] = "";

	if (condition_argument_count(context, call, 1, 1) == -1)
		return -1;
	if (of->kind == CONDITION_NAME && condition_field_find(of->text) == PROGRAM_FIELD_COUNT)
		condition_nearest_name(of->text, near);
	else if (condition_check_node(context, of) == -1)
		return -1;
	if (of->kind == CONDITION_FIELD && condition_subject(of->field) != PROFILE_SUBJECT_COUNT)
		return 0;
	return complain(context->complaint, of->from,
	                "found `%.*s`; expected counterparty.account, counterparty.name, ip, mac or device%s",
	                CONDITION_QUOTED(of), near);
}

/* A share in whole thousandths, and the window, of as many days as closing balances are remembered. */
int condition_check_drained(struct condition_context *context, struct condition_node *call)
{
	struct condition_node *share = call->first;

	if (condition_argument_count(context, call, 2, 2) == -1 || condition_check_node(context, share) == -1)
		return -1;
	if (share->kind != CONDITION_LITERAL || share->type != VALUE_PERCENT || share->value < 0 ||
	    share->value > VALUE_MICROS || share->value % (VALUE_MICROS / 1000) != 0)
		return complain(context->complaint, share->from,
		                "found `%.*s`; expected a percentage from 0%% to 100%% with at most one decimal: %s",
		                CONDITION_QUOTED(share), call->function->usage);
	return check_duration(context, call, share->next, PROFILE_DRAINED_MAX_DAYS);
}

/* Lists of whom an account knows say when each was first met, and nothing else of those meetings. */
int condition_check_newcomers(struct condition_context *context, struct condition_node *call)
{
	const struct condition_node *set = call->first;

	if (condition_check_window(context, call) == -1)
		return -1;
	if (set->first != NULL || slice_is(set->text, "all"))
		return complain(context->complaint, set->from,
		                "payees and payers are known apart; expected debits or credits alone: %s", call->function->usage);
	return 0;
}
