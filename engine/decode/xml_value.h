/*
 * How XML messages write times, numbers and references (XML Schema's dateTime, date and decimal).
 */
#ifndef DECODE_XML_VALUE_H
#define DECODE_XML_VALUE_H

#include "decode/decode.h"

/*
 * A dateTime: RFC 3339 with any number of decimals, and where the offset is left out the time is China's
 * (feeds of Chinese banks carry none). Years 2000 to 2099.
 */
bool xml_date_time(struct slice text, int64_t *ms_r);

/* A date, with or without an offset behind it (which is passed over). */
bool xml_date(struct slice text, int32_t *day_r);

/*
 * A sum under way, in hundred-thousandths (no currency has more decimals): of control sums, which name no
 * currency and may add amounts of several. 20,000 amounts of 18 digits are far from its end.
 */
__extension__ typedef __int128 xml_sum;

/* A decimal, perhaps signed; false where it is none, or finer or longer than an amount can be. */
bool xml_decimal(struct slice text, xml_sum *value_r);

/* A count: digits only, at most 15. */
bool xml_count(struct slice text, uint64_t *count_r);

/* "180.00": for reasons. */
#define XML_SUM_BYTES 48
const char *xml_sum_print(xml_sum sum, char text_r[XML_SUM_BYTES]);

/*
 * Checks a count or a sum that a message claims against what was found. An absent claim (empty) is none.
 * Returns 0, or -1 with context->reject filled.
 */
int xml_check_count(struct decode_context *context, const char *field, struct slice claimed, uint64_t found);
int xml_check_sum(struct decode_context *context, const char *field, struct slice claimed, xml_sum found);

/*
 * "A/B/3": a reference out of pieces that together are unique, in context->arena; empty pieces are left
 * out. Where it would pass the 64 characters of an id, its end is replaced by a hash of the whole.
 */
struct slice xml_reference(struct decode_context *context, struct slice first, struct slice second,
                           uint64_t number);

#endif
