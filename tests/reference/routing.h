/*
 * Routing told plainly: arrays instead of rows, every question answered by looking at all there is. Its stories must
 * read like those of the engine (tests/unit/story.h), line by line.
 */
#ifndef TESTS_REFERENCE_ROUTING_H
#define TESTS_REFERENCE_ROUTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pattern/pattern.h"

enum { PLAIN_PEOPLE = 32, PLAIN_ALERTS = 40, PLAIN_ROWS = 4000, PLAIN_CALLS = 400, PLAIN_TEXT = 1 << 18 };

enum plain_place { PLAIN_ENTERPRISE, PLAIN_COUNTY, PLAIN_CITY };

struct plain_person {
	const char *name, *role;
	enum plain_place of;
	int quiet_from, quiet_to; /* minutes; -1: none given */
	int32_t absent_from, absent_to; /* days; from -1: not */
	int stand_in; /* -1: nobody */
	int ways;
	unsigned dead;
};

enum plain_state { PLAIN_WAITS, PLAIN_SENT, PLAIN_ACKED, PLAIN_DEAD, PLAIN_HELD, PLAIN_GATHERED };

struct plain_row {
	int kind; /* 0 warning, 4 call, 5 digest */
	int alert, level, step, person, way, call, digest; /* digest: of a gathered one, the row that tells it; -1 */
	int64_t key; /* of a digest: the moment it was made */
	int count; /* of a digest */
	enum plain_state state;
	int64_t due_ms, settled_ms;
	bool released;
};

struct plain_alert {
	int account;
	int level, step, state; /* 0 running 1 acknowledged 2 ended; level 0: never told */
	int64_t due_ms, wait_ms, started_ms;
	const char *reason;
	bool from_nowhere; /* its account has no enterprise */
};

struct plain_call {
	int alert, level;
	enum plain_place place;
	const char *reason;
	int64_t created_ms, lift_ms; /* 0: it is not lifted */
	int64_t taken_ms;
	bool taken, done;
};

struct plain {
	const struct routing *rules;
	struct plain_person people[PLAIN_PEOPLE];
	int person_count;
	struct plain_alert alerts[PLAIN_ALERTS];
	struct plain_row rows[PLAIN_ROWS];
	int row_count;
	struct plain_call calls[PLAIN_CALLS];
	int call_count;
	bool watched[8];
	int64_t now_ms;
	char text[PLAIN_TEXT];
	size_t length;
};

void plain_alert(struct plain *p, int alert, int account, int level);
void plain_watch(struct plain *p, int account);
void plain_until(struct plain *p, int64_t until_ms);
bool plain_answer(struct plain *p, int person);
void plain_release(struct plain *p, int alert);
bool plain_take(struct plain *p, enum plain_place place);

#endif
