/*
 * `detect`: its parts, each read by its own file through one table.
 */
#include "pattern/builder.h"
#include "pattern/read.h"
#include "pattern/weaken.h"

static const struct {
	const char *key;
	bool (*read)(struct reader *reader, const struct yaml_node *node, struct plan_part *part_r);
} parts[PART_KIND_COUNT] = {
#define PART(symbol, key, member) [PART_##symbol] = {key, part_##member##_read},
#include "pattern/parts.def"
#undef PART
};

static const char *const keys[] = {
#define PART(symbol, key, member) key,
#include "pattern/parts.def"
#undef PART
	"within", "gaps", "having", NULL
};

/*
 * Those that could be left out as a whole. `text`, `where` and `sequence` consist of conditions: a test that one of
 * them fails is failed by the whole, too.
 */
static bool is_left_out(struct reader *reader, int kind, const struct yaml_node *node)
{
	bool one = kind == PART_LIST || kind == PART_ANY_OF || kind == PART_LINK || kind == PART_PATH;

	return one && weaken_value(reader, node, parts[kind].key);
}

/* A sequence that is a list has these beside it. */
static void check_beside(struct reader *reader, const struct yaml_node *map)
{
	static const char *const beside[] = {"within", "gaps", "having"};
	const struct yaml_node *sequence = yaml_find(map, "sequence"), *node;

	for (int i = 0; i < 3 && (sequence == NULL || sequence->type == YAML_MAP); i++)
		if ((node = yaml_find(map, beside[i])) != NULL)
			source_fault_key(reader->source, node, "`%s` belongs to a sequence; expected it %s", beside[i],
			                 sequence != NULL ? "inside of `sequence`, beside `steps`" : "beside a `sequence`");
}

void detect_read(struct reader *reader, const struct yaml_node *map, struct plan_detect *detect_r)
{
	const struct yaml_node *around = reader->detect;
	struct plan_part *taken = read_take(&reader->builder->set->arena, sizeof(*taken) * PART_KIND_COUNT);
	const struct yaml_node *node;

	*detect_r = (struct plan_detect){.parts = taken};
	if (!read_map(reader->source, map, "`detect`", keys))
		return;
	check_beside(reader, map);
	if (map->first == NULL)
		source_fault(reader->source, map,
		             "`detect` is empty, so it would hit everything; expected text, where, sequence or any_of");
	reader->detect = map;
	for (int kind = 0; kind < PART_KIND_COUNT; kind++) {
		struct plan_part *part = &taken[detect_r->part_count];
		node = read_member(reader->source, map, parts[kind].key, false);
		part->kind = (enum plan_part_kind)kind;
		if (node != NULL && !is_left_out(reader, kind, node) && parts[kind].read(reader, node, part))
			detect_r->part_count++;
	}
	if ((node = yaml_find(map, "path")) != NULL && yaml_find(map, "link") != NULL)
		source_fault_key(reader->source, node, "`path` beside `link`: expected one of the two");
	reader->detect = around;
}
