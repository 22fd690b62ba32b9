/*
 * Messages out of a file or standard input.
 *
 * One buffer, read ahead; a message is framed in it in place. What the frame function says is the whole of what is
 * known about formats here. A message over the bound is given cut at it: decode refuses it with a reason.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/counters.h"
#include "feed/feed.h"

enum { READ_BYTES = 1 << 20 };

struct feed_file {
	int fd;
	char *name; /* owned */
	unsigned feed;
	feed_frame *frame;
	void *frame_arg;
	size_t bytes_max;
	char *buffer; /* owned; [at, filled) is unread */
	size_t room, at, filled;
	int64_t line; /* of buffer[at], from 1 */
	bool ended, started;
};

int feed_file_open(const char *path, unsigned feed, feed_frame *frame, void *frame_arg, size_t bytes_max,
                   struct feed_file **file_r, struct error *error)
{
	bool standard_input = strcmp(path, "-") == 0;
	int fd = standard_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	struct feed_file *file;

	if (fd == -1)
		return error_set(error, "%s: cannot be opened: %s", path, strerror(errno));
	file = calloc(1, sizeof(*file));
	if (file == NULL || (file->name = strdup(standard_input ? "-" : path)) == NULL ||
	    (file->buffer = malloc(READ_BYTES)) == NULL)
		die("out of memory: reading %s", path);
	file->fd = fd;
	file->feed = feed;
	file->frame = frame;
	file->frame_arg = frame_arg;
	file->bytes_max = bytes_max;
	file->room = READ_BYTES;
	file->line = 1;
	*file_r = file;
	return 0;
}

void feed_file_close(struct feed_file **file)
{
	if (*file == NULL)
		return;
	if ((*file)->fd != STDIN_FILENO)
		close((*file)->fd);
	free((*file)->name);
	free((*file)->buffer);
	free(*file);
	*file = NULL;
}

/* Makes room behind what is unread and reads more. */
static int fill(struct feed_file *file, struct error *error)
{
	size_t unread = file->filled - file->at;
	ssize_t got;

	if (file->at > 0) {
		memmove(file->buffer, file->buffer + file->at, unread);
		file->at = 0;
		file->filled = unread;
	}
	if (file->room - unread < READ_BYTES / 2) {
		file->room *= 2;
		file->buffer = realloc(file->buffer, file->room);
		if (file->buffer == NULL)
			die("out of memory: a message of more than %zu bytes in %s", unread, file->name);
	}
	do
		got = read(file->fd, file->buffer + unread, file->room - unread);
	while (got == -1 && errno == EINTR);
	if (got == -1)
		return error_set(error, "%s: cannot be read: %s", file->name, strerror(errno));
	file->ended = got == 0;
	file->filled += (size_t)got;
	return 0;
}

static int64_t lines_in(const char *bytes, size_t length)
{
	const char *end = bytes + length;
	int64_t lines = 0;

	while (bytes < end && (bytes = memchr(bytes, '\n', (size_t)(end - bytes))) != NULL) {
		bytes++;
		lines++;
	}
	return lines;
}

/* Goes past `bytes` of the buffer, keeping count of the lines. */
static void pass(struct feed_file *file, size_t bytes)
{
	file->line += lines_in(file->buffer + file->at, bytes);
	file->at += bytes;
}

static void give(struct feed_file *file, size_t from, size_t length, size_t next,
                 struct feed_message *message)
{
	pass(file, from);
	*message = (struct feed_message){
		.feed = file->feed,
		.source = slice_of(file->name),
		.offset = file->line,
		.payload = {file->buffer + file->at, (uint32_t)length},
		.at_start = !file->started,
	};
	file->started = true;
	pass(file, next - from);
}

/* The next message that lies whole in the buffer; false where more bytes are needed, or none are left. */
static bool next_at_hand(struct feed_file *file, struct feed_message *message)
{
	size_t unread, from, next, length;

	while ((unread = file->filled - file->at) > 0) {
		from = next = 0;
		length = file->frame(file->frame_arg, file->buffer + file->at, unread,
		                     file->ended || unread > file->bytes_max, &from, &next);
		if (length > 0) {
			give(file, from, length, next, message);
			return true;
		}
		pass(file, next);
		if (next == 0)
			break;
	}
	return false;
}

ssize_t feed_file_take(struct feed_file *file, struct feed_message *messages, size_t most, struct error *error)
{
	size_t n = 0;

	for (;;) {
		while (n < most && next_at_hand(file, &messages[n]))
			n++;
		if (n > 0 || file->ended)
			return (ssize_t)n;
		/* Only with nothing given out: filling moves the bytes. */
		if (fill(file, error) == -1)
			return -1;
	}
}

int feed_file_next(struct feed_file *file, struct feed_message *message, struct error *error)
{
	return (int)feed_file_take(file, message, 1, error);
}
