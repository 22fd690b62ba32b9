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

/* A whole number without signs; 0, which nothing has, for anything else. */
int64_t resource_id_number(struct slice id);

/*
 * The body, a JSON object with members of `names` (NULL-ended) only; no body is an empty object. To be freed with
 * yyjson_doc_free(). NULL where an answer is filled.
 */
yyjson_doc *resource_body(struct request *request, const char *const *names, struct answer *answer);
/* A member that is a text of at most `characters_max`; empty where it is missing or null. -1 where an answer is
 * filled. */
int resource_body_text(yyjson_doc *body, const char *name, size_t characters_max, struct slice *text_r,
                       struct answer *answer);
/* A whole number from 0 to `most`; 0 where it is missing or null. -1 where an answer is filled. */
int resource_body_number(yyjson_doc *body, const char *name, int64_t most, int64_t *number_r, struct answer *answer);

/* 503: what was to be written could not be, or not yet. */
void resource_not_written(const char *what, const struct error *error, struct answer *answer);

#endif
