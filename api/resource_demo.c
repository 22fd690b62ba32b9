/*
 * /demo/inbox, there only while a demo runs: POST receives a warning as an enterprise's own system would,
 * each contact at an address of his own below it; GET shows what they have been told, newest first, with the link
 * to answer on and what was answered. Of the warning it shows what the message says and knows nothing more.
 */
#include <string.h>

#include "api/answer_page.h"
#include "api/api_private.h"
#include "api/html.h"
#include "api/inbox.h"
#include "base/clock.h"
#include "base/instant.h"
#include "base/money.h"
#include "base/utf8.h"
#include "store/store.h"

enum { TO_CHARACTERS_MAX = 24 };

void demo_receive(struct request *request, struct answer *answer)
{
	struct inbox *inbox = request->api->inbox;
	const char *id = request_header(request, "webhook-id");
	struct error error;
	yyjson_doc *document;

	if (request->body.length > INBOX_BODY_BYTES_MAX) {
		answer_problem(answer, 413, "a webhook may have %d bytes at most", INBOX_BODY_BYTES_MAX);
		return;
	}
	if (inbox_check(inbox, id, request_header(request, "webhook-timestamp"),
	                request_header(request, "webhook-signature"), request->body, clock_now_ms(), &error) == -1) {
		answer_problem(answer, 401, "%s", error.text);
		answer_header(answer, "WWW-Authenticate", "Signature realm=\"demo\"");
		return;
	}
	document = yyjson_read(request->body.at, request->body.length, 0);
	if (!yyjson_is_obj(yyjson_doc_get_root(document))) {
		yyjson_doc_free(document);
		answer_problem(answer, 400, "the body is no JSON object");
		return;
	}
	yyjson_doc_free(document);
	inbox_put(inbox, id, utf8_cut(request->id, TO_CHARACTERS_MAX), request->body, clock_now_ms());
	answer_fixed(answer, 204, TYPE_JSON, "");
}

static struct slice text_of(yyjson_val *value)
{
	return (struct slice){yyjson_get_str(value), (uint32_t)yyjson_get_len(value)};
}

/* {"zh":…,"en":…} in the page's language, the other where it is missing. */
static yyjson_val *translated(const struct html *html, yyjson_val *object)
{
	yyjson_val *wanted = yyjson_obj_get(object, html->english ? "en" : "zh");

	return wanted != NULL ? wanted : yyjson_obj_get(object, html->english ? "zh" : "en");
}

static void print_list(struct html *html, const char *tag, yyjson_val *list)
{
	yyjson_val *item;
	size_t at, most;

	if (yyjson_arr_size(list) == 0)
		return;
	html_print(html, "<%s>\n", tag);
	yyjson_arr_foreach(list, at, most, item) {
		html_print(html, "<li>");
		html_text(html, text_of(item));
		html_print(html, "</li>\n");
	}
	html_print(html, "</%s>\n", tag);
}

static void print_fact(struct html *html, const char *name, struct slice value)
{
	if (value.length == 0)
		return;
	html_print(html, "<dt>%s</dt><dd>", name);
	html_text(html, value);
	html_print(html, "</dd>\n");
}

static void print_amount(struct html *html, const char *name, struct slice text)
{
	char grouped[MONEY_GROUPED_BYTES];
	int64_t minor;

	if (money_parse(text, MONEY_CNY, false, &minor) == MONEY_OK) {
		money_format_grouped(minor, MONEY_CNY, grouped);
		text = slice_of(grouped);
	}
	print_fact(html, name, text);
}

static void print_time(struct html *html, const char *name, int64_t ms)
{
	char text[INSTANT_TEXT_BYTES];

	instant_format_china(ms, text);
	print_fact(html, name, slice_of(text));
}

static void print_facts(struct html *html, yyjson_val *warning, const struct inbox_message *message)
{
	yyjson_val *payee = yyjson_obj_get(warning, "payee");
	int64_t raised_ms;

	html_print(html, "<dl>\n");
	print_fact(html, html_pick(html, "收件人", "To"), message->to);
	print_fact(html, html_pick(html, "企业", "Enterprise"),
	           text_of(yyjson_obj_get(yyjson_obj_get(warning, "enterprise"), "name")));
	print_fact(html, html_pick(html, "账户", "Account"), text_of(yyjson_obj_get(warning, "account")));
	print_fact(html, html_pick(html, "收款人", "Payee"), text_of(yyjson_obj_get(payee, "name")));
	print_fact(html, html_pick(html, "收款账户", "Payee's account"), text_of(yyjson_obj_get(payee, "account")));
	print_amount(html, html_pick(html, "涉险金额（元）", "Amount at risk (CNY)"),
	             text_of(yyjson_obj_get(warning, "amount_at_risk")));
	if (instant_parse(text_of(yyjson_obj_get(warning, "raised_at")), &raised_ms))
		print_time(html, html_pick(html, "交易时间", "Booked"), raised_ms);
	print_time(html, html_pick(html, "收到时间", "Received"), message->received_ms);
	print_fact(html, html_pick(html, "消息编号", "Message"), message->id);
	html_print(html, "</dl>\n");
	if (message->times > 1)
		html_print(html, html_pick(html, "<p class=\"soft\">同一消息共送达 %u 次。</p>\n",
		                           "<p class=\"soft\">The same message came %u times.</p>\n"), message->times);
}

static bool is_link(struct slice text)
{
	return (text.length > 7 && memcmp(text.at, "http://", 7) == 0) ||
	       (text.length > 8 && memcmp(text.at, "https://", 8) == 0);
}

/* The button of the message, and what the service has been answered since. */
static void print_answer(struct html *html, struct request *request, const struct inbox_message *message,
                         struct slice url)
{
	struct answer_row *rows = NULL;
	struct answer_state state;
	struct error error;
	size_t count = 0;
	char at[INSTANT_TEXT_BYTES];

	if (store_answers_of_delivery(request->store, message->id, request->arena, &rows, &count, &error) == -1)
		count = 0;
	answer_state_read(rows, count, &state);
	for (int word = 0; word < ANSWER_WORD_COUNT; word++) {
		if (!state.has[word])
			continue;
		instant_format_china(state.at_ms[word], at);
		html_print(html, "<p class=\"answer\">✓ %s%s <span class=\"soft\">%s</span></p>\n",
		           html_pick(html, "已回答：", "Answered: "), answer_word_title(html, (enum answer_word)word), at);
	}
	if (!is_link(url))
		return;
	html_print(html, "<p><a class=\"button\" href=\"");
	html_text(html, url);
	html_print(html, "\">%s</a></p>\n",
	           state.first == ANSWER_WORD_COUNT ? html_pick(html, "确认收到并回答", "Acknowledge and answer")
	                                            : html_pick(html, "查看回答", "See the answer"));
}

static void print_warning(struct html *html, struct request *request, const struct inbox_message *message)
{
	yyjson_doc *document = yyjson_read(message->body.at, message->body.length, 0);
	yyjson_val *warning = yyjson_doc_get_root(document);
	const struct html_level *level = html_level_named(text_of(yyjson_obj_get(warning, "level")));

	html_print(html, "<article class=\"%s\">\n<h2>", level->name);
	html_level(html, level, text_of(translated(html, yyjson_obj_get(warning, "level_name"))));
	html_text(html, text_of(translated(html, yyjson_obj_get(warning, "title"))));
	html_print(html, "</h2>\n<p>");
	html_text(html, text_of(translated(html, yyjson_obj_get(warning, "message"))));
	html_print(html, "</p>\n");
	print_list(html, "ol", translated(html, yyjson_obj_get(warning, "do_now")));
	print_list(html, "ul", translated(html, yyjson_obj_get(warning, "advice")));
	print_answer(html, request, message, text_of(yyjson_obj_get(warning, "answer_url")));
	print_facts(html, warning, message);
	html_print(html, "</article>\n");
	yyjson_doc_free(document);
}

void demo_show(struct request *request, struct answer *answer)
{
	struct inbox_message messages[INBOX_MESSAGES_MAX];
	struct html html;
	size_t count;

	if (html_begin(request, "演示收件箱", "The demo's inbox", &html, answer) == -1)
		return;
	count = inbox_list(request->api->inbox, request->arena, messages);
	html_print(&html, html_pick(&html,
	                            "<p class=\"lead\">样例联系人收到的预警，最新的在前，最多保留 %d 条。签名均已核验。</p>\n",
	                            "<p class=\"lead\">Warnings as the sample contact got them, newest first; the "
	                            "last %d are kept. Every signature has been checked.</p>\n"),
	           INBOX_MESSAGES_MAX);
	html_print(&html, "<p><a href=\"?lang=%s\">%s</a></p>\n", html_pick(&html, "zh", "en"),
	           html_pick(&html, "刷新", "Show newer ones"));
	if (count == 0)
		html_print(&html, "<p>%s</p>\n",
		           html_pick(&html, "还没有预警。演示数据里的案件一发生，这里就会出现。",
		                     "No warning yet. It appears here as soon as a case happens in the demo's feed."));
	for (size_t i = 0; i < count; i++)
		print_warning(&html, request, &messages[i]);
	html_end(&html, 200, answer);
}
