/*
 * Private: the few plain pages, in Chinese and English, without scripts. The console is another matter.
 */
#ifndef API_HTML_H
#define API_HTML_H

#include <stdbool.h>
#include <stdio.h>

#include "api/route.h"

/* A page that is being written: everything goes to `out`. */
struct html {
	FILE *out;
	bool english;
	char *text; /* open_memstream's */
	size_t bytes;
};

/* `lang=zh` or `lang=en` decides, else what the browser prefers, else Chinese. -1 where an answer is
 * filled. */
int html_begin(struct request *request, const char *title_zh, const char *title_en, struct html *html_r,
               struct answer *answer);
/*
 * The same for a page that one person got a link to: without a way to the others and without a heading, in
 * `english` unless `lang` says otherwise, and not for search engines.
 */
int html_begin_letter(struct request *request, bool english, const char *title_zh, const char *title_en,
                      struct html *html_r, struct answer *answer);
void html_end(struct html *html, unsigned status, struct answer *answer);

/* The one of two literals that is the page's language. */
const char *html_pick(const struct html *html, const char *zh, const char *en);

/* Any text, escaped. */
void html_text(struct html *html, struct slice text);
void html_print(struct html *html, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A level is told by its colour, its word and its shape. */
struct html_level {
	const char *name; /* "red"; the class of what it colours */
	const char *zh, *en, *shape;
};
/* Of a number that may be none of ours, or a name that came from outside: then the one of no level. */
const struct html_level *html_level_at(unsigned level);
const struct html_level *html_level_named(struct slice name);
/* Its chip, with `word` on it, or its own where that is empty. */
void html_level(struct html *html, const struct html_level *level, struct slice word);

#endif
