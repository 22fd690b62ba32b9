#include "judge/judge.h"


enum {
	EPISODE_PATTERNS_MAX = 256
}; /* different patterns whose scores add up; the cap is reached long before */

const char *const alert_level_names[] = {"", "blue", "yellow", "orange", "red"};

struct judge_rules judge_rules_default(void)
{
	return (struct judge_rules){.score_of_level = {0, 20, 40, 60, 80},
	                            .score_cap = JUDGE_SCORE_MAX,
	                            .gap_ms = INT64_C(24) * 3600 * 1000};
}

int hit_order(const void *a, const void *b)
{
	const struct hit *x = a, *y = b;
	int order = (x->booked_ms > y->booked_ms) - (x->booked_ms < y->booked_ms);

	if (order == 0)
		order = slice_compare(x->tx_id, y->tx_id);
	if (order == 0)
		order = slice_compare(x->pattern, y->pattern);
	return order != 0 ? order : (x->version > y->version) - (x->version < y->version);
}

static enum alert_level level_of(const struct judge_rules *rules, unsigned score)
{
	enum alert_level level = LEVEL_RED;

	while (level > LEVEL_NONE && score < rules->score_of_level[level])
		level--;
	return level;
}

/* Scores of different patterns add up; a pattern that hits again adds nothing, a newer version of it its surplus. */
struct score_sum {
	struct {
		struct slice pattern;
		uint8_t score;
	} parts[EPISODE_PATTERNS_MAX];
	size_t count;
	unsigned total;
};

static void score_add(struct score_sum *sum, const struct hit *hit)
{
	for (size_t i = 0; i < sum->count; i++) {
		if (!slice_equal(sum->parts[i].pattern, hit->pattern))
			continue;
		if (hit->score > sum->parts[i].score) {
			sum->total += hit->score - sum->parts[i].score;
			sum->parts[i].score = hit->score;
		}
		return;
	}
	if (sum->count == EPISODE_PATTERNS_MAX)
		return;
	sum->parts[sum->count].pattern = hit->pattern;
	sum->parts[sum->count++].score = hit->score;
	sum->total += hit->score;
}

static bool same_tx(const struct hit *a, const struct hit *b)
{
	return a->booked_ms == b->booked_ms && slice_equal(a->tx_id, b->tx_id);
}

bool judge_next(const struct judge_rules *rules, const struct hit *hits, size_t count, size_t first,
                struct episode *episode_r)
{
	struct score_sum sum = {.count = 0};
	struct episode e = {.first = first};

	if (first >= count)
		return false;
	e.opened_ms = hits[first].booked_ms;
	for (size_t i = first; i < count; i++, e.count++) {
		const struct hit *hit = &hits[i];
		if (i > first && hit->booked_ms - hits[i - 1].booked_ms > rules->gap_ms)
			break;
		score_add(&sum, hit);
		if (hit->group != 0 && (e.group == 0 || hit->group < e.group))
			e.group = hit->group;
		if (i == first || !same_tx(hit, &hits[i - 1]))
			e.amount_minor += hit->amount_cny_minor > 0 ? hit->amount_cny_minor : 0;
		e.updated_ms = hit->booked_ms;
		e.score = (uint8_t)(sum.total < rules->score_cap ? sum.total : rules->score_cap);
		if (e.level == LEVEL_NONE && level_of(rules, e.score) != LEVEL_NONE)
			e.raised_ms = hit->booked_ms;
		e.level = level_of(rules, e.score);
	}
	e.revision = (uint32_t)e.count;
	*episode_r = e;
	return true;
}

void judge_alert_id(const struct hit *earliest, char id_r[ALERT_ID_BYTES])
{
	static const char digits[] = "0123456789abcdef";
	struct hit named = *earliest;

	/* The hit id's hash, with the typology and audience in the place of the pattern and its version. */
	named.pattern = earliest->typology;
	named.version = earliest->audience;
	hit_id(&named);
	for (int i = 0; i < HIT_ID_BYTES; i++) {
		id_r[2 * i] = digits[named.id[i] >> 4];
		id_r[2 * i + 1] = digits[named.id[i] & 15];
	}
	id_r[2 * HIT_ID_BYTES] = '\0';
}
