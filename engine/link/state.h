/*
 * The inside of `link`: what the files of this room share.
 *
 * Everything kept lies in one region: a head with the tables, then cells of 64 bytes that are named by
 * their number, never by address. A snapshot is therefore a copy of the region, which another thread makes
 * and writes out while events go on; what they change in the meantime is copied before (touch()). Number 0
 * is no cell.
 *
 *   head ─┬─ slots      the rules met, by pattern and version
 *         ├─ keys       ─▶ struct link_key  ─▶ a run of struct key_event, by booking time     (keys.h)
 *         ├─ nodes      ─▶ struct link_node ─▶ runs of struct tie, by booking time ─▶ edges   (graph.h)
 *         ├─ infos      ─▶ struct link_info: names of an account, once for all its edges      (graph.h)
 *         └─ expiring   ─▶ events by the hour in which their window ends: what goes first     (expire.c)
 */
#ifndef LINK_STATE_H
#define LINK_STATE_H

#include "base/arena.h"
#include "link/link.h"
#include "link/pack.h"

enum {
	CELL_BYTES = 64,
	CELL_CLASSES = 16, /* runs of 1, 2, 4 … cells */
	CHAIN_BYTES = CELL_BYTES - sizeof(uint32_t),
	TABLE_KEYS = 1 << 20,
	TABLE_INFOS = 1 << 18,
	EXPIRING_HOURS = 101 * 366 * 24, /* from 2000 on */
	SLOTS_MAX = 256,
	PATHS_MAX = 1 + LINK_ALSO_MAX, /* of them for paths: an edge has a bit for each */
	SLOT_GUESSES = 256,
	SLOT_TEXT_BYTES = 64 + 16 + 2 * 300,
};

struct link_limits {
#define LIMIT(member, value, help) uint64_t member;
#include "link/link_limits.def"
#undef LIMIT
};

extern const struct link_limits link_limits_default;

/* A rule that was met: pattern, version and what it asks. */
struct slot {
	uint32_t serial; /* 0: free; serial % SLOTS_MAX is its place, so that an old one is told from a new one */
	uint32_t version, used_at; /* used_at: of head.sequence */
	uint64_t hash; /* of everything that makes it another rule */
	uint8_t audience, score, bit; /* bit: of a path's edges */
	struct link_rule rule; /* its slices are empty: the texts are below */
	uint16_t pattern_length, typology_length, zh_length, en_length;
	char texts[SLOT_TEXT_BYTES]; /* pattern, typology, titles, one behind the other */
	struct pack_like like; /* KEY: what the evidence of its events is compared with */
};

/* What stands in a list by the hour of its expiry; the first member of each such thing. */
struct timed {
	uint32_t newer, older, hour;
	uint8_t is_edge;
};

struct link_head {
	uint32_t high; /* cells from here on were never used */
	uint32_t used; /* cells in use */
	uint32_t free[CELL_CLASSES];
	uint32_t sequence; /* of puts; never 0 */
	uint32_t hour_first; /* no event expires before */
	int64_t newest_ms; /* latest booking time seen */
	uint32_t slot_round; /* makes serials */
	struct slot slots[SLOTS_MAX];
	uint32_t keys[TABLE_KEYS], nodes[TABLE_KEYS], infos[TABLE_INFOS];
	uint32_t expiring[EXPIRING_HOURS];
};

struct link_saver;
struct link_search;

struct link {
	struct link_head *head; /* owned: the region */
	unsigned char *cells; /* of it */
	uint32_t cells_most;
	int64_t lateness_ms;
	struct link_limits limits;
	struct link_search *search; /* owned: room for searches (path.h) */
	struct link_saver *saver; /* owned: a snapshot that is being written; NULL */
	uint8_t slot_guess[SLOT_GUESSES]; /* where a rule of that hash was last */
	/* of the put at hand */
	char packed[PACK_TEXT_MAX + PACK_MORE];
	struct arena *arena;
	link_report *report; /* NULL: nobody is told */
	void *context;
};

/*
 * Before anything of the region is changed: while a snapshot is copied, what is not copied yet is copied
 * first. Cells that were just taken are touched already; so is the head up to its tables.
 */
void saver_keep(struct link_saver *saver, size_t from, size_t bytes);

static inline void touch(struct link *link, const void *at, size_t bytes)
{
	if (link->saver != NULL)
		saver_keep(link->saver, (size_t)((const unsigned char *)at - (const unsigned char *)link->head), bytes);
}

static inline void *cell(const struct link *link, uint32_t at)
{
	return link->cells + (size_t)at * CELL_BYTES;
}

static inline void touch_cells(struct link *link, uint32_t at, unsigned class)
{
	touch(link, cell(link, at), (size_t)CELL_BYTES << class);
}

/* For tests: the same with other bounds. */
struct link *link_new_bounded(int64_t lateness_ms, const struct link_limits *limits);

/* cells.c: a run of 2^class cells, not cleared; 0 where there is no room. */
uint32_t cells_take(struct link *link, unsigned class);
void cells_give(struct link *link, uint32_t at, unsigned class);
/*
 * Texts as a chain of cells. Several pieces, one behind the other; 0 where there is no room or
 * nothing.
 */
uint32_t chain_put(struct link *link, const struct slice *pieces, size_t count);
void chain_get(const struct link *link, uint32_t at, char *out, size_t length);
void chain_give(struct link *link, uint32_t at);

/* expire.c: lists by the hour in which an event may go. */
void timed_add(struct link *link, uint32_t at, int64_t expires_ms);
/* To a later hour; an earlier one changes nothing. */
void timed_raise(struct link *link, uint32_t at, int64_t expires_ms);
void timed_remove(struct link *link, uint32_t at);
/* Lets go of what has expired, a little at a time, and of the oldest where there is no room for a put. */
void link_make_room(struct link *link);

/*
 * slots.c: the slot of a rule, made where it is new. Of PATHS_MAX rules that are asked for in one put none takes
 * another's place.
 */
struct slot *slots_ref(struct link *link, const struct link_passed *passed);
/* NULL where it is not, or no longer, there. */
struct slot *slot_by_text(const struct link *link, struct slice pattern, uint32_t version);
struct slot *slot_find(const struct link *link, uint32_t serial);
struct slice slot_text(const struct slot *slot, int which);
enum { SLOT_PATTERN, SLOT_TYPOLOGY, SLOT_ZH, SLOT_EN };

/* A number for a group, 63 bits, never 0. */
uint64_t link_group(const struct slot *slot, uint64_t what);

/* report.c: completes what the slot knows of a hit, and reports it. */
void link_tell(struct link *link, const struct slot *slot, struct hit *hit, uint64_t group);
/* evidence.c: a path's hit as JSON, into the arena. */
struct slice path_evidence(const struct slot *slot, const struct hit *hit, struct arena *arena);

static inline uint64_t mix(uint64_t a, uint64_t b)
{
	uint64_t x = (a ^ b * UINT64_C(0x9E3779B97F4A7C15)) + UINT64_C(0x632BE59BD9B4E019);

	x = (x ^ x >> 32) * UINT64_C(0xD6E8FEB86659FD93);
	x = (x ^ x >> 32) * UINT64_C(0xD6E8FEB86659FD93);
	return x ^ x >> 32;
}

#endif
