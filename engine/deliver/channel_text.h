/*
 * What a body says to a person, for the channels that do not send it as it is: the fields that every body has
 * (`subject`, `text`, `level`, `answer_url`), and how texts are kept within a channel's bound.
 *
 * A row that an older version made has no `subject` and `text`; they are composed of title, message and steps.
 */
#ifndef DELIVER_CHANNEL_TEXT_H
#define DELIVER_CHANNEL_TEXT_H

#include "deliver/channel.h"

#define CHANNEL_ADVICE_MAX 8
#define CHANNEL_DIGITS_MAX 11 /* in a row; an account or a person's id has more */

struct channel_text {
	bool english;
	bool composed; /* the body has no `text`: it was made by an older version */
	struct slice subject, text; /* without control characters; `text` with \n between lines */
	struct slice level, level_name; /* "red", "红色预警"; empty where it has none */
	struct slice first_step; /* the advice that comes before everything else; may be empty */
	struct slice advice[CHANNEL_ADVICE_MAX];
	size_t advice_count;
	struct slice answer_url; /* http or https, or empty */
};

/* Texts are copied into `arena`. -1: this is no body, or its subject could break out of a header. */
int channel_text_read(const struct channel_message *message, struct arena *arena, struct channel_text *text_r,
                      struct error *error);

/*
 * No full account number or personal id goes to a third party's cloud. Bodies are masked when they are made; this is
 * the check that they were: -1 where more than CHANNEL_DIGITS_MAX digits stand in a row, be they ASCII or full-width.
 */
int channel_text_check_digits(struct slice text, struct error *error);

/*
 * The text, or its longest beginning whose characters cost at most `most` together with the ellipsis put behind it,
 * and `*cut_r` set. Never cuts through a character.
 */
struct slice channel_text_cut(struct arena *arena, struct slice text, size_t most, size_t (*cost)(uint32_t point),
                              bool *cut_r);
size_t channel_cost_json(uint32_t point); /* bytes inside a JSON string */
size_t channel_cost_utf16(uint32_t point); /* what a phone counts */
size_t channel_cost_bytes(uint32_t point);
/* The sum over a text. */
size_t channel_text_cost(struct slice text, size_t (*cost)(uint32_t point));

/* Whether the text itself shows the answer's link. */
bool channel_text_has_link(const struct channel_text *t);

/*
 * What a robot shows: the text, which a template made whole. Before a composed one stands its subject, with `markdown`
 * bold; behind one that does not show the answer's link stands that, with `markdown` under a name. Costs at most
 * `most` bytes inside a JSON string. -1 where it would tell too many digits.
 */
int channel_text_for_robot(const struct channel_text *t, bool markdown, size_t most, struct arena *arena,
                           struct slice *said_r, bool *cut_r, struct error *error);

#endif
