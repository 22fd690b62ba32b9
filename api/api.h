/*
 * HTTP for analysts, machines and contacts. It knows nothing of SQL, and its threads only read: what they
 * want written goes to the store's thread as a job.
 *
 * Everything that a client may do is bounded (I8): connections in all and from one address, the time until a
 * head, a body or an answer is through, the bytes of head and body. A bound that is reached is counted.
 */
#ifndef API_API_H
#define API_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct api;
struct answer_links;
struct catalogue;
struct pattern_set;
struct sms_callback;
struct store_writer;

/* A figure for /metrics that only the caller knows. Texts are borrowed until the callback's next call. */
struct api_gauge {
	const char *name, *help; /* without the prefix `huqi_`; gauges of one name stand together */
	const char *label, *label_value; /* NULL: none */
	int64_t value;
};

/* All pointers are borrowed until api_stop(), but for the secrets, which are hashed or copied at the
 * start. */
struct api_options {
	const char *listen; /* "127.0.0.1:8080", "[::1]:8080"; port 0 takes a free one */
	const char *token; /* secret; NULL or "": /api/v1 answers 401, and only a loopback address is served */
	const char *store_path; /* readers are opened here, one a thread */
	const char *key_file; /* of the store; NULL: store_open()'s rule */
	struct store_writer *writer; /* must run until after api_stop() */
	unsigned threads; /* 1 .. 64 */
	unsigned connections_max; /* 1 .. 10000; more are answered 503 */
	unsigned connections_per_address_max; /* more are answered 429; 0: no bound of its own */
	size_t body_bytes_max;
	int64_t head_deadline_ms; /* from a connection's start, or the answer before, to the end of a head */
	int64_t body_deadline_ms; /* from there to the end of the body, and from there to the end of the answer */

	/* Called by HTTP threads, possibly at once. 0, or -1 and why the service does not do its work now. */
	int (*ready)(void *arg, struct error *why);
	/* Fills up to `most` gauges, returns how many; NULL: none. Calls do not overlap. */
	size_t (*gauges)(void *arg, struct api_gauge *gauges_r, size_t most);
	/* The patterns that run now, held for the caller; calls may overlap. NULL: none are told. */
	struct pattern_set *(*patterns)(void *arg);
	/* Called by HTTP threads after a commit that put deliveries into the outbox; NULL: nobody is told. */
	void (*outbox_changed)(void *arg);
	void *arg; /* of all */
	const char *const *feed_names; /* by the number that count_aside() takes */
	size_t feed_count;

	const struct catalogue *const *catalogue; /* where the one in use stands, read on the store's thread; must be there
	                                           * until that ends. NULL: what is said is as shipped */
	const struct answer_links *answer_links; /* the key of /a/{token}; NULL: no link is right */
	const struct sms_callback *sms_callback; /* how the SMS gateway calls back; NULL: it does not */
	const char *signature; /* who writes to contacts; NULL: 反诈中心 */

	bool demo; /* /demo/inbox, which receives warnings as a contact would */
	const char *demo_secret; /* "whsec_…" of the demo's contact */
};

/* Checks the options, opens the readers, listens, answers. -1 with what is wrong and what to do. */
int api_start(const struct api_options *options, struct api **api_r, struct error *error);

/* Takes no more, ends what is under way, closes. */
void api_stop(struct api **api);

/* The table of routes, for `huqi list routes`; false past its end. */
struct api_route_name {
	const char *method, *path;
	bool needs_token;
};
bool api_route_at(size_t i, struct api_route_name *route_r);

/* The port it listens on. */
uint16_t api_port(const struct api *api);

#endif
