#include "tests/unit/profile_fixture.h"

#include <stdio.h>
#include <string.h>

#include "base/instant.h"

uint64_t feed_random(struct feed *feed, uint64_t below)
{
	feed->seed = feed->seed * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (feed->seed >> 20) % below;
}

void feed_begin(struct feed *feed, uint64_t seed, const struct feed_kind *kind)
{
	*feed = (struct feed){.kind = *kind, .seed = seed * 2654435761U + 17};
	for (int i = 0; i < 4; i++)
		feed_random(feed, 2);
	/* 2026-01-05 00:00 in China, a Monday, and any moment of the year behind. */
	feed->clock_ms = INT64_C(1767542400000) + (int64_t)feed_random(feed, 300) * INSTANT_DAY_MS;
}

static void texts(struct feed *feed)
{
	struct tx *tx = &feed->tx;
	unsigned party = (unsigned)feed_random(feed, feed->kind.parties);

	snprintf(feed->id, sizeof(feed->id), "T%u", feed->number++);
	snprintf(feed->party, sizeof(feed->party), "62220%u", party);
	snprintf(feed->name, sizeof(feed->name), "云桥市第%u贸易有限公司", party / 2);
	snprintf(feed->mac, sizeof(feed->mac), "02-00-%u", (unsigned)feed_random(feed, 3));
	tx->id = slice_of(feed->id);
	/* Some banks send no account, and some nothing. */
	if (party % 5 != 4)
		tx->counterparty.account = slice_of(feed->party);
	if (party % 7 != 6)
		tx->counterparty.name = slice_of(feed->name);
	tx->mac = slice_of(feed->mac);
	tx->counterparty.kind = party % 3 == 0 ? TX_PERSON : TX_COMPANY;
}

static int64_t amount(struct feed *feed)
{
	int64_t most = feed->kind.amount_most;

	switch (feed_random(feed, 4)) {
	case 0: return 1 + (int64_t)feed_random(feed, 4) * 100;
	case 1: return (most / 100 + 1) * 100;
	default: return 1 + (int64_t)feed_random(feed, (uint64_t)most);
	}
}

const struct tx *feed_next(struct feed *feed)
{
	struct tx *tx = &feed->tx;
	int64_t late_ms = 0;

	tx_init(tx);
	tx->bank = slice_of("102100099996");
	tx->account = slice_of("62001");
	texts(feed);
	if (feed_random(feed, 6) > 0)
		feed->clock_ms += 1 + (int64_t)feed_random(feed, (uint64_t)feed->kind.gap_ms * 2);
	if (feed_random(feed, 8) >= feed->kind.night_of_8) {
		int hour = instant_china_hour(feed->clock_ms);

		if (hour < 9 || hour >= 17)
			feed->clock_ms += ((hour < 9 ? 9 : 33) - hour) * INSTANT_HOUR_MS;
	}
	if (feed->kind.late_ms > 0 && feed_random(feed, 8) == 0)
		late_ms = (int64_t)feed_random(feed, (uint64_t)feed->kind.late_ms);
	tx->booked_ms = feed->clock_ms - late_ms;
	tx->direction = feed_random(feed, 2) ? TX_DEBIT : TX_CREDIT;
	tx->channel = (uint8_t)(1 + feed_random(feed, 3));
	tx->amount_minor = amount(feed);
	tx->balance_minor = feed_random(feed, 3) == 0 ? 0 : (int64_t)feed_random(feed, 100000);
	return tx;
}
