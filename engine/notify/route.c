/*
 * From an alert to rows of the outbox, inside the desk's job.
 *
 *   enterprise alert, a level higher than was told ─▶ the account's enterprise ─▶ the level's first step (escalate.h):
 *       PENDING, or HELD where an analysts' alert of orange or red is open on the account (I7), or GATHERED
 *     └ nobody to tell ─▶ the call list     └ its payee is muted ─▶ nothing, counted and audited
 *   analysts' alert, orange or red ─▶ what waits for the account's contacts becomes HELD and asks for its release
 */
#include <sodium.h>
#include <stdio.h>

#include "base/counters.h"
#include "base/hit.h"
#include "fold/fold.h"
#include "notify/message.h"
#include "notify/telling.h"
#include "registry/registry.h"

enum { LEVEL_ORANGE = 3, LEVEL_RED = 4, PAYEE_BYTES_MAX = 1024 };

/* ---- the payee, as a mute names him ---- */

/* Of the name as it is read and the account as it is written; empty where neither is known. */
static int payee_hash(struct telling *t, const struct notify_warning *words, struct slice *hash_r,
                      struct error *error)
{
	const struct seal *seal = store_seal(t->store, error);
	struct slice account = slice_trim(words->payee_account);
	unsigned char hash[SEAL_HASH_BYTES];
	char text[PAYEE_BYTES_MAX], hex[2 * SEAL_HASH_BYTES + 1];
	ptrdiff_t length;

	*hash_r = slice_of("");
	if (seal == NULL)
		return -1;
	length = fold_text(words->payee_name.at, words->payee_name.length, text, PAYEE_BYTES_MAX / 2);
	if (length < 0 || account.length >= PAYEE_BYTES_MAX / 2 || length + account.length == 0)
		return 0; /* longer than any name and account are; nobody can mute it */
	text[length++] = '/';
	memcpy(text + length, account.at != NULL ? account.at : "", account.length);
	seal_hash(seal, "payee", (struct slice){text, (uint32_t)(length + account.length)}, hash);
	sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
	*hash_r = arena_copy(t->arena, slice_of(hex));
	return 0;
}

/* A line in the alert's history, once a level. */
static int put_muted(struct telling *t, const struct told_alert *alert, bool again, struct error *error)
{
	struct escalation_row e = {.alert = alert->row.id, .level = alert->row.level, .state = ESCALATION_MUTED,
	                           .reason = slice_of(""), .started_ms = t->now_ms,
	                           .jurisdiction = alert->row.jurisdiction};
	char object[128], detail[64];

	if (again)
		return 0;
	snprintf(object, sizeof(object), "%.*s", SLICE_PRINT(alert->row.id));
	snprintf(detail, sizeof(detail), "{\"level\":%d}", alert->row.level);
	t->put->muted++;
	if (store_timer_remove(t->store, TIMER_ESCALATION, e.alert, error) == -1 ||
	    store_escalation_put(t->store, &e, error) == -1)
		return -1;
	return store_audit_put(t->store, t->now_ms, "huqi", "warning.muted", object, detail, error);
}

/* ---- from the alert to its people ---- */

/* The enterprise that is told, and what it is told. */
static int make_warning(struct telling *t, struct told_alert *alert, const struct notify_warning *words,
                        struct error *error)
{
	struct enterprise_row enterprise;
	struct slice name = {0};
	int found = registry_enterprise_of(t->store, alert->row.bank, alert->row.account, alert->row.enterprise, t->arena,
	                                   &enterprise, error);

	if (found == -1)
		return -1;
	alert->warning.owner = slice_of("");
	if (found == 1) {
		alert->row.enterprise = enterprise.uscc;
		name = enterprise.name;
		if (registry_enterprise_open(&enterprise))
			alert->warning.owner = enterprise.uscc;
		else
			t->put->closed++;
	}
	alert->warning.alert = alert->row.id;
	alert->warning.level = alert->row.level;
	if (payee_hash(t, words, &alert->warning.payee_hash, error) == -1)
		return -1;
	return message_base(MESSAGE_WARNING, &alert->row, words, name, t->arena, &alert->warning.body, &t->put->cut,
	                    error);
}

/* What was told of the alert before; 1 where nothing more is to be told of this level. */
static int is_told(struct telling *t, const struct told_alert *alert, bool *was_muted_r, struct error *error)
{
	struct escalation_row before;
	int found = store_escalation_get(t->store, alert->row.id, t->arena, &before, error);

	*was_muted_r = false;
	if (found != 1 || before.level < alert->row.level)
		return found == -1 ? -1 : 0;
	*was_muted_r = before.state == ESCALATION_MUTED;
	return !*was_muted_r;
}

/*
 * Red breaks through: whoever believes a cheat calls his payment genuine, and has the next warning of it muted. What
 * the mute's giver did not see must not be kept from the others either.
 */
static int is_muted(struct telling *t, const struct told_alert *alert, struct error *error)
{
	const struct warning_row *warning = &alert->warning;

	if (alert->row.level >= LEVEL_RED || warning->payee_hash.length == 0 || warning->owner.length == 0)
		return 0;
	return store_mute_active(t->store, warning->owner, warning->payee_hash, t->now_ms, error);
}

static int put_enterprise_alert(struct telling *t, struct told_alert *alert, const struct notify_warning *words,
                                struct error *error)
{
	int told, muted, watched, released;
	bool was_muted;

	if ((told = is_told(t, alert, &was_muted, error)) != 0)
		return told == -1 ? -1 : 0;
	if (make_warning(t, alert, words, error) == -1 || (muted = is_muted(t, alert, error)) == -1)
		return -1;
	if (muted == 1)
		return put_muted(t, alert, was_muted, error);
	if ((watched = store_account_watched(t->store, alert->row.bank, alert->row.account, error)) == -1 ||
	    (released = store_alert_released(t->store, alert->row.id, alert->row.level, error)) == -1 ||
	    store_warning_put(t->store, &alert->warning, error) == -1)
		return -1;
	alert->released = released == 1;
	alert->held = watched == 1 && !alert->released;
	return telling_begin(t, alert, error);
}

/* An analysts' alert sends nothing; from orange on it stops what would tip the account's holder off. */
static int hold_for_analysts(struct telling *t, const struct alert_row *alert, struct error *error)
{
	if (alert->level < LEVEL_ORANGE)
		return 0;
	t->put->holding = store_deliveries_hold(t->store, alert->bank, alert->account, t->now_ms, error);
	if (t->put->holding <= 0)
		return t->put->holding;
	return telling_release_calls(t, error);
}

int notify_put_for_alert(struct store *store, const struct alert_row *alert, const struct notify_warning *words,
                         int64_t now_ms, struct notify_put *put_r, struct error *error)
{
	struct notify_timer timer = {.store = store, .catalogue = words->catalogue, .now_ms = now_ms};
	struct told_alert told = {.row = *alert};
	struct telling t;
	struct arena arena;
	int result = 0;

	telling_init(&t, &timer, &arena);
	*put_r = (struct notify_put){0};
	t.put = put_r;
	if (words->signature.length > 0)
		t.signature = words->signature;
	if (alert->audience != AUDIENCE_ENTERPRISE)
		result = hold_for_analysts(&t, alert, error);
	else if (alert->level < ROUTING_LEVELS && t.routing->levels[alert->level].step_count > 0)
		result = put_enterprise_alert(&t, &told, words, error);
	arena_deinit(&arena);
	return result == -1 ? error_wrap(error, "warning of alert %.*s", SLICE_PRINT(alert->id)) : 0;
}

int notify_mute(struct store *store, struct slice alert, int64_t contact, int64_t until_ms, struct slice reason,
                const char *actor, int64_t now_ms, struct error *error)
{
	struct warning_row warning;
	struct arena arena;
	char object[128], detail[96];
	int found;

	arena_init(&arena, TELLING_BYTES_MAX);
	found = store_warning_get(store, alert, 0, &arena, &warning, error);
	if (found == 1 && (warning.owner.length == 0 || warning.payee_hash.length == 0))
		found = 0;
	if (found == 1) {
		struct mute_row mute = {warning.owner, warning.payee_hash, until_ms, contact, reason, now_ms};
		snprintf(object, sizeof(object), "%.*s", SLICE_PRINT(warning.alert));
		snprintf(detail, sizeof(detail), "{\"contact\":%lld,\"until_ms\":%lld}", (long long)contact,
		         (long long)until_ms);
		if (store_mute_put(store, &mute, error) == -1 ||
		    store_audit_put(store, now_ms, actor, "payee.mute", object, detail, error) == -1)
			found = -1;
	}
	arena_deinit(&arena);
	return found;
}

/* ---- counting, after the commit ---- */

#define PUT_NUMBERS(X)                                                                                                \
	X(put, DELIVERIES) X(held, DELIVERIES_HELD) X(holding, DELIVERIES_HELD) X(quiet, DELIVERIES_QUIET)             \
	X(gathered, DELIVERIES_GATHERED) X(digests, DIGESTS) X(superseded, DELIVERIES_SUPERSEDED)                      \
	X(muted, WARNINGS_MUTED) X(stand_ins, STAND_INS)                                                               \
	X(started, ESCALATIONS) X(steps, ESCALATION_STEPS) X(unanswered, STEPS_UNANSWERED)                             \
	X(undeliverable, STEPS_UNDELIVERABLE) X(calls, CALLS) X(calls_to_city, CALLS_TO_CITY)                          \
	X(calls_of_nobody, CALLS_OF_NOBODY) X(call_deliveries, CALL_DELIVERIES) X(no_contact, NO_CONTACT)              \
	X(unknown_timers, TIMERS_UNKNOWN) X(builtin, MESSAGES_BUILTIN) X(shortened, MESSAGES_SHORTENED)                \
	X(cut, WARNINGS_CUT) X(closed, ENTERPRISE_CLOSED)

void notify_put_add(struct notify_put *sum, const struct notify_put *one)
{
#define ADD(member, counter) sum->member += one->member;
	PUT_NUMBERS(ADD)
#undef ADD
}

void notify_put_count(const struct notify_put *put)
{
#define COUNT(member, counter) count_many(COUNT_##counter, (uint64_t)put->member);
	PUT_NUMBERS(COUNT)
#undef COUNT
}
