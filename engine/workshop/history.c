#include "workshop/history.h"

#include <stdlib.h>

enum { HISTORY_TXS_MAX = 20000, HISTORY_BYTES_MAX = 256 << 20 };

/*
 * How each is made. The days are those before its end; in the last `quiet_days` nothing was booked. The seeds
 * give firms of middle size that know an owner, a landlord, staff, and whom their trade needs.
 */
static const struct plan {
	const char *kinds; /* of the simulator; the first is the account, the others its group */
	uint64_t seed;
	int days, quiet_days;
	bool bank_only; /* only what the bank itself books */
} plans[PATTERN_HISTORY_COUNT] = {
	[PATTERN_HISTORY_FACTORY] = {"factory", 103, 75, 0, false},
	[PATTERN_HISTORY_TRADER] = {"trader", 203, 75, 0, false},
	[PATTERN_HISTORY_BUILDER] = {"builder", 307, 75, 0, false},
	[PATTERN_HISTORY_RESTAURANT] = {"restaurant", 425, 75, 0, false},
	[PATTERN_HISTORY_CLINIC] = {"clinic", 502, 75, 0, false},
	[PATTERN_HISTORY_LOGISTICS] = {"logistics", 601, 75, 0, false},
	[PATTERN_HISTORY_SHOP] = {"shop", 709, 75, 0, false},
	[PATTERN_HISTORY_SOFTWARE] = {"software", 810, 75, 0, false},
	[PATTERN_HISTORY_WHOLESALER] = {"wholesaler,group", 900, 75, 0, false},
	[PATTERN_HISTORY_AGENCY] = {"agency", 1000, 75, 0, false},
	[PATTERN_HISTORY_GROUP] = {"group", 1104, 75, 0, false},
	[PATTERN_HISTORY_NEW_FIRM] = {"new_firm", 2408, 26, 0, false},
	[PATTERN_HISTORY_SLEEPER] = {"sleeper", 1301, 300, 0, true},
	[PATTERN_HISTORY_DORMANT] = {"trader", 1403, 275, 200, false},
};

/* What is collected while the simulation runs. */
struct collecting {
	struct history *history;
	const struct plan *plan;
	int64_t amounts[TX_CREDIT + 1][HISTORY_TXS_MAX];
	size_t amount_counts[TX_CREDIT + 1];
	size_t party_capacity;
};

static struct slice keep(struct history *h, struct slice text)
{
	return text.length > 0 ? arena_copy(&h->arena, text) : (struct slice){0};
}

static struct tx_party keep_party(struct history *h, const struct tx_party *party)
{
	return (struct tx_party){.account = keep(h, party->account), .name = keep(h, party->name),
	                          .bank = keep(h, party->bank), .country = keep(h, party->country),
	                          .kind = party->kind};
}

/* The transaction as a test's own account would have it. */
static struct tx keep_tx(struct history *h, const struct tx *tx)
{
	struct tx own = *tx;

	own.bank = h->enterprise.bank;
	own.account = slice_of(PATTERN_TEST_ACCOUNT);
	own.account_name = h->enterprise.name;
	own.enterprise = h->enterprise.uscc;
	own.id = keep(h, tx->id);
	own.counterparty = keep_party(h, &tx->counterparty);
	own.reverses = keep(h, tx->reverses);
	own.purpose = keep(h, tx->purpose);
	own.remark = keep(h, tx->remark);
	own.ip = keep(h, tx->ip);
	own.mac = keep(h, tx->mac);
	own.device = keep(h, tx->device);
	own.terminal = keep(h, tx->terminal);
	own.place = keep(h, tx->place);
	own.operator= keep(h, tx->operator);
	return own;
}

static uint8_t role_of(const char *met)
{
	uint8_t role = 0;

	while (role < PATTERN_ROLE_COUNT && strcmp(met, pattern_role_names[role]) != 0)
		role++;
	return role;
}

static void meet(struct collecting *c, const struct tx *own, uint8_t role)
{
	struct history *h = c->history;

	if (role == PATTERN_ROLE_COUNT || own->counterparty.account.length == 0)
		return;
	for (size_t i = 0; i < h->party_count; i++)
		if (h->parties[i].role == role &&
		    slice_equal(h->parties[i].party.account, own->counterparty.account)) {
			h->parties[i].met++;
			return;
		}
	if (h->party_count == c->party_capacity) {
		struct history_party *more;
		c->party_capacity = c->party_capacity > 0 ? c->party_capacity * 2 : 64;
		more = arena_take(&h->arena, c->party_capacity * sizeof(*more));
		if (h->party_count > 0)
			memcpy(more, h->parties, h->party_count * sizeof(*more));
		h->parties = more;
	}
	h->parties[h->party_count++] =
		(struct history_party){own->counterparty, role, 1, (uint32_t)h->tx_count};
}

static void take(struct collecting *c, const struct tx *tx, const char *met)
{
	struct history *h = c->history;
	struct tx *own = &h->txs[h->tx_count];

	if (c->plan->bank_only && tx->counterparty.kind != TX_BANK)
		return;
	*own = keep_tx(h, tx);
	meet(c, own, role_of(met));
	c->amounts[own->direction][c->amount_counts[own->direction]++] = own->amount_minor;
	h->balance_minor = own->balance_minor;
	if (own->channel == TX_ONLINE && own->direction == TX_DEBIT && slice_is(own->operator, "CZ01"))
		h->machine = *own;
	h->tx_count++;
}

static int by_amount(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static int by_role(const void *a, const void *b)
{
	const struct history_party *x = a, *y = b;

	if (x->role != y->role)
		return (int)x->role - (int)y->role;
	return x->met != y->met ? (x->met < y->met ? 1 : -1) : (x->first > y->first) - (x->first < y->first);
}

static void conclude(struct collecting *c)
{
	struct history *h = c->history;

	for (int d = TX_DEBIT; d <= TX_CREDIT; d++) {
		size_t n = c->amount_counts[d];
		if (n == 0)
			continue;
		qsort(c->amounts[d], n, sizeof(c->amounts[d][0]), by_amount);
		h->usual_minor[d] = c->amounts[d][(n - 1) / 2];
		h->large_minor[d] = c->amounts[d][(n - 1) * 95 / 100];
	}
	if (h->party_count > 0)
		qsort(h->parties, h->party_count, sizeof(*h->parties), by_role);
}

static void keep_enterprise(struct history *h, struct simulation *simulation)
{
	struct simulate_enterprise e;

	simulate_enterprise(simulation, 0, &e);
	h->enterprise = (struct simulate_enterprise){
		.bank = keep(h, e.bank), .account = keep(h, e.account), .name = keep(h, e.name),
		.uscc = keep(h, e.uscc), .industry = keep(h, e.industry), .scope = keep(h, e.scope),
		.address = keep(h, e.address), .legal_representative = keep(h, e.legal_representative),
		.opened_day = e.opened_day, .registered_day = e.registered_day,
	};
}

static void play(struct history *h, const struct plan *plan)
{
	struct simulate_options options;
	struct collecting *c = calloc(1, sizeof(*c));
	const struct simulate_label *label;
	struct simulation *simulation;
	struct error error;
	struct tx tx;

	simulate_options_init(&options);
	options.kinds = plan->kinds;
	options.enterprises = strchr(plan->kinds, ',') != NULL ? 2 : 1;
	options.seed = plan->seed;
	options.scenarios = "none";
	options.first_day = h->end_day - plan->days;
	options.days = plan->days - plan->quiet_days;
	if (c == NULL)
		die("out of memory: the history of a test");
	/* The options are this file's, so nothing of them can be wrong but the test's year. */
	if (simulate_new(&options, &simulation, &error) == -1)
		die("a test's history: %s", error.text);
	*c = (struct collecting){.history = h, .plan = plan};
	keep_enterprise(h, simulation);
	while (h->tx_count < HISTORY_TXS_MAX && simulate_next(simulation, &tx, &label) == 1)
		if (slice_equal(tx.account, h->enterprise.account))
			take(c, &tx, simulate_counterparty(simulation));
	conclude(c);
	simulate_free(&simulation);
	free(c);
}

const struct history *history_get(struct history_shelf *shelf, uint8_t kind, int32_t end_day)
{
	struct history *h;

	for (h = shelf->first; h != NULL; h = h->next)
		if (h->kind == kind && h->end_day == end_day)
			return h;
	h = calloc(1, sizeof(*h));
	if (h == NULL)
		die("out of memory: the history of a test");
	arena_init(&h->arena, HISTORY_BYTES_MAX);
	h->kind = kind;
	h->end_day = end_day;
	h->txs = arena_take(&h->arena, HISTORY_TXS_MAX * sizeof(*h->txs));
	play(h, &plans[kind]);
	if (arena_overflowed(&h->arena))
		die("a test's history is larger than %d bytes", HISTORY_BYTES_MAX);
	h->next = shelf->first;
	shelf->first = h;
	return h;
}

void history_shelf_free(struct history_shelf *shelf)
{
	for (struct history *h = shelf->first, *next; h != NULL; h = next) {
		next = h->next;
		arena_deinit(&h->arena);
		free(h);
	}
	shelf->first = NULL;
}

const struct history_party *history_party(const struct history *history, uint8_t role, unsigned number,
                                          unsigned *count_r)
{
	const struct history_party *found = NULL;

	*count_r = 0;
	for (size_t i = 0; i < history->party_count; i++)
		if (history->parties[i].role == role && ++*count_r == number)
			found = &history->parties[i];
	return found;
}
