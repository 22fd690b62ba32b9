/*
 * The tests that stand in pattern files, played: each from an empty memory through the service's own pipeline.
 */
#ifndef WORKSHOP_TEST_PLAY_H
#define WORKSHOP_TEST_PLAY_H

#include "decode/decode.h"
#include "pipeline.h"
#include "workshop/history.h"
#include "workshop/test_tx.h"
#include "workshop/workshop.h"

struct link;

enum { TEST_WHY_BYTES = 2048 };

struct test_player {
	struct settings settings;
	struct pattern_set *set; /* borrowed; may be another one from test to test */
	const struct decoder *json;
	struct decode_context decoding; /* owned */
	struct history_shelf shelf; /* owned */
	struct shard *shard; /* owned; it empties for each test */
	const struct pattern_set *shard_set; /* the shard's */
	struct link *link; /* owned; of the test at hand */
	struct arena linked; /* owned */
	struct work *work; /* owned */
	struct test_story story;
	char why[TEST_WHY_BYTES]; /* it could not be played; whoever plays may add to it */
};

void test_player_init(struct test_player *player, struct pattern_set *set);
void test_player_deinit(struct test_player *player);

/* Which transactions of a test one pattern hit, as each came; from 1, 0: none. */
struct test_hits {
	uint32_t first, last;
};

/* For each pattern of the set; the caller's to free(). */
struct test_hits *test_hits_new(const struct pattern_set *set);

/* One way through a test of the pattern; what every pattern of the set hit, by its number. -1 with player->why. */
int test_play(struct test_player *player, const struct pattern *pattern, const struct pattern_test *test,
              struct test_hits *hits_r);

/* A hit must come on the last transaction; a miss must never come. */
static inline bool test_is_kept(const struct pattern_test *test, const struct test_hits *hits)
{
	return test->expect_hit ? hits->last == test->feed_count : hits->first == 0;
}

/* The same, but the last transaction is not judged: what each condition says of it is reported. */
int test_play_explained(struct test_player *player, const struct pattern *pattern,
                        const struct pattern_test *test, match_explained *report, void *context);

#endif
