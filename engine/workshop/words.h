/*
 * Words in columns and in pictures.
 */
#ifndef WORKSHOP_WORDS_H
#define WORKSHOP_WORDS_H

#include <stdio.h>

/* The text in that many columns of a terminal, cut or filled with blanks; Chinese characters take two. */
void words_cell(FILE *out, const char *text, int columns);

/* The text within XML. */
void words_xml(FILE *out, const char *text);

#endif
