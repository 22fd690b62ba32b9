#include "patterns_load.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/folder.h"

/* The cache is a help: without its folder everything is compiled at each start. */
static const char *cache_folder(const struct settings *settings)
{
	if (settings->patterns_cache[0] == '\0')
		return NULL;
	folder_make_for(settings->patterns_cache, NULL);
	return mkdir(settings->patterns_cache, 0750) == 0 || errno == EEXIST ? settings->patterns_cache
	                                                                     : NULL;
}

static int load_rules(const char *dir, struct judge_rules *rules_r, struct error *error)
{
	struct catalogue *catalogue;

	if (catalogue_load(dir, &catalogue, error) == -1)
		return -1;
	*rules_r = judge_rules_default();
	for (int i = LEVEL_BLUE; i <= LEVEL_RED; i++)
		rules_r->score_of_level[i] = catalogue->score_of_level[i];
	rules_r->score_cap = catalogue->score_cap;
	rules_r->gap_ms = catalogue->episode_gap_ms;
	catalogue_free(&catalogue);
	return 0;
}

static int load(const struct settings *settings, bool explain, struct pattern_set **set_r,
                struct judge_rules *rules_r, struct error *error)
{
	struct pattern_rate rates[SETTINGS_RATES_MAX];
	struct pattern_options options = {.cache_dir = cache_folder(settings),
	                                  .rates = rates,
	                                  .rate_count = (size_t)settings->rate_count,
	                                  .explain = explain};

	for (int i = 0; i < settings->rate_count; i++)
		rates[i] =
			(struct pattern_rate){settings->rates[i].currency, settings->rates[i].cny_millionths};
	if (rules_r != NULL && load_rules(settings->patterns_dir, rules_r, error) == -1)
		return -1;
	return pattern_set_load(settings->patterns_dir, &options, set_r, error);
}

int patterns_load(const struct settings *settings, struct pattern_set **set_r, struct judge_rules *rules_r,
                  struct error *error)
{
	return load(settings, false, set_r, rules_r, error);
}

int patterns_load_explained(const struct settings *settings, struct pattern_set **set_r,
                            struct judge_rules *rules_r, struct error *error)
{
	return load(settings, true, set_r, rules_r, error);
}
