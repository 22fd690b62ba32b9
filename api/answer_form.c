#include "api/answer_form.h"

#include "base/instant.h"

static const struct {
	enum answer_word word;
	const char *label_zh, *label_en, *hint_zh, *hint_en;
} choices[] = {
#define CHOICE(word, label_zh, label_en, hint_zh, hint_en) {ANSWER_##word, label_zh, label_en, hint_zh, hint_en},
#define STEP(word, zh, en)
#include "api/answer_words.def"
#undef CHOICE
#undef STEP
};

static const struct {
	enum answer_word word;
	const char *zh, *en;
} steps[] = {
#define CHOICE(word, label_zh, label_en, hint_zh, hint_en)
#define STEP(word, zh, en) {ANSWER_##word, zh, en},
#include "api/answer_words.def"
#undef CHOICE
#undef STEP
};

enum {
	CHOICE_COUNT = sizeof(choices) / sizeof(choices[0]), STEP_COUNT = sizeof(steps) / sizeof(steps[0])
};

static bool is_open(const struct answer_page *page, enum answer_word word)
{
	return answer_is_open(&page->state, page->kind, page->handled, word);
}

/* Where the money is gone the police come first. */
static void print_calls(struct html *html, bool paid)
{
	const char *ask = html_pick(html, "反诈专线，问一问", "ask the anti-fraud line");
	const char *police = html_pick(html, paid ? "马上报警" : "已经付了，报警", paid ? "the police, now" : "the police, if paid");

	html_print(html, paid ? "<p class=\"calls\"><a class=\"urgent\" href=\"tel:110\"><b>110</b> %s</a>"
	                        "<a href=\"tel:96110\"><b>96110</b> %s</a></p>\n"
	                      : "<p class=\"calls\"><a href=\"tel:96110\"><b>96110</b> %s</a>"
	                        "<a href=\"tel:110\"><b>110</b> %s</a></p>\n",
	           paid ? police : ask, paid ? ask : police);
}

static void print_steps(struct html *html, enum answer_word word)
{
	html_print(html, "<ol>\n");
	for (size_t i = 0; i < STEP_COUNT; i++)
		if (steps[i].word == word)
			html_print(html, "<li>%s</li>\n", html_pick(html, steps[i].zh, steps[i].en));
	html_print(html, "</ol>\n");
}

const char *answer_word_title(const struct html *html, enum answer_word word)
{
	for (size_t i = 0; i < CHOICE_COUNT; i++)
		if (choices[i].word == word)
			return html_pick(html, choices[i].label_zh, choices[i].label_en);
	switch (word) {
	case ANSWER_OBJECTION: return html_pick(html, "提出异议", "An objection");
	case ANSWER_RATING: return html_pick(html, "评价", "A rating");
	case ANSWER_MUTE: return html_pick(html, "30 天内不再提醒这个收款人", "No warnings of this payee for 30 days");
	case ANSWER_NOTE: return html_pick(html, "留言", "A note");
	default: return html_pick(html, "已知晓", "Read");
	}
}

static void print_form(struct html *html, const char *class)
{
	html_print(html, "<form method=\"post\" action=\"?lang=%s\" class=\"%s\">\n", html_pick(html, "zh", "en"), class);
}

static void print_choice(struct html *html, size_t i)
{
	html_print(html, "<button name=\"answer\" value=\"%s\" class=\"%s\"><b>%s</b><span>%s</span></button>\n",
	           answer_words[choices[i].word], answer_words[choices[i].word],
	           html_pick(html, choices[i].label_zh, choices[i].label_en),
	           html_pick(html, choices[i].hint_zh, choices[i].hint_en));
}

static void print_text_field(struct html *html, const char *label)
{
	html_print(html, "<label>%s<textarea name=\"text\" rows=\"3\" maxlength=\"%d\"></textarea></label>\n", label,
	           ANSWER_TEXT_CHARACTERS_MAX);
}

void answer_form_question(struct html *html)
{
	html_print(html, "<section>\n<h2>%s</h2>\n", html_pick(html, "是您本人要付的吗？", "Did you mean to do this?"));
	print_form(html, "choices");
	for (size_t i = 0; i < CHOICE_COUNT; i++)
		print_choice(html, i);
	html_print(html, "<details class=\"wide\"><summary>%s</summary>\n",
	           html_pick(html, "想补充几句（可不填）", "Add a few words (optional)"));
	print_text_field(html, html_pick(html, "写好后按上面的回答", "Then press one of the answers above"));
	html_print(html, "</details>\n</form>\n");
	print_calls(html, false);
	html_print(html, "</section>\n<section>\n<h2>%s</h2>\n",
	           html_pick(html, "各种情况怎么办", "What to do in each case"));
	for (size_t i = 0; i < CHOICE_COUNT; i++) {
		html_print(html, "<details><summary>%s</summary>\n", html_pick(html, choices[i].label_zh, choices[i].label_en));
		print_steps(html, choices[i].word);
		html_print(html, "</details>\n");
	}
	html_print(html, "</section>\n");
}

static void print_one_button(struct html *html, const char *label)
{
	html_print(html, "<section>\n");
	print_form(html, "choices");
	html_print(html, "<button name=\"answer\" value=\"read\" class=\"read\"><b>%s</b></button>\n</form>\n</section>\n",
	           label);
}

void answer_form_read(struct html *html)
{
	print_one_button(html, html_pick(html, "已知晓", "I have read it"));
}

void answer_form_call(struct html *html, const struct answer_page *page)
{
	if (page->taken_by.length == 0 && !page->done) {
		print_one_button(html, html_pick(html, "我来处理", "I see to it"));
		return;
	}
	html_print(html, "<section class=\"answered\">\n<p class=\"done\"><b>%s</b>",
	           page->done ? html_pick(html, "已办结", "It is done") : html_pick(html, "已接手：", "Taken by: "));
	html_text(html, page->taken_by);
	html_print(html, "</p>\n</section>\n");
}

/* The money is gone after all: this may follow any other answer. */
static void print_paid_after_all(struct html *html)
{
	print_form(html, "choices");
	html_print(html, "<button name=\"answer\" value=\"paid\" class=\"paid wide\"><b>%s</b><span>%s</span></button>\n</form>\n",
	           html_pick(html, "钱还是付出去了", "The money has left after all"),
	           html_pick(html, "马上通知辖区反诈民警", "The county's officers are told at once"));
}

void answer_form_answered(struct html *html, const struct answer_page *page)
{
	enum answer_word now = page->state.has[ANSWER_PAID] ? ANSWER_PAID : page->state.first;
	char at[INSTANT_TEXT_BYTES];

	instant_format_china(page->state.at_ms[now], at);
	html_print(html, "<section class=\"answered\">\n<p class=\"done\"><b>%s</b>%s<br><span>%s%s</span></p>\n",
	           html_pick(html, "您的回答：", "Your answer: "), answer_word_title(html, now), at,
	           html_pick(html, "（北京时间）收到", " (China time), received"));
	if (now != ANSWER_READ) {
		html_print(html, "<h2>%s</h2>\n", html_pick(html, "现在这样做", "Do this now"));
		print_calls(html, now == ANSWER_PAID);
		print_steps(html, now);
	}
	if (now != ANSWER_READ && is_open(page, ANSWER_PAID))
		print_paid_after_all(html);
	html_print(html, "</section>\n");
}

void answer_form_mute(struct html *html, const struct answer_page *page)
{
	if (page->state.has[ANSWER_MUTE]) {
		html_print(html, "<p class=\"soft\">%s</p>\n",
		           html_pick(html, "30 天内，付给这个收款人不再提醒（红色预警除外）。",
		                     "For 30 days payments to this payee are not warned of (but for red warnings)."));
		return;
	}
	if (!is_open(page, ANSWER_MUTE))
		return;
	print_form(html, "small");
	html_print(html, "<button name=\"answer\" value=\"mute\">%s</button>\n<p class=\"soft\">%s</p>\n</form>\n",
	           html_pick(html, "30 天内不再提醒这个收款人", "Don't warn of this payee for 30 days"),
	           html_pick(html, "长期往来的收款人才选。会留下记录，红色预警仍会提醒。",
	                     "Only for a payee you know well. It is recorded, and red warnings still come."));
}

void answer_form_rating(struct html *html, const struct answer_page *page)
{
	if (page->state.has[ANSWER_RATING])
		html_print(html, "<p class=\"soft\">%s%d / %d</p>\n", html_pick(html, "感谢评价：", "Thank you for your rating: "),
		           (int)page->state.rating, ANSWER_RATING_MOST);
	if (!is_open(page, ANSWER_RATING))
		return;
	html_print(html, "<h2>%s</h2>\n", html_pick(html, "这条预警对您有帮助吗？", "Did this warning help you?"));
	print_form(html, "rating");
	html_print(html, "<input type=\"hidden\" name=\"answer\" value=\"rating\">\n");
	for (int i = 1; i <= ANSWER_RATING_MOST; i++)
		html_print(html, "<button name=\"value\" value=\"%d\">%d</button>\n", i, i);
	html_print(html, "<span>%s</span><span>%s</span>\n</form>\n", html_pick(html, "1 没有帮助", "1 not at all"),
	           html_pick(html, "5 很有帮助", "5 very much"));
}

void answer_form_objection(struct html *html, const struct answer_page *page)
{
	if (page->state.has[ANSWER_OBJECTION])
		html_print(html, "<p class=\"soft\">%s</p>\n",
		           html_pick(html, "您的异议已收到，民警会核对。", "Your objection has been received; an officer looks into it."));
	if (!is_open(page, ANSWER_OBJECTION))
		return;
	html_print(html, "<details>\n<summary>%s</summary>\n",
	           html_pick(html, "对这条预警有异议", "Object to this warning"));
	print_form(html, "small");
	html_print(html, "<input type=\"hidden\" name=\"answer\" value=\"objection\">\n");
	print_text_field(html, html_pick(html, "请写明理由，民警会核对并记录", "Say why; an officer looks into it and records it"));
	html_print(html, "<button>%s</button>\n</form>\n</details>\n", html_pick(html, "提交异议", "Send the objection"));
}
