#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/cli.h"

enum { BAR_EVERY_MS = 100, LINE_EVERY_MS = 10000 };

bool cli_colours(void)
{
	const char *no = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) && (no == NULL || no[0] == '\0');
}

void cli_progress_begin(struct cli_progress *progress, const char *what)
{
	int64_t now_ms = clock_steady_ms();

	*progress = (struct cli_progress){
		.what = what, .begun_ms = now_ms, .shown_ms = now_ms, .terminal = isatty(STDERR_FILENO)};
}

void cli_progress_show(struct cli_progress *progress, uint64_t done)
{
	int64_t now_ms = clock_steady_ms(), ran_ms = now_ms - progress->begun_ms;

	if (now_ms - progress->shown_ms < (progress->terminal ? BAR_EVERY_MS : LINE_EVERY_MS))
		return;
	progress->shown_ms = now_ms;
	progress->drawn = true;
	fprintf(stderr, "%s%llu %s, %.1f s, %.0f/s%s", progress->terminal ? "\r\033[K" : "",
	        (unsigned long long)done, progress->what, (double)ran_ms / 1000,
	        (double)done * 1000 / (double)(ran_ms > 0 ? ran_ms : 1), progress->terminal ? "" : "\n");
}

void cli_progress_end(struct cli_progress *progress)
{
	if (progress->terminal && progress->drawn)
		fputs("\r\033[K", stderr);
}
