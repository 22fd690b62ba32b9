/*
 * `sequence`: {steps, within, gaps, having}, or a list of steps with the others beside it in `detect`
 * (sequence.h says what it means).
 */
#include "pattern/read.h"
#include "pattern/sequence_read.h"
#include "pattern/weaken.h"

static const char *const keys[] = {"steps", "within", "gaps", "having", NULL};

/* Steps with different names; unnamed ones may share a direction until `having` asks for it. */
static void check_names(struct reader *reader, const struct yaml_node *list, const struct plan_step *steps)
{
	uint32_t i = 0;

	for (const struct yaml_node *node = list->first; node != NULL; node = node->next, i++)
		for (uint32_t j = 0; j < i; j++)
			if (yaml_find(node, "name") != NULL && slice_equal(steps[i].name, steps[j].name)) {
				source_fault(reader->source, yaml_find(node, "name"), "`name: %s` stands here twice",
				             steps[i].name.at);
				break;
			}
}

static void check_size(struct reader *reader, const struct yaml_node *list, const struct plan_step *steps,
                       uint32_t count)
{
	uint32_t least = 0;

	for (uint32_t i = 0; i < count; i++)
		least += steps[i].least;
	if (least > PROFILE_EVENTS_MAX)
		source_fault(reader->source, list,
		             "the steps need %u transactions, an account's memory keeps the last %d", least,
		             PROFILE_EVENTS_MAX);
}

static struct plan_step *read_steps(struct reader *reader, const struct yaml_node *list, uint32_t *count_r)
{
	struct plan_step *steps;

	*count_r = 0;
	if (list->type != YAML_LIST || list->count == 0 || list->count > SEQUENCE_STEPS_MAX) {
		source_fault(reader->source, list,
		             "`sequence` must have a list of 1 to %d steps, such as {direction: credit}",
		             SEQUENCE_STEPS_MAX);
		return NULL;
	}
	steps = read_take(&reader->builder->set->arena, (size_t)list->count * sizeof(*steps));
	for (const struct yaml_node *node = list->first; node != NULL; node = node->next)
		sequence_step_read(reader, node, &steps[(*count_r)++]);
	check_names(reader, list, steps);
	check_size(reader, list, steps, *count_r);
	return steps;
}

/* `map` has what stands beside the steps. */
static void read_bounds(struct reader *reader, const struct yaml_node *map, struct plan_sequence *sequence)
{
	const struct yaml_node *within = read_member(reader->source, map, "within", false);
	const struct yaml_node *gaps = read_member(reader->source, map, "gaps", false);

	sequence->within_ms = INT64_MAX;
	if (within != NULL && !weaken_value(reader, within, "sequence within"))
		sequence->within_ms = sequence_duration_read(reader, within, "within", PROFILE_WINDOW_MAX_MS);
	sequence->gaps = PROFILE_EVENTS_MAX;
	if (gaps != NULL && !weaken_value(reader, gaps, "sequence gaps"))
		sequence->gaps = read_number(reader->source, map, "gaps", 0, PROFILE_EVENTS_MAX, true);
}

bool part_sequence_read(struct reader *reader, const struct yaml_node *node, struct plan_part *part_r)
{
	struct builder *builder = reader->builder;
	bool alone = node->type != YAML_MAP; /* a list: the rest stands beside it */
	const struct yaml_node *map = alone ? reader->detect : node, *list, *having;
	struct plan_sequence *sequence = read_take(&builder->set->arena, sizeof(*sequence));
	struct plan_step *steps;

	if (!alone)
		read_map(reader->source, node, "`sequence`", keys);
	list = alone ? node : read_member(reader->source, node, "steps", true);
	if (list == NULL)
		return false;
	*sequence = (struct plan_sequence){0};
	sequence->steps = steps = read_steps(reader, list, &sequence->step_count);
	for (uint32_t i = 0; i < sequence->step_count; i++)
		sequence->least += steps[i].least;
	read_bounds(reader, map, sequence);
	if (steps == NULL)
		return false;
	having = read_member(reader->source, map, "having", false);
	if (having != NULL)
		sequence->having = sequence_having_read(reader, having, steps, sequence->step_count);
	part_r->sequence = sequence;
	return true;
}
