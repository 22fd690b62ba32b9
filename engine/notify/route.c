/*
 * From an alert to rows of the outbox, inside the desk's job.
 *
 *   enterprise alert, yellow or higher, higher than before ─▶ the account's enterprise ─▶ its contacts' ways ─▶ a row each:
 *       PENDING, or HELD where an analysts' alert of orange or red is open on the account (I7)
 *   analysts' alert, orange or red ─▶ what waits for the account's contacts becomes HELD
 *
 * It leaves out whose turn it is (escalation by time and acknowledgement): every contact is told at once.
 */
#include "base/counters.h"
#include "base/hit.h"
#include "notify/message.h"
#include "notify/outbox.h"
#include "registry/registry.h"

enum { LEVEL_YELLOW = 2, LEVEL_ORANGE = 3, ROUTE_BYTES_MAX = 16 << 20 };

/* What is the same for all contacts of one alert. */
struct route {
	struct store *store;
	struct arena *arena;
	struct alert_row alert; /* with the enterprise as the registry knows it */
	const struct notify_warning *words;
	struct slice enterprise_name, base; /* the base is the same for all of them */
	bool held;
	int64_t now_ms;
	struct notify_put *put;
};

static int build_body(struct route *r, const struct contact_row *contact, const struct way_row *way,
                      struct delivery_row *row, struct message_made *made_r, struct error *error)
{
	struct message_order order = {.kind = MESSAGE_WARNING, .id = row->id, .channel = way->channel,
	                              .language = contact->language, .signature = r->words->signature};

	return message_for(r->base, r->words->catalogue, &order, r->arena, &row->body, made_r, error);
}

static int put_for_way(struct route *r, const struct contact_row *contact, const struct way_row *way,
                       struct error *error)
{
	char id[OUTBOX_ID_BYTES];
	struct delivery_row row = {
		.alert = r->alert.id, .revision = r->alert.revision, .level = r->alert.level, .way = way->id,
		.destination = way->destination, .state = r->held ? DELIVERY_HELD : DELIVERY_PENDING,
		.created_ms = r->now_ms, .due_ms = r->now_ms,
	};
	struct message_made made;
	int added;

	outbox_delivery_id(r->alert.id, r->alert.level, way->id, way->channel, id);
	row.id = slice_of(id);
	if (build_body(r, contact, way, &row, &made, error) == -1 ||
	    (added = store_delivery_put(r->store, &row, error)) == -1)
		return -1;
	r->put->put += added;
	r->put->builtin += added > 0 && made.builtin;
	r->put->shortened += added > 0 && made.shortened;
	r->put->held += r->held ? added : 0;
	return 0;
}

static int put_for_contact(struct route *r, const struct contact_row *contact, struct error *error)
{
	for (size_t i = 0; i < contact->way_count; i++)
		if (put_for_way(r, contact, &contact->ways[i], error) == -1)
			return -1;
	return 0;
}

static int put_for_enterprise(struct route *r, struct error *error)
{
	struct enterprise_row enterprise;
	struct contact_row *contacts;
	size_t count = 0;
	int found = registry_enterprise_of(r->store, r->alert.bank, r->alert.account, r->alert.enterprise, r->arena,
	                                   &enterprise, error);

	r->put->closed = found == 1 && !registry_enterprise_open(&enterprise);
	if (r->put->closed)
		return 0;
	if (found == -1 || (found == 1 && registry_contacts_of(r->store, enterprise.uscc, r->arena, &contacts, &count,
	                                                       error) == -1))
		return -1;
	r->put->no_contact = count == 0;
	if (count == 0)
		return 0;
	r->alert.enterprise = enterprise.uscc;
	r->enterprise_name = enterprise.name;
	if (message_base(MESSAGE_WARNING, &r->alert, r->words, r->enterprise_name, r->arena, &r->base, &r->put->cut,
	                 error) == -1)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (put_for_contact(r, &contacts[i], error) == -1)
			return -1;
	return 0;
}

/* An analysts' alert sends nothing; from orange on it stops what would tip the account's holder off. */
static int hold_for_analysts(struct store *store, const struct alert_row *alert, struct notify_put *put,
                             struct error *error)
{
	if (alert->level < LEVEL_ORANGE)
		return 0;
	put->holding = store_deliveries_hold(store, alert->bank, alert->account, error);
	return put->holding == -1 ? -1 : 0;
}

int notify_put_for_alert(struct store *store, const struct alert_row *alert, uint8_t level_before,
                         const struct notify_warning *words, int64_t now_ms, struct notify_put *put_r,
                         struct error *error)
{
	struct arena arena;
	struct route r = {.store = store, .arena = &arena, .alert = *alert, .words = words, .now_ms = now_ms,
	                  .put = put_r};
	int watched, result;

	*put_r = (struct notify_put){0};
	if (alert->audience != AUDIENCE_ENTERPRISE)
		return hold_for_analysts(store, alert, put_r, error);
	if (alert->level < LEVEL_YELLOW || alert->level <= level_before)
		return 0;
	if ((watched = store_account_watched(store, alert->bank, alert->account, error)) == -1)
		return -1;
	r.held = watched == 1;
	arena_init(&arena, ROUTE_BYTES_MAX);
	result = put_for_enterprise(&r, error);
	arena_deinit(&arena);
	return result == -1 ? error_wrap(error, "warning of alert %.*s", SLICE_PRINT(alert->id)) : 0;
}

void notify_put_count(const struct notify_put *put)
{
	count_many(COUNT_DELIVERIES, (uint64_t)put->put);
	count_many(COUNT_DELIVERIES_HELD, (uint64_t)(put->held + put->holding));
	if (put->no_contact)
		count(COUNT_NO_CONTACT);
	count_many(COUNT_MESSAGES_BUILTIN, (uint64_t)put->builtin);
	count_many(COUNT_MESSAGES_SHORTENED, (uint64_t)put->shortened);
	if (put->closed)
		count(COUNT_ENTERPRISE_CLOSED);
	if (put->cut)
		count(COUNT_WARNINGS_CUT);
}
