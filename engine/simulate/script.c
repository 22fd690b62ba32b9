/*
 * Reads one scenario file. Each kind of map has a table of its keys, so that an unknown key, a wrong value or a missing
 * one is told with file, line and column; what joins several keys (names of roles and parties) is settled at the end.
 */
#include "simulate/script.h"

#include <assert.h>
#include <stddef.h>

#include "base/tx.h"
#include "simulate/script_rules.h"

struct reading {
	struct script *script;
	const struct yaml_node *texts; /* the file's named lists of texts */
	struct error *error;
};

struct script_key {
	const char *name;
	int (*read)(struct reading *r, const struct yaml_node *node, void *at);
	size_t offset;
	bool required;
};

static _Thread_local const struct script_key *keys_now; /* for name_of_key() alone */

static const char *name_of_key(int i)
{
	return keys_now[i].name;
}

static int refuse_key(struct reading *r, const struct yaml_node *node, const struct script_key *keys, int count)
{
	struct yaml_node at = *node;
	const char *nearest;

	at.line = node->key_line;
	at.column = node->key_column;
	keys_now = keys;
	nearest = yaml_nearest(node->key, name_of_key, count);
	return yaml_error(r->error, &r->script->file, &at, "unknown key `%s`%s%s%s", node->key.at,
	                  nearest != NULL ? "; did you mean `" : "", nearest != NULL ? nearest : "", nearest != NULL ? "`?" : "");
}

static int read_map(struct reading *r, const struct yaml_node *map, const struct script_key *keys, int count, void *base)
{
	if (map->type != YAML_MAP)
		return yaml_error(r->error, &r->script->file, map, "expected a map of keys and values");
	for (const struct yaml_node *child = map->first; child != NULL; child = child->next) {
		int i = 0;
		while (i < count && !slice_is(child->key, keys[i].name))
			i++;
		if (i == count)
			return refuse_key(r, child, keys, count);
		if (keys[i].read(r, child, (char *)base + keys[i].offset) == -1)
			return -1;
	}
	for (int i = 0; i < count; i++)
		if (keys[i].required && yaml_find(map, keys[i].name) == NULL)
			return yaml_error(r->error, &r->script->file, map, "the key `%s` is missing", keys[i].name);
	return 0;
}

static int wrong(struct reading *r, const struct yaml_node *node, const char *expected)
{
	return yaml_error(r->error, &r->script->file, node, "`%.*s`: expected %s", SLICE_PRINT(node->text), expected);
}

static int read_text(struct reading *r, const struct yaml_node *node, void *at)
{
	if (node->type != YAML_TEXT || node->text.length == 0)
		return wrong(r, node, "a text");
	*(struct slice *)at = node->text;
	return 0;
}

static int read_string(struct reading *r, const struct yaml_node *node, void *at)
{
	if (node->type != YAML_TEXT || node->text.length == 0 || node->text.length > 64 ||
	    strspn(node->text.at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != node->text.length)
		return wrong(r, node, "letters, digits and `-`, 64 at most");
	*(const char **)at = node->text.at;
	return 0;
}

static int read_typology(struct reading *r, const struct yaml_node *node, void *at)
{
	if (node->text.length != 3 || strchr("VM", node->text.at[0]) == NULL || strspn(node->text.at + 1, "0123456789") != 2)
		return wrong(r, node, "a typology of the catalogue, such as V01 or M13");
	*(const char **)at = node->text.at;
	return 0;
}

static int read_yes(struct reading *r, const struct yaml_node *node, void *at)
{
	*(bool *)at = slice_is(node->text, "yes");
	return slice_is(node->text, "yes") || slice_is(node->text, "no") ? 0 : wrong(r, node, "yes or no");
}

static int read_count(struct reading *r, const struct yaml_node *node, void *at)
{
	return rule_count(node->text, at) ? 0 : wrong(r, node, "a count or a range such as 2..5");
}

static int read_duration(struct reading *r, const struct yaml_node *node, void *at)
{
	return rule_duration(node->text, at) ? 0 : wrong(r, node, "a duration or a range such as 5m..2h (s, m, h, d)");
}

static int read_clock(struct reading *r, const struct yaml_node *node, void *at)
{
	return rule_clock(node->text, at) ? 0 : wrong(r, node, "a time of day range such as 9:00..17:30");
}

static int read_percent(struct reading *r, const struct yaml_node *node, void *at)
{
	return rule_percent(node->text, at) ? 0 : wrong(r, node, "a percentage such as 25%");
}

static int read_yuan(struct reading *r, const struct yaml_node *node, void *at)
{
	return rule_yuan(node->text, at) ? 0 : wrong(r, node, "an amount in yuan such as 100 or 1万");
}

static int read_amount_list(struct reading *r, const struct yaml_node *node, struct script_amount *amount)
{
	*amount = (struct script_amount){.of = OF_LIST};
	for (const struct yaml_node *item = node->first; item != NULL; item = item->next) {
		if (amount->list_count == SCRIPT_AMOUNTS_MAX)
			return yaml_error(r->error, &r->script->file, item, "more than %d amounts", SCRIPT_AMOUNTS_MAX);
		if (!rule_yuan(item->text, &amount->list_minor[amount->list_count++]))
			return wrong(r, item, "an amount in yuan such as 100 or 1万");
	}
	return amount->list_count > 0 ? 0 : yaml_error(r->error, &r->script->file, node, "expected at least one amount");
}

static int read_amount(struct reading *r, const struct yaml_node *node, void *at)
{
	if (node->type == YAML_LIST)
		return read_amount_list(r, node, at);
	return rule_amount(node->text, at) ? 0
	       : wrong(r, node, "5万..48万, a list of amounts, or a share such as 90%..98% of held (balance, credit, held, usual, last)");
}

/* One of a list of words; the number of the first is 0. */
static int read_one_of(struct reading *r, const struct yaml_node *node, uint8_t *at, const char *const *words)
{
	for (uint8_t i = 0; words[i] != NULL; i++) {
		if (!slice_is(node->text, words[i]))
			continue;
		*at = i;
		return 0;
	}
	return wrong(r, node, words[0][0] == 'o' ? "own, new or shared" : words[0][0] == 'e' ? "each, same or random"
	                                                                                     : "far, near or home");
}

static int read_machine(struct reading *r, const struct yaml_node *node, void *at)
{
	static const char *const words[] = {"own", "new", "shared", NULL};

	return read_one_of(r, node, at, words);
}

static int read_pick(struct reading *r, const struct yaml_node *node, void *at)
{
	static const char *const words[] = {"each", "same", "random", NULL};

	return read_one_of(r, node, at, words);
}

static int read_where(struct reading *r, const struct yaml_node *node, void *at)
{
	static const char *const words[] = {"far", "near", "home", NULL};

	return read_one_of(r, node, at, words);
}

/* `machine` sets ip, mac and device together: they lie side by side. */
static_assert(offsetof(struct script_step, mac) == offsetof(struct script_step, ip) + 1 &&
              offsetof(struct script_step, device) == offsetof(struct script_step, ip) + 2, "ip, mac, device in a row");

static int read_machines(struct reading *r, const struct yaml_node *node, void *at)
{
	uint8_t *ip = at;

	if (read_machine(r, node, ip) == -1)
		return -1;
	ip[1] = ip[2] = ip[0];
	return 0;
}

static int read_channel(struct reading *r, const struct yaml_node *node, void *at)
{
	*(uint8_t *)at = tx_word_find(TX_CHANNEL_FIELD, node->text);
	return *(uint8_t *)at != 0 ? 0 : wrong(r, node, "a channel such as online, mobile, counter, payroll, cash");
}

static int read_kind(struct reading *r, const struct yaml_node *node, void *at)
{
	*(uint8_t *)at = tx_word_find(TX_PARTY_KIND_FIELD, node->text);
	return *(uint8_t *)at != 0 ? 0 : wrong(r, node, "company, person, treasury, bank or unknown");
}

static int class_find(struct slice name)
{
	for (int i = 0; i < PARTY_COUNT; i++)
		if (slice_is(name, party_infos[i].name))
			return i;
	return SCRIPT_NO_CLASS;
}

static int read_class(struct reading *r, const struct yaml_node *node, void *at)
{
	*(int *)at = class_find(node->text);
	return *(int *)at != SCRIPT_NO_CLASS ? 0 : wrong(r, node, "whom honest firms know, such as supplier, customer, staff");
}

static int read_kinds(struct reading *r, const struct yaml_node *node, void *at)
{
	struct script_role *role = (struct script_role *)((char *)at - offsetof(struct script_role, kinds));

	for (const struct yaml_node *item = node->first; item != NULL; item = item->next) {
		int k = 0;
		while (k < KIND_COUNT && !slice_is(item->text, kinds[k].name))
			k++;
		if (k == KIND_COUNT || role->kind_count == KIND_COUNT)
			return wrong(r, item, "a kind of enterprise such as factory, trader, shell");
		role->kinds[role->kind_count++] = (uint8_t)k;
	}
	return role->kind_count > 0 ? 0 : yaml_error(r->error, &r->script->file, node, "expected a list of kinds");
}

static int read_list(struct reading *r, const struct yaml_node *node, struct script_texts *texts)
{
	texts->count = 0;
	for (const struct yaml_node *item = node->first; item != NULL; item = item->next) {
		if (item->type != YAML_TEXT)
			return wrong(r, item, "a text");
		if (texts->count == SCRIPT_TEXTS_MAX)
			return yaml_error(r->error, &r->script->file, item, "more than %d texts", SCRIPT_TEXTS_MAX);
		texts->items[texts->count++] = item->text;
	}
	return texts->count > 0 ? 0 : yaml_error(r->error, &r->script->file, node, "expected at least one text");
}

static int read_names(struct reading *r, const struct yaml_node *node, void *at)
{
	return read_list(r, node, at);
}

/* A list, the name of a list of `texts`, or a single text. */
static int read_texts(struct reading *r, const struct yaml_node *node, void *at)
{
	const struct yaml_node *named = node->type == YAML_TEXT ? yaml_find(r->texts, node->text.at) : node;
	struct script_texts *texts = arena_take(&r->script->file.arena, sizeof(*texts));

	if (texts == NULL)
		return yaml_error(r->error, &r->script->file, node, "the file holds too much");
	*(const struct script_texts **)at = texts;
	if (named != NULL)
		return read_list(r, named, texts);
	*texts = (struct script_texts){{node->text}, 1};
	return 0;
}

static int read_nothing(struct reading *r, const struct yaml_node *node, void *at)
{
	(void)r, (void)node, (void)at;
	return 0;
}

#define KEYS(keys) keys, (int)(sizeof(keys) / sizeof((keys)[0]))

static const struct script_key role_keys[] = {
	{"kinds", read_kinds, offsetof(struct script_role, kinds), true},
	{"accounts", read_count, offsetof(struct script_role, accounts), false},
	{"age", read_duration, offsetof(struct script_role, age_ms), false},
};

static int read_roles(struct reading *r, const struct yaml_node *node, void *at)
{
	struct script *s = r->script;

	(void)at;
	for (const struct yaml_node *child = node->first; child != NULL; child = child->next) {
		struct script_role *role = &s->roles[s->role_count];
		if (s->role_count++ == SCRIPT_ROLES_MAX)
			return yaml_error(r->error, &s->file, child, "more than %d roles", SCRIPT_ROLES_MAX);
		*role = (struct script_role){.name = child->key, .accounts = {1, 1}};
		if (read_map(r, child, KEYS(role_keys), role) == -1)
			return -1;
		if (role->accounts.least < 1 || role->accounts.most > SCRIPT_ROLE_ACCOUNTS_MAX)
			return yaml_error(r->error, &s->file, child, "a role has 1 to %d accounts", SCRIPT_ROLE_ACCOUNTS_MAX);
	}
	return 0;
}

static const struct script_key outsider_keys[] = {
	{"kind", read_kind, offsetof(struct script_outsider, kind), true},
	{"where", read_where, offsetof(struct script_outsider, where), false},
	{"members", read_count, offsetof(struct script_outsider, members), false},
	{"country", read_text, offsetof(struct script_outsider, country), false},
	{"as", read_class, offsetof(struct script_outsider, as), false},
	{"like", read_class, offsetof(struct script_outsider, like), false},
	{"names", read_names, offsetof(struct script_outsider, names), false},
};

static int read_outsiders(struct reading *r, const struct yaml_node *node, void *at)
{
	struct script *s = r->script;

	(void)at;
	for (const struct yaml_node *child = node->first; child != NULL; child = child->next) {
		struct script_outsider *o = &s->outsiders[s->outsider_count];
		if (s->outsider_count++ == SCRIPT_OUTSIDERS_MAX)
			return yaml_error(r->error, &s->file, child, "more than %d outsiders", SCRIPT_OUTSIDERS_MAX);
		*o = (struct script_outsider){.name = child->key, .as = SCRIPT_NO_CLASS, .like = SCRIPT_NO_CLASS, .members = {1, 1}};
		if (read_map(r, child, KEYS(outsider_keys), o) == -1)
			return -1;
		if (o->members.least < 1 || o->members.most > SCRIPT_MEMBERS_MAX)
			return yaml_error(r->error, &s->file, child, "an outsider has 1 to %d members", SCRIPT_MEMBERS_MAX);
		if (o->country.at != NULL && o->country.length != 2)
			return yaml_error(r->error, &s->file, child, "a country has two letters, such as HK");
	}
	return 0;
}

static const struct script_key step_keys[] = {
	{"who", read_text, offsetof(struct script_step, who_name), true},
	{"pays", read_text, offsetof(struct script_step, pays_name), false},
	{"paid_by", read_text, offsetof(struct script_step, paid_by_name), false},
	{"amount", read_amount, offsetof(struct script_step, amount), true},
	{"round", read_yuan, offsetof(struct script_step, round_minor), false},
	{"same", read_yes, offsetof(struct script_step, same), false},
	{"purpose", read_texts, offsetof(struct script_step, purpose), false},
	{"remark", read_texts, offsetof(struct script_step, remark), false},
	{"disguise", read_percent, offsetof(struct script_step, disguise_percent), false},
	{"channel", read_channel, offsetof(struct script_step, channel), false},
	{"machine", read_machines, offsetof(struct script_step, ip), false},
	{"ip", read_machine, offsetof(struct script_step, ip), false},
	{"mac", read_machine, offsetof(struct script_step, mac), false},
	{"device", read_machine, offsetof(struct script_step, device), false},
	{"pick", read_pick, offsetof(struct script_step, pick), false},
	{"after", read_duration, offsetof(struct script_step, after_ms), false},
	{"every", read_duration, offsetof(struct script_step, every_ms), false},
	{"at", read_clock, offsetof(struct script_step, at_minute), false},
	{"workdays", read_yes, offsetof(struct script_step, workdays), false},
	{"repeat", read_count, offsetof(struct script_step, repeat), false},
	{"credential_changed", read_duration, offsetof(struct script_step, changed_ms), false},
	{"label", read_yes, offsetof(struct script_step, label), false},
};

static int role_find(const struct script *s, struct slice name)
{
	for (int i = 0; i < s->role_count; i++)
		if (slice_equal(s->roles[i].name, name))
			return i;
	return -1;
}

static struct script_whom whom_find(const struct script *s, struct slice name)
{
	int role = role_find(s, name), class = class_find(name);

	if (role != -1)
		return (struct script_whom){WHOM_ROLE, role};
	for (int i = 0; i < s->outsider_count; i++)
		if (slice_equal(s->outsiders[i].name, name))
			return (struct script_whom){WHOM_OUTSIDER, i};
	if (class == SCRIPT_NO_CLASS || class == PARTY_PEER || class == PARTY_HEAD)
		return (struct script_whom){WHOM_NONE, 0};
	return (struct script_whom){WHOM_HONEST, class};
}

static int settle_step(struct reading *r, const struct yaml_node *node, struct script_step *step)
{
	struct script *s = r->script;
	bool pays = step->pays_name.at != NULL, paid = step->paid_by_name.at != NULL;
	struct slice whom = pays ? step->pays_name : step->paid_by_name;

	if (pays == paid)
		return yaml_error(r->error, &s->file, node, "a step needs `pays` or `paid_by`, and not both");
	step->direction = pays ? TX_DEBIT : TX_CREDIT;
	step->role = role_find(s, step->who_name);
	step->whom = whom_find(s, whom);
	if (step->role == -1)
		return yaml_error(r->error, &s->file, node, "`who: %.*s` is no role of `cast`", SLICE_PRINT(step->who_name));
	if (step->whom.type == WHOM_NONE)
		return yaml_error(r->error, &s->file, node, "`%.*s` is no role, no outsider and nobody whom firms know",
		                  SLICE_PRINT(whom));
	if (paid && step->whom.type == WHOM_ROLE)
		return yaml_error(r->error, &s->file, node, "between two roles write the paying one's step; the other leg follows");
	if (step->repeat.least < 1 || step->repeat.most > SCRIPT_REPEAT_MAX)
		return yaml_error(r->error, &s->file, node, "`repeat` is 1 to %d", SCRIPT_REPEAT_MAX);
	return 0;
}

static int read_steps(struct reading *r, const struct yaml_node *node, void *at)
{
	struct script *s = r->script;

	(void)at;
	for (const struct yaml_node *child = node->first; child != NULL; child = child->next) {
		struct script_step *step = &s->steps[s->step_count];
		if (s->step_count++ == SCRIPT_STEPS_MAX)
			return yaml_error(r->error, &s->file, child, "more than %d steps", SCRIPT_STEPS_MAX);
		*step = (struct script_step){.line = child->line, .repeat = {1, 1}, .label = true, .channel = TX_ONLINE,
		                             .every_ms = {60000, 600000}};
		if (read_map(r, child, KEYS(step_keys), step) == -1 || settle_step(r, child, step) == -1)
			return -1;
	}
	return s->step_count > 0 ? 0 : yaml_error(r->error, &s->file, node, "expected at least one step");
}

static const struct script_key title_keys[] = {
	{"zh", read_text, offsetof(struct script, title_zh), true},
	{"en", read_text, offsetof(struct script, title_en), true},
};

static int read_title(struct reading *r, const struct yaml_node *node, void *at)
{
	(void)at;
	return read_map(r, node, KEYS(title_keys), r->script);
}

/* Steps stand last in the table's reading because they name roles and outsiders: the file must have them last too. */
static const struct script_key script_keys[] = {
	{"id", read_string, offsetof(struct script, id), true},
	{"typology", read_typology, offsetof(struct script, typology), true},
	{"title", read_title, 0, true},
	{"story", read_nothing, 0, true},
	{"texts", read_nothing, 0, false},
	{"cast", read_roles, 0, true},
	{"outsiders", read_outsiders, 0, false},
	{"rounds", read_count, offsetof(struct script, rounds), false},
	{"round_after", read_duration, offsetof(struct script, round_after_ms), false},
	{"steps", read_steps, 0, true},
};

static int settle(struct script *script, struct error *error)
{
	struct reading r = {script, yaml_find(script->file.root, "texts"), error};

	script->rounds = (struct script_range){1, 1};
	if (read_map(&r, script->file.root, KEYS(script_keys), script) == -1)
		return -1;
	if (script->rounds.least < 1 || script->rounds.most > SCRIPT_ROUNDS_MAX)
		return yaml_error(error, &script->file, yaml_find(script->file.root, "rounds"), "`rounds` is 1 to %d",
		                  SCRIPT_ROUNDS_MAX);
	return 0;
}

static int settle_or_free(struct script *script, struct error *error)
{
	if (settle(script, error) == 0)
		return 0;
	script_free(script);
	return -1;
}

int script_read(struct script *script, const char *name, const char *bytes, size_t length, struct error *error)
{
	*script = (struct script){0};
	if (yaml_load_bytes(&script->file, name, bytes, length, error) == -1)
		return -1;
	return settle_or_free(script, error);
}

int script_read_file(struct script *script, const char *path, struct error *error)
{
	*script = (struct script){0};
	if (yaml_load_file(&script->file, path, error) == -1)
		return -1;
	return settle_or_free(script, error);
}

void script_free(struct script *script)
{
	yaml_free(&script->file);
	*script = (struct script){0};
}
