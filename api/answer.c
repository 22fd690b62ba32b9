#include "api/answer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

static const struct {
	unsigned status;
	const char *title;
} titles[] = {
	{200, "OK"}, {204, "No Content"}, {400, "Bad Request"}, {401, "Unauthorized"}, {403, "Forbidden"},
	{404, "Not Found"}, {405, "Method Not Allowed"}, {408, "Request Timeout"}, {409, "Conflict"},
	{411, "Length Required"},
	{413, "Content Too Large"}, {415, "Unsupported Media Type"}, {429, "Too Many Requests"},
	{500, "Internal Server Error"}, {503, "Service Unavailable"},
};

const char *answer_title(unsigned status)
{
	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
		if (titles[i].status == status)
			return titles[i].title;
	return "Unknown";
}

void answer_drop(struct answer *answer)
{
	free(answer->body);
	answer->body = NULL;
}

void answer_fixed(struct answer *answer, unsigned status, const char *type, const char *text)
{
	answer_drop(answer);
	answer->status = status;
	answer->type = type;
	answer->fixed = text;
	answer->body_bytes = strlen(text);
}

void answer_owned(struct answer *answer, unsigned status, const char *type, char *body, size_t body_bytes)
{
	answer_drop(answer);
	answer->status = status;
	answer->type = type;
	answer->fixed = NULL;
	answer->body = body;
	answer->body_bytes = body_bytes;
}

static void send_document(struct answer *answer, unsigned status, const char *type, yyjson_mut_doc *document)
{
	size_t bytes;
	char *body = yyjson_mut_write(document, 0, &bytes);

	if (body == NULL) /* a text that was cut within a character, or came so from the store */
		body = yyjson_mut_write(document, YYJSON_WRITE_ALLOW_INVALID_UNICODE, &bytes);
	yyjson_mut_doc_free(document);
	if (body == NULL)
		die("out of memory: an answer");
	answer_owned(answer, status, type, body, bytes);
}

void answer_json(struct answer *answer, unsigned status, yyjson_mut_doc *document)
{
	send_document(answer, status, TYPE_JSON, document);
}

static void problem(struct answer *answer, unsigned status, const char *parameter, const char *detail)
{
	yyjson_mut_doc *document = yyjson_mut_doc_new(NULL);
	yyjson_mut_val *root = yyjson_mut_obj(document);

	yyjson_mut_doc_set_root(document, root);
	yyjson_mut_obj_add_str(document, root, "type", "about:blank");
	yyjson_mut_obj_add_str(document, root, "title", answer_title(status));
	yyjson_mut_obj_add_uint(document, root, "status", status);
	yyjson_mut_obj_add_str(document, root, "detail", detail);
	if (parameter != NULL)
		yyjson_mut_obj_add_str(document, root, "parameter", parameter);
	send_document(answer, status, TYPE_PROBLEM, document);
}

void answer_problem(struct answer *answer, unsigned status, const char *format, ...)
{
	char detail[ERROR_TEXT_BYTES];
	va_list args;

	va_start(args, format);
	vsnprintf(detail, sizeof(detail), format, args);
	va_end(args);
	problem(answer, status, NULL, detail);
}

void answer_bad_parameter(struct answer *answer, const char *name, const char *detail)
{
	char text[ERROR_TEXT_BYTES];

	snprintf(text, sizeof(text), "%s: %s", name, detail);
	problem(answer, 400, name, text);
}

void answer_header(struct answer *answer, const char *name, const char *format, ...)
{
	va_list args;

	if (answer->header_count == ANSWER_HEADERS_MAX)
		die("api: more than %d headers in an answer", ANSWER_HEADERS_MAX);
	va_start(args, format);
	vsnprintf(answer->headers[answer->header_count].value, ANSWER_HEADER_BYTES, format, args);
	va_end(args);
	answer->headers[answer->header_count++].name = name;
}
