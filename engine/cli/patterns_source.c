#include "cli/patterns_source.h"

#include <errno.h>
#include <string.h>

#include "cli/file_source.h"
#include "reference_load.h"

static void print_fault(void *context, const char *text)
{
	(void)context;
	fprintf(stderr, "%s\n", text);
}

static void show(void *context, uint64_t txs)
{
	struct patterns_source *s = context;

	cli_progress_show(&s->progress, txs);
}

int patterns_source_begin(struct patterns_source *s, const struct cli_command *command)
{
	const struct decoder *decoder;
	struct error error;

	if (s->files.count == 0)
		return cli_usage(command, "name a feed, or - for standard input");
	decoder = file_source_decoder(command, s->decoder != NULL ? s->decoder : "json");
	if (decoder == NULL)
		return 2;
	if (cli_settings(s->settings_path, &s->sets, &s->settings, &error) == -1)
		return cli_fail(&error);
	if (s->lists == NULL)
		s->lists = s->settings.lists_dir;
	if (reference_load_folders(s->lists, s->registry, print_fault, NULL, &s->source.reference, &error) == -1) {
		settings_free(&s->settings);
		return cli_fail(&error);
	}
	s->source = (struct workshop_source){
		.reference = s->source.reference,
		.untimed = s->source.untimed,
		.settings = &s->settings, .decoder = decoder, .bank = s->bank != NULL ? s->bank : "",
		.feeds = s->files.items, .feed_count = s->files.count, .progress = show, .context = s};
	cli_progress_begin(&s->progress, "transactions");
	return 0;
}

void patterns_source_end(struct patterns_source *s)
{
	cli_progress_end(&s->progress);
	reference_free(&s->source.reference);
	settings_free(&s->settings);
}

int patterns_source_open(const char *path, FILE **file_r, struct error *error)
{
	*file_r = NULL;
	if (path == NULL)
		return 0;
	*file_r = strcmp(path, "-") == 0 ? stdout : fopen(path, "w");
	return *file_r != NULL ? 0 : error_set(error, "%s: cannot be written: %s", path, strerror(errno));
}

int patterns_source_close(const char *path, FILE *file, struct error *error)
{
	bool failed;

	if (file == NULL)
		return 0;
	failed = fflush(file) != 0 || ferror(file) != 0;
	if (file != stdout)
		failed = fclose(file) != 0 || failed;
	return failed ? error_set(error, "%s: could not be written whole: %s", path, strerror(errno)) : 0;
}
