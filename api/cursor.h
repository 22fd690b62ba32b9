/*
 * Private: where the next page of a list goes on. Opaque to clients: base64url of a letter for the list, the
 * place's number as 8 bytes, big-endian, and its id.
 */
#ifndef API_CURSOR_H
#define API_CURSOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

#define CURSOR_ID_BYTES 128 /* the longest id */
#define CURSOR_TEXT_BYTES (((1 + 8 + CURSOR_ID_BYTES) * 4 + 2) / 3 + 1)

struct cursor {
	char list; /* 'a' alerts, 'b' bulletins, 'c' calls, 'd' dead letters, 'x' exercises */
	int64_t number;
	char id[CURSOR_ID_BYTES + 1]; /* ends with a zero; "" where the number is enough */
};

/* False where the id is too long for a cursor; the text ends with a zero. */
bool cursor_write(char list, int64_t number, struct slice id, char text_r[CURSOR_TEXT_BYTES]);

/* False where `text` is not what cursor_write() made for this list. */
bool cursor_read(struct slice text, char list, struct cursor *cursor_r);

#endif
