/*
 * Unmasking is written down first and shown afterwards (I9, I10).
 *
 * The row goes through the store's thread. Should the disk be full, that thread tries again for as long as it
 * takes, and an HTTP thread must not wait with it: so the job is its own owner, and whoever of the two comes
 * last frees it. A row whose reader gave up may still be committed: the audit then holds one reveal too many,
 * never one too few.
 */
#include <stdlib.h>
#include <string.h>

#include "api/api_private.h"
#include "api/parameter.h"
#include "api/route.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "store/store.h"

enum { AUDIT_WAIT_MS = 2000 };

const char *const reveal_parameters[] = {"reveal", NULL};

struct audit_job {
	struct store_job job; /* first, so that the job's address is this one's */
	/* fixed */
	int64_t at_ms;
	char *object, *reason; /* owned */
	/* under the lock */
	pthread_mutex_t lock;
	pthread_cond_t finished;
	bool is_done, abandoned;
	int result;
};

static void job_free(struct audit_job *a)
{
	pthread_cond_destroy(&a->finished);
	pthread_mutex_destroy(&a->lock);
	free(a->object);
	free(a->reason);
	free(a);
}

static int audit_run(struct store *store, struct store_job *job, struct error *error)
{
	struct audit_job *a = (struct audit_job *)job;

	return store_audit_put(store, a->at_ms, "http.token", "reveal", a->object, a->reason, error);
}

static void audit_done(struct store_job *job, int result)
{
	struct audit_job *a = (struct audit_job *)job;
	bool mine;

	pthread_mutex_lock(&a->lock);
	a->is_done = true;
	a->result = result;
	mine = a->abandoned;
	pthread_cond_signal(&a->finished);
	pthread_mutex_unlock(&a->lock);
	if (mine)
		job_free(a);
}

static struct audit_job *job_new(const char *object, struct slice reason)
{
	struct audit_job *a = calloc(1, sizeof(*a));
	pthread_condattr_t steady;

	if (a == NULL || (a->object = strdup(object)) == NULL ||
	    (a->reason = strndup(reason.at, reason.length)) == NULL)
		die("out of memory: an audit row");
	a->job.run = audit_run;
	a->job.done = audit_done;
	a->job.urgent = true;
	a->at_ms = clock_now_ms();
	pthread_mutex_init(&a->lock, NULL);
	pthread_condattr_init(&steady);
	pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	pthread_cond_init(&a->finished, &steady);
	pthread_condattr_destroy(&steady);
	return a;
}

/* Within the time that the answer has in all. */
static int64_t wait_ms(const struct api *api)
{
	int64_t half_ms = api->options.body_deadline_ms / 2;

	return half_ms < AUDIT_WAIT_MS ? half_ms : AUDIT_WAIT_MS;
}

/* 0 committed, -1 refused by the store, 1 not yet. */
static int job_wait(struct audit_job *a, int64_t until_ms)
{
	struct timespec until = {.tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000};
	int result;

	pthread_mutex_lock(&a->lock);
	while (!a->is_done && clock_steady_ms() < until_ms)
		pthread_cond_timedwait(&a->finished, &a->lock, &until);
	result = a->is_done ? a->result : 1;
	a->abandoned = !a->is_done;
	pthread_mutex_unlock(&a->lock);
	if (result != 1)
		job_free(a);
	return result;
}

int reveal_asked(struct request *request, struct slice *reason_r, struct answer *answer)
{
	struct error error;

	*reason_r = (struct slice){0};
	if (parameter_text(&request->target, "reveal", REASON_CHARACTERS_MAX, reason_r, &error) == -1) {
		answer_bad_parameter(answer, "reveal", error.text);
		return -1;
	}
	if (reason_r->at != NULL && slice_trim(*reason_r).length == 0) {
		answer_bad_parameter(answer, "reveal", "expected the reason, in words; it is kept in the audit");
		return -1;
	}
	return 0;
}

int reveal_audit(struct request *request, struct slice reason, const char *object, struct answer *answer)
{
	struct store_writer *writer = request->api->options.writer;
	struct audit_job *job;

	if (writer != NULL && store_writable(writer)) {
		job = job_new(object, reason);
		store_submit(writer, &job->job);
		if (job_wait(job, clock_steady_ms() + wait_ms(request->api)) == 0)
			return 0;
	}
	answer_problem(answer, 503, "the audit cannot be written now, so nothing is shown in full; ask without "
	                            "`reveal`, or try again later");
	answer_header(answer, "Retry-After", "5");
	return -1;
}
