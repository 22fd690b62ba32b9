/*
 * A row of contacts.csv becomes a person and a way to reach him.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/ident.h"
#include "base/instant.h"
#include "registry/import.h"

/* A row with what the store has of it, for the telling. */
struct contact_put {
	struct contact_row person, old_person;
	struct way_row way, old_way;
};

static int64_t date_ms(struct slice date)
{
	int32_t day;

	return instant_parse_date(date, &day) ? day * INSTANT_DAY_MS - INSTANT_CHINA_MS : 0;
}

/* Where a shared secret proves the receiver, the registration is its verification. */
static int64_t verified_ms(const struct registry_rows *rows, const struct registry_row *row)
{
	int64_t said_ms = date_ms(registry_value(rows, row, COLUMN_CONTACTS_VERIFIED));

	return said_ms != 0 || row->needs_code ? said_ms : clock_now_ms();
}

static void contact_of(const struct registry_rows *rows, const struct registry_row *row, struct contact_put *put_r)
{
	struct slice rank = registry_value(rows, row, COLUMN_CONTACTS_RANK);
	struct slice language = registry_value(rows, row, COLUMN_CONTACTS_LANGUAGE);

	*put_r = (struct contact_put){
		.person = {
			.owner = registry_value(rows, row, COLUMN_CONTACTS_OWNER),
			.name = registry_value(rows, row, COLUMN_CONTACTS_NAME),
			.role = registry_value(rows, row, COLUMN_CONTACTS_ROLE),
			.rank = rank.length > 0 ? atoi(rank.at) : rank.at != NULL ? 1 : 0,
			.language = language.at != NULL && language.length == 0 ? slice_of("zh") : language,
			.quiet = registry_value(rows, row, COLUMN_CONTACTS_QUIET),
			.absent_from = registry_value(rows, row, COLUMN_CONTACTS_ABSENT_FROM),
			.absent_to = registry_value(rows, row, COLUMN_CONTACTS_ABSENT_TO),
			.stand_in = registry_value(rows, row, COLUMN_CONTACTS_STAND_IN),
			.trained_on = registry_value(rows, row, COLUMN_CONTACTS_TRAINED),
		},
		.way = {
			.channel = registry_value(rows, row, COLUMN_CONTACTS_CHANNEL),
			.address = registry_value(rows, row, COLUMN_CONTACTS_ADDRESS),
			.secret = registry_value(rows, row, COLUMN_CONTACTS_SECRET),
			.disabled = registry_value(rows, row, COLUMN_CONTACTS_DISABLED),
			.verified_ms = verified_ms(rows, row),
		},
	};
}

/* ---- what the store says to it ---- */

static int check_owner(struct store *store, struct import_job *job, struct registry_rows *rows,
                       struct registry_row *row, struct slice owner, struct error *error)
{
	struct jurisdiction_row jurisdiction;
	struct enterprise_row enterprise;
	bool centre = owner.length == IDENT_DIVISION_LENGTH;
	int known = centre ? store_jurisdiction_get(store, owner, &job->scratch, &jurisdiction, error)
	                   : store_enterprise_get(store, owner, &job->scratch, &enterprise, error);

	if (known == 0)
		import_refuse(job, rows, row, COLUMN_CONTACTS_OWNER,
		              centre ? "no jurisdiction with this code, neither in jurisdictions.csv nor in the store"
		                     : "no enterprise with this code, neither in enterprises.csv nor in the store");
	return known;
}

/* I7: what a centre's duty is told must not arrive where an enterprise reads, nor the other way round. */
static int check_kinds(struct store *store, struct import_job *job, struct registry_rows *rows,
                       struct registry_row *row, const struct contact_put *put, struct error *error)
{
	int crosses = put->way.disabled.length > 0
	                      ? 0
	                      : store_way_crosses(store, put->person.owner, put->way.channel, put->way.address, error);

	if (crosses == 1)
		import_refuse(job, rows, row, COLUMN_CONTACTS_ADDRESS,
		              put->person.owner.length == IDENT_DIVISION_LENGTH
		                      ? "an enterprise has this address; a centre's must be its own"
		                      : "a centre has this address; an enterprise's must be its own");
	return crosses == -1 ? -1 : !crosses;
}

/* A stand-in whom nobody knows is set aside: it must not leave the person without warnings. */
static int check_stand_in(struct store *store, struct import_job *job, struct registry_rows *rows,
                          struct registry_row *row, struct contact_put *put, struct error *error)
{
	struct contact_row other;
	int known;

	if (put->person.stand_in.length == 0 || row->stand_in_here)
		return 1;
	known = store_contact_find(store, put->person.owner, put->person.stand_in, &job->scratch, &other, error);
	if (known == 0) {
		registry_issue_add(job->report, rows->file, row, COLUMN_CONTACTS_STAND_IN, false,
		                   "no contact of this name there; taken without it");
		put->person.stand_in = slice_of("");
	}
	return known == -1 ? -1 : 1;
}

/* 1 where it may be put, 0 where it was refused, -1. */
static int check(struct store *store, struct import_job *job, struct registry_rows *rows, struct registry_row *row,
                 struct contact_put *put, struct error *error)
{
	int result = check_owner(store, job, rows, row, put->person.owner, error);

	if (result == 1)
		result = check_kinds(store, job, rows, row, put, error);
	return result == 1 ? check_stand_in(store, job, rows, row, put, error) : result;
}

/* ---- telling ---- */

static struct slice number_text(struct arena *arena, int64_t number)
{
	return number == 0 ? (struct slice){0} : slice_of(arena_print(arena, "%lld", (long long)number));
}

static struct slice date_text(struct arena *arena, int64_t ms)
{
	char text[INSTANT_TEXT_BYTES];

	if (ms == 0)
		return slice_of("");
	instant_format_date(instant_china_day(ms), text);
	return arena_copy(arena, slice_of(text));
}

static void tell(struct import_job *job, const struct registry_rows *rows, const struct registry_row *row, int change,
                 const struct contact_put *put)
{
	const struct contact_row *old = &put->old_person, *new = &put->person;
	const struct way_row *was = &put->old_way, *is = &put->way;
	struct slice verified = was->verified_ms == 0 && is->verified_ms != 0 ? date_text(&job->scratch, is->verified_ms)
	                                                                       : (struct slice){0};
	const struct import_field fields[] = {
		{COLUMN_CONTACTS_OWNER, old->owner, new->owner},
		{COLUMN_CONTACTS_NAME, old->name, new->name},
		{COLUMN_CONTACTS_ROLE, old->role, new->role},
		{COLUMN_CONTACTS_RANK, number_text(&job->scratch, old->rank), number_text(&job->scratch, new->rank)},
		{COLUMN_CONTACTS_LANGUAGE, old->language, new->language},
		{COLUMN_CONTACTS_QUIET, old->quiet, new->quiet},
		{COLUMN_CONTACTS_ABSENT_FROM, old->absent_from, new->absent_from},
		{COLUMN_CONTACTS_ABSENT_TO, old->absent_to, new->absent_to},
		{COLUMN_CONTACTS_STAND_IN, old->stand_in, new->stand_in},
		{COLUMN_CONTACTS_TRAINED, old->trained_on, new->trained_on},
		{COLUMN_CONTACTS_CHANNEL, was->channel, is->channel},
		{COLUMN_CONTACTS_ADDRESS, was->address, is->address},
		{COLUMN_CONTACTS_SECRET, was->secret, is->secret},
		{COLUMN_CONTACTS_VERIFIED, slice_of(""), verified},
		{COLUMN_CONTACTS_DISABLED, was->disabled, is->disabled},
	};

	import_tell(job, rows, row, change, fields, sizeof(fields) / sizeof(fields[0]));
}

/* ---- putting ---- */

/* What the store had of it: the address's way with whose it was, else the person. */
static int read_old(struct store *store, struct import_job *job, struct contact_put *put, struct error *error)
{
	struct contact_row whose;
	int found = store_way_find(store, put->person.owner, put->way.channel, put->way.address, &job->scratch,
	                           &put->old_way, &whose, error);

	if (found == -1)
		return -1;
	found = store_contact_find(store, put->person.owner, put->person.name, &job->scratch, &put->old_person, error);
	if (put->old_way.id != 0 && whose.id != put->old_person.id)
		put->old_person = whose; /* the address moves: its person is what changes */
	return found == -1 ? -1 : 0;
}

/* Inserted is what has a new way. */
static int both(int person, int way)
{
	if (person == -1 || way == -1)
		return -1;
	return way == STORE_INSERTED ? STORE_INSERTED : person != STORE_UNCHANGED ? STORE_CHANGED : way;
}

/* Says which addresses are not used yet. Asked of the store after the put, since it may know of a verification. */
static int note_waiting(struct store *store, struct import_job *job, struct registry_rows *rows,
                        struct registry_row *row, int64_t id, struct error *error)
{
	char masked[IDENT_MASKED_BYTES], reason[COLUMN_REASON_BYTES];
	struct contact_row contact;
	struct way_row way;

	if (!row->needs_code)
		return 0;
	if (store_way_get(store, id, &job->scratch, &way, &contact, error) != 1)
		return -1;
	if (way.verified_ms != 0 || way.disabled.length > 0)
		return 0;
	snprintf(reason, sizeof(reason), "%s is not used before its code: `huqi registry verify` makes one",
	         ident_mask_address(way.address, masked));
	registry_issue_add(job->report, rows->file, row, COLUMN_CONTACTS_ADDRESS, false, reason);
	job->report->waiting++;
	return 0;
}

int import_put_contact(struct store *store, struct import_job *job, struct registry_rows *rows,
                       struct registry_row *row, struct error *error)
{
	struct contact_put put;
	int checked, change;

	contact_of(rows, row, &put);
	if ((checked = check(store, job, rows, row, &put, error)) != 1)
		return checked == -1 ? -1 : IMPORT_REFUSED;
	if (job->what->dry_run && read_old(store, job, &put, error) == -1)
		return -1;
	if ((change = store_contact_put(store, &put.person, &put.way.contact, error)) == -1)
		return -1;
	change = both(change, store_way_put(store, &put.way, &put.way.id, error));
	if (change == -1 || note_waiting(store, job, rows, row, put.way.id, error) == -1)
		return -1;
	tell(job, rows, row, change, &put);
	return change;
}
