#include "cli/feed_notes.h"

#include <stdio.h>

#include "base/counters.h"

/* What whoever connects a bank wants to hear of, and what to do about it. */
static const struct {
	enum counter counter;
	const char *hint;
} notes[] = {
	{COUNT_DEAD_LETTERS, "; `huqi replay --dead OUT` tells why of each"},
	{COUNT_DEAD_PAYLOAD_CUT, ""},
	{COUNT_BATCH_FULL, ""},
	{COUNT_TX_NOT_JUDGED, ""},
	{COUNT_TX_REVERSED_UNKNOWN, ""},
	{COUNT_TX_DUPLICATE, ""},
	{COUNT_TX_LATE, "; is the file sorted with the newest first?"},
	{COUNT_TX_CUT_TEXT, ""},
	{COUNT_TX_BANK_CHECK, ""},
	{COUNT_TX_USCC_CHECK, ""},
	{COUNT_TX_CASE_RAISED, ""},
	{COUNT_TX_OPENED_LATER, ""},
	{COUNT_TX_NO_RATE, ""},
	{COUNT_TX_BALANCE_UNTOLD, ""},
	{COUNT_FOLD_OVERFLOW, ""},
	{COUNT_ACCOUNTS_FULL, ""},
	{COUNT_MATCH_EVENTS_FULL, ""},
	{COUNT_HITS_FULL, ""},
	{COUNT_LINK_FORGOTTEN, ""},
};

void cli_feed_notes(void)
{
	for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]); i++) {
		unsigned long long number = counter_sum(notes[i].counter);

		if (number > 0)
			fprintf(stderr, "note: %llu: %s%s\n", number, counter_infos[notes[i].counter].help, notes[i].hint);
	}
	for (int field = 0; field < TX_FIELD_COUNT; field++) {
		unsigned long long number = counter_aside_sum(0, (enum tx_field)field);

		if (number > 0)
			fprintf(stderr,
			        "note: %llu: Fields `%s` left out: their text says nothing, or breaks the field's rule\n",
			        number, tx_fields[field].name);
	}
}
