/*
 * The memory of one account. In this release: its newest booking time and its most recent transactions, so that one
 * seen before is skipped and one that comes too late is told apart. Windows, counterparties and the tape come here.
 *
 * A shard's profiles belong to its thread and are never locked (I1). All of it is a function of the transactions put
 * in (I2). Bounded: accounts by `accounts_max`, transactions remembered an account by PROFILE_RECENT (I8).
 */
#ifndef PROFILE_PROFILE_H
#define PROFILE_PROFILE_H

#include <stddef.h>

#include "base/tx.h"

#define PROFILE_RECENT 14 /* transactions of an account that are known again; two cache lines an account */

struct profile_shard;

struct profile_shard *profile_shard_new(size_t accounts_max, int64_t lateness_ms);
void profile_shard_free(struct profile_shard **shard);

enum profile_answer {
	PROFILE_NEW,       /* put in */
	PROFILE_DUPLICATE, /* the same bank, account and id was seen: nothing changed */
	PROFILE_LATE /* older than the account's newest by more than the lateness: known from now on, nothing else */
};

enum profile_answer profile_put(struct profile_shard *shard, const struct tx *tx);

size_t profile_accounts(const struct profile_shard *shard);

#endif
