/*
 * A condition in plain words: each name and sign of the language by its word of plain.def, in the
 * condition's own order; everything else as it stands. It helps to read, and decides nothing.
 */
#ifndef WORKSHOP_PLAIN_H
#define WORKSHOP_PLAIN_H

#include <stdio.h>

#include <string.h>

#include "base/slice.h"

enum plain_language { PLAIN_ZH, PLAIN_EN };

void plain_write(FILE *out, struct slice condition, enum plain_language language);

/* Calls `one` for each condition that the outermost `and`s of a text join; the whole at an `or`. */
typedef void plain_one(void *context, struct slice condition);
void plain_each(struct slice where, plain_one *one, void *context);

#endif
