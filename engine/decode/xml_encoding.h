/*
 * Chinese encodings of an XML message. expat reads UTF-8, UTF-16, ISO-8859-1 and ASCII itself; a message
 * whose declaration says GB18030, GBK or GB2312 is turned into UTF-8 before (all three are read as GB18030,
 * which holds the others). expat's own hook for foreign encodings can't do it: it wants a sequence's length
 * from its first byte.
 */
#ifndef DECODE_XML_ENCODING_H
#define DECODE_XML_ENCODING_H

#include <iconv.h>

#include "decode/decode.h"

struct xml_encoding {
	iconv_t converter; /* owned; opened at the first message that needs it */
	bool opened;
	char *bytes; /* owned; kept and grown */
	size_t capacity;
};

void xml_encoding_deinit(struct xml_encoding *encoding);

/* Whether the XML declaration at the start of `bytes` names a Chinese encoding. */
bool xml_encoding_is_chinese(const char *bytes, size_t length);

/*
 * The message in UTF-8, valid until the next call. Returns 0, or -1 with context->reject filled where a byte
 * sequence is none of GB18030.
 */
int xml_encoding_convert(struct xml_encoding *encoding, struct decode_context *context, const char *bytes,
                         size_t length, const char **utf8_r, size_t *utf8_length_r);

#endif
