/*
 * Runs the program of a condition (pattern/program.h) on one transaction. No allocation, no loop backwards. What
 * the account's memory is asked is asked once a transaction, whoever asks.
 */
#ifndef MATCH_CONDITION_H
#define MATCH_CONDITION_H

#include "pattern/pattern.h"
#include "profile/profile.h"
#include "reference/reference.h"

/* The answer to one question of the set, where its epoch is the transaction's. */
struct condition_answer {
	uint64_t epoch;
	uint8_t has; /* of a window: enum profile_wanted, which figures `sum` says */
	union {
		struct profile_sum sum; /* of a window */
		int64_t value;
	};
};
struct sequence_placing;

/* A text, folded, and which characters it has (letters.h). */
struct condition_folded {
	struct slice text;
	uint64_t letters;
	uint64_t epoch; /* where it is the transaction's */
};

struct condition_input {
	const struct tx *tx;
	const struct pattern_set *set; /* for its rates and questions */
	const struct profile_view *view; /* NULL: no history */
	const struct reference *reference; /* NULL: none */
	const struct reference_list *const *lists; /* by the set's number of a list (builder_list); NULL: not there */
	struct condition_answer *answers; /* by the set's number of a question; zero to begin with */
	uint64_t *decided; /* by the set's number of a need: epoch << 1 | does it hold; zero to begin with */
	uint64_t epoch; /* counts transactions, so that answers need no clearing */
	const struct reference_enterprise *enterprise, *party; /* of this transaction's two sides, once it was asked */
	bool enterprise_asked, party_asked;
	const struct sequence_placing *placing; /* of a sequence's `having`; else not looked at */
	char *fold_bytes; /* room for one folded field: FOLD_BYTES_MAX */
	char *kept_bytes; /* for those that are kept until the next transaction, as many; NULL: none is kept */
	uint32_t kept_used;
	struct condition_folded kept[PROGRAM_FIELD_COUNT];
	uint32_t work; /* what was asked of the account's memory so far, in about ten instructions: only differences count */
	bool no_rate; /* set where an amount had no rate: the caller counts the transaction once */
};

/* From now on this transaction. `view` may be NULL. */
void condition_begin(struct condition_input *input, const struct tx *tx, const struct profile_view *view);

/* The value that the run of ops from `first` on leaves: VALUE_ABSENT, or by its type. */
int64_t condition_run(const struct program *program, uint16_t first, struct condition_input *input);

/* For a condition that holds: a bit for each of its facts that had to do with it. */
uint32_t condition_trace(const struct program *program, struct condition_input *input);

/*
 * The entry of the set's list number `list` that a field stands on when the transaction is booked; NULL where it
 * is not on it, the field is absent or there is no such list. `kind`: builder_list_kind().
 */
const struct reference_entry *condition_listed(struct condition_input *input, uint8_t field, uint8_t kind,
                                               uint16_t list);

/*
 * Does the condition hold, or one of those that it needs? What the transaction at hand was asked before, for whichever
 * pattern, is not asked again.
 */
bool condition_holds(const struct program *program, struct condition_input *input);
bool condition_decide(const struct program *program, const struct program_need *need, struct condition_input *input);
/* `number`: the need's, which who asks often has at hand: most need no look at the need itself. */
static inline bool condition_need(const struct program *program, const struct program_need *need, uint16_t number,
                                  struct condition_input *input)
{
	uint64_t decided = number > 0 ? input->decided[number] - (input->epoch << 1) : UINT64_MAX;

	return decided <= 1 ? decided : condition_decide(program, need, input);
}

/*
 * A text field of the transaction or of its enterprises (enum program_field); empty where it is absent. And the same
 * folded, once a transaction where there is room; it stands until another is asked for.
 */
struct slice condition_text(struct condition_input *input, uint8_t field);
const struct condition_folded *condition_text_folded(struct condition_input *input, uint8_t field);

/* condition_memory.c: the ops that ask the account's memory. */
int64_t condition_window(struct condition_input *input, const struct program_op *op);
int64_t condition_many(struct condition_input *input, const struct program_op *op);
int64_t condition_answer(struct condition_input *input, const struct program_op *op);
int64_t condition_watched(const struct condition_input *input);
int64_t condition_idle(const struct condition_input *input);

/* condition_registry.c: those that ask lists and the registry. */
/* A text folded into the room for one field; stands until another is. */
struct slice condition_fold(struct condition_input *input, struct slice text);
const struct reference_enterprise *condition_enterprise(struct condition_input *input);
/* The counterparty's, if the registry knows it by its account or its name. */
const struct reference_enterprise *condition_party(struct condition_input *input);
int32_t condition_enterprise_day(struct condition_input *input, uint8_t field);
int64_t condition_on_list(struct condition_input *input, const struct program_op *op);
int64_t condition_is_staff(struct condition_input *input, struct slice name);
int64_t condition_is_legal_representative(struct condition_input *input, struct slice name);
int64_t condition_is_own_name(struct condition_input *input, struct slice name);
int64_t condition_is_named_in_text(struct condition_input *input, struct slice name);
int64_t condition_neighbours(struct condition_input *input, enum reference_near near, int64_t span_ms);

/* condition_brand.c: has the name the same brand as the account's own? */
int64_t condition_shares_brand(struct condition_input *input, struct slice name);

/* condition_places.c: those that ask where a name, a bank code or an office says that somebody is. */
int64_t condition_is_named_here(struct condition_input *input, struct slice name);
int64_t condition_is_at_home(struct condition_input *input, struct slice name, bool at_home);
/*
 * The province of the other side's bank, numbered 1 to 31 for profile.h's meetings. 0: not told, or the code of a head
 * office, which says nothing of where the account is.
 */
unsigned condition_bank_province(const struct tx *tx);
/* Is the place of the other side's bank told? */
bool condition_bank_is_told(const struct tx *tx);
int64_t condition_same_place(struct condition_input *input, uint8_t code, uint8_t field);

#endif
