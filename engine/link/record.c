#include "link/record.h"

#include <assert.h>

enum { HEAD_BYTES = 2 * sizeof(uint32_t) }; /* length of the fields, kind */

static void append(struct record *record, const void *bytes, uint32_t length)
{
	assert(length <= RECORD_BYTES_MAX - record->length); /* texts are at most 16 KiB of evidence and names */
	if (length > 0)
		memcpy(record->bytes + record->length, bytes, length);
	record->length += length;
}

void record_open(struct record *record, enum record_kind kind)
{
	uint32_t head[2] = {0, kind};

	record->length = 0;
	append(record, head, HEAD_BYTES);
}

void record_number(struct record *record, uint64_t number)
{
	append(record, &number, sizeof(number));
}

void record_text(struct record *record, struct slice text)
{
	append(record, &text.length, sizeof(text.length));
	append(record, text.at, text.length);
}

void record_close(struct record *record)
{
	uint32_t length = record->length - HEAD_BYTES;

	memcpy(record->bytes, &length, sizeof(length));
}

static bool take(struct slice *from, void *out, uint32_t length)
{
	if (from->length < length)
		return false;
	memcpy(out, from->at, length);
	from->at += length;
	from->length -= length;
	return true;
}

bool record_next(struct slice *rest, struct record_reader *reader_r)
{
	uint32_t head[2];

	*reader_r = (struct record_reader){.broken = false};
	if (rest->length == 0)
		return false;
	reader_r->broken = !take(rest, head, HEAD_BYTES) || head[0] > rest->length;
	if (reader_r->broken)
		return false;
	reader_r->kind = head[1];
	reader_r->fields = (struct slice){rest->at, head[0]};
	rest->at += head[0];
	rest->length -= head[0];
	return true;
}

uint64_t record_take_number(struct record_reader *reader)
{
	uint64_t number = 0;

	reader->broken = !take(&reader->fields, &number, sizeof(number)) || reader->broken;
	return number;
}

struct slice record_take_text(struct record_reader *reader)
{
	struct slice text = {0};
	uint32_t length = 0;

	reader->broken = !take(&reader->fields, &length, sizeof(length)) || length > reader->fields.length ||
	                 reader->broken;
	if (reader->broken)
		return text;
	text = (struct slice){reader->fields.at, length};
	reader->fields.at += length;
	reader->fields.length -= length;
	return text;
}
