#include "pattern/message_lint.h"

#include <stdio.h>

#include "base/utf8.h"
#include "pattern/message_rules.h"

enum { LEVEL_YELLOW = 2, LEVEL_RED = 4, ARENA_BYTES_MAX = 64 << 20, FAULT_KEYS_MAX = 64 };

struct linting {
	const struct catalogue *catalogue;
	struct faults *faults;
	struct arena arena;
	const struct message_template *template;
	const char *said[FAULT_KEYS_MAX]; /* of this template: each fault is told once, not for every typology */
	int said_count;
	bool used; /* it is the best for some case */
};

/* ---- one rendering ---- */

static bool said_before(struct linting *l, const char *what)
{
	for (int i = 0; i < l->said_count; i++)
		if (strcmp(l->said[i], what) == 0)
			return true;
	if (l->said_count < FAULT_KEYS_MAX)
		l->said[l->said_count++] = what;
	return false;
}

static void tell(struct linting *l, const struct message_ask *ask, const struct message_words *words, const char *what)
{
	const char *whole = arena_print(&l->arena, "%s (%s)", what, ask->english ? "en" : "zh");
	int line = ask->english ? words->line_en : words->line, column = ask->english ? words->column_en : words->column;
	static const char *const levels[] = {"", " blue", " yellow", " orange", " red"};

	if (whole == NULL || said_before(l, whole))
		return;
	if (line == 0) {
		line = l->template->line;
		column = l->template->column;
	}
	faults_say(l->faults, false, l->template->file, line, column, "the %s %s; for %s%s%.*s%s in %s",
	           message_kind_names[ask->kind], what, ask->channel.at, ask->typology.length > 0 ? " " : "",
	           SLICE_PRINT(ask->typology), levels[ask->level], ask->english ? "English" : "Chinese");
}

static unsigned rules_for(const struct message_ask *ask, const struct message_channel *channel, bool linked)
{
	unsigned rules = MESSAGE_RULES_OFFICIAL | MESSAGE_RULE_ACCOUNT;

	if (channel->form == MESSAGE_FORM_SMS)
		rules = MESSAGE_RULES_SMS | (ask->kind == MESSAGE_CODE ? MESSAGE_RULE_CODE : MESSAGE_RULE_NUMBER);
	else if (linked) /* the page to answer on is the one link there is */
		rules &= ~(unsigned)(MESSAGE_RULE_LINK | MESSAGE_RULE_ACCOUNT);
	if (ask->kind == MESSAGE_WARNING || ask->kind == MESSAGE_DRILL || ask->kind == MESSAGE_DIGEST)
		rules |= MESSAGE_RULE_STOP_FIRST | MESSAGE_RULE_EMERGENCY;
	return rules;
}

static void check_size(struct linting *l, const struct message_ask *ask, const struct message_channel *channel,
                       const struct message_text *text)
{
	size_t units = message_units(text->text) + message_units(slice_of(MESSAGE_SIGNATURE)) + 2;

	if (channel->form == MESSAGE_FORM_SMS && units > MESSAGE_SMS_UNITS)
		tell(l, ask, &l->template->text,
		     arena_print(&l->arena, "has %zu characters with the signature; an SMS has %d", units, MESSAGE_SMS_UNITS));
	if (channel->form != MESSAGE_FORM_SMS && text->text.length > channel->bytes_max)
		tell(l, ask, &l->template->text, arena_print(&l->arena, "has %u bytes; %s takes %zu", text->text.length,
		                                             channel->name, channel->bytes_max));
}

static void check_rendered(struct linting *l, struct message_ask *ask, const struct message_channel *channel, bool linked)
{
	struct message_text text;
	const char *wrong;
	size_t count;
	struct fill_value *samples = message_samples(l->catalogue, ask, &l->arena, &count);

	for (size_t i = 0; i < count; i++)
		if (strcmp(samples[i].name, "answer_url") == 0 && !linked)
			samples[i].zh = samples[i].en = (struct slice){0};
	message_render(l->catalogue, ask, samples, count, &l->arena, &text);
	check_size(l, ask, channel, &text);
	wrong = message_rule_broken(text.text, rules_for(ask, channel, linked));
	if (wrong != NULL)
		tell(l, ask, &l->template->text, wrong);
	wrong = message_rule_broken(text.subject, MESSAGE_RULES_OFFICIAL | MESSAGE_RULE_NUMBER);
	if (wrong != NULL)
		tell(l, ask, &l->template->subject, arena_print(&l->arena, "has a subject that %s", wrong));
	if (text.shortened || memchr(text.subject.at, '\n', text.subject.length) != NULL)
		tell(l, ask, &l->template->subject,
		     arena_print(&l->arena, "has a subject of several lines, or of more than %d characters",
		                 MESSAGE_SUBJECT_CHARACTERS_MAX));
}

/* ---- all that a template may serve ---- */

static void check_case(struct linting *l, struct message_ask *ask, const struct message_channel *channel)
{
	const struct message_template *best =
		catalogue_message(l->catalogue, ask->kind, ask->channel, ask->typology, ask->level);

	if (best == NULL && ask->kind == MESSAGE_DRILL)
		best = catalogue_message(l->catalogue, MESSAGE_WARNING, ask->channel, ask->typology, ask->level);
	if (best != l->template)
		return;
	l->used = true;
	for (int english = 0; english < 2; english++) {
		ask->english = english == 1;
		check_rendered(l, ask, channel, false);
		check_rendered(l, ask, channel, channel->form != MESSAGE_FORM_SMS);
	}
}

static void check_levels(struct linting *l, struct message_ask *ask, const struct message_channel *channel)
{
	bool leveled = ask->kind == MESSAGE_WARNING || ask->kind == MESSAGE_DRILL || ask->kind == MESSAGE_CALL;
	uint8_t least = ask->kind == MESSAGE_CALL ? 1 : LEVEL_YELLOW;

	ask->level = 0;
	if (!leveled)
		check_case(l, ask, channel);
	for (uint8_t level = least; leveled && level <= LEVEL_RED; level++) {
		ask->level = level;
		check_case(l, ask, channel);
	}
}

static void check_typologies(struct linting *l, struct message_ask *ask, const struct message_channel *channel)
{
	bool warns = ask->kind == MESSAGE_WARNING || ask->kind == MESSAGE_DRILL;
	bool about = warns || ask->kind == MESSAGE_CALL;

	ask->typology = (struct slice){0};
	if (!about)
		check_levels(l, ask, channel);
	for (size_t i = 0; about && i < l->catalogue->typology_count; i++) {
		ask->typology = l->catalogue->typologies[i].id;
		if (ask->typology.at[0] == 'V' || !warns)
			check_levels(l, ask, channel);
	}
}

static void check_kind(struct linting *l, enum message_kind kind)
{
	for (const struct message_channel *c = message_channels; c->name != NULL; c++) {
		struct message_ask ask = {.kind = kind, .channel = slice_of(c->name), .as_written = true};
		check_typologies(l, &ask, c);
	}
}

static void check_template(struct linting *l, const struct message_template *t)
{
	l->template = t;
	l->said_count = 0;
	l->used = false;
	check_kind(l, t->kind);
	if (t->kind == MESSAGE_WARNING) /* what an exercise says, too */
		check_kind(l, MESSAGE_DRILL);
	if (!l->used)
		faults_say(l->faults, true, t->file, t->line, t->column, "is never used: others fit each of its cases better");
	arena_reset(&l->arena);
}

/* ---- what nobody has words for ---- */

static void check_words_of(const char *folder, const struct catalogue *c, struct slice typology,
                           const struct message_channel *channel, struct faults *faults)
{
	static const char *const levels[] = {"", "blue", "yellow", "orange", "red"};

	for (uint8_t level = LEVEL_YELLOW; level <= LEVEL_RED; level++) {
		const struct message_template *t =
			catalogue_message(c, MESSAGE_WARNING, slice_of(channel->name), typology, level);
		if (t == NULL)
			faults_say(faults, false, folder, 0, 0, "no warning for %.*s %s over %s", SLICE_PRINT(typology),
			           levels[level], channel->name);
		else if (channel->form == MESSAGE_FORM_SMS && t->typology_count == 0)
			faults_say(faults, false, folder, 0, 0, "no SMS of its own for %.*s %s: which fraud it is must be said",
			           SLICE_PRINT(typology), levels[level]);
	}
}

static void check_coverage(const char *folder, const struct catalogue *c, struct faults *faults)
{
	for (size_t i = 0; i < c->typology_count; i++) {
		struct slice id = c->typologies[i].id;
		if (id.at[0] != 'V')
			continue;
		if (catalogue_phrase(c, id) == NULL)
			faults_say(faults, false, folder, 0, 0, "phrases.yaml says nothing of %.*s", SLICE_PRINT(id));
		for (const struct message_channel *channel = message_channels; channel->name != NULL; channel++)
			check_words_of(folder, c, id, channel, faults);
	}
	for (int kind = MESSAGE_CODE; kind < MESSAGE_KINDS; kind++)
		for (const struct message_channel *channel = message_channels; channel->name != NULL; channel++)
			if (kind != MESSAGE_DRILL &&
			    catalogue_message(c, (enum message_kind)kind, slice_of(channel->name), (struct slice){0}, 0) == NULL)
				faults_say(faults, false, folder, 0, 0, "no %s for any typology and level over %s",
				           message_kind_names[kind], channel->name);
}

void message_lint(const char *dir, const struct catalogue *catalogue, struct faults *faults)
{
	struct linting l = {.catalogue = catalogue, .faults = faults};
	char folder[4096];

	if (catalogue->message_count == 0 && catalogue->phrase_count == 0)
		return;
	snprintf(folder, sizeof(folder), "%.4000s/messages", dir);
	arena_init(&l.arena, ARENA_BYTES_MAX);
	for (size_t i = 0; i < catalogue->message_count; i++)
		check_template(&l, &catalogue->messages[i]);
	check_coverage(folder, catalogue, faults);
	arena_deinit(&l.arena);
}
