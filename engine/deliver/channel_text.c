#include "deliver/channel_text.h"

#include <yyjson.h>

#include "base/utf8.h"

enum { STEPS_MAX = 16 };

static const char ellipsis[] = "…";
enum { ELLIPSIS_POINT = 0x2026 };

static struct slice member(yyjson_val *object, const char *key)
{
	yyjson_val *value = yyjson_obj_get(object, key);

	return yyjson_is_str(value) ? (struct slice){yyjson_get_str(value), (uint32_t)yyjson_get_len(value)}
	                            : (struct slice){NULL, 0};
}

static const char *language(const struct channel_text *t)
{
	return t->english ? "en" : "zh";
}

/* {"zh":"…","en":"…"} */
static struct slice words_of(yyjson_val *root, const char *key, const struct channel_text *t)
{
	return member(yyjson_obj_get(root, key), language(t));
}

/* A copy in which carriage returns are gone and control characters other than \n are spaces. */
static struct slice cleaned(struct arena *arena, struct slice text)
{
	struct slice copy = arena_copy(arena, text);
	char *at = (char *)copy.at;
	uint32_t length = 0;

	for (uint32_t i = 0; at != NULL && i < copy.length; i++) {
		if (at[i] == '\r')
			continue;
		at[length++] = ((unsigned char)at[i] < ' ' && at[i] != '\n') || at[i] == 0x7f ? ' ' : at[i];
	}
	if (at != NULL)
		at[length] = '\0';
	copy.length = length;
	return copy;
}

/* What is composed here is plain text; a name in it must not become a link or a mention in a chat. */
static struct slice defused(struct arena *arena, struct slice text)
{
	static const struct {
		char from;
		const char *to;
	} signs[] = {{'<', "＜"}, {'>', "＞"}, {'[', "［"}, {']', "］"}};
	char *out = arena_take(arena, 3 * (size_t)text.length + 1);
	uint32_t length = 0;

	for (uint32_t i = 0; out != NULL && i < text.length; i++) {
		const char *to = NULL;
		for (size_t j = 0; j < sizeof(signs) / sizeof(signs[0]); j++)
			to = text.at[i] == signs[j].from ? signs[j].to : to;
		if (to == NULL) {
			out[length++] = text.at[i];
			continue;
		}
		memcpy(out + length, to, 3);
		length += 3;
	}
	return (struct slice){out, out != NULL ? length : 0};
}

static struct slice joined(struct arena *arena, struct slice a, const char *between, struct slice b)
{
	if (a.length == 0 || b.length == 0)
		return a.length == 0 ? b : a;
	return slice_of(arena_print(arena, "%.*s%s%.*s", SLICE_PRINT(a), between, SLICE_PRINT(b)));
}

/* The lines of {"zh":[…],"en":[…]}; how many. */
static size_t lines_of(yyjson_val *root, const char *key, const struct channel_text *t, struct arena *arena,
                       struct slice *lines_r, size_t most)
{
	yyjson_val *list = yyjson_obj_get(yyjson_obj_get(root, key), language(t)), *line;
	yyjson_arr_iter iter;
	size_t count = 0;

	if (!yyjson_is_arr(list))
		return 0;
	yyjson_arr_iter_init(list, &iter);
	while ((line = yyjson_arr_iter_next(&iter)) != NULL && count < most)
		if (yyjson_is_str(line))
			lines_r[count++] =
				cleaned(arena, (struct slice){yyjson_get_str(line), (uint32_t)yyjson_get_len(line)});
	return count;
}

/* For a body of an older version: the steps to take, under what was seen. */
static void compose(struct channel_text *t, yyjson_val *root, struct arena *arena, const struct slice *steps,
                    size_t step_count)
{
	struct slice title = defused(arena, cleaned(arena, words_of(root, "title", t)));
	struct slice text = defused(arena, cleaned(arena, words_of(root, "message", t)));

	if (t->subject.length == 0) {
		t->subject = joined(arena, t->level_name, t->english ? ": " : "：", title);
		for (uint32_t i = 0; i < t->subject.length; i++)
			if (t->subject.at[i] == '\n')
				((char *)t->subject.at)[i] = ' ';
	}
	if (t->text.length > 0)
		return;
	t->composed = true;
	for (size_t i = 0; i < step_count; i++)
		text = joined(arena, text, i == 0 ? "\n\n" : "\n",
		              slice_of(arena_print(arena, "%zu. %.*s", i + 1, SLICE_PRINT(steps[i]))));
	t->text = text;
}

static struct slice link_of(struct slice url)
{
	bool http = (url.length > 8 && memcmp(url.at, "https://", 8) == 0) ||
	            (url.length > 7 && memcmp(url.at, "http://", 7) == 0);

	for (uint32_t i = 0; i < url.length; i++)
		if ((unsigned char)url.at[i] <= ' ' || strchr("\"'<>()[]\\`", url.at[i]) != NULL)
			http = false;
	return http ? url : (struct slice){NULL, 0};
}

static int check_subject(struct slice subject, struct error *error)
{
	for (uint32_t i = 0; i < subject.length; i++)
		if ((unsigned char)subject.at[i] < ' ' || subject.at[i] == 0x7f)
			return error_set(error, "the subject holds a line break or another control character");
	return 0;
}

static int read_fields(struct channel_text *t, yyjson_val *root, struct arena *arena, struct error *error)
{
	struct slice steps[STEPS_MAX];
	size_t step_count = lines_of(root, "do_now", t, arena, steps, STEPS_MAX);

	if (check_subject(member(root, "subject"), error) == -1)
		return -1;
	t->subject = arena_copy(arena, member(root, "subject"));
	t->text = cleaned(arena, member(root, "text"));
	t->level = cleaned(arena, member(root, "level"));
	t->level_name = cleaned(arena, words_of(root, "level_name", t));
	t->answer_url = arena_copy(arena, link_of(member(root, "answer_url")));
	t->first_step = step_count > 0 ? steps[0] : (struct slice){NULL, 0};
	compose(t, root, arena, steps, step_count);
	if (t->composed) /* a rendered text has its advice in it */
		t->advice_count = lines_of(root, "advice", t, arena, t->advice, CHANNEL_ADVICE_MAX);
	if (arena_overflowed(arena))
		return error_set(error, "no room for the request");
	return t->text.length > 0 ? 0 : error_set(error, "the body has neither `text` nor `message`: there is nothing to say");
}

int channel_text_read(const struct channel_message *m, struct arena *arena, struct channel_text *text_r,
                      struct error *error)
{
	yyjson_doc *doc = yyjson_read(m->body.at, m->body.length, 0);
	int result;

	*text_r = (struct channel_text){.english = slice_is(m->language, "en")};
	if (!yyjson_is_obj(yyjson_doc_get_root(doc)))
		result = error_set(error, "the body is no JSON object");
	else
		result = read_fields(text_r, yyjson_doc_get_root(doc), arena, error);
	yyjson_doc_free(doc);
	return result;
}

int channel_text_check_digits(struct slice text, struct error *error)
{
	int row = 0;

	for (size_t at = 0; at < text.length;) {
		uint32_t point = utf8_next(text.at, &at);
		bool digit = (point >= '0' && point <= '9') || (point >= 0xff10 && point <= 0xff19);
		row = digit ? row + 1 : 0;
		if (row > CHANNEL_DIGITS_MAX)
			return error_set(error, "the text holds more than %d digits in a row, which may be an account or a "
			                 "personal id; such a text goes to no chat and no phone", CHANNEL_DIGITS_MAX);
	}
	return 0;
}

size_t channel_cost_bytes(uint32_t point)
{
	return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

size_t channel_cost_json(uint32_t point)
{
	if (point == '"' || point == '\\' || (point >= '\b' && point <= '\r' && point != '\v'))
		return 2;
	return point < ' ' ? 6 : channel_cost_bytes(point);
}

size_t channel_cost_utf16(uint32_t point)
{
	return point < 0x10000 ? 1 : 2;
}

size_t channel_text_cost(struct slice text, size_t (*cost)(uint32_t point))
{
	size_t sum = 0;

	for (size_t at = 0; at < text.length;)
		sum += cost(utf8_next(text.at, &at));
	return sum;
}

struct slice channel_text_cut(struct arena *arena, struct slice text, size_t most, size_t (*cost)(uint32_t point),
                              bool *cut_r)
{
	size_t sum = 0, at = 0, fits = 0;

	while (at < text.length) {
		sum += cost(utf8_next(text.at, &at));
		if (sum + cost(ELLIPSIS_POINT) <= most)
			fits = at;
		if (sum > most) {
			*cut_r = true;
			return slice_of(arena_print(arena, "%.*s%s", (int)fits, text.at, ellipsis));
		}
	}
	return text;
}

bool channel_text_has_link(const struct channel_text *t)
{
	return t->answer_url.length > 0 &&
	       memmem(t->text.at, t->text.length, t->answer_url.at, t->answer_url.length) != NULL;
}

int channel_text_for_robot(const struct channel_text *t, bool markdown, size_t most, struct arena *arena,
                           struct slice *said_r, bool *cut_r, struct error *error)
{
	struct slice said = t->text, link = {"", 0};

	if (t->composed && t->subject.length > 0)
		said = joined(arena, slice_of(arena_print(arena, markdown ? "**%.*s**" : "%.*s", SLICE_PRINT(t->subject))),
		              "\n\n", t->text);
	if (t->answer_url.length > 0 && !channel_text_has_link(t))
		link = slice_of(arena_print(arena, markdown ? "\n\n[%s](%.*s)" : "\n\n%s%.*s",
		                            markdown ? (t->english ? "Answer" : "答复")
		                                     : (t->english ? "Answer: " : "答复："),
		                            SLICE_PRINT(t->answer_url)));
	if (arena_overflowed(arena))
		return error_set(error, "no room for the request");
	if (channel_text_check_digits(t->subject, error) == -1 || channel_text_check_digits(said, error) == -1)
		return -1;
	if (channel_text_cost(link, channel_cost_json) > most / 2)
		link.length = 0; /* an answer's link has some 200 bytes */
	said = channel_text_cut(arena, said, most - channel_text_cost(link, channel_cost_json), channel_cost_json, cut_r);
	*said_r = link.length > 0 ? joined(arena, said, "", link) : said;
	return arena_overflowed(arena) ? error_set(error, "no room for the request") : 0;
}
