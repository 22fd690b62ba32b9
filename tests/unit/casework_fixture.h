/*
 * A city with two counties, enterprises, contacts and warnings under a clock of the test's own, for bulletins and
 * exercises. The catalogue is the shipped one.
 */
#ifndef TESTS_UNIT_CASEWORK_FIXTURE_H
#define TESTS_UNIT_CASEWORK_FIXTURE_H

#include "casework/casework.h"
#include "pattern/pattern.h"
#include "store_fixture.h"

#define AREA_PROVINCE "350000"
#define AREA_CITY "350100"
#define AREA_COUNTY "350102"
#define AREA_OTHER "350103" /* the city's other county */
#define AREA_ELSEWHERE "410100" /* another city */

struct area {
	struct store *store;
	struct catalogue *catalogue;
	struct arena arena;
	struct error error;
	int64_t now_ms;
	struct notify_put sum;
	int alerts, ways;
};

void area_open(struct area *a);
void area_close(struct area *a);

/* "2026-03-02 10:00" in China; the clock is set to it. */
int64_t area_time(const char *text);
void area_at(struct area *a, const char *text);
void area_check(struct area *a, int result);
void area_sql(struct area *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
int64_t area_number(struct area *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* USCCs are given by number: "91350100M000100Y" and two digits more. In the arena. */
const char *area_uscc(struct area *a, int number);
void area_enterprise(struct area *a, int number, const char *jurisdiction, const char *industry);
/* `channels` by blanks; each gets an address of its own. The contact's id. */
int64_t area_contact(struct area *a, int enterprise, const char *name, const char *role, const char *language,
                     const char *channels);

struct area_alert {
	const char *typology, *at; /* at: "2026-03-02 10:00" */
	int enterprise;
	const char *jurisdiction;
	uint8_t audience, level;
	int64_t yuan;
};
/* Its id, in the arena. */
const char *area_alert(struct area *a, struct area_alert alert);
void area_answer(struct area *a, const char *alert, const char *word);

/* Runs what is due until then, moment by moment, in one transaction each; how many timers ran. */
int area_until(struct area *a, const char *text);

#endif
