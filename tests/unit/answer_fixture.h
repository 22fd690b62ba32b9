/*
 * An alert with its enterprise's contact and deliveries, for tests of answers.
 */
#ifndef TESTS_UNIT_ANSWER_FIXTURE_H
#define TESTS_UNIT_ANSWER_FIXTURE_H

#include "store_fixture.h"

#define ANSWER_ALERT "alert-1"
#define ANSWER_OWNER "91350100M000100Y43"
#define ANSWER_PHONE "13812341234"
#define ANSWER_NOW_MS INT64_C(1772414104123)

/* huqi.warning.v1 with hostile names, as masked as routing leaves it. */
extern const char answer_fixture_body[];

/*
 * The alert of level orange, its warning and a running escalation; a contact with an SMS and a webhook way, whose
 * ids are returned; and who is on duty in the alert's county.
 */
void answer_fixture_alert(struct store *store, int64_t *sms_way_r, int64_t *webhook_way_r);
/* A delivery of the alert (kind 0, level orange) that went out at ANSWER_NOW_MS, in the state. */
void answer_fixture_delivery(struct store *store, const char *id, int64_t way, enum delivery_state state);
void answer_fixture_run(struct store *store, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* store_fixture_number() of a formatted text. */
/* The first column of the first row, until the next call. */
const char *answer_fixture_text(struct store *store, const char *query);
int64_t answer_fixture_number(struct store *store, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
