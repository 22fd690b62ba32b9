#include "desk_words.h"

#include <stdlib.h>

enum { ADVICE_MAX = 8 };

void desk_words_init(struct desk_words *words, const struct catalogue *catalogue)
{
	*words = (struct desk_words){.catalogue = catalogue};
	pthread_mutex_init(&words->lock, NULL);
}

void desk_words_deinit(struct desk_words *words)
{
	pattern_set_free(&words->patterns);
	pthread_mutex_destroy(&words->lock);
}

static struct pattern_set *swap(struct desk_words *words, struct pattern_set *set)
{
	struct pattern_set *old;

	pthread_mutex_lock(&words->lock);
	old = words->patterns;
	words->patterns = set;
	pthread_mutex_unlock(&words->lock);
	return old;
}

void desk_words_use(struct desk_words *words, struct pattern_set *patterns)
{
	struct pattern_set *old = swap(words, pattern_set_hold(patterns));

	pattern_set_free(&old);
}

static struct pattern_set *hold(struct desk_words *words)
{
	struct pattern_set *set;

	pthread_mutex_lock(&words->lock);
	set = words->patterns != NULL ? pattern_set_hold(words->patterns) : NULL;
	pthread_mutex_unlock(&words->lock);
	return set;
}

struct notify_words desk_level_words(uint8_t level)
{
	static const char *const zh[] = {"", "蓝色", "黄色", "橙色", "红色"};

	return (struct notify_words){slice_of(zh[level]), slice_of(alert_level_names[level])};
}

/* The hit that the warning speaks of: the highest score, the earliest of several. */
static const struct hit *leading(const struct hit *hits, size_t count)
{
	const struct hit *best = hits;

	for (size_t i = 1; i < count; i++)
		if (hits[i].score > best->score)
			best = &hits[i];
	return best;
}

static struct notify_words keep(struct arena *arena, struct slice zh, struct slice en)
{
	return (struct notify_words){arena_copy(arena, zh), arena_copy(arena, en)};
}

static void fill_pattern(const struct desk_words *words, const struct pattern *pattern, struct arena *arena,
                         struct notify_warning *warning)
{
	struct notify_words *advice = arena_take(arena, ADVICE_MAX * sizeof(*advice));

	warning->title = keep(arena, pattern->title.zh, pattern->title.en);
	warning->message = keep(arena, pattern->message.zh, pattern->message.en);
	for (uint32_t i = 0; advice != NULL && words->catalogue != NULL && i < pattern->advice_count &&
	                     warning->advice_count < ADVICE_MAX;
	     i++) {
		const struct catalogue_entry *entry = catalogue_advice(words->catalogue, pattern->advice[i]);
		if (entry != NULL)
			advice[warning->advice_count++] = (struct notify_words){entry->zh, entry->en};
	}
	warning->advice = advice;
}

void desk_words_fill(struct desk_words *words, const struct alert_row *alert, const struct hit *hits,
                     size_t count, struct arena *arena, struct notify_warning *warning_r)
{
	const struct hit *lead = leading(hits, count);
	const struct catalogue_entry *typology =
		words->catalogue != NULL ? catalogue_typology(words->catalogue, alert->typology) : NULL;
	struct pattern_set *set = hold(words);
	const struct pattern *pattern = set != NULL ? pattern_set_find(set, lead->pattern) : NULL;

	*warning_r = (struct notify_warning){.level = desk_level_words(alert->level),
	                                     .pattern = lead->pattern,
	                                     .payee_name = lead->party_name,
	                                     .payee_account = lead->party_account,
	                                     .payee_is_company = lead->party_is_company,
	                                     .catalogue = words->catalogue,
	                                     .signature = words->signature};
	warning_r->typology = typology != NULL ? (struct notify_words){typology->zh, typology->en}
	                                       : (struct notify_words){alert->typology, alert->typology};
	if (pattern != NULL)
		fill_pattern(words, pattern, arena, warning_r);
	else /* gone with a reload since the hit: the typology's name must do */
		warning_r->title = warning_r->typology;
	pattern_set_free(&set);
}
