/*
 * The evidence of a hit: its facts and its reason in words, and how both become JSON.
 */
#ifndef MATCH_EVIDENCE_H
#define MATCH_EVIDENCE_H

#include "match/matcher.h"
#include "match/writer.h"

enum {
	EVIDENCE_BYTES_MAX = 16 << 10,
	EVIDENCE_VALUE_BYTES = 96,
	EVIDENCE_SNIPPET_CHARACTERS = 40, /* of a marked text, in the reason */
};

/* A value that decided, as it stands in `facts`: name and text. */
struct evidence_fact {
	struct slice name;
	uint8_t type; /* enum value_type */
	uint8_t field;
	int64_t value; /* by type */
	const struct program_fact *of; /* of a condition; NULL: of another part */
	char text[EVIDENCE_VALUE_BYTES];
};

struct evidence_facts {
	struct evidence_fact items[MATCH_FACTS_MAX];
	uint32_t count;
};

/* The amount first, then what the conditions that held looked at, in their order (facts.c). */
void facts_collect(struct matcher *m, const struct plan_detect *detect, struct evidence_facts *facts_r);

/* One value as it stands in `facts`; false where it is absent. */
bool facts_one(struct matcher *m, const struct program *program, const struct program_fact *of,
               struct evidence_fact *fact_r);

/* explain_sequence.c: does it hold? What it took in words, or what is there of it. */
bool sequence_said(struct matcher *m, const struct plan_sequence *sequence, char *text, size_t size);

/* What a link asks of other accounts, behind the rest (link_words.c); `plan` may be NULL. */
void link_words_write(const struct plan_link *plan, int language, struct writer *out);

/*
 * The reason in one language, 0 zh, 1 en, between the pattern's title and what its link asks (reason.c). JSON-escaped,
 * without quotes.
 */
void reason_write(struct matcher *m, const struct plan_detect *detect, const struct evidence_facts *facts, int language,
                  struct writer *out);

/* What a word of a field is called (reason.c). */
const char *reason_word(uint8_t field, const char *word, int language);

/* said.c: the sentence of a function's value, which is `value` in words; false where wording.def has none. */
bool said_write(struct matcher *m, const struct evidence_fact *fact, const char *value, int language,
                struct writer *out);

/* "1d2h" (facts.c), and from that "1 天 2 小时" (reason.c). */
void duration_text(int64_t ms, char text[EVIDENCE_VALUE_BYTES]);
void duration_words(const char *compact, int language, char *text, size_t size);

/*
 * Of the first sequence of `detect` that holds, if there is one (evidence_sequence.c): its facts as further
 * members of a JSON object, and its part of the reason.
 */
void sequence_facts_write(struct matcher *m, const struct plan_detect *detect, struct writer *out);
void sequence_words_write(struct matcher *m, const struct plan_detect *detect, int language,
                          struct writer *out);

#endif
