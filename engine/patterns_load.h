/*
 * The pattern set and the judge's rules out of the settings.
 */
#ifndef ENGINE_PATTERNS_LOAD_H
#define ENGINE_PATTERNS_LOAD_H

#include "base/settings.h"
#include "judge/judge.h"
#include "pattern/pattern.h"

/* The set is held for the caller. `rules_r` may be NULL. */
int patterns_load(const struct settings *settings, struct pattern_set **set_r, struct judge_rules *rules_r,
                  struct error *error);

/* The same, kept so that match_explain() can say what each condition says; for commands. */
int patterns_load_explained(const struct settings *settings, struct pattern_set **set_r,
                            struct judge_rules *rules_r, struct error *error);

#endif
