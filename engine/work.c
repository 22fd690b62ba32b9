#include "work.h"

#include <stdlib.h>

#include "base/counters.h"

struct work *work_new(void *owner)
{
	struct work *work = calloc(1, sizeof(*work));

	if (work == NULL)
		die("out of memory: a batch");
	arena_init(&work->arena, WORK_BYTES_MAX);
	work->owner = owner;
	return work;
}

void work_free(struct work *work)
{
	arena_deinit(&work->arena);
	free(work->hits);
	free(work->links);
	free(work->dead);
	free(work->alerts);
	free(work);
}

void work_reset(struct work *work)
{
	arena_reset(&work->arena);
	work->hit_count = work->link_count = work->dead_count = work->end_count = work->alert_count = 0;
	work->notified = (struct notify_put){0};
}

/* Room for one more of `size` bytes in an array that doubles and is kept. */
static void *room(void *array, size_t count, size_t *capacity, size_t size)
{
	if (count < *capacity)
		return array;
	*capacity = *capacity > 0 ? *capacity * 2 : 64;
	array = realloc(array, *capacity * size);
	if (array == NULL)
		die("out of memory: a batch with %zu entries", *capacity);
	return array;
}

static void keep(struct work *work, struct slice *text)
{
	*text = arena_copy(&work->arena, *text);
	if (text->at == NULL)
		die("one message brought more than %llu bytes of evidence", WORK_BYTES_MAX);
}

static void keep_hit(struct work *work, struct hit *own)
{
	keep(work, &own->bank);
	keep(work, &own->account);
	keep(work, &own->account_name);
	keep(work, &own->party_name);
	keep(work, &own->party_account);
	keep(work, &own->enterprise);
	keep(work, &own->tx_id);
	keep(work, &own->pattern);
	keep(work, &own->typology);
	keep(work, &own->evidence);
}

void work_add_hit(struct work *work, const struct hit *hit)
{
	struct hit *own;

	work->hits = room(work->hits, work->hit_count, &work->hit_capacity, sizeof(*work->hits));
	own = &work->hits[work->hit_count++];
	*own = *hit;
	keep_hit(work, own);
}

void work_add_link(struct work *work, const struct link_event *event)
{
	struct link_rule *rule = arena_take(&work->arena, sizeof(*rule));
	struct link_event *own;

	work->links = room(work->links, work->link_count, &work->link_capacity, sizeof(*work->links));
	own = &work->links[work->link_count++];
	*own = *event;
	keep_hit(work, &own->hit);
	if (rule == NULL)
		die("one message brought more than %llu bytes of evidence", WORK_BYTES_MAX);
	*rule = *event->rule;
	keep(work, &rule->title_zh);
	keep(work, &rule->title_en);
	own->rule = rule;
}

void work_add_dead(struct work *work, const struct dead_row *row)
{
	struct dead_row *own;

	work->dead = room(work->dead, work->dead_count, &work->dead_capacity, sizeof(*work->dead));
	own = &work->dead[work->dead_count++];
	*own = *row;
	own->payload_bytes = row->payload.length;
	if (own->payload.length > WORK_DEAD_PAYLOAD_MAX) {
		own->payload.length = WORK_DEAD_PAYLOAD_MAX;
		count(COUNT_DEAD_PAYLOAD_CUT);
	}
	keep(work, &own->topic);
	keep(work, &own->decoder);
	keep(work, &own->field);
	keep(work, &own->reason);
	keep(work, &own->key);
	keep(work, &own->payload);
}

void work_add_alert(struct work *work, const struct alert_row *row, uint8_t level_before)
{
	struct work_alert *own;

	work->alerts = room(work->alerts, work->alert_count, &work->alert_capacity, sizeof(*work->alerts));
	own = &work->alerts[work->alert_count++];
	*own = (struct work_alert){*row, level_before};
	keep(work, &own->row.id);
	keep(work, &own->row.typology);
	keep(work, &own->row.bank);
	keep(work, &own->row.account);
	keep(work, &own->row.account_name);
	keep(work, &own->row.enterprise);
	keep(work, &own->row.jurisdiction);
	keep(work, &own->row.body);
}

bool work_is_full(const struct work *work)
{
	return work->arena.used_bytes >= WORK_BYTES_FULL;
}

bool work_put_end(struct work *work, struct slice topic, int32_t partition, int64_t next_offset)
{
	/* A batch comes partition by partition, so the last entries are the likely ones. */
	for (size_t i = work->end_count; i-- > 0;)
		if (work->ends[i].partition == partition && slice_equal(work->ends[i].topic, topic)) {
			work->ends[i].next_offset = next_offset;
			return true;
		}
	if (work->end_count == WORK_ENDS_MAX)
		return false;
	work->ends[work->end_count++] = (struct work_end){topic, partition, next_offset};
	return true;
}
