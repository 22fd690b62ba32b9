/*
 * `path`: {shape: cycle, hops: 3..5, within: 72h, tolerance: 10%}
 *         {shape: ring, hops: 3..8, within: 7d, tolerance: 60%}
 *         {shape: scatter-gather, at_least: 3, within: 72h, ends: told}
 *         {shape: chain, hops: 4, within: 72h}
 *         {shape: to-listed, list: stop-payment, hops: 1..2, within: 72h}
 */
#include "base/instant.h"
#include "pattern/read.h"
#include "pattern/rule_read.h"
#include "pattern/weaken.h"

enum { TOLERANCE_PERMILLE = 100, PERMILLE_MICROS = VALUE_MICROS / 1000 };

static const char *const keys[] = {"shape", "hops", "at_least", "within", "tolerance", "list", "ends", NULL};

/* In the order of enum link_shape, and which keys each has beside `shape` and `within`. */
static const char *const shape_words[] = {"cycle", "scatter-gather", "gather-scatter", "stack", "bipartite",
                                          "to-listed", "chain", "ring", NULL};
enum { HOPS = 1, WIDTH = 2, TOLERANCE = 4, LIST = 8, ENDS = 16 };
static const struct {
	const char *key;
	uint8_t bit;
} optional[] = {{"hops", HOPS}, {"at_least", WIDTH}, {"tolerance", TOLERANCE}, {"list", LIST}, {"ends", ENDS}};
static const uint8_t has[LINK_SHAPES] = {
	[LINK_CYCLE] = HOPS | TOLERANCE,
	[LINK_SCATTER_GATHER] = WIDTH | TOLERANCE | ENDS,
	[LINK_GATHER_SCATTER] = WIDTH | TOLERANCE,
	[LINK_STACK] = WIDTH | TOLERANCE,
	[LINK_BIPARTITE] = WIDTH | ENDS,
	[LINK_TO_LISTED] = HOPS | TOLERANCE | LIST,
	[LINK_CHAIN] = HOPS | TOLERANCE,
	[LINK_RING] = HOPS | TOLERANCE,
};

static bool only_its_keys(struct reader *reader, const struct yaml_node *node, int shape)
{
	bool fine = true;

	for (size_t i = 0; i < sizeof(optional) / sizeof(optional[0]); i++) {
		const struct yaml_node *member = yaml_find(node, optional[i].key);
		if (member == NULL || (has[shape] & optional[i].bit) != 0)
			continue;
		source_fault_key(reader->source, member, "`%s` means nothing for `shape: %s`", optional[i].key,
		                 shape_words[shape]);
		fine = false;
	}
	return fine;
}

static bool read_hops(struct reader *reader, const struct yaml_node *node, struct link_rule *rule)
{
	bool listed = rule->shape == LINK_TO_LISTED, chain = rule->shape == LINK_CHAIN;
	const struct yaml_node *hops = yaml_find(node, "hops");

	rule->hops_least = listed ? 1 : 3;
	rule->hops_most = listed ? 2 : chain ? 3 : LINK_HOPS_MAX;
	if (hops == NULL)
		return true;
	if (!rule_range(reader, node, "hops", listed ? 1 : 2, LINK_HOPS_MAX, &rule->hops_least, &rule->hops_most))
		return false;
	if (!chain || rule->hops_least == rule->hops_most)
		return true;
	source_fault(reader->source, hops, "expected one number: a longer chain consists of such");
	return false;
}

static bool read_tolerance(struct reader *reader, const struct yaml_node *node, struct link_rule *rule)
{
	bool chain = rule->shape == LINK_CYCLE || rule->shape == LINK_CHAIN || rule->shape == LINK_RING;
	int64_t micros;

	rule->tolerance_permille = chain ? TOLERANCE_PERMILLE : LINK_TOLERANCE_ANY;
	if (yaml_find(node, "tolerance") == NULL)
		return true;
	if (!rule_value(reader, node, "tolerance", VALUE_PERCENT, 0, 10 * VALUE_MICROS,
	                "a percentage from 0% to 1000%", &micros))
		return false;
	rule->tolerance_permille = (uint32_t)(micros / PERMILLE_MICROS);
	return true;
}

static bool read_list_name(struct reader *reader, const struct yaml_node *node, struct plan_link *plan)
{
	const struct yaml_node *list = read_member(reader->source, node, "list", true);
	const char *why = "the name of a list, such as stop-payment";
	int number;

	if (list == NULL)
		return false;
	number = list->type == YAML_TEXT ? builder_list(reader->builder, list->text, &why) : -1;
	if (number < 0) {
		source_fault(reader->source, list, "expected %s", why);
		return false;
	}
	plan->list = (uint16_t)number;
	return true;
}

static bool read_ends(struct reader *reader, const struct yaml_node *node, struct link_rule *rule)
{
	static const char *const words[] = {"any", "told", NULL};
	int ends = yaml_find(node, "ends") == NULL ? 0 : read_word(reader->source, node, "ends", words, true);

	rule->told = ends == 1;
	return ends >= 0;
}

static void weaken_bounds(struct reader *reader, const struct yaml_node *node, struct link_rule *rule)
{
	const struct yaml_node *bound;

	if ((bound = yaml_find(node, "within")) != NULL && weaken_value(reader, bound, "path within"))
		rule->within_ms = LINK_WITHIN_MAX_MS;
	if ((bound = yaml_find(node, "tolerance")) != NULL && weaken_value(reader, bound, "path tolerance"))
		rule->tolerance_permille = LINK_TOLERANCE_ANY;
	if ((bound = yaml_find(node, "ends")) != NULL && weaken_value(reader, bound, "path ends"))
		rule->told = false;
}

bool part_path_read(struct reader *reader, const struct yaml_node *node, struct plan_part *part_r)
{
	struct plan_link *plan = rule_begin(reader, node, "path");
	bool fine;
	int shape;

	if (plan == NULL || !read_map(reader->source, node, "`path`", keys))
		return false;
	shape = read_word(reader->source, node, "shape", shape_words, true);
	fine = rule_value(reader, node, "within", VALUE_DURATION, INSTANT_SECOND_MS, LINK_WITHIN_MAX_MS,
	                  "a duration from 1s to 14d", &plan->rule.within_ms);
	if (!fine && yaml_find(node, "within") == NULL)
		source_fault(reader->source, node, "`within` is missing: a duration from 1s to 14d");
	if (shape < 0 || !only_its_keys(reader, node, shape))
		return false;
	plan->rule.kind = LINK_PATH;
	plan->rule.shape = (uint8_t)shape;
	plan->rule.at_least = 1;
	if ((has[shape] & WIDTH) != 0 &&
	    (plan->rule.at_least = read_number(reader->source, node, "at_least", 2, LINK_AT_LEAST_MAX, true)) == 0)
		fine = false;
	if ((has[shape] & HOPS) != 0)
		fine = read_hops(reader, node, &plan->rule) && fine;
	fine = read_tolerance(reader, node, &plan->rule) && fine;
	fine = read_ends(reader, node, &plan->rule) && fine;
	if ((has[shape] & LIST) != 0)
		fine = read_list_name(reader, node, plan) && fine;
	weaken_bounds(reader, node, &plan->rule);
	part_r->link = plan;
	return fine;
}
