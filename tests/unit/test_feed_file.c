/*
 * Files fall into messages whatever the pieces in which they are read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "decode/decode.h"
#include "feed/feed.h"

static char path[] = "/tmp/huqi-feed-XXXXXX";

static size_t frame(void *arg, const char *bytes, size_t length, bool last, size_t *from_r, size_t *next_r)
{
	(void)arg;
	return decode_frame(DECODE_LINES, bytes, length, last, from_r, next_r);
}

static void write_bytes(const char *bytes, size_t length)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	fclose(file);
}

static struct feed_file *open_file(size_t bytes_max)
{
	struct feed_file *file;
	struct error error;

	assert_int_equal(feed_file_open(path, 2, frame, NULL, bytes_max, &file, &error), 0);
	return file;
}

static void lines_come_with_their_numbers(void **state)
{
	struct feed_message m;
	struct error error;
	struct feed_file *file;

	(void)state;
	write_bytes("a\n\nbb\r\nccc", 10);
	file = open_file(1 << 20);
	assert_int_equal(feed_file_next(file, &m, &error), 1);
	assert_true(slice_is(m.payload, "a"));
	assert_int_equal(m.offset, 1);
	assert_true(m.at_start);
	assert_int_equal(m.feed, 2);
	assert_int_equal(feed_file_next(file, &m, &error), 1);
	assert_true(slice_is(m.payload, "bb"));
	assert_int_equal(m.offset, 3);
	assert_false(m.at_start);
	assert_int_equal(feed_file_next(file, &m, &error), 1);
	assert_true(slice_is(m.payload, "ccc"));
	assert_int_equal(m.offset, 4);
	assert_int_equal(feed_file_next(file, &m, &error), 0);
	feed_file_close(&file);
}

/* I5: nothing between the messages is lost, over many refills of the buffer. */
static void a_large_file_comes_whole(void **state)
{
	enum { LINES = 60000 };
	FILE *out = fopen(path, "w");
	struct feed_message m;
	struct error error;
	struct feed_file *file;
	char line[256];

	(void)state;
	for (int i = 0; i < LINES; i++)
		fprintf(out, "%d %0*d\n", i, i % 200 + 1, 0);
	fclose(out);
	file = open_file(1 << 20);
	for (int i = 0; i < LINES; i++) {
		assert_int_equal(feed_file_next(file, &m, &error), 1);
		snprintf(line, sizeof(line), "%d %0*d", i, i % 200 + 1, 0);
		assert_true(slice_is(m.payload, line));
		assert_int_equal(m.offset, i + 1);
	}
	assert_int_equal(feed_file_next(file, &m, &error), 0);
	feed_file_close(&file);
}

static void what_is_not_there_is_said(void **state)
{
	struct feed_file *file;
	struct error error;

	(void)state;
	assert_int_equal(feed_file_open("/nowhere/feed.jsonl", 0, frame, NULL, 10, &file, &error), -1);
	assert_non_null(strstr(error.text, "/nowhere/feed.jsonl: cannot be opened: No such file"));
}

static int begin(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd != -1 ? close(fd) : -1;
}

static int end(void **state)
{
	(void)state;
	return unlink(path);
}

/* What is taken together stays where it is until the next take, in whatever pieces. */
static void a_batch_is_as_good_as_one_by_one(void **state)
{
	enum { LINES = 30000, MOST = 700 };
	static struct feed_message batch[MOST];
	FILE *out = fopen(path, "w");
	struct feed_message one;
	struct error error;
	struct feed_file *singly, *together;
	ssize_t got;
	int taken = 0;

	(void)state;
	for (int i = 0; i < LINES; i++)
		fprintf(out, "%d %0*d\n%s", i, i * 7 % 300 + 1, 0, i % 11 == 0 ? "\n" : "");
	fclose(out);
	singly = open_file(1 << 20);
	together = open_file(1 << 20);
	while ((got = feed_file_take(together, batch, (size_t)(1 + taken % MOST), &error)) > 0) {
		for (ssize_t i = 0; i < got; i++) {
			assert_int_equal(feed_file_next(singly, &one, &error), 1);
			assert_true(slice_equal(one.payload, batch[i].payload));
			assert_int_equal(one.offset, batch[i].offset);
			assert_int_equal(one.at_start, batch[i].at_start);
		}
		taken += (int)got;
	}
	assert_int_equal(got, 0);
	assert_int_equal(taken, LINES);
	assert_int_equal(feed_file_next(singly, &one, &error), 0);
	feed_file_close(&singly);
	feed_file_close(&together);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_come_with_their_numbers),
		cmocka_unit_test(a_large_file_comes_whole),
		cmocka_unit_test(a_batch_is_as_good_as_one_by_one),
		cmocka_unit_test(what_is_not_there_is_said),
	};
	return cmocka_run_group_tests_name("feed_file", tests, begin, end);
}
