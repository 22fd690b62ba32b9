/*
 * In this order, top to bottom, since a phone shows a part: how bad it is, stop, what was seen; the question with
 * its four answers; whom to call; what to do then; who sent this and how to check it; the rest.
 *
 * Once answered, what to do now comes first, and the four answers give way to what was said and when.
 */
#include "api/answer_page.h"

#include <yyjson.h>

#include "base/instant.h"
#include "base/money.h"

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
	CHOICE_COUNT = sizeof(choices) / sizeof(choices[0]), STEP_COUNT = sizeof(steps) / sizeof(steps[0]),
	LEVEL_COUNT = 5
};

/* A level is told by its colour, its word and its shape. */
static const struct {
	const char *name, *zh, *en, *shape;
} levels[LEVEL_COUNT] = {
	{"none", "提示", "Notice", "<circle cx=\"12\" cy=\"12\" r=\"9\"/>"},
	{"blue", "蓝色预警", "Blue warning", "<circle cx=\"12\" cy=\"12\" r=\"10\"/>"},
	{"yellow", "黄色预警", "Yellow warning", "<path d=\"M12 1 23 12 12 23 1 12z\"/>"},
	{"orange", "橙色预警", "Orange warning", "<path d=\"M12 2 23 22H1z\"/>"},
	{"red", "红色预警", "Red warning", "<path d=\"M7.5 1h9L23 7.5v9L16.5 23h-9L1 16.5v-9z\"/>"},
};

static struct slice text_of(yyjson_val *value)
{
	return (struct slice){yyjson_get_str(value), (uint32_t)yyjson_get_len(value)};
}

/* {"zh":…,"en":…} in the page's language, else the other. */
static yyjson_val *translated(const struct html *html, yyjson_val *object)
{
	yyjson_val *wanted = yyjson_obj_get(object, html->english ? "en" : "zh");

	return wanted != NULL ? wanted : yyjson_obj_get(object, html->english ? "zh" : "en");
}

static void print_element(struct html *html, const char *open, struct slice text, const char *close)
{
	if (text.length == 0)
		return;
	html_print(html, "%s", open);
	html_text(html, text);
	html_print(html, "%s", close);
}

static void print_fact(struct html *html, const char *name, struct slice value)
{
	if (value.length == 0)
		return;
	html_print(html, "<dt>%s</dt><dd>", name);
	html_text(html, value);
	html_print(html, "</dd>\n");
}

static void print_amount(struct html *html, struct slice text)
{
	char grouped[MONEY_GROUPED_BYTES];
	int64_t minor;

	if (money_parse(text, MONEY_CNY, false, &minor) == MONEY_OK && minor > 0) {
		money_format_grouped(minor, MONEY_CNY, grouped);
		print_fact(html, html_pick(html, "金额（元）", "Amount (CNY)"), slice_of(grouped));
	}
}

static void print_facts(struct html *html, yyjson_val *body)
{
	yyjson_val *payee = yyjson_obj_get(body, "payee");
	char at[INSTANT_TEXT_BYTES];
	int64_t ms;

	html_print(html, "<dl>\n");
	print_fact(html, html_pick(html, "单位", "Company"),
	           text_of(yyjson_obj_get(yyjson_obj_get(body, "enterprise"), "name")));
	print_amount(html, text_of(yyjson_obj_get(body, "amount_at_risk")));
	print_fact(html, html_pick(html, "收款人", "Payee"), text_of(yyjson_obj_get(payee, "name")));
	print_fact(html, html_pick(html, "收款账户", "Payee's account"), text_of(yyjson_obj_get(payee, "account")));
	print_fact(html, html_pick(html, "付款账户", "From account"), text_of(yyjson_obj_get(body, "account")));
	if (instant_parse(text_of(yyjson_obj_get(body, "raised_at")), &ms)) {
		instant_format_china(ms, at);
		print_fact(html, html_pick(html, "交易时间", "Time (China)"), slice_of(at));
	}
	html_print(html, "</dl>\n");
}

static bool is_open(const struct answer_page *page, enum answer_word word)
{
	return answer_is_open(&page->state, page->kind, page->handled, word);
}

/* What the message says; one without the members of a warning is its subject and text. */
static void print_seen(struct html *html, const struct answer_page *page, yyjson_val *body)
{
	yyjson_val *title = translated(html, yyjson_obj_get(body, "title"));
	yyjson_val *message = translated(html, yyjson_obj_get(body, "message"));
	unsigned level = page->level < LEVEL_COUNT ? page->level : 0;

	if (page->kind == DELIVERY_DRILL || yyjson_get_bool(yyjson_obj_get(body, "exercise")))
		html_print(html, "<p class=\"exercise\">%s</p>\n",
		           html_pick(html, "这是一次演练，没有真实交易。请像真的一样作答。",
		                     "This is an exercise; no such payment was made. Please answer as if it were real."));
	html_print(html, "<section class=\"seen %s\">\n<p><span class=\"level\"><svg viewBox=\"0 0 24 24\" "
	                 "aria-hidden=\"true\">%s</svg>%s</span></p>\n",
	           levels[level].name, levels[level].shape, html_pick(html, levels[level].zh, levels[level].en));
	print_element(html, "<h1>", text_of(title != NULL ? title : yyjson_obj_get(body, "subject")), "</h1>\n");
	if (page->state.first == ANSWER_WORD_COUNT && is_open(page, ANSWER_GENUINE))
		html_print(html, "<p class=\"stop\">%s</p>\n", html_pick(html, "先停下，不要付款。", "Stop. Don't pay yet."));
	print_element(html, "<p class=\"said\">", text_of(message != NULL ? message : yyjson_obj_get(body, "text")),
	              "</p>\n");
	if (message != NULL)
		print_facts(html, body);
	html_print(html, "</section>\n");
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

static void print_question(struct html *html)
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

static void print_read_button(struct html *html)
{
	html_print(html, "<section>\n");
	print_form(html, "choices");
	html_print(html, "<button name=\"answer\" value=\"read\" class=\"read\"><b>%s</b></button>\n</form>\n</section>\n",
	           html_pick(html, "已知晓", "I have read it"));
}

/* The money is gone after all: this may follow any other answer. */
static void print_paid_after_all(struct html *html)
{
	print_form(html, "choices");
	html_print(html, "<button name=\"answer\" value=\"paid\" class=\"paid wide\"><b>%s</b><span>%s</span></button>\n</form>\n",
	           html_pick(html, "钱还是付出去了", "The money has left after all"),
	           html_pick(html, "马上通知辖区反诈民警", "The county's officers are told at once"));
}

static void print_answered(struct html *html, const struct answer_page *page)
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

static void print_mute(struct html *html, const struct answer_page *page)
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

static void print_rating(struct html *html, const struct answer_page *page)
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

static void print_objection(struct html *html, const struct answer_page *page)
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

static void print_sender(struct html *html, const struct answer_page *page)
{
	html_print(html, "<section>\n<h2>%s</h2>\n<p>", html_pick(html, "谁发的，怎样辨真假", "Who sent this, and is it genuine?"));
	html_text(html, slice_of(page->signature));
	html_print(html, "%s</p>\n<p>%s<br><code>",
	           html_pick(html, "通过护企系统发出。想核实，请自己拨打 96110（不要用别人给的号码），报下面的预警编号。",
	                     " sent it through huqi. To check, call 96110 yourself, not a number that somebody gave you, and tell the number below."),
	           html_pick(html, "预警编号", "The warning's number"));
	html_text(html, page->alert.length > 0 ? page->alert : page->delivery);
	html_print(html, "</code></p>\n<p>%s</p>\n</section>\n",
	           html_pick(html, "我们不会让您转账，不会要密码、验证码，不会让您下载软件或共享屏幕。",
	                     "We never ask for money, a password or a code, and never to install software or share a "
	                     "screen."));
}

static void print_end(struct html *html, const struct answer_page *page)
{
	char until[INSTANT_TEXT_BYTES];

	instant_format_china(page->expires_ms, until);
	html_print(html, "<p class=\"soft\">%s%.16s%s</p>\n", html_pick(html, "本链接只用于这一条预警，", "This link is for this one "
	                                                                                            "warning, until "),
	           until, html_pick(html, " 前有效；账号、姓名已打码。", " China time; accounts and names are masked."));
}

void answer_page_print(struct html *html, const struct answer_page *page)
{
	yyjson_doc *document = yyjson_read(page->body.at, page->body.length, 0);
	yyjson_val *body = yyjson_doc_get_root(document);
	bool answered = page->state.first != ANSWER_WORD_COUNT;

	if (answered)
		print_answered(html, page);
	print_seen(html, page, body);
	if (!answered && is_open(page, ANSWER_GENUINE)) {
		print_question(html);
	} else if (!answered) {
		print_read_button(html);
	}
	if (answered) {
		html_print(html, "<section class=\"after\">\n");
		print_mute(html, page);
		print_rating(html, page);
		html_print(html, "</section>\n");
	}
	print_sender(html, page);
	print_objection(html, page);
	print_end(html, page);
	yyjson_doc_free(document);
}

void answer_page_refuse(struct html *html)
{
	html_print(html, "<section>\n<h1>这个链接不能用</h1>\n<p>可能已过期，或地址不完整。请自己拨打 <a href=\"tel:96110\">96110</a> "
	                 "核实；钱已经付出去的，马上拨打 <a href=\"tel:110\">110</a>。</p>\n"
	                 "<h1 lang=\"en\">This link does not work</h1>\n<p lang=\"en\">It may have expired, or its address is "
	                 "incomplete. Call <a href=\"tel:96110\">96110</a> yourself to check; if money has left, call "
	                 "<a href=\"tel:110\">110</a> at once.</p>\n</section>\n");
}
