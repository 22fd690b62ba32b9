/* The countries and areas of ISO 3166-1 alpha-2. */
#ifndef DECODE_COUNTRY_H
#define DECODE_COUNTRY_H

#include <stdbool.h>

#include "base/slice.h"

/* Whether `code` is an assigned code, in upper case. */
bool country_known(struct slice code);

#endif
