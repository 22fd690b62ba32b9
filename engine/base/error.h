/*
 * One error with words that a person can act on: which file, line, field, value, what was expected.
 *
 * It is filled where the fault is seen, wrapped with context on the way up, and printed once, at the top.
 * Whoever returns -1 has filled it; whoever logs it does not return it.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#define ERROR_TEXT_BYTES 1024

struct error {
	char text[ERROR_TEXT_BYTES]; /* UTF-8, one line, cut at the limit */
};

/* Fills `error` and returns -1, so that `return error_set(...)` reads well. `error` may be NULL. */
int error_set(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Puts "context: " before what is there and returns -1. */
int error_wrap(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Ends the program with one line on standard error: for what cannot be gone on from (no memory at start). */
_Noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
