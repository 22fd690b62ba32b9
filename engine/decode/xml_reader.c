/*
 * expat's calls → slots and groups. The trie says in one step whether an element matters; below one that
 * doesn't, only the depth is counted.
 */
#include "decode/xml_reader.h"

#include <stdlib.h>
#include <sys/random.h>

#include "decode/tx_build.h"

enum { SEPARATOR = '|' }; /* between namespace and name; no URI may hold it */

/*
 * expat 2.8 and 2.9 took new names for what Debian 12's 2.5 has under the old ones alone, and Debian's updates
 * bring a release new versions.
 */
#define EXPAT_AT_LEAST(minor) (XML_MAJOR_VERSION > 2 || (XML_MAJOR_VERSION == 2 && XML_MINOR_VERSION >= (minor)))

static void set_salt(struct xml_reader *reader)
{
	if (!reader->salted)
		return; /* expat then draws its own for every message */
#if EXPAT_AT_LEAST(8)
	XML_SetHashSalt16Bytes(reader->parser, reader->salt);
#else
	unsigned long salt;

	memcpy(&salt, reader->salt, sizeof(salt));
	XML_SetHashSalt(reader->parser, salt);
#endif
}

static unsigned long line_number(XML_Parser parser)
{
#if EXPAT_AT_LEAST(9)
	return (unsigned long)XML_GetCurrentLineNumber64(parser);
#else
	return (unsigned long)XML_GetCurrentLineNumber(parser);
#endif
}

static unsigned long column_number(XML_Parser parser)
{
#if EXPAT_AT_LEAST(9)
	return (unsigned long)XML_GetCurrentColumnNumber64(parser) + 1;
#else
	return (unsigned long)XML_GetCurrentColumnNumber(parser) + 1;
#endif
}

/* Ends the reading; context->reject is filled already. */
static void fail(struct xml_reader *reader)
{
	reader->failed = true;
	XML_StopParser(reader->parser, XML_FALSE);
}

static void keep(struct xml_reader *reader, unsigned slot, struct slice text)
{
	reader->values[slot] = arena_copy(&reader->context->arena, text);
	reader->rooms[slot] = 0;
}

/* Appends to what is there; room grows by doubling, so that a thousand pieces cost what they are long. */
static void join(struct xml_reader *reader, unsigned slot, struct slice text)
{
	struct slice old = reader->values[slot];
	uint32_t length = old.length + 1 + text.length;
	char *at;

	if (length > XML_TEXT_BYTES_MAX)
		return;
	at = (char *)(uintptr_t)old.at;
	if (length > reader->rooms[slot]) {
		reader->rooms[slot] = 2 * length;
		at = arena_take(&reader->context->arena, 2 * length);
		if (at == NULL)
			return;
		memcpy(at, old.at, old.length);
	}
	at[old.length] = ' ';
	memcpy(at + old.length + 1, text.at, text.length);
	reader->values[slot] = (struct slice){at, length};
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Without "/H01/" at its beginning: a letter and two digits between slashes. */
static struct slice untagged(struct slice text)
{
	const char *at = text.at;
	bool tagged = text.length >= 5 && at[0] == '/' && at[1] >= 'A' && at[1] <= 'Z' && is_digit(at[2]) &&
	              is_digit(at[3]) && at[4] == '/';

	return tagged ? slice_trim((struct slice){at + 5, text.length - 5}) : text;
}

static void store(struct xml_reader *reader, const struct xml_node *node)
{
	struct slice text = slice_trim((struct slice){reader->text, (uint32_t)reader->text_bytes});
	bool there = reader->values[node->slot].length > 0;

	if (node->kind == XML_TAGGED)
		text = untagged(text);
	if (text.length == 0)
		return;
	if ((node->kind == XML_JOIN || node->kind == XML_TAGGED) && there) {
		join(reader, node->slot, text);
	} else if (!there) {
		keep(reader, node->slot, text);
	} else if (node->kind == XML_ONCE) {
		tx_build_reject(reader->context, node->path, text, "stands there twice; expected one");
		fail(reader);
	}
}

static void attribute_store(struct xml_reader *reader, const struct xml_node *node, const char **attributes)
{
	/* Where two elements share a slot, the first one's attribute stays, as its text does. */
	if (reader->values[node->attribute_slot].length > 0)
		return;
	for (; attributes[0] != NULL; attributes += 2)
		if (strcmp(attributes[0], node->attribute) == 0)
			keep(reader, node->attribute_slot, slice_trim(slice_of(attributes[1])));
}

static void group_begin(struct xml_reader *reader, unsigned slot)
{
	const struct xml_family *family = reader->document.family;

	memset(&reader->values[slot], 0, (family->slot_count - slot) * sizeof(reader->values[0]));
	if (family->begin != NULL && family->begin(reader, slot) == -1)
		fail(reader);
}

static void node_enter(struct xml_reader *reader, uint16_t index, const char **attributes)
{
	const struct xml_node *node = &reader->document.map->nodes[index];

	reader->node = index;
	reader->text_bytes = 0;
	reader->text_full = false;
	reader->collecting = node->kind >= XML_ONCE && node->kind <= XML_TAGGED;
	if (node->kind == XML_GROUP)
		group_begin(reader, node->slot);
	else if (node->kind == XML_SEEN)
		reader->values[node->slot] = slice_of("seen");
	if (node->attribute != NULL)
		attribute_store(reader, node, attributes);
}

static void node_leave(struct xml_reader *reader)
{
	const struct xml_node *node = &reader->document.map->nodes[reader->node];

	/* An element that had others inside has no text of its own (Sts with Cd). */
	if (reader->collecting)
		store(reader, node);
	else if (node->kind == XML_GROUP && reader->document.family->end(reader, node->slot) == -1)
		fail(reader);
	reader->collecting = false;
	reader->node = node->parent;
}

/* `Document` itself: its namespace says what all the rest is. */
static void document_begin(struct xml_reader *reader, const char *name)
{
	const char *local = strrchr(name, SEPARATOR);
	size_t bytes = local != NULL ? (size_t)(local - name) : 0;
	struct slice namespace = {name, (uint32_t)bytes};

	if (strcmp(local != NULL ? local + 1 : name, "Document") != 0) {
		tx_build_reject(reader->context, "", slice_of(local != NULL ? local + 1 : name),
		                "is no root element of a message; expected Document");
		fail(reader);
		return;
	}
	if (bytes + 2 > sizeof(reader->namespace) || reader->find(reader, namespace, &reader->document) == -1) {
		if (bytes + 2 > sizeof(reader->namespace))
			tx_build_reject(reader->context, "xmlns", namespace, "is no namespace of a known message");
		fail(reader);
		return;
	}
	memcpy(reader->namespace, name, bytes + 1);
	reader->namespace_bytes = bytes + 1;
	memset(reader->values, 0, reader->document.family->slot_count * sizeof(reader->values[0]));
	if (reader->document.family->open(reader) == -1)
		fail(reader);
}

/* Where the name of an element of the message's namespace begins; NULL for another namespace. */
static const char *local_name(const struct xml_reader *reader, const char *name)
{
	bool ours = strncmp(name, reader->namespace, reader->namespace_bytes) == 0;

	return ours ? name + reader->namespace_bytes : NULL;
}

static void root_begin(struct xml_reader *reader, const char *name)
{
	const char *local = local_name(reader, name);

	if (local == NULL || strcmp(local, reader->document.root) != 0) {
		tx_build_reject(reader->context, "", slice_of(local != NULL ? local : name),
		                "does not belong into this namespace; expected %s", reader->document.root);
		fail(reader);
		return;
	}
	reader->node = 0;
	if (reader->roots++ > 0) {
		tx_build_reject(reader->context, "", slice_of(local), "stands there twice; expected one in a Document");
		fail(reader);
	}
}

static void on_start(void *self, const XML_Char *name, const XML_Char **attributes)
{
	struct xml_reader *reader = self;
	const char *local;
	uint16_t child = XML_NODE_NONE;

	if (reader->failed)
		return;
	reader->collecting = false;
	reader->depth++;
	if (reader->depth > XML_DEPTH_MAX) {
		tx_build_reject(reader->context, "", (struct slice){0}, "nested deeper than %d elements", XML_DEPTH_MAX);
		fail(reader);
	} else if (reader->skipped > 0) {
		reader->skipped++;
	} else if (reader->depth == 1) {
		document_begin(reader, name);
	} else if (reader->depth == 2) {
		root_begin(reader, name);
	} else {
		local = local_name(reader, name);
		if (local != NULL)
			child = xml_map_child(reader->document.map, reader->node, local, strlen(local));
		if (child == XML_NODE_NONE)
			reader->skipped = 1;
		else
			node_enter(reader, child, attributes);
	}
}

static void on_end(void *self, const XML_Char *name)
{
	struct xml_reader *reader = self;

	(void)name;
	if (reader->failed)
		return;
	reader->depth--;
	if (reader->skipped > 0)
		reader->skipped--;
	else if (reader->depth >= 2)
		node_leave(reader);
	else if (reader->depth == 1 && reader->document.family->close(reader) == -1)
		fail(reader);
}

static void on_text(void *self, const XML_Char *bytes, int length)
{
	struct xml_reader *reader = self;
	size_t room = XML_TEXT_BYTES_MAX - reader->text_bytes, take = (size_t)length;

	if (!reader->collecting || reader->text_full)
		return;
	if (take > room) {
		/* Cut between characters; what comes after is beyond every field's limit. */
		for (take = room; take > 0 && ((unsigned char)bytes[take] & 0xC0) == 0x80; take--)
			;
		reader->text_full = true;
	}
	memcpy(reader->text + reader->text_bytes, bytes, take);
	reader->text_bytes += take;
}

static void on_doctype(void *self, const XML_Char *name, const XML_Char *system, const XML_Char *public,
                       int internal)
{
	struct xml_reader *reader = self;

	(void)name, (void)system, (void)public, (void)internal;
	if (reader->failed)
		return;
	tx_build_reject(reader->context, "", (struct slice){0},
	                "holds a document type declaration; entities are refused, send the message without it");
	fail(reader);
}

int xml_reader_init(struct xml_reader *reader, xml_find_document *find, void *work)
{
	memset(reader, 0, sizeof(*reader));
	reader->find = find;
	reader->work = work;
	reader->parser = XML_ParserCreateNS(NULL, SEPARATOR);
	reader->salted = getrandom(reader->salt, sizeof(reader->salt), GRND_NONBLOCK) == sizeof(reader->salt);
	return reader->parser != NULL ? 0 : -1;
}

void xml_reader_deinit(struct xml_reader *reader)
{
	XML_ParserFree(reader->parser);
	xml_encoding_deinit(&reader->encoding);
}

static void prepare(struct xml_reader *reader, bool converted)
{
	XML_ParserReset(reader->parser, converted ? "UTF-8" : NULL);
	set_salt(reader);
	XML_SetUserData(reader->parser, reader);
	XML_SetElementHandler(reader->parser, on_start, on_end);
	XML_SetCharacterDataHandler(reader->parser, on_text);
	XML_SetStartDoctypeDeclHandler(reader->parser, on_doctype);
	reader->depth = reader->skipped = reader->roots = 0;
	reader->failed = reader->collecting = false;
}

static int parse(struct xml_reader *reader, const char *bytes, size_t length)
{
	struct decode_context *context = reader->context;

	if (XML_Parse(reader->parser, bytes, (int)length, 1) != XML_STATUS_OK && !reader->failed)
		return tx_build_reject(context, "", (struct slice){0}, "line %lu, column %lu: %s; expected well-formed XML",
		                       line_number(reader->parser), column_number(reader->parser),
		                       XML_ErrorString(XML_GetErrorCode(reader->parser)));
	if (!reader->failed && reader->roots == 0)
		return tx_build_reject(context, "", (struct slice){0}, "holds nothing in its Document; expected %s",
		                       reader->document.root);
	return reader->failed ? -1 : 0;
}

/* Behind blank space and byte order marks: XML wants its declaration first, decode_frame() passes over both too. */
static void skip_blank(const char **bytes, size_t *length)
{
	size_t at = 0;

	for (;;) {
		if (at < *length && strchr(" \t\r\n", (*bytes)[at]) != NULL && (*bytes)[at] != '\0')
			at++;
		else if (*length - at >= 3 && memcmp(*bytes + at, "\xEF\xBB\xBF", 3) == 0)
			at += 3;
		else
			break;
	}
	*bytes += at;
	*length -= at;
}

int xml_reader_read(struct xml_reader *reader, struct decode_context *context, const char *bytes,
                    size_t length)
{
	size_t before = context->tx_count;
	bool converted;
	int result = 0;

	skip_blank(&bytes, &length);
	converted = xml_encoding_is_chinese(bytes, length);
	reader->context = context;
	if (converted)
		result = xml_encoding_convert(&reader->encoding, context, bytes, length, &bytes, &length);
	if (result == 0) {
		prepare(reader, converted);
		result = parse(reader, bytes, length);
	}
	if (result == -1)
		context->tx_count = before;
	return result;
}
