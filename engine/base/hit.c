#include "base/hit.h"

#define XXH_INLINE_ALL /* the streaming state on the stack */
#include <xxhash.h>

const char *const audience_names[] = {"enterprise", "analyst"};

enum { PARTS = 4, JOINED_BYTES_MAX = 512 };

/* The parts one behind the other; 0 where they are too long. Their hash is the same as that of the pieces. */
static size_t join(const struct slice parts[PARTS], const struct hit *hit, char joined[JOINED_BYTES_MAX])
{
	size_t length = sizeof(hit->version), at = 0;

	for (size_t i = 0; i < PARTS; i++)
		length += sizeof(parts[i].length) + parts[i].length;
	if (length > JOINED_BYTES_MAX)
		return 0;
	for (size_t i = 0; i < PARTS; i++) {
		memcpy(joined + at, &parts[i].length, sizeof(parts[i].length));
		at += sizeof(parts[i].length);
		if (parts[i].length > 0)
			memcpy(joined + at, parts[i].at, parts[i].length);
		at += parts[i].length;
	}
	memcpy(joined + at, &hit->version, sizeof(hit->version));
	return length;
}

static XXH128_hash_t hash_pieces(const struct slice parts[PARTS], const struct hit *hit)
{
	XXH3_state_t state;

	XXH3_INITSTATE(&state);
	XXH3_128bits_reset(&state);
	for (size_t i = 0; i < PARTS; i++) {
		XXH3_128bits_update(&state, &parts[i].length, sizeof(parts[i].length));
		XXH3_128bits_update(&state, parts[i].at, parts[i].length);
	}
	XXH3_128bits_update(&state, &hit->version, sizeof(hit->version));
	return XXH3_128bits_digest(&state);
}

/* XXH3-128 over the parts, each behind its length, so that no two lists of parts read alike. */
void hit_id(struct hit *hit)
{
	const struct slice parts[PARTS] = {hit->bank, hit->account, hit->tx_id, hit->pattern};
	XXH128_canonical_t canonical;
	char joined[JOINED_BYTES_MAX];
	size_t length = join(parts, hit, joined);

	XXH128_canonicalFromHash(&canonical, length > 0 ? XXH3_128bits(joined, length) : hash_pieces(parts, hit));
	memcpy(hit->id, canonical.digest, HIT_ID_BYTES);
}
