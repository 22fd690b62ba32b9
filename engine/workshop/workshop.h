/*
 * For whoever writes patterns: what runs patterns outside of the service. It knows nothing of files' names on
 * the command line or of how results are printed where a person asked; cli does.
 */
#ifndef WORKSHOP_WORKSHOP_H
#define WORKSHOP_WORKSHOP_H

#include "base/error.h"
#include "pattern/pattern.h"

/*
 * Tests of patterns. Each runs through the service's own pipeline with a memory of its own: first its
 * history (test_histories.def), which is remembered and not judged, then its transactions in order.
 */
struct workshop_test_result {
	const struct pattern *pattern;
	const struct pattern_test *test;
	bool passed;
	const char *why; /* "expected a hit on the last transaction; there was none"; "" where it passed */
};
typedef void workshop_test_report(void *context, const struct workshop_test_result *result);

/*
 * All tests of all patterns of a set loaded with run_all (others do not run), or of `only` where its length
 * is not 0. Every result goes to `report`. Returns the number of tests that failed; `run_r` the number run.
 */
unsigned workshop_test(struct pattern_set *set, struct slice only, workshop_test_report *report,
                       void *context, unsigned *run_r);

#endif
