/*
 * What is known of an alert for the placeholders of its message, masked already.
 */
#ifndef NOTIFY_FACTS_H
#define NOTIFY_FACTS_H

#include "notify/message.h"

#define FACTS_MAX 48 /* further ones are left out: no message names so many */

struct facts {
	struct message_value values[FACTS_MAX];
	size_t count;
	struct slice payee_name, payee_account; /* masked */
};

/* From the leading hit of the alert's body, the alert and the caller's words; texts go into `arena`. */
void facts_read(struct facts *facts, const struct alert_row *alert, const struct notify_warning *words,
                struct slice enterprise_name, struct arena *arena);

struct slice facts_mask_account(struct arena *arena, struct slice account);

#endif
