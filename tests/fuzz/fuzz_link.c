/*
 * Any bytes as the body of a snapshot of links, under a head whose checksum is right. What it may do:
 * refuse, or bring events; then they can be saved in memory bounds and more can be put.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "link/record.h"
#include "link/snapshot.h"

#include <xxhash.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct link_limits limits = link_limits_default;
	struct snapshot_head head = {.magic = SNAPSHOT_MAGIC, .bytes = length, .sum = XXH3_64bits(bytes, length)};
	char *file = malloc(sizeof(head) + length);
	struct link *link;
	struct error error;

	if (file == NULL)
		return 0;
	limits.bytes_max = 1 << 18;
	limits.bytes_kept = 0;
	limits.node_edges_max = 8;
	limits.key_events_max = 8;
	limits.steps_max = 1000;
	link = link_new_bounded(0, &limits);
	memcpy(file, &head, sizeof(head));
	if (length > 0)
		memcpy(file + sizeof(head), bytes, length);
	if (link_load_bytes(link, file, sizeof(head) + length, &error) == -1)
		assert(link_bytes(link) == 0);
	assert(link_bytes(link) <= limits.bytes_max);
	link_free(&link);
	free(file);
	return 0;
}
