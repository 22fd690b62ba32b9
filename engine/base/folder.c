#include "base/folder.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

int folder_make_for(const char *path, struct error *error)
{
	char folder[PATH_MAX];

	snprintf(folder, sizeof(folder), "%s", path);
	for (char *slash = strchr(folder + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(folder, 0750) == -1 && errno != EEXIST)
			return error_set(error, "the folder %s cannot be made: %s", folder, strerror(errno));
		*slash = '/';
	}
	return 0;
}
