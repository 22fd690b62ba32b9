/*
 * Searching the texts of a transaction, and remembering what was in those that came before: banks write the same few
 * purposes and remarks again and again, and parties have names.
 *
 * What is found in a piece of text depends on its raw bytes and the set alone. So a table keeps, for pieces that were
 * searched, the atoms that are in them: direct-mapped by a hash. The newer one takes the older's place, but for one that
 * came again: that one stays once, so that names that come a single time do not drive out those that come every day. The
 * bytes are compared whole, since a hash that somebody can choose would let him hide his words behind harmless ones.
 */
#ifndef MATCH_TEXTS_H
#define MATCH_TEXTS_H

#include "base/tx.h"
#include "pattern/pattern.h"

enum {
	TEXTS_SEEN = 4096,       /* pieces that are remembered; a power of two */
	TEXTS_SEEN_BYTES = 104,  /* the raw bytes of one; a longer piece is searched each time */
	TEXTS_SEEN_ATOMS = 5,    /* what may be in it; one with more is searched each time */
	TEXTS_PIECES_BYTES = 400 /* of all texts together; beyond, they are folded together, so that the bound counts */
};

/* Text that no region reaches beyond: purpose and remark, which touch, or one other field. */
struct texts_piece {
	uint8_t fields[2], field_count;
	uint32_t regions; /* bits: those that lie in it */
};

struct texts_seen {
	uint8_t piece : 7, came_again : 1; /* its number + 1; 0: nothing is here */
	uint8_t atom_count, lengths[2]; /* of the raw fields */
	uint32_t atoms[TEXTS_SEEN_ATOMS];
	char bytes[TEXTS_SEEN_BYTES];
};

struct texts {
	struct texts_piece pieces[PLAN_REGIONS_MAX * 2];
	uint32_t piece_count;
	struct texts_seen *seen; /* owned; TEXTS_SEEN */
	uint32_t known, searched; /* pieces of the transaction at hand */
};

/* For a set; nothing has been seen then. */
void texts_init(struct texts *texts, const struct pattern_set *set);
void texts_deinit(struct texts *texts);

#endif
