#include "api/gateway_items.h"

int gateway_items_read(struct slice body, bool is_json, struct arena *arena, struct gateway_items *items_r,
                       struct error *error)
{
	yyjson_val *root;

	*items_r = (struct gateway_items){.count = 1};
	if (!is_json)
		return form_parse(body, arena, &items_r->form, error);
	items_r->document = yyjson_read(body.at, body.length, YYJSON_READ_NUMBER_AS_RAW);
	root = yyjson_doc_get_root(items_r->document);
	if (yyjson_is_arr(root))
		items_r->count = yyjson_arr_size(root);
	if ((yyjson_is_obj(root) || yyjson_is_arr(root)) && items_r->count <= GATEWAY_ITEMS_MAX)
		return 0;
	gateway_items_end(items_r);
	return error_set(error, "expected a JSON object, or a list of at most %d", GATEWAY_ITEMS_MAX);
}

void gateway_items_end(struct gateway_items *items)
{
	yyjson_doc_free(items->document);
	items->document = NULL;
}

struct slice gateway_field(const struct gateway_items *items, size_t i, const char *name, struct arena *arena)
{
	yyjson_val *item = yyjson_doc_get_root(items->document), *value;

	if (name == NULL || name[0] == '\0')
		return (struct slice){"", 0};
	if (items->document == NULL) {
		struct slice field = form_field(&items->form, name);
		return field.at != NULL ? field : (struct slice){"", 0};
	}
	if (yyjson_is_arr(item))
		item = yyjson_arr_get(item, i);
	value = name[0] == '/' ? yyjson_ptr_get(item, name) : yyjson_obj_get(item, name);
	if (yyjson_is_raw(value))
		return arena_copy(arena, (struct slice){yyjson_get_raw(value), (uint32_t)yyjson_get_len(value)});
	if (yyjson_is_bool(value))
		return slice_of(yyjson_get_bool(value) ? "true" : "false");
	if (!yyjson_is_str(value))
		return (struct slice){"", 0};
	return arena_copy(arena, (struct slice){yyjson_get_str(value), (uint32_t)yyjson_get_len(value)});
}
