/*
 * huqi decode: what a decoder reads, as huqi.tx.v1 lines; rejections on standard error. For a bank's integrator.
 */
#include <stdio.h>

#include "cli/commands.h"
#include "cli/file_source.h"

enum { LINE_BYTES_MAX = 1 << 20 };

struct decode_run {
	const struct decoder *decoder;
	struct decode_context context;
	struct arena lines;
};

/* Rejections go to standard error, one JSON line each. */
static void write_reject(struct decode_run *run, const struct feed_message *m)
{
	char *source = arena_print(&run->lines, "%.*s@%lld", SLICE_PRINT(m->source), (long long)m->offset);
	struct slice line = decode_write_reject(source, &run->context.reject, &run->lines);

	fwrite(line.at, 1, line.length, stderr);
	arena_reset(&run->lines);
}

static int write_txs(struct decode_run *run, struct error *error)
{
	for (size_t i = 0; i < run->context.tx_count; i++) {
		struct slice line = decode_write_tx(&run->context.txs[i], &run->lines);
		if (fwrite(line.at, 1, line.length, stdout) != line.length)
			return error_set(error, "standard output cannot be written");
		arena_reset(&run->lines);
	}
	return 0;
}

static int decode_file(struct decode_run *run, const char *path, struct error *error)
{
	struct feed_file *file;
	struct feed_message m;
	int result;

	if (file_source_open(path, 0, run->decoder, &file, error) == -1)
		return -1;
	while ((result = feed_file_next(file, &m, error)) == 1) {
		decode_context_reset(&run->context);
		if (decode(run->decoder, &run->context, m.payload.at, m.payload.length, m.at_start) == -1)
			write_reject(run, &m);
		else if ((result = write_txs(run, error)) == -1)
			break;
	}
	feed_file_close(&file);
	return result;
}

static int run_decode(int argc, char **argv)
{
	const char *name = "json", *bank = "";
	const struct cli_option options[] = {
		CLI_TEXT("decoder", "NAME", &name, "the format: json (the default), csv34, iso20022, cnaps"),
		CLI_TEXT("bank", "CODE", &bank, "whose books the messages carry: a 12-digit bank code"),
		CLI_OPTIONS_END,
	};
	struct cli_list files = {.count = 0};
	struct decode_run run = {0};
	struct error error;
	int result = cli_parse(&command_decode, argc, argv, options, &files);

	if (result != 0)
		return result - 1;
	if (files.count == 0)
		return cli_usage(&command_decode, "name a file, or - for standard input");
	run.decoder = file_source_decoder(&command_decode, name);
	if (run.decoder == NULL)
		return 2;
	arena_init(&run.lines, LINE_BYTES_MAX);
	for (int i = 0; i < files.count && result == 0; i++) {
		decode_context_init(&run.context, run.decoder, 0, slice_of(bank));
		result = decode_file(&run, files.items[i], &error);
		decode_context_deinit(&run.context, run.decoder);
	}
	arena_deinit(&run.lines);
	if (result == 0 && fflush(stdout) != 0)
		result = error_set(&error, "standard output cannot be written");
	return result == -1 ? cli_fail(&error) : 0;
}

const struct cli_command command_decode = {
	"decode",
	"FILE...|-",
	"Shows what a decoder reads, as huqi.tx.v1 lines; rejections on standard error",
	run_decode,
};
