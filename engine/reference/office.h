/*
 * When what is not urgent may be sent: workdays from 08:30 to 18:00 in China (domain.md section 4), by the reference
 * calendar, which knows moved weekends and holidays. Pure.
 */
#ifndef REFERENCE_OFFICE_H
#define REFERENCE_OFFICE_H

#include <stdbool.h>
#include <stdint.h>

bool office_is_open(int64_t now_ms);
/* `now_ms` where it is open, else when it next opens. */
int64_t office_opens_ms(int64_t now_ms);

#endif
