/*
 * A transaction that passed a pattern's own part and waits for what other accounts do: it goes from the
 * shard to the desk beside the hits, where `link` decides (design.md sections 1 and 6). Which hits come
 * out is the same in whatever order the events of different partitions arrive (I2).
 */
#ifndef BASE_LINK_EVENT_H
#define BASE_LINK_EVENT_H

#include "base/hit.h"

enum link_kind { LINK_KEY, LINK_PATH };

/* What is counted behind one key. */
enum link_distinct { LINK_ENTERPRISES, LINK_ACCOUNTS, LINK_BANKS, LINK_PARTIES };

/* Money paths, drawn in link/path.c. */
enum link_shape {
	LINK_CYCLE,          /* a → b → … → a */
	LINK_SCATTER_GATHER, /* one → many → one */
	LINK_GATHER_SCATTER, /* many → one → many */
	LINK_STACK,          /* many → many → many, layer by layer */
	LINK_BIPARTITE,      /* many → many */
	LINK_TO_LISTED,      /* a → b → an account on a list */
	LINK_CHAIN,          /* a → b → c → … */
	LINK_RING,           /* a → b → … → a, in any order of time */
	LINK_SHAPES
};

/* What a pattern asks. Its texts live as long as its set; `link` copies what it keeps. */
struct link_rule {
	uint8_t kind, distinct, shape; /* enums above */
	uint8_t hops_least, hops_most; /* CYCLE, RING, TO_LISTED, CHAIN, which has both the same */
	bool told;                     /* SCATTER_GATHER, BIPARTITE: only accounts of which a bank tells are its ends */
	uint32_t at_least;             /* KEY: different ones; shapes: the width of the fan */
	uint32_t count_least;          /* KEY: transactions; 0: not asked */
	int64_t sum_least_minor;       /* KEY: CNY; 0: not asked */
	int64_t within_ms;
	uint32_t tolerance_permille; /* PATH: by how much the amount may change on its way; LINK_TOLERANCE_ANY */
	struct slice pattern, typology, title_zh, title_en; /* the pattern's */
};

#define LINK_TOLERANCE_ANY UINT32_MAX
#define LINK_AT_LEAST_MAX 200
#define LINK_HOPS_MAX 12
#define LINK_WITHIN_MAX_MS (INT64_C(14) * 24 * 3600 * 1000)

/* A rule whose own part a transaction passed, and what a hit has from its pattern. */
struct link_passed {
	const struct link_rule *rule; /* borrowed, as long as the batch */
	uint32_t version;
	uint8_t audience, score;
	bool listed; /* PATH: the payee is on the rule's list */
};

#define LINK_ALSO_MAX 31 /* further rules of one event */

struct link_event {
	struct hit hit; /* what is raised when the rule is met; `link` fills its group, and for a path id and evidence */
	const struct link_rule *rule; /* borrowed, as long as the batch */
	/*
	 * PATH: a transaction is one edge for all the rules whose own part it passed. The hit, `rule` and `listed` are
	 * the first one's, these the others; borrowed likewise.
	 */
	const struct link_passed *also;
	uint32_t also_count;
	uint64_t key; /* KEY: hash of what is shared (account, name, ip, mac, device) */
	uint64_t who; /* KEY: hash of what is counted */
	uint64_t from, to; /* PATH: hashes of the payer's and the payee's account numbers */
	bool credit; /* PATH: told by the payee's bank; else by the payer's */
	bool listed; /* PATH: the payee is on the rule's list */
	bool replayed; /* decided before a restart, read again: rebuilds what is known, reports nothing of its own */
};

#endif
