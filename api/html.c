#include "api/html.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "api/parameter.h"
#include "base/error.h"

const char *const home_parameters[] = {"lang", NULL};

static int choose_language(struct request *request, bool *english_r, struct answer *answer)
{
	static const char *const words[] = {"zh", "en"};
	const char *preferred = request_header(request, "Accept-Language");
	struct error error;
	int number = preferred != NULL && strncasecmp(preferred, "en", 2) == 0;

	if (parameter_word(&request->target, "lang", words, 2, &number, &error) == -1) {
		answer_bad_parameter(answer, "lang", error.text);
		return -1;
	}
	*english_r = number == 1;
	return 0;
}

/* Up to and with <main>; `robots` is a line of the head or "". */
static void open_page(struct html *html, const char *title, const char *robots, const char *mark,
                      const char *body_class)
{
	if ((html->out = open_memstream(&html->text, &html->bytes)) == NULL)
		die("out of memory: a page");
	fprintf(html->out,
	        "<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
	        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n%s"
	        "<title>%s</title>\n<link rel=\"stylesheet\" href=\"/style.css\">\n</head>\n<body%s>\n"
	        "<header>%s<a href=\"?lang=%s\" lang=\"%s\">%s</a></header>\n<main>\n",
	        html_pick(html, "zh-CN", "en"), robots, title, body_class, mark, html_pick(html, "en", "zh"),
	        html_pick(html, "en", "zh-CN"), html_pick(html, "English", "中文"));
}

int html_begin(struct request *request, const char *title_zh, const char *title_en, struct html *html_r,
               struct answer *answer)
{
	*html_r = (struct html){0};
	if (choose_language(request, &html_r->english, answer) == -1)
		return -1;
	open_page(html_r, html_pick(html_r, title_zh, title_en), "",
	          html_pick(html_r, "<a class=\"mark\" href=\"/?lang=zh\">护企 huqi</a>",
	                    "<a class=\"mark\" href=\"/?lang=en\">护企 huqi</a>"), "");
	fprintf(html_r->out, "<h1>%s</h1>\n", html_pick(html_r, title_zh, title_en));
	return 0;
}

int html_begin_letter(struct request *request, bool english, const char *title_zh, const char *title_en,
                      struct html *html_r, struct answer *answer)
{
	*html_r = (struct html){.english = english};
	if (target_parameter(&request->target, "lang").at != NULL &&
	    choose_language(request, &html_r->english, answer) == -1)
		return -1;
	open_page(html_r, html_pick(html_r, title_zh, title_en),
	          "<meta name=\"robots\" content=\"noindex, nofollow, noarchive\">\n"
	          "<meta name=\"format-detection\" content=\"telephone=no\">\n",
	          html_pick(html_r, "<span class=\"mark\">护企 · 反诈预警</span>",
	                    "<span class=\"mark\">huqi · fraud warning</span>"), " class=\"letter\"");
	answer_header(answer, "X-Robots-Tag", "noindex, nofollow, noarchive");
	return 0;
}

void html_end(struct html *html, unsigned status, struct answer *answer)
{
	fprintf(html->out, "</main>\n<footer>huqi %s</footer>\n</body>\n</html>\n", HUQI_VERSION);
	if (fclose(html->out) != 0 || html->text == NULL)
		die("out of memory: a page");
	answer_owned(answer, status, TYPE_HTML, html->text, html->bytes);
	answer_header(answer, "Content-Language", "%s", html_pick(html, "zh-CN", "en"));
	answer_header(answer, "Vary", "Accept-Language");
}

const char *html_pick(const struct html *html, const char *zh, const char *en)
{
	return html->english ? en : zh;
}

void html_text(struct html *html, struct slice text)
{
	static const char *const entities[256] = {
		['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;"};

	for (uint32_t i = 0; i < text.length; i++) {
		unsigned char c = (unsigned char)text.at[i];
		if (entities[c] != NULL)
			fputs(entities[c], html->out);
		else
			putc(c, html->out);
	}
}

void html_print(struct html *html, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(html->out, format, args);
	va_end(args);
}

static const struct html_level levels[] = {
	{"none", "提示", "Notice", "<circle cx=\"12\" cy=\"12\" r=\"9\"/>"},
	{"blue", "蓝色预警", "Blue warning", "<circle cx=\"12\" cy=\"12\" r=\"10\"/>"},
	{"yellow", "黄色预警", "Yellow warning", "<path d=\"M12 1 23 12 12 23 1 12z\"/>"},
	{"orange", "橙色预警", "Orange warning", "<path d=\"M12 2 23 22H1z\"/>"},
	{"red", "红色预警", "Red warning", "<path d=\"M7.5 1h9L23 7.5v9L16.5 23h-9L1 16.5v-9z\"/>"},
};

enum { LEVEL_COUNT = sizeof(levels) / sizeof(levels[0]) };

const struct html_level *html_level_at(unsigned level)
{
	return &levels[level < LEVEL_COUNT ? level : 0];
}

const struct html_level *html_level_named(struct slice name)
{
	for (size_t i = 0; i < LEVEL_COUNT; i++)
		if (slice_is(name, levels[i].name))
			return &levels[i];
	return &levels[0];
}

void html_level(struct html *html, const struct html_level *level, struct slice word)
{
	html_print(html, "<span class=\"level\"><svg viewBox=\"0 0 24 24\" aria-hidden=\"true\">%s</svg>", level->shape);
	html_text(html, word.length > 0 ? word : slice_of(html_pick(html, level->zh, level->en)));
	html_print(html, "</span>");
}
