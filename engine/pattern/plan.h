/*
 * The compiled form of a pattern set: what `match` walks for each transaction. Immutable after the load, but
 * for the hit counters. match.h's only door into this room; nobody else needs it.
 *
 *   transaction ─▶ regions of folded text ─▶ one scan a region ─▶ words ─▶ atoms ─▶ patterns waiting for them
 *               ─▶ direction, amount, kind … ─▶ the gate (gate_rows.h) │
 *                                               waiting + open patterns, AND the gate ─▶ parts ─▶ hits
 *
 * An atom is one expression in one region. The scan looks for words, which are atoms or clues to some (searches.h).
 * Patterns that cannot hit without some atom hang on those atoms' gates and cost nothing until one is found; the
 * others ("open") are candidates for every transaction that the gate lets through to them.
 */
#ifndef PATTERN_PLAN_H
#define PATTERN_PLAN_H

#include <stdatomic.h>

#include <hs.h>

#include "base/arena.h"
#include "base/link_event.h"
#include "base/tx.h"
#include "pattern/gate_rows.h"
#include "pattern/glance.h"
#include "pattern/pattern.h"
#include "pattern/program.h"
#include "pattern/sequence.h"

enum {
	PLAN_REGIONS_MAX = 32,
	PLAN_ATOMS_MAX = 50000, /* expressions by region */
	PLAN_DEPTH_MAX = 4, /* any_of within any_of */
	PLAN_LISTS_MAX = 256,
	PLAN_CLUES_MAX = 4, /* of a way to an atom */
};

/* Text that is searched as one: purpose and remark joined, or one field. Fields in the order of
 * tx_fields.def. */
struct plan_region {
	uint8_t fields[2];
	uint8_t field_count;
	const struct plan_search *searches; /* by number in the data base */
	uint32_t search_count, tried_count; /* the first that many are expressions, which must be tried; behind them words */
	const uint32_t *levelled; /* behind all of them, these searches once more: those that tell digits apart, levelled */
	uint32_t levelled_count;
	hs_database_t *database; /* owned */
	const struct plan_glance *glance; /* NULL: every text must be searched */
};

/* What is known of a text where this is found in it. */
struct plan_search {
	const uint32_t *targets; /* the atoms, then the clues */
	uint32_t atom_count, clue_count;
};

/* Words of which one must be there; found, it leads to atoms. */
struct plan_clue {
	const struct plan_way *ways;
	uint32_t way_count;
};

/* Where these clues are there too, the atom may be. */
struct plan_way {
	uint32_t atom;
	uint32_t others[PLAN_CLUES_MAX - 1], other_count;
};

struct plan_atom {
	uint8_t region;
	bool tells_digits; /* of an expression: with other digits in a text it may be found or not */
	bool guarded; /* a short ASCII word: must stand alone in the raw text (fold.h) */
	struct slice literal; /* folded; empty for a regular expression */
	const struct regex_program *program; /* to find where a regular expression matched */
	const uint32_t *gates; /* running patterns to look at when this atom is found; ascending */
	uint32_t gate_count;
};

/* One entry of a text part: found where any of its atoms is (one for each region of `in`). */
struct plan_entry {
	const uint32_t *atoms;
	uint32_t atom_count;
};

/* Atoms as bits, 64 a word, and only the words that have some: to ask at once whether one of hundreds was found. */
struct plan_bits {
	const struct plan_word {
		uint32_t number; /* of its first atom, in 64s */
		uint64_t bits;
	} *words;
	uint32_t word_count;
	uint64_t sieve; /* plan_sieve() of them all */
};

struct plan_text {
	const struct plan_entry *any, *all, *none;
	uint32_t any_count, all_count, none_count;
	struct plan_bits any_bits, none_bits; /* their atoms */
};

/*
 * Atoms as bits that some share: where two sets have no bit in common they have no atom in common. A pattern's atoms
 * mostly stand together, so neighbours share one.
 */
static inline uint64_t plan_sieve(uint32_t atom)
{
	return UINT64_C(1) << atom / 8 % 64;
}

/* A text field looked up in a named list. */
struct plan_list_entry {
	uint8_t field; /* enum tx_field */
	uint8_t kind; /* enum reference_kind */
	uint16_t list; /* of pattern_set.lists */
};

/* What others must do, too; only at the top of `detect`, at most one a pattern. */
struct plan_link {
	struct link_rule rule;
	uint8_t by;    /* KEY: enum tx_field; for a name, folded */
	uint16_t list; /* TO_LISTED: of pattern_set.lists */
};

/* All parts must hold. Each kind is a line of parts.def. */
struct plan_detect {
	const struct plan_part *parts;
	uint32_t part_count;
};

enum plan_part_kind {
#define PART(symbol, key, member) PART_##symbol,
#include "pattern/parts.def"
#undef PART
	PART_KIND_COUNT
};

struct plan_part {
	enum plan_part_kind kind;
	union {
		struct plan_text text;
		const struct program *where;
		struct plan_list {
			const struct plan_list_entry *items; /* one that is found is enough */
			uint32_t count;
		} list;
		const struct plan_sequence *sequence;
		const struct plan_link *link; /* of LINK and PATH: true here, decided by `link` */
		struct plan_alternatives {
			const struct plan_detect *items;
			uint32_t count;
			uint32_t first; /* in the gate (gate_rows.h): the number of the first, the others follow */
		} any_of;
	};
};

/* What others must do, too; NULL where the pattern decides alone. */
static inline const struct plan_link *detect_link(const struct plan_detect *detect)
{
	/* They stand last, in the order of parts.def. */
	const struct plan_part *last = detect->part_count > 0 ? &detect->parts[detect->part_count - 1] : NULL;

	return last != NULL && (last->kind == PART_LINK || last->kind == PART_PATH) ? last->link : NULL;
}

struct pattern_set {
	_Atomic unsigned users;
	struct arena arena; /* owns everything below but the data bases and scratch */
	struct pattern *patterns; /* by id */
	uint32_t pattern_count;
	uint32_t alternative_count; /* numbers that running patterns' any_of have in the gate */
	const uint64_t *open; /* running patterns without text to wait for: a bit each */
	uint32_t open_count;
	const uint32_t *withholding; /* active patterns that withhold warnings */
	uint32_t withholding_count;
	struct plan_gate gate;
	struct plan_region regions[PLAN_REGIONS_MAX];
	uint32_t region_count;
	struct plan_atom *atoms;
	uint32_t atom_count;
	const struct plan_clue *clues;
	uint32_t clue_count;
	const struct slice *lists; /* names of the lists that patterns ask */
	uint32_t list_count;
	const struct program_question *questions; /* what conditions ask of accounts' memories, each once */
	uint32_t question_count;
	uint32_t need_count; /* what patterns need of a transaction, each different condition once (needs.h) */
	uint32_t fields_folded; /* bit 1 << tx_field for each that some region wants */
	uint32_t program_longest; /* instructions of the longest regex program */
	hs_scratch_t *scratch; /* owned; the prototype for every database */
	int64_t rates[256]; /* CNY micros by currency, 0: none */
	/* By pattern; the one thing that changes. */
	struct plan_counters {
		_Atomic uint64_t hits, looked, sampled, sampled_ns;
	} *counters;
	bool explains; /* conditions are kept apart (pattern_options.explain) */
	struct pattern_set_facts facts;
};

/* An amount in minor units of its currency in minor units of CNY; TX_ABSENT where there is no rate. */
int64_t plan_amount_cny(const struct pattern_set *set, int64_t minor, uint8_t currency);

_Static_assert(TX_FIELD_COUNT <= 32, "fields_folded has a bit for each field");

#endif
