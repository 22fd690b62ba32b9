#include "link/link.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "base/counters.h"
#include "link/keys.h"
#include "link/path.h"
#include "link/snapshot.h"

enum { HUGE_CELLS = 1 << 20, SMALL_BYTES = 16 << 20 };

const struct link_limits link_limits_default = {
#define LIMIT(member, value, help) .member = value,
#include "link/link_limits.def"
#undef LIMIT
};

static size_t region_bytes(const struct link *link)
{
	return sizeof(struct link_head) + CELL_BYTES + (size_t)link->cells_most * CELL_BYTES;
}

/* Untouched pages cost nothing, so the whole bound is taken at once. */
static void region_new(struct link *link)
{
	size_t head = (sizeof(struct link_head) + CELL_BYTES - 1) / CELL_BYTES * CELL_BYTES;
	void *region = mmap(NULL, region_bytes(link), PROT_READ | PROT_WRITE,
	                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (region == MAP_FAILED)
		die("out of memory: %zu bytes for links and money paths", region_bytes(link));
	if (link->cells_most >= HUGE_CELLS)
		madvise(region, region_bytes(link), MADV_HUGEPAGE); /* look-ups all over it: a page less a look-up */
	link->head = region;
	link->cells = (unsigned char *)region + head;
	link->head->high = 1;
	link->head->hour_first = EXPIRING_HOURS - 1;
	link->head->newest_ms = INT64_MIN;
}

struct link *link_new_bounded(int64_t lateness_ms, const struct link_limits *limits)
{
	struct link *link = calloc(1, sizeof(*link));

	if (link == NULL)
		die("out of memory: links and money paths");
	link->lateness_ms = lateness_ms;
	link->limits = *limits;
	link->cells_most = (uint32_t)(limits->bytes_max / CELL_BYTES);
	link->search = search_new();
	region_new(link);
	return link;
}

struct link *link_new(int64_t lateness_ms)
{
	return link_new_bounded(lateness_ms, &link_limits_default);
}

struct link *link_new_small(int64_t lateness_ms)
{
	struct link_limits limits = link_limits_default;

	limits.bytes_max = SMALL_BYTES;
	return link_new_bounded(lateness_ms, &limits);
}

void link_clear(struct link *link)
{
	link_save_wait(link, NULL);
	munmap(link->head, region_bytes(link));
	region_new(link);
}

void link_free(struct link **link)
{
	if (*link == NULL)
		return;
	link_save_wait(*link, NULL);
	munmap((*link)->head, region_bytes(*link));
	search_free((*link)->search);
	free(*link);
	*link = NULL;
}

void link_prefetch(const struct link *link, const struct link_event *event, int stage)
{
	if (event->rule->kind == LINK_PATH)
		graph_prefetch(link, event, stage); /* keys are few beside them */
}

void link_put(struct link *link, const struct link_event *event, struct arena *arena, link_report *report,
              void *context)
{
	const struct link_passed first = {event->rule, event->hit.version, event->hit.audience, event->hit.score,
	                                  event->listed};
	struct link_head *head = link->head;

	if (event->rule->kind == LINK_PATH && event->from == event->to)
		return;
	count(COUNT_LINK_EVENTS);
	link->arena = arena;
	link->report = report;
	link->context = context;
	if (event->hit.booked_ms > head->newest_ms)
		head->newest_ms = event->hit.booked_ms;
	if (++head->sequence == 0)
		head->sequence = 1;
	link_make_room(link);
	if (event->rule->kind == LINK_PATH)
		path_put(link, &first, event);
	else
		keys_put(link, slots_ref(link, &first), event);
}

size_t link_bytes(const struct link *link)
{
	return (size_t)link->head->used * CELL_BYTES;
}
