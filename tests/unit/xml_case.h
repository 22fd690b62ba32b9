/*
 * Rows of "this message gives these transactions, or this rejection", for the decoders of XML messages.
 */
#ifndef TESTS_UNIT_XML_CASE_H
#define TESTS_UNIT_XML_CASE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "decode/decode.h"

#define XML_CASE_WANTS_MAX 14

struct xml_case {
	const char *name;
	const char *message;
	const char *bank; /* the feed's setting, NULL where there is none */
	size_t count; /* transactions */
	/*
	 * What their huqi.tx.v1 lines must hold, in this order; with `rejected`, what the reason must hold.
	 * NULL ends.
	 */
	const char *wants[XML_CASE_WANTS_MAX];
	bool rejected;
};

/* Decodes each row's message with one context, reused as in service, and compares. */
void xml_cases_run(const char *decoder, const struct xml_case *cases, size_t count);

/* One message of `length` bytes; fails the test where it isn't rejected with a reason that holds `reason`. */
void xml_case_rejected(const char *decoder, const char *bytes, size_t length, const char *reason);

#define XML_CASES_RUN(decoder, cases) xml_cases_run(decoder, cases, sizeof(cases) / sizeof((cases)[0]))

#endif
