#include "decode/xml_encoding.h"

#include <errno.h>
#include <stdlib.h>
#include <strings.h>

#include "base/error.h"
#include "decode/tx_build.h"

enum { DECLARATION_BYTES_MAX = 256 };

/* UTF-8 of a GB18030 text is at most half as long again: two bytes give three, four give three or four. */
static size_t utf8_bytes_most(size_t length)
{
	return length + length / 2 + 4;
}

void xml_encoding_deinit(struct xml_encoding *encoding)
{
	if (encoding->opened)
		iconv_close(encoding->converter);
	free(encoding->bytes);
	*encoding = (struct xml_encoding){0};
}

/* The value of `encoding="…"` in the XML declaration; empty where there is none. */
static struct slice declared(const char *bytes, size_t length)
{
	struct slice found = {0};
	const char *end, *at;
	size_t limit = length < DECLARATION_BYTES_MAX ? length : DECLARATION_BYTES_MAX;

	if (limit < 6 || memcmp(bytes, "<?xml", 5) != 0 || (end = memmem(bytes, limit, "?>", 2)) == NULL)
		return found;
	at = memmem(bytes, (size_t)(end - bytes), "encoding", 8);
	if (at == NULL)
		return found;
	for (at += 8; at < end && *at != '"' && *at != '\''; at++)
		;
	if (at == end)
		return found;
	found.at = at + 1;
	for (const char *close = at + 1; close < end && *close != *at; close++)
		found.length++;
	return found;
}

bool xml_encoding_is_chinese(const char *bytes, size_t length)
{
	static const char *const names[] = {"GB18030", "GBK", "GB2312", NULL};
	struct slice name = declared(bytes, length);

	for (size_t i = 0; names[i] != NULL; i++)
		if (name.length == strlen(names[i]) && strncasecmp(name.at, names[i], name.length) == 0)
			return true;
	return false;
}

static void grow(struct xml_encoding *encoding, size_t capacity)
{
	if (encoding->capacity >= capacity)
		return;
	free(encoding->bytes);
	encoding->bytes = malloc(capacity);
	if (encoding->bytes == NULL)
		die("out of memory: a message wanted %zu bytes", capacity);
	encoding->capacity = capacity;
}

int xml_encoding_convert(struct xml_encoding *encoding, struct decode_context *context, const char *bytes,
                         size_t length, const char **utf8_r, size_t *utf8_length_r)
{
	char *in = (char *)(uintptr_t)bytes, *out;
	size_t in_left = length, out_left;

	if (!encoding->opened) {
		encoding->converter = iconv_open("UTF-8", "GB18030");
		if (encoding->converter == (iconv_t)-1)
			return tx_build_reject(context, "", (struct slice){0}, "the system can't read GB18030 (no iconv module)");
		encoding->opened = true;
	}
	grow(encoding, utf8_bytes_most(length));
	out = encoding->bytes;
	out_left = encoding->capacity;
	iconv(encoding->converter, NULL, NULL, NULL, NULL);
	if (iconv(encoding->converter, &in, &in_left, &out, &out_left) == (size_t)-1)
		return tx_build_reject(context, "", (struct slice){0}, "byte %zu of the document is not GB18030, which its"
		                       " declaration promises", length - in_left + 1);
	*utf8_r = encoding->bytes;
	*utf8_length_r = (size_t)(out - encoding->bytes);
	return 0;
}
