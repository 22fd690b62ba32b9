/*
 * Identifiers of the field and how they are masked.
 *
 * Bank code (联行号): 12 digits, the last one the ISO 7064 MOD 11,10 check of the first 11.
 * USCC (统一社会信用代码, GB 32100-2015): 18 of `0123456789ABCDEFGHJKLMNPQRTUWXY`, weights 3^(i-1) mod 31.
 * Some genuine USCCs fail the check, so a failure is a warning, never a rejection.
 */
#ifndef BASE_IDENT_H
#define BASE_IDENT_H

#include <stdbool.h>

#include "base/slice.h"

#define IDENT_BANK_LENGTH 12
#define IDENT_USCC_LENGTH 18
#define IDENT_DIVISION_LENGTH 6 /* an owner of contacts that long is a centre, all others are enterprises */
#define IDENT_MASKED_BYTES 160

/* What a text is as a code: not one at all, one whose check digit is wrong, or a right one. */
enum ident_verdict { IDENT_NONE, IDENT_UNCHECKED, IDENT_RIGHT };

enum ident_verdict ident_bank_judge(struct slice text); /* 12 digits */
enum ident_verdict ident_uscc_judge(struct slice text); /* 18 characters of the alphabet, upper case */

static inline bool ident_bank_shaped(struct slice text)
{
	return ident_bank_judge(text) != IDENT_NONE;
}

static inline bool ident_bank_checks(struct slice text)
{
	return ident_bank_judge(text) == IDENT_RIGHT;
}

static inline bool ident_uscc_shaped(struct slice text)
{
	return ident_uscc_judge(text) != IDENT_NONE;
}

static inline bool ident_uscc_checks(struct slice text)
{
	return ident_uscc_judge(text) == IDENT_RIGHT;
}

/*
 * Is this division code (GB/T 2260: two digits of a province, two of a city, two of a county) a province's? Not one of
 * the four municipalities, 11 12 31 50: these are cities, with counties right below them.
 */
bool ident_division_is_province(struct slice code);

/* "622202*********0001" (first 6 + last 4; all but the last 2 where it is shorter), "张*", "138****1234".
 * Returns `masked_r`, which ends with a zero. */
const char *ident_mask_account(struct slice account, char masked_r[IDENT_MASKED_BYTES]);
const char *ident_mask_name(struct slice name, char masked_r[IDENT_MASKED_BYTES]);
const char *ident_mask_phone(struct slice phone, char masked_r[IDENT_MASKED_BYTES]);
/* "a***@b.cn"; "***" where there is no @. */
const char *ident_mask_email(struct slice address, char masked_r[IDENT_MASKED_BYTES]);
/* "https://host/…": scheme and host only, since the rest of a robot's URL is its key. */
const char *ident_mask_url(struct slice url, char masked_r[IDENT_MASKED_BYTES]);
/* One of the three, by what the address looks like. */
const char *ident_mask_address(struct slice address, char masked_r[IDENT_MASKED_BYTES]);

/*
 * The one spelling by which an address is found: of a phone number its digits, without what people put between them
 * and without +86; of an e-mail address small letters. What is longer than any such address is returned as it is.
 */
#define IDENT_FOLDED_BYTES 321 /* an e-mail address has at most 320 */
struct slice ident_fold_phone(struct slice phone, char folded_r[IDENT_FOLDED_BYTES]);
struct slice ident_fold_email(struct slice address, char folded_r[IDENT_FOLDED_BYTES]);
/* By the channel: `sms`, `email`; an address of any other is what it is. */
struct slice ident_fold_address(struct slice channel, struct slice address, char folded_r[IDENT_FOLDED_BYTES]);

/* Any value in a message for people or a log: cut to a few characters, digits beyond the first and last two
 * hidden, control characters replaced. For the reasons of dead letters. */
const char *ident_mask_value(struct slice value, char masked_r[IDENT_MASKED_BYTES]);

#endif
