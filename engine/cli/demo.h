/*
 * Private: what `serve --demo` has around the service: a broker and a simulated feed in a child process, a sample
 * registry whose contact is the demo's own inbox page, and one readable line a warning.
 *
 *   this process: service ◀── Kafka protocol, loopback ── child: mock broker ◀ simulator at a pace one can watch
 *
 * The mock broker forgets with its process, so each run has a topic of its own, `demo-N`; the simulated feed goes on
 * where the store's offsets say that the earlier runs got.
 */
#ifndef CLI_DEMO_H
#define CLI_DEMO_H

#include "base/settings.h"
#include "service.h"

struct demo;

/* Starts the child before any thread, changes `settings` (broker, feed), fills the registry at the first run. */
int demo_begin(struct settings *settings, struct demo **demo_r, struct error *error);
void demo_service_options(struct demo *demo, struct service_options *options);
void demo_greet(const struct demo *demo);
/* Ends the child, after the service. */
void demo_end(struct demo **demo);

#endif
