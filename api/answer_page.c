/*
 * In this order, top to bottom, since a phone shows a part: how bad it is, stop, what was seen; the question with
 * its four answers; whom to call; what to do then; who sent this and how to check it; the rest. Once answered,
 * what to do now comes first, and the four answers give way to what was said and when.
 */
#include <yyjson.h>

#include "api/answer_form.h"
#include "base/instant.h"
#include "base/money.h"

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

static bool asks(const struct answer_page *page)
{
	return answer_is_open(&page->state, page->kind, page->handled, ANSWER_GENUINE);
}

/* What the message says; one without the members of a warning is its subject and text. */
static void print_seen(struct html *html, const struct answer_page *page, yyjson_val *body)
{
	yyjson_val *title = translated(html, yyjson_obj_get(body, "title"));
	yyjson_val *message = translated(html, yyjson_obj_get(body, "message"));
	const struct html_level *level = html_level_at(page->level);

	if (page->kind == DELIVERY_DRILL || yyjson_get_bool(yyjson_obj_get(body, "exercise")))
		html_print(html, "<p class=\"exercise\">%s</p>\n",
		           html_pick(html, "这是一次演练，没有真实交易。请像真的一样作答。",
		                     "This is an exercise; no such payment was made. Please answer as if it were real."));
	html_print(html, "<section class=\"seen %s\">\n<p>", level->name);
	html_level(html, level, (struct slice){0});
	html_print(html, "</p>\n");
	print_element(html, "<h1>", text_of(title != NULL ? title : yyjson_obj_get(body, "subject")), "</h1>\n");
	if (page->state.first == ANSWER_WORD_COUNT && asks(page))
		html_print(html, "<p class=\"stop\">%s</p>\n", html_pick(html, "先停下，不要付款。", "Stop. Don't pay yet."));
	print_element(html, "<p class=\"said\">", text_of(message != NULL ? message : yyjson_obj_get(body, "text")),
	              "</p>\n");
	if (message != NULL)
		print_facts(html, body);
	html_print(html, "</section>\n");
}

static void print_sender(struct html *html, const struct answer_page *page)
{
	html_print(html, "<section>\n<h2>%s</h2>\n<p>",
	           html_pick(html, "谁发的，怎样辨真假", "Who sent this, and is it genuine?"));
	html_text(html, slice_of(page->signature));
	html_print(html, "%s</p>\n<p>%s<br><code>",
	           html_pick(html, "通过护企系统发出。想核实，请自己拨打 96110（不要用别人给的号码），报下面的预警编号。",
	                     " sent it through huqi. To check, call 96110 yourself, not a number that somebody gave "
	                     "you, and tell the number below."),
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
	html_print(html, "<p class=\"soft\">%s%.16s%s</p>\n",
	           html_pick(html, "本链接只用于这一条预警，", "This link is for this one warning, until "), until,
	           html_pick(html, " 前有效；账号、姓名已打码。", " China time; accounts and names are masked."));
}

void answer_page_print(struct html *html, const struct answer_page *page)
{
	yyjson_doc *document = yyjson_read(page->body.at, page->body.length, 0);
	yyjson_val *body = yyjson_doc_get_root(document);
	bool answered = page->state.first != ANSWER_WORD_COUNT;

	if (answered && page->kind != DELIVERY_CALL)
		answer_form_answered(html, page);
	print_seen(html, page, body);
	if (page->kind == DELIVERY_CALL) {
		answer_form_call(html, page);
	} else if (!answered && asks(page)) {
		answer_form_question(html);
	} else if (!answered) {
		answer_form_read(html);
	}
	if (answered && page->kind != DELIVERY_CALL) {
		html_print(html, "<section class=\"after\">\n");
		if (yyjson_is_obj(yyjson_obj_get(body, "payee"))) /* else there is nobody to be quiet about */
			answer_form_mute(html, page);
		answer_form_rating(html, page);
		html_print(html, "</section>\n");
	}
	print_sender(html, page);
	answer_form_objection(html, page);
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
