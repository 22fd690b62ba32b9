/*
 * The file of what is kept: logical, not a picture of memory. It is read by putting every event in again,
 * so a file that is wrong in any way its checksum missed can only be refused, or bring events that never
 * were.
 *
 *   "huqilnk1"  u64 bytes of the body  u64 XXH3 of the body  body: records, each u32 length, u8 kind, fields
 *     RULE   the slot's texts and what it asks; the records behind it name it by its number in the file
 *     EVENT  rule, key, who, booking time, amount, texts
 *     EDGE   rules, listed, direction, both accounts, booking time, amount, texts
 *     GONE   rule, key, from, to: hits that went for want of room
 */
#ifndef LINK_SNAPSHOT_H
#define LINK_SNAPSHOT_H

#include "link/state.h"

/* link.c: forgets everything. */
void link_clear(struct link *link);

/* From bytes, for link_load() and the fuzzer. */
int link_load_bytes(struct link *link, const char *bytes, size_t length, struct error *error);

#endif
