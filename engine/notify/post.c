#include "notify/post.h"
#include "base/ident.h"

#include <assert.h>

#include "notify/choose.h"
#include "notify/message.h"
#include "notify/telling.h"
#include "notify/token.h"
#include "registry/registry.h"

enum { LEVELS = 5, ADVICE_COUNT = 3 };

static int make_body(struct notify_timer *timer, const struct notify_post *post, struct delivery_row *row,
                     struct arena *arena, struct message_made *made_r, struct error *error)
{
	struct message_order order = {
		.kind = post->kind == DELIVERY_DRILL ? MESSAGE_DRILL : MESSAGE_BULLETIN, .id = row->id,
		.channel = post->way->channel, .language = post->contact->language,
		.answer_url = answer_url(row->id, row->kind, timer->now_ms, arena), .more = post->more,
		.more_count = post->more_count,
	};

	return message_for(post->base, timer->catalogue, &order, arena, &row->body, made_r, error);
}

int notify_post(struct notify_timer *timer, const struct notify_post *post, struct arena *arena, struct error *error)
{
	char id[OUTBOX_ID_BYTES];
	struct delivery_row row = {
		.kind = post->kind, .alert = slice_of(""), .subject = post->subject, .level = post->level,
		.way = post->way->id, .destination = post->way->destination, .state = DELIVERY_PENDING,
		.created_ms = timer->now_ms, .due_ms = post->due_ms,
	};
	struct message_made made;
	int added = 0;

	assert(post->kind == DELIVERY_BULLETIN || post->kind == DELIVERY_DRILL);
	if (post->kind == DELIVERY_BULLETIN &&
	    (added = store_subject_reached(timer->store, post->subject, row.destination, error)) != 0)
		return added == -1 ? -1 : 0;
	outbox_delivery_id(post->kind, post->subject, post->level, 0, row.way, id);
	row.id = slice_of(id);
	if (make_body(timer, post, &row, arena, &made, error) == -1 ||
	    (added = store_delivery_put(timer->store, &row, error)) == -1)
		return -1;
	timer->put.put += added;
	timer->put.builtin += added > 0 && made.builtin;
	timer->put.shortened += added > 0 && made.shortened;
	return added;
}

static struct notify_words named(const struct catalogue_entry *entry, struct slice else_this)
{
	return entry != NULL ? (struct notify_words){entry->zh, entry->en} : (struct notify_words){else_this, else_this};
}

/* What to do whatever the fraud is; those of a1, a2, a3 that the catalogue has. */
static size_t fill_advice(const struct catalogue *catalogue, struct notify_words advice_r[ADVICE_COUNT])
{
	static const char *const ids[ADVICE_COUNT] = {"a1", "a2", "a3"};
	size_t count = 0;

	for (int i = 0; catalogue != NULL && i < ADVICE_COUNT; i++) {
		const struct catalogue_entry *entry = catalogue_advice(catalogue, slice_of(ids[i]));
		if (entry != NULL)
			advice_r[count++] = (struct notify_words){entry->zh, entry->en};
	}
	return count;
}

#define TEXT(text) {text, sizeof(text) - 1}

int notify_exercise(const struct catalogue *catalogue, const struct notify_exercise *exercise, struct arena *arena,
                    struct slice *base_r, struct error *error)
{
	static const struct notify_words levels[LEVELS] = {{TEXT(""), TEXT("none")}, {TEXT("蓝色"), TEXT("blue")},
	                                                   {TEXT("黄色"), TEXT("yellow")}, {TEXT("橙色"), TEXT("orange")},
	                                                   {TEXT("红色"), TEXT("red")}};
	struct alert_row alert = {
		.id = exercise->drill, .revision = 1, .level = exercise->level, .audience = AUDIENCE_ENTERPRISE,
		.typology = exercise->typology, .bank = slice_of(""), .account = slice_of(""), .account_name = slice_of(""),
		.enterprise = exercise->uscc, .jurisdiction = slice_of(""), .opened_ms = exercise->now_ms,
		.raised_ms = exercise->now_ms, .updated_ms = exercise->now_ms, .amount_minor = exercise->amount_minor,
		.body = slice_of("{}"),
	};
	struct notify_words advice[ADVICE_COUNT];
	struct notify_warning words = {
		.level = levels[exercise->level < LEVELS ? exercise->level : 0],
		.typology = named(catalogue != NULL ? catalogue_typology(catalogue, exercise->typology) : NULL,
		                  exercise->typology),
		.message = {TEXT("这是反诈演练，下面的付款是虚构的，没有真实资金：贵单位一笔{amount_at_risk}的付款与“{typology}”相符。"
		                 "请像真的一样处置，并按提示应答。"),
		            TEXT("This is an exercise and the payment is invented, no money moved: a payment of {amount_at_risk} "
		                 "that fits \"{typology}\". Act as if it were real, and answer.")},
		.advice = advice, .advice_count = fill_advice(catalogue, advice),
		.payee_name = TEXT("虚构收款方"), .payee_is_company = true, .catalogue = catalogue,
	};
	bool cut = false;

	words.title = words.typology;
	return message_base(MESSAGE_DRILL, &alert, &words, exercise->enterprise_name, arena, base_r, &cut, error);
}

/* The enterprise's people; never somebody of a centre. */
static size_t keep_people(struct contact_row *contacts, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (!slice_is(contacts[i].role, "duty") && contacts[i].way_count > 0)
			contacts[kept++] = contacts[i];
	return kept;
}

int notify_first_step(struct notify_timer *timer, uint8_t level, struct slice uscc, struct arena *arena,
                      struct notify_first **first_r, size_t *count_r, struct error *error)
{
	const struct routing *routing = telling_routing(timer->catalogue);
	const struct routing_level *rules = &routing->levels[level < ROUTING_LEVELS ? level : 0];
	struct choose_rules choose = {&rules->steps[0], rules->quiet_kept, routing->quiet};
	struct contact_row *contacts;
	struct chosen *chosen;
	size_t count;
	bool *told;

	*count_r = 0;
	if (uscc.length == IDENT_DIVISION_LENGTH || rules->step_count == 0 || choose.step->to != ROUTING_PEOPLE)
		return 0;
	if (registry_contacts_of(timer->store, uscc, arena, &contacts, &count, error) == -1)
		return -1;
	if ((count = keep_people(contacts, count)) == 0)
		return 0;
	chosen = arena_take(arena, count * sizeof(*chosen));
	told = arena_take(arena, count);
	*first_r = arena_take(arena, count * sizeof(**first_r));
	if (chosen == NULL || told == NULL || *first_r == NULL)
		return error_set(error, "no room for %zu contacts", count);
	memset(told, 0, count);
	*count_r = choose_people(&choose, contacts, count, told, timer->now_ms, chosen);
	for (size_t i = 0; i < *count_r; i++) {
		const struct contact_row *contact = &contacts[chosen[i].contact];
		(*first_r)[i] = (struct notify_first){contact, choose.step->first ? 1 : contact->way_count, chosen[i].at_ms};
	}
	return 0;
}
