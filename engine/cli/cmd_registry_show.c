/*
 * huqi registry show: what is registered of an enterprise, a centre, an account or an address, masked (I9). An address
 * is found by its keyed hash, so it need not be opened for the search.
 */
#include <stdio.h>

#include "base/ident.h"
#include "base/instant.h"
#include "base/utf8.h"
#include "cli/cli_store.h"
#include "cli/commands.h"
#include "cli/list_writer.h"
#include "registry/registry.h"

enum { ARENA_BYTES = 16 << 20, ACCOUNTS_SHOWN_MAX = 100, CELL_BYTES = 1024 };

struct showing {
	struct list_writer *writer;
	struct store *store;
	struct arena arena;
	size_t rows;
};

static void put(struct showing *s, const char *what, const char *value, const char *detail)
{
	list_row(s->writer, (const char *const[]){what, value, detail});
	s->rows++;
}

/* A text of the registry that is nobody's personal data; nothing where it is empty. */
static void put_text(struct showing *s, const char *what, struct slice text)
{
	char cell[CELL_BYTES];

	if (text.length == 0)
		return;
	snprintf(cell, sizeof(cell), "%.*s", SLICE_PRINT(utf8_cut(text, CELL_BYTES / 4 - 1)));
	put(s, what, cell, "");
}

/* ---- contacts ---- */

static void put_way(struct showing *s, const struct contact_row *c, const struct way_row *w)
{
	char masked[IDENT_MASKED_BYTES], what[80], detail[CELL_BYTES], verified[INSTANT_TEXT_BYTES] = "";

	if (w->verified_ms != 0)
		instant_format_date(instant_china_day(w->verified_ms), verified);
	snprintf(what, sizeof(what), "  %.*s", SLICE_PRINT(w->channel));
	if (w->disabled.length > 0 || c->disabled.length > 0)
		snprintf(detail, sizeof(detail), "disabled: %.*s", SLICE_PRINT(w->disabled.length > 0 ? w->disabled : c->disabled));
	else
		snprintf(detail, sizeof(detail), w->verified_ms != 0 ? "verified %s" : "waits for its code%s", verified);
	put(s, what, ident_mask_address(w->address, masked), detail);
}

static void put_contact(struct showing *s, const struct contact_row *c)
{
	char name[IDENT_MASKED_BYTES], stand_in[IDENT_MASKED_BYTES], detail[CELL_BYTES];
	int length = snprintf(detail, sizeof(detail), "%.*s, order %lld, %.*s", SLICE_PRINT(c->role), (long long)c->rank,
	                      SLICE_PRINT(c->language));

	if (c->quiet.length > 0)
		length += snprintf(detail + length, sizeof(detail) - (size_t)length, ", quiet %.*s", SLICE_PRINT(c->quiet));
	if (c->absent_from.length + c->absent_to.length > 0)
		length += snprintf(detail + length, sizeof(detail) - (size_t)length, ", absent %.*s to %.*s",
		                   SLICE_PRINT(c->absent_from), SLICE_PRINT(c->absent_to));
	if (c->stand_in.length > 0)
		length += snprintf(detail + length, sizeof(detail) - (size_t)length, ", stand-in %s",
		                   ident_mask_name(c->stand_in, stand_in));
	if (c->trained_on.length > 0)
		snprintf(detail + length, sizeof(detail) - (size_t)length, ", trained %.*s", SLICE_PRINT(c->trained_on));
	put(s, "contact", ident_mask_name(c->name, name), detail);
	for (size_t i = 0; i < c->way_count; i++)
		put_way(s, c, &c->ways[i]);
}

static int show_contacts(struct showing *s, struct slice owner, struct error *error)
{
	struct contact_row *rows;
	size_t count;

	if (store_contacts_all(s->store, owner, &s->arena, &rows, &count, error) == -1)
		return -1;
	for (size_t i = 0; i < count; i++)
		put_contact(s, &rows[i]);
	return 0;
}

/* ---- enterprises ---- */

static int show_accounts(struct showing *s, struct slice uscc, struct error *error)
{
	struct account_row *rows;
	size_t count;
	char masked[IDENT_MASKED_BYTES], bank[32];

	if (store_accounts_of(s->store, uscc, ACCOUNTS_SHOWN_MAX, &s->arena, &rows, &count, error) == -1)
		return -1;
	for (size_t i = 0; i < count; i++) {
		snprintf(bank, sizeof(bank), "%.*s", SLICE_PRINT(rows[i].bank));
		put(s, "account", ident_mask_account(rows[i].account, masked), bank);
	}
	if (count == ACCOUNTS_SHOWN_MAX)
		put(s, "account", "…", "further ones are not shown");
	return 0;
}

static int show_enterprise(struct showing *s, const struct enterprise_row *e, struct error *error)
{
	char masked[IDENT_MASKED_BYTES];

	put_text(s, "enterprise", e->uscc);
	put_text(s, "name", e->name);
	put_text(s, "former names", e->former_names);
	put_text(s, "status", e->status);
	put_text(s, "industry", e->industry);
	put_text(s, "address", e->address);
	put_text(s, "registered on", e->registered_on);
	put_text(s, "jurisdiction", e->jurisdiction);
	if (e->legal_representative.length > 0)
		put(s, "legal representative", ident_mask_name(e->legal_representative, masked), "");
	return show_accounts(s, e->uscc, error) == -1 ? -1 : show_contacts(s, e->uscc, error);
}

static int show_uscc(struct showing *s, struct slice uscc, struct error *error)
{
	struct enterprise_row e;
	int found = store_enterprise_get(s->store, uscc, &s->arena, &e, error);

	return found == 1 ? show_enterprise(s, &e, error) : found;
}

static int show_centre(struct showing *s, struct slice code, struct error *error)
{
	struct jurisdiction_row row;
	struct slice at = code;
	int found = store_jurisdiction_get(s->store, at, &s->arena, &row, error);

	for (int depth = 0; found == 1 && depth < 16; depth++) {
		char value[CELL_BYTES], name[CELL_BYTES];
		snprintf(value, sizeof(value), "%.*s", SLICE_PRINT(row.code));
		snprintf(name, sizeof(name), "%.*s", SLICE_PRINT(row.name_zh));
		put(s, depth == 0 ? "jurisdiction" : "  in", value, name);
		if (row.parent.length == 0)
			break;
		found = store_jurisdiction_get(s->store, row.parent, &s->arena, &row, error);
	}
	return found == -1 || s->rows == 0 ? found : show_contacts(s, code, error);
}

/* ---- by what is known of them ---- */

static int show_account(struct showing *s, struct slice account, struct error *error)
{
	struct account_row *rows;
	size_t count;

	if (store_accounts_numbered(s->store, account, ACCOUNTS_SHOWN_MAX, &s->arena, &rows, &count, error) == -1)
		return -1;
	for (size_t i = 0; i < count; i++) /* the number at another bank is mostly the same enterprise's */
		if ((i == 0 || !slice_equal(rows[i].uscc, rows[i - 1].uscc)) && show_uscc(s, rows[i].uscc, error) == -1)
			return -1;
	return 0;
}

static int show_address(struct showing *s, struct slice address, struct error *error)
{
	struct contact_row *rows;
	size_t count;

	if (store_ways_at(s->store, address, &s->arena, &rows, &count, error) == -1)
		return -1;
	for (size_t i = 0; i < count; i++) {
		put_text(s, rows[i].owner.length == IDENT_DIVISION_LENGTH ? "centre" : "enterprise", rows[i].owner);
		put_contact(s, &rows[i]);
	}
	return 0;
}

static int show_named(struct showing *s, struct slice name, struct error *error)
{
	struct enterprise_row e;
	int found = store_enterprise_named(s->store, name, &s->arena, &e, error);

	return found == 1 ? show_enterprise(s, &e, error) : found;
}

/* The first that finds something. */
static int show(struct showing *s, struct slice what, struct error *error)
{
	static int (*const ways[])(struct showing *, struct slice, struct error *) = {show_uscc, show_centre, show_account,
	                                                                             show_address, show_named};
	char masked[IDENT_MASKED_BYTES];

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]) && s->rows == 0; i++)
		if (ways[i](s, what, error) == -1)
			return -1;
	if (s->rows > 0)
		return 0;
	return error_set(error, "nothing is registered as %s: expected a USCC, a division code, an account, an address, or "
	                        "an enterprise's name", ident_mask_value(what, masked));
}

static int open_and_show(const struct settings *settings, const char *what, struct list_writer *w)
{
	struct showing s = {.writer = w};
	int result = cli_store_reader(settings, &s.store, &w->error);

	if (result == -1)
		return -1;
	arena_init(&s.arena, ARENA_BYTES);
	result = show(&s, slice_trim(slice_of(what)), &w->error);
	arena_deinit(&s.arena);
	store_close(&s.store);
	return result;
}

static int run_show(int argc, char **argv)
{
	const char *path = NULL;
	struct cli_list sets = {.count = 0}, rest = {.count = 0};
	struct list_writer w = {0};
	const struct cli_option options[] = {
		CLI_TEXT("settings", "FILE", &path, "settings; the built-in defaults without"),
		CLI_LIST("set", "S.KEY=VALUE", &sets, "overrides a setting"),
		CLI_FLAG("json", &w.json, "JSON for programs"),
		CLI_OPTIONS_END,
	};
	struct settings settings;
	int result = cli_parse(&command_registry_show, argc, argv, options, &rest);

	if (result != 0)
		return result - 1;
	if (rest.count != 1)
		return cli_usage(&command_registry_show, "name one enterprise, centre, account or address");
	if (cli_settings(path, &sets, &settings, &w.error) == -1)
		return cli_fail(&w.error);
	list_begin(&w);
	list_columns(&w, (const char *const[]){"what", "value", "detail", NULL});
	w.failed = open_and_show(&settings, rest.items[0], &w) == -1;
	settings_free(&settings);
	return list_end(&w);
}

const struct cli_command command_registry_show = {
	"registry show",
	"ENTERPRISE|ACCOUNT|ADDRESS",
	"Shows what is registered of an enterprise, a centre, an account, a phone number or an address, masked",
	run_show,
};
