/*
 * Shapes that money draws. Each is defined so that more transactions never undo it: what hits is a function
 * of the set of transactions, and a shape is found when its last transaction comes, whichever that is (I2).
 * All of a shape lies within the rule's window.
 *
 *   cycle            a → b → … → a, hops in order of time, each amount near the one before       chains.c
 *   ring             a → b → … → a, hops in any order, all amounts near one another                ring.c
 *   to-listed        a → b → listed, the same                                                    chains.c
 *   chain            a → b → …, hops in a row, the same                                         chains.c
 *   scatter-gather   a → m1..mn → b, each mi paid before it pays                                  fans.c
 *   gather-scatter   p1..pn → a → q1..qn, all payers before all payees                            fans.c
 *   stack            some a pays b1..bn, each pays on; they have n payers and n payees in all     stack.c
 *   bipartite        some p pays q1..qn, and n payers (it is one) pay two of them or more         bipartite.c
 *
 * A search looks from the new edge at its neighbours only, step by step up to steps_max; where an account
 * has no counterpart edges it ends at once.
 */
#ifndef LINK_PATH_H
#define LINK_PATH_H

#include "link/graph.h"

enum {
	LEGS_MAX = 4096, /* edges that one shape looks at */
	MARKS = 1 << 15, /* more than the accounts of two layers */
	TWIN_MS = 10 * 60 * 1000, /* by how much two banks book the legs of one transfer apart */
};

struct leg {
	int64_t booked_ms, amount_minor;
	uint32_t edge, from, to;
	bool credit;
};

struct legs {
	struct leg *items; /* LEGS_MAX */
	uint32_t count;
};

/* Of a node, as long as the stamp is the current one. */
struct mark {
	uint32_t node, stamp, value;
};

struct link_search {
	struct link *link;
	const struct slot *slot;
	uint32_t edge; /* the new one */
	int64_t booked_ms; /* its */
	bool again; /* it was there: says again what it completes */
	bool full;
	uint64_t steps;
	struct legs first, second, third; /* owned */
	uint32_t *nodes; /* owned: LEGS_MAX accounts to look at */
	struct mark *marks; /* owned */
	uint32_t stamp;
};

struct link_search *search_new(void);
void search_free(struct link_search *search);

/* `first`: the rule of the event itself; it may have others. */
void path_put(struct link *link, const struct link_passed *first, const struct link_event *event);

/* True where the search must end. */
bool search_step(struct link_search *s, uint64_t steps);
/* The edge belongs to a shape of this group. Its twin, the other bank's leg of the transfer, too. */
void search_found(struct link_search *s, uint32_t edge, uint64_t group);
/* May money that came by `before` have gone on by `after`? */
bool search_follows(const struct link_search *s, const struct link_edge *before,
                    const struct link_edge *after);
/* Does the rule have such a payment behind (or before) this one, in all the time that windows with it may cover? */
bool search_goes_on(struct link_search *s, const struct link_edge *edge);
bool search_came_in(struct link_search *s, const struct link_edge *edge);
bool search_near(const struct link_search *s, int64_t before_minor, int64_t after_minor);
/* The rule's edges among `ties` booked in [from_ms, to_ms], appended. False where there is no room. */
bool search_collect(struct link_search *s, const struct ties *ties, int64_t from_ms, int64_t to_ms,
                    struct legs *legs);
/* Fresh marks; a node's mark, 0 at first, for as many nodes as MARKS is sized for; the same of any node, to be read. */
void marks_clear(struct link_search *s);
uint32_t *mark_of(struct link_search *s, uint32_t node);
uint32_t mark_seen(const struct link_search *s, uint32_t node);

void find_chains(struct link_search *s);
void find_rings(struct link_search *s);
void find_scatter_gather(struct link_search *s);
void find_gather_scatter(struct link_search *s);
void find_stack(struct link_search *s);
void find_bipartite(struct link_search *s);

#endif
