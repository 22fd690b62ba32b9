/*
 * Which elements of a message matter, and where their text goes: a table of paths, compiled once into a trie.
 *
 * A table is data: one row an element or attribute, its path from the message's own root
 * ("Ntfctn/Ntry/Amt", "Ntfctn/Ntry/Amt@Ccy"), the slot that takes its text, and what a second occurrence
 * means. Whatever stands in no row is skipped without being looked at. Several rows may share a slot where
 * a schema's versions name one thing differently (BIC and BICFI, Sts and Sts/Cd).
 *
 * The trie costs one hash and one probe an element, whatever the table's length.
 */
#ifndef DECODE_XML_MAP_H
#define DECODE_XML_MAP_H

#include <stdint.h>

#include "base/slice.h"

#define XML_SLOTS_MAX 128
#define XML_NODES_MAX 512
#define XML_NAME_BYTES_MAX 32 /* the longest element name of a table */
#define XML_MAP_BUCKETS 2048 /* a power of two, at least four times the nodes */

/* What becomes of an element's text. */
enum xml_kind {
	XML_PASS, /* only on the way to others */
	XML_ONCE, /* into its slot; given twice with a text, the message is rejected */
	XML_FIRST, /* into its slot; the first one that has a text stays */
	XML_JOIN, /* repeatable: the texts are joined by a space, up to XML_TEXT_BYTES_MAX */
	XML_TAGGED, /* as XML_JOIN, without the tag that CNAPS puts before a text ("/H01/") */
	XML_SEEN, /* only that it is there: its slot becomes a non-empty text */
	XML_GROUP /* its begin clears its slot and all after it; begin and end are told to the family */
};

struct xml_path {
	const char *path; /* names joined by '/', perhaps "@attribute" at the end; NULL ends a table */
	uint8_t slot;
	uint8_t kind; /* enum xml_kind */
};

struct xml_node {
	const char *path; /* of the row that gave it its kind, for reasons; "" where it only passes */
	const char *name; /* a part of that table's text, not ended by a zero */
	const char *attribute; /* name of the attribute that is read, NULL where none */
	const char *attribute_path;
	uint16_t parent;
	uint8_t name_bytes;
	uint8_t kind, slot, attribute_slot;
};

struct xml_map {
	struct xml_node nodes[XML_NODES_MAX]; /* nodes[0] is the message's root */
	uint16_t buckets[XML_MAP_BUCKETS]; /* node + 1, 0 where empty */
	unsigned node_count;
};

#define XML_NODE_NONE UINT16_MAX

/* Compiles `paths`. A table that doesn't fit the limits is a programmer's error and asserts. */
void xml_map_init(struct xml_map *map, const struct xml_path *paths);

/* The child of `parent` with that name, XML_NODE_NONE where no row knows it. */
uint16_t xml_map_child(const struct xml_map *map, uint16_t parent, const char *name, size_t name_bytes);

#endif
