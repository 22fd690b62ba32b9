/*
 * What a base knows, as the values that templates ask for (pattern/message_values.def).
 */
#ifndef NOTIFY_MESSAGE_SAID_H
#define NOTIFY_MESSAGE_SAID_H

#include <yyjson.h>

#include "base/fill.h"

/* `more` come first and win. Texts are borrowed from the document or in the arena. */
const struct fill_value *message_said(yyjson_val *base, const struct fill_value *more, size_t more_count,
                                      struct arena *arena, size_t *count_r);

#endif
