/*
 * Reads one scenario file. Each kind of map has a table of its keys, so that an unknown key, a wrong value
 * or a missing one is told with file, line and column; what joins several keys (names of roles and
 * parties) is settled at the end.
 */
#include "simulate/script.h"

#include <stddef.h>

#include "base/tx.h"
#include "simulate/script_read.h"

static _Thread_local const struct script_key *keys_now; /* for name_of_key() alone */

static const char *name_of_key(int i)
{
	return keys_now[i].name;
}

static int refuse_key(struct reading *r, const struct yaml_node *node, const struct script_key *keys,
                      int count)
{
	struct yaml_node at = *node;
	const char *nearest;

	at.line = node->key_line;
	at.column = node->key_column;
	keys_now = keys;
	nearest = yaml_nearest(node->key, name_of_key, count);
	if (nearest == NULL)
		return yaml_error(r->error, &r->script->file, &at, "unknown key `%s`", node->key.at);
	return yaml_error(r->error, &r->script->file, &at, "unknown key `%s`; did you mean `%s`?", node->key.at,
	                  nearest);
}

static int read_map(struct reading *r, const struct yaml_node *map, const struct script_key *keys, int count,
                    void *base)
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

#define KEYS(keys) keys, (int)(sizeof(keys) / sizeof((keys)[0]))

static const struct script_key role_keys[] = {
	{"kinds", script_read_kinds, offsetof(struct script_role, kinds), true},
	{"accounts", script_read_count, offsetof(struct script_role, accounts), false},
	{"age", script_read_duration, offsetof(struct script_role, age_ms), false},
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
	{"kind", script_read_kind, offsetof(struct script_outsider, kind), true},
	{"where", script_read_where, offsetof(struct script_outsider, where), false},
	{"members", script_read_count, offsetof(struct script_outsider, members), false},
	{"country", script_read_text, offsetof(struct script_outsider, country), false},
	{"as", script_read_class, offsetof(struct script_outsider, as), false},
	{"like", script_read_class, offsetof(struct script_outsider, like), false},
	{"names", script_read_names, offsetof(struct script_outsider, names), false},
	{"one_account", script_read_yes, offsetof(struct script_outsider, one_account), false},
};

static int read_outsiders(struct reading *r, const struct yaml_node *node, void *at)
{
	struct script *s = r->script;

	(void)at;
	for (const struct yaml_node *child = node->first; child != NULL; child = child->next) {
		struct script_outsider *o = &s->outsiders[s->outsider_count];
		if (s->outsider_count++ == SCRIPT_OUTSIDERS_MAX)
			return yaml_error(r->error, &s->file, child, "more than %d outsiders", SCRIPT_OUTSIDERS_MAX);
		*o = (struct script_outsider){
			.name = child->key, .as = SCRIPT_NO_CLASS, .like = SCRIPT_NO_CLASS, .members = {1, 1}
		};
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
	{"who", script_read_text, offsetof(struct script_step, who_name), true},
	{"pays", script_read_text, offsetof(struct script_step, pays_name), false},
	{"paid_by", script_read_text, offsetof(struct script_step, paid_by_name), false},
	{"amount", script_read_amount, offsetof(struct script_step, amount), true},
	{"round", script_read_yuan, offsetof(struct script_step, round_minor), false},
	{"same", script_read_yes, offsetof(struct script_step, same), false},
	{"purpose", script_read_texts, offsetof(struct script_step, purpose), false},
	{"remark", script_read_texts, offsetof(struct script_step, remark), false},
	{"disguise", script_read_percent, offsetof(struct script_step, disguise_percent), false},
	{"channel", script_read_channel, offsetof(struct script_step, channel), false},
	{"machine", script_read_machines, offsetof(struct script_step, ip), false},
	{"ip", script_read_machine, offsetof(struct script_step, ip), false},
	{"mac", script_read_machine, offsetof(struct script_step, mac), false},
	{"device", script_read_machine, offsetof(struct script_step, device), false},
	{"pick", script_read_pick, offsetof(struct script_step, pick), false},
	{"after", script_read_duration, offsetof(struct script_step, after_ms), false},
	{"every", script_read_duration, offsetof(struct script_step, every_ms), false},
	{"at", script_read_clock, offsetof(struct script_step, at_minute), false},
	{"workdays", script_read_yes, offsetof(struct script_step, workdays), false},
	{"repeat", script_read_count, offsetof(struct script_step, repeat), false},
	{"credential_changed", script_read_duration, offsetof(struct script_step, changed_ms), false},
	{"label", script_read_yes, offsetof(struct script_step, label), false},
	{"typology", script_read_typology, offsetof(struct script_step, typology), false},
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
	int role = role_find(s, name), class = script_class_find(name);

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
	if (step->typology == NULL)
		step->typology = s->typology;
	step->role = role_find(s, step->who_name);
	step->whom = whom_find(s, whom);
	if (step->role == -1)
		return yaml_error(r->error, &s->file, node, "`who: %.*s` is no role of `cast`",
		                  SLICE_PRINT(step->who_name));
	if (step->whom.type == WHOM_NONE)
		return yaml_error(r->error, &s->file, node, "`%.*s` is no role, no outsider and nobody whom firms know",
		                  SLICE_PRINT(whom));
	if (paid && step->whom.type == WHOM_ROLE)
		return yaml_error(r->error, &s->file, node,
		                  "between two roles write the paying one's step; the other leg follows");
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
	{"zh", script_read_text, offsetof(struct script, title_zh), true},
	{"en", script_read_text, offsetof(struct script, title_en), true},
};

static int read_title(struct reading *r, const struct yaml_node *node, void *at)
{
	(void)at;
	return read_map(r, node, KEYS(title_keys), r->script);
}

/* Steps stand last in the table's reading because they name roles and outsiders: the file must have them
 * last too. */
static const struct script_key script_keys[] = {
	{"id", script_read_string, offsetof(struct script, id), true},
	{"typology", script_read_typology, offsetof(struct script, typology), true},
	{"title", read_title, 0, true},
	{"story", script_read_nothing, 0, true},
	{"texts", script_read_nothing, 0, false},
	{"cast", read_roles, 0, true},
	{"outsiders", read_outsiders, 0, false},
	{"rounds", script_read_count, offsetof(struct script, rounds), false},
	{"round_after", script_read_duration, offsetof(struct script, round_after_ms), false},
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

int script_read(struct script *script, const char *name, const char *bytes, size_t length,
                struct error *error)
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
