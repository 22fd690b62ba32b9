/*
 * How script.c and script_values.c read a scenario file together. Private to the two.
 */
#ifndef SIMULATE_SCRIPT_READ_H
#define SIMULATE_SCRIPT_READ_H

#include "simulate/script.h"

struct reading {
	struct script *script;
	const struct yaml_node *texts; /* the file's named lists of texts */
	struct error *error;
};

/* A key of a map: `read` fills the member at `offset` and returns 0, or -1 with the error filled. */
struct script_key {
	const char *name;
	int (*read)(struct reading *r, const struct yaml_node *node, void *at);
	size_t offset;
	bool required;
};

int script_read_text(struct reading *r, const struct yaml_node *node, void *at);
int script_read_string(struct reading *r, const struct yaml_node *node, void *at);
int script_read_typology(struct reading *r, const struct yaml_node *node, void *at);
int script_read_yes(struct reading *r, const struct yaml_node *node, void *at);
int script_read_count(struct reading *r, const struct yaml_node *node, void *at);
int script_read_duration(struct reading *r, const struct yaml_node *node, void *at);
int script_read_clock(struct reading *r, const struct yaml_node *node, void *at);
int script_read_percent(struct reading *r, const struct yaml_node *node, void *at);
int script_read_yuan(struct reading *r, const struct yaml_node *node, void *at);
int script_read_amount(struct reading *r, const struct yaml_node *node, void *at);
int script_read_machine(struct reading *r, const struct yaml_node *node, void *at);
int script_read_pick(struct reading *r, const struct yaml_node *node, void *at);
int script_read_where(struct reading *r, const struct yaml_node *node, void *at);
int script_read_machines(struct reading *r, const struct yaml_node *node, void *at);
int script_read_channel(struct reading *r, const struct yaml_node *node, void *at);
int script_read_kind(struct reading *r, const struct yaml_node *node, void *at);
int script_read_class(struct reading *r, const struct yaml_node *node, void *at);
int script_read_kinds(struct reading *r, const struct yaml_node *node, void *at);
int script_read_names(struct reading *r, const struct yaml_node *node, void *at);
int script_read_texts(struct reading *r, const struct yaml_node *node, void *at);
int script_read_nothing(struct reading *r, const struct yaml_node *node, void *at);

/* The enum party_class of that name, SCRIPT_NO_CLASS. */
int script_class_find(struct slice name);

#endif
