/*
 * Placeholders of a gateway's template, filled so that no value can say anything but itself where it stands.
 */
#include <stdio.h>

#include "deliver/sms_gateway.h"

enum { ESCAPED_MAX = 6 }; /* bytes of one byte, at most: \u0007 */

struct filler {
	char *out;
	size_t length, room;
};

static void put(struct filler *f, const char *bytes, size_t length)
{
	if (f->room - f->length < length)
		return; /* cannot be: room was measured for the longest escapes */
	memcpy(f->out + f->length, bytes, length);
	f->length += length;
}

static void put_json(struct filler *f, unsigned char c)
{
	char text[ESCAPED_MAX + 1];

	if (c == '"' || c == '\\')
		put(f, (char[]){'\\', (char)c}, 2);
	else if (c < ' ')
		put(f, text, (size_t)snprintf(text, sizeof(text), "\\u%04x", c));
	else
		put(f, (char[]){(char)c}, 1);
}

/* RFC 3986: all but the unreserved; so it is right in a query and in a form. */
static void put_url(struct filler *f, unsigned char c)
{
	char text[4];
	bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	             (c != '\0' && strchr("-._~", c) != NULL);

	if (plain)
		put(f, (char[]){(char)c}, 1);
	else
		put(f, text, (size_t)snprintf(text, sizeof(text), "%%%02X", c));
}

static void put_value(struct filler *f, struct slice value, enum sms_escape escape)
{
	for (uint32_t i = 0; i < value.length; i++) {
		unsigned char c = (unsigned char)value.at[i];
		if (escape == SMS_ESCAPE_JSON)
			put_json(f, c);
		else if (escape == SMS_ESCAPE_URL)
			put_url(f, c);
		else if (c >= ' ') /* of a header */
			put(f, (char[]){(char)c}, 1);
	}
}

static bool value_of(const struct sms_gateway *g, const struct sms_values *v, struct slice name, struct slice *value_r)
{
	const struct {
		const char *name;
		struct slice value;
	} known[] = {{"phone", v->phone}, {"text", v->text}, {"id", v->id}, {"signature", v->signature}, {"time", v->time}};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (slice_is(name, known[i].name)) {
			*value_r = known[i].value;
			return true;
		}
	for (size_t i = 0; i < g->secret_count; i++)
		if (slice_is(name, g->secrets[i].name)) {
			*value_r = slice_of(g->secrets[i].value);
			return true;
		}
	return false;
}

/* The placeholder at `at`, which is a `{`; its value, and how many bytes it takes. */
static size_t placeholder(const struct sms_gateway *g, const struct sms_values *v, const char *at,
                          struct slice *value_r)
{
	size_t length = strcspn(at + 1, "}{");

	if (at[1 + length] != '}' || !value_of(g, v, (struct slice){at + 1, (uint32_t)length}, value_r))
		return 0;
	return length + 2;
}

static size_t room_for(const struct sms_gateway *g, const struct sms_values *v, const char *template)
{
	size_t room = strlen(template);
	struct slice value;

	for (const char *at = template; *at != '\0'; at++)
		if (*at == '{' && placeholder(g, v, at, &value) > 0)
			room += ESCAPED_MAX * (size_t)value.length;
	return room;
}

struct slice sms_fill(const struct sms_gateway *g, struct arena *arena, const char *template,
                      const struct sms_values *v, enum sms_escape escape)
{
	struct filler f = {.room = room_for(g, v, template)};
	struct slice value;
	size_t taken;

	f.out = arena_take(arena, f.room + 1);
	if (f.out == NULL)
		return (struct slice){NULL, 0};
	for (const char *at = template; *at != '\0';) {
		if (*at != '{' || (taken = placeholder(g, v, at, &value)) == 0) {
			put(&f, at++, 1);
			continue;
		}
		put_value(&f, value, escape);
		at += taken;
	}
	f.out[f.length] = '\0';
	return (struct slice){f.out, (uint32_t)f.length};
}
