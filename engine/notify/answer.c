#include "notify/answer.h"

#include <stdio.h>
#include <string.h>

#include "base/counters.h"
#include "base/hit.h"
#include "base/utf8.h"
#include "notify/answer_effects.h"
#include "notify/token.h"

enum { ANSWER_BYTES_MAX = 4 << 20, LEVEL_RED = 4 };

const char *const answer_words[ANSWER_WORD_COUNT] = {
	[ANSWER_GENUINE] = "genuine", [ANSWER_STOPPED] = "stopped", [ANSWER_PAID] = "paid", [ANSWER_UNSURE] = "unsure",
	[ANSWER_READ] = "read", [ANSWER_OBJECTION] = "objection", [ANSWER_RATING] = "rating", [ANSWER_MUTE] = "mute",
	[ANSWER_NOTE] = "note",
};

const char *const answer_vias[ANSWER_VIA_COUNT] = {
	[ANSWER_VIA_PAGE] = "page", [ANSWER_VIA_SMS] = "sms", [ANSWER_VIA_PHONE] = "phone", [ANSWER_VIA_ROBOT] = "robot",
};

enum answer_word answer_word_of(struct slice text)
{
	int word = 0;

	while (word < ANSWER_WORD_COUNT && !slice_is(text, answer_words[word]))
		word++;
	return (enum answer_word)word;
}

static bool answers_it(enum answer_word word)
{
	return word <= ANSWER_READ;
}

void answer_state_read(const struct answer_row *rows, size_t count, struct answer_state *state_r)
{
	*state_r = (struct answer_state){.first = ANSWER_WORD_COUNT};
	for (size_t i = 0; i < count; i++) {
		enum answer_word word = answer_word_of(rows[i].answer);
		if (word == ANSWER_WORD_COUNT || state_r->has[word])
			continue;
		state_r->has[word] = true;
		state_r->at_ms[word] = rows[i].at_ms;
		if (word == ANSWER_RATING)
			state_r->rating = rows[i].value;
		if (answers_it(word) && state_r->first == ANSWER_WORD_COUNT)
			state_r->first = word;
	}
}

bool answer_is_open(const struct answer_state *state, uint8_t kind, uint8_t level, enum answer_word word)
{
	bool asks = kind == DELIVERY_WARNING || kind == DELIVERY_DRILL, answered = state->first != ANSWER_WORD_COUNT;

	if (word >= ANSWER_WORD_COUNT || (state->has[word] && word != ANSWER_NOTE))
		return false;
	switch (word) {
	case ANSWER_GENUINE:
	case ANSWER_STOPPED:
	case ANSWER_UNSURE: return asks && !answered;
	case ANSWER_PAID: return asks;
	case ANSWER_READ: return !asks && !answered;
	case ANSWER_OBJECTION: return kind == DELIVERY_WARNING;
	case ANSWER_RATING: return asks && answered;
	case ANSWER_MUTE: return kind == DELIVERY_WARNING && state->first == ANSWER_GENUINE && level < LEVEL_RED;
	default: return word == ANSWER_NOTE;
	}
}

int answer_level(struct store *store, const struct delivery_face *delivery, uint8_t *level_r, struct error *error)
{
	struct escalation_row told = {.level = 0};
	uint8_t handled = 0, level = delivery->level;
	struct arena arena;
	int result = 0;

	arena_init(&arena, ANSWER_BYTES_MAX);
	if (store_handling_get(store, delivery->alert, &handled, error) == -1 ||
	    store_escalation_get(store, delivery->alert, &arena, &told, error) == -1)
		result = -1;
	arena_deinit(&arena);
	level = handled > level ? handled : level;
	*level_r = told.level > level ? told.level : level;
	return result;
}

/* What an answer is about: a delivery with its alert, or an alert alone. */
struct about {
	struct delivery_face delivery; /* `id` empty: by phone */
	struct alert_row alert; /* `id` empty: the delivery is about none */
	struct answer_state state; /* of the delivery */
	uint8_t level; /* as which it is handled */
};

static int find_delivery(struct store *store, const struct notify_answer *a, struct arena *arena, struct about *about,
                         struct error *error)
{
	struct answer_row *rows;
	size_t count;
	int found = store_delivery_face(store, a->delivery, arena, &about->delivery, error);

	if (found != 1)
		return found;
	if (store_answers_of_delivery(store, a->delivery, arena, &rows, &count, error) == -1 ||
	    answer_level(store, &about->delivery, &about->level, error) == -1)
		return -1;
	answer_state_read(rows, count, &about->state);
	if (about->delivery.alert.length == 0)
		return 1;
	found = store_alert_get(store, about->delivery.alert, arena, &about->alert, error);
	return found == -1 ? -1 : 1;
}

static int find(struct store *store, const struct notify_answer *a, struct arena *arena, struct about *about,
                struct error *error)
{
	if (a->delivery.length > 0)
		return find_delivery(store, a, arena, about, error);
	return store_alert_get(store, a->alert, arena, &about->alert, error);
}

/* By phone an analyst writes down whatever he was told. */
static bool is_open(const struct notify_answer *a, const struct about *about)
{
	if (a->via == ANSWER_VIA_PHONE)
		return a->word <= ANSWER_UNSURE || a->word == ANSWER_OBJECTION || a->word == ANSWER_RATING ||
		       a->word == ANSWER_NOTE;
	return answer_is_open(&about->state, about->delivery.kind, about->level, a->word);
}

/* 1 written, 0 where an SMS came a second time, -1. */
static int write_down(struct store *store, const struct notify_answer *a, const struct about *about,
                      const char *actor, int64_t now_ms, struct error *error)
{
	struct answer_row row = {
		.alert = about->alert.id, .delivery = about->delivery.id, .way = about->delivery.way,
		.contact = a->contact != 0 ? a->contact : about->delivery.contact, .via = slice_of(answer_vias[a->via]),
		.answer = slice_of(answer_words[a->word]), .text = utf8_cut(a->text, ANSWER_TEXT_CHARACTERS_MAX),
		.value = a->value, .at_ms = now_ms, .actor = slice_of(actor), .message = a->message,
	};
	const struct slice object = about->delivery.id.length > 0 ? about->delivery.id : about->alert.id;
	char action[32], name[TOKEN_ID_BYTES_MAX + 64], detail[160];
	int added = store_answer_put(store, &row, error);

	if (added != 1)
		return added;
	snprintf(action, sizeof(action), "answer.%s", answer_words[a->word]);
	snprintf(name, sizeof(name), "%.*s", SLICE_PRINT(object));
	snprintf(detail, sizeof(detail), "{\"via\":\"%s\",\"alert\":\"%.*s\",\"contact\":%lld}", answer_vias[a->via],
	         SLICE_PRINT(about->alert.id), (long long)row.contact);
	return store_audit_put(store, now_ms, actor, action, name, detail, error) == -1 ? -1 : 1;
}

/* The answer was written down; what it sets in motion. A drill moves nothing but its own delivery. */
static int take_effect(const struct notify_answer *a, const struct about *about, const struct effect *e,
                       struct error *error)
{
	uint8_t kind = about->delivery.kind;

	if (about->delivery.id.length > 0 && a->word != ANSWER_NOTE &&
	    store_delivery_acknowledge(e->store, about->delivery.id, e->now_ms, error) == -1)
		return -1;
	if (answers_it(a->word) && (kind == DELIVERY_WARNING || kind == DELIVERY_DIGEST) &&
	    effect_acknowledged(e, error) == -1)
		return -1;
	if (kind == DELIVERY_CALL && a->word == ANSWER_READ)
		return effect_taken(e, &about->delivery, error);
	if (kind != DELIVERY_WARNING || about->alert.id.length == 0)
		return 0;
	switch (a->word) {
	case ANSWER_PAID: return effect_paid(e, error);
	case ANSWER_UNSURE: return a->via == ANSWER_VIA_PHONE ? 0 : effect_unsure(e, error); /* an analyst has him on the line */
	case ANSWER_OBJECTION: return effect_objection(e, error);
	case ANSWER_MUTE: return effect_mute(e, error);
	default: return 0;
	}
}

static int answer_in(struct store *store, const struct notify_answer *a, struct arena *arena, int64_t now_ms,
                     enum answer_result *result_r, struct notify_put *put, struct error *error)
{
	struct about about = {.state.first = ANSWER_WORD_COUNT};
	struct effect effect = {.store = store, .catalogue = a->catalogue, .alert = &about.alert, .now_ms = now_ms,
	                        .put = put};
	char contact[32];
	int found = find(store, a, arena, &about, error), written;

	if (found == -1)
		return -1;
	*result_r = found == 0 ? ANSWER_UNKNOWN : ANSWER_CLOSED;
	if (found == 0 || !is_open(a, &about))
		return 0;
	snprintf(contact, sizeof(contact), "contact %lld", (long long)about.delivery.contact);
	written = write_down(store, a, &about, a->actor != NULL ? a->actor : contact, now_ms, error);
	if (written != 1)
		return written;
	*result_r = ANSWER_TAKEN;
	effect.delivery = about.delivery.id;
	effect.contact = about.delivery.contact;
	return take_effect(a, &about, &effect, error);
}

int notify_answer(struct store *store, const struct notify_answer *answer, int64_t now_ms, enum answer_result *result_r,
                  struct notify_put *put, struct error *error)
{
	struct arena arena;
	int result;

	arena_init(&arena, ANSWER_BYTES_MAX);
	result = answer_in(store, answer, &arena, now_ms, result_r, put, error);
	arena_deinit(&arena);
	return result == -1 ? error_wrap(error, "an answer") : 0;
}

void notify_answer_count(enum answer_word word, enum answer_result result)
{
	if (result == ANSWER_CLOSED)
		count(COUNT_ANSWERS_REPEATED);
	if (result != ANSWER_TAKEN)
		return;
	count(COUNT_ANSWERS);
	if (word == ANSWER_PAID)
		count(COUNT_ANSWERS_PAID);
	if (word == ANSWER_NOTE)
		count(COUNT_ANSWERS_NOTED);
}
