/*
 * A record of the snapshot: numbers of eight bytes and texts behind their lengths, little-endian as the
 * machines are that huqi runs on.
 */
#ifndef LINK_RECORD_H
#define LINK_RECORD_H

#include <stdbool.h>

#include "base/slice.h"

#define SNAPSHOT_MAGIC "huqilnk2"

enum record_kind { RECORD_RULE = 1, RECORD_EVENT, RECORD_GONE, RECORD_EDGE };
enum { RECORD_BYTES_MAX = 64 << 10 };

struct snapshot_head {
	char magic[8 + 1], pad[7];
	uint64_t bytes, sum; /* of what follows: its length, its XXH3-64 */
};

/* Writing: open, numbers and texts, close; then `bytes` are the record. */
struct record {
	char bytes[RECORD_BYTES_MAX];
	uint32_t length;
};
void record_open(struct record *record, enum record_kind kind);
void record_number(struct record *record, uint64_t number);
void record_text(struct record *record, struct slice text);
void record_close(struct record *record);

/* Reading: the next record of `rest`, which moves behind it; false at the end or where it is broken. */
struct record_reader {
	struct slice fields;
	uint32_t kind;
	bool broken; /* latched: a field was missing */
};
bool record_next(struct slice *rest, struct record_reader *reader_r);
uint64_t record_take_number(struct record_reader *reader);
struct slice record_take_text(struct record_reader *reader);

#endif
