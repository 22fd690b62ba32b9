/*
 * One pattern file while it is read: its bytes, its tree, and where its faults go.
 *
 * The YAML tree knows where a scalar begins. A fault inside a condition or an expression stands further on,
 * perhaps behind an escape or on another line, so the bytes are kept to find the exact place.
 */
#ifndef PATTERN_SOURCE_H
#define PATTERN_SOURCE_H

#include "base/yaml.h"
#include "pattern/faults.h"

/* A fault in the text of one scalar: what, and at which byte of the decoded text. */
struct complaint {
	uint32_t offset;
	char text[640];
};

/* Fills the complaint and returns -1. */
int complain(struct complaint *complaint, uint32_t offset, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

struct source {
	struct yaml yaml; /* owned */
	char *bytes; /* owned */
	size_t length;
	struct faults *faults; /* borrowed */
};

/* Reads the file; -1 with the fault reported and nothing to free. `name` is what faults call it. */
int source_load_file(struct source *source, const char *path, const char *name, struct faults *faults);
int source_load_bytes(struct source *source, const char *name, const char *bytes, size_t length,
                      struct faults *faults);
void source_free(struct source *source);

/* A fault at a value, at the key of a value, or at a byte within a scalar's text. */
void source_fault(struct source *source, const struct yaml_node *node, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void source_fault_key(struct source *source, const struct yaml_node *node, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void source_complain(struct source *source, const struct yaml_node *node, const struct complaint *complaint);
void source_warn(struct source *source, const struct yaml_node *node, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The line and column (in characters, from 1) of byte `offset` of a scalar's decoded text. */
void source_place(const struct source *source, const struct yaml_node *node, uint32_t offset, int *line_r,
                  int *column_r);

#endif
