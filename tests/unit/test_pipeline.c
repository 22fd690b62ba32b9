/*
 * A shard's half of the picture, one transaction after the other.
 */
#include "base/counters.h"
#include "base/instant.h"
#include "pipeline.h"
#include "tests/unit/match_fixture.h"

enum { TXS = 30000 }; /* four times of what had filled the room for one transaction's hits */

/*
 * I8: what a transaction that cannot be linked asks for is given back, too. A bank that never tells the other side's
 * account has a feed full of them, and whatever comes behind is seen all the same.
 */
static void what_cannot_be_linked_takes_no_room(void **state)
{
	struct pattern_set *set = fixture_set("  where: amount >= 1万\n"
	                                      "  link: {by: counterparty.account, distinct: account, at_least: 3, within: 24h}");
	struct tx tx = fixture_tx();
	struct work *work = work_new(NULL);
	uint64_t full = counter_sum(COUNT_HITS_FULL);
	struct settings settings;
	struct shard *shard;
	char id[16];

	(void)state;
	settings_defaults(&settings);
	shard = shard_new(&settings, set);
	for (int i = 0; i < TXS; i++) {
		snprintf(id, sizeof(id), "t%d", i);
		tx.id = slice_of(id);
		pipeline_tx(shard, &tx, 0, work);
	}
	assert_int_equal(work->link_count, 0);
	tx.id = slice_of("last");
	tx.counterparty.account = slice_of("6222021234567890");
	pipeline_tx(shard, &tx, 0, work);
	assert_int_equal(work->link_count, 1);
	assert_int_equal(counter_sum(COUNT_HITS_FULL), full);
	work_free(work);
	shard_free(&shard);
	settings_free(&settings);
	pattern_set_free(&set);
}

/* What is put in: for or against the account, what is left, and how long before the others it was booked. */
static size_t late_hits_of(struct shard *shard, struct work *work, const char *id, unsigned direction,
	int64_t balance_minor, int64_t before_ms)
{
	struct tx tx = fixture_tx();
	size_t before = work->hit_count;

	tx.id = slice_of(id);
	tx.direction = (uint8_t)direction;
	tx.balance_minor = balance_minor;
	tx.booked_ms -= before_ms;
	pipeline_tx(shard, &tx, 0, work);
	return work->hit_count - before;
}

static size_t hits_of(struct shard *shard, struct work *work, const char *id, unsigned direction, int64_t balance_minor)
{
	return late_hits_of(shard, work, id, direction, balance_minor, 0);
}

/* What a set that explains says of a balance, before and after a receipt. */
static void keep_answer(void *answer_r, const struct match_said *said)
{
	if (memmem(said->asked.at, said->asked.length, "balance", 7) != NULL)
		*(enum match_answer *)answer_r = said->answer;
}

static void what_is_explained_is_what_was_judged(void **state)
{
	struct pattern_options options = {.explain = true};
	struct pattern_set *set = NULL;
	char *yaml = fixture_yaml("  where: direction = debit and balance <= 1000");
	struct tx tx = fixture_tx();
	enum match_answer answer = MATCH_NO;
	struct settings settings;
	struct shard *shard;
	struct error error;

	(void)state;
	settings_defaults(&settings);
	assert_int_equal(pattern_set_load_bytes("t.yaml", yaml, strlen(yaml), &options, &set, &error), 0);
	shard = shard_new(&settings, set);
	tx.id = slice_of("1");
	tx.balance_minor = 0;
	pipeline_explain(shard, &tx, slice_of("t"), keep_answer, &answer);
	assert_int_equal(answer, MATCH_YES);
	tx.id = slice_of("2");
	tx.direction = TX_CREDIT;
	pipeline_remember(shard, &tx);
	tx.id = slice_of("3");
	tx.direction = TX_DEBIT;
	pipeline_explain(shard, &tx, slice_of("t"), keep_answer, &answer);
	assert_int_equal(answer, MATCH_ABSENT);
	free(yaml);
	shard_free(&shard);
	settings_free(&settings);
	pattern_set_free(&set);
}

/*
 * I5: a bank that tells no balances may write 0 for each. Taken at its word every payment would empty the account;
 * a receipt that leaves 0 shows it, until another balance is told.
 */
static void a_balance_of_nothing_behind_a_receipt_is_none(void **state)
{
	struct pattern_set *set = fixture_set("  where: direction = debit and balance <= 1000");
	struct work *work = work_new(NULL);
	uint64_t untold = counter_sum(COUNT_TX_BALANCE_UNTOLD);
	struct settings settings;
	struct shard *shard;

	(void)state;
	settings_defaults(&settings);
	shard = shard_new(&settings, set);
	assert_int_equal(hits_of(shard, work, "1", TX_CREDIT, 5000000), 0);
	assert_int_equal(hits_of(shard, work, "2", TX_DEBIT, 0), 1);
	assert_int_equal(hits_of(shard, work, "3", TX_CREDIT, 0), 0);
	assert_int_equal(hits_of(shard, work, "4", TX_DEBIT, 0), 0);
	assert_int_equal(hits_of(shard, work, "5", TX_DEBIT, TX_ABSENT), 0);
	assert_int_equal(counter_sum(COUNT_TX_BALANCE_UNTOLD), untold + 2);
	/* Too late for the memory: what that knows of the bank holds, and a balance is believed. */
	assert_int_equal(late_hits_of(shard, work, "8", TX_DEBIT, 0, 4 * INSTANT_DAY_MS), 0);
	assert_int_equal(counter_sum(COUNT_TX_BALANCE_UNTOLD), untold + 3);
	assert_int_equal(late_hits_of(shard, work, "9", TX_DEBIT, 100, 4 * INSTANT_DAY_MS), 1);
	assert_int_equal(hits_of(shard, work, "6", TX_CREDIT, 100), 0);
	assert_int_equal(hits_of(shard, work, "7", TX_DEBIT, 0), 1);
	assert_int_equal(late_hits_of(shard, work, "10", TX_DEBIT, 0, 4 * INSTANT_DAY_MS), 1);
	assert_int_equal(counter_sum(COUNT_TX_BALANCE_UNTOLD), untold + 3);
	work_free(work);
	shard_free(&shard);
	settings_free(&settings);
	pattern_set_free(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_cannot_be_linked_takes_no_room),
		cmocka_unit_test(a_balance_of_nothing_behind_a_receipt_is_none),
		cmocka_unit_test(what_is_explained_is_what_was_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
