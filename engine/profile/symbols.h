/*
 * The core of a firm's name as symbols of a byte: a character each, or a word of its trade. What is written
 * depends on nothing but the text, so equal cores are equal bytes.
 */
#ifndef PROFILE_SYMBOLS_H
#define PROFILE_SYMBOLS_H

#include <stddef.h>
#include <stdint.h>

#include "profile/account.h"

/* Of the first `bytes` of folded UTF-8; three more can be read. Returns how many symbols there are. */
unsigned symbols_write(const char *text, size_t bytes, uint8_t symbols_r[PROFILE_NAME_CHARACTERS]);

/* The characters that they stand for, a byte each. Returns how many. */
unsigned symbols_read(const uint8_t *symbols, unsigned count, uint8_t characters_r[PROFILE_NAME_CHARACTERS]);

/* Bytes of the character that begins there. */
static inline size_t symbols_character_bytes(const char *at)
{
	unsigned char c = (unsigned char)*at;

	return c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

#endif
