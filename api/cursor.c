#include "api/cursor.h"

#include <sodium.h>

#include "base/utf8.h"

enum { HEAD_BYTES = 1 + 8, VARIANT = sodium_base64_VARIANT_URLSAFE_NO_PADDING };

bool cursor_write(char list, int64_t number, struct slice id, char text_r[CURSOR_TEXT_BYTES])
{
	unsigned char bytes[HEAD_BYTES + CURSOR_ID_BYTES];
	uint64_t rest = (uint64_t)number;

	if (id.length > CURSOR_ID_BYTES)
		return false;
	bytes[0] = (unsigned char)list;
	for (int i = 8; i >= 1; i--, rest >>= 8)
		bytes[i] = (unsigned char)rest;
	if (id.length > 0)
		memcpy(bytes + HEAD_BYTES, id.at, id.length);
	sodium_bin2base64(text_r, CURSOR_TEXT_BYTES, bytes, HEAD_BYTES + id.length, VARIANT);
	return true;
}

bool cursor_read(struct slice text, char list, struct cursor *cursor_r)
{
	unsigned char bytes[HEAD_BYTES + CURSOR_ID_BYTES];
	uint64_t number = 0;
	size_t length;

	if (text.length >= CURSOR_TEXT_BYTES ||
	    sodium_base642bin(bytes, sizeof(bytes), text.at, text.length, NULL, &length, NULL, VARIANT) != 0 ||
	    length < HEAD_BYTES || bytes[0] != (unsigned char)list)
		return false;
	for (int i = 1; i <= 8; i++)
		number = number << 8 | bytes[i];
	cursor_r->list = list;
	cursor_r->number = (int64_t)number;
	memcpy(cursor_r->id, bytes + HEAD_BYTES, length - HEAD_BYTES);
	cursor_r->id[length - HEAD_BYTES] = '\0';
	return memchr(cursor_r->id, '\0', length - HEAD_BYTES) == NULL &&
	       utf8_valid(cursor_r->id, length - HEAD_BYTES);
}
