#include "base/ident.h"
#include "registry/registry.h"

enum { BANK_CITY_AT = 3, BANK_CITY_LENGTH = 4, JURISDICTION_DEPTH_MAX = 8 };

int registry_enterprise_of(struct store *store, struct slice bank, struct slice account, struct slice tx_enterprise,
                           struct arena *arena, struct enterprise_row *row_r, struct error *error)
{
	struct account_row registered;
	int found = store_account_get(store, bank, account, arena, &registered, error);

	if (found == -1)
		return -1;
	if (found == 1 && (found = store_enterprise_get(store, registered.uscc, arena, row_r, error)) != 0)
		return found;
	return tx_enterprise.length > 0 ? store_enterprise_get(store, tx_enterprise, arena, row_r, error) : 0;
}

int registry_jurisdiction_of(struct store *store, const struct enterprise_row *enterprise, struct slice bank,
                             struct arena *arena, struct slice *code_r, struct error *error)
{
	struct jurisdiction_row row;
	int found;

	*code_r = (struct slice){0};
	if (enterprise != NULL && enterprise->jurisdiction.length > 0) {
		*code_r = enterprise->jurisdiction;
		return 1;
	}
	if (!ident_bank_shaped(bank))
		return 0;
	found = store_jurisdiction_of_city(store, (struct slice){bank.at + BANK_CITY_AT, BANK_CITY_LENGTH}, arena, &row,
	                                   error);
	if (found == 1)
		*code_r = row.code;
	return found;
}

int registry_jurisdiction_parent(struct store *store, struct slice code, struct arena *arena, struct slice *parent_r,
                                 struct error *error)
{
	struct jurisdiction_row row;
	int found = store_jurisdiction_get(store, code, arena, &row, error);

	*parent_r = (struct slice){0};
	if (found != 1 || row.parent.length == 0)
		return found == -1 ? -1 : 0;
	*parent_r = row.parent;
	return 1;
}

bool registry_enterprise_open(const struct enterprise_row *enterprise)
{
	return !slice_is(enterprise->status, "closed");
}

int registry_contacts_of(struct store *store, struct slice owner, struct arena *arena, struct contact_row **rows_r,
                         size_t *count_r, struct error *error)
{
	return store_contacts_of(store, owner, arena, rows_r, count_r, error);
}

/*
 * From `code` upwards: the topmost that is no province is the city, and the one below it on the way the county. A
 * province has no call list of its own enterprises but where they belong to no city. A circle ends at the bound.
 */
static int climb(struct store *store, struct slice code, struct arena *arena, struct slice *county_r,
                 struct slice *city_r, struct error *error)
{
	struct jurisdiction_row row;

	*county_r = *city_r = code;
	for (int i = 0; i < JURISDICTION_DEPTH_MAX && code.length > 0; i++) {
		int found = store_jurisdiction_get(store, code, arena, &row, error);
		if (found == -1)
			return -1;
		if (found == 0)
			return 0; /* the one below names a parent that is not registered: it is the topmost */
		if (i > 0 && ident_division_is_province(code))
			return 0;
		*county_r = i == 0 ? code : *city_r;
		*city_r = code;
		code = row.parent;
	}
	return 0;
}

int registry_county_of(struct store *store, struct slice code, struct arena *arena, struct slice *code_r,
                       struct error *error)
{
	struct slice city;

	return climb(store, code, arena, code_r, &city, error);
}

int registry_city_of(struct store *store, struct slice code, struct arena *arena, struct slice *code_r,
                     struct error *error)
{
	struct slice county;

	return climb(store, code, arena, &county, code_r, error);
}
