#include "match/condition.h"

#include "base/instant.h"
#include "base/money.h"
#include "base/utf8.h"
#include "fold/fold.h"
#include "match/sequence_run.h"

struct machine {
	struct condition_input *input;
	struct slice texts[PROGRAM_TEXTS_MAX];
	int text_top;
};

_Static_assert(TX_ABSENT == VALUE_ABSENT, "a field's absence is a value's");

static const void *member(const struct condition_input *input, uint8_t field)
{
	return (const char *)input->tx + tx_fields[field].offset;
}

static int64_t money(struct condition_input *input, uint8_t field)
{
	int64_t minor = *(const int64_t *)member(input, field), cny;

	if (minor == TX_ABSENT || input->tx->currency == MONEY_CNY)
		return minor; /* TX_ABSENT is VALUE_ABSENT */
	cny = plan_amount_cny(input->set, minor, input->tx->currency);
	if (cny == TX_ABSENT)
		input->no_rate = true;
	return cny;
}

/* The account's balance without this transaction, in its own currency. */
static int64_t minor_before(const struct condition_input *input)
{
	const struct tx *tx = input->tx;
	__int128 balance = tx->balance_minor;

	if (tx->balance_minor == TX_ABSENT || tx->amount_minor == TX_ABSENT)
		return TX_ABSENT;
	if (tx->direction == TX_DEBIT)
		balance += tx->amount_minor;
	else if (tx->direction == TX_CREDIT)
		balance -= tx->amount_minor;
	else
		return TX_ABSENT;
	return balance > INT64_MAX || balance <= INT64_MIN ? TX_ABSENT : (int64_t)balance;
}

static int64_t balance_before(struct condition_input *input)
{
	int64_t minor = minor_before(input), cny;

	if (minor == TX_ABSENT || input->tx->currency == MONEY_CNY)
		return minor;
	cny = plan_amount_cny(input->set, minor, input->tx->currency);
	input->no_rate = input->no_rate || cny == TX_ABSENT;
	return cny;
}

/* Needs no rate. Absent for a credit, and where there was nothing to take from. */
static int64_t emptied(const struct condition_input *input)
{
	int64_t before = minor_before(input);
	__int128 share;

	if (input->tx->direction != TX_DEBIT || before == TX_ABSENT || before <= 0)
		return VALUE_ABSENT;
	share = (__int128)input->tx->amount_minor * VALUE_MICROS / before;
	return share > INT64_MAX ? VALUE_ABSENT : (int64_t)share;
}

static int64_t zeros(int64_t minor)
{
	int64_t count = 0, yuan = minor / 100;

	if (minor == VALUE_ABSENT)
		return VALUE_ABSENT;
	if (minor % 100 != 0)
		return 0;
	for (; yuan != 0 && yuan % 10 == 0; yuan /= 10)
		count++;
	return count * VALUE_MICROS;
}

static int64_t date(struct condition_input *input, uint8_t field)
{
	int32_t day = field < TX_FIELD_COUNT ? *(const int32_t *)member(input, field)
	                                     : condition_enterprise_day(input, field);

	return day == TX_DAY_ABSENT ? VALUE_ABSENT : day * INSTANT_DAY_MS - INSTANT_CHINA_MS;
}

static int64_t bounded(__int128 value)
{
	return value > INT64_MAX || value <= INT64_MIN ? VALUE_ABSENT : (int64_t)value;
}

static int64_t age(struct condition_input *input, uint8_t field)
{
	bool is_date = field >= TX_FIELD_COUNT || tx_fields[field].type == TX_TYPE_DATE;
	int64_t from_ms = is_date ? date(input, field) : *(const int64_t *)member(input, field);

	if (from_ms == VALUE_ABSENT || input->tx->booked_ms == TX_ABSENT)
		return VALUE_ABSENT;
	return bounded((__int128)input->tx->booked_ms - from_ms);
}

static int64_t word(struct condition_input *input, uint8_t field)
{
	uint8_t value = *(const uint8_t *)member(input, field);

	return value == 0 && field != TX_CURRENCY_FIELD ? VALUE_ABSENT : value;
}

static bool present(struct condition_input *input, uint8_t field)
{
	if (field == TX_PARTY_BANK_FIELD)
		return condition_bank_is_told(input->tx);
	if (field == PROGRAM_ENTERPRISE_REGISTERED_ON || field == PROGRAM_ENTERPRISE_PARTY_REGISTERED_ON)
		return date(input, field) != VALUE_ABSENT;
	if (field >= TX_FIELD_COUNT)
		return condition_text(input, field).length > 0;
	switch (tx_fields[field].type) {
	case TX_TYPE_TEXT: return tx_text(input->tx, field).length > 0;
	case TX_TYPE_DATE: return date(input, field) != VALUE_ABSENT;
	case TX_TYPE_WORD: return word(input, field) != VALUE_ABSENT;
	default: return *(const int64_t *)member(input, field) != TX_ABSENT;
	}
}

/* a × b, one of them in millionths. The wide division takes a call and some forty cycles, so only where it must be. */
static inline int64_t scaled(int64_t a, int64_t b)
{
	int64_t product;

	if (!__builtin_mul_overflow(a, b, &product))
		return product / VALUE_MICROS;
	return bounded((__int128)a * b / VALUE_MICROS);
}

static int64_t share(struct condition_input *input, const struct program_op *op)
{
	int64_t figure = condition_window(input, op);

	return figure == VALUE_ABSENT ? VALUE_ABSENT : scaled(figure, op->value);
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
	case OP_SCALE: return scaled(a, b);
	case OP_DIVIDE: return b != 0 ? bounded((__int128)a * VALUE_MICROS / b) : VALUE_ABSENT;
	case OP_ROUND_TO: return bounded(divide(a, b) * b);
	default: return VALUE_ABSENT;
	}
}

/*
 * What holds of a below b, of both the same, of a above b: a bit each, so that a comparison is no jump, which nobody
 * could foretell. IS_ROUND has none: b is a constant above 0.
 */
enum { BELOW = 1, SAME = 2, ABOVE = 4 };
static const uint8_t comparisons[OP_COUNT] = {
	[OP_EQUAL] = SAME, [OP_DIFFERENT] = BELOW | ABOVE, [OP_LESS] = BELOW, [OP_AT_MOST] = BELOW | SAME,
	[OP_MORE] = ABOVE, [OP_AT_LEAST] = SAME | ABOVE,
};

static inline __attribute__((always_inline)) int64_t compare(uint8_t code, int64_t a, int64_t b)
{
	uint8_t holds = comparisons[code];

	if (a == VALUE_ABSENT || b == VALUE_ABSENT)
		return VALUE_ABSENT;
	return holds != 0 ? holds >> (1 + (a > b) - (a < b)) & 1 : a % b == 0;
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
	if (code == OP_IS_HOLIDAY)
		return reference_is_holiday(instant_china_day(ms));
	if (code == OP_IS_WORKDAY)
		return reference_is_workday(instant_china_day(ms));
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

static bool contains(const struct machine *m, const struct program_op *op)
{
	const struct condition_folded *in = condition_text_folded(m->input, op->field);

	for (const struct program_word *word = op->words, *end = word + op->target; word < end; word++)
		if ((word->letters & ~in->letters) == 0 && in->text.length > 0 &&
		    memmem(in->text.at, in->text.length, word->text.at, word->text.length) != NULL)
			return true;
	return false;
}

/* The longest of the texts that `rest` begins with, which has only these letters; 0: it begins with none. */
static uint32_t begins_with(const struct program_op *op, struct slice rest, uint64_t letters)
{
	uint32_t longest = 0;

	for (const struct program_word *word = op->words, *end = word + op->target; word < end; word++)
		if ((word->letters & ~letters) == 0 && word->text.length > longest && word->text.length <= rest.length &&
		    memcmp(rest.at, word->text.at, word->text.length) == 0)
			longest = word->text.length;
	return longest;
}

/* Digits say nothing: a bank's stamp has its date, a list its number. The longest text is taken off first. */
static bool holds_only(const struct machine *m, const struct program_op *op)
{
	const struct condition_folded *in = condition_text_folded(m->input, op->field);
	struct slice rest = in->text;

	while (rest.length > 0) {
		uint32_t passed = *rest.at >= '0' && *rest.at <= '9' ? 1 : begins_with(op, rest, in->letters);
		if (passed == 0)
			return false;
		rest.at += passed;
		rest.length -= passed;
	}
	return true;
}

static bool answers_always(uint8_t code)
{
	return code == OP_IS_OWN_NAME || code == OP_SHARES_BRAND || code == OP_IS_NAMED_IN_TEXT || code == OP_IS_AT_HOME ||
	       code == OP_IS_AWAY;
}

/* A bank that sends no remark has sent none of these words, and no name to judge; what the registry does not know is open. */
static int64_t without_text(const struct program_op *op)
{
	if (program_has_words(op->code) && op->field < TX_FIELD_COUNT)
		return op->code == OP_HOLDS_ONLY;
	return answers_always(op->code) ? 0 : VALUE_ABSENT;
}

/* A question to the text on top, which is taken off. */
static int64_t ask_text(struct machine *m, const struct program_op *op)
{
	struct slice text = m->texts[--m->text_top];

	if (text.length == 0)
		return without_text(op);
	switch (op->code) {
	case OP_IS_STAFF: return condition_is_staff(m->input, text);
	case OP_IS_LEGAL_REPRESENTATIVE: return condition_is_legal_representative(m->input, text);
	case OP_IS_NAMED_HERE: return condition_is_named_here(m->input, text);
	case OP_IS_AT_HOME: case OP_IS_AWAY: return condition_is_at_home(m->input, text, op->code == OP_IS_AT_HOME);
	case OP_IS_OWN_NAME: return condition_is_own_name(m->input, text);
	case OP_SHARES_BRAND: return condition_shares_brand(m->input, text);
	case OP_IS_NAMED_IN_TEXT: return condition_is_named_in_text(m->input, text);
	case OP_LENGTH: return (int64_t)utf8_count(text) * VALUE_MICROS;
	case OP_TEXT_IN: return listed(op, text);
	case OP_CONTAINS: return contains(m, op);
	case OP_HOLDS_ONLY: return holds_only(m, op);
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
static inline __attribute__((always_inline)) int64_t load(struct condition_input *input, uint8_t code,
                                                          const struct program_op *op)
{
	switch (code) {
	case OP_MONEY: return money(input, op->field);
	case OP_TIME: return *(const int64_t *)member(input, op->field);
	case OP_DATE: return date(input, op->field);
	case OP_WORD: return word(input, op->field);
	case OP_PRESENT: return present(input, op->field);
	case OP_AGE: return age(input, op->field);
	case OP_WINDOW: return condition_window(input, op);
	case OP_WINDOW_SHARE: return share(input, op);
	case OP_ANSWER: return condition_answer(input, op);
	case OP_WATCHED: return condition_watched(input);
	case OP_IDLE: return condition_idle(input);
	case OP_BALANCE_BEFORE: return balance_before(input);
	case OP_EMPTIED: return emptied(input);
	case OP_SAME_ADDRESS: return condition_neighbours(input, REFERENCE_SAME_ADDRESS, op->value);
	case OP_SAME_FLOOR: return condition_neighbours(input, REFERENCE_SAME_FLOOR, op->value);
	case OP_LISTED: return condition_on_list(input, op);
	case OP_SAME_CITY: case OP_SAME_PROVINCE: return condition_same_place(input, code, op->field);
	default: return op->value;
	}
}

/* Room for the numbers, from 1 on: then the one below the top is always there. */
enum { NUMBERS = PROGRAM_STACK_MAX + 1 };

/*
 * One op on the numbers that end at `top`; the new top, which so stays in a register. Inlined into both its loops: what
 * a call saves and restores is as much again as most ops take.
 */
static inline __attribute__((always_inline)) int64_t *work(struct machine *m, const struct program_op *op,
                                                           int64_t *top)
{
	switch (op->code) {
	case OP_TEST: *++top = compare(op->compare, load(m->input, op->load, op), op->value); break;
	case OP_TEST_MANY: *++top = condition_many(m->input, op); break;
	case OP_NEGATE:
		*top = *top == VALUE_ABSENT ? VALUE_ABSENT : -*top;
		break;
	case OP_ADD: case OP_SUBTRACT: case OP_SCALE: case OP_DIVIDE: case OP_ROUND_TO:
		top--;
		*top = *top == VALUE_ABSENT || top[1] == VALUE_ABSENT ? VALUE_ABSENT
		                                                      : arithmetic(op->code, *top, top[1]);
		break;
	case OP_EQUAL: case OP_DIFFERENT: case OP_LESS: case OP_AT_MOST: case OP_MORE: case OP_AT_LEAST:
	case OP_IS_ROUND:
		top--;
		*top = compare(op->code, *top, top[1]);
		break;
	case OP_IN: *top = in_ranges(op, *top); break;
	case OP_NOT: *top = *top == VALUE_ABSENT ? VALUE_ABSENT : !*top; break;
	case OP_SIGN: top--; *top += top[1] == 1 ? VALUE_MICROS : 0; break;
	case OP_AND: top--; *top = both(*top, top[1]); break;
	case OP_OR: top--; *top = either(*top, top[1]); break;
	case OP_ZEROS: *top = zeros(*top); break;
	case OP_HOUR: case OP_WEEKDAY: case OP_DAY: case OP_MONTH: case OP_IS_HOLIDAY: case OP_IS_WORKDAY:
		*top = calendar(op->code, *top);
		break;
	case OP_TEXT: m->texts[m->text_top++] = condition_text(m->input, op->field); break;
	case OP_STEP: *++top = sequence_answer(m->input->placing, op->load, op->field, op->compare); break;
	case OP_TEXT_SAME: *++top = compare_texts(m); break;
	case OP_LENGTH: case OP_TEXT_IN: case OP_CONTAINS: case OP_HOLDS_ONLY: case OP_STARTS_WITH: case OP_ENDS_WITH:
	case OP_IS_STAFF: case OP_IS_LEGAL_REPRESENTATIVE: case OP_IS_NAMED_HERE: case OP_IS_OWN_NAME:
	case OP_IS_AT_HOME: case OP_IS_AWAY: case OP_IS_NAMED_IN_TEXT: case OP_SHARES_BRAND:
		*++top = ask_text(m, op);
		break;
	default: *++top = load(m->input, op->code, op);
	}
	return top;
}

/* A jump leaves the deciding value on the stack and goes on behind the AND or OR that it spares. */
static inline bool jumps(const struct program_op *op, const int64_t *top)
{
	return *top == (op->code == OP_JUMP_IF_YES);
}

void condition_begin(struct condition_input *input, const struct tx *tx, const struct profile_view *view)
{
	input->tx = tx;
	input->view = view;
	input->epoch++;
	input->enterprise = input->party = NULL;
	input->enterprise_asked = input->party_asked = false;
	input->no_rate = false;
	input->kept_used = 0;
}

/* Runs on to an op that ends a run (of a need a REQUIRE does, too), which it returns. */
static inline __attribute__((always_inline)) const struct program_op *
run(const struct program *program, const struct program_op *op, struct machine *m, int64_t **top_r)
{
	int64_t *top = *top_r;

	for (;; op++) {
		if (op->code > OP_JUMP_IF_YES) {
			top = work(m, op, top);
		} else if (op->code == OP_END || op->code == OP_REQUIRE) {
			*top_r = top;
			return op;
		} else if (jumps(op, top)) {
			op = program->ops + op->target - 1;
		}
	}
}

int64_t condition_run(const struct program *program, uint16_t first, struct condition_input *input)
{
	const struct program_op *op = program->ops + first;
	int64_t numbers[NUMBERS], *top = numbers;
	struct machine m;

	m.input = input;
	m.text_top = 0;
	for (op = run(program, op, &m, &top); op->code == OP_REQUIRE; op = run(program, op + 1, &m, &top))
		if (*top-- != 1)
			return 0;
	return *top;
}

/* A need of more than one op, apart from the others, which so need no room for it. */
static __attribute__((noinline)) bool
need_runs(const struct program *program, const struct program_op *op, struct condition_input *input)
{
	int64_t numbers[NUMBERS], *top = numbers;
	struct machine m;

	m.input = input;
	m.text_top = 0;
	run(program, op, &m, &top);
	return *top == 1;
}

static inline __attribute__((always_inline)) bool
need_holds(const struct program *program, const struct program_need *need, struct condition_input *input)
{
	const struct program_op *op = program->ops + need->first;

	if (op[1].code > OP_REQUIRE)
		return need_runs(program, op, input);
	if (op->code == OP_TEST) /* half of them */
		return compare(op->compare, load(input, op->load, op), op->value) == 1;
	return op->code == OP_TEST_MANY ? condition_many(input, op) == 1 : need_runs(program, op, input);
}

bool condition_decide(const struct program *program, const struct program_need *need, struct condition_input *input)
{
	bool holds = need_holds(program, need, input);

	if (need->number > 0)
		input->decided[need->number] = input->epoch << 1 | holds;
	return holds;
}

bool condition_holds(const struct program *program, struct condition_input *input)
{
	for (uint16_t i = 0; i < program->need_count; i++)
		if (!condition_need(program, &program->needs[i], program->needs[i].number, input))
			return false;
	return true;
}

uint32_t condition_trace(const struct program *program, struct condition_input *input)
{
	bool looked[PROGRAM_OPS_MAX] = {false};
	int64_t numbers[NUMBERS], *top = numbers;
	struct machine m = {.input = input};
	uint32_t at = 0, facts = 0;

	for (; program->ops[at].code != OP_END; at++) {
		const struct program_op *op = &program->ops[at];
		looked[at] = true;
		if (op->code == OP_SIGN && *top != 1) /* one that is not there says nothing */
			memset(looked + op->undecided - 1, 0, at - (op->undecided - 1u));
		if (op->code == OP_REQUIRE)
			top--; /* of a condition that holds all are a yes */
		else if (op->code != OP_JUMP_IF_NO && op->code != OP_JUMP_IF_YES)
			top = work(&m, op, top);
		else if (jumps(op, top))
			at = op->target - 1u;
		else if (op->undecided > 0)
			memset(looked + op->undecided - 1, 0, at - (op->undecided - 1u));
	}
	for (uint32_t i = 0; i < at; i++)
		if (looked[i] && program->fact_of[i] > 0)
			facts |= 1u << (program->fact_of[i] - 1);
	return facts;
}
