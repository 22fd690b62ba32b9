#include "casework/bulletin.h"

#include <sodium.h>
#include <stdio.h>

#include "base/instant.h"
#include "base/utf8.h"
#include "casework/casework.h"
#include "casework/draft.h"
#include "reference/reference.h"

enum { ID_BYTES = 64, INDUSTRY_HASH_BYTES = 16, INDUSTRY_SHOWN_BYTES = 4, DETAIL_BYTES = 1024 };

int casework_check_name(struct slice by, struct error *error)
{
	if (slice_trim(by).length == 0)
		return error_set(error, "say who does it, by name: it is kept in the audit");
	if (!utf8_valid(by.at, by.length) || utf8_count(by) > CASEWORK_NAME_CHARACTERS_MAX)
		return error_set(error, "a name of at most %d characters is expected", CASEWORK_NAME_CHARACTERS_MAX);
	return 0;
}

struct period bulletin_period(const struct bulletin_row *row)
{
	struct period period = {.from_ms = row->from_ms, .to_ms = row->to_ms};

	period_parse(row->period, &period.kind);
	period.from_day = instant_china_day(row->from_ms);
	period.to_day = instant_china_day(row->to_ms);
	return period;
}

static int audit(struct store *store, struct slice by, const char *action, const struct bulletin_row *row,
                 const char *detail, int64_t now_ms, struct error *error)
{
	char actor[4 * CASEWORK_NAME_CHARACTERS_MAX + 1], object[ID_BYTES + 16];

	snprintf(actor, sizeof(actor), "%.*s", SLICE_PRINT(by.length > 0 ? by : slice_of("huqi")));
	snprintf(object, sizeof(object), "bulletin %.*s", SLICE_PRINT(row->id));
	return store_audit_put(store, now_ms, actor, action, object, detail, error);
}

/* "week-2026-03-02-350100", and with an industry eight digits that stand for it. */
static struct slice id_of(const struct period *period, const struct bulletin_ask *ask, struct arena *arena)
{
	unsigned char hash[INDUSTRY_HASH_BYTES];
	char day[INSTANT_TEXT_BYTES], hex[2 * INDUSTRY_SHOWN_BYTES + 1] = "";

	instant_format_date(period->from_day, day);
	if (ask->industry.length > 0) {
		crypto_generichash(hash, sizeof(hash), (const unsigned char *)ask->industry.at, ask->industry.length, NULL, 0);
		sodium_bin2hex(hex, sizeof(hex), hash, INDUSTRY_SHOWN_BYTES);
	}
	return slice_of(arena_print(arena, "%s-%s-%.*s%s%s", period_names[ask->period], day, SLICE_PRINT(ask->jurisdiction),
	                            hex[0] != '\0' ? "-" : "", hex));
}

static int draft(struct store *store, const struct catalogue *catalogue, const struct bulletin_ask *ask,
                 const struct period *period, struct arena *arena, struct bulletin_row *row, struct error *error)
{
	struct draft_figures figures;
	int added;

	if (draft_figures(store, ask->jurisdiction, ask->industry, period, arena, &figures, error) == -1 ||
	    draft_write(catalogue, &figures, period, ask->industry, arena, row, error) == -1)
		return -1;
	if ((added = store_bulletin_put(store, row, error)) != 1 ||
	    audit(store, ask->by, "bulletin.draft", row, "", ask->now_ms, error) == -1)
		return added == 0 ? CASEWORK_KNOWN : -1;
	return CASEWORK_DONE;
}

int bulletin_draft(struct store *store, const struct catalogue *catalogue, const struct bulletin_ask *ask,
                   struct arena *arena, struct bulletin_row *row_r, struct error *error)
{
	struct period period = period_last(ask->period, ask->now_ms);
	struct jurisdiction_row jurisdiction;
	struct slice id = id_of(&period, ask, arena);
	int found = store_jurisdiction_get(store, ask->jurisdiction, arena, &jurisdiction, error);

	if (found == 0) {
		error_set(error, "there is no jurisdiction %.*s in the registry", SLICE_PRINT(ask->jurisdiction));
		return CASEWORK_REFUSED;
	}
	if (found == -1 || (found = store_bulletin_get(store, id, arena, row_r, error)) == -1)
		return -1;
	if (found == 1)
		return CASEWORK_KNOWN;
	*row_r = (struct bulletin_row){
		.id = id, .period = slice_of(period_names[ask->period]), .from_ms = period.from_ms, .to_ms = period.to_ms,
		.jurisdiction = ask->jurisdiction, .industry = ask->industry, .state = BULLETIN_DRAFT, .revision = 1,
		.drafted_ms = ask->now_ms,
	};
	return draft(store, catalogue, ask, &period, arena, row_r, error);
}

/* ---- what a person does ---- */

struct act {
	struct store *store;
	struct arena *arena;
	struct bulletin_row row;
	struct slice by;
	int64_t now_ms;
};

/* DONE where it is there and in one of `states` (bits), UNKNOWN, REFUSED, or -1. */
static int take(struct act *act, struct slice id, unsigned states, const char *what, struct error *error)
{
	int found;

	if (casework_check_name(act->by, error) == -1)
		return CASEWORK_REFUSED;
	if ((found = store_bulletin_get(act->store, id, act->arena, &act->row, error)) != 1)
		return found == -1 ? -1 : CASEWORK_UNKNOWN;
	if ((states >> act->row.state & 1) != 0)
		return CASEWORK_DONE;
	error_set(error, "bulletin %.*s is %s; it cannot be %s any more", SLICE_PRINT(id),
	          bulletin_state_names[act->row.state], what);
	return CASEWORK_REFUSED;
}

static int finish(struct act *act, const char *action, const char *detail, struct error *error)
{
	if (store_bulletin_change(act->store, &act->row, error) != 1 ||
	    audit(act->store, act->by, action, &act->row, detail, act->now_ms, error) == -1)
		return -1;
	return CASEWORK_DONE;
}

#define STATE(state) (1u << BULLETIN_##state)

static void replace(struct slice *old, struct slice text, bool *changed)
{
	if (text.at == NULL || slice_equal(*old, text))
		return;
	*old = text;
	*changed = true;
}

static int edit_in(struct act *act, const struct catalogue *catalogue, struct slice id,
                   const struct bulletin_edit *edit, struct error *error)
{
	struct bulletin_row *row = &act->row;
	char detail[DETAIL_BYTES];
	bool changed = false;
	int result = take(act, id, STATE(DRAFT) | STATE(APPROVED), "edited", error);

	if (result != CASEWORK_DONE)
		return result;
	replace(&row->title_zh, edit->title_zh, &changed);
	replace(&row->title_en, edit->title_en, &changed);
	replace(&row->body_zh, edit->body_zh, &changed);
	replace(&row->body_en, edit->body_en, &changed);
	if (!changed)
		return CASEWORK_DONE;
	if (bulletin_check(catalogue, row, error) == -1)
		return CASEWORK_REFUSED;
	snprintf(detail, sizeof(detail), "{\"revision\":%lld,\"approval_taken_back\":%s}", (long long)row->revision + 1,
	         row->state == BULLETIN_APPROVED ? "true" : "false");
	row->state = BULLETIN_DRAFT;
	row->revision++;
	row->approved_by = slice_of("");
	row->approved_ms = 0;
	row->edited_by = act->by;
	row->edited_ms = act->now_ms;
	if (store_timer_remove(act->store, CASEWORK_TIMER_BULLETIN, row->id, error) == -1)
		return -1;
	return finish(act, "bulletin.edit", detail, error);
}

int bulletin_edit(struct store *store, const struct catalogue *catalogue, struct slice id,
                  const struct bulletin_edit *edit, struct slice by, int64_t now_ms, struct error *error)
{
	struct arena arena;
	struct act act = {.store = store, .arena = &arena, .by = by, .now_ms = now_ms};
	int result;

	arena_init(&arena, CASEWORK_BYTES_MAX);
	result = edit_in(&act, catalogue, id, edit, error);
	arena_deinit(&arena);
	return result;
}

static int approve_in(struct act *act, const struct catalogue *catalogue, struct slice id, int64_t revision,
                      struct error *error)
{
	char detail[DETAIL_BYTES];
	int result = take(act, id, STATE(DRAFT), "approved", error);

	if (result != CASEWORK_DONE)
		return result;
	if (revision != 0 && revision != act->row.revision) {
		error_set(error, "bulletin %.*s is at revision %lld now, not %lld; read it anew", SLICE_PRINT(id),
		          (long long)act->row.revision, (long long)revision);
		return CASEWORK_REFUSED;
	}
	if (bulletin_check(catalogue, &act->row, error) == -1)
		return CASEWORK_REFUSED;
	act->row.state = BULLETIN_APPROVED;
	act->row.approved_by = act->by;
	act->row.approved_ms = act->now_ms;
	snprintf(detail, sizeof(detail), "{\"revision\":%lld}", (long long)act->row.revision);
	if (store_timer_put(act->store, CASEWORK_TIMER_BULLETIN, act->row.id, office_opens_ms(act->now_ms), error) == -1)
		return -1;
	return finish(act, "bulletin.approve", detail, error);
}

int bulletin_approve(struct store *store, const struct catalogue *catalogue, struct slice id, int64_t revision,
                     struct slice by, int64_t now_ms, struct error *error)
{
	struct arena arena;
	struct act act = {.store = store, .arena = &arena, .by = by, .now_ms = now_ms};
	int result;

	arena_init(&arena, CASEWORK_BYTES_MAX);
	result = approve_in(&act, catalogue, id, revision, error);
	arena_deinit(&arena);
	return result;
}

static int withdraw_in(struct act *act, struct slice id, struct slice reason, struct error *error)
{
	char detail[DETAIL_BYTES];
	int given_up, result = take(act, id, STATE(DRAFT) | STATE(APPROVED) | STATE(SENDING), "withdrawn", error);

	if (result != CASEWORK_DONE)
		return result;
	if (!utf8_valid(reason.at != NULL ? reason.at : "", reason.length) ||
	    utf8_count(reason) > BULLETIN_REASON_CHARACTERS_MAX) {
		error_set(error, "a reason of at most %d characters is expected", BULLETIN_REASON_CHARACTERS_MAX);
		return CASEWORK_REFUSED;
	}
	act->row.state = BULLETIN_WITHDRAWN;
	act->row.withdrawn_by = act->by;
	act->row.withdrawn_ms = act->now_ms;
	given_up = store_subject_give_up(act->store, act->row.id, "the bulletin was withdrawn", act->now_ms, error);
	if (given_up == -1 || store_timer_remove(act->store, CASEWORK_TIMER_BULLETIN, act->row.id, error) == -1)
		return -1;
	snprintf(detail, sizeof(detail), "%.*s", SLICE_PRINT(reason));
	return finish(act, "bulletin.withdraw", detail, error);
}

int bulletin_withdraw(struct store *store, struct slice id, struct slice by, struct slice reason, int64_t now_ms,
                      struct error *error)
{
	struct arena arena;
	struct act act = {.store = store, .arena = &arena, .by = by, .now_ms = now_ms};
	int result;

	arena_init(&arena, CASEWORK_BYTES_MAX);
	result = withdraw_in(&act, id, reason, error);
	arena_deinit(&arena);
	return result;
}
