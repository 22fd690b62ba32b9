/*
 * What goes, and when. Each event stands in the list of the hour in which its window ends; past that and
 * the lateness nothing can meet it any more. While little is kept nothing goes at all: files that are read
 * one after the other, months apart, still meet then. Where memory ends the earliest hour goes first.
 */
#include "base/counters.h"
#include "base/instant.h"
#include "link/graph.h"
#include "link/keys.h"

enum {
	HOUR_OF_2000 = 262968, /* hours from 1970 */
	EXPIRED_AT_A_TIME = 16,
	ROOM_CELLS = 2048, /* what one put may take: texts, two runs, nodes */
};

static uint32_t hour_of(int64_t ms)
{
	int64_t hour = ms / INSTANT_HOUR_MS - HOUR_OF_2000;

	return hour < 0 ? 0 : hour >= EXPIRING_HOURS ? EXPIRING_HOURS - 1 : (uint32_t)hour;
}

static struct timed *timed_at(const struct link *link, uint32_t at)
{
	return cell(link, at);
}

/* A ring: the first came first, and before it stands the last. */
void timed_add(struct link *link, uint32_t at, int64_t expires_ms)
{
	struct timed *timed = timed_at(link, at);
	uint32_t *first;

	touch(link, timed, sizeof(*timed));
	timed->hour = hour_of(expires_ms);
	first = &link->head->expiring[timed->hour];
	touch(link, first, sizeof(*first));
	if (*first == 0) {
		timed->newer = timed->older = *first = at;
	} else {
		timed->newer = *first;
		timed->older = timed_at(link, *first)->older;
		touch(link, timed_at(link, timed->older), sizeof(*timed));
		touch(link, timed_at(link, *first), sizeof(*timed));
		timed_at(link, timed->older)->newer = at;
		timed_at(link, *first)->older = at;
	}
	if (timed->hour < link->head->hour_first)
		link->head->hour_first = timed->hour;
}

void timed_remove(struct link *link, uint32_t at)
{
	const struct timed *timed = timed_at(link, at);
	uint32_t *first = &link->head->expiring[timed->hour];

	touch(link, first, sizeof(*first));
	if (timed->newer == at) {
		*first = 0;
		return;
	}
	touch(link, timed_at(link, timed->newer), sizeof(*timed));
	touch(link, timed_at(link, timed->older), sizeof(*timed));
	timed_at(link, timed->newer)->older = timed->older;
	timed_at(link, timed->older)->newer = timed->newer;
	if (*first == at)
		*first = timed->newer;
}

void timed_raise(struct link *link, uint32_t at, int64_t expires_ms)
{
	if (hour_of(expires_ms) <= timed_at(link, at)->hour)
		return;
	timed_remove(link, at);
	timed_add(link, at, expires_ms);
}

/* The first of the earliest hour; 0 where there is none. */
static uint32_t earliest(struct link *link)
{
	struct link_head *head = link->head;

	while (head->hour_first < EXPIRING_HOURS - 1 && head->expiring[head->hour_first] == 0)
		head->hour_first++;
	return head->expiring[head->hour_first];
}

static void let_go(struct link *link, uint32_t at, enum counter why)
{
	count(why);
	if (timed_at(link, at)->is_edge)
		graph_forget(link, at);
	else
		keys_forget(link, at);
}

static uint64_t bytes_used(const struct link *link)
{
	return (uint64_t)link->head->used * CELL_BYTES;
}

void link_make_room(struct link *link)
{
	uint32_t most = link->cells_most - link->cells_most / 64 - ROOM_CELLS, at;
	uint32_t over = hour_of(link->head->newest_ms - link->lateness_ms);

	for (int i = 0; i < EXPIRED_AT_A_TIME && bytes_used(link) > link->limits.bytes_kept; i++) {
		at = earliest(link);
		if (at == 0 || link->head->hour_first >= over)
			break;
		let_go(link, at, COUNT_LINK_EXPIRED);
	}
	while (link->head->used > most && (at = earliest(link)) != 0)
		let_go(link, at, COUNT_LINK_FORGOTTEN);
}
