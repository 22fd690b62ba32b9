#include "simulate/book.h"

#include <stdlib.h>

#include "base/instant.h"
#include "simulate/draw.h"

enum { OPERATORS = 3, CASHIER_PERCENT = 75, PHONE_ADDRESS_DAYS = 4 };
enum { PLAIN_WAGE_MINOR = 620000, FEWER_MINOR = 10000, ID_DIGITS = 7 };

void book_init(struct book *book, struct population *population, struct cast *cast)
{
	*book = (struct book){.population = population, .cast = cast, .met = ""};
	book->mirrors = malloc(MIRRORS_MAX * sizeof(*book->mirrors));
	if (book->mirrors == NULL)
		die("out of memory: transfers under way in the simulator");
}

void book_deinit(struct book *book)
{
	free(book->mirrors);
	book->mirrors = NULL;
}

void book_day(struct book *book, const struct calendar_day *today)
{
	book->today = today;
	memset(book->serials, 0, sizeof(book->serials));
}

/* "2026030200000070": the bank's day and its booking of that day. */
static struct slice make_id(struct book *book, uint8_t bank)
{
	struct put p = put_begin(book->id, sizeof(book->id));
	const struct calendar_day *today = book->today;

	put_number(&p, (uint64_t)(today->year * 10000 + today->month * 100 + today->of_month), 8);
	put_number(&p, ++book->serials[bank], ID_DIGITS);
	return put_end(&p);
}

static bool by_people(uint8_t channel)
{
	return channel == TX_ONLINE || channel == TX_MOBILE || channel == TX_PAYROLL;
}

/* The cashier enters most payments at the firm's first machine, two colleagues the rest at theirs. */
static uint32_t operator_of(const struct booking *b)
{
	uint64_t draw = random_mix((uint64_t)b->amount_minor, (uint64_t)b->at_ms) % 100;

	return b->channel == TX_PAYROLL || draw < CASHIER_PERCENT ? 0 : 1 + (uint32_t)(draw % (OPERATORS - 1));
}

static void fill_own_machine(struct book *book, const struct booking *b, const struct enterprise *e,
                             uint32_t operator,
                             struct tx *tx)
{
	tx->ip = slice_of(e->ip);
	tx->mac = slice_of(e->mac);
	tx->device = slice_of(e->device);
	if (b->channel == TX_MOBILE) { /* the carrier's address of these days; a phone tells no MAC */
		numbers_ip_strange(random_mix(e->seed, (uint64_t)book->today->day / PHONE_ADDRESS_DAYS), book->ip);
		tx->ip = slice_of(book->ip);
		tx->mac = (struct slice){0};
	}
	if (operator == 0)
		return;
	numbers_mac(random_mix(e->seed, 4 + 2 * (uint64_t)operator), book->mac);
	numbers_device(random_mix(e->seed, 5 + 2 * (uint64_t)operator), book->device);
	tx->mac = b->channel == TX_MOBILE ? tx->mac : slice_of(book->mac);
	tx->device = slice_of(book->device);
}

/* Where the instruction came from, of a payment that people entered: their own machines, or what a
 * scenario says. */
static void fill_origin(struct book *book, const struct booking *b, const struct enterprise *e, struct tx *tx)
{
	struct put place = put_begin(book->place, sizeof(book->place));
	struct put operator = put_begin(book->operator, sizeof(book->operator));
	bool strange = b->ip != NULL || b->mac != NULL || b->device != NULL;
	uint32_t number = strange ? 0 : operator_of(b);

	put_number(&place, (uint64_t)districts[e->district].division, 6);
	put_text(&operator, "CZ");
	put_number(&operator, 1 + (uint64_t)number, 2);
	tx->place = put_end(&place);
	tx->operator = put_end(&operator);
	if (!strange) {
		fill_own_machine(book, b, e, number, tx);
		return;
	}
	tx->ip = slice_of(b->ip != NULL ? b->ip : e->ip);
	tx->mac = slice_of(b->mac != NULL ? b->mac : e->mac);
	tx->device = slice_of(b->device != NULL ? b->device : e->device);
}

static void fill_terminal(struct book *book, const struct enterprise *e, struct tx *tx)
{
	struct put terminal = put_begin(book->terminal, sizeof(book->terminal));

	put_text(&terminal, tx->channel == TX_POS ? "POS" : "G");
	put_number(&terminal, e->seed % 1000000, 6);
	tx->terminal = put_end(&terminal);
}

static void fill_account(struct book *book, const struct enterprise *e, struct tx *tx)
{
	tx_init(tx);
	tx->bank = slice_of(book->population->banks[e->bank]);
	tx->account = slice_of(e->account);
	tx->account_name = slice_of(e->name);
	tx->enterprise = slice_of(e->uscc);
	tx->opened_day = e->opened_day;
	tx->id = make_id(book, e->bank);
}

bool book_post(struct book *book, const struct booking *b, struct tx *tx_r)
{
	struct enterprise *e = &book->population->items[b->enterprise];

	if (b->amount_minor <= 0 || (b->direction == TX_DEBIT && b->amount_minor > e->balance_minor)) {
		book->stats.unfunded++;
		return false;
	}
	e->balance_minor += b->direction == TX_DEBIT ? -b->amount_minor : b->amount_minor;
	fill_account(book, e, tx_r);
	tx_r->direction = b->direction;
	tx_r->amount_minor = b->amount_minor;
	tx_r->balance_minor = e->balance_minor;
	tx_r->booked_ms = b->at_ms;
	tx_r->channel = b->channel;
	tx_r->counterparty = (struct tx_party){.account = book->party.account, .name = book->party.name,
	                                       .bank = book->party.bank, .country = book->party.country,
	                                       .kind = book->party.kind};
	if (b->direction == TX_DEBIT && by_people(b->channel))
		fill_origin(book, b, e, tx_r);
	else if (b->channel == TX_COUNTER || b->channel == TX_CASH || b->channel == TX_POS)
		fill_terminal(book, e, tx_r);
	book->stats.transactions++;
	return true;
}

void book_texts(struct book *book, const struct slice templates[2], uint32_t writer,
                struct slice counterparty, struct random *r, struct tx *tx_r)
{
	struct text_context context = {&book->population->items[writer], counterparty, book->today};
	struct put purpose = put_begin(book->purpose, sizeof(book->purpose));
	struct put remark = put_begin(book->remark, sizeof(book->remark));

	text_expand(templates[0], &context, r, &purpose);
	text_expand(templates[1], &context, r, &remark);
	tx_r->purpose = put_end(&purpose);
	tx_r->remark = put_end(&remark);
}

void book_mirror_add(struct book *book, const struct mirror *mirror)
{
	if (book->mirror_end - book->mirror_first == MIRRORS_MAX) {
		book->stats.over_mirror_bound++;
		return;
	}
	book->mirrors[book->mirror_end++ % MIRRORS_MAX] = *mirror;
}

const struct mirror *book_mirror(const struct book *book)
{
	return book->mirror_first < book->mirror_end ? &book->mirrors[book->mirror_first % MIRRORS_MAX] : NULL;
}

/* Receipts tend to bring the balance to its target: customers of a poor firm are pressed, of a rich one
 * wait. */
static int64_t receipt_scaled(const struct enterprise *e, int64_t amount_minor)
{
	if (e->balance_minor < e->target_minor / 2)
		return amount_minor * 17 / 10;
	return e->balance_minor > e->target_minor * 3 ? amount_minor / 2 : amount_minor;
}

static int64_t level_minor(const struct enterprise *e, const struct habit_info *h)
{
	switch (h->unit) {
	case UNIT_TURN: return e->turnover_minor * h->level / 10000;
	case UNIT_WAGE: return (int64_t)PLAIN_WAGE_MINOR * h->level / 1000;
	case UNIT_HELD: return e->balance_minor * h->level / 100;
	default: return (int64_t)h->level * 100;
	}
}

/* Software firms and groups pay more than restaurants. */
static int64_t wage_scaled(const struct enterprise *e, int64_t amount_minor)
{
	return e->kind == KIND_SOFTWARE || e->kind == KIND_GROUP || e->kind == KIND_AGENCY ? amount_minor * 17 / 10
	       : e->kind == KIND_RESTAURANT                                              ? amount_minor * 3 / 4
	                                                                                 : amount_minor;
}

static int64_t honest_amount(const struct enterprise *e, const struct habit_info *h,
                             const struct agenda_event *event, struct random *r)
{
	uint64_t fixed = random_mix(e->seed, (uint64_t)event->member << 16 | event->habit);
	int64_t amount_minor = level_minor(e, h) * draw_factor(r, h->spread, fixed) / 1000;

	if (h->unit == UNIT_WAGE)
		amount_minor = wage_scaled(e, amount_minor);
	if (h->direction == TX_CREDIT && h->unit == UNIT_TURN)
		amount_minor = receipt_scaled(e, amount_minor);
	if (h->direction == TX_DEBIT && h->party == PARTY_SUPPLIER && amount_minor > e->balance_minor / 2)
		amount_minor = e->balance_minor / 4; /* a part of the bill, rather than nothing */
	return amount_minor < FEWER_MINOR && h->unit != UNIT_YUAN ? 0 : draw_round(r, amount_minor, h->rounding);
}

static struct slice variant(const struct text_variants *v, struct random *r)
{
	return v->items[random_below(r, (uint64_t)v->count)];
}

static void honest_texts(struct book *book, const struct habit_info *h, uint32_t writer,
                         struct slice counterparty, uint64_t seed, struct tx *tx_r)
{
	struct random r = {random_mix(seed, 't')};
	struct slice templates[2];

	templates[0] = variant(texts_purposes(h->texts), &r);
	templates[1] = variant(texts_remarks(h->texts), &r);
	book_texts(book, templates, writer, counterparty, &r, tx_r);
}

bool book_honest(struct book *book, const struct agenda_event *event, int64_t event_ms, struct tx *tx_r)
{
	const struct enterprise *e = &book->population->items[event->enterprise];
	const struct habit_info *h = &habits[event->habit];
	struct random r = {event->seed};
	struct booking b = {.enterprise = event->enterprise, .direction = h->direction, .channel = h->channel,
	                    .at_ms = event_ms};

	if (h->party == PARTY_HEAD && e->head == POPULATION_NOBODY)
		return false;
	b.amount_minor = honest_amount(e, h, event, &r);
	party_make(book->population, event->enterprise, h->party, event->member, &book->party);
	if (!book_post(book, &b, tx_r))
		return false;
	book->met = party_infos[h->party].name;
	honest_texts(book, h, event->enterprise, book->party.name, event->seed, tx_r);
	if (book->party.enterprise != POPULATION_NOBODY)
		book_mirror_add(book, &(struct mirror){
			.at_ms = event_ms + MIRROR_DELAY_MS, .amount_minor = b.amount_minor, .seed = event->seed,
			.from = event->enterprise, .to = book->party.enterprise, .scripted = UINT32_MAX, .habit = event->habit});
	return true;
}

/* The payer as the payee's bank shows it. */
static void party_of_account(struct book *book, uint32_t enterprise)
{
	const struct enterprise *e = &book->population->items[enterprise];

	book->party.kind = TX_COMPANY;
	book->party.enterprise = enterprise;
	book->party.name = slice_of(e->name);
	book->party.account = slice_of(e->account);
	book->party.bank = slice_of(book->population->banks[e->bank]);
	book->party.country = (struct slice){0};
}

static void mirror_received(struct book *book, const struct mirror *m, const struct scripted *s)
{
	const struct run *run = &book->cast->runs[s->run];

	for (uint32_t i = run->first_actor; i < run->first_actor + run->actor_count; i++) {
		struct actor *actor = &book->cast->actors[i];
		if (actor->enterprise != m->to)
			continue;
		actor->held_minor += m->amount_minor;
		actor->credit_minor = actor->last_minor = m->amount_minor;
	}
}

void book_mirror_take(struct book *book, struct tx *tx_r, const struct simulate_label **label_r)
{
	struct mirror m = book->mirrors[book->mirror_first++ % MIRRORS_MAX];
	struct slice payee = slice_of(book->population->items[m.to].name);
	struct booking b = {.enterprise = m.to, .direction = TX_CREDIT, .channel = TX_ONLINE, .at_ms = m.at_ms,
	                    .amount_minor = m.amount_minor};
	const struct scripted *s = m.scripted != UINT32_MAX ? &book->cast->events[m.scripted] : NULL;
	const struct run *run = s != NULL ? &book->cast->runs[s->run] : NULL;

	*label_r = NULL;
	party_of_account(book, m.from);
	book_post(book, &b, tx_r);
	book->met = run == NULL ? party_infos[PARTY_PEER].name : "";
	if (run == NULL) {
		honest_texts(book, &habits[m.habit], m.from, payee, m.seed, tx_r);
		return;
	}
	mirror_received(book, &m, s);
	book_scripted_texts(book, &run->script->steps[s->step], m.from, payee, m.seed, tx_r);
	if (!run->script->steps[s->step].label)
		return;
	book->label = (struct simulate_label){run->script->steps[s->step].typology, run->script->id, s->run};
	book->stats.labelled++;
	*label_r = &book->label;
}
