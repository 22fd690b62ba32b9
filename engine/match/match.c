/*
 * A transaction's way: texts, folded and searched (texts.c) ─▶ candidates ─▶ gate ─▶ parts ─▶ hits.
 */
#include "match/match.h"

#include <stddef.h>

#include "base/counters.h"
#include "match/gate.h"
#include "match/matcher.h"

/* Room for one more in the arena; the old array stays there until the reset. */
static void *room(struct arena *arena, void *items, size_t count, size_t *capacity, size_t item_bytes)
{
	size_t more = *capacity > 0 ? *capacity * 2 : 8;
	void *grown;

	if (count < *capacity)
		return items;
	grown = arena_take(arena, more * item_bytes);
	if (grown == NULL)
		return NULL;
	if (count > 0)
		memcpy(grown, items, count * item_bytes);
	*capacity = more;
	return grown;
}

/* What the transaction and the pattern say of themselves. The pattern's texts are the set's. */
static void fill(struct matcher *m, const struct pattern *pattern, struct hit *hit)
{
	const struct tx *tx = m->input.tx;
	int64_t cny = plan_amount_cny(m->set, tx->amount_minor, tx->currency);

	m->input.no_rate = m->input.no_rate || cny == TX_ABSENT;
	*hit = (struct hit){
		.bank = tx->bank, .account = tx->account, .account_name = tx->account_name, .enterprise = tx->enterprise,
		.party_name = tx->counterparty.name, .party_account = tx->counterparty.account,
		/* A name of letters may be somebody's: what is only guessed is masked like a person's. */
		.party_is_company = !tx->counterparty.kind_guessed && tx->counterparty.kind != TX_PERSON &&
		                    tx->counterparty.kind != TX_KIND_NONE,
		.tx_id = tx->id, .pattern = pattern->id, .typology = pattern->typology,
		.version = pattern->version, .audience = pattern->audience, .score = pattern->score,
		.booked_ms = tx->booked_ms, .amount_cny_minor = cny == TX_ABSENT ? -1 : cny,
	};
}

static void write_evidence(struct matcher *m, const struct pattern *pattern, struct arena *arena, struct hit *hit)
{
	marks_collect(m, pattern->detect);
	hit->evidence = evidence_write(m, pattern, arena);
}

static bool append(struct matcher *m, const struct pattern *pattern, struct match_hits *hits)
{
	struct hit *items = room(hits->arena, hits->items, hits->count, &hits->capacity, sizeof(*items));

	if (items == NULL)
		return false;
	hits->items = items;
	fill(m, pattern, &items[hits->count]);
	if (hit_is_withheld_by(m, pattern) != NULL) {
		items[hits->count].audience = AUDIENCE_ANALYST;
		count(COUNT_HITS_WITHHELD);
	}
	items[hits->count].pattern = arena_copy(hits->arena, pattern->id);
	items[hits->count].typology = arena_copy(hits->arena, pattern->typology);
	hit_id(&items[hits->count]);
	write_evidence(m, pattern, hits->arena, &items[hits->count]);
	if (arena_overflowed(hits->arena))
		return false;
	hits->count++;
	return true;
}

/* The edge is there for another pattern: it only learns of this one, too. */
static bool join_edge(struct matcher *m, const struct pattern *pattern, const struct link_event *event,
                      struct match_hits *hits)
{
	struct link_event *edge = &hits->links[m->edge.event];
	struct link_passed *also;

	if (edge->also_count == LINK_ALSO_MAX)
		return false;
	also = room(hits->arena, m->edge.also, edge->also_count, &m->edge.capacity, sizeof(*also));
	if (also == NULL)
		return false;
	also[edge->also_count++] = (struct link_passed){
		.rule = event->rule, .version = pattern->version, .audience = pattern->audience, .score = pattern->score,
		.listed = event->listed,
	};
	edge->also = m->edge.also = also;
	return true;
}

/* The same for what waits for other accounts. A path's id and evidence are written when it is found: most never are. */
static bool append_link(struct matcher *m, const struct pattern *pattern, const struct plan_link *plan,
                        struct match_hits *hits)
{
	struct link_event *links = room(hits->arena, hits->links, hits->link_count, &hits->link_capacity, sizeof(*links)), *event;

	if (links == NULL)
		return false;
	hits->links = links;
	event = &links[hits->link_count];
	memset(&event->rule, 0, sizeof(*event) - offsetof(struct link_event, rule)); /* the hit before it is filled whole */
	if (!link_event_fill(m, plan, event))
		return true;
	if (plan->rule.kind == LINK_PATH && m->edge.there)
		return join_edge(m, pattern, event, hits);
	fill(m, pattern, &event->hit);
	if (plan->rule.kind == LINK_KEY) {
		hit_id(&event->hit);
		write_evidence(m, pattern, hits->arena, &event->hit);
	}
	if (arena_overflowed(hits->arena))
		return false;
	m->edge.there = plan->rule.kind == LINK_PATH || m->edge.there;
	if (plan->rule.kind == LINK_PATH)
		m->edge.event = hits->link_count;
	hits->link_count++;
	return true;
}

static void hit(struct matcher *m, uint32_t number, struct match_hits *hits)
{
	const struct pattern *pattern = &m->set->patterns[number];
	const struct plan_link *link = detect_link(pattern->detect);
	bool shadow = pattern->status != PATTERN_ACTIVE;

	if (hit_is_allowed(m, pattern)) {
		if (!hits->links_only)
			count(COUNT_HITS_ALLOWED);
		return;
	}
	if (!hits->links_only) {
		atomic_fetch_add_explicit(&m->set->counters[number].hits, 1, memory_order_relaxed);
		if (link == NULL || shadow)
			count(shadow ? COUNT_HITS_SHADOW : COUNT_HITS);
	}
	if (shadow && !hits->shadow_too)
		return;
	if (link != NULL ? !append_link(m, pattern, link, hits) : !append(m, pattern, hits)) {
		hits->overflowed = true;
		count(COUNT_HITS_FULL);
	}
}

/* Candidates are the patterns on the gates of what was found, and the open ones, where the gate lets them
 * through and the lists that they need are there; in the order of their ids. */
static void look(struct matcher *m, struct match_hits *hits)
{
	const struct pattern_set *set = m->set;

	for (uint32_t i = 0; i < m->touched_count; i++) {
		const struct plan_atom *atom = &set->atoms[m->touched[i]];
		for (uint32_t j = 0; j < atom->gate_count; j++)
			m->candidates[atom->gates[j] / 64] |= UINT64_C(1) << atom->gates[j] % 64;
	}
	gate_choose(m);
	for (uint32_t word = 0; word <= set->pattern_count / 64; word++) {
		uint64_t bits = m->passing[word] & (m->candidates[word] | set->open[word]) & ~m->listless[word];
		m->candidates[word] = 0;
		for (; bits != 0; bits &= bits - 1) {
			uint32_t number = word * 64 + (uint32_t)__builtin_ctzll(bits);
			if ((!hits->links_only || detect_link(set->patterns[number].detect) != NULL) &&
			    costs_holds(m, number))
				hit(m, number, hits);
		}
	}
}

void match_read_tx(struct matcher *matcher, const struct tx *tx, const struct match_texts *texts,
                   const struct profile_view *view, struct match_hits *hits)
{
	struct match_texts own;

	condition_begin(&matcher->input, tx, view);
	sequence_tape_reset(&matcher->tape);
	memset(&matcher->edge, 0, sizeof(matcher->edge));
	texts = texts_take(matcher, tx, texts, &own);
	if (matcher->touched_count > 0 || matcher->set->open_count > 0)
		look(matcher, hits);
	texts_forget(matcher);
	costs_tick(matcher);
	askings_tick(&matcher->askings);
	if (hits->links_only)
		return;
	count_many(COUNT_TEXTS_KNOWN, texts->known);
	count_many(COUNT_TEXTS_SEARCHED, texts->searched);
	if (texts->overflowed)
		count(COUNT_FOLD_OVERFLOW);
	if (matcher->input.no_rate)
		count(COUNT_TX_NO_RATE);
}

void match_tx(struct matcher *matcher, const struct tx *tx, const struct profile_view *view,
              struct match_hits *hits)
{
	struct match_texts texts;

	match_read(matcher, tx, &texts);
	match_read_tx(matcher, tx, &texts, view, hits);
}
