/*
 * Money on its way: accounts are nodes, payments edges, from the payer to the payee.
 *
 * An account is the hash of its number alone, since one leg of a transfer may lack the other side's bank.
 * Both legs may be there, as two edges between the same nodes (twins): widths are counted in accounts, sums
 * by one side's legs, so that a transfer never counts twice.
 *
 * All path rules share the graph: an edge has a bit for each rule whose own part it passed.
 */
#ifndef LINK_GRAPH_H
#define LINK_GRAPH_H

#include "link/state.h"

enum { EDGE_CLASS = 1, EDGE_ID_BYTES = 48, HIT_CELL_GROUPS = 3, INFO_FIRST_BYTES = 28 };

/* An edge as its node lists it, by booking time, with what decides mostly whether it is looked at. */
struct tie {
	uint32_t second, edge;
	uint32_t other; /* the node at its other end */
	uint32_t rules; /* the edge's */
};

/* Of one direction. Most accounts are met once: the first tie of a node stands in the node itself. */
struct ties {
	uint32_t run; /* 0: none, or the node's lone one */
	uint16_t count;
	uint8_t class; /* of the run */
	uint8_t lone_at; /* bytes from here to the node's lone tie */
};

/* Names of the account as it has them itself, and as others call it: those told first. */
enum { NAMES_OWN, NAMES_PARTY };

struct link_node {
	uint64_t account;
	uint32_t next; /* of the same hash */
	struct ties out, in;
	struct {
		uint32_t hash, info; /* 0: none yet */
	} names[2];
	struct tie lone; /* of the ties that have one and no run, if there are any */
};

/*
 * Names of an account, as its bank or the other side told them, once for all its edges. Those told first
 * belong to the node; others, which are few, stand in a table and count their edges.
 */
struct link_info {
	uint64_t hash[2];
	uint32_t next, users, texts; /* texts: a chain: what is over INFO_FIRST_BYTES */
	uint16_t lengths[4]; /* bank, account, its name, enterprise */
	char first[INFO_FIRST_BYTES];
};

struct link_edge {
	struct timed timed;
	uint32_t from, to; /* nodes */
	uint32_t own, party; /* infos */
	uint32_t rules, listed; /* a bit a path slot: takes part; its payee is on that rule's list */
	uint32_t hits; /* cells of struct edge_hits */
	uint32_t more; /* a chain: what is over EDGE_ID_BYTES of the transaction's id */
	uint16_t id_length;
	bool credit, party_is_company;
	uint64_t id; /* hash of bank, account and transaction */
	int64_t booked_ms, amount_minor;
	char tx_id[EDGE_ID_BYTES];
};

/* For which rules an edge hits, and in which group. */
struct edge_hits {
	uint32_t next, count;
	struct edge_hit {
		uint64_t group;
		uint32_t serial, completed_by;
	} items[HIT_CELL_GROUPS];
};

_Static_assert(sizeof(struct link_edge) <= CELL_BYTES << EDGE_CLASS, "an edge is two cells");
_Static_assert(sizeof(struct link_node) <= CELL_BYTES && sizeof(struct link_info) <= CELL_BYTES &&
               sizeof(struct edge_hits) <= CELL_BYTES, "they are one cell");

static inline struct link_edge *edge_at(const struct link *link, uint32_t at)
{
	return cell(link, at);
}

static inline struct link_node *node_at(const struct link *link, uint32_t at)
{
	return cell(link, at);
}

static inline const struct tie *ties_of(const struct link *link, const struct ties *ties)
{
	const void *lone = (const char *)ties + ties->lone_at;

	return ties->run != 0 ? cell(link, ties->run) : ties->count > 0 ? lone : NULL;
}

static inline uint32_t second_of(int64_t ms)
{
	return ms > 0 ? (uint32_t)(ms / 1000) : 0;
}

/* The first of them in that second or later. */
uint32_t ties_from(const struct link *link, const struct ties *ties, uint32_t second);

/* The rules that a transaction passed, by their slots' bits, and the longest of their windows. */
struct edge_rules {
	uint32_t passed, listed;
	int64_t within_ms;
};

/*
 * Puts the event's edge in, or gives an edge that is there the rules' bits; those that it had already are known. 0
 * where there is no room.
 */
uint32_t graph_put(struct link *link, const struct link_event *event, const struct edge_rules *rules,
                   uint32_t *known_r);
void graph_prefetch(const struct link *link, const struct link_event *event, int stage);
void graph_forget(struct link *link, uint32_t edge);
/* The slot goes: no edge belongs to it any more. */
void graph_forget_rule(struct link *link, const struct slot *slot);

/*
 * The hit of an edge for a rule; NULL where it has none. Made by edge_hit_make(), which may find no
 * room.
 */
struct edge_hit *edge_hit_find(const struct link *link, uint32_t edge, uint32_t serial);
struct edge_hit *edge_hit_make(struct link *link, uint32_t edge, uint32_t serial);

/* The texts of an edge's hit, in `arena`; false where that is full. */
bool edge_hit_texts(const struct link *link, uint32_t edge, struct arena *arena, struct hit *hit_r);

typedef int graph_visit(void *context, uint32_t edge);
int graph_each(const struct link *link, graph_visit *visit, void *context);

#endif
