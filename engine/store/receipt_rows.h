/*
 * What an SMS gateway tells of the messages that it took. Writing happens inside a job.
 */
#ifndef STORE_RECEIPT_ROWS_H
#define STORE_RECEIPT_ROWS_H

#include "store/connection.h"

#define STORE_RECEIPTS_EARLY_MAX 10000 /* that wait for their delivery; further ones are forgotten */
#define STORE_RECEIPT_EARLY_MS (24 * INT64_C(3600000)) /* how long one waits */

struct store_receipt {
	struct slice provider_id; /* what the gateway calls the message */
	bool failed; /* else it arrived */
	struct slice reason; /* why it failed, in words */
	int64_t at_ms;
};

/* What the gateway calls a delivery that it took; a receipt that came before is put on it. 0 or -1. */
int store_delivery_provider(struct store *store, struct slice id, struct slice provider_id, struct error *error);

/*
 * Puts a receipt on its delivery: where it failed, one that is not answered becomes DEAD. The first receipt counts;
 * one that comes again changes nothing. How many deliveries have this id; with 0 it waits for its delivery; -1.
 */
int store_receipt_put(struct store *store, const struct store_receipt *receipt, struct error *error);

#endif
