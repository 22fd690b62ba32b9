/*
 * What fraudsters do: a scenario file as a list of steps (seeds/scenarios/README.md is the format's
 * reference).
 *
 * A script is read once and never changes. Its texts borrow from the file's tree, which the set keeps.
 */
#ifndef SIMULATE_SCRIPT_H
#define SIMULATE_SCRIPT_H

#include "base/yaml.h"
#include "simulate/tables.h"

#define SCRIPTS_MAX 256
#define SCRIPT_ROLES_MAX 6
#define SCRIPT_ROLE_ACCOUNTS_MAX 12
#define SCRIPT_OUTSIDERS_MAX 8
#define SCRIPT_MEMBERS_MAX 1000
#define SCRIPT_STEPS_MAX 24
#define SCRIPT_TEXTS_MAX 48
#define SCRIPT_AMOUNTS_MAX 16
#define SCRIPT_REPEAT_MAX 300
#define SCRIPT_ROUNDS_MAX 30

struct script_range {
	int64_t least, most;
};

struct script_texts {
	struct slice items[SCRIPT_TEXTS_MAX];
	int count;
};

/* Accounts of the population that play a part. */
struct script_role {
	struct slice name;
	uint8_t kinds[KIND_COUNT];
	int kind_count;
	struct script_range accounts;
	struct script_range age_ms; /* both 0: as the kind has it */
};

enum script_where { WHERE_FAR, WHERE_NEAR, WHERE_HOME };

#define SCRIPT_NO_CLASS (-1)

/* Accounts outside, made up for each performance. */
struct script_outsider {
	struct slice name;
	uint8_t kind; /* enum tx_party_kind */
	uint8_t where;
	int as, like; /* enum party_class whose name it bears, or nearly bears; SCRIPT_NO_CLASS */
	bool one_account; /* all members have the same */
	struct script_range members;
	struct slice country;
	struct script_texts names;
};

enum script_of { OF_YUAN, OF_LIST, OF_BALANCE, OF_CREDIT, OF_HELD, OF_USUAL, OF_LAST };

struct script_amount {
	enum script_of of;
	struct script_range range; /* minor units for OF_YUAN, else basis points */
	int64_t list_minor[SCRIPT_AMOUNTS_MAX];
	int list_count;
};

enum script_whom_type { WHOM_NONE, WHOM_ROLE, WHOM_OUTSIDER, WHOM_HONEST };

struct script_whom {
	enum script_whom_type type;
	int index; /* of the role, the outsider, or enum party_class */
};

enum script_machine { MACHINE_OWN, MACHINE_NEW, MACHINE_SHARED };
enum script_pick { PICK_EACH, PICK_SAME, PICK_RANDOM };

struct script_step {
	int line; /* of the file, for messages */
	struct slice who_name, pays_name, paid_by_name;
	int role;
	uint8_t direction, channel;
	uint8_t ip, mac, device; /* enum script_machine */
	uint8_t pick; /* enum script_pick */
	bool same, label, workdays;
	struct script_whom whom;
	struct script_amount amount;
	int64_t round_minor; /* 0: as the simulator thinks fit */
	int64_t disguise_percent;
	const char *typology; /* of its label */
	const struct script_texts *purpose, *remark; /* NULL: none */
	struct script_range after_ms, every_ms, repeat, changed_ms;
	/* of the day in China; least == most: any time; least > most: over midnight */
	struct script_range at_minute;
};

struct script {
	struct yaml file; /* owned */
	const char *id, *typology;
	struct slice title_zh, title_en;
	struct script_role roles[SCRIPT_ROLES_MAX];
	struct script_outsider outsiders[SCRIPT_OUTSIDERS_MAX];
	struct script_step steps[SCRIPT_STEPS_MAX];
	int role_count, outsider_count, step_count;
	struct script_range rounds, round_after_ms;
};

struct script_set {
	struct script *items[SCRIPTS_MAX]; /* owned, in the order of their ids */
	int count;
};

/* Reads every *.yaml of a folder. On -1 nothing needs freeing. */
int script_set_load(struct script_set *set, const char *dir, struct error *error);
void script_set_free(struct script_set *set);

/* One script from bytes; script_free() gives it back. */
int script_read(struct script *script, const char *name, const char *bytes, size_t length,
                struct error *error);
int script_read_file(struct script *script, const char *path, struct error *error);
void script_free(struct script *script);

#endif
