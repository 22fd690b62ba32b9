/*
 * A reference's life, and its texts.
 */
#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "fold/fold.h"
#include "reference/reference_private.h"

struct reference *reference_new(void)
{
	struct reference *reference = calloc(1, sizeof(*reference));

	if (reference == NULL)
		die("out of memory: reference data");
	atomic_init(&reference->users, 1);
	arena_init(&reference->texts, REFERENCE_BYTES_MAX);
	return reference;
}

struct reference *reference_hold(struct reference *reference)
{
	atomic_fetch_add_explicit(&reference->users, 1, memory_order_relaxed);
	return reference;
}

void reference_free(struct reference **reference)
{
	struct reference *r = *reference;

	*reference = NULL;
	if (r == NULL || atomic_fetch_sub_explicit(&r->users, 1, memory_order_acq_rel) > 1)
		return;
	for (size_t i = 0; i < r->list_count; i++) {
		index_deinit(&r->lists[i]->index);
		free(r->lists[i]->entries);
		free(r->lists[i]);
	}
	free(r->enterprises);
	free(r->accounts);
	for (int near = 0; near < REFERENCE_NEARS; near++)
		free(r->near_days[near]);
	index_deinit(&r->by_uscc);
	index_deinit(&r->by_name);
	index_deinit(&r->by_account);
	arena_deinit(&r->texts);
	free(r);
}

struct slice reference_keep(struct reference *reference, struct slice text)
{
	struct slice kept = {"", 0};

	if (text.length == 0)
		return kept;
	kept = arena_copy(&reference->texts, text);
	if (kept.at == NULL)
		die("reference data: more than %llu bytes of texts", REFERENCE_BYTES_MAX);
	return kept;
}

struct slice reference_keep_repeated(struct reference *reference, struct slice text)
{
	struct slice *lately;

	if (text.length == 0)
		return (struct slice){"", 0};
	lately = &reference->repeats[XXH3_64bits(text.at, text.length) % REFERENCE_REPEATS];
	if (lately->at == NULL || !slice_equal(*lately, text))
		*lately = reference_keep(reference, text);
	return *lately;
}

struct slice reference_keep_folded(struct reference *reference, struct slice text)
{
	char folded[FOLD_BYTES_MAX + FOLD_TAIL_BYTES];
	struct fold_buffer out;

	if (text.length == 0)
		return (struct slice){"", 0};
	fold_init(&out, folded, NULL, FOLD_BYTES_MAX);
	fold_append(&out, text.at, text.length);
	return reference_keep(reference, (struct slice){folded, (uint32_t)out.length});
}

void *reference_room(void *array, size_t count, size_t *capacity, size_t size)
{
	if (count < *capacity)
		return array;
	*capacity = *capacity > 0 ? *capacity * 2 : 64;
	array = realloc(array, *capacity * size);
	if (array == NULL)
		die("out of memory: reference data");
	return array;
}

struct reference_facts reference_facts(const struct reference *reference)
{
	struct reference_facts facts = {.lists = reference->list_count, .refused = reference->refused,
	                                .enterprises = reference->enterprise_count,
	                                .accounts = reference->account_count};

	for (size_t i = 0; i < reference->list_count; i++)
		facts.entries += reference->lists[i]->count;
	return facts;
}
