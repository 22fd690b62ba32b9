#include "api/form.h"

#include "api/percent.h"

static bool has(const struct form *form, struct slice name)
{
	for (size_t i = 0; i < form->count; i++)
		if (slice_equal(form->fields[i].name, name))
			return true;
	return false;
}

static int add_field(struct form *form, char *start, size_t length, struct error *error)
{
	static const struct percent_rules rules = {.plus_is_space = true, .lines = true};
	char *equals = memchr(start, '=', length);
	size_t name_length = equals != NULL ? (size_t)(equals - start) : length;
	struct slice name = {start, (uint32_t)name_length}, value = {start + length, 0};

	if (equals != NULL)
		value = (struct slice){equals + 1, (uint32_t)(length - name_length - 1)};
	if (percent_decode(&name, start, rules, "a field's name", error) == -1 ||
	    percent_decode(&value, (char *)value.at, rules, "a field's value", error) == -1)
		return -1;
	if (name.length == 0)
		return error_set(error, "a field without a name; expected name=value&name=value");
	if (has(form, name))
		return error_set(error, "a field is given twice");
	if (form->count == FORM_FIELDS_MAX)
		return error_set(error, "more than %d fields", FORM_FIELDS_MAX);
	form->fields[form->count].name = name;
	form->fields[form->count++].value = value;
	return 0;
}

int form_parse(struct slice body, struct arena *arena, struct form *form_r, struct error *error)
{
	struct slice copy;
	char *text;

	*form_r = (struct form){0};
	if (body.length > FORM_BYTES_MAX)
		return error_set(error, "the form may have %d bytes at most", FORM_BYTES_MAX);
	copy = arena_copy(arena, body);
	if (copy.at == NULL)
		return error_set(error, "no room for the form");
	text = (char *)copy.at;
	for (uint32_t from = 0; from < body.length;) {
		const char *end = memchr(text + from, '&', body.length - from);
		uint32_t length = end != NULL ? (uint32_t)(end - text) - from : body.length - from;
		if (add_field(form_r, text + from, length, error) == -1)
			return -1;
		from += length + 1;
	}
	return 0;
}

struct slice form_field(const struct form *form, const char *name)
{
	for (size_t i = 0; i < form->count; i++)
		if (slice_is(form->fields[i].name, name))
			return form->fields[i].value;
	return (struct slice){0};
}
