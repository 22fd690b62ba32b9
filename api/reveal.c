/*
 * Unmasking is written down first and shown afterwards (I9, I10). A row whose reader gave up may still be
 * committed: the audit then holds one reveal too many, never one too few.
 */
#include <stdlib.h>
#include <string.h>

#include "api/api_private.h"
#include "api/command.h"
#include "api/parameter.h"
#include "api/route.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "store/store.h"

const char *const reveal_parameters[] = {"reveal", NULL};

struct reveal {
	int64_t at_ms;
	size_t reason_at; /* behind the object and its zero */
	char texts[];
};

static int reveal_run(struct store *store, void *arg, struct error *error)
{
	const struct reveal *r = arg;

	return store_audit_put(store, r->at_ms, "http.token", "reveal", r->texts, r->texts + r->reason_at, error);
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
	size_t object_bytes = strlen(object) + 1, bytes = sizeof(struct reveal) + object_bytes + reason.length + 1;
	struct reveal *r = calloc(1, bytes);
	struct error error;
	enum command_result result;

	if (r == NULL)
		die("out of memory: an audit row");
	r->at_ms = clock_now_ms();
	r->reason_at = object_bytes;
	memcpy(r->texts, object, object_bytes);
	memcpy(r->texts + object_bytes, reason.at, reason.length);
	result = command_run(request->api, reveal_run, r, bytes, &error);
	free(r);
	if (result == COMMAND_DONE)
		return 0;
	answer_problem(answer, 503, "the audit cannot be written now, so nothing is shown in full; ask without "
	                            "`reveal`, or try again later");
	answer_header(answer, "Retry-After", "5");
	return -1;
}
