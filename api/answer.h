/*
 * Private: what a request is answered with. Handlers fill it, server.c sends it; no handler knows the HTTP
 * library.
 */
#ifndef API_ANSWER_H
#define API_ANSWER_H

#include <stddef.h>

#include <yyjson.h>

#define ANSWER_HEADERS_MAX 6
#define ANSWER_HEADER_BYTES 256

#define TYPE_JSON "application/json"
#define TYPE_PROBLEM "application/problem+json"
#define TYPE_HTML "text/html; charset=utf-8"

struct answer {
	unsigned status; /* 0: not yet decided */
	const char *type; /* a literal */
	const char *fixed; /* a body that lives as long as the program; else `body` */
	char *body; /* owned, from malloc; sent and freed by server.c */
	size_t body_bytes;
	struct {
		const char *name; /* a literal */
		char value[ANSWER_HEADER_BYTES];
	} headers[ANSWER_HEADERS_MAX];
	size_t header_count;
};

/* Each replaces what was there, headers stay. */
void answer_fixed(struct answer *answer, unsigned status, const char *type, const char *text);
void answer_owned(struct answer *answer, unsigned status, const char *type, char *body, size_t body_bytes);
/* Writes `document` and frees it. */
void answer_json(struct answer *answer, unsigned status, yyjson_mut_doc *document);

/* RFC 9457: title from the status, detail from the format. */
void answer_problem(struct answer *answer, unsigned status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* 400 about a parameter, named in the member `parameter`. */
void answer_bad_parameter(struct answer *answer, const char *name, const char *detail);

void answer_header(struct answer *answer, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void answer_drop(struct answer *answer);

const char *answer_title(unsigned status); /* "Not Found" */

#endif
