/*
 * From the base that everybody shares to the body of one delivery.
 */
#include <assert.h>
#include <stdlib.h>

#include "notify/message.h"
#include "notify/message_said.h"
#include "notify/message_type.h"

enum { LEVELS = 5, CUTS_MAX = 16 };

struct body {
	yyjson_val *base; /* NULL: none */
	const struct message_order *order;
	struct message_text said;
	struct arena *arena;
	yyjson_mut_doc *doc;
	yyjson_mut_val *root;
};

static struct slice json_text(yyjson_val *value)
{
	return (struct slice){yyjson_get_str(value), (uint32_t)yyjson_get_len(value)};
}

static struct slice typology_of(yyjson_val *base)
{
	return json_text(yyjson_obj_get(yyjson_obj_get(base, "typology"), "id"));
}

static uint8_t level_of(yyjson_val *base)
{
	static const char *const words[LEVELS] = {"none", "blue", "yellow", "orange", "red"};
	struct slice level = json_text(yyjson_obj_get(base, "level"));

	for (uint8_t i = 1; i < LEVELS; i++)
		if (slice_is(level, words[i]))
			return i;
	return 0;
}

static bool is_for_analysts(yyjson_val *base)
{
	struct slice typology = typology_of(base);

	return slice_is(json_text(yyjson_obj_get(base, "audience")), "analyst") ||
	       (typology.length > 0 && typology.at[0] == 'M');
}

static void add_text(struct body *b, yyjson_mut_val *object, const char *key, struct slice text)
{
	yyjson_mut_obj_add_strncpy(b->doc, object, key, text.at != NULL ? text.at : "", text.length);
}

static bool is_own_member(const char *key)
{
	static const char *const own[] = {"type", "id", "language", "exercise", "subject", "text", "answer_url"};

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (strcmp(key, own[i]) == 0)
			return true;
	return false;
}

static void add_base(struct body *b)
{
	yyjson_val *key, *value;
	size_t i, count;

	yyjson_obj_foreach(b->base, i, count, key, value)
		if (!is_own_member(yyjson_get_str(key)))
			yyjson_mut_obj_add(b->root, yyjson_val_mut_copy(b->doc, key), yyjson_val_mut_copy(b->doc, value));
}

static void add_more(struct body *b)
{
	for (size_t i = 0; i < b->order->more_count; i++) {
		const struct fill_value *v = &b->order->more[i];
		yyjson_mut_val *object;
		if (is_own_member(v->name) || yyjson_obj_get(b->base, v->name) != NULL)
			continue;
		if (slice_equal(v->zh, v->en)) {
			add_text(b, b->root, v->name, v->zh);
			continue;
		}
		object = yyjson_mut_obj(b->doc);
		yyjson_mut_obj_add_val(b->doc, b->root, v->name, object);
		add_text(b, object, "zh", v->zh);
		add_text(b, object, "en", v->en);
	}
}

/* The text cut at `bytes`; NULL or what the caller frees. */
static char *write_body(struct body *b, struct slice answer_url, size_t bytes, size_t *length_r)
{
	struct slice text = b->said.text;
	char *out;

	while (bytes < text.length && ((unsigned char)text.at[bytes] & 0xC0) == 0x80)
		bytes--;
	text.length = bytes < text.length ? (uint32_t)bytes : text.length;
	b->doc = yyjson_mut_doc_new(NULL);
	b->root = yyjson_mut_obj(b->doc);
	yyjson_mut_doc_set_root(b->doc, b->root);
	add_text(b, b->root, "type", message_type(b->order->kind));
	add_text(b, b->root, "id", b->order->id);
	add_text(b, b->root, "language", b->order->language);
	if (b->order->kind == MESSAGE_DRILL)
		yyjson_mut_obj_add_bool(b->doc, b->root, "exercise", true);
	add_base(b);
	add_more(b);
	add_text(b, b->root, "subject", b->said.subject);
	add_text(b, b->root, "text", text);
	if (answer_url.length > 0)
		add_text(b, b->root, "answer_url", answer_url);
	else
		yyjson_mut_obj_add_null(b->doc, b->root, "answer_url");
	out = yyjson_mut_write(b->doc, 0, length_r);
	yyjson_mut_doc_free(b->doc);
	return out;
}

/* A text that has no room beside its base is cut: its first lines are what matters. */
static int write_fitting(struct body *b, struct slice answer_url, struct slice *body_r, struct message_made *made,
                         struct error *error)
{
	size_t bytes = b->said.text.length;

	*body_r = (struct slice){0};
	for (int i = 0; i < CUTS_MAX && body_r->at == NULL; i++, bytes /= 2) {
		size_t length = 0;
		char *text = write_body(b, answer_url, bytes, &length);
		if (text != NULL && length < MESSAGE_BYTES_MAX)
			*body_r = arena_copy(b->arena, (struct slice){text, (uint32_t)length});
		made->shortened |= i > 0;
		free(text);
	}
	return body_r->at != NULL ? 0 : error_set(error, "no room for the message %.*s", SLICE_PRINT(b->order->id));
}

static void render(struct body *b, const struct catalogue *catalogue, struct slice answer_url)
{
	const struct message_order *o = b->order;
	struct message_ask ask = {.kind = o->kind, .channel = o->channel, .typology = typology_of(b->base),
	                          .level = level_of(b->base), .english = slice_is(o->language, "en"),
	                          .signature = o->signature};
	struct fill_value *all = arena_take(b->arena, (o->more_count + 1) * sizeof(*all));
	const struct fill_value *values;
	size_t count = 0;

	if (all == NULL)
		return message_render(catalogue, &ask, NULL, 0, b->arena, &b->said);
	all[0] = (struct fill_value){"answer_url", answer_url, answer_url};
	if (o->more_count > 0)
		memcpy(all + 1, o->more, o->more_count * sizeof(*all));
	values = message_said(b->base, all, o->more_count + 1, b->arena, &count);
	message_render(catalogue, &ask, values, count, b->arena, &b->said);
}

int message_for(struct slice base, const struct catalogue *catalogue, const struct message_order *order,
                struct arena *arena, struct slice *body_r, struct message_made *made_r, struct error *error)
{
	yyjson_doc *doc = base.length > 0 ? yyjson_read(base.at, base.length, 0) : NULL;
	struct body b = {.base = yyjson_doc_get_root(doc), .order = order, .arena = arena};
	struct slice answer_url = slice_is(order->channel, "sms") ? (struct slice){0} : order->answer_url;
	int result;

	*made_r = (struct message_made){0};
	assert(order->kind == MESSAGE_CALL || !is_for_analysts(b.base));
	if (order->kind != MESSAGE_CALL && is_for_analysts(b.base)) {
		result = error_set(error, "message %.*s speaks of what is for analysts (I7)", SLICE_PRINT(order->id));
	} else if (base.length > 0 && !yyjson_is_obj(b.base)) {
		result = error_set(error, "message %.*s: its base is no JSON object", SLICE_PRINT(order->id));
	} else {
		render(&b, catalogue, answer_url);
		made_r->builtin = b.said.builtin;
		made_r->shortened = b.said.shortened;
		result = write_fitting(&b, answer_url, body_r, made_r, error);
	}
	yyjson_doc_free(doc);
	return result;
}
