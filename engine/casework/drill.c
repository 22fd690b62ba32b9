#include "casework/drill.h"

#include <sodium.h>
#include <stdio.h>

#include "base/instant.h"
#include "casework/casework.h"
#include "judge/judge.h"
#include "pattern/pattern.h"
#include "reference/reference.h"

enum { PAGE = 100, BATCH_LAST = DRILL_BATCH_MAX - STORE_CONTACTS_MAX, HASH_BYTES = 16, ID_HASH_BYTES = 4,
       NUMBER_HASH_BYTES = 6, OBJECT_BYTES = 96, DETAIL_BYTES = 256 };

static int audit(struct store *store, struct slice by, const char *action, struct slice id, const char *detail,
                 int64_t now_ms, struct error *error)
{
	char actor[4 * CASEWORK_NAME_CHARACTERS_MAX + 1], object[OBJECT_BYTES];

	snprintf(actor, sizeof(actor), "%.*s", SLICE_PRINT(by));
	snprintf(object, sizeof(object), "drill %.*s", SLICE_PRINT(id));
	return store_audit_put(store, now_ms, actor, action, object, detail, error);
}

/* "20260302" of a day in China. */
static void day_digits(int64_t ms, char text_r[INSTANT_TEXT_BYTES])
{
	int year, month, day;

	instant_civil(instant_china_day(ms), &year, &month, &day);
	snprintf(text_r, INSTANT_TEXT_BYTES, "%04d%02d%02d", year, month, day);
}

/* ---- start ---- */

static void hash_slice(crypto_generichash_state *state, struct slice text)
{
	crypto_generichash_update(state, (const unsigned char *)&text.length, sizeof(text.length));
	crypto_generichash_update(state, (const unsigned char *)(text.at != NULL ? text.at : ""), text.length);
}

static struct slice id_of(const struct drill_ask *ask, struct arena *arena)
{
	unsigned char hash[HASH_BYTES];
	char day[INSTANT_TEXT_BYTES], hex[2 * ID_HASH_BYTES + 1];
	crypto_generichash_state state;

	crypto_generichash_init(&state, NULL, 0, sizeof(hash));
	crypto_generichash_update(&state, (const unsigned char *)&ask->now_ms, sizeof(ask->now_ms));
	crypto_generichash_update(&state, &ask->level, 1);
	hash_slice(&state, ask->typology);
	hash_slice(&state, ask->by);
	hash_slice(&state, ask->jurisdiction);
	hash_slice(&state, ask->industry);
	for (size_t i = 0; i < ask->enterprise_count; i++)
		hash_slice(&state, ask->enterprises[i]);
	crypto_generichash_final(&state, hash, sizeof(hash));
	sodium_bin2hex(hex, sizeof(hex), hash, ID_HASH_BYTES);
	day_digits(ask->now_ms, day);
	return slice_of(arena_print(arena, "drill-%s-%s", day, hex));
}

/* What is wrong with what was asked; the enterprises are looked at when they are put. */
static int check_ask(const struct catalogue *catalogue, const struct drill_ask *ask, struct error *error)
{
	if (casework_check_name(ask->by, error) == -1)
		return -1;
	if (ask->typology.length == 0 || ask->typology.at[0] != 'V' ||
	    (catalogue != NULL && catalogue_typology(catalogue, ask->typology) == NULL))
		return error_set(error, "typology `%.*s`: expected one of those that enterprises are warned of, V01 to V18",
		                 SLICE_PRINT(ask->typology));
	if (ask->level < LEVEL_YELLOW || ask->level > LEVEL_RED)
		return error_set(error, "level: expected yellow, orange or red; others tell nobody");
	if (ask->within_ms < DRILL_WITHIN_LEAST_MS || ask->within_ms > DRILL_MS)
		return error_set(error, "within: expected 1m to 24h");
	if ((ask->enterprise_count > 0) == (ask->jurisdiction.length > 0))
		return error_set(error, "name either enterprises or a jurisdiction");
	if (ask->enterprise_count > 0 && ask->industry.length > 0)
		return error_set(error, "an industry goes with a jurisdiction");
	if (ask->enterprise_count > DRILL_TARGETS_MAX)
		return error_set(error, "%zu enterprises; at most %d", ask->enterprise_count, DRILL_TARGETS_MAX);
	return 0;
}

/* The enterprises named; REFUSED where one is not registered or closed. All are looked at before one is put. */
static int put_named(struct store *store, const struct drill_ask *ask, struct slice drill, struct arena *arena,
                     struct error *error)
{
	for (size_t i = 0; i < ask->enterprise_count; i++) {
		struct enterprise_row row;
		int found = store_enterprise_get(store, ask->enterprises[i], arena, &row, error);
		if (found == -1)
			return -1;
		if (found == 1 && !slice_is(row.status, "closed"))
			continue;
		error_set(error, "enterprise %.*s is %s", SLICE_PRINT(ask->enterprises[i]),
		          found == 0 ? "not in the registry" : "closed");
		return CASEWORK_REFUSED;
	}
	for (size_t i = 0; i < ask->enterprise_count; i++)
		if (store_drill_target_put(store, drill, ask->enterprises[i], error) == -1)
			return -1;
	return CASEWORK_DONE;
}

static int put_area(struct store *store, const struct drill_ask *ask, struct slice drill, struct arena *arena,
                    struct error *error)
{
	struct slice *usccs;
	size_t count;

	if (store_enterprises_in(store, ask->jurisdiction, ask->industry, slice_of(""), DRILL_TARGETS_MAX + 1, arena, &usccs,
	                         &count, error) == -1)
		return -1;
	if (count == 0 || count > DRILL_TARGETS_MAX) {
		error_set(error, count == 0 ? "no active enterprise of this jurisdiction and industry is in the registry"
		                            : "more than %d enterprises; choose a smaller area or an industry", DRILL_TARGETS_MAX);
		return CASEWORK_REFUSED;
	}
	for (size_t i = 0; i < count; i++)
		if (store_drill_target_put(store, drill, usccs[i], error) == -1)
			return -1;
	return CASEWORK_DONE;
}

static int put_drill(struct store *store, const struct drill_ask *ask, const struct drill_row *row,
                     struct arena *arena, struct error *error)
{
	char detail[DETAIL_BYTES];
	int result = ask->enterprise_count > 0 ? put_named(store, ask, row->id, arena, error)
	                                       : put_area(store, ask, row->id, arena, error);

	if (result != CASEWORK_DONE)
		return result;
	snprintf(detail, sizeof(detail), "{\"typology\":\"%.*s\",\"level\":\"%s\",\"within_ms\":%lld}",
	         SLICE_PRINT(row->typology), alert_level_names[row->level], (long long)row->within_ms);
	return store_drill_put(store, row, error) == -1 ||
	                       store_timer_put(store, CASEWORK_TIMER_DRILL, row->id, office_opens_ms(ask->now_ms), error) ==
	                               -1 ||
	                       audit(store, ask->by, "drill.start", row->id, detail, ask->now_ms, error) == -1
	               ? -1
	               : CASEWORK_DONE;
}

int drill_start(struct store *store, const struct catalogue *catalogue, const struct drill_ask *ask,
                struct arena *arena, struct drill_row *row_r, struct error *error)
{
	if (check_ask(catalogue, ask, error) == -1)
		return CASEWORK_REFUSED;
	*row_r = (struct drill_row){
		.id = id_of(ask, arena), .typology = ask->typology, .level = ask->level, .state = DRILL_WAITING,
		.jurisdiction = ask->jurisdiction, .industry = ask->industry, .within_ms = ask->within_ms,
		.started_by = ask->by, .created_ms = ask->now_ms,
	};
	return put_drill(store, ask, row_r, arena, error);
}

/* ---- telling ---- */

struct telling_drill {
	struct notify_timer *timer;
	struct drill_row row;
	int put;
};

static int tell_person(struct telling_drill *d, const struct notify_first *first, struct slice uscc,
                       struct slice base, struct arena *arena, struct error *error)
{
	struct notify_post post = {.kind = DELIVERY_DRILL, .subject = d->row.id, .level = d->row.level,
	                           .contact = first->contact, .base = base, .due_ms = first->at_ms};

	if (store_drill_person_put(d->timer->store, d->row.id, first->contact->id, uscc, error) == -1)
		return -1;
	for (size_t i = 0; i < first->way_count; i++) {
		int added;
		post.way = &first->contact->ways[i];
		if ((added = notify_post(d->timer, &post, arena, error)) == -1)
			return -1;
		d->put += added;
	}
	return 0;
}

/* What became of the target, or -1. */
static int tell_enterprise(struct telling_drill *d, struct slice uscc, struct arena *arena, struct error *error)
{
	struct store *store = d->timer->store;
	int64_t now_ms = d->timer->now_ms;
	struct enterprise_row enterprise;
	struct notify_first *first;
	struct slice base;
	size_t count;
	int found = store_enterprise_get(store, uscc, arena, &enterprise, error);

	if (found == 0 || (found == 1 && slice_is(enterprise.status, "closed")))
		return DRILL_UNREACHED;
	if (found == -1 || (found = store_enterprise_alarmed(store, uscc, now_ms - DRILL_CLEAR_MS, error)) == -1)
		return -1;
	if (found == 1)
		return DRILL_SKIPPED;
	if (notify_first_step(d->timer, d->row.level, uscc, arena, &first, &count, error) == -1)
		return -1;
	if (count == 0)
		return DRILL_UNREACHED;
	if (notify_exercise(d->timer->catalogue,
	                    &(struct notify_exercise){.drill = d->row.id, .typology = d->row.typology,
	                                              .level = d->row.level, .uscc = uscc,
	                                              .enterprise_name = enterprise.name,
	                                              .amount_minor = DRILL_AMOUNT_MINOR, .now_ms = now_ms},
	                    arena, &base, error) == -1)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (tell_person(d, &first[i], uscc, base, arena, error) == -1)
			return -1;
	return DRILL_TOLD;
}

/* 1 where there are more, 0 where that was all, -1. The CHOSEN are the place where the next batch begins. */
static int tell_batch(struct telling_drill *d, struct arena *arena, struct error *error)
{
	struct slice *usccs;
	size_t count;

	if (store_drill_chosen(d->timer->store, d->row.id, PAGE, arena, &usccs, &count, error) == -1)
		return -1;
	for (size_t i = 0; i < count; i++) {
		int became;
		if (d->put > BATCH_LAST)
			return 1;
		if ((became = tell_enterprise(d, usccs[i], arena, error)) == -1 ||
		    store_drill_target_set(d->timer->store, d->row.id, usccs[i], (enum drill_target_state)became, error) == -1)
			return -1;
	}
	return count == PAGE;
}

static int run_drill(struct telling_drill *d, struct slice id, struct arena *arena, struct error *error)
{
	struct store *store = d->timer->store;
	int64_t now_ms = d->timer->now_ms, opens_ms = office_opens_ms(now_ms);
	int more, found = store_drill_get(store, id, arena, &d->row, error);

	if (found != 1 || d->row.state > DRILL_TELLING)
		return found == -1 ? -1 : 0;
	if (opens_ms != now_ms)
		return store_timer_put(store, CASEWORK_TIMER_DRILL, id, opens_ms, error) == -1 ? -1 : 0;
	if (d->row.state == DRILL_WAITING) {
		d->row.told_ms = now_ms;
		if (store_timer_put(store, CASEWORK_TIMER_DRILL_END, id, now_ms + DRILL_MS, error) == -1)
			return -1;
	}
	if ((more = tell_batch(d, arena, error)) == -1 ||
	    (more == 1 && store_timer_put(store, CASEWORK_TIMER_DRILL, id, now_ms, error) == -1))
		return -1;
	d->row.state = more == 1 ? DRILL_TELLING : DRILL_RUNNING;
	return store_drill_change(store, &d->row, error) == -1 ? -1 : 0;
}

int casework_run_drill(struct notify_timer *timer, struct slice drill, struct error *error)
{
	struct telling_drill d = {.timer = timer};
	struct arena arena;
	int result;

	arena_init(&arena, CASEWORK_BYTES_MAX);
	result = run_drill(&d, drill, &arena, error);
	arena_deinit(&arena);
	return result == -1 ? error_wrap(error, "drill %.*s", SLICE_PRINT(drill)) : 0;
}

/* ---- the end ---- */

static int certify(struct store *store, const struct drill_row *drill, const struct drill_person_row *person,
                   int64_t now_ms, struct error *error)
{
	unsigned char hash[HASH_BYTES];
	char digits[INSTANT_TEXT_BYTES], day[INSTANT_TEXT_BYTES], hex[2 * NUMBER_HASH_BYTES + 1], number[64];
	crypto_generichash_state state;
	struct certificate_row row = {.drill = drill->id, .contact = person->contact, .enterprise = person->enterprise,
	                              .response_ms = person->answered_ms - person->sent_ms, .issued_ms = now_ms};

	crypto_generichash_init(&state, NULL, 0, sizeof(hash));
	hash_slice(&state, drill->id);
	crypto_generichash_update(&state, (const unsigned char *)&person->contact, sizeof(person->contact));
	crypto_generichash_final(&state, hash, sizeof(hash));
	sodium_bin2hex(hex, sizeof(hex), hash, NUMBER_HASH_BYTES);
	day_digits(person->answered_ms, digits);
	instant_format_date(instant_china_day(person->answered_ms), day);
	snprintf(number, sizeof(number), "HQ%s-%s", digits, hex);
	row.number = slice_of(number);
	row.day = slice_of(day);
	return store_certificate_put(store, &row, error);
}

/* How many, or -1. */
static int certify_all(struct store *store, const struct drill_row *drill, int64_t now_ms, struct arena *arena,
                       struct error *error)
{
	struct drill_person_row *persons;
	size_t count;
	int certified = 0;

	if (store_drill_persons(store, drill->id, DRILL_TARGETS_MAX * STORE_CONTACTS_MAX, arena, &persons, &count, error) ==
	    -1)
		return -1;
	for (size_t i = 0; i < count; i++) {
		int added;
		if (persons[i].answered_ms == 0 || persons[i].answered_ms - persons[i].sent_ms > drill->within_ms)
			continue;
		if ((added = certify(store, drill, &persons[i], now_ms, error)) == -1)
			return -1;
		certified += added;
	}
	return certified;
}

static int end_drill(struct store *store, struct drill_row *row, struct slice by, int64_t now_ms, struct arena *arena,
                     struct error *error)
{
	char detail[DETAIL_BYTES];
	int certified = certify_all(store, row, now_ms, arena, error);

	if (certified == -1 ||
	    store_subject_give_up(store, row->id, "the exercise has ended", now_ms, error) == -1 ||
	    store_timer_remove(store, CASEWORK_TIMER_DRILL, row->id, error) == -1 ||
	    store_timer_remove(store, CASEWORK_TIMER_DRILL_END, row->id, error) == -1)
		return -1;
	row->state = DRILL_ENDED;
	row->ended_ms = now_ms;
	row->ended_by = by;
	snprintf(detail, sizeof(detail), "{\"certificates\":%d}", certified);
	return store_drill_change(store, row, error) == -1 ||
	                       audit(store, by, "drill.end", row->id, detail, now_ms, error) == -1
	               ? -1
	               : CASEWORK_DONE;
}

static int end_in(struct store *store, struct slice id, struct slice by, int64_t now_ms, struct arena *arena,
                  struct error *error)
{
	struct drill_row row;
	int found;

	if (casework_check_name(by, error) == -1)
		return CASEWORK_REFUSED;
	if ((found = store_drill_get(store, id, arena, &row, error)) != 1)
		return found == -1 ? -1 : CASEWORK_UNKNOWN;
	if (row.state == DRILL_ENDED) {
		error_set(error, "drill %.*s has ended already", SLICE_PRINT(id));
		return CASEWORK_REFUSED;
	}
	return end_drill(store, &row, by, now_ms, arena, error);
}

int drill_end(struct store *store, struct slice id, struct slice by, int64_t now_ms, struct error *error)
{
	struct arena arena;
	int result;

	arena_init(&arena, CASEWORK_BYTES_MAX);
	result = end_in(store, id, by, now_ms, &arena, error);
	arena_deinit(&arena);
	return result;
}

int casework_run_drill_end(struct notify_timer *timer, struct slice drill, struct error *error)
{
	int result = drill_end(timer->store, drill, slice_of("huqi"), timer->now_ms, error);

	return result == -1 ? error_wrap(error, "the end of drill %.*s", SLICE_PRINT(drill)) : 0;
}
