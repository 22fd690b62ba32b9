#include "tests/reference/routing.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/instant.h"

#define NEVER INT64_MAX
#define MINUTE INT64_C(60000)
#define DAY (1440 * MINUTE)
#define CHINA (480 * MINUTE)

static const char *const levels[] = {"none", "blue", "yellow", "orange", "red"};
static const char *const places[] = {"", "350102", "350100"};

static void say(struct plain *p, const char *format, ...)
{
	char at[INSTANT_TEXT_BYTES];
	va_list args;

	instant_format_china(p->now_ms, at);
	p->length += (size_t)snprintf(p->text + p->length, PLAIN_TEXT - p->length, "%s  ", at + 5);
	va_start(args, format);
	p->length += (size_t)vsnprintf(p->text + p->length, PLAIN_TEXT - p->length, format, args);
	va_end(args);
	p->length += (size_t)snprintf(p->text + p->length, PLAIN_TEXT - p->length, "\n");
	assert(p->length < PLAIN_TEXT);
}

/* ---- who ---- */

/* Minute by minute until one that is not quiet. */
static int64_t after_quiet(const struct plain *p, int person, int level)
{
	int from = p->people[person].quiet_from, to = p->people[person].quiet_to;
	int64_t at = p->now_ms;

	if (!p->rules->levels[level].quiet_kept)
		return at;
	if (from < 0) {
		from = p->rules->quiet.from;
		to = p->rules->quiet.to;
	}
	for (;;) {
		int minute = (int)((at + CHINA) % DAY / MINUTE);
		bool quiet = from <= to ? minute >= from && minute < to : minute >= from || minute < to;
		if (!quiet)
			return at;
		at = (at / MINUTE + 1) * MINUTE;
	}
}

static bool away(const struct plain *p, int person, int64_t at)
{
	int32_t day = (int32_t)((at + CHINA) / DAY);
	const struct plain_person *who = &p->people[person];

	return who->absent_from >= 0 && day >= who->absent_from && day <= who->absent_to;
}

static int there_for(const struct plain *p, int person, int64_t at)
{
	for (int hops = 0; person >= 0 && hops < 9; hops++) {
		if (!away(p, person, at))
			return person;
		person = p->people[person].stand_in;
	}
	return -1;
}

static bool was_told(const struct plain *p, int alert, int level, int person)
{
	for (int i = 0; i < p->row_count; i++)
		if (p->rows[i].kind == 0 && p->rows[i].alert == alert && p->rows[i].level >= level && p->rows[i].person == person)
			return true;
	return false;
}

static bool in(const int *list, int count, int person)
{
	for (int i = 0; i < count; i++)
		if (list[i] == person)
			return true;
	return false;
}

static int whom(const struct plain *p, int alert, int level, const struct routing_step *step, int *chosen)
{
	int count = 0, open_places = 0;

	for (int r = 0; r < step->role_count; r++) {
		int holders = 0;
		for (int i = 0; i < p->person_count; i++) {
			int who;
			if (p->people[i].of != PLAIN_ENTERPRISE || strcmp(p->people[i].role, routing_roles[step->roles[r]]) != 0)
				continue;
			holders++;
			who = there_for(p, i, after_quiet(p, i, level));
			if (who < 0)
				open_places++;
			else if (!was_told(p, alert, level, who) && !in(chosen, count, who))
				chosen[count++] = who;
		}
		if (holders == 0)
			open_places++;
	}
	for (int i = 0; i < p->person_count && open_places > 0; i++)
		if (p->people[i].of == PLAIN_ENTERPRISE && !away(p, i, after_quiet(p, i, level)) &&
		    !was_told(p, alert, level, i) && !in(chosen, count, i)) {
			chosen[count++] = i;
			open_places--;
		}
	return count;
}

/* ---- rows ---- */

static int add_row(struct plain *p, struct plain_row row)
{
	assert(p->row_count < PLAIN_ROWS);
	row.digest = -1;
	p->rows[p->row_count] = row;
	return p->row_count++;
}

static bool tells(const struct plain_row *r)
{
	return (r->kind == 0 || r->kind == 5) && (r->state == PLAIN_WAITS || r->state == PLAIN_SENT || r->state == PLAIN_ACKED);
}

/* How many different things he was told of in (from, to]. */
static int told_of(const struct plain *p, int person, int64_t from, int64_t to, int *level, int64_t *first, int64_t *digest)
{
	int count = 0;

	*level = 0;
	*first = NEVER;
	*digest = 0;
	for (int i = 0; i < p->row_count; i++) {
		const struct plain_row *r = &p->rows[i];
		bool again = false;
		if (r->person != person || !tells(r) || r->due_ms <= from || r->due_ms > to)
			continue;
		for (int j = 0; j < i; j++) {
			const struct plain_row *o = &p->rows[j];
			again |= o->person == person && tells(o) && o->due_ms > from && o->due_ms <= to && o->kind == r->kind &&
			         (r->kind == 0 ? o->alert == r->alert : o->key == r->key);
		}
		count += !again;
		*level = r->level > *level ? r->level : *level;
		*first = r->due_ms < *first ? r->due_ms : *first;
		*digest = r->kind == 5 && r->due_ms > *digest ? r->due_ms : *digest;
	}
	return count;
}

/* When what waits for his next digest is due; NEVER: nothing does. */
static int64_t gathers_until(const struct plain *p, int person)
{
	int64_t until = NEVER;

	for (int i = 0; i < p->row_count; i++)
		if (p->rows[i].person == person && p->rows[i].state == PLAIN_GATHERED && p->rows[i].digest < 0 &&
		    p->rows[i].due_ms < until)
			until = p->rows[i].due_ms;
	return until;
}

static int64_t tell(struct plain *p, int alert, int step_index, int person, bool held, bool released)
{
	int level = p->alerts[alert].level, told_level;
	const struct routing_step *step = &p->rules->levels[level].steps[step_index];
	int64_t at = after_quiet(p, person, level), window = p->rules->digest_window_ms, first, digest;
	enum plain_state state = held ? PLAIN_HELD : PLAIN_WAITS;
	int count = told_of(p, person, at - window, at, &told_level, &first, &digest);

	if (!held && count >= p->rules->digest_after && level <= told_level) {
		int64_t until = first + window, gathering = gathers_until(p, person);
		if (digest > 0 && digest + window > until)
			until = digest + window;
		if (gathering > at && gathering < until)
			until = gathering;
		state = PLAIN_GATHERED;
		at = until;
	}
	for (int i = 0; state == PLAIN_WAITS && i < p->row_count; i++)
		if (p->rows[i].kind == 0 && p->rows[i].alert == alert && p->rows[i].person == person && p->rows[i].level < level &&
		    p->rows[i].state == PLAIN_WAITS && p->rows[i].due_ms > p->now_ms)
			p->rows[i].state = PLAIN_DEAD;
	for (int w = 0; w < (step->first ? 1 : p->people[person].ways); w++)
		add_row(p, (struct plain_row){.alert = alert, .level = level, .step = step_index, .person = person, .way = w,
		                              .state = state, .due_ms = at, .released = released});
	return at;
}

/* ---- calls ---- */

static void put_call(struct plain *p, int alert, int level, enum plain_place place, const char *reason, int64_t lift_ms)
{
	int call = -1;

	for (int i = 0; i < p->call_count; i++)
		if (p->calls[i].alert == alert && p->calls[i].place == place && strcmp(p->calls[i].reason, reason) == 0 &&
		    !p->calls[i].done)
			call = i;
	if (call >= 0 && level > p->calls[call].level)
		p->calls[call].level = level;
	if (call < 0) {
		assert(p->call_count < PLAIN_CALLS);
		call = p->call_count++;
		p->calls[call] = (struct plain_call){alert, level, place, reason, p->now_ms, lift_ms, 0, false, false};
		say(p, "call %s %s %s A%02d", places[place], reason, levels[level], alert);
	}
	for (int i = 0; i < p->person_count; i++) {
		int who = p->people[i].of == place ? there_for(p, i, p->now_ms) : -1;
		bool known = false;
		for (int r = 0; who >= 0 && r < p->row_count; r++)
			known |= p->rows[r].kind == 4 && p->rows[r].call == call && p->rows[r].level == level && p->rows[r].person == who;
		for (int w = 0; who >= 0 && !known && w < p->people[who].ways; w++)
			add_row(p, (struct plain_row){.kind = 4, .alert = alert, .level = level, .person = who, .way = w, .call = call,
			                              .due_ms = p->now_ms});
	}
}

/* How many rows of a level and step (-1: any) are in a state (-1: any). */
static int rows_of(const struct plain *p, int alert, int level, int step, int state)
{
	int count = 0;

	for (int i = 0; i < p->row_count; i++)
		count += p->rows[i].kind == 0 && p->rows[i].alert == alert && p->rows[i].level == level &&
		         (step < 0 || p->rows[i].step == step) && (state < 0 || (int)p->rows[i].state == state);
	return count;
}

static void ask_releases(struct plain *p)
{
	for (int a = 0; a < PLAIN_ALERTS; a++) {
		struct plain_alert *e = &p->alerts[a];
		int level = 0, held, dead;
		bool asked = false;
		for (int i = 0; i < p->row_count; i++)
			if (p->rows[i].kind == 0 && p->rows[i].alert == a && p->rows[i].state == PLAIN_HELD && p->rows[i].level > level)
				level = p->rows[i].level;
		for (int i = 0; i < p->call_count; i++)
			asked |= p->calls[i].alert == a && strcmp(p->calls[i].reason, "release") == 0 &&
			         (!p->calls[i].done || p->calls[i].level >= level);
		if (level == 0 || asked)
			continue;
		put_call(p, a, level, e->from_nowhere ? PLAIN_CITY : PLAIN_COUNTY, "release", p->now_ms + p->rules->hold_ms);
		held = rows_of(p, a, e->level, e->step, PLAIN_HELD);
		dead = rows_of(p, a, e->level, e->step, PLAIN_DEAD);
		if (e->state == 0 && held > 0 && held + dead == rows_of(p, a, e->level, e->step, -1))
			e->due_ms = 0;
	}
}

/* ---- steps ---- */

static bool is_released(const struct plain *p, int alert, int level)
{
	for (int i = 0; i < p->row_count; i++)
		if (p->rows[i].kind == 0 && p->rows[i].alert == alert && p->rows[i].level >= level && p->rows[i].released)
			return true;
	return false;
}

static void go_on(struct plain *p, int alert, int step)
{
	struct plain_alert *e = &p->alerts[alert];
	const struct routing_level *level = &p->rules->levels[e->level];
	bool released = is_released(p, alert, e->level), held = p->watched[e->account] && !released;

	for (; step < (int)level->step_count; step++) {
		const struct routing_step *rule = &level->steps[step];
		int chosen[PLAIN_PEOPLE], count;
		int64_t first = NEVER;
		e->step = step;
		e->wait_ms = rule->within_ms;
		if (rule->to != ROUTING_PEOPLE) {
			if (rows_of(p, alert, e->level, -1, -1) == 0)
				e->reason = "no_contact";
			if (held)
				e->reason = "watched";
			put_call(p, alert, e->level, rule->to == ROUTING_CITY || e->from_nowhere ? PLAIN_CITY : PLAIN_COUNTY, e->reason,
			         0);
			e->due_ms = rule->within_ms > 0 ? p->now_ms + rule->within_ms : 0;
			e->state = rule->within_ms > 0 ? 0 : 2;
			break;
		}
		count = e->from_nowhere ? 0 : whom(p, alert, e->level, rule, chosen);
		for (int i = 0; i < count; i++) {
			int64_t at = tell(p, alert, step, chosen[i], held, released);
			first = at < first ? at : first;
		}
		if (count > 0) {
			e->due_ms = held ? 0 : first + rule->within_ms;
			break;
		}
	}
	if (held)
		ask_releases(p);
}

void plain_alert(struct plain *p, int alert, int account, int level)
{
	struct plain_alert *e = &p->alerts[alert];

	if (p->rules->levels[level].step_count == 0 || e->level >= level)
		return;
	*e = (struct plain_alert){.account = account, .level = level, .started_ms = p->now_ms, .reason = "",
	                          .from_nowhere = account == 0};
	go_on(p, alert, 0);
}

static void step_over(struct plain *p, int alert)
{
	struct plain_alert *e = &p->alerts[alert];

	if (p->rules->levels[e->level].steps[e->step].to == ROUTING_PEOPLE) {
		int all = rows_of(p, alert, e->level, e->step, -1), dead = rows_of(p, alert, e->level, e->step, PLAIN_DEAD);
		e->reason = all == dead ? "undeliverable" : "unanswered";
	} else {
		for (int i = 0; i < p->call_count; i++)
			if (p->calls[i].alert == alert && strcmp(p->calls[i].reason, e->reason) == 0 &&
			    p->calls[i].created_ms >= e->started_ms && (p->calls[i].taken || p->calls[i].done)) {
				e->state = 2;
				e->due_ms = 0;
				return;
			}
	}
	go_on(p, alert, e->step + 1);
}

/* ---- time ---- */

static void make_digests(struct plain *p, int person)
{
	for (int w = 0; w < p->people[person].ways; w++) {
		int count = 0, level = 0, digest = p->row_count;
		for (int i = 0; i < digest; i++) {
			struct plain_row *r = &p->rows[i];
			if (r->person != person || r->way != w || r->state != PLAIN_GATHERED || r->digest >= 0 || r->due_ms > p->now_ms)
				continue;
			r->digest = digest;
			count++;
			level = r->level > level ? r->level : level;
		}
		if (count > 0)
			add_row(p, (struct plain_row){.kind = 5, .alert = -1, .level = level, .person = person, .way = w,
			                              .key = p->now_ms, .count = count, .due_ms = p->now_ms});
	}
}

/* What the timers of the store are, in their order: when, which kind, which subject. */
struct next {
	int64_t due_ms;
	int kind; /* 0 call 1 digest 2 escalation */
	char subject[16];
	int of;
};

static void consider(struct next *best, int64_t due_ms, int kind, const char *subject, int of)
{
	if (due_ms > best->due_ms || (due_ms == best->due_ms && kind > best->kind) ||
	    (due_ms == best->due_ms && kind == best->kind && strcmp(subject, best->subject) >= 0))
		return;
	*best = (struct next){.due_ms = due_ms, .kind = kind, .of = of};
	snprintf(best->subject, sizeof(best->subject), "%s", subject);
}

static struct next next_timer(const struct plain *p)
{
	struct next best = {.due_ms = NEVER, .kind = 9};
	char subject[16];

	for (int i = 0; i < p->call_count; i++) {
		snprintf(subject, sizeof(subject), "%d", i + 1);
		if (p->calls[i].lift_ms > 0)
			consider(&best, p->calls[i].lift_ms, 0, subject, i);
	}
	for (int i = 0; i < p->person_count; i++) {
		snprintf(subject, sizeof(subject), "%d", i + 1);
		if (gathers_until(p, i) != NEVER)
			consider(&best, gathers_until(p, i), 1, subject, i);
	}
	for (int i = 0; i < PLAIN_ALERTS; i++) {
		snprintf(subject, sizeof(subject), "A%02d", i);
		if (p->alerts[i].level > 0 && p->alerts[i].state == 0 && p->alerts[i].due_ms > 0)
			consider(&best, p->alerts[i].due_ms, 2, subject, i);
	}
	return best;
}

static void fire(struct plain *p, const struct next *next)
{
	struct plain_call *call = &p->calls[next->of];

	if (next->kind == 2) {
		step_over(p, next->of);
	} else if (next->kind == 1) {
		make_digests(p, next->of);
	} else {
		bool undecided = call->taken && strcmp(call->reason, "release") == 0;
		call->lift_ms = 0;
		if (undecided && !call->done && p->now_ms < call->taken_ms + p->rules->hold_ms) {
			call->lift_ms = call->taken_ms + p->rules->hold_ms;
			return;
		}
		if ((!call->taken || undecided) && !call->done && call->place == PLAIN_COUNTY)
			put_call(p, call->alert, call->level, PLAIN_CITY, call->reason, 0);
	}
}

/* Where all rows of the step are dead, its time is over. */
static void hurry(struct plain *p, int alert)
{
	struct plain_alert *e = &p->alerts[alert];
	int all = rows_of(p, alert, e->level, e->step, -1);

	if (e->state == 0 && e->due_ms > p->now_ms && all > 0 && all == rows_of(p, alert, e->level, e->step, PLAIN_DEAD))
		e->due_ms = p->now_ms;
}

/* By way, kind, alert and level, as the stories do. */
static int next_send(const struct plain *p)
{
	int best = -1;

	for (int i = 0; i < p->row_count; i++) {
		const struct plain_row *r = &p->rows[i], *b = best >= 0 ? &p->rows[best] : NULL;
		int64_t x[] = {r->person, r->way, r->kind, r->alert, r->level}, y[5] = {0};
		int order = -1;
		if (r->state != PLAIN_WAITS || r->due_ms > p->now_ms)
			continue;
		if (b != NULL) {
			int64_t of_best[] = {b->person, b->way, b->kind, b->alert, b->level};
			memcpy(y, of_best, sizeof(y));
			order = 0;
			for (int k = 0; k < 5 && order == 0; k++)
				order = x[k] < y[k] ? -1 : x[k] > y[k] ? 1 : 0;
		}
		if (order < 0)
			best = i;
	}
	return best;
}

static void send(struct plain *p, int row)
{
	struct plain_row *r = &p->rows[row];
	const struct plain_person *who = &p->people[r->person];
	bool dead = (who->dead >> r->way & 1) != 0;

	r->state = dead ? PLAIN_DEAD : PLAIN_SENT;
	r->due_ms = r->settled_ms = p->now_ms;
	if (r->kind == 5)
		say(p, "%s/%d  digest of %d, %s%s", who->name, r->way + 1, r->count, levels[r->level], dead ? "  dead" : "");
	else
		say(p, "%s/%d  %s%s A%02d%s", who->name, r->way + 1, r->kind == 4 ? "call " : "", levels[r->level], r->alert,
		    dead ? "  dead" : "");
	for (int i = 0; i < p->row_count; i++)
		if (p->rows[i].digest == row && p->rows[i].state == PLAIN_GATHERED) {
			p->rows[i].state = r->state;
			p->rows[i].due_ms = p->rows[i].settled_ms = p->now_ms;
		}
	for (int i = 0; dead && i < p->row_count; i++)
		if (p->rows[i].kind == 0 && (i == row || p->rows[i].digest == row))
			hurry(p, p->rows[i].alert);
}

void plain_until(struct plain *p, int64_t until_ms)
{
	for (;;) {
		struct next timer = next_timer(p);
		int64_t due = timer.due_ms;
		for (int i = 0; i < p->row_count; i++)
			if (p->rows[i].state == PLAIN_WAITS && p->rows[i].due_ms < due)
				due = p->rows[i].due_ms;
		if (due > until_ms)
			break;
		if (due > p->now_ms)
			p->now_ms = due;
		if (timer.due_ms <= p->now_ms)
			fire(p, &timer);
		else
			send(p, next_send(p));
	}
	p->now_ms = until_ms;
}

/* ---- what people do ---- */

void plain_watch(struct plain *p, int account)
{
	int held = 0;

	p->watched[account] = true;
	for (int i = 0; i < p->row_count; i++) {
		struct plain_row *r = &p->rows[i];
		if (r->kind == 0 && p->alerts[r->alert].account == account && !r->released &&
		    (r->state == PLAIN_WAITS || (r->state == PLAIN_GATHERED && r->digest < 0))) {
			r->state = PLAIN_HELD;
			held++;
		}
	}
	if (held > 0)
		ask_releases(p);
}

static void stop(struct plain *p, int alert, int level)
{
	struct plain_alert *e = &p->alerts[alert];

	if (level < e->level || e->state == 1)
		return;
	e->state = 1;
	e->due_ms = 0;
	for (int i = 0; i < p->call_count; i++)
		if (p->calls[i].alert == alert && strcmp(p->calls[i].reason, "release") != 0 && !p->calls[i].taken)
			p->calls[i].done = true;
}

bool plain_answer(struct plain *p, int person)
{
	int best = -1;

	for (int i = 0; i < p->row_count; i++) {
		const struct plain_row *r = &p->rows[i], *b = best >= 0 ? &p->rows[best] : NULL;
		if (r->person != person || r->kind == 4 || r->state != PLAIN_SENT)
			continue;
		if (b == NULL || r->settled_ms > b->settled_ms ||
		    (r->settled_ms == b->settled_ms &&
		     (r->level > b->level ||
		      (r->level == b->level && (r->alert < b->alert || (r->alert == b->alert && r->way < b->way))))))
			best = i;
	}
	if (best < 0)
		return false;
	p->rows[best].state = PLAIN_ACKED;
	if (p->rows[best].kind == 0)
		stop(p, p->rows[best].alert, p->rows[best].level);
	for (int i = 0; i < p->row_count; i++)
		if (p->rows[i].digest == best) {
			if (p->rows[i].state == PLAIN_SENT)
				p->rows[i].state = PLAIN_ACKED;
			stop(p, p->rows[i].alert, p->rows[i].level);
		}
	return true;
}

void plain_release(struct plain *p, int alert)
{
	struct plain_alert *e = &p->alerts[alert];

	for (int i = 0; i < p->row_count; i++)
		if (p->rows[i].kind == 0 && p->rows[i].alert == alert && p->rows[i].state == PLAIN_HELD) {
			p->rows[i].state = PLAIN_WAITS;
			if (p->rows[i].due_ms < p->now_ms)
				p->rows[i].due_ms = p->now_ms;
			p->rows[i].released = true;
		}
	if (e->level > 0 && e->state == 0 && e->due_ms == 0 && e->wait_ms > 0) {
		int64_t first = NEVER;
		for (int i = 0; i < p->row_count; i++)
			if (p->rows[i].kind == 0 && p->rows[i].alert == alert && p->rows[i].level == e->level &&
			    p->rows[i].step == e->step && p->rows[i].state == PLAIN_WAITS && p->rows[i].due_ms < first)
				first = p->rows[i].due_ms;
		e->due_ms = (first == NEVER ? p->now_ms : first) + e->wait_ms;
	}
	for (int i = 0; i < p->call_count; i++)
		if (p->calls[i].alert == alert && strcmp(p->calls[i].reason, "release") == 0)
			p->calls[i].done = true;
}

bool plain_take(struct plain *p, enum plain_place place)
{
	int best = -1;

	for (int i = 0; i < p->call_count; i++) {
		const struct plain_call *c = &p->calls[i], *b = best >= 0 ? &p->calls[best] : NULL;
		bool release = strcmp(c->reason, "release") == 0, of_best = b != NULL && strcmp(b->reason, "release") == 0;
		if (c->place != place || c->taken || c->done)
			continue;
		if (b == NULL || release > of_best || (release == of_best && c->level > b->level))
			best = i;
	}
	if (best >= 0)
		p->calls[best].taken = true, p->calls[best].taken_ms = p->now_ms;
	return best >= 0;
}
