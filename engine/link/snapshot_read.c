/*
 * Reading a snapshot: every event is put in again, and nobody is told of what it completes: that was
 * reported when it came first.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "link/keys.h"
#include "link/record.h"
#include "link/snapshot.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#define BOOKED_LEAST_MS INT64_C(946684800000) /* 2000 */
#define BOOKED_MOST_MS INT64_C(4102444800000) /* 2100 */

enum { NAME_BYTES_MAX = 1024, EVIDENCE_BYTES_MAX = 32 << 10, PATTERN_BYTES_MAX = 64 };

struct loading {
	struct link *link;
	struct read_rule {
		bool there;
		uint8_t audience, score, bit;
		uint32_t version;
		struct link_rule rule; /* slices of the file */
	} rules[SLOTS_MAX];
	struct arena arena;
};

static bool rule_is_sound(const struct link_rule *rule)
{
	bool chain = rule->kind == LINK_PATH && (rule->shape == LINK_CYCLE || rule->shape == LINK_TO_LISTED ||
	                                         rule->shape == LINK_CHAIN || rule->shape == LINK_RING);

	return rule->kind <= LINK_PATH && (!chain || rule->hops_least > 0) && rule->distinct <= LINK_PARTIES &&
	       rule->shape < LINK_SHAPES && rule->hops_least <= rule->hops_most &&
	       rule->hops_most <= LINK_HOPS_MAX && rule->at_least >= 1 && rule->at_least <= LINK_AT_LEAST_MAX &&
	       rule->within_ms > 0 && rule->within_ms <= LINK_WITHIN_MAX_MS &&
	       rule->sum_least_minor >= 0 && rule->pattern.length > 0 && rule->pattern.length <= PATTERN_BYTES_MAX;
}

static bool take_rule(struct loading *l, struct record_reader *r)
{
	uint64_t number = record_take_number(r), bit = record_take_number(r);
	struct read_rule rule = {.there = true, .bit = (uint8_t)bit};

	rule.version = (uint32_t)record_take_number(r);
	rule.audience = (uint8_t)record_take_number(r);
	rule.score = (uint8_t)record_take_number(r);
	rule.rule.kind = (uint8_t)record_take_number(r);
	rule.rule.distinct = (uint8_t)record_take_number(r);
	rule.rule.shape = (uint8_t)record_take_number(r);
	rule.rule.hops_least = (uint8_t)record_take_number(r);
	rule.rule.hops_most = (uint8_t)record_take_number(r);
	rule.rule.at_least = (uint32_t)record_take_number(r);
	rule.rule.count_least = (uint32_t)record_take_number(r);
	rule.rule.sum_least_minor = (int64_t)record_take_number(r);
	rule.rule.within_ms = (int64_t)record_take_number(r);
	rule.rule.tolerance_permille = (uint32_t)record_take_number(r);
	rule.rule.told = record_take_number(r) != 0;
	rule.rule.pattern = record_take_text(r);
	rule.rule.typology = record_take_text(r);
	rule.rule.title_zh = record_take_text(r);
	rule.rule.title_en = record_take_text(r);
	if (r->broken || number >= SLOTS_MAX || bit >= PATHS_MAX || !rule_is_sound(&rule.rule) ||
	    rule.audience > 1 || l->rules[number].there)
		return false;
	l->rules[number] = rule;
	return true;
}

static bool take_hit(struct record_reader *r, struct hit *hit)
{
	hit->booked_ms = (int64_t)record_take_number(r);
	hit->amount_cny_minor = (int64_t)record_take_number(r);
	hit->party_is_company = record_take_number(r) != 0;
	hit->bank = record_take_text(r);
	hit->account = record_take_text(r);
	hit->account_name = record_take_text(r);
	hit->enterprise = record_take_text(r);
	hit->tx_id = record_take_text(r);
	hit->party_name = record_take_text(r);
	hit->party_account = record_take_text(r);
	hit->evidence = record_take_text(r);
	return !r->broken && hit->booked_ms >= BOOKED_LEAST_MS && hit->booked_ms < BOOKED_MOST_MS &&
	       hit->bank.length <= NAME_BYTES_MAX && hit->account.length <= NAME_BYTES_MAX &&
	       hit->account_name.length <= NAME_BYTES_MAX && hit->enterprise.length <= NAME_BYTES_MAX &&
	       hit->tx_id.length > 0 && hit->tx_id.length <= NAME_BYTES_MAX &&
	       hit->party_name.length <= NAME_BYTES_MAX && hit->party_account.length <= NAME_BYTES_MAX &&
	       hit->evidence.length <= EVIDENCE_BYTES_MAX;
}

static void put(struct loading *l, const struct read_rule *rule, struct link_event *event)
{
	event->rule = &rule->rule;
	event->hit.pattern = rule->rule.pattern;
	event->hit.typology = rule->rule.typology;
	event->hit.version = rule->version;
	event->hit.audience = rule->audience;
	event->hit.score = rule->score;
	hit_id(&event->hit);
	link_put(l->link, event, &l->arena, NULL, NULL);
	arena_reset(&l->arena);
}

static bool take_event(struct loading *l, struct record_reader *r)
{
	uint64_t number = record_take_number(r);
	struct link_event event = {.key = record_take_number(r)};

	event.who = record_take_number(r);
	if (!take_hit(r, &event.hit) || number >= SLOTS_MAX || !l->rules[number].there ||
	    l->rules[number].rule.kind != LINK_KEY)
		return false;
	put(l, &l->rules[number], &event);
	return true;
}

static bool take_gone(struct loading *l, struct record_reader *r)
{
	uint64_t number = record_take_number(r), key = record_take_number(r);
	int64_t from_ms = (int64_t)record_take_number(r), to_ms = (int64_t)record_take_number(r);

	if (r->broken || number >= SLOTS_MAX || !l->rules[number].there)
		return false;
	keys_set_gone(l->link, slot_by_text(l->link, l->rules[number].rule.pattern, l->rules[number].version), key,
	              from_ms, to_ms);
	return true;
}

static bool take_edge(struct loading *l, struct record_reader *r)
{
	uint64_t rules = record_take_number(r), listed = record_take_number(r);
	struct link_event event = {.credit = record_take_number(r) != 0};
	struct link_passed also[LINK_ALSO_MAX];
	const struct read_rule *first = NULL;

	event.also = also;
	event.from = record_take_number(r);
	event.to = record_take_number(r);
	if (!take_hit(r, &event.hit))
		return false;
	for (int i = 0; i < SLOTS_MAX; i++) {
		const struct read_rule *rule = &l->rules[i];
		bool on_list = (listed >> rule->bit & 1) != 0;
		if (!rule->there || rule->rule.kind != LINK_PATH || (rules >> rule->bit & 1) == 0)
			continue;
		if (first == NULL) {
			first = rule;
			event.listed = on_list;
		} else if (event.also_count < LINK_ALSO_MAX) {
			also[event.also_count++] =
				(struct link_passed){&rule->rule, rule->version, rule->audience, rule->score, on_list};
		}
	}
	if (first != NULL)
		put(l, first, &event);
	return true;
}

static bool take_record(struct loading *l, struct record_reader *r)
{
	switch (r->kind) {
	case RECORD_RULE: return take_rule(l, r);
	case RECORD_EVENT: return take_event(l, r);
	case RECORD_GONE: return take_gone(l, r);
	case RECORD_EDGE: return take_edge(l, r);
	default: return false;
	}
}

static int load_body(struct link *link, struct slice body, struct error *error)
{
	struct loading *l = calloc(1, sizeof(*l));
	struct record_reader reader;
	bool sound = true;

	if (l == NULL)
		die("out of memory: the snapshot of links");
	l->link = link;
	arena_init(&l->arena, 1 << 20);
	while (sound && record_next(&body, &reader))
		sound = take_record(l, &reader);
	sound = sound && !reader.broken;
	arena_deinit(&l->arena);
	free(l);
	return sound ? 0 : error_set(error, "a record is not as it was written");
}

int link_load_bytes(struct link *link, const char *bytes, size_t length, struct error *error)
{
	struct snapshot_head head;

	link_clear(link);
	if (length < sizeof(head) || memcmp(bytes, SNAPSHOT_MAGIC, sizeof(SNAPSHOT_MAGIC)) != 0)
		return error_set(error, "it is no snapshot of links of this version");
	memcpy(&head, bytes, sizeof(head));
	if (head.bytes != length - sizeof(head) || head.bytes > UINT32_MAX)
		return error_set(error, "it has %zu bytes, not the %llu that were written", length - sizeof(head),
		                 (unsigned long long)head.bytes);
	if (head.sum != XXH3_64bits(bytes + sizeof(head), length - sizeof(head)))
		return error_set(error, "its checksum is wrong: it was changed or only written in part");
	if (load_body(link, (struct slice){bytes + sizeof(head), (uint32_t)head.bytes}, error) == 0)
		return 0;
	link_clear(link);
	return -1;
}

int link_load(struct link *link, const char *path, struct error *error)
{
	int file = open(path, O_RDONLY | O_CLOEXEC), result;
	struct stat facts;
	void *bytes;

	link_clear(link);
	if (file == -1 || fstat(file, &facts) == -1) {
		if (file != -1)
			close(file);
		return error_set(error, "%s: cannot be read: %s", path, strerror(errno));
	}
	bytes = facts.st_size > 0 ? mmap(NULL, (size_t)facts.st_size, PROT_READ, MAP_PRIVATE, file, 0) : MAP_FAILED;
	close(file);
	if (bytes == MAP_FAILED)
		return error_set(error, "%s: it is empty or cannot be read", path);
	result = link_load_bytes(link, bytes, (size_t)facts.st_size, error);
	munmap(bytes, (size_t)facts.st_size);
	return result == 0 ? 0 : error_wrap(error, "%s", path);
}
