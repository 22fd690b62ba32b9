/*
 * The trie of element paths. Nodes stand in one array, children are found through one hash table over
 * (parent, name).
 */
#include "decode/xml_map.h"

#include <assert.h>

_Static_assert(XML_MAP_BUCKETS >= 4 * XML_NODES_MAX, "probes stay short");
_Static_assert((XML_MAP_BUCKETS & (XML_MAP_BUCKETS - 1)) == 0, "a mask replaces the division");

/*
 * FNV-1a over the name, begun with the parent. The names come from outside, but the table never grows or
 * fills.
 */
static unsigned bucket_of(uint16_t parent, const char *name, size_t name_bytes)
{
	uint32_t hash = UINT32_C(2166136261) ^ (parent * UINT32_C(2654435761));

	for (size_t i = 0; i < name_bytes; i++)
		hash = (hash ^ (unsigned char)name[i]) * UINT32_C(16777619);
	return (hash ^ hash >> 15) & (XML_MAP_BUCKETS - 1);
}

uint16_t xml_map_child(const struct xml_map *map, uint16_t parent, const char *name, size_t name_bytes)
{
	const struct xml_node *node;
	unsigned at;

	if (name_bytes > XML_NAME_BYTES_MAX)
		return XML_NODE_NONE;
	at = bucket_of(parent, name, name_bytes);
	for (; map->buckets[at] != 0; at = (at + 1) & (XML_MAP_BUCKETS - 1)) {
		node = &map->nodes[map->buckets[at] - 1];
		if (node->parent == parent && node->name_bytes == name_bytes && memcmp(node->name, name, name_bytes) == 0)
			return map->buckets[at] - 1;
	}
	return XML_NODE_NONE;
}

static uint16_t child_add(struct xml_map *map, uint16_t parent, const char *name, size_t name_bytes)
{
	unsigned at = bucket_of(parent, name, name_bytes);
	uint16_t node = (uint16_t)map->node_count++;

	assert(node < XML_NODES_MAX && name_bytes > 0 && name_bytes <= XML_NAME_BYTES_MAX);
	map->nodes[node] = (struct xml_node){
		.path = "", .name = name, .parent = parent, .name_bytes = (uint8_t)name_bytes, .kind = XML_PASS
	};
	while (map->buckets[at] != 0)
		at = (at + 1) & (XML_MAP_BUCKETS - 1);
	map->buckets[at] = node + 1;
	return node;
}

static void row_add(struct xml_map *map, const struct xml_path *row)
{
	const char *at = row->path;
	uint16_t node = 0;

	assert(row->slot < XML_SLOTS_MAX);
	while (*at != '\0' && *at != '@') {
		size_t bytes = strcspn(at, "/@");
		uint16_t child = xml_map_child(map, node, at, bytes);

		node = child != XML_NODE_NONE ? child : child_add(map, node, at, bytes);
		at += bytes + (at[bytes] == '/');
	}
	if (*at == '@') {
		map->nodes[node].attribute = at + 1;
		map->nodes[node].attribute_path = row->path;
		map->nodes[node].attribute_slot = row->slot;
		return;
	}
	map->nodes[node].path = row->path;
	map->nodes[node].kind = row->kind;
	map->nodes[node].slot = row->slot;
}

void xml_map_init(struct xml_map *map, const struct xml_path *paths)
{
	memset(map, 0, sizeof(*map));
	map->node_count = 1;
	map->nodes[0] = (struct xml_node){.path = "", .name = "", .parent = XML_NODE_NONE, .kind = XML_PASS};
	for (; paths->path != NULL; paths++)
		row_add(map, paths);
}
