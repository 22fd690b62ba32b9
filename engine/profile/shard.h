/*
 * The inside of a shard's profiles, for this room's files only.
 */
#ifndef PROFILE_SHARD_H
#define PROFILE_SHARD_H

#include "profile/accounts.h"
#include "profile/name.h"
#include "profile/recent.h"

struct profile_shard {
	struct accounts accounts;
	struct profile_save *save;        /* the snapshot being written; NULL: none */
	struct profile_mapping *mappings; /* owned: memory of snapshots, which chunks lie in */
	int64_t lateness_ms;
	profile_meeting *meeting; /* NULL: it says nothing */
	void *meeting_context;

	/* The account of the last profile_put(), which its view reads. */
	struct account open;
	uint8_t name[NAME_BYTES_MOST]; /* of its counterparty; name_is_none() */
	bool name_is_signed;
	struct recent recent; /* of its events */
};

/* A transaction's id as events keep it. */
uint64_t shard_id(struct slice id);

/* The signature of the counterparty's name, made when it is first asked for; `hash_r` may be NULL. */
const uint8_t *shard_name(struct profile_shard *shard, const struct tx *tx, uint64_t *hash_r);

/* When the open account first met this name among its payees other than `besides` (0: all); `now_ms`: never. */
int64_t seen_name(const struct account *account, const uint8_t *name, uint32_t besides, int64_t now_ms, bool is_late);

/*
 * When it first met this party, which stands at those places of its lists (known_find); `now_ms` where it
 * never did. `is_late`: newer transactions are in already.
 */
int64_t seen_party(const struct account *account, uint32_t party, const uint32_t at[KNOWN_PARTY_LISTS],
                   int64_t now_ms, bool is_late);

/* The same of a list without events. */
int64_t seen_in_list(const struct account *account, enum known_list list, uint32_t at, int64_t now_ms,
                     bool is_late);

/* snapshot_read.c: what a snapshot was read into. */
void profile_mappings_free(struct profile_mapping *first);

#endif
