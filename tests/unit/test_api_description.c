/* openapi.json and the table of routes say the same: paths, methods, tokens, parameters. The demo is no
 * part of it. */
#include <assert.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include <cmocka.h>

#include "api/route.h"
#include "api_fixture.h"

static const char description[] =
#include "embedded_api.inc"
	;

static yyjson_doc *document;

static yyjson_val *resolve(yyjson_val *value)
{
	const char *reference = yyjson_get_str(yyjson_obj_get(value, "$ref"));

	return reference != NULL ? yyjson_ptr_get(yyjson_doc_get_root(document), reference + 1) : value;
}

static yyjson_val *operation_of(const struct route *route)
{
	yyjson_val *paths = yyjson_obj_get(yyjson_doc_get_root(document), "paths");
	yyjson_val *item = yyjson_obj_get(paths, route->path), *key, *operation;
	size_t at, most;

	yyjson_obj_foreach(item, at, most, key, operation)
		if (strcasecmp(yyjson_get_str(key), route->method) == 0)
			return operation;
	return NULL;
}

static void every_route_is_described(void **state)
{
	(void)state;
	for (size_t i = 0; i < route_count; i++) {
		yyjson_val *operation = operation_of(&routes[i]), *security = yyjson_obj_get(operation, "security");
		if (routes[i].demo)
			continue;
		if (operation == NULL)
			fail_msg("%s %s is not described", routes[i].method, routes[i].path);
		if (routes[i].open != (yyjson_is_arr(security) && yyjson_arr_size(security) == 0))
			fail_msg("%s %s: the description is wrong about the token", routes[i].method, routes[i].path);
		assert_true(yyjson_get_len(yyjson_obj_get(operation, "summary")) > 0);
		assert_true(yyjson_is_str(yyjson_obj_get(operation, "operationId")));
		assert_non_null(yyjson_obj_get(yyjson_obj_get(operation, "responses"), "default"));
		assert_true(routes[i].takes_body == (yyjson_obj_get(operation, "requestBody") != NULL));
	}
}

static void every_description_has_a_route(void **state)
{
	yyjson_val *paths = yyjson_obj_get(yyjson_doc_get_root(document), "paths"), *path, *item, *method, *operation;
	size_t at, most, at2, most2, count = 0, wanted = 0;

	(void)state;
	for (size_t i = 0; i < route_count; i++)
		wanted += !routes[i].demo;
	yyjson_obj_foreach(paths, at, most, path, item)
		yyjson_obj_foreach(item, at2, most2, method, operation)
			count++;
	assert_int_equal(count, wanted);
}

/* Whether the table allows a query parameter of this name. */
static bool allows(const struct route *route, const char *name)
{
	for (const char *const *p = route->parameters; p != NULL && *p != NULL; p++)
		if (strcmp(*p, name) == 0)
			return true;
	return false;
}

static void parameters_agree(void **state)
{
	(void)state;
	for (size_t i = 0; i < route_count; i++) {
		if (routes[i].demo)
			continue;
		yyjson_val *list = yyjson_obj_get(operation_of(&routes[i]), "parameters"), *item;
		size_t at, most, described = 0, allowed = 0;
		yyjson_arr_foreach(list, at, most, item) {
			yyjson_val *parameter = resolve(item);
			const char *name = yyjson_get_str(yyjson_obj_get(parameter, "name"));
			assert_non_null(name);
			if (!yyjson_equals_str(yyjson_obj_get(parameter, "in"), "query"))
				continue;
			described++;
			if (!allows(&routes[i], name))
				fail_msg("%s: `%s` is described and not allowed", routes[i].path, name);
		}
		for (const char *const *p = routes[i].parameters; p != NULL && *p != NULL; p++)
			allowed++;
		if (described != allowed)
			fail_msg("%s: %zu parameters are described, %zu allowed", routes[i].path, described, allowed);
	}
}

/* Every $ref leads somewhere. */
static void check_references(yyjson_val *value)
{
	yyjson_val *key, *item;
	size_t at, most;

	if (yyjson_is_obj(value) && resolve(value) == NULL)
		fail_msg("a reference leads nowhere: %s", yyjson_get_str(yyjson_obj_get(value, "$ref")));
	if (yyjson_is_obj(value))
		yyjson_obj_foreach(value, at, most, key, item)
			check_references(item);
	else if (yyjson_is_arr(value))
		yyjson_arr_foreach(value, at, most, item)
			check_references(item);
}

static void references_lead_somewhere(void **state)
{
	(void)state;
	check_references(yyjson_doc_get_root(document));
}

/* What is served is this text. */
static void it_is_served_as_it_stands(void **state)
{
	struct api_fixture f;
	struct reply reply;

	(void)state;
	api_fixture_open(&f);
	api_fixture_start(&f);
	reply = api_ask_with(&f, "GET", "/api/v1/openapi.json", NULL, NULL);
	assert_reply(&reply, 200, NULL);
	assert_string_equal(reply.body, description);
	api_fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_route_is_described),
		cmocka_unit_test(every_description_has_a_route),
		cmocka_unit_test(parameters_agree),
		cmocka_unit_test(references_lead_somewhere),
		cmocka_unit_test(it_is_served_as_it_stands),
	};
	int failed;

	document = yyjson_read(description, strlen(description), 0);
	assert(document != NULL);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	yyjson_doc_free(document);
	return failed;
}
