#include "casework/draft.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <yyjson.h>

#include "base/money.h"

enum { TEXT_BYTES = 16384, AMOUNT_BYTES = 64, THOUSANDS_OF_YI = 100000 };

struct writer {
	const struct catalogue *catalogue;
	const struct draft_figures *figures;
	bool english;
	char *text;
	size_t length;
};

__attribute__((format(printf, 2, 3))) static void say(struct writer *w, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(w->text + w->length, TEXT_BYTES - w->length, format, args);
	va_end(args);
	if (n > 0)
		w->length = w->length + (size_t)n < TEXT_BYTES ? w->length + (size_t)n : TEXT_BYTES - 1;
}

static struct slice name_of(const struct writer *w, struct slice typology)
{
	const struct catalogue_entry *entry = w->catalogue != NULL ? catalogue_typology(w->catalogue, typology) : NULL;

	return entry == NULL ? typology : w->english ? entry->en : entry->zh;
}

static struct slice phrase_of(const struct writer *w, struct slice typology, bool check)
{
	const struct message_phrase *phrase = w->catalogue != NULL ? catalogue_phrase(w->catalogue, typology) : NULL;
	const struct message_words *words;

	if (phrase == NULL)
		return (struct slice){"", 0};
	words = check ? &phrase->check : &phrase->method;
	return w->english ? words->en : words->zh;
}

#define NUMBER(n) grouped(n, (char[MONEY_GROUPED_BYTES]){""})

/* "12,345": five digits in a row would look like a telephone number in an official text. */
static const char *grouped(int64_t number, char text_r[MONEY_GROUPED_BYTES])
{
	money_format_grouped(number * 100, MONEY_CNY, text_r);
	text_r[strcspn(text_r, ".")] = '\0';
	return text_r;
}

/* "约12万元", "约12.3万元", "约1.2亿元": cut, not rounded; enough to see how much it is. */
static void amount_zh(int64_t thousands, char text_r[AMOUNT_BYTES])
{
	const char *unit = thousands < THOUSANDS_OF_YI ? "万" : "亿";
	int64_t tenths = thousands < THOUSANDS_OF_YI ? thousands : thousands / (THOUSANDS_OF_YI / 10);

	if (tenths % 10 == 0)
		snprintf(text_r, AMOUNT_BYTES, "约%s%s元", NUMBER(tenths / 10), unit);
	else
		snprintf(text_r, AMOUNT_BYTES, "约%s.%d%s元", NUMBER(tenths / 10), (int)(tenths % 10), unit);
}

static const char *amount_text(const struct writer *w, int64_t minor, char text_r[AMOUNT_BYTES])
{
	int64_t thousands = minor / 100 / 1000;

	if (thousands == 0)
		snprintf(text_r, AMOUNT_BYTES, "%s", w->english ? "less than CNY 1,000" : "不足千元");
	else if (w->english)
		snprintf(text_r, AMOUNT_BYTES, "about CNY %s", NUMBER(thousands * 1000));
	else
		amount_zh(thousands, text_r);
	return text_r;
}

static void say_total(struct writer *w)
{
	const struct figure_row *t = &w->figures->total;
	char amount[AMOUNT_BYTES];

	if (t->warnings == 0) {
		say(w, w->english ? "No warning went to the enterprises of this area; %s in the period before."
		                  : "本期辖区企业的对公账户没有收到风险预警；上期为%s次。", NUMBER(w->figures->before));
		return;
	}
	say(w, w->english ? "Enterprises of this area had %s warnings on their corporate accounts: %s firms"
	                  : "本期辖区企业的对公账户共收到风险预警%s次，涉及%s家企业",
	    NUMBER(t->warnings), NUMBER(t->enterprises));
	if (w->figures->tells_amount)
		say(w, w->english ? ", %s at risk" : "、金额%s", amount_text(w, t->amount_minor, amount));
	say(w, w->english ? "; %s in the period before." : "；上期为%s次。", NUMBER(w->figures->before));
	if (t->stopped + t->paid > 0)
		say(w, w->english ? " They told us: stopped in time %s, already paid %s." : "企业反馈：及时停付%s次，已经付款%s次。",
		    NUMBER(t->stopped), NUMBER(t->paid));
}

static void say_line(struct writer *w, size_t i)
{
	const struct draft_line *line = &w->figures->lines[i];
	struct slice name = name_of(w, line->now.typology), method = phrase_of(w, line->now.typology, false);
	char amount[AMOUNT_BYTES];

	say(w, w->english ? "\n%zu. %.*s (warnings %s, firms %s" : "\n%zu. %.*s（%s次，%s家企业", i + 1, SLICE_PRINT(name),
	    NUMBER(line->now.warnings), NUMBER(line->now.enterprises));
	if (line->tells_amount)
		say(w, w->english ? ", %s" : "，%s", amount_text(w, line->now.amount_minor, amount));
	say(w, w->english ? "; before %s)" : "；上期%s次）", NUMBER(line->before));
	if (method.length > 0)
		say(w, w->english ? ": %.*s" : "：%.*s", SLICE_PRINT(method));
}

static void say_methods(struct writer *w)
{
	const struct draft_figures *f = w->figures;
	int64_t others = 0;

	if (f->line_count == 0)
		return;
	say(w, "%s", w->english ? "\n\nHow the cheats went about it:" : "\n\n主要手法：");
	for (size_t i = 0; i < f->line_count; i++)
		if (i < DRAFT_LINES_MAX)
			say_line(w, i);
		else
			others += f->lines[i].now.warnings;
	if (f->line_count > DRAFT_LINES_MAX)
		say(w, w->english ? "\n%zu other kinds: warnings %s." : "\n其余%zu类共%s次。", f->line_count - DRAFT_LINES_MAX,
		    NUMBER(others));
}

static void say_new(struct writer *w)
{
	bool any = false;

	for (size_t i = 0; i < w->figures->line_count; i++) {
		struct slice name = name_of(w, w->figures->lines[i].now.typology);
		if (!w->figures->lines[i].is_new)
			continue;
		if (any)
			say(w, w->english ? "; %.*s" : "；%.*s", SLICE_PRINT(name));
		else
			say(w, w->english ? "\n\nNew: %.*s" : "\n\n新出现：%.*s", SLICE_PRINT(name));
		any = true;
	}
	if (any)
		say(w, "%s", w->english ? " (not in the four periods before)." : "（前四期没有）。");
}

static void say_advice(struct writer *w, const char *id, size_t *number)
{
	const struct catalogue_entry *entry =
		w->catalogue != NULL ? catalogue_advice(w->catalogue, slice_of(id)) : NULL;

	if (entry != NULL)
		say(w, "\n%zu. %.*s", ++*number, SLICE_PRINT(w->english ? entry->en : entry->zh));
}

static void say_what_to_do(struct writer *w)
{
	size_t number = 0;

	say(w, "%s", w->english ? "\n\nPlease tell your finance staff:" : "\n\n请提醒财务人员：");
	say_advice(w, "a1", &number);
	for (size_t i = 0; i < w->figures->line_count && i < DRAFT_CHECKS_MAX; i++) {
		struct slice check = phrase_of(w, w->figures->lines[i].now.typology, true);
		if (check.length > 0)
			say(w, "\n%zu. %.*s", ++number, SLICE_PRINT(check));
	}
	say_advice(w, "a3", &number);
	if (number == 0)
		say(w, "%s", w->english ? "\n1. Stop, and verify face to face before you pay. Cheated? Call 110 or 96110 at once."
		                        : "\n1. 凡线上催转账，先停下，当面核实再付；被骗马上拨打110或96110。");
}

static struct slice write_body(struct writer *w, struct arena *arena)
{
	w->text = arena_take(arena, TEXT_BYTES);
	w->length = 0;
	if (w->text == NULL)
		return (struct slice){0};
	say_total(w);
	say_methods(w);
	say_new(w);
	say_what_to_do(w);
	return (struct slice){w->text, (uint32_t)w->length};
}

static struct slice title_of(const struct period *period, bool english, struct slice industry, struct arena *arena)
{
	static const char *const titles[PERIOD_KINDS][2] = {{"企业账户风险周报", "Weekly risk bulletin"},
	                                                    {"企业账户风险月报", "Monthly risk bulletin"}};
	const char *title = titles[period->kind][english];

	if (industry.length == 0)
		return slice_of(title);
	return slice_of(arena_print(arena, english ? "%s (%.*s)" : "%s（%.*s）", title, SLICE_PRINT(industry)));
}

/* A number that is not told is null here, too: it would be told from here. */
static void add_numbers(yyjson_mut_doc *doc, yyjson_mut_val *object, const struct figure_row *row, bool tells_amount,
                        int64_t before)
{
	char amount[MONEY_TEXT_BYTES];

	money_format(row->amount_minor, MONEY_CNY, amount);
	yyjson_mut_obj_add_sint(doc, object, "warnings", row->warnings);
	yyjson_mut_obj_add_sint(doc, object, "enterprises", row->enterprises);
	if (tells_amount)
		yyjson_mut_obj_add_strcpy(doc, object, "amount_at_risk", amount);
	else
		yyjson_mut_obj_add_null(doc, object, "amount_at_risk");
	yyjson_mut_obj_add_sint(doc, object, "before", before);
	yyjson_mut_obj_add_sint(doc, object, "stopped", row->stopped);
	yyjson_mut_obj_add_sint(doc, object, "paid", row->paid);
}

static struct slice figures_json(const struct draft_figures *f, struct arena *arena)
{
	yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
	yyjson_mut_val *root = yyjson_mut_obj(doc), *lines;
	struct slice json;
	char *text;

	yyjson_mut_doc_set_root(doc, root);
	add_numbers(doc, root, &f->total, f->tells_amount, f->before);
	lines = yyjson_mut_obj_add_arr(doc, root, "typologies");
	for (size_t i = 0; i < f->line_count; i++) {
		const struct draft_line *line = &f->lines[i];
		yyjson_mut_val *one = yyjson_mut_arr_add_obj(doc, lines);
		yyjson_mut_obj_add_strncpy(doc, one, "id", line->now.typology.at, line->now.typology.length);
		add_numbers(doc, one, &line->now, line->tells_amount, line->before);
		yyjson_mut_obj_add_bool(doc, one, "new", line->is_new);
	}
	text = yyjson_mut_write(doc, 0, NULL);
	json = arena_copy(arena, slice_of(text));
	free(text);
	yyjson_mut_doc_free(doc);
	return json;
}

int draft_write(const struct catalogue *catalogue, const struct draft_figures *figures, const struct period *period,
                struct slice industry, struct arena *arena, struct bulletin_row *row, struct error *error)
{
	struct writer w = {.catalogue = catalogue, .figures = figures};

	row->title_zh = title_of(period, false, industry, arena);
	row->title_en = title_of(period, true, industry, arena);
	row->body_zh = write_body(&w, arena);
	w.english = true;
	row->body_en = write_body(&w, arena);
	row->figures = figures_json(figures, arena);
	return arena_overflowed(arena) ? error_set(error, "no room for the draft of a bulletin") : 0;
}
