/*
 * Facts of enterprises: found by USCC, by bank and account, or by name; counted by address.
 */
#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/tx.h"
#include "fold/fold.h"
#include "reference/address.h"
#include "reference/reference_private.h"

enum {
	STAFF_BYTES_MAX = 256 << 10,
	ADDRESS_KEY_BYTES_LEAST = 6, /* two characters: less, such as what 海滨市城东区 leaves, is no address */
	CITY_DIGITS = 4, /* of a jurisdiction */
};

static struct slice empty(void)
{
	return (struct slice){"", 0};
}

/* ---- staff: names in one text ---- */

/* The length of a separator of names at text[at], 0: none. */
static uint32_t separator_at(struct slice text, uint32_t at)
{
	static const char *const separators[] = {";", "；", "、", ",", "，", "|", "/", "\n", "\r", "\t"};

	for (size_t i = 0; i < sizeof(separators) / sizeof(separators[0]); i++) {
		uint32_t length = (uint32_t)strlen(separators[i]);
		if (text.length - at >= length && memcmp(text.at + at, separators[i], length) == 0)
			return length;
	}
	return 0;
}

/* "\n张三\n李四\n": each folded, so that one search for "\n张三\n" tells. */
static struct slice keep_staff(struct reference *reference, struct slice staff)
{
	char *out = malloc(STAFF_BYTES_MAX);
	size_t length = 1;
	struct slice kept;

	if (out == NULL)
		die("out of memory: an enterprise's staff");
	out[0] = '\n';
	for (uint32_t from = 0, to; from < staff.length; from = to + separator_at(staff, to)) {
		ptrdiff_t folded;
		for (to = from; to < staff.length && separator_at(staff, to) == 0; to++)
			;
		folded = fold_text(staff.at + from, to - from, out + length, STAFF_BYTES_MAX - length - 1);
		if (folded <= 0)
			continue;
		length += (size_t)folded;
		out[length++] = '\n';
	}
	kept = length > 1 ? reference_keep(reference, (struct slice){out, (uint32_t)length}) : empty();
	free(out);
	return kept;
}

/* ---- adding ---- */

int reference_add_enterprise(struct reference *reference, const struct reference_enterprise *given,
                             struct error *error)
{
	struct reference_enterprise own = *given;

	if (reference->enterprise_count == REFERENCE_ENTERPRISES_MAX)
		return error_set(error, "there are more than %d enterprises", REFERENCE_ENTERPRISES_MAX);
	own.uscc = reference_keep(reference, given->uscc);
	own.name = reference_keep(reference, given->name);
	own.industry = reference_keep_repeated(reference, given->industry);
	own.scope = reference_keep(reference, given->scope);
	own.address = reference_keep(reference, given->address);
	own.legal_representative = reference_keep(reference, given->legal_representative);
	own.jurisdiction = reference_keep_repeated(reference, given->jurisdiction);
	own.folded.name = reference_keep_folded(reference, given->name);
	own.folded.industry = reference_keep_folded(reference, given->industry);
	own.folded.scope = reference_keep_folded(reference, given->scope);
	own.folded.address = reference_keep_folded(reference, given->address);
	own.folded.legal_representative = reference_keep_folded(reference, given->legal_representative);
	own.staff = given->staff.length > 0 ? keep_staff(reference, given->staff) : empty();
	memset(own.near, 0, sizeof(own.near));
	reference->enterprises = reference_room(reference->enterprises, reference->enterprise_count,
	                                        &reference->enterprise_capacity, sizeof(own));
	reference->enterprises[reference->enterprise_count++] = own;
	return 0;
}

int reference_add_account(struct reference *reference, struct slice bank, struct slice account,
                          struct slice uscc, struct error *error)
{
	if (reference->account_count == REFERENCE_ACCOUNTS_MAX)
		return error_set(error, "there are more than %d accounts", REFERENCE_ACCOUNTS_MAX);
	reference->accounts = reference_room(reference->accounts, reference->account_count,
	                                     &reference->account_capacity, sizeof(*reference->accounts));
	reference->accounts[reference->account_count++] = (struct reference_account){
		.bank = reference_keep_repeated(reference, bank), .account = reference_keep(reference, account),
		.uscc = reference_keep(reference, uscc)};
	return 0;
}

/* ---- the indexes ---- */

static uint64_t hash_of(struct slice text)
{
	return XXH3_64bits(text.at, text.length);
}

static uint64_t hash_of_account(const struct reference_account *account)
{
	return XXH3_64bits_withSeed(account->account.at, account->account.length, hash_of(account->bank));
}

static bool is_enterprise(const void *items, uint32_t number, const void *uscc)
{
	return slice_equal(((const struct reference_enterprise *)items)[number].uscc, *(const struct slice *)uscc);
}

static bool is_named(const void *items, uint32_t number, const void *name)
{
	return slice_equal(((const struct reference_enterprise *)items)[number].folded.name, *(const struct slice *)name);
}

static bool is_account(const void *items, uint32_t number, const void *wanted)
{
	const struct reference_account *account = (const struct reference_account *)items + number, *key = wanted;

	return slice_equal(account->account, key->account) && slice_equal(account->bank, key->bank);
}

/* The number of an enterprise + 1; 0: none. */
static uint32_t find_uscc(const struct reference *reference, struct slice uscc)
{
	if (uscc.length == 0)
		return 0;
	return index_find(&reference->by_uscc, hash_of(uscc), is_enterprise, reference->enterprises, &uscc);
}

/* What comes later replaces what was there. */
static void index_enterprises(struct reference *r)
{
	size_t kept = 0;

	index_init(&r->by_uscc, r->enterprise_count);
	for (size_t i = 0; i < r->enterprise_count; i++) {
		uint32_t there = find_uscc(r, r->enterprises[i].uscc);
		if (there == 0)
			index_put(&r->by_uscc, hash_of(r->enterprises[i].uscc), (uint32_t)kept);
		r->enterprises[there > 0 ? there - 1 : kept++] = r->enterprises[i];
	}
	r->enterprise_count = kept;
}

/* The first of a name stands for all who share it. */
static void index_names(struct reference *r)
{
	index_init(&r->by_name, r->enterprise_count);
	for (size_t i = 0; i < r->enterprise_count; i++) {
		const struct slice *name = &r->enterprises[i].folded.name;
		uint32_t there = index_find(&r->by_name, hash_of(*name), is_named, r->enterprises, name);
		r->enterprises[i].shares_name = false;
		if (there > 0)
			r->enterprises[there - 1].shares_name = true;
		else if (name->length > 0)
			index_put(&r->by_name, hash_of(*name), (uint32_t)i);
	}
}

static void index_accounts(struct reference *r)
{
	size_t kept = 0;

	index_init(&r->by_account, r->account_count);
	for (size_t i = 0; i < r->account_count; i++) {
		struct reference_account account = r->accounts[i];
		uint64_t hash = hash_of_account(&account);
		uint32_t there = index_find(&r->by_account, hash, is_account, r->accounts, &account);
		account.enterprise = find_uscc(r, account.uscc);
		if (there == 0)
			index_put(&r->by_account, hash, (uint32_t)kept);
		r->accounts[there > 0 ? there - 1 : kept++] = account;
	}
	r->account_count = kept;
}

/* ---- addresses ---- */

static struct slice city_of(const struct reference_enterprise *e)
{
	return (struct slice){e->jurisdiction.at, e->jurisdiction.length < CITY_DIGITS ? e->jurisdiction.length : CITY_DIGITS};
}

/* The key has lost the city, and every city has its 人民路1号. */
static int by_place(const struct reference_enterprise *x, const struct reference_enterprise *y, enum reference_near near)
{
	int order = slice_compare(x->near[near].key, y->near[near].key);

	return order != 0 ? order : slice_compare(city_of(x), city_of(y));
}

static int by_near(const struct reference_enterprise *x, const struct reference_enterprise *y, enum reference_near near)
{
	int order = by_place(x, y, near);

	return order != 0 ? order : (x->registered_day > y->registered_day) - (x->registered_day < y->registered_day);
}

static int by_address(const void *a, const void *b)
{
	return by_near(*(struct reference_enterprise *const *)a, *(struct reference_enterprise *const *)b,
	               REFERENCE_SAME_ADDRESS);
}

static int by_floor(const void *a, const void *b)
{
	return by_near(*(struct reference_enterprise *const *)a, *(struct reference_enterprise *const *)b,
	               REFERENCE_SAME_FLOOR);
}

/* Marks a run of one place: `sorted[from, to)`. */
static void mark_near(struct reference_enterprise **sorted, size_t from, size_t to, enum reference_near near)
{
	bool known = sorted[from]->near[near].key.length >= ADDRESS_KEY_BYTES_LEAST;

	for (size_t i = from; i < to; i++) {
		sorted[i]->near[near].count = known ? (uint32_t)(to - from) : 0;
		sorted[i]->near[near].first = (uint32_t)from;
	}
}

static void count_near(struct reference *r, struct reference_enterprise **sorted, enum reference_near near)
{
	size_t from = 0;

	qsort(sorted, r->enterprise_count, sizeof(struct reference_enterprise *),
	      near == REFERENCE_SAME_ADDRESS ? by_address : by_floor);
	r->near_days[near] = calloc(r->enterprise_count + 1, sizeof(*r->near_days[near]));
	if (r->near_days[near] == NULL)
		die("out of memory: addresses of enterprises");
	for (size_t i = 0; i < r->enterprise_count; i++) {
		r->near_days[near][i] = sorted[i]->registered_day;
		if (i + 1 == r->enterprise_count ||
		    by_place(sorted[i], sorted[i + 1], near) != 0) {
			mark_near(sorted, from, i + 1, near);
			from = i + 1;
		}
	}
}

static void count_addresses(struct reference *r)
{
	struct reference_enterprise **sorted = calloc(r->enterprise_count + 1,
	                                              sizeof(struct reference_enterprise *));

	if (sorted == NULL)
		die("out of memory: addresses of enterprises");
	for (size_t i = 0; i < r->enterprise_count; i++) {
		struct address_keys keys = address_keys(r->enterprises[i].address, r->enterprises[i].folded.address);
		sorted[i] = &r->enterprises[i];
		sorted[i]->near[REFERENCE_SAME_ADDRESS].key = keys.room;
		sorted[i]->near[REFERENCE_SAME_FLOOR].key = keys.floor;
	}
	count_near(r, sorted, REFERENCE_SAME_ADDRESS);
	count_near(r, sorted, REFERENCE_SAME_FLOOR);
	free(sorted);
}

void reference_finish_enterprises(struct reference *reference)
{
	index_enterprises(reference);
	index_names(reference);
	index_accounts(reference);
	count_addresses(reference);
}

/* ---- asking ---- */

const struct reference_enterprise *reference_enterprise(const struct reference *reference, struct slice uscc,
                                                        struct slice bank, struct slice account)
{
	struct reference_account key = {.bank = bank, .account = account};
	uint32_t number = find_uscc(reference, uscc), there;

	if (number == 0 && account.length > 0) {
		there = index_find(&reference->by_account, hash_of_account(&key), is_account, reference->accounts, &key);
		number = there > 0 ? reference->accounts[there - 1].enterprise : 0;
	}
	return number > 0 ? &reference->enterprises[number - 1] : NULL;
}

const struct reference_enterprise *reference_party(const struct reference *reference, struct slice bank,
                                                   struct slice account, struct slice folded_name)
{
	const struct reference_enterprise *known = reference_enterprise(reference, (struct slice){NULL, 0}, bank, account);
	uint32_t number;

	if (known != NULL || folded_name.length == 0)
		return known;
	number = index_find(&reference->by_name, hash_of(folded_name), is_named, reference->enterprises, &folded_name);
	return number > 0 && !reference->enterprises[number - 1].shares_name ? &reference->enterprises[number - 1] : NULL;
}

/* How many of `count` ascending days come before `day`. */
static uint32_t days_before(const int32_t *days, uint32_t count, int64_t day)
{
	uint32_t from = 0, to = count;

	while (from < to) {
		uint32_t middle = (from + to) / 2;
		if (days[middle] < day)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

uint32_t reference_neighbours(const struct reference *reference, const struct reference_enterprise *enterprise,
                              enum reference_near near, int32_t from_day, int32_t to_day)
{
	const int32_t *days = reference->near_days[near] + enterprise->near[near].first;
	uint32_t count = enterprise->near[near].count;

	if (from_day == TX_DAY_ABSENT)
		from_day++; /* which sorts first and means unknown */
	if (from_day > to_day)
		return 0;
	return days_before(days, count, (int64_t)to_day + 1) - days_before(days, count, from_day);
}
