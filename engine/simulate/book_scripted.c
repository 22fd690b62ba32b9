/*
 * Books a step of a scenario: who the other side is, how much, from which machine, with which words.
 */
#include "simulate/book.h"

#include "simulate/draw.h"

enum { USUAL_TURN_POINTS = 50, BASIS = 10000, LARGE_MINOR = 1000000, HUNDRED_YUAN = 10000, YUAN = 100 };
enum { CUT_PERCENT = 97, CUT_LEAST_OF = 20 };

/* What a step needs at hand. */
struct scene {
	struct book *book;
	const struct scripted *event;
	const struct run *run;
	const struct script_step *step;
	struct actor *actor;
	const struct enterprise *enterprise;
	uint32_t number; /* of the enterprise */
	struct random random;
};

static int64_t base_minor(const struct scene *s)
{
	switch (s->step->amount.of) {
	case OF_BALANCE: return s->enterprise->balance_minor;
	case OF_CREDIT: return s->actor->credit_minor;
	case OF_HELD: return s->actor->held_minor;
	case OF_USUAL: return s->enterprise->turnover_minor * USUAL_TURN_POINTS / BASIS;
	case OF_LAST: return s->actor->last_minor;
	default: return 0;
	}
}

static int64_t drawn_minor(const struct scene *s, struct random *r)
{
	const struct script_amount *a = &s->step->amount;
	int64_t base = base_minor(s), points;

	if (a->of == OF_LIST)
		return a->list_minor[random_below(r, (uint64_t)a->list_count)];
	if (a->of == OF_YUAN)
		return random_between(r, a->range.least, a->range.most);
	points = random_between(r, a->range.least, a->range.most);
	return base / BASIS * points + base % BASIS * points / BASIS;
}

/* People choose round numbers; shares of what came in are passed on to the cent. */
static int64_t rounded_minor(const struct scene *s, int64_t amount_minor)
{
	int64_t unit = s->step->round_minor;

	if (s->step->amount.of == OF_LIST)
		return amount_minor;
	if (unit == 0 && (s->step->amount.of == OF_YUAN || s->step->amount.of == OF_USUAL))
		unit = amount_minor >= LARGE_MINOR ? HUNDRED_YUAN : YUAN;
	return unit > 1 && amount_minor > unit ? amount_minor - amount_minor % unit : amount_minor;
}

/* What the account can't pay is cut to what it can, as long as the step keeps its meaning. */
static int64_t funded_minor(const struct scene *s, int64_t amount_minor)
{
	int64_t most = s->enterprise->balance_minor * CUT_PERCENT / 100;

	if (s->step->direction == TX_CREDIT || amount_minor <= s->enterprise->balance_minor)
		return amount_minor;
	most -= most > HUNDRED_YUAN ? most % HUNDRED_YUAN : 0;
	return most >= amount_minor / CUT_LEAST_OF ? most : 0;
}

static int64_t amount_minor(struct scene *s)
{
	struct random same = {random_mix(s->run->seed, (uint64_t)s->event->step)};

	return funded_minor(s, rounded_minor(s, drawn_minor(s, s->step->same ? &same : &s->random)));
}

static enum place outsider_place(const struct script_outsider *o, uint64_t seed)
{
	uint64_t place_seed = random_mix(seed, 'w');

	return o->where == WHERE_HOME ? PLACE_359900 : party_place(place_seed, 0, o->where == WHERE_NEAR ? 100 : 0);
}

static void name_text(struct scene *s, struct slice template, uint64_t seed)
{
	struct party *party = &s->book->party;
	struct text_context context = {s->enterprise, {0}, s->book->today};
	struct put p = put_begin(party->name_bytes, sizeof(party->name_bytes));
	struct random r = {random_mix(seed, 'n')};

	text_expand(template, &context, &r, &p);
	party->name = put_end(&p);
}

/* Someone made up for this performance; `as` and `like` borrow the name of whom the victim knows best. */
static void make_outsider(struct scene *s, int index)
{
	const struct script_outsider *o = &s->run->script->outsiders[index];
	struct random chosen = {random_mix(s->run->seed, 200 + (uint64_t)index)};
	uint32_t members = (uint32_t)random_between(&chosen, o->members.least, o->members.most);
	uint32_t member = s->event->member % members;
	uint64_t first = random_next(&chosen), seed = random_mix(first,
	                                                         member), held_by = o->one_account ? first : seed;
	enum place place = outsider_place(o, held_by);
	struct party *party = &s->book->party;
	int class = o->as != SCRIPT_NO_CLASS ? o->as : o->like;

	if (class == SCRIPT_NO_CLASS) {
		party_make_stranger(seed, o->kind, place, o->country.at, party);
		if (o->names.count > 0)
			name_text(s, o->names.items[member % (uint32_t)o->names.count], seed);
		return;
	}
	party_make(s->book->population, s->number, (enum party_class)class, member, party);
	if (o->like != SCRIPT_NO_CLASS) {
		char looks[PARTY_NAME_BYTES];
		struct put p = put_begin(looks, sizeof(looks));
		names_lookalike(seed, party->name, &p);
		memcpy(party->name_bytes, looks, sizeof(looks));
		party->name = (struct slice){party->name_bytes, put_end(&p).length};
	}
	party->kind = o->kind;
	party->country = o->country;
	party_move_account(held_by, place, party);
}

static void make_counterparty(struct scene *s)
{
	const struct script_whom *whom = &s->step->whom;
	struct party *party = &s->book->party;

	if (whom->type == WHOM_OUTSIDER) {
		make_outsider(s, whom->index);
		return;
	}
	if (whom->type == WHOM_HONEST) {
		uint32_t members = party_members(s->enterprise, (enum party_class)whom->index);
		party_make(s->book->population, s->number, (enum party_class)whom->index, s->event->member % members,
		           party);
		return;
	}
	*party = (struct party){.kind = TX_COMPANY};
	party->enterprise = cast_actor(s->book->cast, s->run, whom->index, s->event->member)->enterprise;
	party->name = slice_of(s->book->population->items[party->enterprise].name);
	party->account = slice_of(s->book->population->items[party->enterprise].account);
	party->bank = slice_of(s->book->population->banks[s->book->population->items[party->enterprise].bank]);
}

/* A stranger's machine stays the same through the performance; a shared one is that of all its accounts. */
static uint64_t machine_seed(const struct scene *s, uint8_t machine)
{
	return random_mix(s->run->seed, machine == MACHINE_SHARED ? 300 : 400 + (uint64_t)s->event->actor);
}

static void use_machine(struct scene *s, struct booking *b)
{
	struct book *book = s->book;

	if (s->step->ip != MACHINE_OWN) {
		numbers_ip_strange(machine_seed(s, s->step->ip), book->ip);
		b->ip = book->ip;
	}
	if (s->step->mac != MACHINE_OWN) {
		numbers_mac(machine_seed(s, s->step->mac), book->mac);
		b->mac = book->mac;
	}
	if (s->step->device != MACHINE_OWN) {
		numbers_device(machine_seed(s, s->step->device), book->device);
		b->device = book->device;
	}
}

static struct slice template(const struct script_texts *texts, struct random *r)
{
	return texts != NULL ? texts->items[random_below(r, (uint64_t)texts->count)] : (struct slice){0};
}

void book_scripted_texts(struct book *book, const struct script_step *step, uint32_t writer,
                         struct slice counterparty, uint64_t seed, struct tx *tx_r)
{
	struct random r = {random_mix(seed, 't')};
	struct slice templates[2];

	templates[0] = template(step->purpose, &r);
	templates[1] = template(step->remark, &r);
	book_texts(book, templates, writer, counterparty, &r, tx_r);
	if (!random_percent(&r, (uint32_t)step->disguise_percent))
		return;
	text_disguise(&r, book->remark);
	tx_r->remark = slice_of(book->remark);
	if (tx_r->remark.length > 0)
		return;
	text_disguise(&r, book->purpose);
	tx_r->purpose = slice_of(book->purpose);
}

static void remember(struct scene *s, const struct booking *b)
{
	s->actor->last_minor = b->amount_minor;
	if (b->direction == TX_DEBIT) {
		s->actor->held_minor -= b->amount_minor;
		return;
	}
	s->actor->held_minor += b->amount_minor;
	s->actor->credit_minor = b->amount_minor;
}

static void tell_credential(const struct scene *s, struct tx *tx)
{
	struct random r = {random_mix(s->run->seed, 500 + (uint64_t)s->event->actor)};

	if (s->step->changed_ms.most > 0)
		tx->credential_ms = s->run->begin_ms - random_between(&r, s->step->changed_ms.least,
		                                                      s->step->changed_ms.most);
}

static void send_mirror(struct scene *s, uint32_t number, const struct booking *b)
{
	if (s->step->whom.type == WHOM_ROLE)
		book_mirror_add(s->book, &(struct mirror){
			.at_ms = b->at_ms + MIRROR_DELAY_MS, .amount_minor = b->amount_minor, .seed = s->event->seed,
			.from = b->enterprise, .to = s->book->party.enterprise, .scripted = number});
}

bool book_scripted(struct book *book, uint32_t number, struct tx *tx_r, const struct simulate_label **label_r)
{
	const struct scripted *event = &book->cast->events[number];
	struct scene s = {.book = book, .event = event, .run = &book->cast->runs[event->run],
	                  .random = {event->seed}, .actor = &book->cast->actors[event->actor]};
	struct booking b = {.enterprise = s.actor->enterprise, .at_ms = event->at_ms};

	s.step = &s.run->script->steps[event->step];
	s.number = s.actor->enterprise;
	s.enterprise = &book->population->items[s.number];
	b.direction = s.step->direction;
	b.channel = s.step->channel;
	b.amount_minor = amount_minor(&s);
	make_counterparty(&s);
	use_machine(&s, &b);
	book->met = "";
	if (!book_post(book, &b, tx_r))
		return false;
	remember(&s, &b);
	book_scripted_texts(book, s.step, s.number, book->party.name, event->seed, tx_r);
	tell_credential(&s, tx_r);
	send_mirror(&s, number, &b);
	if (!s.step->label)
		return true;
	book->label = (struct simulate_label){s.step->typology, s.run->script->id, event->run};
	book->stats.labelled++;
	*label_r = &book->label;
	return true;
}
