/*
 * Evidence packed by what it has in common with the first one, and unpacked to the same bytes.
 */
#include "link/pack.h"
#include "tests/unit/link_fixture.h"

enum { TEXT_BYTES = PACK_TEXT_MAX };

static struct pack_like like;
static char text[TEXT_BYTES], packed[TEXT_BYTES + PACK_MORE], unpacked[TEXT_BYTES];

static uint32_t there_and_back(struct slice one)
{
	uint32_t length = pack_put(&like, one, packed);

	assert_true(length <= one.length + PACK_MORE);
	assert_int_equal(pack_length(packed), one.length);
	memset(unpacked, 0x55, sizeof(unpacked));
	pack_get(&like, (struct slice){packed, length}, unpacked);
	if (one.length > 0)
		assert_memory_equal(one.at, unpacked, one.length);
	return length;
}

/* Few letters, so that all kinds of pieces are found; of all lengths, also longer than what is compared. */
static void any_text_comes_back(void **state)
{
	uint64_t random = 7;

	(void)state;
	for (int round = 0; round < 3000; round++) {
		uint32_t length = link_random(&random, round % 10 == 0 ? TEXT_BYTES + 1 : 3000), letters = 1 + link_random(&random, 4);
		if (round % 50 == 0)
			memset(&like, 0, sizeof(like));
		for (uint32_t i = 0; i < length; i++)
			text[i] = i > 40 && link_random(&random, 20) > 0 ? text[i - 40] : (char)('a' + link_random(&random, letters));
		there_and_back((struct slice){text, length});
	}
	there_and_back((struct slice){NULL, 0});
}

static void what_is_alike_becomes_short(void **state)
{
	static const char *const form =
		"{\"pattern\":\"stranger-paid\",\"version\":1,\"tx\":\"103399900012/%u\",\"score\":60,\"reason\":{\"zh\":\"同一陌生"
		"收款人一天内收多家企业大额付款；金额 %u.00 元；首次付款对象；对方户名首次出现；近 2 小时没有收款\",\"en\":\"Several"
		" enterprises pay the same stranger within a day; amount CNY %u.00; first payment to this payee; a name never met"
		" before; no receipts within 2 hours\"},\"facts\":{\"amount\":\"%u.00\",\"direction\":\"debit\"},\"text\":[]}";
	uint32_t length = 0, short_ones = 0;
	uint64_t random = 3;

	(void)state;
	memset(&like, 0, sizeof(like));
	for (int i = 0; i < 100; i++) {
		uint32_t amount = 10000 + link_random(&random, 900000);
		length += (uint32_t)snprintf(text, sizeof(text), form, link_random(&random, 1u << 30), amount, amount, amount);
		short_ones += there_and_back(slice_of(text));
	}
	assert_true(short_ones * 5 < length);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_text_comes_back),
		cmocka_unit_test(what_is_alike_becomes_short),
	};
	return cmocka_run_group_tests_name("link_pack", tests, NULL, NULL);
}
