#include "cli/file_source.h"

#include <stdio.h>

#include "cli/cli.h"

static size_t frame(void *arg, const char *bytes, size_t length, bool last, size_t *from_r, size_t *next_r)
{
	const struct decoder *decoder = arg;

	return decode_frame(decoder->framing, bytes, length, last, from_r, next_r);
}

int file_source_open(const char *path, unsigned feed, const struct decoder *decoder,
                     struct feed_file **file_r, struct error *error)
{
	return feed_file_open(path, feed, frame, (void *)(uintptr_t)decoder, DECODE_MESSAGE_BYTES_MAX,
	                      file_r, error);
}

const struct decoder *file_source_decoder(const struct cli_command *command, const char *name)
{
	const struct decoder *decoder = decoder_find(slice_of(name));
	char names[256] = "";

	if (decoder != NULL)
		return decoder;
	for (int i = 0; decoders[i] != NULL; i++) {
		size_t used = strlen(names);
		snprintf(names + used, sizeof(names) - used, "%s%s", used > 0 ? ", " : "",
		         decoders[i]->name);
	}
	cli_usage(command, "no decoder `%s`; there are %s", name, names);
	return NULL;
}
