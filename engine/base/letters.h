/*
 * Which characters a text has, as 64 bits that many share: a word whose bits are not all among a text's is not in it, so
 * that of the words that contains() asks for hardly one is searched for.
 */
#ifndef BASE_LETTERS_H
#define BASE_LETTERS_H

#include "base/slice.h"

/* Of folded text. That of a part of it, cut between two characters, is a part of its bits. */
uint64_t letters_of(struct slice text);

#endif
