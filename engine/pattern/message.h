/*
 * What people are told: templates in messages/ beside the patterns, by kind, channel, typology and level.
 *
 *   messages/NAME.yaml    a list of templates: kind, channel, typology, level (each but the kind may be left out:
 *                         any, or be a list), subject and text in both languages
 *   messages/phrases.yaml typology: {method: …, check: …}: what the cheats do, and what to check, for {method} and
 *                         {check} of any template
 *
 * Of several templates that fit, the one that names the channel wins, then the typology, then the level; two that
 * say the same case are refused. Texts are filled in by message_render(), which the service, the lint and `huqi
 * patterns messages` share: what was checked is what is sent.
 *
 * An SMS never exceeds MESSAGE_SMS_UNITS, whatever the values: a long amount is shortened first, then the payee is
 * left out, then the built-in words take the template's place.
 */
#ifndef PATTERN_MESSAGE_H
#define PATTERN_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/fill.h"

#define MESSAGE_SMS_UNITS 70 /* UTF-16, with the signature and its 【】, which the channel puts in front */
#define MESSAGE_SIGNATURE "反诈中心" /* where the settings name no other */
#define MESSAGE_SUBJECT_CHARACTERS_MAX 80
#define MESSAGE_VALUE_CHARACTERS_MAX 4000 /* a bulletin's body is one */
#define MESSAGE_TEMPLATES_MAX 1024
#define MESSAGE_PHRASES_MAX 256

/* The numbers stand in the store (delivery.kind). */
enum message_kind {
	MESSAGE_WARNING, /* to an enterprise */
	MESSAGE_CODE, /* proves that an address is a contact's */
	MESSAGE_DRILL, /* a warning as an exercise; without a template of its own it says the warning's */
	MESSAGE_BULLETIN,
	MESSAGE_CALL, /* to a centre: somebody must ring an enterprise, or look at an account */
	MESSAGE_DIGEST, /* several warnings in one */
	MESSAGE_KINDS
};
extern const char *const message_kind_names[]; /* "warning", …; ended by NULL */

/* How a channel shows texts, message_channels.def. */
enum message_form { MESSAGE_FORM_PLAIN, MESSAGE_FORM_MARKDOWN, MESSAGE_FORM_SMS };
struct message_channel {
	const char *name;
	enum message_form form;
	size_t bytes_max; /* of the text */
	bool third_party; /* somebody else's cloud: no account or identity number in full */
};
extern const struct message_channel message_channels[]; /* ended by a NULL name */
/* A channel that is not in the table is plain and bounded like the webhook. */
const struct message_channel *message_channel_find(struct slice name);

struct message_words {
	struct slice zh, en;
	int line, column, line_en, column_en; /* of the texts */
};

struct message_template {
	const char *file; /* for faults */
	int line, column;
	enum message_kind kind;
	unsigned channels; /* bits by message_channels[]; 0: any */
	unsigned levels; /* bits 1 << level; 0: any */
	const struct slice *typologies; /* none: any */
	size_t typology_count;
	struct message_words subject, text; /* the subject may be empty */
};

struct message_phrase {
	struct slice typology;
	struct message_words method, check;
	const char *file;
};

/* Every {name} that a template may have, message_values.def. */
struct message_value {
	const char *name;
	unsigned kinds; /* bits 1 << kind */
	bool outside; /* it comes from a feed or a registry: no markup and no link is let through */
	const char *zh, *en; /* the longest usual one */
	const char *help;
};
extern const struct message_value message_values[]; /* ended by a NULL name */
bool message_value_is_outside(const char *name); /* true for what is not in the table */

/* For whom a text is rendered. */
struct message_ask {
	enum message_kind kind;
	struct slice channel, typology;
	uint8_t level; /* 1 blue … 4 red; 0: none */
	bool english;
	struct slice signature; /* empty: MESSAGE_SIGNATURE */
	bool as_written; /* for the lint: nothing is shortened, cut or replaced by built-in words */
};

struct message_text {
	struct slice subject, text; /* never empty */
	bool builtin; /* there was no template, or with these values none that fits: the built-in words */
	bool shortened; /* a value was shortened or left out, or the text cut, to keep a bound */
};

struct catalogue;

/*
 * Fills the template for `ask` with `values` (by the names of message_values.def; `signature`, `method` and `check`
 * are added here). Of a text with several paragraphs those but the first are left out in which a placeholder has no
 * value; else a dash stands for it. A drill begins with 【演练】 or [EXERCISE], subject and text. `catalogue` may be NULL.
 */
void message_render(const struct catalogue *catalogue, const struct message_ask *ask, const struct fill_value *values,
                    size_t count, struct arena *arena, struct message_text *text_r);

/* The longest usual values for a kind, in the arena; `title`, `typology` and `level` by the ask. */
struct fill_value *message_samples(const struct catalogue *catalogue, const struct message_ask *ask,
                                   struct arena *arena, size_t *count_r);

/*
 * A name from outside as a message may show it: no link (`a.com` → `a．com`), no number of five digits or more
 * (its digits become `*`), so that nobody's name makes an official message say what such a one never says.
 */
struct slice message_name(struct arena *arena, struct slice name);
/* The same for an SMS: letters only, MESSAGE_NAME_SHORT of them and `…`. */
#define MESSAGE_NAME_SHORT 6
struct slice message_name_short(struct arena *arena, struct slice name);

/* UTF-16 units: how a gateway counts. */
size_t message_units(struct slice text);

#endif
