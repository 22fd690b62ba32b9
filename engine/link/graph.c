#include "link/graph.h"

#include <stddef.h>

#include "base/counters.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { INFO_HASHED_BYTES = 512, TIES_CLASS_MOST = 10, TIES_IN_CELL = CELL_BYTES / sizeof(struct tie) };

static uint32_t *node_head(const struct link *link, uint64_t account)
{
	return &link->head->nodes[mix(account, 0) % TABLE_KEYS];
}

void graph_prefetch(const struct link *link, const struct link_event *event, int stage)
{
	const uint32_t *from = node_head(link, event->from), *to = node_head(link, event->to);

	__builtin_prefetch(stage == 0 ? (const void *)from : cell(link, *from));
	__builtin_prefetch(stage == 0 ? (const void *)to : cell(link, *to));
}

static uint32_t node_of(struct link *link, uint64_t account)
{
	uint32_t *head = node_head(link, account), at;

	for (at = *head; at != 0; at = node_at(link, at)->next)
		if (node_at(link, at)->account == account)
			return at;
	at = cells_take(link, 0);
	if (at != 0) {
		*node_at(link, at) = (struct link_node){
			.account = account, .next = *head,
			.out.lone_at = offsetof(struct link_node, lone) - offsetof(struct link_node, out),
			.in.lone_at = offsetof(struct link_node, lone) - offsetof(struct link_node, in),
		};
		touch(link, head, sizeof(*head));
		*head = at;
	}
	return at;
}

uint32_t ties_from(const struct link *link, const struct ties *ties, uint32_t second)
{
	const struct tie *items = ties_of(link, ties);
	uint32_t low = 0, high = ties->count;

	if (high > 0 && items[high - 1].second < second)
		return high;
	while (low < high) {
		uint32_t middle = (low + high) / 2;
		if (items[middle].second < second)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Where they stand, or would: to be changed. */
static struct tie *ties_at(const struct link *link, struct ties *ties)
{
	void *lone = (char *)ties + ties->lone_at;

	return ties->run != 0 ? cell(link, ties->run) : lone;
}

static bool is_lone(const struct ties *ties)
{
	return ties->run == 0 && ties->count > 0;
}

/* Room for one more of the node's; a run of its own from the second on. */
static bool ties_grow(struct link *link, struct link_node *node, struct ties *ties)
{
	uint32_t class = ties->run != 0 ? ties->class + 1u : 0, run;

	touch(link, node, sizeof(*node));
	if (ties->run != 0)
		touch_cells(link, ties->run, ties->class);
	if (ties->run != 0 ? ties->count < (uint32_t)TIES_IN_CELL << ties->class : !is_lone(&node->out) && !is_lone(&node->in))
		return true;
	run = class <= TIES_CLASS_MOST ? cells_take(link, class) : 0;
	if (run == 0)
		return false;
	memcpy(cell(link, run), ties_at(link, ties), ties->count * sizeof(struct tie));
	if (ties->run != 0)
		cells_give(link, ties->run, ties->class);
	ties->run = run;
	ties->class = (uint8_t)class;
	return true;
}

static bool ties_add(struct link *link, struct link_node *node, struct ties *ties, struct tie tie)
{
	struct tie *items;
	uint32_t at;

	if (!ties_grow(link, node, ties))
		return false;
	items = ties_at(link, ties);
	at = ties_from(link, ties, tie.second + 1);
	memmove(items + at + 1, items + at, (ties->count++ - at) * sizeof(*items));
	items[at] = tie;
	return true;
}

static void ties_remove(struct link *link, struct ties *ties, struct tie tie)
{
	struct tie *items = ties_at(link, ties);
	uint32_t at = ties_from(link, ties, tie.second);

	touch(link, ties, sizeof(*ties));
	if (ties->run != 0)
		touch_cells(link, ties->run, ties->class);
	while (at < ties->count && items[at].edge != tie.edge)
		at++;
	if (at < ties->count)
		memmove(items + at, items + at + 1, (--ties->count - at) * sizeof(*items));
}

/* Fills the info's own bytes; what is left of the texts, and how much. */
static size_t info_fill(struct link_info *info, const struct slice texts[4], struct slice rest_r[4])
{
	uint32_t room = INFO_FIRST_BYTES;
	size_t left = 0;

	for (int i = 0; i < 4; i++) {
		uint32_t part = texts[i].length < room ? texts[i].length : room;
		if (part > 0)
			memcpy(info->first + INFO_FIRST_BYTES - room, texts[i].at, part);
		rest_r[i] = (struct slice){part > 0 ? texts[i].at + part : texts[i].at, texts[i].length - part};
		info->lengths[i] = (uint16_t)texts[i].length;
		room -= part;
		left += rest_r[i].length;
	}
	return left;
}

static uint32_t info_make(struct link *link, const struct slice texts[4], XXH128_hash_t hash)
{
	uint32_t at = cells_take(link, 0);
	struct link_info *info;
	struct slice rest[4];

	if (at == 0)
		return 0;
	info = cell(link, at);
	*info = (struct link_info){.hash = {hash.low64, hash.high64}};
	if (info_fill(info, texts, rest) == 0)
		return at;
	info->texts = chain_put(link, rest, 4);
	if (info->texts != 0)
		return at;
	cells_give(link, at, 0);
	return 0;
}

static void info_drop(struct link *link, uint32_t at)
{
	if (at == 0)
		return;
	chain_give(link, ((struct link_info *)cell(link, at))->texts);
	cells_give(link, at, 0);
}

/* Of the texts behind one another, and of their lengths. */
static XXH128_hash_t info_hash(const struct slice texts[4])
{
	uint64_t lengths = texts[0].length + (uint64_t)texts[1].length * 4099 + (uint64_t)texts[2].length * 4099 * 4099 +
	                   (uint64_t)texts[3].length * 4099 * 4099 * 4099;
	char all[INFO_HASHED_BYTES];
	XXH3_state_t state;
	size_t length = 0;

	if (texts[0].length + (uint64_t)texts[1].length + texts[2].length + texts[3].length <= sizeof(all)) {
		for (int i = 0; i < 4; length += texts[i++].length)
			if (texts[i].length > 0)
				memcpy(all + length, texts[i].at, texts[i].length);
		return XXH3_128bits_withSeed(all, length, lengths);
	}
	XXH3_INITSTATE(&state);
	XXH3_128bits_reset_withSeed(&state, lengths);
	for (int i = 0; i < 4; i++)
		XXH3_128bits_update(&state, texts[i].at, texts[i].length);
	return XXH3_128bits_digest(&state);
}

/* In the table: of the same 128-bit hash is the same. */
static uint32_t info_rare(struct link *link, const struct slice texts[4], XXH128_hash_t hash)
{
	uint32_t *head = &link->head->infos[hash.low64 % TABLE_INFOS], at;
	struct link_info *info;

	for (at = *head; at != 0; at = info->next) {
		info = cell(link, at);
		if (info->hash[0] == hash.low64 && info->hash[1] == hash.high64) {
			touch(link, info, sizeof(*info));
			info->users++;
			return at;
		}
	}
	at = info_make(link, texts, hash);
	if (at == 0)
		return 0;
	info = cell(link, at);
	info->users = 1;
	info->next = *head;
	touch(link, head, sizeof(*head));
	*head = at;
	return at;
}

static bool info_is(const struct link *link, uint32_t at, XXH128_hash_t hash)
{
	const struct link_info *info = cell(link, at);

	return info->hash[0] == hash.low64 && info->hash[1] == hash.high64;
}

/* The names that an edge tells of a node; `as`: NAMES_OWN, NAMES_PARTY. */
static uint32_t info_of(struct link *link, uint32_t node, int as, const struct slice texts[4])
{
	XXH128_hash_t hash = info_hash(texts);
	struct link_node *of = node_at(link, node);

	if (of->names[as].info == 0) {
		touch(link, of, sizeof(*of));
		of->names[as].info = info_make(link, texts, hash);
		of->names[as].hash = (uint32_t)hash.low64;
		return of->names[as].info;
	}
	if (of->names[as].hash == (uint32_t)hash.low64 && info_is(link, of->names[as].info, hash))
		return of->names[as].info;
	return info_rare(link, texts, hash);
}

static void info_give(struct link *link, uint32_t node, int as, uint32_t at)
{
	struct link_info *info = cell(link, at);
	uint32_t *next;

	if (at == 0 || node_at(link, node)->names[as].info == at)
		return;
	touch(link, info, sizeof(*info));
	if (--info->users > 0)
		return;
	next = &link->head->infos[info->hash[0] % TABLE_INFOS];
	while (*next != at)
		next = &((struct link_info *)cell(link, *next))->next;
	touch(link, next, sizeof(*next));
	*next = info->next;
	info_drop(link, at);
}

static void node_give_if_alone(struct link *link, uint32_t at)
{
	struct link_node *node = node_at(link, at);
	uint32_t *next = node_head(link, node->account);

	if (node->out.count + node->in.count > 0)
		return;
	while (*next != at)
		next = &node_at(link, *next)->next;
	touch(link, next, sizeof(*next));
	*next = node->next;
	if (node->out.run != 0)
		cells_give(link, node->out.run, node->out.class);
	if (node->in.run != 0)
		cells_give(link, node->in.run, node->in.class);
	info_drop(link, node->names[NAMES_OWN].info);
	info_drop(link, node->names[NAMES_PARTY].info);
	cells_give(link, at, 0);
}

static void hits_give(struct link *link, uint32_t at)
{
	while (at != 0) {
		uint32_t next = ((struct edge_hits *)cell(link, at))->next;
		cells_give(link, at, 0);
		at = next;
	}
}

static uint32_t own_node(const struct link_edge *edge)
{
	return edge->credit ? edge->to : edge->from;
}

static uint32_t party_node(const struct link_edge *edge)
{
	return edge->credit ? edge->from : edge->to;
}

void graph_forget(struct link *link, uint32_t at)
{
	struct link_edge *edge = edge_at(link, at);
	struct tie tie = {second_of(edge->booked_ms), at, 0, 0};

	timed_remove(link, at);
	if (edge->from != 0)
		ties_remove(link, &node_at(link, edge->from)->out, tie);
	if (edge->to != 0)
		ties_remove(link, &node_at(link, edge->to)->in, tie);
	if (edge->from != 0 && edge->to != 0) {
		info_give(link, own_node(edge), NAMES_OWN, edge->own);
		info_give(link, party_node(edge), NAMES_PARTY, edge->party);
	}
	if (edge->from != 0)
		node_give_if_alone(link, edge->from);
	if (edge->to != 0)
		node_give_if_alone(link, edge->to);
	hits_give(link, edge->hits);
	chain_give(link, edge->more);
	cells_give(link, at, EDGE_CLASS);
}

static uint64_t edge_id(const struct hit *hit)
{
	uint64_t own = mix(XXH3_64bits(hit->bank.at, hit->bank.length),
	                   XXH3_64bits(hit->account.at, hit->account.length));

	return mix(own, XXH3_64bits(hit->tx_id.at, hit->tx_id.length));
}

/* The same transaction, put before: by this rule or another. */
static uint32_t edge_find(const struct link *link, uint64_t id, const struct link_event *event)
{
	uint32_t second = second_of(event->hit.booked_ms), at = *node_head(link, event->from), i;
	const struct tie *items;

	while (at != 0 && node_at(link, at)->account != event->from)
		at = node_at(link, at)->next;
	if (at == 0)
		return 0;
	items = ties_of(link, &node_at(link, at)->out);
	for (i = ties_from(link, &node_at(link, at)->out, second);
	     i < node_at(link, at)->out.count && items[i].second == second; i++)
		if (edge_at(link, items[i].edge)->id == id)
			return items[i].edge;
	return 0;
}

static void id_put(struct link *link, struct link_edge *edge, struct slice id)
{
	struct slice more = {id.at + EDGE_ID_BYTES, id.length > EDGE_ID_BYTES ? id.length - EDGE_ID_BYTES : 0};

	memcpy(edge->tx_id, id.at, id.length - more.length);
	edge->id_length = (uint16_t)id.length;
	edge->more = more.length > 0 ? chain_put(link, &more, 1) : 0;
	if (more.length > 0 && edge->more == 0)
		edge->id_length = 0; /* no room: tells the caller */
}

/* The edge with its texts and nodes, not yet in their ties. */
static uint32_t edge_make(struct link *link, const struct link_event *event, const struct edge_rules *rules,
                           uint64_t id)
{
	const struct hit *hit = &event->hit;
	const struct slice own[4] = {hit->bank, hit->account, hit->account_name, hit->enterprise},
			   party[4] = {{0}, hit->party_account, hit->party_name, {0}};
	uint32_t at = cells_take(link, EDGE_CLASS);
	struct link_edge *edge = at != 0 ? edge_at(link, at) : NULL;

	if (at == 0)
		return 0;
	*edge = (struct link_edge){
		.timed.is_edge = true, .credit = event->credit, .party_is_company = hit->party_is_company, .id = id,
		.rules = rules->passed, .listed = rules->listed, .booked_ms = hit->booked_ms,
		.amount_minor = hit->amount_cny_minor > 0 ? hit->amount_cny_minor : 0,
	};
	timed_add(link, at, hit->booked_ms + rules->within_ms);
	edge->from = node_of(link, event->from);
	edge->to = node_of(link, event->to);
	if (edge->from != 0 && edge->to != 0) {
		edge->own = info_of(link, own_node(edge), NAMES_OWN, own);
		edge->party = info_of(link, party_node(edge), NAMES_PARTY, party);
	}
	id_put(link, edge, hit->tx_id);
	if (edge->from != 0 && edge->to != 0 && edge->own != 0 && edge->party != 0 && edge->id_length > 0)
		return at;
	graph_forget(link, at);
	return 0;
}

/*
 * An account that pays or is paid too often lets its oldest go; true where that is the new edge
 * itself.
 */
static bool thin_out(struct link *link, struct ties *ties, uint32_t new)
{
	uint32_t oldest;

	do {
		if (ties->count <= link->limits.node_edges_max)
			return false;
		count(COUNT_LINK_NODE_FULL);
		oldest = ties_of(link, ties)->edge;
		graph_forget(link, oldest);
	} while (oldest != new);
	return true;
}

static uint32_t edge_put(struct link *link, const struct link_event *event, const struct edge_rules *rules,
                          uint64_t id)
{
	uint32_t at = edge_make(link, event, rules, id), second = second_of(event->hit.booked_ms), from, to;

	if (at == 0)
		return 0;
	from = edge_at(link, at)->from;
	to = edge_at(link, at)->to;
	if (!ties_add(link, node_at(link, from), &node_at(link, from)->out, (struct tie){second, at, to, rules->passed}) ||
	    !ties_add(link, node_at(link, to), &node_at(link, to)->in, (struct tie){second, at, from, rules->passed})) {
		graph_forget(link, at);
		return 0;
	}
	/* Only now: an edge that is tied keeps its nodes. */
	return thin_out(link, &node_at(link, from)->out, at) || thin_out(link, &node_at(link, to)->in, at) ? 0 : at;
}

/* The bits of an edge changed: so do those where its nodes list it. */
static void ties_mark(struct link *link, struct ties *ties, uint32_t at)
{
	const struct link_edge *edge = edge_at(link, at);
	struct tie *items = ties_at(link, ties);
	uint32_t i = ties_from(link, ties, second_of(edge->booked_ms));

	while (i < ties->count && items[i].edge != at)
		i++;
	if (i == ties->count)
		return;
	touch(link, &items[i], sizeof(*items));
	items[i].rules = edge->rules;
}

static void rules_set(struct link *link, uint32_t at, uint32_t rules, uint32_t listed)
{
	struct link_edge *edge = edge_at(link, at);

	touch(link, edge, sizeof(*edge));
	edge->rules = rules;
	edge->listed = listed;
	ties_mark(link, &node_at(link, edge->from)->out, at);
	ties_mark(link, &node_at(link, edge->to)->in, at);
}

uint32_t graph_put(struct link *link, const struct link_event *event, const struct edge_rules *rules,
                   uint32_t *known_r)
{
	uint64_t id = edge_id(&event->hit);
	uint32_t at = edge_find(link, id, event);
	const struct link_edge *edge;

	*known_r = 0;
	if (at == 0)
		return edge_put(link, event, rules, id);
	edge = edge_at(link, at);
	*known_r = edge->rules;
	if ((rules->passed & ~edge->rules) != 0 || (rules->listed & ~edge->listed) != 0)
		rules_set(link, at, edge->rules | rules->passed, edge->listed | rules->listed);
	timed_raise(link, at, event->hit.booked_ms + rules->within_ms);
	return at;
}

void graph_forget_rule(struct link *link, const struct slot *slot)
{
	uint32_t others = ~(1u << slot->bit);

	for (uint32_t hour = link->head->hour_first; hour < EXPIRING_HOURS; hour++) {
		uint32_t first = link->head->expiring[hour], at = first;
		while (at != 0) {
			const struct timed *timed = cell(link, at);
			if (timed->is_edge)
				rules_set(link, at, edge_at(link, at)->rules & others, edge_at(link, at)->listed & others);
			at = timed->newer != first ? timed->newer : 0;
		}
	}
}

struct edge_hit *edge_hit_find(const struct link *link, uint32_t edge, uint32_t serial)
{
	struct edge_hits *hits;

	for (uint32_t at = edge_at(link, edge)->hits; at != 0; at = hits->next) {
		hits = cell(link, at);
		for (uint32_t i = 0; i < hits->count; i++)
			if (hits->items[i].serial == serial)
				return &hits->items[i];
	}
	return NULL;
}

struct edge_hit *edge_hit_make(struct link *link, uint32_t edge, uint32_t serial)
{
	uint32_t first = edge_at(link, edge)->hits, at = first;
	struct edge_hits *hits = first != 0 ? cell(link, first) : NULL;

	if (first == 0 || hits->count == HIT_CELL_GROUPS) {
		at = cells_take(link, 0);
		if (at == 0)
			return NULL;
		hits = cell(link, at);
		*hits = (struct edge_hits){.next = first};
		touch(link, edge_at(link, edge), sizeof(struct link_edge));
		edge_at(link, edge)->hits = at;
	}
	touch(link, hits, sizeof(*hits));
	hits->items[hits->count] = (struct edge_hit){.serial = serial};
	return &hits->items[hits->count++];
}

static size_t info_bytes(const struct link *link, uint32_t at)
{
	const struct link_info *info = cell(link, at);

	return (size_t)info->lengths[0] + info->lengths[1] + info->lengths[2] + info->lengths[3];
}

/* An info's texts into `out`, behind one another; where they end. */
static char *info_get(const struct link *link, uint32_t at, char *out, struct slice texts_r[4])
{
	const struct link_info *info = cell(link, at);
	size_t length = 0, first;

	for (int i = 0; i < 4; length += info->lengths[i++])
		texts_r[i] = (struct slice){out + length, info->lengths[i]};
	first = length < INFO_FIRST_BYTES ? length : INFO_FIRST_BYTES;
	memcpy(out, info->first, first);
	chain_get(link, info->texts, out + first, length - first);
	return out + length;
}

bool edge_hit_texts(const struct link *link, uint32_t at, struct arena *arena, struct hit *hit_r)
{
	const struct link_edge *edge = edge_at(link, at);
	uint32_t inside = edge->id_length < EDGE_ID_BYTES ? edge->id_length : EDGE_ID_BYTES;
	char *out = arena_take(arena, info_bytes(link, edge->own) + info_bytes(link, edge->party) + edge->id_length);
	struct slice own[4], party[4];

	if (out == NULL)
		return false;
	memcpy(out, edge->tx_id, inside);
	if (edge->more != 0)
		chain_get(link, edge->more, out + inside, edge->id_length - inside);
	info_get(link, edge->party, info_get(link, edge->own, out + edge->id_length, own), party);
	*hit_r = (struct hit){
		.bank = own[0], .account = own[1], .account_name = own[2], .enterprise = own[3],
		.party_account = party[1], .party_name = party[2], .party_is_company = edge->party_is_company,
		.tx_id = {out, edge->id_length}, .booked_ms = edge->booked_ms, .amount_cny_minor = edge->amount_minor,
	};
	return true;
}

int graph_each(const struct link *link, graph_visit *visit, void *context)
{
	for (uint32_t i = 0; i < TABLE_KEYS; i++)
		for (uint32_t at = link->head->nodes[i]; at != 0; at = node_at(link, at)->next)
			for (uint32_t j = 0; j < node_at(link, at)->out.count; j++)
				if (visit(context, ties_of(link, &node_at(link, at)->out)[j].edge) == -1)
					return -1;
	return 0;
}
