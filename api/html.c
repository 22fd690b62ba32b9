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

int html_begin(struct request *request, const char *title_zh, const char *title_en, struct html *html_r,
               struct answer *answer)
{
	*html_r = (struct html){0};
	if (choose_language(request, &html_r->english, answer) == -1)
		return -1;
	if ((html_r->out = open_memstream(&html_r->text, &html_r->bytes)) == NULL)
		die("out of memory: a page");
	fprintf(html_r->out,
	        "<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
	        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	        "<title>%s</title>\n<link rel=\"stylesheet\" href=\"/style.css\">\n</head>\n<body>\n"
	        "<header><a class=\"mark\" href=\"/?lang=%s\">护企 huqi</a>"
	        "<a href=\"?lang=%s\" lang=\"%s\">%s</a></header>\n<main>\n<h1>%s</h1>\n",
	        html_pick(html_r, "zh-CN", "en"), html_pick(html_r, title_zh, title_en),
	        html_pick(html_r, "zh", "en"), html_pick(html_r, "en", "zh"), html_pick(html_r, "en", "zh-CN"),
	        html_pick(html_r, "English", "中文"), html_pick(html_r, title_zh, title_en));
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
