/*
 * A step: {name, direction, amount, kind, channel, counterparty, hour, left, repeat}. What it says of a
 * transaction becomes a gate, which for a step is exact.
 */
#include <stdio.h>

#include "base/instant.h"
#include "pattern/read.h"
#include "pattern/sequence_read.h"
#include "pattern/weaken.h"

enum { LEFT_PERCENT = 10000 }; /* millionths */

static const char *const keys[] = {"name",    "direction",    "amount", "kind", "channel",
                                   "counterparty", "hour", "left",   "repeat", NULL};

/* Where a value is read from: the tokens of one scalar. */
struct scan {
	struct condition_context context;
	struct condition_token token;
	uint32_t at;
};

static int next(struct scan *s)
{
	return condition_lex(s->context.text, &s->at, &s->token, s->context.complaint);
}

static int scan_begin(struct scan *s, struct reader *reader, const struct yaml_node *node,
                      struct complaint *complaint)
{
	*s = (struct scan){.context = {.arena = &reader->builder->set->arena, .text = node->text,
	                               .rates = reader->builder->set->rates, .complaint = complaint,
	                               .words = &reader->builder->words}};
	return next(s);
}

/* "found `x`; expected …" at the token at hand. */
static int expected(struct scan *s, const char *what)
{
	if (s->token.kind == TOKEN_END)
		return complain(s->context.complaint, s->token.from, "nothing more is here; expected %s", what);
	return complain(s->context.complaint, s->token.from, "found `%.*s`; expected %s",
	                (int)(s->token.to - s->token.from), s->context.text.at + s->token.from, what);
}

/*
 * A number with its unit, which may stand apart, as a value of `type`; a bare one is an amount where that is
 * asked.
 */
static int scan_value(struct scan *s, enum value_type type, const char *example, int64_t *value_r)
{
	struct condition_node node = {.kind = CONDITION_LITERAL, .from = s->token.from, .to = s->token.to};

	if (s->token.kind != TOKEN_NUMBER)
		return expected(s, example);
	if (condition_literal(&s->context, &node, s->token.text) == -1 || next(s) == -1)
		return -1;
	if (s->token.kind == TOKEN_NAME) {
		if (condition_literal_unit(&s->context, &node, s->token.text, s->token.from) == -1 || next(s) == -1)
			return -1;
	}
	if (type == VALUE_MONEY && node.bare && condition_literal_money(&s->context, &node) == -1)
		return -1;
	if (node.type != type || node.value > INT64_MAX)
		return complain(s->context.complaint, node.from, "`%.*s` is %s; expected %s", (int)(node.to - node.from),
		                s->context.text.at + node.from, condition_type_words(node.type), example);
	*value_r = (int64_t)node.value;
	return 0;
}

static void apply_sign(int sign, int64_t value, struct program_range *range)
{
	switch (sign) {
	case '<': range->to = value - 1; break;
	case SIGN_AT_MOST: range->to = value; break;
	case '>': range->from = value + 1; break;
	case SIGN_AT_LEAST: range->from = value; break;
	default: range->from = range->to = value;
	}
}

static bool is_comparison(const struct condition_token *token)
{
	return token->kind == TOKEN_SIGN && (token->sign == '=' || token->sign == '<' || token->sign == '>' ||
	                                     token->sign == SIGN_AT_MOST || token->sign == SIGN_AT_LEAST);
}

/* `>= 10万`, `= 5`, `5万..20万` */
static int scan_range(struct scan *s, enum value_type type, const char *example,
                      struct program_range *range_r)
{
	int sign = '=';
	int64_t value, to;
	uint32_t from;

	*range_r = (struct program_range){INT64_MIN + 1, INT64_MAX, false};
	if (is_comparison(&s->token)) {
		sign = s->token.sign;
		if (next(s) == -1)
			return -1;
	}
	from = s->token.from;
	if (scan_value(s, type, example, &value) == -1)
		return -1;
	apply_sign(sign, value, range_r);
	if (sign == '=' && s->token.kind == TOKEN_SIGN && s->token.sign == SIGN_RANGE) {
		if (next(s) == -1 || scan_value(s, type, example, &to) == -1)
			return -1;
		if (to < value)
			return complain(s->context.complaint, from, "a range that goes backwards; write the smaller end first");
		range_r->to = to;
	}
	return s->token.kind == TOKEN_END ? 0 : expected(s, example);
}

static bool is_text(struct reader *reader, const struct yaml_node *node, const char *key, const char *example)
{
	if (node->type == YAML_TEXT && node->text.length > 0)
		return true;
	source_fault(reader->source, node, "`%s`: expected %s", key, example);
	return false;
}

/* What a step asks by one of its keys; `part` is the key behind "step ". NULL: nothing, or it is left out. */
static const struct yaml_node *asked_by(struct reader *reader, const struct yaml_node *step, const char *part)
{
	const struct yaml_node *node = read_member(reader->source, step, part + strlen("step "), false);

	return node != NULL && !weaken_value(reader, node, part) ? node : NULL;
}

static void read_range(struct reader *reader, const struct yaml_node *step, const char *part,
                       enum value_type type, const char *example, struct program_range *range)
{
	const struct yaml_node *node = asked_by(reader, step, part);
	const char *key = part + strlen("step ");
	struct program_range read;
	struct complaint complaint;
	struct scan s;

	if (node == NULL || !is_text(reader, node, key, example))
		return;
	if (scan_begin(&s, reader, node, &complaint) == -1 || scan_range(&s, type, example, &read) == -1)
		source_complain(reader->source, node, &complaint);
	else
		*range = read;
}

/* Memory knows whole percents: a finer bound would pretend. */
static void read_left(struct reader *reader, const struct yaml_node *step, struct program_range *range)
{
	struct program_range read = *range;

	read_range(reader, step, "step left", VALUE_PERCENT, "a share of the balance before, such as \"<= 5%\"", &read);
	if (read.from == range->from && read.to == range->to)
		return;
	*range = read;
	/* `< 5%` ends one millionth below: whole percents between the two bounds are the same ones. */
	if ((read.from > 0 && read.from % LEFT_PERCENT > 1) ||
	    (read.to > 0 && read.to < INT64_MAX && (read.to + 1) % LEFT_PERCENT > 1))
		source_fault(reader->source, yaml_find(step, "left"),
		             "`left` is known in whole percents; expected such as \"<= 5%%\"");
}

static void wrong_word(struct reader *reader, const struct yaml_node *item, const char *key, uint8_t field)
{
	bool text = item->type == YAML_TEXT;
	char near[96], list[160];

	source_fault(reader->source, item, "`%s: %.40s`: expected %s%s", key, text ? item->text.at : "…",
	             condition_word_list(field, list, sizeof(list)),
	             text ? condition_nearest_word(field, item->text, near) : "");
}

/* One word or a list of them, as bits 1 << word. */
static uint32_t read_words_of(struct reader *reader, const struct yaml_node *step, const char *part,
                              enum tx_field field, uint32_t otherwise)
{
	const struct yaml_node *node = asked_by(reader, step, part), *item;
	const char *key = part + strlen("step ");
	uint32_t bits = 0;

	if (node == NULL)
		return otherwise;
	item = node->type == YAML_LIST ? node->first : node;
	for (; item != NULL; item = node->type == YAML_LIST ? item->next : NULL) {
		uint8_t word = item->type == YAML_TEXT ? tx_word_find(field, item->text) : 0;
		if (word == 0)
			wrong_word(reader, item, key, (uint8_t)field);
		bits |= 1u << word;
	}
	return bits & ~1u;
}

/* `22` or `22..23`, both within least..most. */
static bool read_whole_range(struct reader *reader, const struct yaml_node *node, const char *key,
                             uint32_t least, uint32_t most, uint32_t *from_r, uint32_t *to_r)
{
	int used = -1;

	if (node->type == YAML_TEXT && strspn(node->text.at, "0123456789.") == node->text.length) {
		if (sscanf(node->text.at, "%2u%n", from_r, &used) == 1 && node->text.at[used] == '\0')
			*to_r = *from_r;
		else if (sscanf(node->text.at, "%2u..%2u%n", from_r, to_r, &used) != 2 || node->text.at[used] != '\0')
			used = -1;
	}
	if (used >= 0 && *from_r >= least && *from_r <= *to_r && *to_r <= most)
		return true;
	source_fault(reader->source, node,
	             "`%s: %.40s`: expected a whole number or two, such as %u or %u..%u, from %u to %u", key,
	             node->type == YAML_TEXT ? node->text.at : "…", least + 1, least + 1, least + 3, least, most);
	return false;
}

static uint32_t read_hours(struct reader *reader, const struct yaml_node *step, uint32_t otherwise)
{
	const struct yaml_node *node = asked_by(reader, step, "step hour"), *item;
	uint32_t hours = 0, from, to;

	if (node == NULL)
		return otherwise;
	item = node->type == YAML_LIST ? node->first : node;
	for (; item != NULL; item = node->type == YAML_LIST ? item->next : NULL)
		if (read_whole_range(reader, item, "hour", 0, 23, &from, &to))
			hours |= (UINT32_MAX >> (31 - to)) & (UINT32_MAX << from);
	return hours;
}

static void read_repeat(struct reader *reader, const struct yaml_node *step, struct plan_step *step_r)
{
	const struct yaml_node *node = read_member(reader->source, step, "repeat", false);
	uint32_t from, to;

	step_r->least = step_r->most = 1;
	if (node != NULL && read_whole_range(reader, node, "repeat", 1, PROFILE_EVENTS_MAX, &from, &to)) {
		step_r->least = (uint8_t)from;
		step_r->most = (uint8_t)to;
		if (from > 1 && weaken_value(reader, node, "step repeat"))
			step_r->least = 1;
	}
}

static void read_party(struct reader *reader, const struct yaml_node *step, struct plan_step *step_r)
{
	static const char *const words[] = {"new", "known", "this", NULL};
	int word = read_word(reader->source, step, "counterparty", words, false);

	if (word < 0 || asked_by(reader, step, "step counterparty") == NULL)
		return;
	if (word == 0 || word == 1)
		step_r->gate.novelty = word == 0 ? GATE_NEW : GATE_KNOWN;
	if (word == 2)
		step_r->party = SEQUENCE_PARTY_THIS;
}

/* Words of the condition language; `in` cannot be mistaken there. */
static bool is_taken(struct slice name)
{
	return slice_is(name, "and") || slice_is(name, "or") || slice_is(name, "not") || slice_is(name, "of");
}

/* A word for facts and for `having`; without one it is called by its direction. */
static void read_name(struct reader *reader, const struct yaml_node *step, struct plan_step *step_r,
                      int direction)
{
	struct slice name = read_text(reader->source, &reader->builder->set->arena, step, "name", false);
	size_t usual = name.at != NULL ? strspn(name.at, "abcdefghijklmnopqrstuvwxyz0123456789_") : 0;

	if (name.at == NULL) {
		step_r->name = direction < 0 ? (struct slice){"", 0} : slice_of(direction == 0 ? "debit" : "credit");
		return;
	}
	if (usual < name.length || name.length > SEQUENCE_NAME_BYTES_MAX || name.at[0] < 'a')
		source_fault(reader->source, yaml_find(step, "name"),
		             "`name: %.40s`: expected small letters, digits and _, a letter first, at most %d", name.at,
		             SEQUENCE_NAME_BYTES_MAX);
	if (is_taken(name))
		source_fault(reader->source, yaml_find(step, "name"), "`name: %s`: a word of conditions; expected another",
		             name.at);
	step_r->name = name;
}

void sequence_step_read(struct reader *reader, const struct yaml_node *node, struct plan_step *step_r)
{
	static const char *const directions[] = {"debit", "credit", NULL};
	struct program_gate *gate = &step_r->gate;
	int direction;

	*step_r = (struct plan_step){.name = {"", 0}, .gate = program_gate_open(), .least = 1, .most = 1};
	if (!read_map(reader->source, node, "a step", keys))
		return;
	direction = read_word(reader->source, node, "direction", directions, false);
	if (direction >= 0 && asked_by(reader, node, "step direction") != NULL)
		gate->directions = (uint8_t)(1u << (direction == 0 ? TX_DEBIT : TX_CREDIT));
	read_name(reader, node, step_r, direction);
	read_range(reader, node, "step amount", VALUE_MONEY, "an amount, such as \">= 10万\" or 5万..20万", &gate->amount);
	read_left(reader, node, &gate->left);
	gate->kinds = (uint8_t)read_words_of(reader, node, "step kind", TX_PARTY_KIND_FIELD, gate->kinds);
	gate->channels = (uint16_t)read_words_of(reader, node, "step channel", TX_CHANNEL_FIELD, gate->channels);
	gate->hours = read_hours(reader, node, gate->hours);
	read_party(reader, node, step_r);
	read_repeat(reader, node, step_r);
	step_r->asks = gate_places(gate);
}

int64_t sequence_duration_read(struct reader *reader, const struct yaml_node *node, const char *key,
                               int64_t most_ms)
{
	struct complaint complaint;
	struct scan s;
	int64_t ms = -1;

	if (!is_text(reader, node, key, "a duration such as 2h"))
		return -1;
	if (scan_begin(&s, reader, node, &complaint) == -1 ||
	    scan_value(&s, VALUE_DURATION, "a duration such as 2h", &ms) == -1 ||
	    (s.token.kind != TOKEN_END && expected(&s, "a duration such as 2h") == -1)) {
		source_complain(reader->source, node, &complaint);
		return -1;
	}
	if (ms >= INSTANT_SECOND_MS && ms <= most_ms)
		return ms;
	source_fault(reader->source, node, "`%s: %s`: expected at least 1s and at most %lldd", key, node->text.at,
	             (long long)(most_ms / INSTANT_DAY_MS));
	return -1;
}
