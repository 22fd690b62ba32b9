/*
 * The compiler behind a wall: the board that parent and child share, the child, and the parent's watch.
 *
 *   memory file:  ┌───────┬───────────────────────────┬───────────────────────┐
 *                 │ board │ expressions, zero-ended   │ data base, serialised │
 *                 └───────┴───────────────────────────┴───────────────────────┘
 *                  both     parent, before the start    child, before its end
 *
 * The child counts `progress` up before each expression. The parent looks every few milliseconds: an
 * expression that takes the processor for more than `one_ms` is a bomb; the child is killed, the bomb named,
 * and a new child goes on behind it.
 */
#include "pattern/compile.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

#define CHILD_NAME "huqi: compiling patterns"

enum {
	CHILD_FD = 3,
	LOOK_MS = 10,
	/* On the clock on the wall a child may take this many times longer than on the processor, and to start. */
	WALL_FACTOR = 10,
	START_MS = 5000,
};

enum board_state { BOARD_WORKING, BOARD_FAULTY, BOARD_DONE, BOARD_FAILED };

struct board {
	/* owned by the parent, before the start */
	uint64_t board_bytes, input_bytes, bytes_max;
	uint32_t count, first, cpu_s;
	/* owned by the child, read by the parent; all but `progress` after its end */
	_Atomic uint32_t progress; /* the expression at hand; `count`: all together */
	uint32_t state; /* enum board_state */
	uint32_t fault_count;
	struct compile_fault faults[COMPILE_FAULTS_MAX];
	char failure[200];
	uint64_t database_bytes;
};

/* ---- the child ---- */

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

static void limit(int resource, uint64_t most)
{
	struct rlimit value = {.rlim_cur = most, .rlim_max = most};

	setrlimit(resource, &value);
}

static void confine(const struct board *board)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	close_range(CHILD_FD + 1, ~0u, 0); /* the service's sockets and files are not ours */
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_CPU, board->cpu_s);
	if (ADDRESS_SPACE_LIMITED)
		limit(RLIMIT_AS, board->bytes_max);
}

static void fault(struct board *board, uint32_t expression, const char *text)
{
	if (board->fault_count == COMPILE_FAULTS_MAX)
		return;
	board->faults[board->fault_count].expression = expression;
	snprintf(board->faults[board->fault_count++].text, sizeof(board->faults[0].text), "%s", text);
}

/* One expression alone: bounded, compiles, and is not too large. */
static void try_alone(struct board *board, uint32_t number, const char *expression)
{
	hs_expr_info_t *info = NULL;
	hs_compile_error_t *error = NULL;
	hs_database_t *database = NULL;
	size_t bytes = 0;

	if (hs_expression_info(expression, COMPILE_FLAGS, &info, &error) != HS_SUCCESS ||
	    hs_compile(expression, COMPILE_FLAGS, HS_MODE_BLOCK, NULL, &database, &error) != HS_SUCCESS) {
		fault(board, number, error != NULL ? error->message : "not compiled");
		hs_free_compile_error(error);
	} else if (info->max_width == UINT32_MAX) {
		fault(board, number, "matches texts of any length");
	} else if (hs_database_size(database, &bytes) != HS_SUCCESS || bytes > COMPILE_EXPRESSION_BYTES_MAX) {
		fault(board, number, "too large when compiled; repeat less, or use smaller classes");
	}
	free(info);
	hs_free_database(database);
}

static void fail(struct board *board, const char *why)
{
	board->state = BOARD_FAILED;
	snprintf(board->failure, sizeof(board->failure), "%s", why);
}

static void hand_over(struct board *board, hs_database_t *database)
{
	char *bytes;
	size_t length, done = 0;
	off_t at = (off_t)(board->board_bytes + board->input_bytes);

	if (hs_serialize_database(database, &bytes, &length) != HS_SUCCESS) {
		fail(board, "out of memory: the compiled patterns");
		return;
	}
	while (done < length) {
		ssize_t wrote = pwrite(CHILD_FD, bytes + done, length - done, at + (off_t)done);
		if (wrote <= 0) {
			fail(board, "no memory for the compiled patterns");
			return;
		}
		done += (size_t)wrote;
	}
	board->database_bytes = length;
	board->state = BOARD_DONE;
}

static void compile_all(struct board *board, const char *const *expressions)
{
	unsigned *flags = calloc(board->count, sizeof(*flags)), *ids = calloc(board->count, sizeof(*ids));
	hs_database_t *database = NULL;
	hs_compile_error_t *error = NULL;

	if (flags == NULL || ids == NULL) {
		fail(board, "out of memory: compiling patterns");
		return;
	}
	for (uint32_t i = 0; i < board->count; i++) {
		flags[i] = COMPILE_FLAGS;
		ids[i] = i;
	}
	if (hs_compile_multi(expressions, flags, ids, board->count, HS_MODE_BLOCK, NULL, &database, &error) !=
	    HS_SUCCESS)
		fail(board, error != NULL ? error->message : "not compiled");
	else
		hand_over(board, database);
}

static int child_work(void)
{
	uint64_t size = (uint64_t)lseek(CHILD_FD, 0, SEEK_END);
	struct board *board = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, CHILD_FD, 0);
	const char **expressions, *at;

	if (board == MAP_FAILED)
		return 1;
	confine(board);
	expressions = calloc(board->count, sizeof(*expressions));
	if (expressions == NULL)
		return 1;
	at = (const char *)board + board->board_bytes;
	for (uint32_t i = 0; i < board->count; i++, at += strlen(at) + 1)
		expressions[i] = at;
	for (uint32_t i = board->first; i < board->count; i++) {
		atomic_store(&board->progress, i);
		try_alone(board, i, expressions[i]);
	}
	atomic_store(&board->progress, board->count);
	if (board->fault_count > 0)
		board->state = BOARD_FAULTY;
	else
		compile_all(board, expressions);
	return 0;
}

/* Before main(), in whatever program this is linked into: are we the child? */
__attribute__((constructor)) static void child_begin(int argc, char **argv)
{
	if (argc == 1 && argv != NULL && argv[0] != NULL && strcmp(argv[0], CHILD_NAME) == 0)
		_exit(child_work());
}

/* ---- the parent ---- */

struct watch {
	struct board *board; /* mapped */
	uint64_t size;
	int fd;
	const struct compile_limits *limits;
};

static uint64_t page_up(uint64_t bytes)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);

	return (bytes + page - 1) / page * page;
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
	w->board->bytes_max = w->limits->bytes_max;
	w->board->cpu_s = w->limits->all_ms / 1000 + 10;
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

static int child_start(struct watch *w, pid_t *pid_r, struct error *error)
{
	char name[] = CHILD_NAME;
	char *argv[] = {name, NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none;
	int failure;

	sigemptyset(&none);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, w->fd, CHILD_FD);
	posix_spawnattr_init(&attributes);
	/* The service's threads block signals; the child must not, and is no part of a Ctrl-C on the terminal. */
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setpgroup(&attributes, 0);
	failure = posix_spawn(pid_r, "/proc/self/exe", &actions, &attributes, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	if (failure != 0)
		return error_set(error, "the process that compiles patterns does not start: %s", strerror(failure));
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

/* Where the watched child stood when its progress last moved. */
struct stand {
	uint32_t at;
	int64_t cpu_ms, wall_ms;
};

/* Did the child take too long over what is at hand? */
static bool overdue(const struct watch *w, pid_t pid, struct stand *stand)
{
	uint32_t at = atomic_load(&w->board->progress);
	int64_t cpu = child_cpu_ms(pid), wall = clock_steady_ms();
	uint32_t most = at < w->board->count ? w->limits->one_ms : w->limits->all_ms;

	if (at != stand->at)
		*stand = (struct stand){at, cpu, wall};
	return cpu - stand->cpu_ms > most || wall - stand->wall_ms > (int64_t)WALL_FACTOR * most + START_MS;
}

/* Waits for the child, killing it where an expression, or all of them, take too long: then true. */
static bool child_watch(struct watch *w, pid_t pid)
{
	struct stand stand = {.at = UINT32_MAX};
	int fd = pidfd_open(pid, 0);
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
	bool killed = false;

	while (!killed && poll(&poll_fd, 1, LOOK_MS) <= 0)
		killed = overdue(w, pid, &stand);
	if (killed)
		kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) == -1 && errno == EINTR)
		;
	if (fd >= 0)
		close(fd);
	return killed;
}

/* A child that was killed or crashed: names the expression at hand; false where it was at all of them
 * together. */
static bool name_guilty(struct watch *w, bool killed)
{
	struct board *board = w->board;
	uint32_t at = atomic_load(&board->progress);
	char text[sizeof(board->faults[0].text)];

	if (at >= board->count)
		return false;
	if (killed)
		snprintf(text, sizeof(text), "takes more than %u ms to compile; repeat less, or write it as several",
		         w->limits->one_ms);
	else
		snprintf(text, sizeof(text), "takes too much memory to compile, or crashes the compiler");
	fault(board, at, text);
	board->first = at + 1;
	return true;
}

static int run_children(struct watch *w, struct error *error)
{
	struct board *board = w->board;
	pid_t pid;

	for (int bombs = 0; bombs < COMPILE_BOMBS_MAX; bombs++) {
		bool killed;
		board->state = BOARD_WORKING;
		atomic_store(&board->progress, board->first);
		if (child_start(w, &pid, error) == -1)
			return -1;
		killed = child_watch(w, pid);
		if (board->state == BOARD_FAILED)
			return error_set(error, "the patterns together do not compile: %s", board->failure);
		if (board->state != BOARD_WORKING)
			break;
		if (!name_guilty(w, killed))
			return error_set(error, "the patterns together take more than %u ms or %llu MiB to compile",
			                 w->limits->all_ms, (unsigned long long)(w->limits->bytes_max >> 20));
	}
	return 0;
}

static int take_result(struct watch *w, char **bytes_r, size_t *length_r, struct compile_result *result_r,
                       struct error *error)
{
	struct board *board = w->board;
	off_t at = (off_t)(board->board_bytes + board->input_bytes);
	size_t length = board->database_bytes;

	result_r->fault_count = board->fault_count;
	memcpy(result_r->faults, board->faults, sizeof(board->faults));
	if (board->fault_count > 0)
		return error_set(error, "%s", board->faults[0].text);
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
	board_close(&w);
	return result;
}
