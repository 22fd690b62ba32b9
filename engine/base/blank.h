/*
 * Texts that stand for nothing: the account `0`, the name 无, the address 0.0.0.0, the remark `-`. Taken at their
 * word they would be one party, or one computer, that half of the town shares, and whoever is paid would be known
 * already.
 */
#ifndef BASE_BLANK_H
#define BASE_BLANK_H

#include <stdbool.h>

#include "base/tx.h"

/* Nothing but zeros and ASCII signs, or a row of blank.def; an empty text is none. Pure, no allocation. */
bool blank_text(struct slice text);

/*
 * Empties such texts of `tx`: of the other side its account, name and bank, the own account's name, purpose and
 * remark, and what the instruction came from. Returns the fields as bits, 1 << enum tx_field, for whoever counts
 * them (I5).
 */
uint32_t blank_clear(struct tx *tx);

#endif
