/*
 * A store, the notify thread, and receivers on loopback, for tests. One at a time.
 */
#ifndef TESTS_UNIT_NOTIFY_FIXTURE_H
#define TESTS_UNIT_NOTIFY_FIXTURE_H

#include "deliver/deliver.h"
#include "notify/notify.h"
#include "store_fixture.h"

struct notify_fixture {
	struct store_fixture base;
	struct deliver *notify;
	struct deliver_options options; /* loopback allowed, no delay before a retry, time-out 400 ms */
	struct store *reader;
	int hang_fd, hang_port; /* takes connections, answers nothing */
};

extern struct notify_fixture here;

int notify_fixture_setup(void **state);
int notify_fixture_teardown(void **state);

/*
 * A delivery due now, to a contact at `url`; the text before a `#` in the id names the contact, who may have
 * several.
 */
void notify_put_url(const char *id, const char *url);
/* The same by another channel, with a body that has a text. `address`, or where it begins with `/`, at the receiver. */
void notify_put_by(const char *channel, const char *id, const char *address);
/* The same at the receiver's `path`, or at the port that hangs. */
void notify_put_path(const char *id, const char *path);
void notify_put_hanging(const char *id);
/* For store_run(): puts the struct delivery_row at `arg`. */
int notify_put_late(struct store *store, void *arg, struct error *error);

/* Gives the store to its writer, opens the reader, starts the thread. */
void notify_fixture_start(void);

/* The row now; or once it is in that state, within 20 s. Texts live until the next call. */
struct delivery_row notify_row_of(const char *id);
struct delivery_row notify_wait_for(const char *id, enum delivery_state state);
void notify_wait_for_count(enum delivery_state state, int64_t count);
bool notify_says(const struct delivery_row *row, const char *word);

#endif
