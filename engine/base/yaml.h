/*
 * A YAML file as a tree that remembers where everything stood, so that each complaint names file, line and column.
 *
 * libyaml reads; what huqi does not use is refused here once for settings, patterns, levels and scenarios alike:
 * anchors, aliases, tags, several documents, a key twice, keys that are not plain text, deep or large files.
 */
#ifndef BASE_YAML_H
#define BASE_YAML_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"

#define YAML_BYTES_MAX (4u << 20)
#define YAML_DEPTH_MAX 32

enum yaml_type { YAML_TEXT, YAML_LIST, YAML_MAP };

struct yaml_node {
	enum yaml_type type;
	bool quoted; /* a TEXT written in quotes or as a block: never a number, a boolean or null */
	int line, column; /* from 1; of the value */
	int key_line, key_column; /* of the key, for a member of a map */
	struct slice key; /* for a member of a map, else empty */
	struct slice text; /* for a TEXT; ends with a zero */
	struct yaml_node *first, *next; /* children in the order of the file; the sibling after this one */
	int count; /* children */
};

struct yaml {
	const char *name; /* for messages; owned by the tree's arena */
	struct arena arena; /* owns every node and text */
	struct yaml_node *root;
};

/* Reads a whole file or `length` bytes named `name`. On -1 nothing needs freeing. */
int yaml_load_file(struct yaml *yaml, const char *path, struct error *error);
int yaml_load_bytes(struct yaml *yaml, const char *name, const char *bytes, size_t length, struct error *error);
/* Hidden, because libyaml exports a yaml_free() of its own, which a visible one would replace inside the library. */
void yaml_free(struct yaml *yaml) __attribute__((visibility("hidden")));

/* The member of a map, NULL where there is none (or `map` is NULL or no map). */
struct yaml_node *yaml_find(const struct yaml_node *map, const char *key);

/*
 * The text of a member, copied into `arena`; where it has no such member `*text_r` stays as it is. -1 where it is
 * something else, with its place.
 */
int yaml_text_of(const struct yaml *yaml, const struct yaml_node *map, const char *key, struct arena *arena,
                 const char **text_r, struct error *error);

/* A TEXT that is not there: `null`, `~` or nothing, unquoted. */
bool yaml_is_null(const struct yaml_node *node);

/* "name:line:column: …" into `error`, returns -1. `node` may be NULL: then only the name. */
int yaml_error(struct error *error, const struct yaml *yaml, const struct yaml_node *node, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The nearest of `count` words, for "did you mean"; NULL where none is near. `word_of` gives the i-th. */
const char *yaml_nearest(struct slice wrong, const char *(*word_of)(int i), int count);

#endif
