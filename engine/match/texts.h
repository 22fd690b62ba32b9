/*
 * Searching the texts of a transaction, and remembering what was in those that came before: banks write the same few
 * purposes and remarks again and again.
 *
 * What is found in a piece of text depends on its raw bytes and the set alone. So a table keeps, for purposes with remarks
 * that were searched, the atoms that are in them: direct-mapped by a hash. The newer one takes the older's place, but for
 * one that came again: that one stays once, so that texts that come a single time do not drive out those that come every
 * day. The bytes are compared whole, since a hash that somebody can choose would let him hide his words behind harmless
 * ones.
 *
 * Most texts that are new differ from one that came before in a number only: an invoice's, a day's. So pieces are kept
 * with their ASCII digits levelled, `发票400300` as `发票000000`. That is sound because the fold leaves a digit as it is,
 * the word guard counts digits and does not read them, and of the words that do tell them apart (18k) each is in the data
 * base a second time, levelled too ([0-9][0-9]k): where one of those is found, other digits could bring its atom, and
 * such a text is not kept. Nor is one that had to be looked at closely for an expression that tells digits apart.
 *
 * There are too many names to keep them all, and few expressions ask for one: a glance (pattern/glance.h) tells that
 * hardly one needs to be searched. Those that do are often the same: a platform, an exchange, an insurer.
 */
#ifndef MATCH_TEXTS_H
#define MATCH_TEXTS_H

#include "base/tx.h"
#include "pattern/pattern.h"

enum {
	TEXTS_SEEN = 4096,       /* pieces that are remembered; a power of two */
	TEXTS_SEEN_BYTES = 80,   /* the raw bytes of one; a longer piece is searched each time */
	TEXTS_SEEN_ATOMS = 22,   /* what may be in it; one with more is searched each time */
	TEXTS_PIECES_BYTES = 400 /* of all texts together; beyond, they are folded together, so that the bound counts */
};

/* Text that no region reaches beyond: purpose and remark, which touch, or one other field. */
struct texts_piece {
	uint8_t fields[2], field_count;
	bool has_glance; /* all its regions do */
	uint32_t regions; /* bits: those that lie in it */
};

struct texts_seen {
	uint8_t is_there : 1, came_again : 1, field : 5; /* the piece's first */
	uint8_t atom_count, lengths[2]; /* of the raw fields */
	uint16_t atoms[TEXTS_SEEN_ATOMS];
	char bytes[TEXTS_SEEN_BYTES];
};

struct texts {
	struct texts_piece pieces[PLAN_REGIONS_MAX * 2];
	uint32_t piece_count;
	struct texts_seen *seen; /* owned; TEXTS_SEEN */
	uint32_t known, searched; /* pieces of the transaction at hand */
	bool digits_matter; /* an atom could be in the piece at hand with other digits in it */
};

/* For a set; nothing has been seen then. */
void texts_init(struct texts *texts, const struct pattern_set *set);
void texts_deinit(struct texts *texts);

#endif
