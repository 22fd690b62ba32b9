/*
 * A program while it is written: what condition_emit.c, condition_emit_call.c and condition_facts.c share.
 */
#ifndef PATTERN_CONDITION_EMIT_H
#define PATTERN_CONDITION_EMIT_H

#include "pattern/condition.h"
#include "pattern/needs.h"

enum { CONDITION_APART_MAX = 64 };

struct emitter {
	struct condition_context *context;
	struct program_op ops[PROGRAM_OPS_MAX];
	struct program_fact facts[PROGRAM_FACTS_MAX];
	const struct condition_node *fact_nodes[PROGRAM_FACTS_MAX];
	uint8_t fact_of[PROGRAM_OPS_MAX];
	struct program_apart apart[CONDITION_APART_MAX];
	struct program_need needs[CONDITION_APART_MAX];
	uint32_t op_count, fact_count, apart_count, need_count;
	bool reversed; /* within an odd number of `not` */
	int depth, depth_most; /* numbers on the stack */
	bool full;
	bool questions_full;
};

/* Appends an op; its place. */
uint32_t emit_op(struct emitter *e, struct program_op op);
void emit_node(struct emitter *e, const struct condition_node *node);
void emit_field(struct emitter *e, const struct condition_node *node);
void emit_call(struct emitter *e, const struct condition_node *node);
/* The texts of siblings from `node` on. */
struct slice *emit_texts(struct emitter *e, const struct condition_node *node, uint16_t *count_r);
void *emit_take(struct emitter *e, size_t bytes);

/* What a call asks of the account's memory; false where it asks nothing. */
bool emit_question(const struct condition_node *call, struct program_question *question_r);

/* condition_order.c: the conditions that the outermost `and`s join, the cheapest first. */
struct condition_outermost {
	const struct condition_node *nodes[CONDITION_APART_MAX];
	unsigned costs[CONDITION_APART_MAX];
	uint32_t count;
};
void condition_order(const struct condition_node *root, struct condition_outermost *all_r);

/* condition_facts.c: which nodes are facts and what they are called, once each. */
void facts_find(struct emitter *e, const struct condition_node *node);
/* The op that comes next looks at this node: remembers it where the node is a fact. */
void facts_mark(struct emitter *e, const struct condition_node *node);

#endif
