/*
 * The sample registry of a simulated population: four CSV files (RFC 4180) that `huqi registry import` reads.
 *
 * enterprises  uscc,name,industry,scope,address,registered_on,legal_representative,jurisdiction
 * accounts     bank,account,uscc,name,opened_on
 * contacts     uscc,name,role,order,language,channel,address,secret
 * jurisdictions  code,parent,name_zh,name_en
 */
#include "simulate/simulate.h"

#include <errno.h>
#include <stdio.h>

#include "base/instant.h"
#include "simulate/random.h"
#include "simulate/world.h"

enum { PATH_BYTES = 4096, ADDRESS_BYTES = 96 };

/* One file being written; a failure is seen at its end. */
struct sheet {
	FILE *file;
	char path[PATH_BYTES];
	bool begun; /* a field stands in the line already */
};

static int sheet_open(struct sheet *sheet, const char *dir, const char *name, const char *head,
                      struct error *error)
{
	sheet->begun = false;
	if (snprintf(sheet->path, sizeof(sheet->path), "%s/%s", dir, name) >= (int)sizeof(sheet->path))
		return error_set(error, "%s/%s: the path is too long", dir, name);
	sheet->file = fopen(sheet->path, "wb");
	if (sheet->file == NULL)
		return error_set(error, "%s: cannot be written: %s", sheet->path, strerror(errno));
	fprintf(sheet->file, "%s\n", head);
	return 0;
}

static int sheet_close(struct sheet *sheet, struct error *error)
{
	bool failed = ferror(sheet->file) != 0;

	if (fclose(sheet->file) != 0 || failed)
		return error_set(error, "%s: could not be written whole: %s", sheet->path, strerror(errno));
	return 0;
}

static void field(struct sheet *sheet, const char *text)
{
	if (sheet->begun)
		fputc(',', sheet->file);
	sheet->begun = true;
	if (strpbrk(text, ",\"\r\n") == NULL) {
		fputs(text, sheet->file);
		return;
	}
	fputc('"', sheet->file);
	for (; *text != '\0'; text++) {
		if (*text == '"')
			fputc('"', sheet->file);
		fputc(*text, sheet->file);
	}
	fputc('"', sheet->file);
}

static void line_end(struct sheet *sheet)
{
	fputc('\n', sheet->file);
	sheet->begun = false;
}

static void number_field(struct sheet *sheet, int number)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", number);
	field(sheet, text);
}

static void date_field(struct sheet *sheet, int32_t day)
{
	char text[INSTANT_TEXT_BYTES];

	instant_format_date(day, text);
	field(sheet, text);
}

static void write_enterprise(struct sheet *sheet, const struct enterprise *e)
{
	char address_bytes[POPULATION_ADDRESS_BYTES];
	struct put address = put_begin(address_bytes, sizeof(address_bytes));

	field(sheet, e->uscc);
	field(sheet, e->name);
	field(sheet, trades[e->trade].industry);
	field(sheet, trades[e->trade].scope);
	population_address(e, &address);
	field(sheet, put_end(&address).at);
	date_field(sheet, e->registered_day);
	field(sheet, e->owner);
	number_field(sheet, districts[e->district].division);
	line_end(sheet);
}

static void write_account(struct sheet *sheet, const struct population *p, const struct enterprise *e)
{
	field(sheet, p->banks[e->bank]);
	field(sheet, e->account);
	field(sheet, e->uscc);
	field(sheet, e->name);
	date_field(sheet, e->opened_day);
	line_end(sheet);
}

/* The address is followed by "/<uscc>-<order>" so that each contact has its own and a receiver can tell
 * them apart. */
static void write_contact(struct sheet *sheet, const struct simulate_contact *contact,
                          const struct enterprise *e, int order, const char *role, const char *name)
{
	char address[ADDRESS_BYTES * 4];

	snprintf(address, sizeof(address), "%s/%s-%d", contact->address, e->uscc, order);
	field(sheet, e->uscc);
	field(sheet, name);
	field(sheet, role);
	number_field(sheet, order);
	field(sheet, random_mix(e->seed, 'l') % 20 == 0 ? "en" : "zh");
	field(sheet, contact->channel);
	field(sheet, address);
	field(sheet, contact->secret);
	line_end(sheet);
}

/* Finance first, then who owns the firm. */
static void write_contacts(struct sheet *sheet, const struct simulate_contact *contact,
                           const struct enterprise *e)
{
	char name[NAMES_PERSON_BYTES];
	struct put p = put_begin(name, sizeof(name));

	names_person(random_mix(e->seed, 'f'), &p);
	write_contact(sheet, contact, e, 1, random_mix(e->seed, 'r') % 3 == 0 ? "cashier" : "finance_lead", name);
	write_contact(sheet, contact, e, 2, "owner", e->owner);
}

static void write_jurisdictions(struct sheet *sheet)
{
	fprintf(sheet->file, "%d,,%s市,%s\n", places[PLACE_359900].division, places[PLACE_359900].name,
	        "Yunqiao City");
	for (int i = 0; i < DISTRICT_COUNT; i++)
		fprintf(sheet->file, "%d,%d,%s,%s\n", districts[i].division, places[PLACE_359900].division,
		        districts[i].name_zh, districts[i].name_en);
}

enum sheet_kind { SHEET_ENTERPRISES, SHEET_ACCOUNTS, SHEET_CONTACTS, SHEET_JURISDICTIONS, SHEET_COUNT };

static const char *const sheets[SHEET_COUNT][2] = {
	[SHEET_ENTERPRISES] = {"enterprises.csv",
	                       "uscc,name,industry,scope,address,registered_on,legal_representative,jurisdiction"},
	[SHEET_ACCOUNTS] = {"accounts.csv", "bank,account,uscc,name,opened_on"},
	[SHEET_CONTACTS] = {"contacts.csv", "uscc,name,role,order,language,channel,address,secret"},
	[SHEET_JURISDICTIONS] = {"jurisdictions.csv", "code,parent,name_zh,name_en"},
};

static void write_rows(struct sheet *sheet, enum sheet_kind kind, const struct population *p,
                       const struct simulate_contact *contact)
{
	if (kind == SHEET_JURISDICTIONS) {
		write_jurisdictions(sheet);
		return;
	}
	for (uint32_t i = 0; i < p->count; i++) {
		const struct enterprise *e = &p->items[i];
		if (kind == SHEET_ENTERPRISES)
			write_enterprise(sheet, e);
		else if (kind == SHEET_ACCOUNTS)
			write_account(sheet, p, e);
		else if (contact != NULL)
			write_contacts(sheet, contact, e);
	}
}

int simulate_registry_write(const struct simulation *simulation, const struct simulate_contact *contact,
                            const char *dir, struct error *error)
{
	for (int kind = 0; kind < SHEET_COUNT; kind++) {
		struct sheet sheet;
		if (sheet_open(&sheet, dir, sheets[kind][0], sheets[kind][1], error) == -1)
			return -1;
		write_rows(&sheet, (enum sheet_kind)kind, &simulation->population, contact);
		if (sheet_close(&sheet, error) == -1)
			return -1;
	}
	return 0;
}
