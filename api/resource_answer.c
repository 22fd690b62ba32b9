/*
 * GET and POST /a/{token}: the page on which a contact answers a warning. The link is all he needs, so whoever
 * forwards it forwards that, too: it shows what is masked already, ends after some days, and takes an answer
 * once (notify/answer.h).
 *
 * GET changes nothing: mail scanners and chat robots fetch every link they see. POST ends in a GET, so that a
 * page that is loaded anew sends nothing again. What is wrong with a link is not told: all get the same page.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "api/answer_page.h"
#include "api/api_private.h"
#include "api/command.h"
#include "api/form.h"
#include "api/resource.h"
#include "base/clock.h"
#include "base/counters.h"
#include "base/log.h"
#include "base/utf8.h"

enum { TEXT_BYTES = 4 * ANSWER_TEXT_CHARACTERS_MAX + 1 };

static const char title_zh[] = "反诈预警", title_en[] = "Fraud warning";

static bool prefers_english(struct request *request)
{
	const char *preferred = request_header(request, "Accept-Language");

	return preferred != NULL && strncasecmp(preferred, "en", 2) == 0;
}

static void refuse(struct request *request, struct answer *answer)
{
	struct html html;

	count(COUNT_ANSWER_LINKS_REFUSED);
	if (html_begin_letter(request, prefers_english(request), title_zh, title_en, &html, answer) == -1)
		return;
	answer_page_refuse(&html);
	html_end(&html, 404, answer);
}

/* What the link leads to. -1 where an answer is filled. */
static int open_link(struct request *request, struct token *token_r, struct delivery_face *face_r,
                     struct answer *answer)
{
	const struct answer_links *links = request->api->options.answer_links;
	struct error error;
	int found;

	if (links == NULL || token_read(links->key, request->id, clock_now_ms(), token_r) != TOKEN_RIGHT ||
	    token_r->kind == DELIVERY_CODE) {
		refuse(request, answer);
		return -1;
	}
	found = store_delivery_face(request->store, slice_of(token_r->delivery), request->arena, face_r, &error);
	if (found == 1)
		return 0;
	if (found == 0)
		refuse(request, answer);
	else
		resource_failed("the warning", &error, answer);
	return -1;
}

/* Whoever of the duty opens his link sees whether somebody has the call. */
static int read_call(struct request *request, const struct delivery_face *face, struct answer_page *page,
                     struct error *error)
{
	struct call_row call;
	int found = store_call_get(request->store, store_call_number(face->subject), request->arena, &call, error);

	page->done = found == 0 || (found == 1 && call.done_ms != 0);
	page->taken_by = found == 1 ? call.taken_by : (struct slice){"", 0};
	return found == -1 ? -1 : 0;
}

void answer_get(struct request *request, struct answer *answer)
{
	const char *signature = request->api->options.signature;
	struct answer_page page;
	struct delivery_face face;
	struct answer_row *rows;
	struct token token;
	struct error error;
	struct html html;
	size_t count;
	uint8_t level;

	if (open_link(request, &token, &face, answer) == -1)
		return;
	if (store_answers_of_delivery(request->store, face.id, request->arena, &rows, &count, &error) == -1 ||
	    answer_level(request->store, &face, &level, &error) == -1) {
		resource_failed("the answers", &error, answer);
		return;
	}
	page = (struct answer_page){
		.body = face.body, .alert = face.alert, .delivery = face.id, .level = face.level, .kind = face.kind,
		.handled = level,
		.expires_ms = token.expires_ms, .signature = signature != NULL ? signature : "反诈中心",
	};
	answer_state_read(rows, count, &page.state);
	if (face.kind == DELIVERY_CALL && read_call(request, &face, &page, &error) == -1) {
		resource_failed("the call", &error, answer);
		return;
	}
	if (html_begin_letter(request, slice_is(face.language, "en"), title_zh, title_en, &html, answer) == -1)
		return;
	answer_page_print(&html, &page);
	html_end(&html, 200, answer);
}

/* "https://host:port" of `origin` is this service's own, as it is known outside or was asked. */
static bool is_own_origin(struct request *request, const char *origin)
{
	const struct answer_links *links = request->api->options.answer_links;
	const char *host = request_header(request, "Host"), *authority = strstr(origin, "://");

	if (links->public_url[0] != '\0' && strcasecmp(origin, links->public_url) == 0)
		return true;
	return host != NULL && authority != NULL && strcasecmp(authority + 3, host) == 0;
}

/*
 * Another site's page must not answer for the contact. Browsers say where a form came from: in Sec-Fetch-Site,
 * or else in Origin, which under this page's no-referrer is "null".
 */
static bool comes_from_elsewhere(struct request *request)
{
	const char *site = request_header(request, "Sec-Fetch-Site"), *origin = request_header(request, "Origin");

	if (site != NULL && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0)
		return true;
	return origin != NULL && strcmp(origin, "null") != 0 && !is_own_origin(request, origin);
}

static bool is_form(struct request *request)
{
	static const char form[] = "application/x-www-form-urlencoded";
	const char *type = request_header(request, "Content-Type");

	return type != NULL && strncasecmp(type, form, sizeof(form) - 1) == 0 &&
	       strchr("; \t", type[sizeof(form) - 1]) != NULL;
}

/* Everything of one answer, by value: the command may outlive the request. */
struct answer_command {
	char delivery[TOKEN_ID_BYTES_MAX + 1], text[TEXT_BYTES];
	enum answer_word word;
	int64_t value, now_ms;
	struct command_answering answering;
	enum answer_result result; /* filled */
};

static int run_answer(struct store *store, void *arg, struct error *error)
{
	struct answer_command *c = arg;
	struct notify_answer a = {.delivery = slice_of(c->delivery), .word = c->word, .via = ANSWER_VIA_PAGE,
	                          .text = slice_of(c->text), .value = c->value,
	                          .catalogue = command_catalogue(&c->answering)};

	return notify_answer(store, &a, c->now_ms, &c->result, &c->answering.put, error);
}

/* -1 where an answer is filled. */
static int read_form(struct request *request, struct answer_command *c, struct answer *answer)
{
	struct slice word, value, text;
	struct form form;
	struct error error;

	if (comes_from_elsewhere(request)) {
		answer_problem(answer, 403, "this form was sent from another site; open the link of the warning and answer there");
		return -1;
	}
	if (!is_form(request)) {
		answer_problem(answer, 415, "expected application/x-www-form-urlencoded");
		return -1;
	}
	if (form_parse(request->body, request->arena, &form, &error) == -1) {
		answer_problem(answer, 400, "%s", error.text);
		return -1;
	}
	word = form_field(&form, "answer");
	value = form_field(&form, "value");
	text = utf8_cut(slice_trim(form_field(&form, "text")), ANSWER_TEXT_CHARACTERS_MAX);
	c->word = answer_word_of(word);
	c->value = value.length == 1 ? value.at[0] - '0' : 0;
	if (c->word >= ANSWER_NOTE || (c->word == ANSWER_RATING && (c->value < 1 || c->value > ANSWER_RATING_MOST))) {
		answer_bad_parameter(answer, c->word == ANSWER_RATING ? "value" : "answer",
		                     "expected genuine, stopped, paid, unsure, read, objection, mute, or rating with a value "
		                     "from 1 to 5");
		return -1;
	}
	snprintf(c->text, sizeof(c->text), "%.*s", SLICE_PRINT(text));
	return 0;
}

/* It may not have been kept: then the telephone is what is left. */
static void say_not_kept(struct request *request, bool english, struct answer *answer)
{
	struct html html;

	if (html_begin_letter(request, english, title_zh, title_en, &html, answer) == -1)
		return;
	html_print(&html, "<section>\n<h1>%s</h1>\n<p>%s</p>\n</section>\n",
	           html_pick(&html, "暂时没能保存您的回答", "Your answer could not be kept just now"),
	           html_pick(&html, "请过一分钟再试。钱已经付出去的，不要等，马上拨打 <a href=\"tel:110\">110</a> 和 "
	                            "<a href=\"tel:96110\">96110</a>。",
	                     "Try again in a minute. If money has left, don't wait: call <a href=\"tel:110\">110</a> and "
	                     "<a href=\"tel:96110\">96110</a> at once."));
	html_end(&html, 503, answer);
	answer_header(answer, "Retry-After", "30");
}

void answer_post(struct request *request, struct answer *answer)
{
	struct answer_command command = {.now_ms = clock_now_ms(), .answering = command_answering(request->api)};
	struct slice language = target_parameter(&request->target, "lang");
	struct delivery_face face;
	struct token token;
	struct error error;

	if (open_link(request, &token, &face, answer) == -1 || read_form(request, &command, answer) == -1)
		return;
	memcpy(command.delivery, token.delivery, sizeof(command.delivery));
	if (command_run(request->api, run_answer, &command, sizeof(command), &error) != COMMAND_DONE) {
		log_event(LOG_ERROR, "api", "an answer was not kept", "why", "%s", error.text, NULL);
		say_not_kept(request, slice_is(face.language, "en"), answer);
		return;
	}
	notify_answer_count(command.word, command.result);
	command_told(request->api, &command.answering);
	answer_fixed(answer, 303, TYPE_HTML, "");
	answer_header(answer, "Location", "/a/%.*s%s%s", SLICE_PRINT(request->id),
	              slice_is(language, "en") || slice_is(language, "zh") ? "?lang=" : "",
	              slice_is(language, "en") ? "en" : slice_is(language, "zh") ? "zh" : "");
}
