/*
 * The names that a name may stand for in disguise: with one character put back for which another was written that
 * sounds or looks like it (alike.def), or with two neighbours swapped back. 佳 for 嘉 and 华瑞 for 瑞华 are
 * overlooked on a screen and by ear, and two honest firms of one place and trade hardly bear both names, so that neither
 * the sum nor the bank need say more. All else is as it was, place and legal form too. A numeral, which is
 * folded to a digit, stays: 久洲 may stand for 九洲, 九洲 for 九州, but not for 久洲.
 */
#ifndef PROFILE_DISGUISE_H
#define PROFILE_DISGUISE_H

#include "base/slice.h"
#include "profile/account.h"

/* A name has some 15 characters, of which each sounds and looks like ten others at most; more are left out (counted). */
enum { DISGUISES_MAX = 160 };

struct disguises {
	uint32_t count;
	uint8_t own[NAME_BYTES_MOST]; /* of the name itself */
	uint8_t signatures[DISGUISES_MAX][NAME_BYTES_MOST]; /* name.h */
};

/* None for a name of fewer than NAME_SHORT characters, and for what is no Chinese name (numerals may be in it). */
void disguises_of(struct slice name, struct disguises *disguises_r);

/* Is it the signature of one of them? */
bool disguises_hold(const struct disguises *disguises, const uint8_t *signature);

#endif
