/*
 * Any bytes as an enterprise's address. Its keys lie in the folded address, and the floor begins as the room does; a
 * desk's number behind a room changes neither.
 */
#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "fold/fold.h"
#include "reference/address.h"

enum { ADDRESS_BYTES_MAX = 2048, FOLDED_BYTES = 8192 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static bool lies_in(struct slice key, struct slice folded)
{
	return key.at >= folded.at && key.at + key.length <= folded.at + folded.length;
}

/* On the heap and exactly as long, so that ASan sees a byte too many; the caller frees. */
static struct slice fold(const char *text, size_t length)
{
	char all[FOLDED_BYTES], *kept;
	ptrdiff_t bytes = fold_text(text, length, all, sizeof(all));
	size_t n = bytes > 0 ? (size_t)bytes : 0;

	kept = malloc(n > 0 ? n : 1);
	assert(kept != NULL);
	memcpy(kept, all, n);
	return (struct slice){kept, (uint32_t)n};
}

static bool ends_with_room(struct slice text)
{
	uint32_t digits = 0;

	while (digits < text.length && text.at[text.length - 1 - digits] >= '0' && text.at[text.length - 1 - digits] <= '9')
		digits++;
	return digits >= 3 && digits <= 5;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	char with[ADDRESS_BYTES_MAX + 2];
	struct slice written = {(const char *)bytes, (uint32_t)length}, folded, folded_with;
	struct address_keys keys, keys_with;

	if (length == 0 || length > ADDRESS_BYTES_MAX)
		return 0;
	folded = fold(written.at, length);
	keys = address_keys(written, folded);
	assert(lies_in(keys.room, folded) && lies_in(keys.floor, folded));
	assert(keys.floor.at == keys.room.at && keys.floor.length <= keys.room.length);
	memcpy(with, bytes, length);
	memcpy(with + length, "-5", 2);
	folded_with = fold(with, length + 2);
	keys_with = address_keys((struct slice){with, (uint32_t)length + 2}, folded_with);
	assert(lies_in(keys_with.room, folded_with));
	if (ends_with_room(folded) && folded_with.length == folded.length + 1) {
		struct address_keys bare = address_keys((struct slice){"", 0}, folded);
		assert(slice_equal(bare.room, keys_with.room) && slice_equal(bare.floor, keys_with.floor));
	}
	free((char *)folded.at);
	free((char *)folded_with.at);
	return 0;
}
