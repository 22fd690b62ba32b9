/*
 * A pattern set while it is built: what the parts of patterns ask for is collected here, each expression
 * once.
 */
#ifndef PATTERN_BUILDER_H
#define PATTERN_BUILDER_H

#include "pattern/faults.h"
#include "pattern/needs.h"
#include "pattern/plan.h"
#include "pattern/question.h"
#include "pattern/regex.h"
#include "pattern/searches.h"
#include "pattern/source.h"
#include "pattern/glossary.h"

enum {
	BUILDER_ARENA_BYTES_MAX = 512 << 20,
	BUILDER_SCRATCH_BYTES_MAX = 4 << 20, /* for the words of one expression; one with more is searched as it is */
	BUILDER_WAYS_MAX = 300000, /* ways and their words, of all expressions; those behind as many are searched as they are */
	TEXT_ENTRIES_MAX = 2000, /* of one list */
	TEXT_LITERAL_BYTES_MAX = 512, /* folded */
};

/* An expression in a region, before it is compiled. */
struct builder_atom {
	struct plan_atom plan;
	struct slice bytes; /* as Hyperscan would have it: what tells one from another */
	struct regex_ways ways; /* to it; the set's */
	const struct slice *words; /* one of them is in whatever it matches; the set's */
	uint32_t word_count; /* 0: that cannot be told */
	const char *file; /* where it first stood */
	int line, column;
	uint32_t next_same_hash; /* + 1; 0: none */
};

struct builder_gate {
	uint32_t atom, pattern;
};

struct builder {
	struct pattern_set *set; /* being filled */
	struct faults *faults;
	const char *dir; /* goes before a file's name in faults; NULL: nothing does */
	struct builder_atom *atoms; /* owned */
	uint32_t atom_count, atom_capacity;
	struct builder_gate *gates; /* owned */
	uint32_t gate_count, gate_capacity;
	uint32_t *buckets; /* owned: atoms by hash, + 1 */
	uint32_t pattern_capacity;
	struct slice *lists; /* the set's, while it may still grow */
	struct questions questions; /* of all conditions */
	struct needs needs; /* the same */
	struct searches searches;
	struct glossary words, conditions;
	struct arena scratch; /* of the expression at hand */
	uint32_t ways_size; /* of all ways (regex_ways_size) */
	bool run_all, explain, weakened;
};

/* What a part's reader works with. */
struct reader {
	struct builder *builder;
	struct source *source;
	const char *file; /* its name, below the patterns' folder */
	const struct pattern *pattern; /* what was read of it before: its names */
	const struct yaml_node *detect; /* the map of parts that is being read */
	struct weakening *weakening; /* leaves a condition out (weaken.h); NULL: never */
	bool running; /* else the part is only checked */
	int depth; /* of any_of */
	int list_depth; /* of lists of words */
};

void builder_init(struct builder *builder, struct pattern_set *set, struct faults *faults);
void builder_deinit(struct builder *builder);

/* A fault of a file that is no longer open; line 0: of the whole file. */
void builder_fault(struct builder *builder, const char *file, int line, int column, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/* Appends an empty pattern to the set. */
struct pattern *builder_pattern(struct builder *builder);

/* The region of these fields (one, or purpose and remark); -1 where there are too many. */
int builder_region(struct builder *builder, const uint8_t *fields, uint8_t field_count);

/* The number of an expression in a region, added where it is new. `atom` has plan and bytes filled in. */
uint32_t builder_atom(struct builder *builder, const struct builder_atom *atom);

/*
 * The number of the list `name` in the set's lists, added where it is new. -1 where no list can have this name
 * or there are too many; `why_r` then says what was expected. It notes of the pattern being read that it asks
 * the stop-payment list.
 */
int builder_list(struct builder *builder, struct slice name, const char **why_r);

/* The kind of list (enum reference_kind) that a field is looked up in; -1: none (part_list.c). */
int builder_list_kind(uint8_t field);

/* Hangs a running pattern on the atoms without which it cannot hit; false where there are none (it is
 * open). */
bool builder_gate(struct builder *builder, const struct plan_detect *detect, uint32_t pattern);

/* Sorts the patterns by id; reports ids that stand twice. */
void builder_sort(struct builder *builder);

/* Gives the set its atoms, gates and regions' lists. The data bases are still missing. */
void builder_finish(struct builder *builder);

/* Reads `detect`, or one alternative of any_of (detect.c). */
void detect_read(struct reader *reader, const struct yaml_node *map, struct plan_detect *detect_r);

/* The readers of the parts, one for each line of parts.def. They report faults and return false then. */
#define PART(symbol, key, member) \
	bool part_##member##_read(struct reader *reader, const struct yaml_node *node, struct plan_part *part_r);
#include "pattern/parts.def"
#undef PART

/* One file → one pattern of the set (read_pattern.c). */
void pattern_read(struct builder *builder, struct source *source, const char *file);

#endif
