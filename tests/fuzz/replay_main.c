/*
 * Feeds files to a fuzz target once each, without a fuzzer: `make test` links it with every target and gives
 * it the target's corpus, so that what fuzzing found stays found.
 *
 * Each input lies in a block of exactly its size, so that ASan sees the first byte read past it. The empty
 * input is always tried.
 */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define INPUT_BYTES_MAX (16 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv) __attribute__((weak));

static _Noreturn void die(const char *path, const char *why)
{
	fprintf(stderr, "%s: %s\n", path, why);
	exit(2);
}

static void feed_file(const char *path, size_t size)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data = malloc(size ? size : 1);

	if (file == NULL)
		die(path, strerror(errno));
	if (data == NULL || size > INPUT_BYTES_MAX || fread(data, 1, size, file) != size)
		die(path, "too large or unreadable");
	fclose(file);
	/* Said before it runs: the last line of a crash's log names the input. */
	printf("%s\n", path);
	fflush(stdout);
	LLVMFuzzerTestOneInput(data, size);
	free(data);
}

static size_t feed_path(const char *path);

static size_t feed_folder(const char *path)
{
	struct dirent **entries;
	int count = scandir(path, &entries, NULL, alphasort);
	size_t fed = 0;
	char inner[4096];

	if (count < 0)
		die(path, strerror(errno));
	for (int i = 0; i < count; i++) {
		snprintf(inner, sizeof(inner), "%s/%s", path, entries[i]->d_name);
		if (entries[i]->d_name[0] != '.')
			fed += feed_path(inner);
		free(entries[i]);
	}
	free(entries);
	return fed;
}

static size_t feed_path(const char *path)
{
	struct stat is;

	if (stat(path, &is) == -1)
		die(path, strerror(errno));
	if (S_ISDIR(is.st_mode))
		return feed_folder(path);
	feed_file(path, (size_t)is.st_size);
	return 1;
}

int main(int argc, char **argv)
{
	size_t fed = 0;

	if (LLVMFuzzerInitialize != NULL)
		LLVMFuzzerInitialize(&argc, &argv);
	LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
	for (int i = 1; i < argc; i++)
		fed += feed_path(argv[i]);
	printf("%zu inputs\n", fed);
	return fed > 0 ? 0 : 2;
}
