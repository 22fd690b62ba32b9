/*
 * What other rooms send to people of enterprises through the outbox: bulletins and exercises. All inside a store job.
 *
 * Both go out in office hours only (notify/office.h), whoever puts them and when: the claim of a delivery sees to
 * that, also for a repeated attempt. Neither starts an escalation.
 */
#ifndef NOTIFY_POST_H
#define NOTIFY_POST_H

#include "base/fill.h"
#include "store/store.h"

struct catalogue;
struct notify_put;
struct notify_timer;
struct notify_words;

/* One delivery. All borrowed for the call. */
struct notify_post {
	enum delivery_kind kind; /* DELIVERY_BULLETIN or DELIVERY_DRILL */
	struct slice subject; /* the bulletin's or the drill's id */
	uint8_t level; /* of a drill; else 0 */
	const struct contact_row *contact;
	const struct way_row *way;
	struct slice base; /* of a drill: notify_exercise(); else empty */
	const struct fill_value *more; /* what the template asks for besides */
	size_t more_count;
	int64_t due_ms;
};

/*
 * The id is a function of kind, subject, level and way, so that nobody is told twice. 1 new, 0 it is there already, or
 * its destination has a copy of a bulletin already (a robot that colleagues share); -1. Adds to the timer's `put`.
 */
int notify_post(struct notify_timer *timer, const struct notify_post *post, struct arena *arena, struct error *error);

/* An exercise, in words; `typology` by the catalogue. */
struct notify_exercise {
	struct slice drill, typology;
	uint8_t level;
	struct slice uscc, enterprise_name;
	int64_t amount_minor; /* of the invented payment */
	int64_t now_ms;
};
/* What is the same for all receivers of an enterprise: says of itself that the payment is invented. */
int notify_exercise(const struct catalogue *catalogue, const struct notify_exercise *exercise, struct arena *arena,
                    struct slice *base_r, struct error *error);

/* Whom the first step of a level would tell of a real warning now, and by how many of his first ways. */
struct notify_first {
	const struct contact_row *contact; /* in the arena */
	size_t way_count;
	int64_t at_ms; /* now, or when his quiet hours are over */
};
int notify_first_step(struct notify_timer *timer, uint8_t level, struct slice uscc, struct arena *arena,
                      struct notify_first **first_r, size_t *count_r, struct error *error);

#endif
