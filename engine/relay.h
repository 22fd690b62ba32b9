/*
 * What the store holds for Kafka: dead letters and alerts go to their topics (contract.md section 4), at least once.
 *
 * A row is marked only when the broker has acknowledged it, so a crash or an absent broker loses nothing; while the
 * topic cannot be written the rows wait in the store and are tried again.
 */
#ifndef ENGINE_RELAY_H
#define ENGINE_RELAY_H

#include "base/settings.h"
#include "store/store.h"

struct relay;

/* Starts the thread. A topic set to `none` is left out. `settings` and `writer` are borrowed. */
int relay_start(const struct settings *settings, struct store_writer *writer, struct relay **relay_r,
                struct error *error);
/* Something may have to be produced. From any thread. */
void relay_wake(struct relay *relay);
/* Gives what is under way `deadline_ms` to settle. */
void relay_stop(struct relay **relay, int64_t deadline_ms);

#endif
