#include "api/target.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "api/percent.h"
#include "base/utf8.h"
#include "base/yaml.h"

enum { NAME_SHOWN = (TARGET_NAME_BYTES - 1) / 4 }; /* characters of a client's text in an error */

/* Decodes in place, what `part` says it is in an error. */
static int decode(struct slice *text, const char *start, bool plus_is_space, const char *part,
                  struct error *error)
{
	return percent_decode(text, (char *)start, (struct percent_rules){.plus_is_space = plus_is_space}, part, error);
}

static int add_segment(struct target *target, char *start, size_t length, struct error *error)
{
	struct slice segment = {start, (uint32_t)length};

	if (decode(&segment, start, false, "the path", error) == -1)
		return -1;
	if (target->segment_count == TARGET_SEGMENTS_MAX)
		return error_set(error, "the path has more than %d parts", TARGET_SEGMENTS_MAX);
	target->segments[target->segment_count++] = segment;
	return 0;
}

static int parse_path(char *text, struct target *target, struct error *error)
{
	if (strcmp(text, "/") == 0)
		return 0;
	while (*text == '/') {
		size_t length = strcspn(++text, "/");
		if (add_segment(target, text, length, error) == -1)
			return -1;
		text += length;
	}
	return 0;
}

static void set_faulty(struct target *target, struct slice name)
{
	snprintf(target->faulty, sizeof(target->faulty), "%.*s", SLICE_PRINT(utf8_cut(name, NAME_SHOWN)));
}

static int add_parameter(struct target *target, char *start, size_t length, struct error *error)
{
	char *equals = memchr(start, '=', length);
	size_t name_length = equals != NULL ? (size_t)(equals - start) : length;
	struct slice name = {start, (uint32_t)name_length};
	struct slice value = {start + name_length, 0};

	if (equals != NULL)
		value = (struct slice){equals + 1, (uint32_t)(length - name_length - 1)};
	if (decode(&name, start, true, "a parameter's name", error) == -1)
		return -1;
	set_faulty(target, name);
	if (decode(&value, value.at, true, "the value", error) == -1)
		return -1;
	if (name.length == 0 || value.length == 0)
		return error_set(error, "expected name=value; leave out what is not asked");
	if (target->parameter_count == TARGET_PARAMETERS_MAX)
		return error_set(error, "more than %d parameters", TARGET_PARAMETERS_MAX);
	for (size_t i = 0; i < target->parameter_count; i++)
		if (slice_equal(target->parameters[i].name, name))
			return error_set(error, "given twice");
	target->parameters[target->parameter_count].name = name;
	target->parameters[target->parameter_count++].value = value;
	target->faulty[0] = '\0';
	return 0;
}

static int parse_query(char *text, struct target *target, struct error *error)
{
	for (;;) {
		size_t length = strcspn(text, "&");
		if (add_parameter(target, text, length, error) == -1)
			return -1;
		if (text[length] == '\0')
			return 0;
		text += length + 1;
	}
}

int target_parse(char *text, struct target *target_r, struct error *error)
{
	char *query = strchr(text, '?');

	*target_r = (struct target){0};
	if (text[0] != '/')
		return error_set(error, "the request's target must begin with `/`");
	if (query != NULL)
		*query++ = '\0';
	if (parse_path(text, target_r, error) == -1)
		return -1;
	return query == NULL || *query == '\0' ? 0 : parse_query(query, target_r, error);
}

struct slice target_parameter(const struct target *target, const char *name)
{
	for (size_t i = 0; i < target->parameter_count; i++)
		if (slice_is(target->parameters[i].name, name))
			return target->parameters[i].value;
	return (struct slice){0};
}

/* yaml_nearest() asks by number; which names, this thread knows. */
static _Thread_local const char *const *names_asked;

static const char *name_asked(int i)
{
	return names_asked[i];
}

static const char *nearest(struct slice name, const char *const *names)
{
	int count = 0;

	while (names[count] != NULL)
		count++;
	names_asked = names;
	return yaml_nearest(name, name_asked, count);
}

int target_check_names(struct target *target, const char *const *names, struct error *error)
{
	for (size_t i = 0; i < target->parameter_count; i++) {
		struct slice name = target->parameters[i].name;
		const char *const *n = names, *guess;
		while (*n != NULL && !slice_is(name, *n))
			n++;
		if (*n != NULL)
			continue;
		set_faulty(target, name);
		guess = nearest(name, names);
		return error_set(error, "no such parameter%s%s%s", guess != NULL ? "; did you mean `" : "",
		                 guess != NULL ? guess : "", guess != NULL ? "`?" : "");
	}
	return 0;
}
