/*
 * Calls: what each function does with its arguments.
 */
#include "base/letters.h"
#include "pattern/builder.h"
#include "pattern/condition_emit.h"

/* The figure of a window, or the value of another question. */
static void ask(struct emitter *e, const struct program_question *question, uint8_t code, uint8_t figure)
{
	struct questions *questions = e->context->questions;
	int number = questions != NULL ? questions_number(questions, question) : -1;

	if (number < 0) {
		e->questions_full = true;
		return;
	}
	emit_op(e, (struct program_op){.code = code, .field = figure, .target = (uint16_t)number});
}

/* "p95": 950. */
static uint16_t permille_of(struct slice name)
{
	unsigned percent = 0;

	for (uint32_t i = 1; i < name.length; i++)
		percent = percent * 10 + (unsigned)(name.at[i] - '0');
	return (uint16_t)(percent * 10);
}

static void question_answer(const struct condition_node *call, struct program_question *question)
{
	const struct condition_node *first = call->first;

	question->kind = call->function->part;
	switch (question->kind) {
	case QUESTION_RISING:
		question->filter = *first->filter;
		question->window_ms = (int64_t)first->next->value;
		break;
	case QUESTION_PERCENTILE:
		question->direction = first->filter->directions == 1 << TX_DEBIT ? TX_DEBIT : TX_CREDIT;
		question->permille = permille_of(call->text);
		break;
	case QUESTION_FIRST_SEEN: question->subject = (uint8_t)condition_subject(first->field); break;
	case QUESTION_NEWCOMERS:
		question->direction = first->filter->directions == 1 << TX_DEBIT ? TX_DEBIT : TX_CREDIT;
		question->window_ms = (int64_t)first->next->value;
		break;
	case QUESTION_DRAINED_DAYS:
		question->permille = (uint16_t)(first->value / (VALUE_MICROS / 1000));
		question->window_ms = (int64_t)first->next->value;
		break;
	default: break;
	}
}

bool emit_question(const struct condition_node *call, struct program_question *question_r)
{
	*question_r = (struct program_question){0};
	if (call->kind != CONDITION_CALL)
		return false;
	if (call->function->code == OP_ANSWER) {
		question_answer(call, question_r);
		return true;
	}
	if (call->function->code != OP_WINDOW)
		return false;
	question_r->kind = QUESTION_WINDOW;
	question_r->filter = *call->first->filter;
	question_r->window_ms = (int64_t)call->first->next->value;
	return true;
}

static void emit_window(struct emitter *e, const struct condition_node *call)
{
	struct program_question question;

	emit_question(call, &question);
	if (call->function->part != FIGURE_SHARE) {
		ask(e, &question, OP_WINDOW, call->function->part);
		return;
	}
	ask(e, &question, OP_WINDOW, FIGURE_SUM);
	question.filter = (struct profile_filter){.directions = question.filter.directions};
	ask(e, &question, OP_WINDOW, FIGURE_SUM);
	emit_op(e, (struct program_op){.code = OP_DIVIDE});
}

/* known(X) is first_seen(X) > 0. */
static void emit_answer(struct emitter *e, const struct condition_node *call)
{
	struct program_question question;

	emit_question(call, &question);
	ask(e, &question, OP_ANSWER, 0);
	if (call->type == VALUE_BOOL && !e->questions_full && !e->full) {
		e->ops[e->op_count - 1].load = OP_ANSWER;
		e->ops[e->op_count - 1].code = OP_TEST;
		e->ops[e->op_count - 1].compare = OP_MORE;
	}
}

static void emit_listed(struct emitter *e, const struct condition_node *call)
{
	const char *why;
	int number = e->context->list(e->context->list_context, call->first->next->text, &why);

	emit_op(e, (struct program_op){.code = OP_LISTED, .field = call->first->field, .target = (uint16_t)number,
	                               .load = (uint8_t)builder_list_kind(call->first->field)});
}

/* Each is asked for a yes, behind whatever `not` all of them stand. */
static void emit_signs(struct emitter *e, const struct condition_node *call)
{
	bool reversed = e->reversed;

	e->reversed = false;
	emit_op(e, (struct program_op){.code = OP_CONSTANT});
	for (const struct condition_node *argument = call->first; argument != NULL; argument = argument->next) {
		uint16_t begin = (uint16_t)(e->op_count + 1);
		emit_node(e, argument);
		emit_op(e, (struct program_op){.code = OP_SIGN, .undecided = begin});
	}
	e->reversed = reversed;
}

static void emit_arguments(struct emitter *e, const struct condition_node *call)
{
	for (const struct condition_node *argument = call->first; argument != NULL; argument = argument->next)
		emit_node(e, argument);
	emit_op(e, (struct program_op){.code = call->function->code});
}

static const struct program_word *words_of(struct emitter *e, const struct slice *texts, uint16_t count)
{
	struct program_word *words = emit_take(e, count * sizeof(*words));

	for (uint16_t i = 0; i < count; i++)
		words[i] = (struct program_word){texts[i], letters_of(texts[i])};
	return words;
}

static void emit_words(struct emitter *e, const struct condition_node *field, struct program_op op)
{
	const struct slice *texts = emit_texts(e, field->next, &op.target);

	facts_mark(e, field);
	emit_field(e, field);
	op.field = field->field;
	if (program_has_words(op.code))
		op.words = words_of(e, texts, op.target);
	else
		op.texts = texts;
	emit_op(e, op);
}

void emit_call(struct emitter *e, const struct condition_node *call)
{
	const struct condition_node *first = call->first;
	struct program_op op = {.code = call->function->code};

	switch (op.code) {
	case OP_PRESENT: /* as a TEST, which is asked in one step, also where it is not to be there */
		emit_op(e, (struct program_op){.code = OP_TEST, .load = OP_PRESENT, .compare = OP_EQUAL, .value = 1,
		                               .field = first->field});
		break;
	case OP_AGE: case OP_SAME_CITY: case OP_SAME_PROVINCE:
		op.field = first->field;
		emit_op(e, op);
		break;
	case OP_STEP: /* sequence_having.c left it so */
		op.field = call->field;
		op.load = (uint8_t)call->sign;
		op.compare = (uint8_t)call->value;
		emit_op(e, op);
		break;
	case OP_SAME_ADDRESS: case OP_SAME_FLOOR:
		op.value = (int64_t)first->value;
		emit_op(e, op);
		break;
	case OP_CONTAINS: case OP_HOLDS_ONLY: case OP_STARTS_WITH: case OP_ENDS_WITH: emit_words(e, first, op); break;
	case OP_WINDOW: emit_window(e, call); break;
	case OP_ANSWER: emit_answer(e, call); break;
	case OP_LISTED: emit_listed(e, call); break;
	case OP_SIGN: emit_signs(e, call); break;
	default: emit_arguments(e, call);
	}
}
