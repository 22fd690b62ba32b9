#include "base/csv_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/csv.h"

enum { PIECE_BYTES = 1024, FILE_MODE = 0640 };

int csv_writer_open(struct csv_writer *w, const char *path, bool gb18030, struct error *error)
{
	int fd;

	*w = (struct csv_writer){.converts = gb18030};
	if (snprintf(w->path, sizeof(w->path), "%s", path) >= (int)sizeof(w->path))
		return error_set(error, "the folder's name is too long");
	if ((fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE)) == -1)
		return error_set(error, errno == EEXIST ? "%s is there already; export into an empty folder"
		                                        : "%s cannot be made", path);
	if ((w->file = fdopen(fd, "w")) == NULL)
		die("out of memory: %s", path);
	if (gb18030 && (w->converter = iconv_open("GB18030", "UTF-8")) == (iconv_t)-1)
		die("this system's iconv does not know GB18030");
	return 0;
}

/* By pieces: GB18030 has at most four bytes for what UTF-8 has one to four. */
static void put(struct csv_writer *w, const char *text, size_t length)
{
	char piece[PIECE_BYTES], *in = (char *)text;

	if (!w->converts) {
		fwrite(text, 1, length, w->file);
		return;
	}
	while (length > 0) {
		char *out = piece;
		size_t room = sizeof(piece), left = length;
		iconv(w->converter, &in, &left, &out, &room);
		if (left == length) {
			w->failed = true;
			return;
		}
		fwrite(piece, 1, (size_t)(out - piece), w->file);
		length = left;
	}
}

static bool needs_quotes(struct slice text)
{
	for (uint32_t i = 0; i < text.length; i++)
		if (memchr(",\"\r\n", text.at[i], 4) != NULL)
			return true;
	return false;
}

void csv_writer_field(struct csv_writer *w, struct slice text)
{
	const char *end;
	bool quotes = needs_quotes(text);

	if (w->begun)
		put(w, ",", 1);
	w->begun = true;
	if (text.length == 0)
		return;
	end = text.at + text.length;
	if (quotes)
		put(w, "\"", 1);
	if (csv_is_formula(text))
		put(w, "'", 1);
	for (const char *at = text.at, *quote; at < end; at = quote + 1) {
		quote = memchr(at, '"', (size_t)(end - at));
		if (quote == NULL) {
			put(w, at, (size_t)(end - at));
			break;
		}
		put(w, at, (size_t)(quote - at));
		put(w, "\"\"", 2);
	}
	if (quotes)
		put(w, "\"", 1);
}

void csv_writer_end_row(struct csv_writer *w)
{
	put(w, "\n", 1);
	w->begun = false;
}

int csv_writer_close(struct csv_writer *w, struct error *error)
{
	bool failed = w->failed;

	if (w->file == NULL)
		return 0;
	failed |= ferror(w->file) != 0;
	if (fclose(w->file) != 0)
		failed = true;
	w->file = NULL;
	if (w->converts)
		iconv_close(w->converter);
	return failed ? error_set(error, "%s cannot be written: %s", w->path, strerror(errno)) : 0;
}
