/*
 * Patterns that would cost too much are refused, with their place, within 2 s of processor time (I6: the set at
 * hand stays as it is).
 */
#include "tests/unit/match_fixture.h"

#include <time.h>

enum { REFUSED_WITHIN_MS = 2000 };

static char detect[1 << 20];

static int64_t spent_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void refused(const char *text)
{
	char *yaml = fixture_yaml(text);
	struct error error;
	int64_t from_ms = spent_ms();
	struct pattern_set *set = fixture_set_try(yaml, &error);

	if (set != NULL)
		fail_msg("%.200s: was taken", text);
	if (spent_ms() - from_ms > REFUSED_WITHIN_MS)
		fail_msg("%.200s: took %lld ms", text, (long long)(spent_ms() - from_ms));
	if (strncmp(error.text, "t.yaml:", 7) != 0)
		fail_msg("%.200s: no place: %s", text, error.text);
	free(yaml);
}

/* `before`, then `piece` so many times, then `behind`. */
static const char *repeated(const char *before, const char *piece, int times, const char *behind)
{
	size_t length = (size_t)sprintf(detect, "%s", before);

	for (int i = 0; i < times; i++)
		length += (size_t)sprintf(detect + length, "%s", piece);
	sprintf(detect + length, "%s", behind);
	return detect;
}

static void large_conditions(void **state)
{
	(void)state;
	refused(repeated("  where: amount > 1", " and amount > 1", 2000, "\n"));
	refused(repeated("  where: ", "not ", 400, "present(ip)\n"));
	refused(repeated("  where: ", "(", 400, "amount > 1\n"));
	refused(repeated("  where: amount > 1", " and count(debits, 1h) * 2 + sum(credits, 2h) / 3 > 4", 200, "\n"));
	refused(repeated("  where: amount in [1", ", 1..2", 3000, "]\n"));
	refused("  where: amount > 99999999999999999999\n");
	refused("  where: count(debits, 3650d) > 1\n");
	refused("  where: p0(debits, 90d) > 1\n");
	refused("  where: count(debits where amount > 1 or amount < 2, 1d) > 1\n");
}

static void endless_sequences(void **state)
{
	(void)state;
	refused(repeated("  sequence:\n    steps: [{direction: debit}", ", {direction: debit}", 40, "]\n"));
	refused("  sequence: {steps: [{direction: debit, repeat: 1..100000}]}\n");
	refused("  sequence: {steps: [{direction: credit, repeat: 60}, {direction: debit, repeat: 60}]}\n");
	refused("  sequence: {steps: [{direction: debit}], within: 3650d}\n");
	refused("  sequence: {steps: [{direction: debit}], gaps: 100000}\n");
	refused(repeated("  sequence:\n    steps: [{name: a, direction: debit}]\n    having: sum(a) > 1", " and sum(a) > 1",
	                 2000, "\n"));
}

static void wide_links(void **state)
{
	(void)state;
	refused("  link: {by: ip, distinct: account, at_least: 4000000000, within: 24h}\n");
	refused("  link: {by: ip, distinct: account, at_least: 3, within: 3650d}\n");
	refused("  link: {by: account, distinct: bank, at_least: 3, within: 24h}\n");
	refused("  path: {shape: cycle, hops: 3..90, within: 72h}\n");
	refused("  path: {shape: chain, hops: 1, within: 72h}\n");
	refused("  path: {shape: chain, hops: 3..5, within: 72h}\n");
	refused("  path: {shape: to-listed, list: stop-payment, hops: 1..13, within: 72h}\n");
}

#define ENDS "]}]}]}]}]}"

static void deep_and_many(void **state)
{
	(void)state;
	refused(repeated("  any_of: [", "{where: amount > 1}, ", 100, "{where: amount > 2}]\n"));
	refused(repeated("  any_of: [", "{any_of: [{where: amount > 1}, ", 20, "{where: amount > 2}" ENDS ENDS ENDS ENDS "]\n"));
	refused(repeated("  text: {in: remark, any: ['/(a|b)", "{0,99}", 60, "/']}\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(large_conditions), cmocka_unit_test(endless_sequences), cmocka_unit_test(wide_links),
		cmocka_unit_test(deep_and_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
