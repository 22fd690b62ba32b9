/*
 * A store in a folder of its own, for tests, and rows to put into it.
 */
#ifndef TESTS_UNIT_STORE_FIXTURE_H
#define TESTS_UNIT_STORE_FIXTURE_H

#include "base/arena.h"
#include "store/store.h"

struct store_fixture {
	char folder[64], path[96];
	struct store *store; /* the writing connection, while no thread has it */
	struct store_writer *writer;
	struct arena arena;
	struct error error;
};

/* Both end the test where they fail. */
void store_fixture_open(struct store_fixture *f);
void store_fixture_close(struct store_fixture *f);

/* Gives the connection to a writing thread. */
void store_fixture_start(struct store_fixture *f, int64_t commit_interval_ms);

/* A hit and an alert with everything filled; change what matters. Slices point to literals. */
struct hit store_fixture_hit(void);
struct alert_row store_fixture_alert(const char *id, int64_t raised_ms);
struct dead_row store_fixture_dead(int64_t offset);

/* A contact with one webhook, verified; `disabled` of the way. The way's id; its owner's contacts have rank 1. */
int64_t store_fixture_contact(struct store *store, const char *owner, const char *name, const char *address,
                              const char *secret, const char *disabled);
/* The same with another channel. */
int64_t store_fixture_contact_by(struct store *store, const char *channel, const char *owner, const char *name,
                                 const char *address, const char *secret, const char *disabled);
/* The way itself. Texts in the fixture's arena. */
struct way_row store_fixture_way(struct store_fixture *f, struct store *store, int64_t id);

/* The first column of the first row as a number; for looking behind the functions. */
int64_t store_fixture_number(struct store *store, const char *text);

#endif
