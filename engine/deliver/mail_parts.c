/*
 * What a mail shows. The page is made for a phone held in one hand: one column, large type, the level first, the
 * answer as a button. Its colours are fixed where they mean something and left to the reader's own (light or dark)
 * elsewhere. No picture, no script, nothing fetched from anywhere: mail programs block it, and a warning that fetches
 * looks like the fraud it warns of.
 */
#include "deliver/mail.h"

static const struct {
	const char *level, *background, *ink, *zh, *en;
} bands[] = {
	{"red", "#b91c1c", "#ffffff", "红色预警", "Red warning"},
	{"orange", "#c2410c", "#ffffff", "橙色预警", "Orange warning"},
	{"yellow", "#facc15", "#1f2937", "黄色预警", "Yellow warning"},
	{"blue", "#1d4ed8", "#ffffff", "蓝色预警", "Blue warning"},
};

static const char *footer(const struct mail *m)
{
	return m->text->english ? "Sent by a program; nobody reads what is replied to this address. We never ask for "
	                          "passwords, codes or transfers."
	                        : "本邮件由系统自动发出，直接回复无人查看。我们不会索要密码、验证码，也不会要求转账。";
}

static const char *answer_words(const struct mail *m)
{
	return m->text->english ? "I have read it: answer" : "我已看到，去答复";
}

static const char *advice_words(const struct mail *m)
{
	return m->text->english ? "Advice" : "建议";
}

void mail_write_plain(const struct mail *m, FILE *out)
{
	const struct channel_text *t = m->text;

	/* Our templates' subjects name the level themselves. */
	if (t->level_name.length > 0 &&
	    memmem(t->subject.at, t->subject.length, t->level_name.at, t->level_name.length) == NULL)
		fprintf(out, "[%.*s]\n", SLICE_PRINT(t->level_name));
	fprintf(out, "%.*s\n\n%.*s\n", SLICE_PRINT(t->subject), SLICE_PRINT(t->text));
	for (size_t i = 0; i < t->advice_count; i++)
		fprintf(out, "%s%s- %.*s\n", i == 0 ? "\n" : "",
		        i == 0 ? (t->english ? "Advice:\n" : "建议：\n") : "", SLICE_PRINT(t->advice[i]));
	if (t->answer_url.length > 0 && !channel_text_has_link(t))
		fprintf(out, "\n%s:\n%.*s\n", answer_words(m), SLICE_PRINT(t->answer_url));
	fputs("\n--\n", out);
	if (t->composed)
		fprintf(out, "%.*s\n", SLICE_PRINT(m->signature));
	fprintf(out, "%s\n", footer(m));
}

static void escaped(FILE *out, struct slice text)
{
	for (uint32_t i = 0; i < text.length; i++)
		switch (text.at[i]) {
		case '&': fputs("&amp;", out); break;
		case '<': fputs("&lt;", out); break;
		case '>': fputs("&gt;", out); break;
		case '"': fputs("&quot;", out); break;
		case '\'': fputs("&#39;", out); break;
		case '\n': fputs("<br>\n", out); break;
		default: fputc(text.at[i], out);
		}
}

/* The level's own colour under its word; a body without a level (a bulletin) has no band. */
static void band(const struct mail *m, FILE *out)
{
	const struct channel_text *t = m->text;

	for (size_t i = 0; i < sizeof(bands) / sizeof(bands[0]); i++) {
		if (!slice_is(t->level, bands[i].level))
			continue;
		fprintf(out, "<div style=\"background:%s;color:%s;padding:14px 18px;border-radius:8px;font-size:20px;"
		        "font-weight:700\">", bands[i].background, bands[i].ink);
		escaped(out, t->level_name.length > 0 ? t->level_name : slice_of(t->english ? bands[i].en : bands[i].zh));
		fputs("</div>\n", out);
	}
}

static void advice(const struct mail *m, FILE *out)
{
	const struct channel_text *t = m->text;

	if (t->advice_count == 0)
		return;
	fprintf(out, "<h2 style=\"font-size:18px;margin:22px 0 6px\">%s</h2>\n<ul style=\"margin:0;padding-left:22px\">\n",
	        advice_words(m));
	for (size_t i = 0; i < t->advice_count; i++) {
		fputs("<li style=\"margin:6px 0\">", out);
		escaped(out, t->advice[i]);
		fputs("</li>\n", out);
	}
	fputs("</ul>\n", out);
}

static void button(const struct mail *m, FILE *out)
{
	fputs("<a style=\"display:block;margin:12px 0;background:#1d4ed8;color:#ffffff;text-align:center;padding:16px;"
	      "border-radius:8px;font-size:18px;font-weight:700;text-decoration:none\" href=\"", out);
	escaped(out, m->text->answer_url);
	fprintf(out, "\">%s</a>\n", answer_words(m));
}

/* The text, with a button where it shows the answer's link. */
static void text(const struct mail *m, FILE *out)
{
	struct slice rest = m->text->text, url = m->text->answer_url;
	const char *link;

	fputs("<p style=\"margin:0\">", out);
	while (channel_text_has_link(m->text) && (link = memmem(rest.at, rest.length, url.at, url.length)) != NULL) {
		escaped(out, (struct slice){rest.at, (uint32_t)(link - rest.at)});
		button(m, out);
		rest.length -= (uint32_t)(link - rest.at) + url.length;
		rest.at = link + url.length;
	}
	escaped(out, rest);
	fputs("</p>\n", out);
}

void mail_write_html(const struct mail *m, FILE *out)
{
	const struct channel_text *t = m->text;

	fprintf(out, "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">\n"
	        "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
	        "<meta name=\"color-scheme\" content=\"light dark\">\n"
	        "<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>", t->english ? "en" : "zh-CN");
	escaped(out, t->subject);
	fputs("</title></head>\n<body style=\"margin:0;padding:16px\">\n<div style=\"max-width:560px;margin:0 auto;"
	      "font:17px/1.6 -apple-system,'PingFang SC','Microsoft YaHei',sans-serif;overflow-wrap:anywhere\">\n", out);
	band(m, out);
	fputs("<h1 style=\"font-size:22px;line-height:1.35;margin:18px 0 12px\">", out);
	escaped(out, t->subject);
	fputs("</h1>\n", out);
	text(m, out);
	advice(m, out);
	if (t->answer_url.length > 0 && !channel_text_has_link(t))
		button(m, out);
	fputs("<p style=\"margin:28px 0 0;border-top:1px solid #9ca3af;padding-top:12px;font-size:14px\">", out);
	if (t->composed) {
		escaped(out, m->signature);
		fputs("<br>\n", out);
	}
	fputs(footer(m), out);
	fputs("</p>\n</div></body></html>\n", out);
}
