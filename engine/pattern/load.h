/*
 * The steps of loading a set, which the load and the lint share.
 */
#ifndef PATTERN_LOAD_H
#define PATTERN_LOAD_H

#include "pattern/builder.h"

struct load {
	const char *dir; /* NULL: one file's bytes */
	const struct pattern_options *options;
	struct pattern_set *set; /* owned until it is handed over */
	struct builder builder;
	struct faults faults;
	int64_t begun_ms;
};

/* -1: the options are wrong. load_end() is due either way. */
int load_begin(struct load *load, const char *dir, const struct pattern_options *options,
               bool warnings_wanted, struct error *error);
void load_read_dir(struct load *load);
/* Checks what concerns all files together and compiles; the set goes to `set_r`. */
int load_finish(struct load *load, struct pattern_set **set_r, struct error *error);
void load_end(struct load *load);

#endif
