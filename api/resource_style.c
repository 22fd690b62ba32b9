/*
 * GET /style.css: the look of the plain pages. System fonts, an 8 px grid, one accent colour, light and dark;
 * the four levels have the colours of Chinese warnings, always with their word.
 */
#include "api/route.h"

static const char style[] =
	":root{color-scheme:light dark;--text:#1c2430;--soft:#5a6675;--line:#d5dbe3;--page:#f6f8fa;--card:#fff;"
	"--accent:#0b5cad;--red:#c62828;--orange:#e65100;--yellow:#f9a825;--blue:#1565c0}\n"
	"@media(prefers-color-scheme:dark){:root{--text:#e6eaf0;--soft:#a3aebb;--line:#333d49;--page:#12171d;"
	"--card:#1b222b;--accent:#7db7f0}}\n"
	"*{box-sizing:border-box}\n"
	"body{margin:0;background:var(--page);color:var(--text);font:14px/1.6 'Noto Sans SC','PingFang SC',"
	"'Microsoft YaHei',sans-serif;font-variant-numeric:tabular-nums}\n"
	"header,main,footer{max-width:960px;margin:0 auto;padding:16px}\n"
	"header{display:flex;justify-content:space-between;border-bottom:1px solid var(--line)}\n"
	".mark{font-weight:700;color:var(--text);text-decoration:none}\n"
	"a{color:var(--accent)}\n"
	"h1{font-size:24px;line-height:32px;margin:16px 0 8px}\n"
	"h2{font-size:16px;line-height:24px;margin:24px 0 8px}\n"
	".lead{font-size:16px;max-width:44em;margin:0}\n"
	"table{width:100%;border-collapse:collapse;background:var(--card);border:1px solid var(--line)}\n"
	"th,td{text-align:left;padding:8px;border-top:1px solid var(--line);vertical-align:top}\n"
	"th{color:var(--soft);font-weight:600}\n"
	"td:last-child,th:last-child{white-space:nowrap}\n"
	"code,pre{font-family:ui-monospace,'DejaVu Sans Mono',monospace;font-size:13px}\n"
	"td code{overflow-wrap:anywhere}\n"
	"pre{background:var(--card);border:1px solid var(--line);padding:8px;white-space:pre-wrap;"
	"overflow-wrap:anywhere}\n"
	"footer,.soft{color:var(--soft)}\n"
	"article{background:var(--card);border:1px solid var(--line);border-left:6px solid var(--line);padding:16px;"
	"margin:16px 0}\n"
	"article h2{margin:0 0 8px;font-size:18px}\n"
	"article p{margin:8px 0}\n"
	"article.red{border-left-color:var(--red)}\n"
	"article.orange{border-left-color:var(--orange)}\n"
	"article.yellow{border-left-color:var(--yellow)}\n"
	"article.blue{border-left-color:var(--blue)}\n"
	".level{display:inline-block;padding:0 8px;margin-right:8px;color:#fff;font-weight:700;border-radius:2px}\n"
	".red .level{background:var(--red)}\n"
	".orange .level{background:#c94600}\n"
	".yellow .level{background:var(--yellow);color:#1c2430}\n"
	".blue .level{background:var(--blue)}\n"
	"dl{display:grid;grid-template-columns:max-content 1fr;gap:0 16px;margin:8px 0}\n"
	"dt{color:var(--soft)}\n"
	"dd{margin:0;overflow-wrap:anywhere}\n"
	"@media print{header a:last-child{display:none}body{background:#fff}}\n";

void style_get(struct request *request, struct answer *answer)
{
	(void)request;
	answer_fixed(answer, 200, "text/css; charset=utf-8", style);
}
