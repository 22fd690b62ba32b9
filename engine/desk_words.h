/*
 * What a warning says: the words of the pattern that leads an alert, of its typology, level and advice.
 *
 * The pattern set may be swapped while the desk works, so it is held here under a lock that is taken once an alert.
 */
#ifndef ENGINE_DESK_WORDS_H
#define ENGINE_DESK_WORDS_H

#include <pthread.h>

#include "judge/judge.h"
#include "notify/notify.h"
#include "pattern/pattern.h"
#include "store/store.h"

struct desk_words {
	pthread_mutex_t lock;
	struct pattern_set *patterns;      /* held, under the lock; NULL: none */
	const struct catalogue *catalogue; /* borrowed; NULL: none */
	struct slice signature;            /* who writes, borrowed; empty: MESSAGE_SIGNATURE */
};

void desk_words_init(struct desk_words *words, const struct catalogue *catalogue);
void desk_words_deinit(struct desk_words *words);
void desk_words_use(struct desk_words *words, struct pattern_set *patterns);

/* The words for an alert with these hits; texts go into the arena. */
void desk_words_fill(struct desk_words *words, const struct alert_row *alert, const struct hit *hits,
                     size_t count, struct arena *arena, struct notify_warning *warning_r);

/* The level in both languages: "红色" and "red". */
struct notify_words desk_level_words(uint8_t level);

#endif
