#include "api/resource.h"

#include <stdio.h>
#include <string.h>

#include "base/instant.h"
#include "base/log.h"
#include "base/utf8.h"

int resource_bad(struct request *request, const struct error *error, struct answer *answer)
{
	answer_bad_parameter(answer, request->target.faulty, error->text);
	return -1;
}

int resource_page(struct request *request, char list, int64_t *limit_r, struct cursor *cursor_r,
                  struct answer *answer)
{
	struct slice after = target_parameter(&request->target, "after");
	struct error error;

	*limit_r = LIMIT_DEFAULT;
	*cursor_r = (struct cursor){0};
	if (parameter_number(&request->target, "limit", 1, LIMIT_MOST, limit_r, &error) == -1)
		return resource_bad(request, &error, answer);
	if (after.at == NULL || cursor_read(after, list, cursor_r))
		return 0;
	answer_bad_parameter(answer, "after", "expected `next` of the page before, as it was given");
	return -1;
}

void resource_failed(const char *what, const struct error *error, struct answer *answer)
{
	log_event(LOG_ERROR, "api", "a reading failed", "what", "%s", what, "why", "%s", error->text, NULL);
	answer_problem(answer, 500, "%s could not be read; the log of the service says why", what);
}

yyjson_mut_val *resource_items(yyjson_mut_doc *document)
{
	yyjson_mut_val *root = yyjson_mut_obj(document);

	yyjson_mut_doc_set_root(document, root);
	return yyjson_mut_obj_add_arr(document, root, "items");
}

void resource_next(yyjson_mut_doc *document, const char *next)
{
	yyjson_mut_val *root = yyjson_mut_doc_get_root(document);

	if (next != NULL)
		yyjson_mut_obj_add_strcpy(document, root, "next", next);
	else
		yyjson_mut_obj_add_null(document, root, "next");
}

void resource_add_text(yyjson_mut_doc *document, yyjson_mut_val *object, const char *name, struct slice text)
{
	yyjson_mut_obj_add_strncpy(document, object, name, text.at != NULL ? text.at : "", text.length);
}

void resource_add_time(yyjson_mut_doc *document, yyjson_mut_val *object, const char *name, int64_t ms)
{
	char text[INSTANT_TEXT_BYTES];

	if (ms == 0) {
		yyjson_mut_obj_add_null(document, object, name);
		return;
	}
	instant_format(ms, text);
	yyjson_mut_obj_add_strcpy(document, object, name, text);
}

int64_t resource_id_number(struct slice id)
{
	int64_t number = 0;

	for (uint32_t i = 0; i < id.length; i++) {
		if (id.at[i] < '0' || id.at[i] > '9' || id.length > 18)
			return 0;
		number = number * 10 + id.at[i] - '0';
	}
	return number;
}

static bool is_one_of(const char *name, const char *const *names)
{
	for (; *names != NULL; names++)
		if (strcmp(name, *names) == 0)
			return true;
	return false;
}

yyjson_doc *resource_body(struct request *request, const char *const *names, struct answer *answer)
{
	struct slice text = request->body.length > 0 ? request->body : slice_of("{}");
	yyjson_doc *body = yyjson_read(text.at, text.length, 0);
	yyjson_val *root = yyjson_doc_get_root(body), *key, *value;
	size_t at, most;

	if (!yyjson_is_obj(root)) {
		yyjson_doc_free(body);
		answer_problem(answer, 400, "the body is no JSON object");
		return NULL;
	}
	yyjson_obj_foreach(root, at, most, key, value) {
		if (is_one_of(yyjson_get_str(key), names))
			continue;
		answer_problem(answer, 400, "the body has a member that is not known here");
		yyjson_doc_free(body);
		return NULL;
	}
	return body;
}

int resource_body_text(yyjson_doc *body, const char *name, size_t characters_max, struct slice *text_r,
                       struct answer *answer)
{
	yyjson_val *value = yyjson_obj_get(yyjson_doc_get_root(body), name);
	char expected[80];

	*text_r = (struct slice){"", 0};
	if (value == NULL || yyjson_is_null(value))
		return 0;
	if (yyjson_is_str(value)) {
		*text_r = slice_trim((struct slice){yyjson_get_str(value), (uint32_t)yyjson_get_len(value)});
		if (utf8_count(*text_r) <= characters_max && memchr(text_r->at, '\0', text_r->length) == NULL)
			return 0;
	}
	snprintf(expected, sizeof(expected), "expected a text of at most %zu characters", characters_max);
	answer_bad_parameter(answer, name, expected);
	return -1;
}

int resource_body_number(yyjson_doc *body, const char *name, int64_t most, int64_t *number_r, struct answer *answer)
{
	yyjson_val *value = yyjson_obj_get(yyjson_doc_get_root(body), name);
	char expected[80];

	*number_r = 0;
	if (value == NULL || yyjson_is_null(value))
		return 0;
	if (yyjson_is_uint(value) && yyjson_get_uint(value) <= (uint64_t)most) {
		*number_r = (int64_t)yyjson_get_uint(value);
		return 0;
	}
	snprintf(expected, sizeof(expected), "expected a whole number from 0 to %lld", (long long)most);
	answer_bad_parameter(answer, name, expected);
	return -1;
}

void resource_not_written(const char *what, const struct error *error, struct answer *answer)
{
	log_event(LOG_ERROR, "api", "a writing failed", "what", "%s", what, "why", "%s", error->text, NULL);
	answer_problem(answer, 503, "%s could not be written now; look whether it was before you try again", what);
	answer_header(answer, "Retry-After", "5");
}
