#include "match/condition.h"

#include "base/instant.h"
#include "base/money.h"
#include "base/utf8.h"
#include "fold/fold.h"

struct machine {
	struct condition_input *input;
	int64_t numbers[PROGRAM_STACK_MAX + 1]; /* from 1 on: then the one below the top is always there */
	int top;
	struct slice texts[PROGRAM_TEXTS_MAX];
	int text_top;
};

_Static_assert(TX_ABSENT == VALUE_ABSENT, "a field's absence is a value's");

static const void *member(const struct machine *m, uint8_t field)
{
	return (const char *)m->input->tx + tx_fields[field].offset;
}

static int64_t money(struct machine *m, uint8_t field)
{
	int64_t minor = *(const int64_t *)member(m, field), cny;

	if (minor == TX_ABSENT || m->input->tx->currency == MONEY_CNY)
		return minor; /* TX_ABSENT is VALUE_ABSENT */
	cny = plan_amount_cny(m->input->set, minor, m->input->tx->currency);
	if (cny == TX_ABSENT)
		m->input->no_rate = true;
	return cny;
}

static int64_t date(const struct machine *m, uint8_t field)
{
	int32_t day = *(const int32_t *)member(m, field);

	return day == TX_DAY_ABSENT ? VALUE_ABSENT : day * INSTANT_DAY_MS - INSTANT_CHINA_MS;
}

static int64_t word(const struct machine *m, uint8_t field)
{
	uint8_t value = *(const uint8_t *)member(m, field);

	return value == 0 && field != TX_CURRENCY_FIELD ? VALUE_ABSENT : value;
}

static bool present(const struct machine *m, uint8_t field)
{
	switch (tx_fields[field].type) {
	case TX_TYPE_TEXT: return tx_text(m->input->tx, field).length > 0;
	case TX_TYPE_DATE: return date(m, field) != VALUE_ABSENT;
	case TX_TYPE_WORD: return word(m, field) != VALUE_ABSENT;
	default: return *(const int64_t *)member(m, field) != TX_ABSENT;
	}
}

static int64_t bounded(__int128 value)
{
	return value > INT64_MAX || value <= INT64_MIN ? VALUE_ABSENT : (int64_t)value;
}

/* Halves away from zero. */
static __int128 divide(__int128 a, __int128 b)
{
	__int128 half = (b < 0 ? -b : b) / 2;

	return (a < 0 ? a - half : a + half) / b;
}

/* Two values that are both there. */
static int64_t arithmetic(uint8_t code, int64_t a, int64_t b)
{
	switch (code) {
	case OP_ADD: return bounded((__int128)a + b);
	case OP_SUBTRACT: return bounded((__int128)a - b);
	case OP_SCALE: return bounded((__int128)a * b / VALUE_MICROS);
	case OP_DIVIDE: return b != 0 ? bounded((__int128)a * VALUE_MICROS / b) : VALUE_ABSENT;
	case OP_ROUND_TO: return bounded(divide(a, b) * b);
	default: return VALUE_ABSENT;
	}
}

static inline __attribute__((always_inline)) int64_t compare(uint8_t code, int64_t a, int64_t b)
{
	if (a == VALUE_ABSENT || b == VALUE_ABSENT)
		return VALUE_ABSENT;
	switch (code) {
	case OP_EQUAL: return a == b;
	case OP_DIFFERENT: return a != b;
	case OP_LESS: return a < b;
	case OP_AT_MOST: return a <= b;
	case OP_MORE: return a > b;
	case OP_AT_LEAST: return a >= b;
	default: return a % b == 0; /* IS_ROUND: b is a constant above 0 */
	}
}

static int64_t in_ranges(const struct program_op *op, int64_t value)
{
	if (value == VALUE_ABSENT)
		return VALUE_ABSENT;
	for (uint16_t i = 0; i < op->target; i++)
		if (value >= op->ranges[2 * i] && value <= op->ranges[2 * i + 1])
			return 1;
	return 0;
}

static int64_t calendar(uint8_t code, int64_t ms)
{
	int year, month, day;

	if (ms == VALUE_ABSENT)
		return VALUE_ABSENT;
	if (code == OP_HOUR)
		return instant_china_hour(ms) * VALUE_MICROS;
	if (code == OP_WEEKDAY)
		return instant_china_weekday(ms) * VALUE_MICROS;
	instant_civil(instant_china_day(ms), &year, &month, &day);
	return (code == OP_DAY ? day : month) * VALUE_MICROS;
}

static bool listed(const struct program_op *op, struct slice text)
{
	for (uint16_t i = 0; i < op->target; i++)
		if (slice_equal(text, op->texts[i]))
			return true;
	return false;
}

static bool edge(const struct program_op *op, struct slice text)
{
	for (uint16_t i = 0; i < op->target; i++) {
		struct slice part = op->texts[i];
		const char *at = op->code == OP_STARTS_WITH ? text.at : text.at + text.length - part.length;
		if (part.length <= text.length && memcmp(at, part.at, part.length) == 0)
			return true;
	}
	return false;
}

static bool contains(const struct machine *m, const struct program_op *op, struct slice text)
{
	ptrdiff_t length = fold_text(text.at, text.length, m->input->fold_bytes, FOLD_BYTES_MAX);

	for (uint16_t i = 0; i < op->target && length > 0; i++)
		if (memmem(m->input->fold_bytes, (size_t)length, op->texts[i].at, op->texts[i].length) != NULL)
			return true;
	return false;
}

/* A question to the text on top, which is taken off. */
static int64_t ask_text(struct machine *m, const struct program_op *op)
{
	struct slice text = m->texts[--m->text_top];

	if (text.length == 0)
		return op->code == OP_CONTAINS ? 0 : VALUE_ABSENT;
	switch (op->code) {
	case OP_LENGTH: return (int64_t)utf8_count(text) * VALUE_MICROS;
	case OP_TEXT_IN: return listed(op, text);
	case OP_CONTAINS: return contains(m, op, text);
	default: return edge(op, text);
	}
}

static int64_t compare_texts(struct machine *m)
{
	struct slice b = m->texts[--m->text_top], a = m->texts[--m->text_top];

	return a.length > 0 && b.length > 0 ? slice_equal(a, b) : VALUE_ABSENT;
}

/* Behind a JUMP_IF_NO the left side is a yes or absent; behind a JUMP_IF_YES a no or absent. */
static int64_t both(int64_t a, int64_t b)
{
	return b == 0 ? 0 : a == VALUE_ABSENT ? a : b;
}

static int64_t either(int64_t a, int64_t b)
{
	return b == 1 ? 1 : a == VALUE_ABSENT ? a : b;
}

/* What an op without operands brings. */
static inline __attribute__((always_inline)) int64_t load(struct machine *m, uint8_t code,
                                                          const struct program_op *op)
{
	switch (code) {
	case OP_MONEY: return money(m, op->field);
	case OP_TIME: return *(const int64_t *)member(m, op->field);
	case OP_DATE: return date(m, op->field);
	case OP_WORD: return word(m, op->field);
	case OP_PRESENT: return present(m, op->field);
	default: return op->value;
	}
}

/* Replaces the two values on top by `value`. */
static void pair(struct machine *m, int64_t value)
{
	m->numbers[--m->top] = value;
}

static inline void work(struct machine *m, const struct program_op *op)
{
	int64_t *top = &m->numbers[m->top];

	switch (op->code) {
	case OP_TEST: m->numbers[++m->top] = compare(op->compare, load(m, op->load, op), op->value); break;
	case OP_NEGATE:
		*top = *top == VALUE_ABSENT ? VALUE_ABSENT : -*top;
		break;
	case OP_ADD: case OP_SUBTRACT: case OP_SCALE: case OP_DIVIDE: case OP_ROUND_TO:
		pair(m, top[-1] == VALUE_ABSENT || *top == VALUE_ABSENT ? VALUE_ABSENT
		                                                        : arithmetic(op->code, top[-1], *top));
		break;
	case OP_EQUAL: case OP_DIFFERENT: case OP_LESS: case OP_AT_MOST: case OP_MORE: case OP_AT_LEAST:
	case OP_IS_ROUND:
		pair(m, compare(op->code, top[-1], *top));
		break;
	case OP_IN: *top = in_ranges(op, *top); break;
	case OP_NOT: *top = *top == VALUE_ABSENT ? VALUE_ABSENT : !*top; break;
	case OP_AND: pair(m, both(top[-1], *top)); break;
	case OP_OR: pair(m, either(top[-1], *top)); break;
	case OP_HOUR: case OP_WEEKDAY: case OP_DAY: case OP_MONTH: *top = calendar(op->code, *top); break;
	case OP_TEXT: m->texts[m->text_top++] = tx_text(m->input->tx, op->field); break;
	case OP_TEXT_SAME: m->numbers[++m->top] = compare_texts(m); break;
	case OP_LENGTH: case OP_TEXT_IN: case OP_CONTAINS: case OP_STARTS_WITH: case OP_ENDS_WITH:
		m->numbers[++m->top] = ask_text(m, op);
		break;
	default:
		m->numbers[++m->top] = load(m, op->code, op);
	}
}

/* A jump leaves the deciding value on the stack and goes on behind the AND or OR that it spares. */
static inline bool jumps(const struct machine *m, const struct program_op *op)
{
	return m->numbers[m->top] == (op->code == OP_JUMP_IF_YES);
}

int64_t condition_run(const struct program *program, uint16_t first, struct condition_input *input)
{
	const struct program_op *op = program->ops + first;
	struct machine m;

	m.input = input;
	m.top = 0;
	m.text_top = 0;
	for (; op->code != OP_END; op++) {
		if (op->code != OP_JUMP_IF_NO && op->code != OP_JUMP_IF_YES)
			work(&m, op);
		else if (jumps(&m, op))
			op = program->ops + op->target - 1;
	}
	return m.numbers[m.top];
}

bool condition_holds(const struct program *program, struct condition_input *input)
{
	struct machine m;

	m.input = input;
	for (uint16_t i = 0; i < program->guard_count; i++) {
		const struct program_op *test = &program->guards[i];
		if (compare(test->compare, load(&m, test->load, test), test->value) != 1)
			return false;
	}
	return condition_run(program, 0, input) == 1;
}

uint32_t condition_trace(const struct program *program, struct condition_input *input)
{
	bool looked[PROGRAM_OPS_MAX] = {false};
	struct machine m = {.input = input};
	uint32_t at = 0, facts = 0;

	for (; program->ops[at].code != OP_END; at++) {
		const struct program_op *op = &program->ops[at];
		looked[at] = true;
		if (op->code != OP_JUMP_IF_NO && op->code != OP_JUMP_IF_YES)
			work(&m, op);
		else if (jumps(&m, op))
			at = op->target - 1u;
		else if (op->undecided > 0)
			memset(looked + op->undecided - 1, 0, at - (op->undecided - 1u));
	}
	for (uint32_t i = 0; i < at; i++)
		if (looked[i] && program->fact_of[i] > 0)
			facts |= 1u << (program->fact_of[i] - 1);
	return facts;
}
