/*
 * One XML message → the texts of the elements that matter, in slots, with a call at the end of each group.
 *
 * expat reads (SAX, namespaces prefixed or not); a family of messages brings its table of paths and what to
 * do when a group closes (an entry, a transaction). Nothing is kept of what no row names. The parser is
 * made once and reset for each message; texts go to context->arena.
 *
 * Refused: a document type declaration of any kind (so no entity can be declared or expanded), nesting
 * deeper than XML_DEPTH_MAX, an element given twice that may stand once, an unknown namespace. An element's
 * text is kept up to XML_TEXT_BYTES_MAX, which is beyond every limit of contract.md section 1, so the
 * field's own rule still applies.
 */
#ifndef DECODE_XML_READER_H
#define DECODE_XML_READER_H

#include <expat.h>

#include "decode/decode.h"
#include "decode/xml_encoding.h"
#include "decode/xml_map.h"

#define XML_DEPTH_MAX 64
#define XML_TEXT_BYTES_MAX 4096

struct xml_reader;

/*
 * A family of messages that are read alike, whatever their version. Each call returns 0, or -1 with
 * context->reject filled, which ends the reading. `slot` is the group's row in the table.
 */
struct xml_family {
	const char *name; /* "camt.054" */
	const struct xml_path *paths;
	unsigned slot_count;
	int (*begin)(struct xml_reader *reader, unsigned slot);
	int (*end)(struct xml_reader *reader, unsigned slot);
	int (*open)(struct xml_reader *reader); /* before the first element */
	int (*close)(struct xml_reader *reader); /* after the last one */
};

/* What a namespace stands for. */
struct xml_document {
	const char *root; /* the one element below Document */
	const struct xml_family *family;
	const struct xml_map *map;
};

/*
 * Finds the document of a namespace; -1 with context->reject filled where it is none that the decoder
 * knows.
 */
typedef int xml_find_document(struct xml_reader *reader, struct slice namespace,
                              struct xml_document *document_r);

struct xml_reader {
	struct decode_context *context; /* of the message being read; borrowed */
	XML_Parser parser; /* owned */
	struct xml_encoding encoding;
	xml_find_document *find;
	void *work; /* the decoder's, for its families; borrowed */
	/* of expat's hash tables, drawn once: they can't be flooded, and no message asks the kernel */
	unsigned char salt[16];
	bool salted; /* the kernel had random numbers to give */

	/* The message being read. */
	struct xml_document document;
	char namespace[128]; /* with the separator behind it */
	size_t namespace_bytes;
	unsigned depth, skipped; /* elements open; of them, below one that no row knows */
	unsigned roots; /* elements seen right below Document */
	uint16_t node;
	bool failed; /* context->reject is filled */
	bool collecting; /* the text of `node` is wanted */
	bool text_full;
	size_t text_bytes;
	char text[XML_TEXT_BYTES_MAX];
	struct slice values[XML_SLOTS_MAX]; /* in context->arena; empty where absent */
	uint32_t rooms[XML_SLOTS_MAX]; /* bytes that a joined value may grow to in its place */
};

/* -1: out of memory. */
int xml_reader_init(struct xml_reader *reader, xml_find_document *find, void *work);
void xml_reader_deinit(struct xml_reader *reader);

/*
 * Reads one document of at most DECODE_MESSAGE_BYTES_MAX. Returns 0, or -1 with context->reject filled and
 * context->tx_count as it was before: a message is taken whole or rejected whole.
 */
int xml_reader_read(struct xml_reader *reader, struct decode_context *context, const char *bytes,
                    size_t length);

/* The text of a slot, empty where absent. */
static inline struct slice xml_value(const struct xml_reader *reader, unsigned slot)
{
	return reader->values[slot];
}

/* The first of two slots that has a text. */
static inline struct slice xml_either(const struct xml_reader *reader, unsigned first, unsigned second)
{
	return reader->values[first].length > 0 ? reader->values[first] : reader->values[second];
}

#endif
