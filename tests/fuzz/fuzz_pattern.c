/*
 * Any bytes as a pattern file: the load says what is wrong or gives a set that can be walked. Nothing is
 * compiled (a child process an input would be too slow), but regular expressions that are taken are run on a
 * text and sequences on an account, so that their states and placings are tried too.
 */
#include <stdio.h>
#include <stdlib.h>

#include "match/regex_run.h"
#include "match/sequence_run.h"
#include "pattern/pattern.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char text[] = "急付安全账户usdt50000加微信保密a1b2c3转账手续费后补";

static void run_expressions(const struct pattern_set *set)
{
	struct regex_scratch scratch;
	size_t from, to;

	regex_scratch_init(&scratch, set->program_longest);
	for (uint32_t i = 0; i < set->atom_count; i++)
		if (set->atoms[i].program != NULL &&
		    regex_find(set->atoms[i].program, &scratch, text, sizeof(text) - 1, &from, &to) &&
		    (from >= to || to > sizeof(text) - 1))
			abort();
	regex_scratch_deinit(&scratch);
}

/* An account that paid and was paid, now and then, as its last transaction saw it. */
static const struct profile_view *account(void)
{
	static struct profile_shard *shard;
	static struct profile_view view;
	static char ids[PROFILE_EVENTS_MAX][12], party[] = "62220200x";
	static struct tx tx; /* the view borrows it */

	if (shard != NULL)
		return &view;
	shard = profile_shard_new(1, INT64_MAX / 4);
	for (int i = 0; i < PROFILE_EVENTS_MAX; i++) {
		tx_init(&tx);
		snprintf(ids[i], sizeof(ids[i]), "%d", i);
		party[8] = (char)('a' + i % 5);
		tx.id = slice_of(ids[i]);
		tx.bank = tx.account = slice_of("1");
		tx.counterparty.account = slice_of(party);
		tx.counterparty.kind = (uint8_t)(i % 6);
		tx.channel = (uint8_t)(i % 10);
		tx.direction = i % 3 == 0 ? TX_CREDIT : TX_DEBIT;
		tx.amount_minor = INT64_C(1) << i % 40;
		tx.booked_ms = INT64_C(1772416800000) + i * INT64_C(600000);
		profile_put(shard, &tx, tx.amount_minor, 0, &view);
	}
	return &view;
}

static void run_sequences(const struct pattern_set *set, const struct plan_detect *detect)
{
	struct condition_input input = {.set = set, .view = account(), .tx = account()->tx};
	struct sequence_tape tape;
	struct sequence_placing placing;

	sequence_tape_reset(&tape);
	for (uint32_t i = 0; i < detect->part_count; i++) {
		const struct plan_part *part = &detect->parts[i];
		if (part->kind == PART_SEQUENCE && sequence_place(part->sequence, &tape, &input, &placing) &&
		    (placing.oldest >= tape.count || (placing.taken[part->sequence->step_count - 1] & 1) == 0))
			abort();
		for (uint32_t j = 0; part->kind == PART_ANY_OF && j < part->any_of.count; j++)
			run_sequences(set, &part->any_of.items[j]);
	}
}

static void check_fault(void *context, const struct pattern_fault *fault)
{
	(void)context;
	if (fault->text[0] == '\0' || fault->line < 0 || (fault->line > 0 && fault->column < 1))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pattern_options options = {.check_only = true, .run_all = true, .report = check_fault};
	struct pattern_set *set = NULL;
	struct error error = {""};

	if (pattern_set_load_bytes("f.yaml", (const char *)data, size, &options, &set, &error) == -1) {
		if (set != NULL || error.text[0] == '\0')
			abort();
		return 0;
	}
	for (size_t i = 0; i < pattern_set_count(set); i++)
		if (pattern_set_at(set, i)->score < 1 || pattern_set_at(set, i)->id.length == 0)
			abort();
	for (size_t i = 0; i < pattern_set_count(set); i++)
		if (pattern_set_at(set, i)->detect != NULL)
			run_sequences(set, pattern_set_at(set, i)->detect);
	run_expressions(set);
	pattern_set_free(&set);
	return 0;
}
