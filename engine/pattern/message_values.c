/*
 * The tables of messages: channels, kinds, values; and the values the lint renders with.
 */
#include "pattern/catalogue.h"

enum { SAMPLES_MAX = 64 };

#define W (1u << MESSAGE_WARNING | 1u << MESSAGE_DRILL)
#define K (1u << MESSAGE_CALL)
#define C (1u << MESSAGE_CODE)
#define B (1u << MESSAGE_BULLETIN)
#define G (1u << MESSAGE_DIGEST)
const struct message_value message_values[] = {
#define VALUE(name, kinds, outside, zh, en, help) {#name, kinds, outside, zh, en, help},
#include "pattern/message_values.def"
#undef VALUE
	{.name = NULL},
};

const struct message_channel message_channels[] = {
#define CHANNEL(name, form, bytes_max, third_party) {name, MESSAGE_FORM_##form, bytes_max, third_party},
#include "pattern/message_channels.def"
#undef CHANNEL
	{.name = NULL},
};

const char *const message_kind_names[] = {"warning", "code", "drill", "bulletin", "call", "digest", NULL};
#undef W
#undef K
#undef C
#undef B
#undef G

const struct message_channel *message_channel_find(struct slice name)
{
	for (const struct message_channel *c = message_channels; c->name != NULL; c++)
		if (slice_is(name, c->name))
			return c;
	return &message_channels[0];
}

bool message_value_is_outside(const char *name)
{
	for (const struct message_value *v = message_values; v->name != NULL; v++)
		if (strcmp(v->name, name) == 0)
			return v->outside;
	return true;
}

struct fill_value *message_samples(const struct catalogue *catalogue, const struct message_ask *ask,
                                   struct arena *arena, size_t *count_r)
{
	static const char *const levels_zh[] = {"", "蓝色", "黄色", "橙色", "红色"};
	static const char *const levels_en[] = {"", "blue", "yellow", "orange", "red"};
	const struct catalogue_entry *typology = catalogue_typology(catalogue, ask->typology);
	struct fill_value *values = arena_take(arena, SAMPLES_MAX * sizeof(*values));
	size_t count = 0;

	for (const struct message_value *v = message_values; values != NULL && v->name != NULL; v++)
		if ((v->kinds & 1u << ask->kind) != 0 && v->zh[0] != '\0' && strcmp(v->name, "signature") != 0)
			values[count++] = (struct fill_value){v->name, slice_of(v->zh), slice_of(v->en)};
	if (values != NULL && typology != NULL)
		values[count++] = (struct fill_value){"typology", typology->zh, typology->en};
	if (values != NULL && ask->level > 0 && ask->level < CATALOGUE_LEVELS)
		values[count++] = (struct fill_value){"level", slice_of(levels_zh[ask->level]), slice_of(levels_en[ask->level])};
	*count_r = count;
	return values;
}
