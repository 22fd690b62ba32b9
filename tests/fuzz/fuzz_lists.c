/*
 * Any bytes as a list's file, the first one choosing an ordinary list or `allow`. What it may do: refuse.
 * Every entry taken is found by its own value at its time and not after, its texts are valid UTF-8 within
 * their limits, and every report names the file.
 */
#include <assert.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "reference/reference.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void look_at_report(void *context, const char *text)
{
	(void)context;
	assert(strncmp(text, "f.csv:", 6) == 0);
	assert(utf8_valid(text, strlen(text)));
}

static void look_at(const struct reference *reference, const struct reference_list *list, bool is_allow)
{
	for (size_t i = 0; i < reference_list_size(list); i++) {
		const struct reference_entry *e = reference_entry_at(list, i);
		int64_t before = e->expires_ms == INT64_MAX ? INT64_MAX - 1 : e->expires_ms - 1;
		assert(e->kind < REFERENCE_KINDS && e->key.length > 0);
		assert(utf8_valid(e->value.at, e->value.length) && utf8_valid(e->key.at, e->key.length));
		assert(utf8_count(e->reason) <= REFERENCE_TEXT_CHARACTERS_MAX);
		assert(utf8_count(e->source) <= REFERENCE_TEXT_CHARACTERS_MAX);
		if (is_allow) {
			assert(reference_allows(reference, e->source, e->kind, e->key, before));
			assert(!reference_allows(reference, e->source, e->kind, e->key, e->expires_ms));
			assert(reference_find(list, e->kind, e->key, before) == NULL);
		} else {
			assert(reference_find(list, e->kind, e->key, before) == e);
			assert(reference_find(list, e->kind, e->key, e->expires_ms) == NULL);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct reference *reference;
	struct slice name;
	struct error error;

	if (length == 0)
		return 0;
	name = slice_of(bytes[0] % 2 == 0 ? "stop-payment" : REFERENCE_ALLOW);
	reference = reference_new();
	if (reference_load_list_bytes(reference, name, "f.csv", (const char *)bytes + 1, length - 1, look_at_report,
	                              NULL, &error) == 0) {
		reference_finish(reference);
		look_at(reference, reference_list(reference, name), bytes[0] % 2 != 0);
	} else {
		assert(strncmp(error.text, "f.csv", 5) == 0);
	}
	reference_free(&reference);
	return 0;
}
