/*
 * The memory file that the parent and its children share, and the name by which a child knows itself.
 *
 *   memory file:  ┌───────┬───────────────────────────┬───────────────────────┐
 *                 │ board │ expressions, zero-ended   │ data base, serialised │
 *                 └───────┴───────────────────────────┴───────────────────────┘
 *                  all      parent, before the start    the child at all of them, before its end
 *
 * Three children work at the same time, each a worker of the board:
 *
 *   TRIER 0   each of expressions 0, 2, 4 … alone: names the guilty
 *   TRIER 1   each of expressions 1, 3, 5 … alone
 *   TOGETHER  all of them together: makes the data base, which is taken only where nobody was guilty
 *
 * Words need not be tried (searches.h). When each of 4,668 expressions had to be, that took 4.3 s of processor
 * time and the data base 2.5; so they work beside one another, and two cores are done in about half the time.
 * The triers yield to it, since it takes longest.
 */
#ifndef PATTERN_COMPILE_BOARD_H
#define PATTERN_COMPILE_BOARD_H

#include <stdatomic.h>
#include <stdint.h>

#include "pattern/compile.h"

#define COMPILE_CHILD_NAME "huqi: compiling patterns"

enum { COMPILE_CHILD_FD = 3 };

enum worker { TRIER_FIRST, TRIERS = 2, TOGETHER = TRIERS, WORKERS };

enum worker_state { WORKER_WORKING, WORKER_FAULTY, WORKER_DONE, WORKER_FAILED };

struct worker_board {
	/* owned by the parent, before the start */
	uint32_t first; /* a trier's next expression */
	uint64_t bytes_max; /* address space */
	/* owned by the child, read by the parent; all but `progress` after its end */
	_Atomic uint32_t progress; /* the expression at hand; `count`: all together, or behind the last */
	uint32_t state; /* enum worker_state */
	uint32_t fault_count;
	struct compile_fault faults[COMPILE_FAULTS_MAX];
	char failure[200];
};

struct board {
	/* owned by the parent, before the start */
	uint64_t board_bytes, input_bytes;
	uint32_t count, tried, cpu_s; /* tried: the first of them */
	uint64_t database_bytes; /* TOGETHER's, before its end */
	struct worker_board workers[WORKERS];
};

/* Notes a fault of a worker's expression; behind COMPILE_FAULTS_MAX no more are kept. In compile_child.c. */
void compile_board_fault(struct worker_board *worker, uint32_t expression, const char *text);

#endif
