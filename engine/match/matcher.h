/*
 * The inside of a matcher: what the files of this room share.
 */
#ifndef MATCH_MATCHER_H
#define MATCH_MATCHER_H

#include "fold/fold.h"
#include "match/asking.h"
#include "match/condition.h"
#include "match/match.h"
#include "match/regex_run.h"
#include "match/sequence_run.h"
#include "match/texts.h"

enum {
	MATCH_MARKS_MAX = 32, /* places in texts, of one hit */
	MATCH_FACTS_MAX = 16, /* values, of one hit */
};

/* What patterns that ask the same of a transaction have in common in their evidence (evidence.c). */
enum { EVIDENCE_ZH, EVIDENCE_EN, EVIDENCE_FACTS, EVIDENCE_PIECES };

/* A place in a raw field. */
struct match_mark {
	uint8_t field;
	uint16_t from, to; /* bytes */
};

/* What patterns cost since the last flush, by pattern (costs.c). */
struct match_costs {
	struct {
		uint32_t looked, sampled;
		uint64_t sampled_ns;
	} *items; /* owned */
	uint32_t ticks; /* transactions since the last flush */
	uint64_t clock_ns; /* that the taking takes */
	bool timed; /* take the time of every MATCH_COSTS_SAMPLE-th transaction */
};

struct matcher {
	struct pattern_set *set; /* held */
	struct reference *reference; /* held; may be NULL */
	const struct reference_list **lists; /* owned: the reference's, by the set's number of a list; NULL: there is none */
	hs_scratch_t *scratch; /* owned */
	struct texts texts;
	struct fold_buffer folded; /* without a map: that is faster; a piece, or where is_folded all of the transaction */
	struct fold_buffer mapped; /* all, with a map to raw places; filled when one is asked for */
	bool is_folded, is_mapped;
	uint16_t from[TX_FIELD_COUNT], to[TX_FIELD_COUNT]; /* of each field in the folded text */
	uint16_t raw_from[TX_FIELD_COUNT]; /* of each field among the raw bytes of `mapped` */
	uint64_t *found; /* owned: a bit an atom; clear between transactions */
	uint32_t *touched; /* owned: the atoms whose bits are set */
	uint32_t touched_count;
	uint64_t sieve; /* plan_sieve() of them all */
	uint64_t *clues; /* owned: a bit a clue that is in the text being scanned; clear behind it */
	uint64_t *clues_levelled; /* owned: the same of those that would be there with other digits in it */
	uint32_t *clues_touched; /* owned: those whose bits are set in one or both */
	uint32_t clues_touched_count;
	uint64_t *listless; /* owned: a bit a pattern that asks a list which is not there, and so never hits */
	uint64_t *candidates; /* owned: a bit a pattern; clear between transactions */
	struct regex_scratch regex; /* owned */
	struct sequence_tape tape; /* of the transaction at hand, read as far as asked */
	struct condition_input input;
	uint64_t *passing; /* owned: a bit a pattern or alternative that the gate lets the transaction through to */
	struct askings askings;
	struct {
		uint64_t epoch; /* input.epoch, where the two are of the transaction at hand */
		uint64_t own, other; /* hashes of the account numbers that a path goes by */
	} ends;
	struct {
		bool there;
		size_t event; /* of the hits' links: the edge that the transaction at hand is for all paths */
		struct link_passed *also; /* its; in the hits' arena */
		size_t capacity;
	} edge;
	struct {
		uint64_t epoch; /* input.epoch, where it is of the transaction at hand */
		const struct pattern *by; /* NULL: enterprises may be warned */
	} withheld;
	const struct plan_region *region; /* being scanned */
	struct match_mark marks[MATCH_MARKS_MAX]; /* of the hit at hand */
	uint32_t mark_count;
	struct match_costs costs;
	char *writing; /* owned: room for the evidence of one hit */
	struct {
		uint64_t epoch; /* input.epoch, where the rest is of the transaction at hand */
		const struct program *where; /* of the pattern that it was written for */
		struct slice pieces[EVIDENCE_PIECES];
		char *bytes; /* owned: the pieces */
	} kept;
};

/*
 * fold_tx.c: the texts of the transaction at hand, folded: all of them, where they are not yet; with a map; or some
 * fields alone. The region's part of what is there.
 */
void fold_tx(struct matcher *m);
void fold_tx_mapped(struct matcher *m);
void fold_tx_piece(struct matcher *m, const uint8_t *fields, uint8_t count);
void fold_tx_forget(struct matcher *m);
struct slice fold_tx_region(const struct matcher *m, const struct plan_region *region);

/* find.c: where an atom matched. */
struct find_place {
	size_t from, to; /* bytes of the folded text */
};
bool find_atom(struct matcher *m, const struct plan_atom *atom, struct find_place *place_r);

static inline bool atom_found(const struct matcher *m, uint32_t atom)
{
	return m->found[atom / 64] >> atom % 64 & 1;
}

/*
 * parts.c: do all parts hold? In the order in which they stand, for those who want to know more than that (asking.h).
 * And the parts one by one, a file each (parts.def).
 */
bool detect_holds(struct matcher *m, const struct plan_detect *detect);
#define PART(symbol, key, member) bool part_##member##_holds(struct matcher *m, const struct plan_part *part);
#include "pattern/parts.def"
#undef PART

/* part_list.c: does the pattern need one of lists that are all not there? */
bool detect_is_listless(const struct matcher *m, const struct plan_detect *detect);

/* part_list.c: what made a `list` part hold, and the question; NULL where it does not. */
const struct reference_entry *part_list_entry(struct matcher *m, const struct plan_part *part,
                                              const struct plan_list_entry **asked_r);
/* Does the list `allow` quiet this pattern for a party of the transaction at hand? */
bool hit_is_allowed(struct matcher *m, const struct pattern *pattern);

/*
 * withheld.c: the pattern by which the account at hand is a launderer's, so that `pattern`, which is for enterprises, must
 * speak to analysts only (I7); NULL: it may speak to whom it is for.
 */
const struct pattern *hit_is_withheld_by(struct matcher *m, const struct pattern *pattern);

/* costs.c: does the pattern hold, and the time that takes; the end of a transaction; into the set's counters. */
bool costs_take(struct matcher *m, uint32_t number);
void costs_tick(struct matcher *m);
void costs_flush(struct matcher *m);

/* Does a pattern that the gate let through hold? Counted. */
static inline bool costs_holds(struct matcher *m, uint32_t number)
{
	m->costs.items[number].looked++;
	if (m->costs.timed && m->costs.ticks % MATCH_COSTS_SAMPLE == 0)
		return costs_take(m, number);
	return asking_holds(m, number);
}

/* part_link.c: the event of the transaction at hand; false where it has not what the rule asks for. */
bool link_event_fill(struct matcher *m, const struct plan_link *plan, struct link_event *event);

/* part_sequence.c: does the sequence end with the transaction at hand? Its placing. */
bool sequence_find(struct matcher *m, const struct plan_sequence *sequence,
                   struct sequence_placing *placing_r);

/* scan.c: marks the atoms that are in these regions (bits) of what is folded; marks one. */
void scan_regions(struct matcher *m, uint32_t regions);
void scan_touch(struct matcher *m, uint32_t atom);

/*
 * texts.c: the transaction's texts searched; m->found tells which atoms are in them, until texts_forget(). The same from
 * what was read of them before; where that had no room, they are searched now, and `own` says the rest. Returns the
 * one of the two that counts.
 */
void texts_find(struct matcher *m, const struct tx *tx, struct match_texts *texts_r);
const struct match_texts *texts_take(struct matcher *m, const struct tx *tx, const struct match_texts *texts,
                                     struct match_texts *own);
void texts_forget(struct matcher *m);

/* marks.c: fills m->marks with the places that made `detect` hold, in order, apart. */
void marks_collect(struct matcher *m, const struct plan_detect *detect);

/* evidence.c: the hit's JSON into the arena; at NULL where it is full. */
struct slice evidence_write(struct matcher *m, const struct pattern *pattern, struct arena *arena);

#endif
