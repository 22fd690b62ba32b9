/*
 * How soon a warning is first tried while 100,000 others wait and a tenth of 1,000 destinations hang.
 *
 *   deliveries [WAITING [NEW]]
 *
 * A store in a temporary folder, the notify thread with its shipped settings, a receiver on loopback that answers 900
 * destinations at once, and a port that takes connections for the other 100 and never answers. WAITING deliveries lie
 * evenly over all: those of the hanging are due, those of the healthy wait for a retry in an hour. Then NEW deliveries
 * to healthy destinations are committed one by one, ten milliseconds apart. Prints one JSON object: milliseconds from
 * the commit to the request at the receiver.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "deliver/deliver.h"
#include "tests/unit/notify_receiver.h"

enum { DESTINATIONS = 1000, HANGING_EACH = 10, GAP_US = 10000, SETTLE_MS = 5000, HOUR_MS = 3600 * 1000 };

struct bench {
	char folder[64], path[96];
	struct store *store;
	struct store_writer *writer;
	struct way_row ways[DESTINATIONS];
	struct arena arena;
	int hang_port;
};

/* One of `new` deliveries: what is committed, and when. */
struct late {
	struct delivery_row row;
	char id[32];
	int64_t committed_ms;
};

static struct error error;

static void must(int result)
{
	if (result == -1)
		die("%s", error.text);
}

static bool hangs(int i)
{
	return i % HANGING_EACH == 0;
}

static void put_way(struct bench *b, int i)
{
	char url[96], owner[32];
	struct contact_row c = {.owner = slice_of(owner), .name = slice_of("x"), .role = slice_of("cashier"), .rank = 1,
	                        .language = slice_of("zh")};
	struct way_row w = {.channel = slice_of("webhook"), .address = slice_of(url), .secret = slice_of(RECEIVER_SECRET),
	                    .verified_ms = 1};
	int64_t id;

	snprintf(owner, sizeof(owner), "enterprise-%d", i);
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/ok/%d", hangs(i) ? b->hang_port : receiver_port(), i);
	must(store_contact_put(b->store, &c, &w.contact, &error));
	must(store_way_put(b->store, &w, &id, &error));
	must(store_way_get(b->store, id, &b->arena, &b->ways[i], &c, &error));
}

static struct delivery_row row_of(const struct bench *b, int destination, const char *id, int64_t due_ms)
{
	return (struct delivery_row){.id = slice_of(id), .alert = slice_of(id), .revision = 1, .level = 3,
	                             .way = b->ways[destination].id, .destination = b->ways[destination].destination,
	                             .created_ms = clock_now_ms(), .due_ms = due_ms, .body = slice_of("{\"text\":\"x\"}")};
}

static void fill(struct bench *b, int waiting)
{
	int64_t now_ms = clock_now_ms();
	char id[32];

	must(store_begin(b->store, &error));
	for (int i = 0; i < DESTINATIONS; i++)
		put_way(b, i);
	for (int i = 0; i < waiting; i++) {
		struct delivery_row row;
		snprintf(id, sizeof(id), "waiting-%d", i);
		row = row_of(b, i % DESTINATIONS, id, hangs(i % DESTINATIONS) ? now_ms : now_ms + HOUR_MS);
		must(store_delivery_put(b->store, &row, &error));
	}
	must(store_commit(b->store, &error));
}

static int put_late(struct store *store, void *arg, struct error *why)
{
	struct late *late = arg;

	return store_delivery_put(store, &late->row, why) == -1 ? -1 : 0;
}

static void send_all(struct bench *b, struct deliver *notify, struct late *lates, int count)
{
	for (int i = 0; i < count; i++) {
		int destination = (i * 7 + 1) % DESTINATIONS;
		snprintf(lates[i].id, sizeof(lates[i].id), "new-%d", i);
		lates[i].row = row_of(b, destination + hangs(destination), lates[i].id, clock_now_ms());
		must(store_run(b->writer, put_late, &lates[i], &error));
		lates[i].committed_ms = clock_steady_ms();
		deliver_wake(notify);
		usleep(GAP_US);
	}
}

static int order(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Those that never came count as never: the longest. */
static void print_delays(const struct late *lates, int count)
{
	int64_t *delays = calloc((size_t)count, sizeof(*delays));
	int came = 0, number;
	struct received r;

	for (int i = 0; receiver_get("/ok/", i, &r); i++)
		if (sscanf(r.id, "new-%d", &number) == 1 && delays[number] == 0) {
			delays[number] = r.at_ms - lates[number].committed_ms + 1; /* 0: not there */
			came++;
		}
	for (int i = 0; i < count; i++)
		delays[i] = delays[i] == 0 ? INT64_MAX : delays[i] - 1;
	qsort(delays, (size_t)count, sizeof(*delays), order);
	printf("{\"new\":%d,\"came\":%d,\"p50_ms\":%lld,\"p99_ms\":%lld,\"longest_ms\":%lld}\n", count, came,
	       (long long)delays[count / 2], (long long)delays[count * 99 / 100], (long long)delays[count - 1]);
	free(delays);
}

static void open_bench(struct bench *b)
{
	strcpy(b->folder, "/tmp/huqi-deliveries-XXXXXX");
	if (mkdtemp(b->folder) == NULL)
		die("no folder in /tmp");
	snprintf(b->path, sizeof(b->path), "%s/huqi.db", b->folder);
	arena_init(&b->arena, 64 << 20);
	must(store_open(b->path, NULL, &b->store, &error));
	receiver_start(NULL, NULL);
	receiver_hang(&b->hang_port); /* its socket lives as long as the program */
}

static void clean(struct bench *b)
{
	static const char *const ends[] = {"huqi.db", "huqi.db-wal", "huqi.db-shm", "key"};
	char path[128];

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", b->folder, ends[i]);
		unlink(path);
	}
	rmdir(b->folder);
	arena_deinit(&b->arena);
}

int main(int argc, char **argv)
{
	static struct bench b;
	int waiting = argc > 1 ? atoi(argv[1]) : 100000, count = argc > 2 ? atoi(argv[2]) : 2000;
	struct late *lates = calloc((size_t)count, sizeof(*lates));
	struct deliver_options options;
	struct deliver *notify;

	if (count < 1 || waiting < 0 || lates == NULL)
		die("usage: deliveries [WAITING [NEW]]");
	open_bench(&b);
	fill(&b, waiting);
	b.writer = store_writer_start(b.store, 100);
	deliver_options_default(&options);
	options.allow_private = true;
	must(deliver_start(&options, b.writer, b.path, &notify, &error));
	send_all(&b, notify, lates, count);
	usleep(SETTLE_MS * 1000);
	deliver_stop(&notify, 0);
	print_delays(lates, count);
	store_writer_stop(&b.writer);
	receiver_stop();
	clean(&b);
	free(lates);
	return 0;
}
