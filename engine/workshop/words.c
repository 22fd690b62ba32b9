#include "workshop/words.h"

#include <string.h>

#include "base/utf8.h"

enum { WIDE_FROM = 0x1100 }; /* characters from here on take two columns, near enough */

void words_cell(FILE *out, const char *text, int columns)
{
	size_t at = 0;
	int used = 0;

	while (text[at] != '\0') {
		size_t next = at;
		int wide = utf8_next(text, &next) >= WIDE_FROM ? 2 : 1;
		if (used + wide > columns)
			break;
		used += wide;
		at = next;
	}
	fprintf(out, "%.*s%*s", (int)at, text, columns - used, "");
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
