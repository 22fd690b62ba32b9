/*
 * `huqi serve`: everything started in order, and ended in order.
 *
 *   start   store ▶ registry stays as it is ▶ patterns ▶ desk ▶ shards ▶ snapshots loaded ▶ notify ▶ timers ▶ relay ▶ feed
 *           ▶ HTTP ▶ keeper
 *   stop    HTTP ▶ shards (batch done, committed) ▶ feed leaves the group ▶ timers ▶ notify ▶ relay ▶ store closed
 *                                                 └ keeper: a last snapshot, beside them ───────────┘
 */
#ifndef ENGINE_SERVICE_H
#define ENGINE_SERVICE_H

#include "base/settings.h"
#include "work.h"

struct service;

struct service_options {
	const struct settings *settings; /* borrowed, as long as the service */
	bool demo;                       /* the inbox page; destinations on this machine are allowed */
	const char *demo_secret;         /* of the inbox's webhook */
	/* On the store's thread after each commit that changed alerts; may be NULL. */
	void (*on_alert)(void *arg, const struct work_alert *alert);
	void *arg;
};

int service_start(const struct service_options *options, struct service **service_r, struct error *error);

/* SIGHUP: loads the patterns anew; a set that does not compile changes nothing and is said why (I6). */
void service_reload(struct service *service);

void service_stop(struct service **service);

#endif
