#include "api/resource.h"

#include "base/instant.h"
#include "base/log.h"

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
