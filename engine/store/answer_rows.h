/*
 * What contacts answered, and what their answers and a gateway's receipts change on a delivery or an alert.
 * Writing happens inside a job, reading on any connection. What an answer means is notify/answer.h's to say.
 */
#ifndef STORE_ANSWER_ROWS_H
#define STORE_ANSWER_ROWS_H

#include "base/arena.h"
#include "store/connection.h"

#define STORE_ANSWERS_MAX 500 /* of one alert or delivery that are ever read, the oldest first */

/* Slices borrow from the arena given, or from the caller when written. */
struct answer_row {
	int64_t id; /* given by the store */
	struct slice alert, delivery;
	int64_t way, contact;
	struct slice via, answer, text;
	int64_t value, at_ms;
	struct slice actor, message;
};

/* 1 new; 0 where an answer has this `message` already; -1. */
int store_answer_put(struct store *store, const struct answer_row *row, struct error *error);
/* In the order in which they were given. An alert's old ids lead to it. */
int store_answers_of_alert(struct store *store, struct slice alert, struct arena *arena, struct answer_row **rows_r,
                           size_t *count_r, struct error *error);
int store_answers_of_delivery(struct store *store, struct slice delivery, struct arena *arena,
                              struct answer_row **rows_r, size_t *count_r, struct error *error);

/*
 * PENDING, INFLIGHT, RETRY, SENT or DEAD → ACKED: its receiver has it, whatever the channel believes; of a digest
 * with what it told. 1, 0 where it is ACKED already or in another state, -1.
 */
int store_delivery_acknowledge(struct store *store, struct slice id, int64_t now_ms, struct error *error);

/* Whom a delivery went to, and what about. */
struct delivery_face {
	struct slice id, alert, body;
	struct slice subject; /* of a call its number (store_call_number()), else what the kind is about */
	uint8_t level, state, kind;
	int64_t created_ms;
	int64_t way, contact; /* 0: no longer registered */
	struct slice owner, role, language, channel; /* "" then */
};
/* 1 found, 0 none, -1. */
int store_delivery_face(struct store *store, struct slice id, struct arena *arena, struct delivery_face *face_r,
                        struct error *error);
/* The latest SMS to this number that went out since `since_ms`, of a kind that can be answered; 1, 0, -1. */
int store_delivery_of_phone(struct store *store, struct slice phone, int64_t since_ms, struct arena *arena,
                            struct slice *id_r, struct error *error);

/* How urgently people handle an alert; a lower level than there is changes nothing. 1 raised, 0, -1. */
int store_handling_raise(struct store *store, struct slice alert, uint8_t level, const char *reason, int64_t now_ms,
                         struct error *error);
/* 1 and the level, 0 where nobody raised it, -1. */
int store_handling_get(struct store *store, struct slice alert, uint8_t *level_r, struct error *error);

/* The alert `old` is now `id`: for store_alert_rename(). Of two handling levels the higher stays. */
int store_answers_rename(struct store *store, struct slice old, struct slice id, struct error *error);

#endif
