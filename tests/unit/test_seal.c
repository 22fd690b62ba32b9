/* Sealing: what opens, what does not, what a key file must be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/seal.h"

static struct arena arena;
static struct error error;
static struct seal seal;
static char folder[64], path[96];

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, 1 << 20);
	seal_random(&seal);
	snprintf(folder, sizeof(folder), "/tmp/huqi-seal-XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/key", folder);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	unlink(path);
	assert_int_equal(rmdir(folder), 0); /* nothing else was left there */
	arena_deinit(&arena);
	return 0;
}

static void write_key(const char *text, mode_t mode)
{
	FILE *file;

	unlink(path);
	assert_non_null(file = fopen(path, "w"));
	fputs(text, file);
	fclose(file);
	assert_int_equal(chmod(path, mode), 0);
}

static void assert_opens(const struct seal *with, const char *column, struct slice sealed, const char *text)
{
	struct slice opened;

	if (seal_open(with, column, sealed, &arena, &opened, &error) == -1)
		fail_msg("%s", error.text);
	assert_true(slice_is(opened, text));
}

static void assert_stays_shut(const struct seal *with, const char *column, struct slice sealed)
{
	struct slice opened;

	assert_int_equal(seal_open(with, column, sealed, &arena, &opened, &error), -1);
	assert_int_equal(opened.length, 0);
	assert_non_null(strstr(error.text, column));
}

static void a_sealed_text_opens_again(void **state)
{
	static const char *const texts[] = {"张三", "13800001234", "https://a.example.com/?key=1", "", "x"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct slice once = seal_text(&seal, "way.address", slice_of(texts[i]), &arena);
		struct slice twice = seal_text(&seal, "way.address", slice_of(texts[i]), &arena);
		assert_opens(&seal, "way.address", once, texts[i]);
		if (texts[i][0] == '\0') {
			assert_int_equal(once.length, 0);
			continue;
		}
		assert_memory_equal(once.at, "s1:", 3);
		assert_false(slice_equal(once, twice)); /* equal texts don't show */
		if (strlen(texts[i]) > 1)
			assert_null(memmem(once.at, once.length, texts[i], strlen(texts[i])));
	}
}

static void another_key_column_or_byte_does_not_open(void **state)
{
	struct slice sealed = seal_text(&seal, "contact.name", slice_of("张三"), &arena);
	struct seal other;

	(void)state;
	seal_random(&other);
	assert_stays_shut(&other, "contact.name", sealed);
	assert_stays_shut(&seal, "contact.stand_in", sealed);
	assert_stays_shut(&seal, "contact.name", slice_of("张三")); /* never sealed */
	assert_stays_shut(&seal, "contact.name", slice_of("s1:"));
	assert_stays_shut(&seal, "contact.name", slice_of("s1:AAAA"));
	assert_stays_shut(&seal, "contact.name", slice_of("s1:not base64!"));
	for (uint32_t i = 0; i < sealed.length; i++) {
		struct slice changed = arena_copy(&arena, sealed);
		((char *)changed.at)[i] = (char)(changed.at[i] == 'A' ? 'B' : 'A');
		assert_stays_shut(&seal, "contact.name", changed);
		changed.length = i > 0 ? i : 1;
		assert_stays_shut(&seal, "contact.name", changed);
	}
}

static void no_room_is_said(void **state)
{
	struct slice sealed = seal_text(&seal, "c", slice_of("abc"), &arena), opened;
	struct arena small;

	(void)state;
	arena_init(&small, 32);
	assert_null(seal_text(&seal, "c", slice_of("abc"), &small).at);
	assert_int_equal(seal_open(&seal, "c", sealed, &small, &opened, &error), -1);
	arena_deinit(&small);
}

static void hashes_are_keyed_and_by_kind(void **state)
{
	unsigned char a[SEAL_HASH_BYTES], b[SEAL_HASH_BYTES];
	struct seal other;

	(void)state;
	seal_random(&other);
	seal_hash(&seal, "way/sms", slice_of("13800001234"), a);
	seal_hash(&seal, "way/sms", slice_of("13800001234"), b);
	assert_memory_equal(a, b, sizeof(a));
	seal_hash(&other, "way/sms", slice_of("13800001234"), b);
	assert_memory_not_equal(a, b, sizeof(a));
	seal_hash(&seal, "way/email", slice_of("13800001234"), b);
	assert_memory_not_equal(a, b, sizeof(a));
	seal_hash(&seal, "way", slice_of("/sms13800001234"), b); /* kind and text don't run together */
	assert_memory_not_equal(a, b, sizeof(a));
}

static void each_use_has_its_key(void **state)
{
	unsigned char a[SEAL_KEY_BYTES], b[SEAL_KEY_BYTES];

	(void)state;
	seal_subkey(&seal, "answer-token", a);
	seal_subkey(&seal, "answer-token", b);
	assert_memory_equal(a, b, sizeof(a));
	assert_memory_not_equal(a, seal.key, sizeof(a));
	seal_subkey(&seal, "text", b);
	assert_memory_not_equal(a, b, sizeof(a));
	assert_memory_equal(b, seal.text_key, sizeof(b));
}

/* ---- the key file ---- */

static void a_key_is_made_once_and_for_its_owner(void **state)
{
	struct seal first, second;
	struct stat info;

	(void)state;
	assert_int_equal(seal_open_file(path, false, &first, &error), -1);
	assert_non_null(strstr(error.text, path));
	assert_int_equal(access(path, F_OK), -1); /* and none was made */
	assert_int_equal(seal_open_file(path, true, &first, &error), 0);
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
	assert_int_equal(seal_open_file(path, true, &second, &error), 0);
	assert_memory_equal(&first, &second, sizeof(first));
	assert_int_equal(seal_open_file(path, false, &second, &error), 0);
	assert_memory_equal(&first, &second, sizeof(first));
}

static void a_key_that_others_can_read_is_refused(void **state)
{
	static const mode_t modes[] = {0640, 0604, 0620, 0602, 0666, 0644, 0610};

	(void)state;
	assert_int_equal(seal_open_file(path, true, &seal, &error), 0);
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		assert_int_equal(chmod(path, modes[i]), 0);
		assert_int_equal(seal_open_file(path, true, &seal, &error), -1);
		assert_non_null(strstr(error.text, "chmod 600"));
	}
	assert_int_equal(chmod(path, 0400), 0);
	assert_int_equal(seal_open_file(path, true, &seal, &error), 0);
}

static void what_is_no_key_is_refused(void **state)
{
	static const char *const texts[] = {"", "short", "not base64 at all !!!",
	                                    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", /* no padding */
	                                    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		write_key(texts[i], 0600);
		assert_int_equal(seal_open_file(path, true, &seal, &error), -1);
		assert_non_null(strstr(error.text, "holds no key"));
	}
	write_key("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n", 0600);
	assert_int_equal(seal_open_file(path, false, &seal, &error), 0);
	assert_int_equal(seal_open_file(folder, true, &seal, &error), -1);
	assert_non_null(strstr(error.text, "is no file"));
}

/* Programs that start at once have one key: each tells what it read by the hash of a word. */
static void two_programs_make_one_key(void **state)
{
	enum { PROGRAMS = 8 };
	unsigned char hashes[PROGRAMS][SEAL_HASH_BYTES];
	int ends[PROGRAMS][2], status;

	(void)state;
	for (int i = 0; i < PROGRAMS; i++) {
		assert_int_equal(pipe(ends[i]), 0);
		if (fork() == 0) {
			unsigned char hash[SEAL_HASH_BYTES] = {0};
			if (seal_open_file(path, true, &seal, &error) == 0)
				seal_hash(&seal, "k", slice_of("word"), hash);
			_exit(write(ends[i][1], hash, sizeof(hash)) == sizeof(hash) ? 0 : 1);
		}
	}
	for (int i = 0; i < PROGRAMS; i++) {
		wait(&status);
		assert_int_equal(status, 0);
	}
	assert_int_equal(seal_open_file(path, false, &seal, &error), 0);
	for (int i = 0; i < PROGRAMS; i++) {
		unsigned char expected[SEAL_HASH_BYTES];
		assert_int_equal(read(ends[i][0], hashes[i], SEAL_HASH_BYTES), SEAL_HASH_BYTES);
		seal_hash(&seal, "k", slice_of("word"), expected);
		assert_memory_equal(hashes[i], expected, SEAL_HASH_BYTES);
		close(ends[i][0]);
		close(ends[i][1]);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_sealed_text_opens_again),
		TEST(another_key_column_or_byte_does_not_open),
		TEST(no_room_is_said),
		TEST(hashes_are_keyed_and_by_kind),
		TEST(each_use_has_its_key),
		TEST(a_key_is_made_once_and_for_its_owner),
		TEST(a_key_that_others_can_read_is_refused),
		TEST(what_is_no_key_is_refused),
		TEST(two_programs_make_one_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
