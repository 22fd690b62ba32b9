#include <stdlib.h>

#include "base/utf8.h"
#include "pattern/catalogue.h"
#include "pattern/message_rules.h"

enum { VALUES_MAX = 128, SMS_ATTEMPTS = 3, TEXT_CHARACTERS_MAX = 20000 };

static const struct message_template builtins[MESSAGE_KINDS] = {
#define BUILTIN(kind, subject_zh, subject_en, text_zh, text_en) \
	[kind] = {.subject = {{subject_zh, sizeof(subject_zh) - 1}, {subject_en, sizeof(subject_en) - 1}, 0, 0, 0, 0}, \
	          .text = {{text_zh, sizeof(text_zh) - 1}, {text_en, sizeof(text_en) - 1}, 0, 0, 0, 0}},
#include "pattern/message_builtin.def"
#undef BUILTIN
};

/* One rendering under way. */
struct rendering {
	const struct message_ask *ask;
	const struct message_channel *channel;
	const struct message_template *template;
	struct fill_value values[VALUES_MAX];
	size_t count;
	struct arena *arena;
	struct message_text *out;
};

/* ---- values ---- */

/* What markdown would take for a sign stands in its full-width form: no dialect needs to be known for that. */
static struct slice without_markup(struct arena *arena, struct slice text)
{
	static const char signs[] = "*_`[]<>#~|\\";
	static const char *const wide[] = {"＊", "＿", "｀", "［", "］", "＜", "＞", "＃", "～", "｜", "＼"};
	char *out = arena_take(arena, 3 * (size_t)text.length + 1);
	uint32_t length = 0;

	if (out == NULL)
		return (struct slice){0};
	for (uint32_t i = 0; i < text.length; i++) {
		const char *sign = text.at[i] != '\0' ? strchr(signs, text.at[i]) : NULL;
		if (sign != NULL)
			memcpy(out + length, wide[sign - signs], 3);
		else
			out[length] = text.at[i];
		length += sign != NULL ? 3 : 1;
	}
	return (struct slice){out, length};
}

static void put_value(struct rendering *r, const char *name, struct slice zh, struct slice en)
{
	if (r->count < VALUES_MAX)
		r->values[r->count++] = (struct fill_value){name, zh, en};
}

static void put_values(struct rendering *r, const struct catalogue *catalogue, const struct fill_value *values,
                       size_t count)
{
	const struct message_phrase *p = catalogue != NULL ? catalogue_phrase(catalogue, r->ask->typology) : NULL;
	struct slice signature = r->ask->signature;

	if (signature.length == 0)
		signature = slice_of(MESSAGE_SIGNATURE);
	put_value(r, "signature", signature, signature);
	if (p != NULL) {
		put_value(r, "method", p->method.zh, p->method.en);
		put_value(r, "check", p->check.zh, p->check.en);
	}
	for (size_t i = 0; i < count; i++) {
		struct slice zh = utf8_cut(values[i].zh, MESSAGE_VALUE_CHARACTERS_MAX);
		struct slice en = utf8_cut(values[i].en, MESSAGE_VALUE_CHARACTERS_MAX);
		r->out->shortened |= zh.length < values[i].zh.length || en.length < values[i].en.length;
		if (r->channel->form == MESSAGE_FORM_MARKDOWN && message_value_is_outside(values[i].name)) {
			zh = without_markup(r->arena, zh);
			en = without_markup(r->arena, en);
		}
		put_value(r, values[i].name, zh, en);
	}
}

/* ---- texts ---- */

static bool lacks_a_value(const struct rendering *r, struct slice paragraph)
{
	struct slice name;

	for (uint32_t at = 0; fill_next(paragraph, &at, &name);)
		if (fill_find(name, r->values, r->count, r->ask->english).length == 0)
			return true;
	return false;
}

/* The end of the paragraph that begins at `at`: where an empty line follows, or the text ends. */
static uint32_t paragraph_end(struct slice text, uint32_t at)
{
	while (at < text.length && !(text.at[at] == '\n' && at + 1 < text.length && text.at[at + 1] == '\n'))
		at++;
	return at;
}

/* The template without the paragraphs that would say nothing. The first stays: it says what to do. */
static struct slice wanted_paragraphs(struct rendering *r, struct slice template)
{
	char *out = arena_take(r->arena, (size_t)template.length + 1);
	uint32_t length = 0;

	if (out == NULL || paragraph_end(template, 0) == template.length)
		return template;
	for (uint32_t at = 0; at < template.length;) {
		uint32_t end = paragraph_end(template, at), next = end;
		struct slice paragraph = {template.at + at, end - at};
		while (next < template.length && template.at[next] == '\n')
			next++;
		if (at == 0 || !lacks_a_value(r, paragraph)) {
			if (length > 0)
				length += (uint32_t)(memcpy(out + length, "\n\n", 2), 2);
			memcpy(out + length, paragraph.at, paragraph.length);
			length += paragraph.length;
		}
		at = next;
	}
	return (struct slice){out, length};
}

static struct slice fill(struct rendering *r, const struct message_words *words, size_t characters_max)
{
	struct slice template = wanted_paragraphs(r, r->ask->english ? words->en : words->zh);

	return fill_text(r->arena, template, r->values, r->count, r->ask->english, characters_max, &r->out->shortened);
}

/* An exercise says so before anything else. */
static struct slice marked(struct rendering *r, struct slice text)
{
	struct slice mark = slice_of(r->ask->english ? "[EXERCISE]" : "【演练】");
	char *whole;

	if (r->ask->kind != MESSAGE_DRILL || (text.length >= mark.length && memcmp(text.at, mark.at, mark.length) == 0))
		return text;
	whole = arena_print(r->arena, "%s%s%.*s", mark.at, r->ask->english ? " " : "", SLICE_PRINT(text));
	return whole != NULL ? slice_of(whole) : text;
}

/* At most `bytes`, of whole characters. */
static struct slice cut_bytes(struct slice text, size_t bytes, bool *cut_r)
{
	if (text.length <= bytes)
		return text;
	*cut_r = true;
	while (bytes > 0 && ((unsigned char)text.at[bytes] & 0xC0) == 0x80)
		bytes--;
	return (struct slice){text.at, (uint32_t)bytes};
}

/* ---- SMS ---- */

static size_t sms_room(const struct message_ask *ask)
{
	struct slice signature = ask->signature.length > 0 ? ask->signature : slice_of(MESSAGE_SIGNATURE);
	size_t taken = message_units(signature) + 2;

	return taken < MESSAGE_SMS_UNITS ? MESSAGE_SMS_UNITS - taken : 0;
}

static void replace_value(struct rendering *r, const char *name, struct slice zh, struct slice en)
{
	for (size_t i = 0; i < r->count; i++)
		if (strcmp(r->values[i].name, name) == 0) {
			r->values[i].zh = zh;
			r->values[i].en = en;
		}
}

/* What is given up at each further attempt, the least needed first. */
static void shorten(struct rendering *r, int attempt)
{
	struct slice name = slice_of("amount_short");

	r->out->shortened |= attempt > 0;
	if (attempt == 1)
		replace_value(r, "amount", fill_find(name, r->values, r->count, false),
		              fill_find(name, r->values, r->count, true));
	if (attempt == 2)
		replace_value(r, "payee_short", slice_of("对方"), slice_of("payee"));
}

static bool sms_passes(const struct rendering *r, struct slice text)
{
	unsigned rules = MESSAGE_RULES_SMS | (r->ask->kind == MESSAGE_CODE ? MESSAGE_RULE_CODE : MESSAGE_RULE_NUMBER);

	return text.length > 0 && message_units(text) <= sms_room(r->ask) && message_rule_broken(text, rules) == NULL;
}

/* -1: with no shortening does it pass. */
static int fill_sms(struct rendering *r)
{
	for (int attempt = 0; attempt < SMS_ATTEMPTS; attempt++) {
		shorten(r, attempt);
		r->out->text = marked(r, fill(r, &r->template->text, TEXT_CHARACTERS_MAX));
		if (r->ask->as_written || sms_passes(r, r->out->text))
			return 0;
	}
	return -1;
}

static struct slice cut_units(struct slice text, size_t units, bool *cut_r)
{
	size_t at = 0, used = 0;

	while (at < text.length) {
		size_t before = at;
		used += utf8_next(text.at, &at) > 0xFFFF ? 2 : 1;
		if (used > units) {
			*cut_r = true;
			return (struct slice){text.at, (uint32_t)before};
		}
	}
	return text;
}

/* ---- all together ---- */

static const struct message_template *template_for(const struct catalogue *catalogue, const struct message_ask *ask)
{
	const struct message_template *t = NULL;

	if (catalogue != NULL)
		t = catalogue_message(catalogue, ask->kind, ask->channel, ask->typology, ask->level);
	if (catalogue != NULL && t == NULL && ask->kind == MESSAGE_DRILL)
		t = catalogue_message(catalogue, MESSAGE_WARNING, ask->channel, ask->typology, ask->level);
	return t;
}

static void use_builtin(struct rendering *r)
{
	r->template = &builtins[r->ask->kind];
	r->out->builtin = true;
	if (fill_sms(r) == -1 && r->channel->form == MESSAGE_FORM_SMS)
		r->out->text = cut_units(r->out->text, sms_room(r->ask), &r->out->shortened);
}

static void render_text(struct rendering *r)
{
	if (r->template == NULL) {
		use_builtin(r);
	} else if (r->channel->form == MESSAGE_FORM_SMS) {
		if (fill_sms(r) == -1)
			use_builtin(r);
	} else {
		r->out->text = marked(r, fill(r, &r->template->text, TEXT_CHARACTERS_MAX));
		if (!r->ask->as_written)
			r->out->text = cut_bytes(r->out->text, r->channel->bytes_max, &r->out->shortened);
		if (r->out->text.length == 0)
			use_builtin(r);
	}
}

void message_render(const struct catalogue *catalogue, const struct message_ask *ask, const struct fill_value *values,
                    size_t count, struct arena *arena, struct message_text *text_r)
{
	struct rendering r = {.ask = ask, .channel = message_channel_find(ask->channel), .arena = arena, .out = text_r,
	                      .template = template_for(catalogue, ask)};
	const struct message_words *subject = r.template != NULL ? &r.template->subject : NULL;

	*text_r = (struct message_text){0};
	if (subject == NULL || subject->zh.length == 0)
		subject = &builtins[ask->kind].subject;
	put_values(&r, catalogue, values, count);
	text_r->subject = marked(&r, fill(&r, subject, MESSAGE_SUBJECT_CHARACTERS_MAX));
	render_text(&r);
}
