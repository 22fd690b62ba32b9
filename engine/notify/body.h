/*
 * The bodies of what routing sends, each made in one place.
 *
 * A warning is kept as what is the same for all receivers (message_base) and becomes the body of one delivery here. A
 * call speaks to a centre's duty contact, a digest of several warnings at once.
 */
#ifndef NOTIFY_BODY_H
#define NOTIFY_BODY_H

#include "notify/telling.h"

/* huqi.warning.v1 of one delivery. */
int body_warning(struct telling *t, const struct warning_row *warning, struct slice id,
                 const struct contact_row *contact, const struct way_row *way, struct slice *body_r,
                 struct error *error);

/* huqi.call.v1: what an analyst on duty is to do, and about which alert. */
int body_call(struct telling *t, const struct call_row *call, struct slice id, const struct contact_row *contact,
              const struct way_row *way, struct slice *body_r, struct error *error);

/* huqi.digest.v1: accounts masked, how many, the highest level, the amount at risk in all. */
int body_digest(struct telling *t, const struct gathered_row *rows, size_t count, struct slice id,
                const struct contact_row *contact, const struct way_row *way, struct slice *body_r,
                struct error *error);

#endif
