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
	work->hit_count = work->link_count = work->rule_count = work->dead_count = work->end_count = work->alert_count = 0;
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

/* The texts of a link event's hit that are the transaction's. */
#define TX_TEXTS(hit) \
	{&(hit)->bank, &(hit)->account, &(hit)->account_name, &(hit)->party_name, &(hit)->party_account, \
	 &(hit)->enterprise, &(hit)->tx_id}
enum { TX_TEXT_COUNT = 7 };

/* A transaction is an event for several patterns: its texts are kept once, in one piece. */
static void keep_link_hit(struct work *work, struct hit *own, const struct hit *before)
{
	struct slice *const texts[TX_TEXT_COUNT] = TX_TEXTS(own);
	const struct slice *const others[TX_TEXT_COUNT] = TX_TEXTS(before);
	bool is_new[TX_TEXT_COUNT];
	size_t bytes = 0;
	char *at;

	for (int i = 0; i < TX_TEXT_COUNT; i++) {
		is_new[i] = texts[i]->length > 0 && !slice_equal(*texts[i], *others[i]);
		if (is_new[i])
			bytes += texts[i]->length + 1;
		else
			texts[i]->at = others[i]->at;
	}
	at = bytes > 0 ? arena_take(&work->arena, bytes) : NULL;
	if (bytes > 0 && at == NULL)
		die("one message brought more than %llu bytes of evidence", WORK_BYTES_MAX);
	for (int i = 0; i < TX_TEXT_COUNT; i++) {
		if (!is_new[i])
			continue;
		memcpy(at, texts[i]->at, texts[i]->length);
		at[texts[i]->length] = '\0';
		texts[i]->at = at;
		at += texts[i]->length + 1;
	}
	if (own->evidence.length > 0)
		keep(work, &own->evidence);
}

static bool same_rule(const struct link_rule *a, const struct link_rule *b)
{
	return a->kind == b->kind && a->distinct == b->distinct && a->shape == b->shape &&
	       a->hops_least == b->hops_least && a->hops_most == b->hops_most && a->at_least == b->at_least &&
	       a->count_least == b->count_least &&
	       a->sum_least_minor == b->sum_least_minor && a->within_ms == b->within_ms &&
	       a->tolerance_permille == b->tolerance_permille && a->told == b->told &&
	       slice_equal(a->pattern, b->pattern) && slice_equal(a->typology, b->typology) && slice_equal(a->title_zh, b->title_zh) &&
	       slice_equal(a->title_en, b->title_en);
}

/* Rules live in a pattern set, which may be swapped before the desk comes to this work; each is copied once. */
static const struct link_rule *keep_rule(struct work *work, const struct link_rule *rule)
{
	struct link_rule *own;
	size_t i;

	for (i = 0; i < work->rule_count; i++)
		if (work->rules[i].from == rule && same_rule(work->rules[i].own, rule))
			return work->rules[i].own;
	own = arena_take(&work->arena, sizeof(*own));
	if (own == NULL)
		die("one message brought more than %llu bytes of evidence", WORK_BYTES_MAX);
	*own = *rule;
	keep(work, &own->pattern);
	keep(work, &own->typology);
	keep(work, &own->title_zh);
	keep(work, &own->title_en);
	i = work->rule_count < WORK_RULES ? work->rule_count++ : WORK_RULES - 1;
	work->rules[i] = (struct work_rule){rule, own};
	return own;
}

/* The other rules of a transaction that is an edge for several. */
static void keep_also(struct work *work, struct link_event *own)
{
	struct link_passed *also;

	if (own->also_count == 0)
		return;
	also = arena_take(&work->arena, own->also_count * sizeof(*also));
	if (also == NULL)
		die("one message brought more than %llu bytes of evidence", WORK_BYTES_MAX);
	for (uint32_t i = 0; i < own->also_count; i++) {
		also[i] = own->also[i];
		also[i].rule = keep_rule(work, own->also[i].rule);
	}
	own->also = also;
}

void work_add_link(struct work *work, const struct link_event *event)
{
	static const struct hit none;
	struct link_event *own;

	work->links = room(work->links, work->link_count, &work->link_capacity, sizeof(*work->links));
	own = &work->links[work->link_count++];
	*own = *event;
	own->rule = keep_rule(work, event->rule);
	keep_also(work, own);
	own->hit.pattern = own->rule->pattern;
	own->hit.typology = own->rule->typology;
	keep_link_hit(work, &own->hit, work->link_count > 1 ? &own[-1].hit : &none);
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
