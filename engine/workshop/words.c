#include "workshop/words.h"

#include <stdint.h>
#include <string.h>

/* Bytes and columns of the character at `at`: everything of three bytes and more is drawn wide, but for the
 * punctuation below U+2E80. */
static int character(const char *at, int *columns_r)
{
	unsigned char c = (unsigned char)*at;
	int length = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	uint32_t code = length == 3 ? (uint32_t)(c & 15) << 12 | (uint32_t)(at[1] & 63) << 6 : 0;

	*columns_r = length == 4 || code >= 0x2e80 ? 2 : 1;
	return length;
}

void words_cell(FILE *out, const char *text, int columns)
{
	int used = 0;

	while (*text != '\0') {
		int wide, length = character(text, &wide);
		if (used + wide > columns)
			break;
		fwrite(text, 1, (size_t)length, out);
		text += length;
		used += wide;
	}
	fprintf(out, "%*s", columns - used, "");
}

void words_xml(FILE *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '&' || *text == '<' || *text == '>' || *text == '"')
			fprintf(out, "&#%d;", *text);
		else
			fputc(*text, out);
	}
}
