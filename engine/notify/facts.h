/*
 * What is known of an alert for the placeholders of its message, masked already.
 */
#ifndef NOTIFY_FACTS_H
#define NOTIFY_FACTS_H

#include "notify/message.h"

#define FACTS_MAX 48 /* further ones are left out: no message names so many */

struct facts {
	struct fill_value values[FACTS_MAX];
	size_t count;
	struct slice payee_name, payee_account; /* masked */
	struct slice amount, currency; /* of the leading hit's payment, as it was booked; empty where it has none */
};

/* From the leading hit of the alert's body, the alert and the caller's words; texts go into `arena`. */
void facts_read(struct facts *facts, const struct alert_row *alert, const struct notify_warning *words,
                struct slice enterprise_name, struct arena *arena);

/* "480,000.00元" and "CNY 480,000.00"; another currency "USD 70,000.00" in both. What is no amount stays. */
struct fill_value facts_amount(const char *name, struct slice text, struct slice currency, struct arena *arena);
/* "480,000元", "123.4万元", "CNY 480,000", "CNY 1.23M": for an SMS; cut, not rounded. */
struct fill_value facts_amount_short(const char *name, struct slice text, struct slice currency, struct arena *arena);
/* "张*（621700*********4567）": enough for a cashier to know which payment is meant. Both are masked already. */
struct fill_value facts_payee(const char *name, struct slice who, struct slice account, struct arena *arena);

struct slice facts_mask_account(struct arena *arena, struct slice account);

#endif
