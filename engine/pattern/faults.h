/*
 * Everything that is wrong with a set of patterns, collected: an analyst wants all of it at once, not the
 * first word.
 *
 * Each fault goes to the caller's report as it is found, in the order of files and lines. Beyond
 * PATTERN_FAULTS_MAX they are only counted.
 */
#ifndef PATTERN_FAULTS_H
#define PATTERN_FAULTS_H

#include <stdarg.h>

#include "base/error.h"
#include "pattern/pattern.h"

struct faults {
	pattern_report *report; /* may be NULL */
	void *report_context;
	bool warnings_wanted; /* else they are neither reported nor counted */
	unsigned errors, warnings;
	char first[ERROR_TEXT_BYTES]; /* the first error, for whoever has room for only one */
};

void faults_init(struct faults *faults, pattern_report *report, void *report_context, bool warnings_wanted);

/* "name:line:column: …"; line 0 leaves the place out. */
void faults_add(struct faults *faults, bool warning, const char *name, int line, int column,
                const char *format, va_list args);

void faults_say(struct faults *faults, bool warning, const char *name, int line, int column,
                const char *format, ...) __attribute__((format(printf, 6, 7)));

/* Fills `error` from the first fault and the number of the others; returns -1. */
int faults_error(const struct faults *faults, struct error *error);

#endif
