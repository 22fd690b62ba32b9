/*
 * Days at whose end an account was empty: 4 bits a day, the least share of drained_permille[] that the
 * closing balance did not pass, of the day's credits. Two days stay open, so that a late transaction of
 * yesterday still counts.
 */
#ifndef PROFILE_DRAINED_H
#define PROFILE_DRAINED_H

#include "profile/account.h"

/* A transaction that was put in; `balance_minor` (TX_ABSENT: not said) is in CNY. */
void drained_add(struct account *account, const struct profile_event *event, int64_t balance_minor,
                 bool is_last);

/* A credit that was taken back. */
void drained_take_back(struct account *account, const struct profile_event *event);

/* A new today. */
void drained_move(struct account *account, int32_t before, int32_t today);

/* Days with credits, from `from` to yesterday of `today`, that closed at or below the share. */
int64_t drained_days(const struct account *account, int32_t from, int32_t to, int permille);

#endif
