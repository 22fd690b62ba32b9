/*
 * A hit: one pattern found in one transaction, with its evidence. It goes from the shard that found it to the desk,
 * and is the same whenever the same feed meets the same pattern set (I2).
 */
#ifndef BASE_HIT_H
#define BASE_HIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

#define HIT_ID_BYTES 16

enum audience { AUDIENCE_ENTERPRISE, AUDIENCE_ANALYST };

/* "enterprise" and "analyst". */
extern const char *const audience_names[];

struct hit {
	uint8_t id[HIT_ID_BYTES]; /* hit_id() of bank, account, transaction, pattern and version: a replay changes nothing (I4) */
	struct slice bank, account, account_name, enterprise, tx_id; /* borrowed, as long as the batch */
	struct slice party_name, party_account; /* the counterparty's, as booked */
	bool party_is_company; /* then its name is no personal data */
	struct slice pattern, typology; /* ids, "boss-impersonation-text" and "V01"; as long as the batch */
	uint32_t version;
	uint8_t audience; /* enum audience */
	uint8_t score; /* 1..100 */
	int64_t booked_ms; /* UTC */
	int64_t amount_cny_minor; /* of the transaction, at the settings' rates; -1: no rate */
	/*
	 * The hit as huqi.alert.v1 shows it, one JSON object in UTF-8:
	 * {"pattern":…,"version":…,"tx":…,"score":…,"reason":{"zh":…,"en":…},"facts":{…},"text":[…]}
	 */
	struct slice evidence;
	uint64_t group; /* not 0: findings about several accounts that belong together; the least one wins where a hit
	                 * comes again */
};

void hit_id(struct hit *hit);

#endif
