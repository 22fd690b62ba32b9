/*
 * How curl is held during an attempt. Private to transfer.c.
 */
#ifndef DELIVER_FLIGHT_H
#define DELIVER_FLIGHT_H

#include "deliver/transfer.h"

/* Makes t->easy ready for a multi handle. The request's texts live in t->arena or in the settings. */
void flight_prepare(struct transfer *t, const struct channel_request *request, const struct deliver_options *options);

/* Why no answer came; NULL where one did. `status` is of HTTP. */
const char *flight_failure(const struct transfer *t, CURLcode result, long status);

#endif
