/*
 * GET /: what this is and where is what, for whoever opens the address in a browser. GET
 * /api/v1/openapi.json: the description, for programs.
 */
#include "api/api_private.h"
#include "api/html.h"

static const char description[] =
#include "embedded_api.inc"
	;

void openapi_get(struct request *request, struct answer *answer)
{
	(void)request;
	answer_fixed(answer, 200, TYPE_JSON, description);
}

enum access { ACCESS_OPEN, ACCESS_TOKEN, ACCESS_DEMO };

struct place {
	const char *path;
	enum access access;
	const char *zh, *en;
};

static const struct place places[] = {
	{"/demo/inbox", ACCESS_DEMO, "演示收件箱：样例联系人收到的预警",
	 "The demo's inbox: warnings as the sample contact gets them"},
	{"/api/v1/openapi.json", ACCESS_OPEN, "接口说明（OpenAPI 3.1）", "What the API offers (OpenAPI 3.1)"},
	{"/api/v1/alerts", ACCESS_TOKEN, "预警：筛选、翻页、证据", "Alerts: filters, pages, evidence"},
	{"/api/v1/calls", ACCESS_TOKEN, "电话名单：需要人工联系或决定的预警", "The call list: whom to reach, what to decide"},
	{"/api/v1/dead-letters", ACCESS_TOKEN, "无法读取的报文及原因", "Messages that could not be read, and why"},
	{"/api/v1/stats", ACCESS_TOKEN, "统计", "Statistics"},
	{"/healthz", ACCESS_OPEN, "进程是否存活", "Whether the process is alive"},
	{"/readyz", ACCESS_OPEN, "是否正常工作；否则说明原因", "Whether it does its work, and if not, why"},
	{"/metrics", ACCESS_OPEN, "运行指标（Prometheus）", "Figures for Prometheus"},
};

/* A page that needs the token is named and not linked: a browser would only show an error. */
static void print_place(struct html *html, const struct place *place)
{
	if (place->access == ACCESS_TOKEN)
		html_print(html, "<tr><td><code>%s</code></td>", place->path);
	else
		html_print(html, "<tr><td><a href=\"%s\"><code>%s</code></a></td>", place->path, place->path);
	html_print(html, "<td>%s</td><td>%s</td></tr>\n", html_pick(html, place->zh, place->en),
	           place->access == ACCESS_TOKEN ? html_pick(html, "需要令牌", "token") : html_pick(html, "公开", "open"));
}

void home_get(struct request *request, struct answer *answer)
{
	struct html html;

	if (html_begin(request, "护企：对公账户涉诈预警", "huqi: early warnings of fraud on corporate accounts", &html,
	               answer) == -1)
		return;
	html_print(&html, "<p class=\"lead\">%s</p>\n",
	           html_pick(&html,
	                     "本服务读取银行交易流水，逐笔比对涉诈模式，数秒内提醒企业财务联系人，并为反诈中心民警保留证据。",
	                     "This service reads the banks' transaction feeds, matches every transaction against "
	                     "patterns of fraud, warns the enterprise's finance contacts within seconds, and keeps "
	                     "the evidence for the analysts of the anti-fraud centre."));
	html_print(&html, "<h2>%s</h2>\n<table>\n<thead><tr><th>%s</th><th>%s</th><th>%s</th></tr></thead>\n"
	                  "<tbody>\n",
	           html_pick(&html, "在哪里", "Where is what"), html_pick(&html, "地址", "Path"),
	           html_pick(&html, "内容", "What it is"), html_pick(&html, "访问", "Access"));
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (places[i].access != ACCESS_DEMO || request->api->options.demo)
			print_place(&html, &places[i]);
	html_print(&html, "</tbody>\n</table>\n<h2>%s</h2>\n<pre>curl -H \"Authorization: Bearer $TOKEN\" "
	                  "'http://127.0.0.1:%u/api/v1/alerts?level=red&amp;limit=5'</pre>\n<p>%s</p>\n",
	           html_pick(&html, "怎样查询", "How to ask"), (unsigned)request->api->port,
	           html_pick(&html, "令牌在设置项 http.token_file 所指的文件里。个人信息默认打码；加上 reveal=理由 可看原文，"
	                            "理由会写入审计记录。",
	                     "The token is in the file that the setting http.token_file names. Personal data is "
	                     "masked; reveal=REASON shows it in full, and the reason goes into the audit."));
	html_end(&html, 200, answer);
}
