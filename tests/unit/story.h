/*
 * Stories of routing under a clock of their own: people and centres, alerts that rise, who answers and who does not;
 * told as the lines of who was told what and when.
 *
 *   03-02 10:00:00  出纳/1  red A              a warning arrived by this person's first way
 *   03-02 10:00:00  出纳/2  red A  dead        …or could not, for good
 *   03-02 10:05:00  call 350102 unanswered red A
 *
 * Everything runs as it does in the service, by the same functions, on a real store; only the sender is replaced by
 * one whose attempts all succeed at once, or never.
 */
#ifndef TESTS_UNIT_STORY_H
#define TESTS_UNIT_STORY_H

#include "notify/notify.h"
#include "pattern/pattern.h"
#include "registry/registry.h"
#include "store_fixture.h"

#define STORY_BANK "102391000016" /* city part 3910: that of STORY_CITY */
#define STORY_USCC "91350100M000100Y43"
#define STORY_PROVINCE "350000" /* has no call list: nobody is called there */
#define STORY_CITY "350100"
#define STORY_COUNTY "350102"

enum { STORY_PEOPLE_MAX = 32, STORY_WAYS_MAX = 4 };

struct story_person {
	int64_t id, ways[STORY_WAYS_MAX];
	char name[32], owner[32];
	size_t way_count;
	unsigned dead; /* bit i: his i-th way takes nothing, ever */
};

struct story {
	struct store_fixture f;
	struct catalogue catalogue; /* its routing only */
	struct story_person people[STORY_PEOPLE_MAX];
	size_t people_count;
	int64_t now_ms, calls_seen, audits_seen;
	char *text; /* owned; the lines so far */
	size_t length;
	struct notify_put sum;
	int crash_percent; /* so many of the steps are first cut off by a crash, before their commit or in flight */
};

/* Begins on 2026-03-02 (a Monday) at 10:00 in China, with the county, its city and the enterprise with account 1. */
void story_open(struct story *s);
void story_close(struct story *s);
/* Another story in the same store: all rows are taken back. */
void story_again(struct story *s);

/* "2026-03-02 10:00" in China. */
int64_t story_time(const char *text);
void story_say(struct story *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* `row`: name, role, rank, quiet, absence, stand-in. Unset texts are empty, the owner is the enterprise. */
struct story_person *story_person(struct story *s, struct contact_row row, size_t way_count);
void story_account(struct story *s, const char *account, const char *uscc);

/* An alert, or a new level of it; NULL payee: none known. */
void story_alert(struct story *s, const char *id, const char *account, uint8_t audience, uint8_t level,
                 const char *payee);
/* Everything that comes due until then, in its order. */
void story_until(struct story *s, int64_t until_ms);
/* The person answers the last that reached him; false where nothing did. */
bool story_answer(struct story *s, const char *name);
void story_release(struct story *s, const char *alert);
bool story_take(struct story *s, const char *jurisdiction);

#endif
