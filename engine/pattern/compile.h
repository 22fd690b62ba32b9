/*
 * Expressions → a Hyperscan data base, without trusting them.
 *
 *   cache_dir ──found, checksum right──▶ data base
 *       │ not
 *       ▼
 *   child processes: each alone (names the guilty); beside them all together ──serialised──▶ cache_dir, data base
 *
 * A compiler of regular expressions can be made to run for minutes and take gigabytes by a line of text
 * (parts.md). So it runs in processes of its own with limits on time and memory. The service has threads when
 * patterns are reloaded, and between fork() and exec() a child of a threaded process may do almost nothing:
 * so a child is this same program, started anew by posix_spawn() under another name, which a constructor in
 * compile_child.c recognises before main() (so unit tests and fuzzers have it too, without a word in their
 * main()). All data goes through one memory file that all map; nothing can fill up and block.
 */
#ifndef PATTERN_COMPILE_H
#define PATTERN_COMPILE_H

#include <hs.h>

#include "base/error.h"
#include "base/slice.h"

enum {
	COMPILE_FAULTS_MAX = 16,
	COMPILE_BOMBS_MAX = 5, /* each costs `one_ms`; with more the rest stays unnamed */
	COMPILE_EXPRESSION_BYTES_MAX = 4 << 20, /* of the data base of one expression */
};

/* The same for every expression: mixing flags in one data base is slow. One match of each is enough. */
#define COMPILE_FLAGS HS_FLAG_SINGLEMATCH

struct compile_limits {
	uint32_t one_ms, all_ms;
	uint32_t tried; /* so many are tried alone, from the first; the others are these once more, of as many positions */
	uint64_t bytes_max; /* address space, of all children together */
	const char *cache_dir; /* NULL: nothing is kept */
};

struct compile_fault {
	uint32_t expression;
	char text[200];
};

struct compile_result {
	hs_database_t *database; /* the caller's to free */
	size_t bytes;
	bool cached;
	uint32_t fault_count;
	struct compile_fault faults[COMPILE_FAULTS_MAX];
};

/*
 * The expressions' numbers in the data base are their positions. -1: `result_r->faults` names the guilty
 * ones, or there are none and `error` says what the machine lacks.
 */
int compile_database(const struct slice *expressions, uint32_t count, const struct compile_limits *limits,
                     struct compile_result *result_r, struct error *error);

/* The children and their watch (compile_child.c, compile_watch.c): serialised bytes, the caller's to free(). */
int compile_in_child(const struct slice *expressions, uint32_t count, const struct compile_limits *limits,
                     char **bytes_r, size_t *length_r, struct compile_result *result_r, struct error *error);

/* The cache (compile_cache.c). A file that is damaged or of another machine is as good as none. */
struct compile_key {
	uint64_t high, low;
};
struct compile_key compile_cache_key(const struct slice *expressions, uint32_t count);
/* The bytes of a data base, the caller's to free(); false where there are none. */
bool compile_cache_get(const char *dir, struct compile_key key, char **bytes_r, size_t *length_r);
/* Failing to write is no error: the next start compiles again. */
void compile_cache_put(const char *dir, struct compile_key key, const char *bytes, size_t length);

#endif
