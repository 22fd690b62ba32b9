/*
 * Private: a route is a line of the table in routes.c and a handler in a file of its resource.
 */
#ifndef API_ROUTE_H
#define API_ROUTE_H

#include <stdbool.h>

#include "api/answer.h"
#include "api/target.h"
#include "base/arena.h"

struct api;
struct MHD_Connection;
struct store;

/* One request, as its handler sees it. */
struct request {
	struct api *api;
	struct target target;
	struct slice id; /* what stands in the place of {id} */
	struct slice body;
	struct store *store; /* a reader of this thread's own; only while the handler runs */
	struct arena *arena; /* empty at the start, gone after the handler */
	struct MHD_Connection *connection; /* server.c's; for request_header() */
};

struct route {
	const char *method; /* GET answers HEAD too */
	const char *path; /* "{id}" stands for one part */
	bool open; /* needs no token */
	bool demo; /* only with options.demo */
	bool takes_body;
	size_t body_bytes_max; /* less than the setting's, where anybody may send; 0: the setting's */
	bool any_query; /* the handler knows its parameters by the settings */
	const char *const *parameters; /* those allowed, NULL-ended; NULL: none */
	void (*handle)(struct request *request, struct answer *answer);
};

extern const struct route routes[];
extern const size_t route_count;

/*
 * The route for a method and a path. NULL where there is none; `allow_r` then holds the methods that the path
 * has ("GET, HEAD"), or "" where it has none.
 */
const struct route *route_find(const struct target *target, const char *method, bool demo, struct slice *id_r,
                               char allow_r[32]);

/* A request header's value, NULL where it is not there; borrowed until the handler's end. */
const char *request_header(struct request *request, const char *name);

/* The handlers. */
void alerts_list(struct request *request, struct answer *answer);
void alerts_get(struct request *request, struct answer *answer);
void bulletins_list(struct request *request, struct answer *answer);
void bulletin_get(struct request *request, struct answer *answer);
void bulletin_approve_post(struct request *request, struct answer *answer);
void bulletin_withdraw_post(struct request *request, struct answer *answer);
void drills_list(struct request *request, struct answer *answer);
void drill_post(struct request *request, struct answer *answer);
void drill_get(struct request *request, struct answer *answer);
void dead_list(struct request *request, struct answer *answer);
void dead_get(struct request *request, struct answer *answer);
void stats_get(struct request *request, struct answer *answer);
void openapi_get(struct request *request, struct answer *answer);
void health_live(struct request *request, struct answer *answer);
void health_ready(struct request *request, struct answer *answer);
void metrics_get(struct request *request, struct answer *answer);
void home_get(struct request *request, struct answer *answer);
void style_get(struct request *request, struct answer *answer);
void alert_deliveries(struct request *request, struct answer *answer);
void alert_answer(struct request *request, struct answer *answer);
void alert_release(struct request *request, struct answer *answer);
void delivery_replay(struct request *request, struct answer *answer);
void calls_list(struct request *request, struct answer *answer);
void call_take(struct request *request, struct answer *answer);
void call_done(struct request *request, struct answer *answer);
void gateway_receipt(struct request *request, struct answer *answer);
void gateway_reply(struct request *request, struct answer *answer);
void answer_get(struct request *request, struct answer *answer);
void answer_post(struct request *request, struct answer *answer);
void demo_receive(struct request *request, struct answer *answer);
void demo_show(struct request *request, struct answer *answer);

extern const char *const casework_list_parameters[];
extern const char *const alerts_list_parameters[], *const dead_list_parameters[], *const stats_parameters[];
extern const char *const reveal_parameters[], *const home_parameters[], *const calls_list_parameters[];

#endif
