/*
 * Private: the contact's page, phone first, in Chinese or English, without a script. It shows what the
 * delivery's own body says, which is masked (I9), and nothing that it does not say.
 */
#ifndef API_ANSWER_PAGE_H
#define API_ANSWER_PAGE_H

#include "api/html.h"
#include "notify/notify.h"

struct answer_page {
	struct slice body; /* of the delivery: huqi.warning.v1, or another with subject and text */
	struct slice alert, delivery;
	uint8_t level, kind;
	uint8_t handled; /* the level as which people handle it */
	int64_t expires_ms;
	const char *signature; /* who writes */
	struct answer_state state;
	struct slice taken_by; /* of a call: who sees to it; empty: nobody yet, or it is done */
	bool done; /* of a call */
};

void answer_page_print(struct html *html, const struct answer_page *page);

/* "Already paid, it may be fraud", "objection": an answer as people call it. */
const char *answer_word_title(const struct html *html, enum answer_word word);

/* The page of a link that is wrong, has expired or leads nowhere: whom to call, in both languages. */
void answer_page_refuse(struct html *html);

#endif
