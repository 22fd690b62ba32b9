/*
 * The checks of functions that ask lists, the registry and bank codes (condition_functions.c).
 */
#include "pattern/builder.h"
#include "pattern/condition.h"

int condition_check_money(struct condition_context *context, struct condition_node *call)
{
	if (condition_argument_count(context, call, 1, 1) == -1 || condition_check_node(context, call->first) == -1)
		return -1;
	if (call->first->type == VALUE_MONEY && call->first->kind != CONDITION_LITERAL)
		return 0;
	return complain(context->complaint, call->first->from,
	                "found `%.*s`; expected an amount such as the field amount: %s",
	                CONDITION_QUOTED(call->first), call->function->usage);
}

int condition_check_listed(struct condition_context *context, struct condition_node *call)
{
	struct condition_node *of = call->first, *list;
	const char *why = "the name of a list";

	if (condition_argument_count(context, call, 2, 2) == -1 || condition_check_node(context, of) == -1)
		return -1;
	if (of->kind != CONDITION_FIELD || builder_list_kind(of->field) < 0)
		return complain(context->complaint, of->from,
		                "found `%.*s`; lists hold accounts, names, ip addresses and credit codes: expected "
		                "counterparty.account, counterparty.name, ip, account, account_name, operator or enterprise",
		                CONDITION_QUOTED(of));
	list = of->next;
	if (list->kind != CONDITION_STRING)
		return complain(context->complaint, list->from, "found `%.*s`; expected the name of a list in quotes: %s",
		                CONDITION_QUOTED(list), call->function->usage);
	list->type = VALUE_TEXT;
	if (context->list == NULL || context->list(context->list_context, list->text, &why) == -1)
		return complain(context->complaint, list->from, "found `%.*s`; expected %s",
		                CONDITION_QUOTED(list), why);
	return 0;
}

int condition_check_where_from(struct condition_context *context, struct condition_node *call)
{
	struct condition_node *of = call->first;

	if (condition_argument_count(context, call, 1, 1) == -1 || condition_check_node(context, of) == -1)
		return -1;
	if (of->kind == CONDITION_FIELD && (of->field == TX_PARTY_BANK_FIELD || of->field == TX_PLACE_FIELD))
		return 0;
	return complain(context->complaint, of->from, "found `%.*s`; expected counterparty.bank or place",
	                CONDITION_QUOTED(of));
}

/* Any duration: the registry's days go back further than an account's memory. */
int condition_check_span(struct condition_context *context, struct condition_node *call)
{
	const struct condition_node *span = call->first;

	if (condition_argument_count(context, call, 1, 1) == -1 || condition_check_node(context, call->first) == -1)
		return -1;
	if (span->kind == CONDITION_LITERAL && span->type == VALUE_DURATION && span->value > 0)
		return 0;
	return complain(context->complaint, span->from, "found `%.*s`; expected a duration such as 180d: %s",
	                CONDITION_QUOTED(span), call->function->usage);
}
