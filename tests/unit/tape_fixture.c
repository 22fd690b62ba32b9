#include "tests/unit/tape_fixture.h"

#include <ctype.h>

#include "base/instant.h"

enum { ARENA_BYTES = 4 << 20 };

void tape_fixture_add(struct tape_fixture *tape, int64_t after_ms, enum tx_direction direction,
                      int64_t amount_minor, uint32_t party, enum tx_party_kind kind, uint8_t left_percent)
{
	struct tx *tx = &tape->txs[tape->count];
	int64_t before_ms = tape->count > 0 ? tx[-1].booked_ms : fixture_tx().booked_ms;

	assert_true(tape->count < TAPE_FIXTURE_MAX);
	*tx = fixture_tx();
	sprintf(tape->texts[tape->count][0], "t%u", tape->count);
	sprintf(tape->texts[tape->count][1], "62220200%u", party);
	tx->id = slice_of(tape->texts[tape->count][0]);
	tx->counterparty.account = party > 0 ? slice_of(tape->texts[tape->count][1]) : (struct slice){0};
	tx->counterparty.name = (struct slice){0};
	tx->counterparty.kind = kind;
	tx->booked_ms = before_ms + after_ms;
	tx->direction = direction;
	tx->amount_minor = amount_minor;
	if (left_percent <= 100) /* of a debit: before = after + amount */
		tx->balance_minor = left_percent == 100 ? amount_minor * 1000
		                                        : amount_minor * left_percent / (100 - left_percent);
	tape->count++;
}

static int64_t unit_ms(char unit)
{
	return unit == 's' ? INSTANT_SECOND_MS : unit == 'm' ? INSTANT_MINUTE_MS
	     : unit == 'h' ? INSTANT_HOUR_MS : INSTANT_DAY_MS;
}

static enum tx_party_kind kind_of(char letter)
{
	return letter == 'c' ? TX_COMPANY : letter == 'u' ? TX_UNKNOWN : TX_PERSON;
}

void tape_fixture_read(struct tape_fixture *tape, const char *words)
{
	int64_t after_ms = 0, shift_ms;

	*tape = (struct tape_fixture){0};
	for (char *at = (char *)words; *at != '\0';) {
		enum tx_party_kind kind = TX_PERSON;
		uint32_t party = 1;
		uint8_t left = UINT8_MAX;
		char sign = *at;
		double amount = strtod(at + (sign == '+' || sign == '-'), &at);
		if (sign != '+' && sign != '-') {
			after_ms += (int64_t)amount * unit_ms(*at++);
		} else {
			if (*at == '@')
				party = (uint32_t)strtoul(at + 1, &at, 10);
			if (isalpha((unsigned char)*at))
				kind = kind_of(*at++);
			if (*at == ':')
				left = (uint8_t)strtoul(at + 1, &at, 10);
			tape_fixture_add(tape, after_ms, sign == '+' ? TX_CREDIT : TX_DEBIT,
			                 (int64_t)(amount * 100 + 0.5), party, kind, left);
			after_ms = 0;
		}
		at += strspn(at, " ");
	}
	shift_ms = fixture_tx().booked_ms - tape->txs[tape->count - 1].booked_ms;
	for (uint32_t i = 0; i < tape->count; i++)
		tape->txs[i].booked_ms += shift_ms;
	tape_fixture_put(tape, NULL);
}

void tape_fixture_put(struct tape_fixture *tape, const struct pattern_set *set)
{
	tape->shard = profile_shard_new(1, INT64_C(90) * INSTANT_DAY_MS);
	for (uint32_t i = 0; i < tape->count; i++) {
		const struct tx *tx = &tape->txs[i];
		int64_t cny = set != NULL ? plan_amount_cny(set, tx->amount_minor, tx->currency) : tx->amount_minor;
		assert_int_equal(profile_put(tape->shard, tx, cny, 0, &tape->view), PROFILE_NEW);
	}
}

void tape_fixture_free(struct tape_fixture *tape)
{
	profile_shard_free(&tape->shard);
}

static size_t match(struct matcher *matcher, const struct tape_fixture *tape, char **evidence_r)
{
	struct match_hits hits;
	struct arena arena;

	arena_init(&arena, ARENA_BYTES);
	hits = (struct match_hits){.arena = &arena};
	match_tx(matcher, &tape->txs[tape->count - 1], &tape->view, &hits);
	assert_false(hits.overflowed);
	if (evidence_r != NULL && hits.count > 0)
		*evidence_r = strndup(hits.items[0].evidence.at, hits.items[0].evidence.length);
	arena_deinit(&arena);
	return hits.count;
}

size_t tape_fixture_hits(struct matcher *matcher, const struct tape_fixture *tape)
{
	return match(matcher, tape, NULL);
}

char *tape_fixture_evidence(struct matcher *matcher, const struct tape_fixture *tape)
{
	char *evidence = NULL;

	assert_int_equal(match(matcher, tape, &evidence), 1);
	return evidence;
}
