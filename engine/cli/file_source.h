/*
 * Private: files as messages of one decoder, for `replay` and `decode`.
 */
#ifndef CLI_FILE_SOURCE_H
#define CLI_FILE_SOURCE_H

#include "cli/cli.h"
#include "decode/decode.h"
#include "feed/feed.h"

/* Opens a file whose messages fall apart as the decoder's format says. */
int file_source_open(const char *path, unsigned feed, const struct decoder *decoder,
                     struct feed_file **file_r, struct error *error);

/* The decoder named `name`, or the usage error with all names; NULL then. */
const struct decoder *file_source_decoder(const struct cli_command *command, const char *name);

#endif
