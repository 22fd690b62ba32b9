/*
 * Private: the store of a command's settings.
 */
#ifndef CLI_CLI_STORE_H
#define CLI_CLI_STORE_H

#include "base/settings.h"
#include "store/store.h"

/* A writer beside a running service; the store and its folder are made where they are missing. */
int cli_store_writer(const struct settings *settings, struct store_writer **writer_r, struct error *error);
int cli_store_reader(const struct settings *settings, struct store **store_r, struct error *error);

#endif
