/*
 * Any bytes as two payees' names, a line each. Signatures and disguises keep within their bounds, no name is its own
 * disguise, and how far two names are from each other is the same from either side.
 */
#include <assert.h>
#include <string.h>

#include "profile/disguise.h"
#include "profile/name.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void look_at_disguises(struct slice name, const uint8_t *signature)
{
	static struct disguises disguises;

	disguises_of(name, &disguises);
	assert(disguises.count <= DISGUISES_MAX);
	assert(!disguises_hold(&disguises, signature));
	for (uint32_t i = 0; i < disguises.count; i++)
		assert(name_bytes(disguises.signatures[i]) <= NAME_BYTES_MOST);
}

static void look_at_both(const uint8_t *a, const uint8_t *b)
{
	unsigned distance = name_distance(a, b), added = name_added(a, b);

	assert(distance == name_distance(b, a) && added == name_added(b, a));
	assert(distance <= NAME_DISTANCE_MOST || distance == NAME_DISTANCE_NONE);
	/* So many characters more, in their order, is so many put in. */
	assert(added == NAME_DISTANCE_NONE || (added > 0 && added == distance));
	assert(!name_same(a, b) || name_is_none(a) || distance == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	const char *text = (const char *)bytes, *end = length > 0 ? memchr(text, '\n', length) : NULL;
	struct slice first = {text, (uint32_t)(end != NULL ? (size_t)(end - text) : length)}, second = {NULL, 0};
	uint8_t a[NAME_BYTES_MOST], b[NAME_BYTES_MOST], person[NAME_BYTES_MOST];

	if (end != NULL)
		second = (struct slice){end + 1, (uint32_t)(length - first.length - 1)};
	name_sign(first, TX_COMPANY, a);
	name_sign(second, TX_COMPANY, b);
	name_sign(first, TX_PERSON, person);
	assert(name_bytes(a) <= NAME_BYTES_MOST && name_bytes(b) <= NAME_BYTES_MOST);
	look_at_disguises(first, a);
	look_at_both(a, b);
	look_at_both(a, a);
	look_at_both(person, b);
	return 0;
}
