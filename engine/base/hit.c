#include "base/hit.h"

#define XXH_INLINE_ALL /* the streaming state on the stack */
#include <xxhash.h>

const char *const audience_names[] = {"enterprise", "analyst"};

/* XXH3-128 over the parts, each behind its length, so that no two lists of parts read alike. */
void hit_id(struct hit *hit)
{
	const struct slice parts[] = {hit->bank, hit->account, hit->tx_id, hit->pattern};
	XXH128_canonical_t canonical;
	XXH3_state_t state;

	XXH3_INITSTATE(&state);
	XXH3_128bits_reset(&state);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		XXH3_128bits_update(&state, &parts[i].length, sizeof(parts[i].length));
		XXH3_128bits_update(&state, parts[i].at, parts[i].length);
	}
	XXH3_128bits_update(&state, &hit->version, sizeof(hit->version));
	XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(&state));
	memcpy(hit->id, canonical.digest, HIT_ID_BYTES);
}
