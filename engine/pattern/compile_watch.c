/*
 * The compiler behind a wall: the parent, who starts its children, watches them, and takes their result.
 *
 *   a trier   WORKING ── through ──▶ FAULTY or DONE
 *                │ ▲
 *                ▼ │ takes too long, or dies: what it had at hand is guilty; anew behind it
 *   TOGETHER  WORKING ── through ──▶ DONE or FAILED
 *                └── takes too long, dies, or a trier found somebody guilty: ended
 *
 * Its failure counts only when every trier is through and found nobody guilty.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "pattern/compile_board.h"

enum {
	LOOK_MS = 10,
	/* On the clock on the wall a child may take this many times longer than on the processor, and to start. */
	WALL_FACTOR = 10,
	START_MS = 5000,
};

/* Where a watched child stood when its progress last moved. */
struct stand {
	uint32_t at;
	int64_t cpu_ms, wall_ms;
};

struct child {
	pid_t pid; /* 0: not running */
	int fd; /* a pidfd; -1: this kernel has none, and a look at the clock must do */
	bool killed;
	struct stand stand;
};

struct watch {
	struct board *board; /* mapped */
	uint64_t size;
	int fd;
	const struct compile_limits *limits;
	struct child children[WORKERS];
	uint32_t bombs;
};

static uint64_t page_up(uint64_t bytes)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);

	return (bytes + page - 1) / page * page;
}

/* What all children together may take: half is for the data base, the rest for the triers. */
static void share_memory(struct board *board, uint64_t bytes_max)
{
	board->workers[TOGETHER].bytes_max = bytes_max / 2;
	for (uint32_t i = 0; i < TRIERS; i++)
		board->workers[i].bytes_max = bytes_max / 2 / TRIERS;
}

static int board_open(struct watch *w, const struct slice *expressions, uint32_t count, struct error *error)
{
	uint64_t input = 0, board_bytes = page_up(sizeof(struct board));
	char *at;

	for (uint32_t i = 0; i < count; i++)
		input += expressions[i].length + UINT64_C(1);
	input = page_up(input + 1);
	w->size = board_bytes + input;
	w->fd = memfd_create("huqi-patterns", MFD_CLOEXEC);
	if (w->fd < 0 || ftruncate(w->fd, (off_t)w->size) == -1)
		return error_set(error, "no memory file for compiling patterns: %s", strerror(errno));
	w->board = mmap(NULL, w->size, PROT_READ | PROT_WRITE, MAP_SHARED, w->fd, 0);
	if (w->board == MAP_FAILED)
		return error_set(error, "a memory file cannot be mapped: %s", strerror(errno));
	w->board->board_bytes = board_bytes;
	w->board->input_bytes = input;
	w->board->count = count;
	w->board->tried = w->limits->tried < count ? w->limits->tried : count;
	w->board->cpu_s = w->limits->all_ms / 1000 + 10;
	share_memory(w->board, w->limits->bytes_max);
	at = (char *)w->board + board_bytes;
	for (uint32_t i = 0; i < count; i++, at++) {
		memcpy(at, expressions[i].at, expressions[i].length);
		at += expressions[i].length;
	}
	return 0;
}

static void board_close(struct watch *w)
{
	if (w->board != NULL && w->board != MAP_FAILED)
		munmap(w->board, w->size);
	if (w->fd >= 0)
		close(w->fd);
}

static int spawn(const struct watch *w, uint32_t number, pid_t *pid_r)
{
	char name[] = COMPILE_CHILD_NAME, digit[] = {(char)('0' + number), '\0'};
	char *argv[] = {name, digit, NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none;
	int failure;

	sigemptyset(&none);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, w->fd, COMPILE_CHILD_FD);
	posix_spawnattr_init(&attributes);
	/* The service's threads block signals; the child must not, and is no part of a Ctrl-C on the terminal. */
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setpgroup(&attributes, 0);
	failure = posix_spawn(pid_r, "/proc/self/exe", &actions, &attributes, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	return failure;
}

static int child_start(struct watch *w, uint32_t number, struct error *error)
{
	struct worker_board *worker = &w->board->workers[number];
	struct child *child = &w->children[number];
	int failure;

	worker->state = WORKER_WORKING;
	atomic_store(&worker->progress, number == TOGETHER ? w->board->count : worker->first);
	failure = spawn(w, number, &child->pid);
	if (failure != 0) {
		child->pid = 0;
		return error_set(error, "the process that compiles patterns does not start: %s", strerror(failure));
	}
	child->fd = pidfd_open(child->pid, 0);
	child->killed = false;
	child->stand = (struct stand){.at = UINT32_MAX};
	return 0;
}

/* What the child has used of a processor: a busy machine must not make an honest expression a bomb. */
static int64_t child_cpu_ms(pid_t pid)
{
	struct timespec used;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &used) != 0)
		return 0; /* it has just ended */
	return (int64_t)used.tv_sec * 1000 + used.tv_nsec / 1000000;
}

/* Did the child take too long over what is at hand? */
static bool overdue(struct watch *w, uint32_t number)
{
	struct stand *stand = &w->children[number].stand;
	uint32_t at = atomic_load(&w->board->workers[number].progress);
	int64_t cpu = child_cpu_ms(w->children[number].pid), wall = clock_steady_ms();
	uint32_t most = at < w->board->count ? w->limits->one_ms : w->limits->all_ms;

	if (at != stand->at)
		*stand = (struct stand){at, cpu, wall};
	return cpu - stand->cpu_ms > most || wall - stand->wall_ms > (int64_t)WALL_FACTOR * most + START_MS;
}

static void child_kill(struct child *child)
{
	kill(child->pid, SIGKILL);
	child->killed = true;
}

/* Has it ended? Then it is no more. */
static bool child_ended(struct child *child)
{
	pid_t got;

	do
		got = waitpid(child->pid, NULL, child->killed ? 0 : WNOHANG);
	while (got == -1 && errno == EINTR);
	if (got == 0)
		return false;
	if (child->fd >= 0)
		close(child->fd);
	child->pid = 0;
	return true;
}

/* A trier that was killed or crashed: names the expression at hand. */
static void name_guilty(const struct watch *w, struct worker_board *worker, bool killed)
{
	char text[sizeof(worker->faults[0].text)];
	uint32_t at = atomic_load(&worker->progress);

	if (killed)
		snprintf(text, sizeof(text), "takes more than %u ms to compile; repeat less, or write it as several",
		         w->limits->one_ms);
	else
		snprintf(text, sizeof(text), "takes too much memory to compile, or crashes the compiler");
	compile_board_fault(worker, at, text);
	worker->state = WORKER_FAULTY;
	worker->first = at + TRIERS;
}

/* A trier that ended before it was through goes on behind what ended it, COMPILE_BOMBS_MAX times in all. */
static int trier_ended(struct watch *w, uint32_t number, struct error *error)
{
	struct worker_board *worker = &w->board->workers[number];

	if (worker->state != WORKER_WORKING)
		return 0;
	if (atomic_load(&worker->progress) >= w->board->tried)
		return error_set(error, "a process that tries patterns ended between two of them; is there memory left?");
	name_guilty(w, worker, w->children[number].killed);
	if (++w->bombs >= COMPILE_BOMBS_MAX || worker->first >= w->board->tried)
		return 0;
	return child_start(w, number, error);
}

static uint32_t faults_found(const struct board *board)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < TRIERS; i++)
		count += board->workers[i].fault_count;
	return count;
}

static bool triers_running(const struct watch *w)
{
	for (uint32_t i = 0; i < TRIERS; i++)
		if (w->children[i].pid != 0)
			return true;
	return false;
}

/* Waits a moment, or until one ends. */
static void pause_for(const struct watch *w)
{
	struct pollfd fds[WORKERS];
	nfds_t count = 0;

	for (uint32_t i = 0; i < WORKERS; i++)
		if (w->children[i].pid != 0 && w->children[i].fd >= 0)
			fds[count++] = (struct pollfd){.fd = w->children[i].fd, .events = POLLIN};
	poll(fds, count, LOOK_MS);
}

/* One look at each child; `any_r` tells whether there is anybody left to wait for. */
static int look(struct watch *w, bool *any_r, struct error *error)
{
	*any_r = false;
	for (uint32_t i = 0; i < WORKERS; i++) {
		struct child *child = &w->children[i];
		bool in_vain = i == TOGETHER && !triers_running(w) && faults_found(w->board) > 0;
		if (child->pid != 0 && (in_vain || overdue(w, i)))
			child_kill(child);
		if (child->pid != 0 && child_ended(child) && i < TRIERS && trier_ended(w, i, error) == -1)
			return -1;
		*any_r |= child->pid != 0;
	}
	return 0;
}

static void end_children(struct watch *w)
{
	for (uint32_t i = 0; i < WORKERS; i++)
		if (w->children[i].pid != 0) {
			child_kill(&w->children[i]);
			child_ended(&w->children[i]);
		}
}

static int run_children(struct watch *w, struct error *error)
{
	const struct worker_board *together = &w->board->workers[TOGETHER];
	bool any = true;

	for (uint32_t i = 0; i < WORKERS; i++) {
		w->board->workers[i].first = i;
		if (i < TRIERS && i >= w->board->tried)
			continue; /* nothing for it to try */
		if (child_start(w, i, error) == -1)
			return -1;
	}
	while (any) {
		pause_for(w);
		if (look(w, &any, error) == -1)
			return -1;
	}
	if (faults_found(w->board) > 0 || together->state == WORKER_DONE)
		return 0;
	if (together->state == WORKER_FAILED)
		return error_set(error, "the patterns together do not compile: %s", together->failure);
	return error_set(error, "the patterns together take more than %u ms or %llu MiB to compile",
	                 w->limits->all_ms, (unsigned long long)(together->bytes_max >> 20));
}

static int by_expression(const void *a, const void *b)
{
	uint32_t x = ((const struct compile_fault *)a)->expression, y = ((const struct compile_fault *)b)->expression;

	return x < y ? -1 : x > y;
}

/* The faults of all triers, in the expressions' order. */
static void take_faults(const struct board *board, struct compile_result *result_r)
{
	struct compile_fault all[TRIERS * COMPILE_FAULTS_MAX];
	uint32_t count = 0;

	for (uint32_t i = 0; i < TRIERS; i++) {
		const struct worker_board *worker = &board->workers[i];
		/* A child that went mad may have written anything. */
		for (uint32_t j = 0; j < worker->fault_count && j < COMPILE_FAULTS_MAX; j++)
			if (worker->faults[j].expression < board->tried)
				all[count++] = worker->faults[j];
	}
	qsort(all, count, sizeof(all[0]), by_expression);
	result_r->fault_count = count < COMPILE_FAULTS_MAX ? count : COMPILE_FAULTS_MAX;
	memcpy(result_r->faults, all, result_r->fault_count * sizeof(all[0]));
}

static int take_result(struct watch *w, char **bytes_r, size_t *length_r, struct compile_result *result_r,
                       struct error *error)
{
	struct board *board = w->board;
	off_t at = (off_t)(board->board_bytes + board->input_bytes);
	size_t length = board->database_bytes;

	take_faults(board, result_r);
	if (result_r->fault_count > 0)
		return error_set(error, "%s", result_r->faults[0].text);
	*bytes_r = malloc(length > 0 ? length : 1);
	*length_r = length;
	if (*bytes_r == NULL)
		die("out of memory: the compiled patterns");
	if (pread(w->fd, *bytes_r, length, at) != (ssize_t)length) {
		free(*bytes_r);
		return error_set(error, "the compiled patterns cannot be read back: %s", strerror(errno));
	}
	return 0;
}

int compile_in_child(const struct slice *expressions, uint32_t count, const struct compile_limits *limits,
                     char **bytes_r, size_t *length_r, struct compile_result *result_r, struct error *error)
{
	struct watch w = {.fd = -1, .limits = limits};
	int result = -1;

	if (board_open(&w, expressions, count, error) == 0 && run_children(&w, error) == 0)
		result = take_result(&w, bytes_r, length_r, result_r, error);
	end_children(&w);
	board_close(&w);
	return result;
}
