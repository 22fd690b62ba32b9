/*
 * A backtest as a picture: a line a typology, on the left what was found, on the right what was false.
 *
 *   V01 冒充老板  ███████████████░░  92 %        ▌ 0.4
 *                 exact, any of the family       false alerts per 1,000 account-months
 */
#include "workshop/backtest.h"
#include "workshop/words.h"

enum {
	LINE_HEIGHT = 22, TOP = 84, BOTTOM = 30, NAME_X = 16, FOUND_X = 370, FOUND_WIDTH = 260, FALSE_X = 750,
	FALSE_WIDTH = 180, WIDTH = 1000, BAR = 14
};

static void text(FILE *out, int x, int y, const char *class, const char *words)
{
	fprintf(out, "<text x=\"%d\" y=\"%d\" class=\"%s\">", x, y, class);
	words_xml(out, words);
	fprintf(out, "</text>\n");
}

static void bar(FILE *out, int x, int y, double width, const char *class)
{
	if (width > 0)
		fprintf(out, "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" class=\"%s\"/>\n", x, y, width,
		        BAR, class);
}

static void head(const struct backtest *b, int height, FILE *out)
{
	char words[200];

	fprintf(out,
	        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
	        "font-family=\"sans-serif\" font-size=\"12\">\n"
	        "<style>.t{font-size:16px;font-weight:600}.s{fill:#555}.any{fill:#a9c8e8}.exact{fill:#2468a8}"
	        ".false{fill:#c0562d}.track{fill:#eee}</style>\n"
	        "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
	        WIDTH, height, WIDTH, height);
	text(out, NAME_X, 26, "t", "回测 · Backtest");
	snprintf(words, sizeof(words), "%u 个案件 cases, %.0f 账户月 account-months, %zu 个模式 patterns", b->cases,
	         b->account_months, b->pattern_count);
	text(out, NAME_X, 46, "s", words);
	text(out, FOUND_X, 70, "s", "检出（浅色：别类）· found (light: as another)");
	text(out, FALSE_X, 70, "s", "误报/千账户月 · false per 1,000");
}

static double most_false(const struct backtest *b)
{
	double most = 1;

	for (size_t i = 0; i < b->typology_count; i++) {
		const struct backtest_typology *t = &b->typologies[i];
		double rate = backtest_rate(b, t->warnings_false + t->findings_false);
		most = rate > most ? rate : most;
	}
	return most;
}

static void line(const struct backtest *b, const struct backtest_typology *t, int y, double most, FILE *out)
{
	double rate = backtest_rate(b, t->warnings_false + t->findings_false);
	char words[200];

	snprintf(words, sizeof(words), "%s %s %.28s", t->code, t->title_zh, t->title_en);
	text(out, NAME_X, y + 11, "n", words);
	bar(out, FOUND_X, y, t->cases > 0 ? FOUND_WIDTH : 0, "track");
	bar(out, FOUND_X, y, FOUND_WIDTH * backtest_share(t->found, t->cases), "any");
	bar(out, FOUND_X, y, FOUND_WIDTH * backtest_share(t->found_exactly, t->cases), "exact");
	if (t->cases > 0)
		snprintf(words, sizeof(words), "%.0f%% / %.0f%%  (%u)", 100 * backtest_share(t->found_exactly, t->cases),
		         100 * backtest_share(t->found, t->cases), t->cases);
	else
		snprintf(words, sizeof(words), "-");
	text(out, FOUND_X + FOUND_WIDTH + 8, y + 11, "s", words);
	bar(out, FALSE_X, y, FALSE_WIDTH * rate / most, "false");
	snprintf(words, sizeof(words), "%.2f", rate);
	text(out, FALSE_X + (int)(FALSE_WIDTH * rate / most) + 6, y + 11, "s", words);
}

void workshop_backtest_picture(const struct backtest *backtest, FILE *out)
{
	double most = most_false(backtest);
	int y = TOP;

	head(backtest, TOP + BOTTOM + (int)backtest->typology_count * LINE_HEIGHT, out);
	for (size_t i = 0; i < backtest->typology_count; i++, y += LINE_HEIGHT)
		line(backtest, &backtest->typologies[i], y, most, out);
	fprintf(out, "</svg>\n");
}
