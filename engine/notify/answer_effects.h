/*
 * Private: what an answer moves outside its own rows, each a call into whoever owns it.
 */
#ifndef NOTIFY_ANSWER_EFFECTS_H
#define NOTIFY_ANSWER_EFFECTS_H

#include "notify/notify.h"

struct effect {
	struct store *store;
	const struct catalogue *catalogue; /* NULL: as shipped */
	const struct alert_row *alert;
	struct slice delivery; /* empty: it came by phone */
	int64_t contact, now_ms; /* contact 0: unknown */
	struct notify_put *put; /* added to, counted after the commit */
};

/* Somebody has the warning: nobody further is asked. */
int effect_acknowledged(const struct effect *e, struct error *error);
/* The money is gone: handled as red from now on, and the county is called at once. */
int effect_paid(const struct effect *e, struct error *error);
/* Who does not know what to do is called: a call for the county, later the city's too. */
int effect_unsure(const struct effect *e, struct error *error);
/* The enterprise objects: a person looks into it. */
int effect_objection(const struct effect *e, struct error *error);
/* Somebody on duty says that he sees to it: the call `subject` is his, where nobody has it yet. */
int effect_taken(const struct effect *e, const struct delivery_face *delivery, struct error *error);
/* The alert's payee is not warned of for ANSWER_MUTE_MS. */
int effect_mute(const struct effect *e, struct error *error);

#endif
