/*
 * `link`: {by: counterparty.account, distinct: enterprise, at_least: 3, within: 24h, count: 5, sum: 50万}
 *         {by: account, distinct: counterparty, at_least: 6, within: 4d}
 */
#include "base/instant.h"
#include "pattern/read.h"
#include "pattern/rule_read.h"
#include "pattern/weaken.h"

enum { COUNT_MAX = 4096 };

#define SUM_MAX_MINOR INT64_C(100000000000000) /* a trillion yuan */

static const char *const keys[] = {"by", "distinct", "at_least", "within", "count", "sum", NULL};

/* In the order of `shared`. */
static const char *const by_words[] = {"counterparty.account", "counterparty.name", "ip", "mac", "device",
                                       "account", NULL};
static const uint8_t shared[] = {TX_PARTY_ACCOUNT_FIELD, TX_PARTY_NAME_FIELD, TX_IP_FIELD, TX_MAC_FIELD,
                                 TX_DEVICE_FIELD, TX_ACCOUNT_FIELD};

/* In the order of enum link_distinct. */
static const char *const distinct_words[] = {"enterprise", "account", "bank", "counterparty", NULL};

/* The bounds that could be left out: others at once, or within the longest window. */
static void weaken_bounds(struct reader *reader, const struct yaml_node *node, struct link_rule *rule)
{
	const struct yaml_node *bound;

	if ((bound = yaml_find(node, "within")) != NULL && weaken_value(reader, bound, "link within"))
		rule->within_ms = LINK_WITHIN_MAX_MS;
	if ((bound = yaml_find(node, "count")) != NULL && weaken_value(reader, bound, "link count"))
		rule->count_least = 0;
	if ((bound = yaml_find(node, "sum")) != NULL && weaken_value(reader, bound, "link sum"))
		rule->sum_least_minor = 0;
}

bool part_link_read(struct reader *reader, const struct yaml_node *node, struct plan_part *part_r)
{
	struct plan_link *plan = rule_begin(reader, node, "link");
	int by, distinct;
	bool timed;

	if (plan == NULL || !read_map(reader->source, node, "`link`", keys))
		return false;
	by = read_word(reader->source, node, "by", by_words, true);
	distinct = read_word(reader->source, node, "distinct", distinct_words, true);
	plan->rule.kind = LINK_KEY;
	plan->rule.at_least = read_number(reader->source, node, "at_least", 2, LINK_AT_LEAST_MAX, true);
	plan->rule.count_least = read_number(reader->source, node, "count", 2, COUNT_MAX, false);
	rule_value(reader, node, "sum", VALUE_MONEY, 1, SUM_MAX_MINOR, "an amount up to 1万亿",
	           &plan->rule.sum_least_minor);
	timed = rule_value(reader, node, "within", VALUE_DURATION, INSTANT_SECOND_MS, LINK_WITHIN_MAX_MS,
	                   "a duration from 1s to 14d", &plan->rule.within_ms);
	if (!timed && yaml_find(node, "within") == NULL)
		source_fault(reader->source, node, "`within` is missing: a duration from 1s to 14d");
	if (by >= 0 && distinct >= 0 && shared[by] == TX_ACCOUNT_FIELD && distinct != LINK_PARTIES) {
		source_fault(reader->source, node, "`by: account` is of one account alone: expected `distinct: counterparty`");
		return false;
	}
	if (by < 0 || distinct < 0 || plan->rule.at_least == 0 || !timed)
		return false;
	weaken_bounds(reader, node, &plan->rule);
	plan->by = shared[by];
	plan->rule.distinct = (uint8_t)distinct;
	part_r->link = plan;
	return true;
}
