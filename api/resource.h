/*
 * Private: what the resources share.
 */
#ifndef API_RESOURCE_H
#define API_RESOURCE_H

#include "api/answer.h"
#include "api/cursor.h"
#include "api/parameter.h"
#include "api/route.h"
#include "store/store.h"

enum { LIMIT_DEFAULT = 50, LIMIT_MOST = 200 };

/* Bodies of one page; a page ends there and goes on behind its cursor (I8). */
enum { PAGE_BYTES_MAX = 4 << 20 };

/* `limit` and `after` of a list. `cursor_r->list` is 0 where there is none. -1 where an answer is filled. */
int resource_page(struct request *request, char list, int64_t *limit_r, struct cursor *cursor_r,
                  struct answer *answer);

/* -1 after answering 400 about the parameter that `error` is about. */
int resource_bad(struct request *request, const struct error *error, struct answer *answer);

/* Answers 500 and logs why: a reader failed. */
void resource_failed(const char *what, const struct error *error, struct answer *answer);

/* {"items":[],"next":null}: the document with the empty items; then its end, with `next` NULL or a cursor. */
yyjson_mut_val *resource_items(yyjson_mut_doc *document);
void resource_next(yyjson_mut_doc *document, const char *next);

void resource_add_text(yyjson_mut_doc *document, yyjson_mut_val *object, const char *name, struct slice text);
/* RFC 3339; 0 gives null. */
void resource_add_time(yyjson_mut_doc *document, yyjson_mut_val *object, const char *name, int64_t ms);

#endif
