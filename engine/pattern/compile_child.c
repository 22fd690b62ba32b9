/*
 * The compiler behind a wall: what a child does. compile_board.h draws what it shares with its parent.
 *
 * A trier sets `progress` before each expression. The parent looks every few milliseconds: an expression that
 * takes the processor for too long is a bomb; the trier is killed, the bomb named, and a new one goes on behind it.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "pattern/compile_board.h"

#if defined(__has_feature)
#define HAS_FEATURE(x) __has_feature(x)
#else
#define HAS_FEATURE(x) 0
#endif

/* Sanitizers map terabytes at start, so their builds go without the limit on address space. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || HAS_FEATURE(address_sanitizer) || \
	HAS_FEATURE(thread_sanitizer)
enum { ADDRESS_SPACE_LIMITED = 0 };
#else
enum { ADDRESS_SPACE_LIMITED = 1 };
#endif

enum { TRIER_NICE = 5 };

void compile_board_fault(struct worker_board *worker, uint32_t expression, const char *text)
{
	if (worker->fault_count == COMPILE_FAULTS_MAX)
		return;
	worker->faults[worker->fault_count].expression = expression;
	snprintf(worker->faults[worker->fault_count++].text, sizeof(worker->faults[0].text), "%s", text);
}

static void limit(int resource, uint64_t most)
{
	struct rlimit value = {.rlim_cur = most, .rlim_max = most};

	setrlimit(resource, &value);
}

static void confine(const struct board *board, const struct worker_board *worker)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	close_range(COMPILE_CHILD_FD + 1, ~0u, 0); /* the service's sockets and files are not ours */
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_CPU, board->cpu_s);
	if (ADDRESS_SPACE_LIMITED)
		limit(RLIMIT_AS, worker->bytes_max);
}

/* One expression alone: bounded, compiles, and is not too large. */
static void try_alone(struct worker_board *worker, uint32_t number, const char *expression)
{
	hs_expr_info_t *info = NULL;
	hs_compile_error_t *error = NULL;
	hs_database_t *database = NULL;
	size_t bytes = 0;

	if (hs_expression_info(expression, COMPILE_FLAGS, &info, &error) != HS_SUCCESS ||
	    hs_compile(expression, COMPILE_FLAGS, HS_MODE_BLOCK, NULL, &database, &error) != HS_SUCCESS) {
		compile_board_fault(worker, number, error != NULL ? error->message : "not compiled");
		hs_free_compile_error(error);
	} else if (info->max_width == UINT32_MAX) {
		compile_board_fault(worker, number, "matches texts of any length");
	} else if (hs_database_size(database, &bytes) != HS_SUCCESS || bytes > COMPILE_EXPRESSION_BYTES_MAX) {
		compile_board_fault(worker, number, "too large when compiled; repeat less, or use smaller classes");
	}
	free(info);
	hs_free_database(database);
}

static void try_each(const struct board *board, struct worker_board *worker, const char *const *expressions)
{
	/* So many faults are enough to refuse it: nobody waits for the rest of a file of bombs. */
	for (uint32_t i = worker->first; i < board->tried && worker->fault_count < COMPILE_FAULTS_MAX; i += TRIERS) {
		atomic_store(&worker->progress, i);
		try_alone(worker, i, expressions[i]);
	}
	atomic_store(&worker->progress, board->count);
	worker->state = worker->fault_count > 0 ? WORKER_FAULTY : WORKER_DONE;
}

static void fail(struct worker_board *worker, const char *why)
{
	worker->state = WORKER_FAILED;
	snprintf(worker->failure, sizeof(worker->failure), "%s", why);
}

static void hand_over(struct board *board, struct worker_board *worker, hs_database_t *database)
{
	char *bytes;
	size_t length, done = 0;
	off_t at = (off_t)(board->board_bytes + board->input_bytes);

	if (hs_serialize_database(database, &bytes, &length) != HS_SUCCESS) {
		fail(worker, "out of memory: the compiled patterns");
		return;
	}
	while (done < length) {
		ssize_t wrote = pwrite(COMPILE_CHILD_FD, bytes + done, length - done, at + (off_t)done);
		if (wrote <= 0) {
			fail(worker, "no memory for the compiled patterns");
			return;
		}
		done += (size_t)wrote;
	}
	board->database_bytes = length;
	worker->state = WORKER_DONE;
}

static void compile_all(struct board *board, struct worker_board *worker, const char *const *expressions)
{
	unsigned *flags = calloc(board->count, sizeof(*flags)), *ids = calloc(board->count, sizeof(*ids));
	hs_database_t *database = NULL;
	hs_compile_error_t *error = NULL;

	if (flags == NULL || ids == NULL) {
		fail(worker, "out of memory: compiling patterns");
		return;
	}
	for (uint32_t i = 0; i < board->count; i++) {
		flags[i] = COMPILE_FLAGS;
		ids[i] = i;
	}
	if (hs_compile_multi(expressions, flags, ids, board->count, HS_MODE_BLOCK, NULL, &database, &error) !=
	    HS_SUCCESS)
		fail(worker, error != NULL ? error->message : "not compiled");
	else
		hand_over(board, worker, database);
}

static int child_work(uint32_t number)
{
	uint64_t size = (uint64_t)lseek(COMPILE_CHILD_FD, 0, SEEK_END);
	struct board *board = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, COMPILE_CHILD_FD, 0);
	struct worker_board *worker;
	const char **expressions, *at;

	if (board == MAP_FAILED || number >= WORKERS)
		return 1;
	worker = &board->workers[number];
	confine(board, worker);
	expressions = calloc(board->count, sizeof(*expressions));
	if (expressions == NULL)
		return 1;
	at = (const char *)board + board->board_bytes;
	for (uint32_t i = 0; i < board->count; i++, at += strlen(at) + 1)
		expressions[i] = at;
	if (number == TOGETHER) {
		compile_all(board, worker, expressions);
	} else {
		/* The data base takes longest, and gets a core of its own where there are two. */
		(void)setpriority(PRIO_PROCESS, 0, TRIER_NICE);
		try_each(board, worker, expressions);
	}
	return 0;
}

/* Before main(), in whatever program this is linked into: are we a child? Who calls compile_board_fault() has it too. */
__attribute__((constructor)) static void child_begin(int argc, char **argv)
{
	if (argc == 2 && argv != NULL && argv[0] != NULL && strcmp(argv[0], COMPILE_CHILD_NAME) == 0)
		_exit(child_work((uint32_t)(argv[1][0] - '0')));
}
