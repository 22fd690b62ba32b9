/*
 * Batches of an approved bulletin, and the timers that bring drafts and batches.
 */
#include "base/fill.h"
#include "casework/casework.h"
#include "reference/reference.h"
#include "registry/registry.h"

enum {
	PAGE = 100,
	BATCH_ENTERPRISES_MAX = 1000, /* that one job looks at, whether or not there is somebody to tell */
	BATCH_LAST = BULLETIN_BATCH_MAX - STORE_CONTACTS_MAX, /* another enterprise has room below this */
	VALUES = 4,
};

/* What all copies of one language say. */
struct words {
	struct fill_value values[VALUES];
};

struct batch {
	struct notify_timer *timer;
	struct bulletin_row *row;
	struct words zh, en;
	int put;
	int enterprises;
};

static int make_words(struct batch *b, struct arena *arena, struct error *error)
{
	struct period period = bulletin_period(b->row);
	struct jurisdiction_row area = {.name_zh = b->row->jurisdiction, .name_en = b->row->jurisdiction};
	char zh[PERIOD_TEXT_BYTES], en[PERIOD_TEXT_BYTES];
	struct slice time_zh, time_en;

	if (store_jurisdiction_get(b->timer->store, b->row->jurisdiction, arena, &area, error) == -1)
		return -1;
	period_text(&period, false, zh);
	period_text(&period, true, en);
	time_zh = arena_copy(arena, slice_of(zh));
	time_en = arena_copy(arena, slice_of(en));
	if (area.name_en.length == 0)
		area.name_en = area.name_zh;
	/* A copy is in one language: the other would only be weight. */
	b->zh = (struct words){{{"title", b->row->title_zh, b->row->title_zh}, {"body", b->row->body_zh, b->row->body_zh},
	                        {"period", time_zh, time_zh}, {"jurisdiction", area.name_zh, area.name_zh}}};
	b->en = (struct words){{{"title", b->row->title_en, b->row->title_en}, {"body", b->row->body_en, b->row->body_en},
	                        {"period", time_en, time_en}, {"jurisdiction", area.name_en, area.name_en}}};
	return 0;
}

static bool has_a_say(struct slice role)
{
	return slice_is(role, "finance_lead") || slice_is(role, "cashier") || slice_is(role, "accountant") ||
	       slice_is(role, "owner");
}

/* E-mail is read at leisure, a robot by all colleagues; an SMS is for what is urgent. */
static const struct way_row *best_way(const struct contact_row *contact)
{
	static const char *const order[] = {"email", "wecom", "dingtalk", "feishu", "webhook"};

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		for (size_t j = 0; j < contact->way_count; j++)
			if (slice_is(contact->ways[j].channel, order[i]))
				return &contact->ways[j];
	return contact->way_count > 0 ? &contact->ways[0] : NULL;
}

static int put_enterprise(struct batch *b, struct slice uscc, struct error *error)
{
	struct notify_post post = {.kind = DELIVERY_BULLETIN, .subject = b->row->id, .base = {"", 0}, .more_count = VALUES,
	                           .due_ms = b->timer->now_ms};
	struct contact_row *contacts;
	struct arena arena;
	size_t count;
	int added = 0, reached = 0;

	arena_init(&arena, CASEWORK_BYTES_MAX);
	if (registry_contacts_of(b->timer->store, uscc, &arena, &contacts, &count, error) == -1)
		added = -1;
	for (size_t i = 0; added != -1 && i < count; i++) {
		post.contact = &contacts[i];
		post.way = has_a_say(contacts[i].role) ? best_way(&contacts[i]) : NULL;
		post.more = slice_is(contacts[i].language, "en") ? b->en.values : b->zh.values;
		if (post.way == NULL)
			continue;
		reached++;
		added = notify_post(b->timer, &post, &arena, error);
		b->put += added > 0;
	}
	arena_deinit(&arena);
	b->row->enterprises++;
	b->row->unreached += reached == 0;
	return added == -1 ? -1 : 0;
}

/* 1 where there is more to serve, 0 where that was all, -1. */
static int put_batch(struct batch *b, struct arena *arena, struct error *error)
{
	struct slice *usccs;
	size_t count;

	do {
		if (store_enterprises_in(b->timer->store, b->row->jurisdiction, b->row->industry, b->row->next, PAGE, arena,
		                         &usccs, &count, error) == -1)
			return -1;
		for (size_t i = 0; i < count; i++) {
			if (b->put > BATCH_LAST || b->enterprises == BATCH_ENTERPRISES_MAX)
				return 1;
			if (put_enterprise(b, usccs[i], error) == -1)
				return -1;
			b->row->next = usccs[i];
			b->enterprises++;
		}
	} while (count == PAGE);
	return 0;
}

static int send(struct batch *b, struct arena *arena, struct error *error)
{
	struct store *store = b->timer->store;
	int more;

	b->row->state = BULLETIN_SENDING;
	if (make_words(b, arena, error) == -1 || (more = put_batch(b, arena, error)) == -1)
		return -1;
	if (more == 0) {
		b->row->state = BULLETIN_SENT;
		b->row->sent_ms = b->timer->now_ms;
	} else if (store_timer_put(store, CASEWORK_TIMER_BULLETIN, b->row->id, b->timer->now_ms, error) == -1) {
		return -1;
	}
	return store_bulletin_change(store, b->row, error) == -1 ? -1 : 0;
}

static int run_bulletin(struct notify_timer *timer, struct slice id, struct arena *arena, struct error *error)
{
	struct bulletin_row row;
	struct batch batch = {.timer = timer, .row = &row};
	int found = store_bulletin_get(timer->store, id, arena, &row, error);

	if (found != 1 || (row.state != BULLETIN_APPROVED && row.state != BULLETIN_SENDING))
		return found == -1 ? -1 : 0;
	if (!office_is_open(timer->now_ms))
		return store_timer_put(timer->store, CASEWORK_TIMER_BULLETIN, row.id, office_opens_ms(timer->now_ms), error) == -1
		               ? -1
		               : 0;
	return send(&batch, arena, error);
}

int casework_run_bulletin(struct notify_timer *timer, struct slice bulletin, struct error *error)
{
	struct arena arena;
	int result;

	arena_init(&arena, CASEWORK_BYTES_MAX);
	result = run_bulletin(timer, bulletin, &arena, error);
	arena_deinit(&arena);
	return result == -1 ? error_wrap(error, "bulletin %.*s", SLICE_PRINT(bulletin)) : 0;
}

/* ---- drafts ---- */

/* The cities of the jurisdictions that have enterprises, each once, in the order of the first of its own. */
static int cities(struct store *store, struct arena *arena, struct slice **codes_r, size_t *count_r,
                  struct error *error)
{
	size_t count, kept = 0;

	if (store_jurisdictions_used(store, arena, codes_r, &count, error) == -1)
		return -1;
	for (size_t i = 0; i < count; i++) {
		struct slice city;
		size_t same = 0;
		if (registry_city_of(store, (*codes_r)[i], arena, &city, error) == -1)
			return -1;
		while (same < kept && !slice_equal((*codes_r)[same], city))
			same++;
		(*codes_r)[same] = city;
		kept += same == kept;
	}
	*count_r = kept;
	return 0;
}

/* Centres are the city's: a province gets no bulletin of its own but for enterprises that lie in no city of it. */
static int draft_areas(struct notify_timer *timer, enum period_kind kind, struct error *error)
{
	struct arena arena, scratch;
	struct slice *codes = NULL;
	size_t count = 0;
	int result;

	arena_init(&arena, CASEWORK_BYTES_MAX);
	arena_init(&scratch, CASEWORK_BYTES_MAX);
	result = cities(timer->store, &arena, &codes, &count, error);
	for (size_t i = 0; result != -1 && i < count; i++) {
		struct bulletin_ask ask = {.period = kind, .jurisdiction = codes[i], .industry = {"", 0},
		                           .now_ms = timer->now_ms};
		struct bulletin_row row;
		arena_reset(&scratch);
		result = bulletin_draft(timer->store, timer->catalogue, &ask, &scratch, &row, error);
	}
	arena_deinit(&scratch);
	arena_deinit(&arena);
	return result == -1 ? -1 : 0;
}

int casework_run_drafts(struct notify_timer *timer, struct slice period, struct error *error)
{
	enum period_kind kind;

	if (!period_parse(period, &kind))
		return 0;
	if (draft_areas(timer, kind, error) == -1)
		return error_wrap(error, "the drafts of a %s", period_names[kind]);
	return store_timer_put(timer->store, CASEWORK_TIMER_DRAFTS, period, period_drafts_ms(kind, timer->now_ms), error) ==
	                       -1
	               ? -1
	               : 0;
}

static int begin(struct store *store, enum period_kind kind, bool wanted, int64_t now_ms, struct error *error)
{
	struct slice name = slice_of(period_names[kind]);

	return wanted ? store_timer_hasten(store, CASEWORK_TIMER_DRAFTS, name, period_drafts_ms(kind, now_ms), error)
	              : store_timer_remove(store, CASEWORK_TIMER_DRAFTS, name, error);
}

/* What came due while nothing ran stays due: those drafts are made at once. */
int casework_begin(struct store *store, bool weekly, bool monthly, int64_t now_ms, struct error *error)
{
	return begin(store, PERIOD_WEEK, weekly, now_ms, error) == -1 ||
	                       begin(store, PERIOD_MONTH, monthly, now_ms, error) == -1
	               ? -1
	               : 0;
}
