/*
 * Private: a request's parameters, typed. Each reader leaves its result alone where the parameter is not
 * given, and on a wrong value names it in target->faulty, says what was expected, and returns -1.
 */
#ifndef API_PARAMETER_H
#define API_PARAMETER_H

#include "api/target.h"

#include <stdint.h>

int parameter_number(struct target *target, const char *name, int64_t least, int64_t most, int64_t *number_r,
                     struct error *error);
/* RFC 3339, or a date: its midnight in China. */
int parameter_time(struct target *target, const char *name, int64_t *ms_r, struct error *error);
/* One of `words`: its number. */
int parameter_word(struct target *target, const char *name, const char *const *words, int count,
                   int *number_r, struct error *error);
/* One or several of `words` separated by commas: a bit for each. */
int parameter_words(struct target *target, const char *name, const char *const *words, int count,
                    unsigned *bits_r, struct error *error);
/* 1 to `most` characters. */
int parameter_text(struct target *target, const char *name, size_t characters_max, struct slice *text_r,
                   struct error *error);

#endif
