#include "simulate/party.h"

#include "base/tx.h"
#include "simulate/random.h"

/* The share of new members and of known places among suppliers and customers. */
enum { NEW_PERCENT = 3, HOME_PERCENT = 62, NEAR_PERCENT = 18, BRANCHES = 40 };

/* Honest suppliers and employees change their bank too: so many of 1,000 in this many days. */
enum { MOVING_PERMILLE = 15, MOVING_DAYS = 60 };

/* Agencies and groups are few, and nobody's everyday supplier. */
#define ANY_KIND (~((UINT32_C(1) << KIND_AGENCY) | (UINT32_C(1) << KIND_GROUP)))

enum salt { SALT_NAME, SALT_ACCOUNT, SALT_BANK, SALT_PLACE, SALT_TRADE, SALT_MOVED, SALT_CLASS = 64 };

enum place party_place(uint64_t seed, uint32_t home_percent, uint32_t near_percent)
{
	struct random r = {seed};
	uint32_t kind = random_below(&r, 100), start = random_below(&r, PLACE_COUNT);

	if (kind < home_percent)
		return PLACE_359900;
	for (uint32_t i = 0; i < PLACE_COUNT; i++) {
		uint32_t at = (start + i) % PLACE_COUNT;
		if (at != PLACE_359900 && places[at].near == (kind < home_percent + near_percent))
			return (enum place)at;
	}
	return PLACE_359900;
}

uint32_t party_members(const struct enterprise *enterprise, enum party_class class)
{
	const struct kind_info *kind = &kinds[enterprise->kind];

	switch (class) {
	case PARTY_SUPPLIER: return kind->suppliers;
	case PARTY_CUSTOMER: return kind->customers;
	case PARTY_STAFF: return enterprise->staff;
	default: return party_infos[class].members;
	}
}

uint32_t party_draw_member(const struct enterprise *enterprise, enum party_class class, struct random *r)
{
	uint32_t members = party_members(enterprise, class), a, b;
	bool grows = class == PARTY_SUPPLIER || class == PARTY_CUSTOMER || class == PARTY_MERCHANT ||
	             class == PARTY_DRIVER;

	if (grows && random_percent(r, NEW_PERCENT))
		return PARTY_NEW + random_below(r, 1u << 30);
	a = random_below(r, members);
	b = random_below(r, members);
	return a < b ? a : b;
}

static void name_set(struct party *party, const struct put *p)
{
	party->name = put_end(p);
}

static void bank_set(struct party *party, uint64_t seed, enum place place)
{
	struct random r = {seed};
	int bank = (int)random_below(&r, SIMULATE_BANKS_MAX);

	numbers_bank(bank, place, (int)random_below(&r, BRANCHES) + 100, party->bank_bytes);
	party->bank = (struct slice){party->bank_bytes, NUMBERS_BANK_BYTES - 1};
}

static void account_set(struct party *party, uint64_t seed)
{
	int length = party->kind == TX_PERSON ? numbers_card(seed, party->account_bytes)
	                                      : numbers_account(seed, party->account_bytes);

	party->account = (struct slice){party->account_bytes, (uint32_t)length};
}

static void make_firm_name(uint64_t seed, enum place place, uint32_t of_kinds, struct party *party)
{
	struct put p = put_begin(party->name_bytes, sizeof(party->name_bytes));
	struct random r = {random_mix(seed, SALT_TRADE)};
	int trade;

	do
		trade = (int)random_below(&r, (uint64_t)trade_count);
	while ((of_kinds >> trades[trade].kind & 1) == 0);
	names_firm(random_mix(seed, SALT_NAME), place, &trades[trade], &p);
	name_set(party, &p);
}

static void make_person_name(uint64_t seed, struct party *party)
{
	struct put p = put_begin(party->name_bytes, sizeof(party->name_bytes));

	names_person(random_mix(seed, SALT_NAME), &p);
	name_set(party, &p);
}

/* "云桥市" + a word where there are several of them + what it is. */
static void make_text_name(const struct party_info *info, uint64_t seed, struct party *party)
{
	struct put p = put_begin(party->name_bytes, sizeof(party->name_bytes));

	if (info->maker == MAKE_TEXT) {
		put_text(&p, places[PLACE_359900].name);
		put_text(&p, "市");
		if (info->members > 1 || info->whose == WHOSE_OWN)
			names_word(random_mix(seed, SALT_NAME), &p);
	}
	put_text(&p, info->text);
	name_set(party, &p);
}

static void make_account(const struct population *population, uint32_t enterprise, struct party *party)
{
	const struct enterprise *e = &population->items[enterprise];

	party->enterprise = enterprise;
	party->name = slice_of(e->name);
	party->account = slice_of(e->account);
	party->bank = slice_of(population->banks[e->bank]);
}

static uint64_t party_seed(const struct population *population, const struct enterprise *e,
                           enum party_class class, uint32_t member)
{
	uint64_t owner = party_infos[class].whose == WHOSE_OWN    ? e->seed
	                 : party_infos[class].whose == WHOSE_BANK ? random_mix(population->seed, e->bank)
	                                                          : population->seed;

	return random_mix(random_mix(owner, SALT_CLASS + class), member);
}

/* Firms that pay each other within the population: only those that have a business and are open. */
static uint32_t peer_of(const struct population *population, uint32_t enterprise, uint64_t seed)
{
	uint32_t peer = (uint32_t)(seed % population->count);
	const struct enterprise *e = &population->items[peer];

	if (peer == enterprise || e->opened_day > population->first_day)
		return POPULATION_NOBODY;
	if (e->kind != KIND_FACTORY && e->kind != KIND_TRADER && e->kind != KIND_BUILDER &&
	    e->kind != KIND_LOGISTICS &&
	    e->kind != KIND_SOFTWARE)
		return POPULATION_NOBODY;
	return peer;
}

static void make_numbers(uint64_t seed, enum place place, struct party *party)
{
	account_set(party, random_mix(seed, SALT_ACCOUNT));
	bank_set(party, random_mix(seed, SALT_BANK), place);
}

static bool moved_account(const struct population *population, enum party_class class, uint64_t seed)
{
	struct random r = {random_mix(seed, SALT_MOVED)};

	if ((class != PARTY_SUPPLIER && class != PARTY_STAFF) || random_below(&r, 1000) >= MOVING_PERMILLE)
		return false;
	return population->today - population->first_day > (int32_t)random_below(&r, MOVING_DAYS);
}

void party_make(const struct population *population, uint32_t enterprise, enum party_class class,
                uint32_t member, struct party *party_r)
{
	const struct party_info *info = &party_infos[class];
	const struct enterprise *e = &population->items[enterprise];
	uint64_t seed = party_seed(population, e, class, member);
	enum place place = PLACE_359900;
	uint32_t other = class == PARTY_HEAD ? e->head : POPULATION_NOBODY;

	party_r->kind = info->kind;
	party_r->enterprise = POPULATION_NOBODY;
	party_r->name = party_r->account = party_r->bank = party_r->country = (struct slice){0};
	switch (info->maker) {
	case MAKE_NOBODY:
		return;
	case MAKE_ACCOUNT:
		other = class == PARTY_PEER ? peer_of(population, enterprise, seed) : other;
		if (other != POPULATION_NOBODY) {
			make_account(population, other, party_r);
			return;
		}
		make_firm_name(seed, place, kinds[e->kind].supplied_by, party_r);
		break;
	case MAKE_FIRM:
		place = party_place(random_mix(seed, SALT_PLACE), HOME_PERCENT, NEAR_PERCENT);
		make_firm_name(seed, place, class == PARTY_SUPPLIER ? kinds[e->kind].supplied_by : kinds[e->kind].sells_to,
		               party_r);
		break;
	case MAKE_OWNER:
		party_r->name = slice_of(e->owner);
		break;
	case MAKE_PERSON:
		make_person_name(seed, party_r);
		break;
	default:
		make_text_name(info, seed, party_r);
	}
	if (moved_account(population, class, seed))
		seed = random_mix(seed, SALT_MOVED);
	make_numbers(seed, place, party_r);
	if (info->whose == WHOSE_BANK)
		party_r->bank = slice_of(population->banks[e->bank]);
}

void party_make_stranger(uint64_t seed, uint8_t kind, enum place place, const char *country,
                         struct party *party_r)
{
	party_r->kind = kind;
	party_r->enterprise = POPULATION_NOBODY;
	party_r->country = slice_of(country);
	if (kind == TX_PERSON)
		make_person_name(seed, party_r);
	else
		make_firm_name(seed, place, ANY_KIND, party_r);
	make_numbers(seed, place, party_r);
}

void party_move_account(uint64_t seed, enum place place, struct party *party)
{
	party->enterprise = POPULATION_NOBODY;
	make_numbers(seed, place, party);
}
