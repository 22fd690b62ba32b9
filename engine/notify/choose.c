#include "notify/choose.h"

#include "base/instant.h"

enum { MINUTES_A_DAY = 24 * 60 };

int64_t choose_quiet_end(const struct routing_quiet *quiet, int64_t now_ms)
{
	int64_t in_day = (now_ms + INSTANT_CHINA_MS) % INSTANT_DAY_MS, midnight_ms = now_ms - in_day;
	int64_t from = quiet->from * INSTANT_MINUTE_MS, to = quiet->to * INSTANT_MINUTE_MS;

	if (from == to)
		return now_ms;
	if (from < to)
		return in_day >= from && in_day < to ? midnight_ms + to : now_ms;
	if (in_day >= from)
		return midnight_ms + INSTANT_DAY_MS + to;
	return in_day < to ? midnight_ms + to : now_ms;
}

static int64_t reached_at(const struct choose_rules *rules, const struct contact_row *contact, int64_t now_ms)
{
	struct routing_quiet own;

	if (!rules->quiet_kept)
		return now_ms;
	/* What the registry would not have taken counts as none given. */
	if (contact->quiet.length == 0 || !routing_quiet_parse(contact->quiet, &own))
		own = rules->quiet;
	return choose_quiet_end(&own, now_ms);
}

/* Both days count; without a last one he is away until it is said. */
static bool is_absent(const struct contact_row *contact, int64_t at_ms)
{
	int32_t from, to, day = instant_china_day(at_ms);

	if (!instant_parse_date(contact->absent_from, &from) || day < from)
		return false;
	return !instant_parse_date(contact->absent_to, &to) || day <= to;
}

static size_t by_name(const struct contact_row *contacts, size_t count, struct slice name)
{
	for (size_t i = 0; name.length > 0 && i < count; i++)
		if (slice_equal(contacts[i].name, name))
			return i;
	return count;
}

/* A circle of stand-ins who are all away ends at the bound. */
size_t choose_present(const struct contact_row *contacts, size_t count, size_t contact, int64_t at_ms)
{
	for (int i = 0; contact < count && i <= CHOOSE_STAND_INS_MAX; i++) {
		if (!is_absent(&contacts[contact], at_ms))
			return contact;
		contact = by_name(contacts, count, contacts[contact].stand_in);
	}
	return count;
}

struct choosing {
	const struct choose_rules *rules;
	const struct contact_row *contacts;
	size_t count;
	const bool *told;
	int64_t now_ms;
	struct chosen *chosen;
	size_t chosen_count, missing; /* missing: for whom the next by rank is to be found */
};

static bool is_chosen(const struct choosing *c, size_t contact)
{
	for (size_t i = 0; i < c->chosen_count; i++)
		if (c->chosen[i].contact == contact)
			return true;
	return false;
}

static void take(struct choosing *c, size_t contact)
{
	if (!c->told[contact] && !is_chosen(c, contact))
		c->chosen[c->chosen_count++] =
			(struct chosen){contact, reached_at(c->rules, &c->contacts[contact], c->now_ms)};
}

static void take_role(struct choosing *c, const char *role)
{
	bool any = false;

	for (size_t i = 0; i < c->count; i++) {
		size_t there;
		if (!slice_is(c->contacts[i].role, role))
			continue;
		any = true;
		/* Whether he is there matters when he would read it. */
		there = choose_present(c->contacts, c->count, i, reached_at(c->rules, &c->contacts[i], c->now_ms));
		if (there < c->count)
			take(c, there);
		else
			c->missing++;
	}
	c->missing += !any;
}

static void take_next(struct choosing *c)
{
	for (size_t i = 0; i < c->count; i++)
		if (!c->told[i] && !is_chosen(c, i) &&
		    !is_absent(&c->contacts[i], reached_at(c->rules, &c->contacts[i], c->now_ms))) {
			take(c, i);
			return;
		}
}

size_t choose_people(const struct choose_rules *rules, const struct contact_row *contacts, size_t count,
                     const bool *told, int64_t now_ms, struct chosen *chosen_r)
{
	struct choosing c = {.rules = rules, .contacts = contacts, .count = count, .told = told, .now_ms = now_ms,
	                     .chosen = chosen_r};

	for (int i = 0; i < rules->step->role_count; i++)
		take_role(&c, routing_roles[rules->step->roles[i]]);
	for (size_t i = 0; i < c.missing; i++)
		take_next(&c);
	return c.chosen_count;
}
