/*
 * Private: what a request wants written goes to the store's thread as a command, and the request waits for
 * its commit, a bounded time.
 */
#ifndef API_COMMAND_H
#define API_COMMAND_H

#include "api/api_private.h"
#include "base/error.h"
#include "notify/notify.h"

struct store;

enum command_result {
	COMMAND_DONE, /* committed */
	COMMAND_REFUSED, /* run said no, nothing was written; `error` is filled */
	COMMAND_WAITING, /* not yet: the store's thread goes on trying, and it may still be committed */
};

/*
 * `run` works on a copy of the `bytes` at `arg`, since it may run after this returned: what it needs stands in
 * there, and no pointer to the request's own memory. With COMMAND_DONE the copy comes back to `arg`.
 */
enum command_result command_run(const struct api *api, int (*run)(struct store *store, void *arg, struct error *error),
                                void *arg, size_t bytes, struct error *error);

/*
 * What an answer needs besides what was said, by value like all of a command, and what it put, to be counted after
 * the commit with command_told().
 */
struct command_answering {
	const struct catalogue *const *catalogue;
	struct notify_put put; /* filled */
};
struct command_answering command_answering(const struct api *api);
const struct catalogue *command_catalogue(const struct command_answering *answering);
/* Counts, and tells the outbox where something waits. */
void command_told(const struct api *api, const struct command_answering *answering);

#endif
