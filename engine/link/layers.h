/*
 * Two layers of payments around one payer, the centre: his payees, and who else pays them or whom they pay.
 *
 * Windows begin at payments of the first layer. What holds in one of them holds in all the time that windows with the
 * new edge may cover, too, since more transactions never undo a shape: so that is asked first, once, and mostly ends
 * the search.
 */
#ifndef LINK_LAYERS_H
#define LINK_LAYERS_H

#include "link/path.h"

/* Bits of a node's mark. */
enum { LAYER_PAYEE = 1, LAYER_PAYER = 2, LAYER_END = 4, LAYER_COUNTED = 8, LAYER_TOLD = 16, LAYER_PAID_TWICE = 32 };

/* All the time that windows with the new edge may cover. */
int64_t layer_begin_least(const struct link_search *s);
int64_t layer_end_most(const struct link_search *s);

/*
 * Everything that is paid to (or by) the payees of `centre`: each payee's once. False where there are fewer than
 * `least` payees, or no room.
 */
bool layer_collect(struct link_search *s, uint32_t centre, bool onward, uint32_t least, struct legs *legs);

bool layer_in_window(const struct leg *leg, int64_t begin_ms, int64_t until_ms);

/* Sets bits of a node's mark; `n` counts the nodes that did not have them. */
void layer_count(struct link_search *s, uint32_t node, uint32_t as, uint32_t *n);

/* For qsort: payer, payee, time. */
int layer_by_pair(const void *a, const void *b);

/*
 * Each window that begins at a payment of s->first which `belongs` to the shape in all the time that windows may cover:
 * a shape's earliest payment is one of them. To be called while the marks are those of all that time.
 */
typedef bool layer_belongs(struct link_search *s, uint32_t centre, const struct leg *leg, int64_t begin_ms,
                           int64_t until_ms);
typedef void layer_look(struct link_search *s, uint32_t centre, int64_t begin_ms, uint64_t group);
void layer_windows(struct link_search *s, uint32_t centre, layer_belongs *belongs, layer_look *look);

#endif
