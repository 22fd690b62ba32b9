/*
 * A folder of scenario files, in the order of their ids so that the file system's order decides nothing.
 */
#include "simulate/script.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { PATH_BYTES = 4096 };

static int is_yaml(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return entry->d_name[0] != '.' && length > 5 && strcmp(entry->d_name + length - 5, ".yaml") == 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int load_one(struct script_set *set, const char *dir, const char *name, struct error *error)
{
	char path[PATH_BYTES];
	struct script *script;

	if (set->count == SCRIPTS_MAX)
		return error_set(error, "%s: more than %d scenarios", dir, SCRIPTS_MAX);
	if (snprintf(path, sizeof(path), "%s/%s", dir, name) >= (int)sizeof(path))
		return error_set(error, "%s/%s: the path is too long", dir, name);
	script = calloc(1, sizeof(*script));
	if (script == NULL)
		die("out of memory: the scenario %s", path);
	if (script_read_file(script, path, error) == -1) {
		free(script);
		return -1;
	}
	set->items[set->count++] = script;
	return 0;
}

static int by_id(const void *a, const void *b)
{
	return strcmp((*(struct script *const *)a)->id, (*(struct script *const *)b)->id);
}

static int check_ids(struct script_set *set, struct error *error)
{
	qsort(set->items, (size_t)set->count, sizeof(set->items[0]), by_id);
	for (int i = 1; i < set->count; i++)
		if (strcmp(set->items[i - 1]->id, set->items[i]->id) == 0)
			return error_set(error, "%s: the id `%s` is that of %s too; ids are unique", set->items[i]->file.name,
			                 set->items[i]->id, set->items[i - 1]->file.name);
	return 0;
}

int script_set_load(struct script_set *set, const char *dir, struct error *error)
{
	struct dirent **names;
	int count = scandir(dir, &names, is_yaml, by_name), result = 0;

	*set = (struct script_set){.count = 0};
	if (count == -1)
		return error_set(error, "%s: the folder of scenarios cannot be read: %s", dir, strerror(errno));
	for (int i = 0; i < count; i++) {
		if (result == 0)
			result = load_one(set, dir, names[i]->d_name, error);
		free(names[i]);
	}
	free(names);
	if (result == 0)
		result = check_ids(set, error);
	if (result == 0 && set->count == 0)
		result = error_set(error, "%s: no scenario (*.yaml) there", dir);
	if (result == -1)
		script_set_free(set);
	return result;
}

void script_set_free(struct script_set *set)
{
	for (int i = 0; i < set->count; i++) {
		script_free(set->items[i]);
		free(set->items[i]);
	}
	*set = (struct script_set){.count = 0};
}
