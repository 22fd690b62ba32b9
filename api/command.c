/*
 * Should the disk be full, the store's thread tries again for as long as it takes, and an HTTP thread must
 * not wait with it: so the job is its own owner, and whoever of the two comes last frees it.
 */
#include "api/command.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "store/store.h"

enum { COMMAND_WAIT_MS = 2000 };

struct command {
	struct store_job job; /* first, so that the job's address is this one's */
	/* fixed */
	int (*run)(struct store *store, void *arg, struct error *error);
	/* under the lock */
	pthread_mutex_t lock;
	pthread_cond_t finished;
	bool is_done, abandoned;
	int result;
	max_align_t arg[]; /* the copy; the store's thread's until is_done */
};

static void command_free(struct command *c)
{
	pthread_cond_destroy(&c->finished);
	pthread_mutex_destroy(&c->lock);
	free(c);
}

static int job_run(struct store *store, struct store_job *job, struct error *error)
{
	struct command *c = (struct command *)job;

	return c->run(store, c->arg, error);
}

static void job_done(struct store_job *job, int result)
{
	struct command *c = (struct command *)job;
	bool mine;

	pthread_mutex_lock(&c->lock);
	c->is_done = true;
	c->result = result;
	mine = c->abandoned;
	pthread_cond_signal(&c->finished);
	pthread_mutex_unlock(&c->lock);
	if (mine)
		command_free(c);
}

static struct command *command_new(int (*run)(struct store *, void *, struct error *), const void *arg,
	size_t bytes)
{
	struct command *c = calloc(1, sizeof(*c) + bytes);
	pthread_condattr_t steady;

	if (c == NULL)
		die("out of memory: a command");
	c->job = (struct store_job){.run = job_run, .done = job_done, .urgent = true};
	c->run = run;
	memcpy(c->arg, arg, bytes);
	pthread_mutex_init(&c->lock, NULL);
	pthread_condattr_init(&steady);
	pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	pthread_cond_init(&c->finished, &steady);
	pthread_condattr_destroy(&steady);
	return c;
}

/* Within the time that the answer has in all. */
static int64_t wait_ms(const struct api *api)
{
	int64_t half_ms = api->options.body_deadline_ms / 2;

	return half_ms < COMMAND_WAIT_MS ? half_ms : COMMAND_WAIT_MS;
}

static enum command_result command_wait(struct command *c, int64_t until_ms, void *arg, size_t bytes,
                                        struct error *error)
{
	struct timespec until = {.tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000};
	enum command_result result = COMMAND_WAITING;

	pthread_mutex_lock(&c->lock);
	while (!c->is_done && clock_steady_ms() < until_ms)
		pthread_cond_timedwait(&c->finished, &c->lock, &until);
	if (c->is_done)
		result = c->result == -1 ? COMMAND_REFUSED : COMMAND_DONE;
	c->abandoned = !c->is_done;
	pthread_mutex_unlock(&c->lock);
	if (result == COMMAND_WAITING) {
		error_set(error, "the store does not write now");
		return result;
	}
	if (result == COMMAND_DONE)
		memcpy(arg, c->arg, bytes);
	else
		error_set(error, "%s", c->job.error.text);
	command_free(c);
	return result;
}

enum command_result command_run(const struct api *api, int (*run)(struct store *store, void *arg, struct error *error),
                                void *arg, size_t bytes, struct error *error)
{
	struct store_writer *writer = api->options.writer;
	struct command *command;

	if (writer == NULL || !store_writable(writer)) {
		error_set(error, "the store cannot be written now");
		return COMMAND_WAITING;
	}
	command = command_new(run, arg, bytes);
	store_submit(writer, &command->job);
	return command_wait(command, clock_steady_ms() + wait_ms(api), arg, bytes, error);
}

struct command_answering command_answering(const struct api *api)
{
	return (struct command_answering){.catalogue = api->options.catalogue};
}

const struct catalogue *command_catalogue(const struct command_answering *answering)
{
	return answering->catalogue != NULL ? *answering->catalogue : NULL;
}

void command_told(const struct api *api, const struct command_answering *answering)
{
	notify_put_count(&answering->put);
	if (answering->put.put > 0 && api->options.outbox_changed != NULL)
		api->options.outbox_changed(api->options.arg);
}
