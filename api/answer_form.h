/*
 * Private: what can be pressed on the contact's page, and what is said for what was pressed. What is offered is
 * what would be taken (notify/answer.h); all else prints nothing, or that it was done.
 */
#ifndef API_ANSWER_FORM_H
#define API_ANSWER_FORM_H

#include "api/answer_page.h"

/* The four answers, whom to call, and what to do in each case. */
void answer_form_question(struct html *html);
/* The one button of what asks nothing. */
void answer_form_read(struct html *html);
/* A centre's duty takes a call; or who has it, or that it is done. */
void answer_form_call(struct html *html, const struct answer_page *page);
/* What was answered and when, and what to do now. */
void answer_form_answered(struct html *html, const struct answer_page *page);
void answer_form_mute(struct html *html, const struct answer_page *page);
void answer_form_rating(struct html *html, const struct answer_page *page);
void answer_form_objection(struct html *html, const struct answer_page *page);

#endif
