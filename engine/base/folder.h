/*
 * Folders that are made when they are missing.
 */
#ifndef BASE_FOLDER_H
#define BASE_FOLDER_H

#include "base/error.h"

/* Every folder above the last part of `path`: for "var/a/huqi.db" var and var/a; a path that ends with a slash is a
 * folder itself. Readable by owner and group only. */
int folder_make_for(const char *path, struct error *error);

#endif
