/*
 * Bulletins and exercises as JSON, for the API and the command line alike. Names of persons are masked (I9).
 */
#ifndef CASEWORK_SHOWN_H
#define CASEWORK_SHOWN_H

#include <yyjson.h>

#include "casework/drill.h"

#define SHOWN_PERSONS_MAX 200 /* of those who did not answer; all are counted */

/* Without texts where `totals` is NULL: a line of a list. */
yyjson_mut_val *bulletin_shown(yyjson_mut_doc *doc, const struct bulletin_row *row,
                               const struct bulletin_totals *totals);
yyjson_mut_val *drill_shown(yyjson_mut_doc *doc, const struct drill_row *row);
/* With how they did: enterprises told, answered, the median and the 90 % of their responses, who did not answer. */
yyjson_mut_val *drill_report_shown(yyjson_mut_doc *doc, const struct drill_report *report);

#endif
