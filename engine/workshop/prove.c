/*
 * Which conditions of patterns no test would miss. A pattern is loaded with its copies and without the others, so that
 * one way through each of its tests decides all of them.
 */
#include <stdlib.h>

#include "workshop/test_play.h"

/* A test that the list `allow` quiets says nothing: the list is for the pattern, not for its copies. */
static bool is_quieted(const struct pattern_test *test)
{
	for (uint32_t i = 0; i < test->list_count; i++)
		if (slice_is(test->lists[i].name, REFERENCE_ALLOW))
			return true;
	return false;
}

/* Marks the copies that end this test otherwise than the pattern. */
static void prove_by(struct test_player *player, const struct pattern *pattern, const struct pattern_test *test,
                     struct test_hits *hits, bool *proved, struct workshop_proved *counts)
{
	const struct pattern_set *set = player->set;

	if (test_play(player, pattern, test, hits) == -1 || !test_is_kept(test, &hits[pattern - set->patterns])) {
		counts->failed++;
		return;
	}
	for (size_t i = 0; i < pattern_set_count(set) && !is_quieted(test); i++)
		proved[i] = proved[i] || !test_is_kept(test, &hits[i]);
}

static void prove(struct test_player *player, workshop_prove_report *report, void *context,
                  struct workshop_proved *counts)
{
	const struct pattern_set *set = player->set;
	const struct pattern *pattern = pattern_set_at(set, 0); /* its copies' ids come behind it */
	struct test_hits *hits = test_hits_new(set);
	bool *proved = calloc(pattern_set_count(set), sizeof(*proved));

	if (proved == NULL)
		die("out of memory: testing patterns");
	for (uint32_t i = 0; i < pattern->test_count; i++)
		prove_by(player, pattern, &pattern->tests[i], hits, proved, counts);
	counts->patterns++;
	counts->conditions += (unsigned)pattern_set_count(set) - 1;
	for (size_t i = 1; i < pattern_set_count(set); i++)
		if (!proved[i]) {
			counts->unproved++;
			report(context, pattern_set_at(set, i));
		}
	free(proved);
	free(hits);
}

static int prove_file(struct test_player *player, const char *dir, const char *file, workshop_prove_report *report,
                      void *context, struct workshop_proved *counts, struct error *error)
{
	struct pattern_options options = {.run_all = true, .weakened = true};

	if (pattern_set_load_file(dir, file, &options, &player->set, error) == -1)
		return -1;
	prove(player, report, context, counts);
	pattern_set_free(&player->set);
	return 0;
}

int workshop_prove(const char *dir, struct slice only, workshop_prove_report *report, void *context,
                   struct workshop_proved *proved_r, struct error *error)
{
	struct pattern_options options = {.check_only = true};
	struct test_player player;
	struct pattern_set *all;
	int result = 0;

	*proved_r = (struct workshop_proved){0};
	if (pattern_set_load(dir, &options, &all, error) == -1)
		return -1;
	if (only.length > 0 && pattern_set_find(all, only) == NULL)
		result = error_set(error, "there is no pattern `%.*s`; `huqi list patterns` shows all", SLICE_PRINT(only));
	test_player_init(&player, NULL);
	for (size_t i = 0; i < pattern_set_count(all) && result == 0; i++) {
		const struct pattern *pattern = pattern_set_at(all, i);
		if (only.length > 0 ? slice_equal(only, pattern->id) : pattern->status == PATTERN_ACTIVE)
			result = prove_file(&player, dir, pattern->file.at, report, context, proved_r, error);
	}
	test_player_deinit(&player);
	pattern_set_free(&all);
	return result;
}
