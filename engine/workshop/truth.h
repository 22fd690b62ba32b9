/*
 * Labels of a feed: which transactions belong to which fraud. One JSON object a line,
 * {"tx":{"bank":…,"id":…},"typology":"V01","scenario":"…"}; a transaction may have several.
 */
#ifndef WORKSHOP_TRUTH_H
#define WORKSHOP_TRUTH_H

#include "base/arena.h"
#include "base/error.h"
#include "base/tx.h"

#define TRUTH_LABELS_MAX 20000000

struct truth_label {
	uint64_t key; /* of bank and id; never 0 */
	char typology[4];
	bool seen; /* for whoever looks up */
	struct slice scenario;
};

struct truth {
	struct truth_label *labels; /* owned; open addressing, slot_count a power of two */
	size_t slot_count, label_count;
	struct arena arena; /* owned: scenarios */
};

/* -1 with file and line where one is no label. `path` NULL: no labels. */
int truth_load(struct truth *truth, const char *path, struct error *error);
void truth_free(struct truth *truth);

/* The labels of a transaction one by one: begin with *at == SIZE_MAX; NULL: no more. */
struct truth_label *truth_next(struct truth *truth, const struct tx *tx, size_t *at);

#endif
