#include "workshop/truth.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <yyjson.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { SLOTS_LEAST = 1 << 12, SCENARIOS_BYTES_MAX = 512 << 20 };

static uint64_t key_of(struct slice bank, struct slice id)
{
	uint64_t key = XXH3_64bits_withSeed(id.at, id.length, XXH3_64bits(bank.at, bank.length));

	return key != 0 ? key : 1;
}

static void slots_new(struct truth *t, size_t count)
{
	t->labels = calloc(count, sizeof(*t->labels));
	if (t->labels == NULL)
		die("out of memory: %zu labels", count);
	t->slot_count = count;
}

static void insert(struct truth *t, const struct truth_label *label)
{
	size_t at = label->key & (t->slot_count - 1);

	while (t->labels[at].key != 0)
		at = (at + 1) & (t->slot_count - 1);
	t->labels[at] = *label;
}

static void grow(struct truth *t)
{
	struct truth old = *t;

	if (t->label_count < t->slot_count / 2)
		return;
	slots_new(t, old.slot_count * 2);
	for (size_t i = 0; i < old.slot_count; i++)
		if (old.labels[i].key != 0)
			insert(t, &old.labels[i]);
	free(old.labels);
}

static struct slice text_of(yyjson_val *object, const char *key)
{
	yyjson_val *value = yyjson_obj_get(object, key);

	return (struct slice){yyjson_get_str(value), (uint32_t)yyjson_get_len(value)};
}

static bool read_label(struct truth *t, yyjson_val *root)
{
	yyjson_val *tx = yyjson_obj_get(root, "tx");
	struct slice bank = text_of(tx, "bank"), id = text_of(tx, "id"), typology = text_of(root, "typology");
	struct slice scenario = text_of(root, "scenario");
	struct truth_label label = {.seen = false};

	if (bank.at == NULL || id.at == NULL || typology.length != 3 ||
	    (typology.at[0] != 'V' && typology.at[0] != 'M') || t->label_count == TRUTH_LABELS_MAX)
		return false;
	label.key = key_of(bank, id);
	memcpy(label.typology, typology.at, 3);
	label.scenario = arena_copy(&t->arena, scenario.at != NULL ? scenario : slice_of(""));
	grow(t);
	insert(t, &label);
	t->label_count++;
	return true;
}

static int read_line(struct truth *t, const char *path, long number, char *line, size_t length,
                     struct error *error)
{
	yyjson_doc *document = yyjson_read(line, length, 0);
	bool good = document != NULL && read_label(t, yyjson_doc_get_root(document));

	yyjson_doc_free(document);
	if (good)
		return 0;
	return error_set(error,
	                 "%s:%ld: no label; expected {\"tx\":{\"bank\":…,\"id\":…},\"typology\":\"V01\","
	                 "\"scenario\":…}",
	                 path, number);
}

int truth_load(struct truth *truth, const char *path, struct error *error)
{
	FILE *file = path != NULL ? fopen(path, "r") : NULL;
	char *line = NULL;
	size_t room = 0;
	long number = 0;
	ssize_t length;
	int result = 0;

	*truth = (struct truth){.label_count = 0};
	if (path != NULL && file == NULL)
		return error_set(error, "%s: cannot be read: %s", path, strerror(errno));
	slots_new(truth, SLOTS_LEAST);
	arena_init(&truth->arena, SCENARIOS_BYTES_MAX);
	while (result == 0 && file != NULL && (length = getline(&line, &room, file)) > 0) {
		number++;
		if (length > 1 || line[0] != '\n')
			result = read_line(truth, path, number, line, (size_t)length, error);
	}
	free(line);
	if (file != NULL)
		fclose(file);
	if (result == -1)
		truth_free(truth);
	return result;
}

void truth_free(struct truth *truth)
{
	free(truth->labels);
	truth->labels = NULL;
	arena_deinit(&truth->arena);
}

struct truth_label *truth_next(struct truth *truth, const struct tx *tx, size_t *at)
{
	uint64_t key = key_of(tx->bank, tx->id);

	*at = *at == SIZE_MAX ? key & (truth->slot_count - 1) : (*at + 1) & (truth->slot_count - 1);
	for (; truth->labels[*at].key != 0; *at = (*at + 1) & (truth->slot_count - 1))
		if (truth->labels[*at].key == key)
			return &truth->labels[*at];
	return NULL;
}
