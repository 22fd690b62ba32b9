/*
 * What kind of party the other side is, where the bank doesn't say: half of the banks don't. Patterns and memory ask
 * one field, and every stage sees the same answer.
 *
 *   the bank's own word, but "unknown" ─▶ it stands
 *   a name by a row of party.def       ─▶ the row's kind
 *   a name with a middle dot           ─▶ a person (阿卜杜拉·买买提)
 *   up to PARTY_PERSON_CHARACTERS      ─▶ a person
 *   any other name                     ─▶ a company
 *   a number (C1234, 8100-77)          ─▶ as it was: it stands for a name that nobody tells
 *   no name                            ─▶ as it was
 */
#ifndef BASE_PARTY_H
#define BASE_PARTY_H

#include "base/tx.h"

/* A surname of two characters and a given name of two. */
#define PARTY_PERSON_CHARACTERS 4

/* The kind that `name` alone speaks of; TX_KIND_NONE for an empty one, or a number. Pure, no allocation. */
enum tx_party_kind party_kind_of_name(struct slice name);

/* Sets the counterparty's kind where it is none or unknown, and `kind_guessed` with it: nobody told it so. */
void party_complete(struct tx *tx);

#endif
