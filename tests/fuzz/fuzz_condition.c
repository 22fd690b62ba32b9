/*
 * Any text as a condition: a complaint within the text, or a program that answers like the plain walk of its
 * tree, on a full transaction and on one where almost everything is absent, of an enterprise that the registry
 * knows and of one that it does not; without a memory of the account, and with a short one.
 */
#include <stdlib.h>

#include "base/money.h"
#include "base/utf8.h"
#include "match/condition.h"
#include "pattern/condition.h"
#include "tests/reference/condition.c" /* a target is linked with the engine alone */
#include "tests/reference/condition_memory.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARENA_BYTES = 64 << 20, FOREIGN = 150 /* some currency that has a rate */ };

static char fold_bytes[8192], kept_bytes[8192];

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
	tx.enterprise = slice_of("91350100M000100Y43");
	tx.bank = slice_of("102100099996");
	tx.counterparty.bank = slice_of("308584000013");
	tx.counterparty.account = slice_of("6228480000000000011");
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

static const struct reference *known_enterprise(void)
{
	static struct reference *reference;
	struct reference_enterprise enterprise = {
		.uscc = slice_of("91350100M000100Y43"), .name = slice_of("福州星河贸易有限公司"), .industry = slice_of("F51"),
		.scope = slice_of("建筑材料"), .legal_representative = slice_of("陈东"), .staff = slice_of("张三"),
		.jurisdiction = slice_of("350102"), .registered_day = 20400,
	};
	struct reference_entry entry = {.value = slice_of("张三"), .kind = REFERENCE_NAME, .expires_ms = INT64_MAX};
	struct error error;

	if (reference != NULL)
		return reference;
	reference = reference_new();
	if (reference_add_enterprise(reference, &enterprise, &error) == -1 ||
	    reference_add(reference, slice_of("mules"), &entry, &error) == -1)
		abort();
	reference_finish(reference);
	return reference;
}

/* Two lists: the one that is there, and any other. */
static int list_number(void *context, struct slice name, const char **why_r)
{
	(void)context;
	*why_r = "a name";
	return name.length == 0 ? -1 : !slice_is(name, "mules");
}

enum { HISTORY = 12 };

static struct tx history[HISTORY]; /* of one account; the last is the transaction at hand */

/* The memory of that account, as its last transaction sees it. */
static const struct profile_view *known_account(void)
{
	static const char *const ids[HISTORY] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"};
	static struct profile_shard *shard;
	static struct profile_view view;

	if (shard != NULL)
		return &view;
	shard = profile_shard_new(4, 0);
	for (int i = 0; i < HISTORY; i++) {
		history[i] = full_tx();
		history[i].id = slice_of(ids[i]);
		history[i].currency = MONEY_CNY;
		history[i].booked_ms += (int64_t)i * i * 900000;
		history[i].direction = i % 3 == 0 ? TX_CREDIT : TX_DEBIT;
		history[i].amount_minor = 100000 * (i % 5 + 1);
		history[i].counterparty.kind = (uint8_t)(i % 6);
		history[i].counterparty.account = slice_of(ids[i % 4]);
		history[i].channel = (uint8_t)(i % 10);
		if (profile_put(shard, &history[i], history[i].amount_minor, 0, &view) != PROFILE_NEW)
			abort();
	}
	return &view;
}

/* Only its table knows provinces and addresses; estimates, dates of long ago and names' likeness are the profile's own. */
static bool is_plain(const struct condition_context *context)
{
	for (uint32_t i = 0; i < context->questions->count; i++)
		if (context->questions->items[i].kind != QUESTION_WINDOW && context->questions->items[i].kind != QUESTION_RISING)
			return false;
	return memmem(context->text.at, context->text.length, "same_province", 13) == NULL &&
	       memmem(context->text.at, context->text.length, "same_address", 12) == NULL &&
	       memmem(context->text.at, context->text.length, "same_floor", 10) == NULL;
}

/* What the outermost `and`s join ends at the first that is no yes, whichever of the two it is. */
static bool agree(const struct condition_node *root, int64_t value, int expected)
{
	if (root->kind == CONDITION_AND)
		return (value == 1) == (expected == 1);
	return (value == VALUE_ABSENT ? -1 : value) == expected;
}

static void run_both(struct condition_context *context, const struct condition_node *root,
                     const struct program *program, const struct tx *tx, const struct reference *reference,
                     const struct profile_view *view)
{
	struct pattern_set set = {.questions = context->questions->items, .question_count = context->questions->count};
	const struct reference_list *lists[2] = {NULL, NULL};
	static struct condition_answer answers[QUESTIONS_MAX];
	static uint64_t epoch;
	struct condition_input input = {
		.set = &set, .fold_bytes = fold_bytes, .kept_bytes = kept_bytes, .reference = reference, .lists = lists,
		.answers = answers, .epoch = epoch,
	};
	struct reference_input plain = {.tx = tx, .rates = context->rates, .reference = reference, .history = history,
	                                .history_count = view != NULL ? HISTORY : 0};
	int64_t value;

	if (reference != NULL)
		lists[0] = reference_list(reference, slice_of("mules"));
	memcpy(set.rates, context->rates, sizeof(set.rates));
	condition_begin(&input, tx, view);
	epoch = input.epoch;
	value = condition_run(program, 0, &input);
	if ((is_plain(context) && !agree(root, value, reference_condition(root, &plain))) ||
	    condition_holds(program, &input) != (value == 1))
		abort();
	if (value == 1)
		condition_trace(program, &input);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int64_t rates[256] = {[FOREIGN] = 7100000};
	static struct questions questions;
	const struct profile_view *view = known_account();
	struct tx bare = bare_tx(), full = full_tx();
	struct complaint complaint = {.text = ""};
	struct arena arena;
	struct condition_context context = {.arena = &arena,
	                                    .text = {(const char *)data, (uint32_t)size},
	                                    .rates = rates,
	                                    .complaint = &complaint,
	                                    .questions = &questions,
	                                    .list = list_number};
	struct condition_node *root;
	const struct program *program;

	if (size > CONDITION_BYTES_MAX + 1 || !utf8_valid((const char *)data, size) ||
	    memchr(data, '\0', size) != NULL)
		return 0;
	arena_init(&arena, ARENA_BYTES);
	questions.count = 0;
	root = condition_parse(&context);
	if (root != NULL && condition_check(&context, root) == 0 &&
	    (program = condition_emit(&context, root)) != NULL) {
		run_both(&context, root, program, &bare, NULL, NULL);
		run_both(&context, root, program, &full, NULL, NULL);
		run_both(&context, root, program, &bare, known_enterprise(), NULL);
		run_both(&context, root, program, &full, known_enterprise(), NULL);
		run_both(&context, root, program, view->tx, known_enterprise(), view);
	} else if (complaint.text[0] == '\0' || complaint.offset > size) {
		abort();
	}
	arena_deinit(&arena);
	return 0;
}
