/*
 * The only writer of SQLite (I3): commands in, rows out. It knows nothing of HTTP or channels.
 *
 * One thread owns the writing connection, and all checkpoints with it. Whoever wants something written submits a job;
 * the thread runs the jobs that wait inside one SQLite transaction, commits, and then tells each. Readers have a
 * read-only connection a thread.
 */
#ifndef STORE_CONNECTION_H
#define STORE_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/seal.h"
#include "base/slice.h"

struct store; /* a connection: the writer's inside a job, or a reader */
struct store_writer; /* the thread with its queue */

struct store_job {
	/*
	 * Runs on the store's thread, inside the group's transaction and a savepoint of its own. -1 with `error` filled
	 * takes back what this job wrote and nothing else. It may run again when the commit failed, so it changes
	 * nothing outside the store before `done`.
	 */
	int (*run)(struct store *store, struct store_job *job, struct error *error);
	/* After the commit, on the store's thread. `result` is run's; job->error then says why. May free the job. */
	void (*done)(struct store_job *job, int result);
	bool urgent; /* commit at once; else within the commit interval, with others */
	struct error error;
	int result; /* the queue's */
	struct store_job *next; /* the queue's */
};

/*
 * Opens or creates the store and brings its schema up to date. `path` ":memory:" for tests.
 *
 * `key_file` seals what is personal (base/seal.h); NULL or "": the file `key` in the store's folder, and for
 * ":memory:" a key that nobody keeps. It is made with a new store. With the wrong key or none, what is sealed cannot
 * be read: the first two then say so and do not open, a reader opens and says so at the first sealed value.
 */
int store_open(const char *path, const char *key_file, struct store **store_r, struct error *error);
/* For a command beside a running service: writes, and leaves every checkpoint to the service's connection. */
int store_open_beside(const char *path, const char *key_file, struct store **store_r, struct error *error);
int store_open_reader(const char *path, const char *key_file, struct store **store_r, struct error *error);
/* The key, for what others seal, hash or sign; NULL and why where a reader has none. */
const struct seal *store_seal(struct store *store, struct error *error);
void store_close(struct store **store);

/* SQLite's own full check; -1 and what it found. */
int store_check(struct store *store, struct error *error);
/* A consistent copy into a new file, also while others write. */
int store_backup(struct store *store, const char *path, struct error *error);

/* A transaction of a caller who has the writing connection to himself: a command, `replay`. */
int store_begin(struct store *store, struct error *error);
/* On -1 everything since store_begin() is taken back. */
int store_commit(struct store *store, struct error *error);
void store_rollback(struct store *store);

/* Takes `store` over. `commit_interval_ms` is the longest that a job without haste waits. */
struct store_writer *store_writer_start(struct store *store, int64_t commit_interval_ms);
/* Runs what waits, commits, ends the thread, closes the connection. */
void store_writer_stop(struct store_writer **writer);

/* Never blocks; whoever submits bounds how many jobs he has under way (I8). */
void store_submit(struct store_writer *writer, struct store_job *job);
/* Submits and waits for the commit. */
int store_run(struct store_writer *writer, int (*run)(struct store *store, void *arg, struct error *error), void *arg,
              struct error *error);
/*
 * `changed` is called on the store's thread after each commit that put or moved a timer; NULL ends it. From the
 * thread that started the writer, or ends what `arg` is.
 */
void store_watch_timers(struct store_writer *writer, void (*changed)(void *arg), void *arg);
/* False while commits fail (a full disk): /readyz says so. */
bool store_writable(struct store_writer *writer);

#endif
