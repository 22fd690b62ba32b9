/*
 * Any text as a condition: a complaint within the text, or a program that answers like the plain walk of its
 * tree, on a full transaction and on one where almost everything is absent.
 */
#include <stdlib.h>

#include "base/utf8.h"
#include "match/condition.h"
#include "pattern/condition.h"
#include "tests/reference/condition.c" /* a target is linked with the engine alone */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARENA_BYTES = 64 << 20, FOREIGN = 150 /* some currency that has a rate */ };

static char fold_bytes[8192];

static struct tx bare_tx(void)
{
	struct tx tx;

	tx_init(&tx);
	tx.id = tx.bank = tx.account = slice_of("1");
	tx.direction = TX_DEBIT;
	tx.amount_minor = 48000000;
	tx.booked_ms = INT64_C(1772416800000);
	return tx;
}

static struct tx full_tx(void)
{
	struct tx tx = bare_tx();

	tx.balance_minor = -1230;
	tx.opened_day = 20504;
	tx.credential_ms = tx.booked_ms - 3600000;
	tx.counterparty.kind = TX_PERSON;
	tx.counterparty.name = slice_of("张三");
	tx.counterparty.country = slice_of("HK");
	tx.channel = TX_ONLINE;
	tx.remark = slice_of("Ｕ 盾 升级");
	tx.place = slice_of("350100");
	tx.currency = FOREIGN;
	return tx;
}

static void run_both(struct condition_context *context, const struct condition_node *root,
                     const struct program *program, const struct tx *tx)
{
	struct pattern_set set = {0};
	struct condition_input input = {.tx = tx, .set = &set, .fold_bytes = fold_bytes};
	int64_t value;

	memcpy(set.rates, context->rates, sizeof(set.rates));
	value = condition_run(program, 0, &input);
	if ((value == VALUE_ABSENT ? -1 : value) != reference_condition(root, tx, context->rates) ||
	    condition_holds(program, &input) != (value == 1))
		abort();
	if (value == 1)
		condition_trace(program, &input);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int64_t rates[256] = {[FOREIGN] = 7100000};
	struct tx bare = bare_tx(), full = full_tx();
	struct complaint complaint = {.text = ""};
	struct arena arena;
	struct condition_context context = {.arena = &arena,
	                                    .text = {(const char *)data, (uint32_t)size},
	                                    .rates = rates,
	                                    .complaint = &complaint};
	struct condition_node *root;
	const struct program *program;

	if (size > CONDITION_BYTES_MAX + 1 || !utf8_valid((const char *)data, size) ||
	    memchr(data, '\0', size) != NULL)
		return 0;
	arena_init(&arena, ARENA_BYTES);
	root = condition_parse(&context);
	if (root != NULL && condition_check(&context, root) == 0 &&
	    (program = condition_emit(&context, root)) != NULL) {
		run_both(&context, root, program, &bare);
		run_both(&context, root, program, &full);
	} else if (complaint.text[0] == '\0' || complaint.offset > size) {
		abort();
	}
	arena_deinit(&arena);
	return 0;
}
