/*
 * The reference that patterns ask, out of folders or out of the settings and the store.
 */
#ifndef ENGINE_REFERENCE_LOAD_H
#define ENGINE_REFERENCE_LOAD_H

#include "base/settings.h"
#include "pattern/pattern.h"
#include "reference/reference.h"
#include "store/store.h"

/*
 * Lists from the folder `lists`, enterprises from the folder `registry`; NULL or "": none. Where both are
 * none, `*reference_r` is NULL. Rows that are wrong are told to `report` (may be NULL) and left out. Held for
 * the caller.
 */
int reference_load_folders(const char *lists, const char *registry, reference_report *report, void *context,
                           struct reference **reference_r, struct error *error);

/* Lists of the settings' folder and of the store together, enterprises of the store (any connection). */
int reference_load_store(const struct settings *settings, struct store *store, reference_report *report,
                         void *context, struct reference **reference_r, struct error *error);

/*
 * What does not fit together: lists that patterns ask and that are not there (those patterns never hit by
 * them), entries of `allow` that name no pattern. `reference` may be NULL. Returns how many.
 */
unsigned reference_compare(const struct reference *reference, const struct pattern_set *set,
                           reference_report *report, void *context);

#endif
