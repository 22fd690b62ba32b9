/*
 * Whose is a phone number or an e-mail address? Its holder reads a code that was sent there back to us; before that
 * nothing is sent but the code.
 *
 *   registry_code_new ──▶ six digits, sent to the address by the caller ──▶ read back ──▶ registry_code_check ──▶ verified
 *                         │ 24 h, five wrong tries, a newer code: it no longer counts
 *
 * The store keeps a keyed hash of the code. A code can be guessed with 25 tries a day at most: one in 40,000.
 */
#ifndef REGISTRY_VERIFY_H
#define REGISTRY_VERIFY_H

#include "store/store.h"

#define REGISTRY_CODE_BYTES 7 /* six digits and a zero */
#define REGISTRY_CODE_LIFE_MS (24 * INT64_C(3600000))
#define REGISTRY_CODE_PAUSE_MS INT64_C(60000) /* before the next one to the same address */
#define REGISTRY_CODES_A_DAY 5
#define REGISTRY_CODE_TRIES 5

struct registry_code {
	char code[REGISTRY_CODE_BYTES];
	int64_t way; /* over which it is to be sent */
	int ways; /* that it verifies: an address may be registered for several enterprises */
	int64_t until_ms;
};

/*
 * Inside a job: a code for the ways with this address that wait for theirs; audited (I10). -1 where there is none such
 * way, or it is too early for another code: the error says which.
 */
int registry_code_new(struct store *store, struct slice address, const char *actor, int64_t now_ms,
                      struct registry_code *code_r, struct error *error);

enum registry_code_verdict { REGISTRY_CODE_RIGHT, REGISTRY_CODE_WRONG, REGISTRY_CODE_VOID };

struct registry_code_answer {
	enum registry_code_verdict verdict;
	int ways; /* verified by it */
	int tries_left; /* with WRONG */
};

/*
 * Inside a job: right, the ways are verified; wrong, a try is gone; void: there is no code that counts (none was made,
 * its time or its tries are over). What it did is audited. -1: no such address, or the store failed.
 */
int registry_code_check(struct store *store, struct slice address, struct slice code, const char *actor,
                        int64_t now_ms, struct registry_code_answer *answer_r, struct error *error);

#endif
