/*
 * The persons of a step get their deliveries.
 */
#include "notify/telling.h"
#include "base/ident.h"

#include "notify/body.h"
#include "notify/choose.h"
#include "registry/registry.h"

void telling_init(struct telling *t, struct notify_timer *timer, struct arena *arena)
{
	arena_init(arena, TELLING_BYTES_MAX);
	*t = (struct telling){.store = timer->store,
	                      .catalogue = timer->catalogue,
	                      .routing = telling_routing(timer->catalogue),
	                      .signature = timer->catalogue != NULL ? timer->catalogue->signature : slice_of(""),
	                      .arena = arena,
	                      .now_ms = timer->now_ms,
	                      .put = &timer->put};
}

const struct routing *telling_routing(const struct catalogue *catalogue)
{
	return catalogue != NULL ? &catalogue->routing : routing_shipped();
}

/* Which contacts were told of this level, by their place. */
static bool *told_flags(struct telling *t, const struct told_alert *alert, const struct contact_row *contacts,
                        size_t count, struct error *error)
{
	bool *told = arena_take(t->arena, count + 1);
	int64_t *ids;
	size_t n;

	if (told == NULL || store_contacts_told(t->store, alert->row.id, alert->row.level, t->arena, &ids, &n, error) == -1)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		told[i] = false;
		for (size_t j = 0; j < n; j++)
			told[i] |= ids[j] == contacts[i].id;
	}
	return told;
}

static int put_way(struct telling *t, const struct told_alert *alert, size_t step, const struct contact_row *contact,
                   const struct way_row *way, enum delivery_state state, int64_t due_ms, struct error *error)
{
	char id[OUTBOX_ID_BYTES];
	struct delivery_row row = {
		.kind = DELIVERY_WARNING,
		.alert = alert->row.id,
		.revision = alert->row.revision,
		.level = alert->row.level,
		.step = (int64_t)step,
		.way = way->id,
		.destination = way->destination,
		.state = state,
		.created_ms = t->now_ms,
		.due_ms = due_ms,
		.released_ms = alert->released ? t->now_ms : 0,
	};
	int added;

	outbox_delivery_id(DELIVERY_WARNING, alert->row.id, alert->row.level, (int)step, way->id, id);
	row.id = slice_of(id);
	if (body_warning(t, &alert->warning, row.id, contact, way, &row.body, error) == -1 ||
	    (added = store_delivery_put(t->store, &row, error)) == -1)
		return -1;
	t->put->put += added;
	t->put->held += state == DELIVERY_HELD ? added : 0;
	t->put->gathered += state == DELIVERY_GATHERED ? added : 0;
	t->put->quiet += state == DELIVERY_PENDING && due_ms > t->now_ms ? added : 0;
	return added;
}

/* `*at_ms` becomes the time at which he learns of it. */
static int tell_person(struct telling *t, const struct told_alert *alert, size_t step, bool first_only,
                       const struct contact_row *contact, int64_t *at_ms, struct error *error)
{
	enum delivery_state state = alert->held ? DELIVERY_HELD : DELIVERY_PENDING;
	size_t ways = first_only && contact->way_count > 1 ? 1 : contact->way_count;
	int64_t until_ms;
	int gather = alert->held ? 0 : telling_gather(t, contact->id, alert->row.level, *at_ms, &until_ms, error);

	int superseded;

	if (gather == -1)
		return -1;
	if (gather == 1) {
		state = DELIVERY_GATHERED;
		*at_ms = until_ms;
	}
	/* The yellow one that waits for the morning would only confuse who was told of red in the night. */
	if (state == DELIVERY_PENDING) {
		superseded = store_warnings_supersede(t->store, alert->row.id, contact->id, alert->row.level, t->now_ms, error);
		if (superseded == -1)
			return -1;
		t->put->superseded += superseded;
	}
	for (size_t i = 0; i < ways; i++)
		if (put_way(t, alert, step, contact, &contact->ways[i], state, *at_ms, error) == -1)
			return -1;
	return 0;
}

/* The enterprise's people; never somebody of a centre. */
static int people_of(struct telling *t, struct slice owner, struct contact_row **rows_r, size_t *count_r,
                     struct error *error)
{
	size_t kept = 0;

	*count_r = 0;
	if (owner.length == 0 || owner.length == IDENT_DIVISION_LENGTH)
		return 0;
	if (registry_contacts_of(t->store, owner, t->arena, rows_r, count_r, error) == -1)
		return -1;
	for (size_t i = 0; i < *count_r; i++)
		if (!slice_is((*rows_r)[i].role, "duty") && (*rows_r)[i].way_count > 0)
			(*rows_r)[kept++] = (*rows_r)[i];
	*count_r = kept;
	return 0;
}

static bool has_role(const struct routing_step *step, struct slice role)
{
	for (int i = 0; i < step->role_count; i++)
		if (slice_is(role, routing_roles[step->roles[i]]))
			return true;
	return false;
}

int telling_people(struct telling *t, const struct told_alert *alert, size_t step, int64_t *first_ms_r,
                   struct error *error)
{
	const struct routing_level *level = &t->routing->levels[alert->row.level];
	struct choose_rules rules = {&level->steps[step], level->quiet_kept, t->routing->quiet};
	struct contact_row *contacts;
	struct chosen *chosen;
	size_t count, n;
	bool *told;

	if (people_of(t, alert->warning.owner, &contacts, &count, error) == -1)
		return -1;
	if (count == 0)
		return 0;
	chosen = arena_take(t->arena, count * sizeof(*chosen));
	told = told_flags(t, alert, contacts, count, error);
	if (told == NULL || chosen == NULL)
		return chosen == NULL ? error_set(error, "no room for %zu contacts", count) : -1;
	n = choose_people(&rules, contacts, count, told, t->now_ms, chosen);
	*first_ms_r = INT64_MAX;
	for (size_t i = 0; i < n; i++) {
		const struct contact_row *contact = &contacts[chosen[i].contact];
		if (tell_person(t, alert, step, level->steps[step].first, contact, &chosen[i].at_ms, error) == -1)
			return -1;
		if (chosen[i].at_ms < *first_ms_r)
			*first_ms_r = chosen[i].at_ms;
		t->put->stand_ins += !has_role(&level->steps[step], contact->role);
	}
	return (int)n;
}
