/*
 * A folder of patterns for the tests of what reads whole packs, with as few words a pattern as a test needs.
 */
#ifndef TESTS_PACK_FIXTURE_H
#define TESTS_PACK_FIXTURE_H

extern char pack_dir[];

/* For cmocka: makes the folder, and takes it away with what is in it. */
int pack_make(void **state);
int pack_remove(void **state);

struct pack_pattern {
	const char *id; /* names the file, too */
	const char *status;
	const char *message; /* in English, of a V01 for enterprises; NULL: an M03 for analysts */
	const char *detect;  /* YAML, its lines indented by two, from line 9 of the file on */
	const char *tests;
};

void pack_write(const struct pack_pattern *pattern);

#endif
