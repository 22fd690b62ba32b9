/* The simulated feed as a whole: its determinism, the contract, balances, labels, the registry. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/ident.h"
#include "base/instant.h"
#include "base/utf8.h"
#include "simulate/script.h"
#include "simulate/simulate.h"

enum { ACCOUNTS_MAX = 4096 };

static struct simulate_options options(uint64_t seed, int enterprises, int days, const char *scenarios)
{
	struct simulate_options o;

	simulate_options_init(&o);
	o.seed = seed;
	o.enterprises = enterprises;
	o.days = days;
	o.scenarios = scenarios;
	return o;
}

static struct simulation *begin(const struct simulate_options *o)
{
	struct simulation *s = NULL;
	struct error error = {""};

	if (simulate_new(o, &s, &error) == -1)
		fail_msg("%s", error.text);
	return s;
}

/* FNV-1a over every field of a transaction. */
static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ ((const unsigned char *)bytes)[i]) * UINT64_C(0x100000001B3);
	return hash;
}

static uint64_t hash_tx(uint64_t hash, const struct tx *tx)
{
	for (int f = 0; f < TX_FIELD_COUNT; f++) {
		struct slice text;
		if (tx_fields[f].type != TX_TYPE_TEXT)
			continue;
		text = tx_text(tx, (enum tx_field)f);
		hash = hash_bytes(hash, &text.length, sizeof(text.length));
		hash = hash_bytes(hash, text.at, text.length);
	}
	hash = hash_bytes(hash, &tx->booked_ms, sizeof(tx->booked_ms));
	hash = hash_bytes(hash, &tx->amount_minor, sizeof(tx->amount_minor));
	hash = hash_bytes(hash, &tx->balance_minor, sizeof(tx->balance_minor));
	hash = hash_bytes(hash, &tx->credential_ms, sizeof(tx->credential_ms));
	return hash_bytes(hash, &tx->direction, 1);
}

/* The hash of a whole feed with its labels. */
static uint64_t feed_hash(const struct simulate_options *o, uint64_t *count_r)
{
	struct simulation *s = begin(o);
	const struct simulate_label *label;
	uint64_t hash = UINT64_C(0xCBF29CE484222325);
	struct tx tx;

	*count_r = 0;
	while (simulate_next(s, &tx, &label) == 1) {
		hash = hash_tx(hash, &tx);
		if (label != NULL)
			hash = hash_bytes(hash, label->scenario, strlen(label->scenario));
		++*count_r;
	}
	simulate_free(&s);
	return hash;
}

/* I2: the same seed and options, the same feed. */
static void the_same_seed_gives_the_same_feed(void **state)
{
	struct simulate_options o = options(42, 80, 10, "all");
	uint64_t count, again;

	(void)state;
	assert_true(feed_hash(&o, &count) == feed_hash(&o, &again));
	assert_true(count > 3000 && count == again);
}

static void another_seed_gives_another_feed(void **state)
{
	struct simulate_options a = options(42, 80, 5, "all"), b = options(43, 80, 5, "all");
	uint64_t count;

	(void)state;
	assert_true(feed_hash(&a, &count) != feed_hash(&b, &count));
}

/* The same on every compiler and machine. The number changes whenever the simulated world does; then it is
 * taken anew from what the test prints. */
static void the_feed_does_not_depend_on_the_compiler(void **state)
{
	struct simulate_options o = options(7, 60, 8, "none");
	uint64_t count, hash = feed_hash(&o, &count);

	(void)state;
	if (hash != UINT64_C(0x6AF70AC4E03D4495))
		fail_msg("the feed of seed 7 hashes to 0x%016llX", (unsigned long long)hash);
}

static void check_texts(const struct tx *tx)
{
	for (int f = 0; f < TX_FIELD_COUNT; f++) {
		struct slice text;
		if (tx_fields[f].type != TX_TYPE_TEXT)
			continue;
		text = tx_text(tx, (enum tx_field)f);
		if (text.length == 0)
			continue;
		assert_true(utf8_valid(text.at, text.length));
		assert_null(memchr(text.at, '\0', text.length));
		assert_in_range(utf8_count(text), 1, tx_fields[f].characters_max);
	}
}

static void check_identifiers(const struct tx *tx)
{
	assert_true(tx->id.length > 0);
	assert_true(ident_bank_checks(tx->bank));
	assert_true(ident_uscc_checks(tx->enterprise));
	assert_in_range(tx->account.length, 16, 19);
	if (tx->counterparty.bank.length > 0)
		assert_true(ident_bank_checks(tx->counterparty.bank));
	if (tx->counterparty.account.length > 0)
		assert_in_range(tx->counterparty.account.length, 16, 19);
	if (tx->place.length > 0)
		assert_int_equal(tx->place.length, 6);
}

static void every_transaction_keeps_the_contract(void **state)
{
	struct simulate_options o = options(5, 300, 12, "all");
	struct simulation *s;
	const struct simulate_label *label;
	int64_t last_ms = o.first_day * INSTANT_DAY_MS - INSTANT_CHINA_MS;
	struct tx tx;

	(void)state;
	o.fraud_permille = 700;
	s = begin(&o);
	while (simulate_next(s, &tx, &label) == 1) {
		check_texts(&tx);
		check_identifiers(&tx);
		assert_true(tx.amount_minor > 0);
		assert_true(tx.direction == TX_DEBIT || tx.direction == TX_CREDIT);
		assert_int_equal(tx.status, TX_BOOKED);
		assert_true(tx.channel >= TX_ONLINE && tx.channel <= TX_OTHER);
		assert_true(tx.booked_ms >= last_ms); /* in the order of booking */
		assert_true(tx.opened_day <= instant_china_day(tx.booked_ms));
		assert_true(tx.credential_ms == TX_ABSENT || tx.credential_ms < tx.booked_ms);
		last_ms = tx.booked_ms;
	}
	assert_int_equal(instant_china_day(last_ms), o.first_day + o.days - 1);
	simulate_free(&s);
}

/* What an account said last, found by its number in a plain table. */
struct account_memory {
	char account[24];
	int64_t balance_minor;
};

static struct account_memory *memory_of(struct account_memory *all, int *count, struct slice account)
{
	for (int i = 0; i < *count; i++)
		if (slice_is(account, all[i].account))
			return &all[i];
	assert_true(*count < ACCOUNTS_MAX);
	memcpy(all[*count].account, account.at, account.length);
	all[*count].account[account.length] = '\0';
	all[*count].balance_minor = INT64_MIN;
	return &all[(*count)++];
}

static void balances_add_up_and_are_never_negative(void **state)
{
	static struct account_memory all[ACCOUNTS_MAX];
	struct simulate_options o = options(6, 150, 20, "all");
	const struct simulate_label *label;
	struct simulation *s = begin(&o);
	struct tx tx;
	int count = 0;

	(void)state;
	while (simulate_next(s, &tx, &label) == 1) {
		struct account_memory *m = memory_of(all, &count, tx.account);
		int64_t change = tx.direction == TX_DEBIT ? -tx.amount_minor : tx.amount_minor;
		if (m->balance_minor != INT64_MIN)
			assert_int_equal(tx.balance_minor, m->balance_minor + change);
		assert_true(tx.balance_minor >= 0);
		m->balance_minor = tx.balance_minor;
	}
	assert_in_range(count, 140, 150);
	simulate_free(&s);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* I4 needs ids that are unique within their bank. */
static void ids_are_unique_within_a_bank(void **state)
{
	enum { ID_BYTES = 40, MOST = 60000 };
	struct simulate_options o = options(8, 120, 10, "all");
	char(*ids)[ID_BYTES] = calloc(MOST, ID_BYTES);
	const struct simulate_label *label;
	struct simulation *s = begin(&o);
	struct tx tx;
	size_t count = 0;

	(void)state;
	while (simulate_next(s, &tx, &label) == 1 && count < MOST)
		snprintf(ids[count++], ID_BYTES, "%.*s/%.*s", SLICE_PRINT(tx.bank), SLICE_PRINT(tx.id));
	qsort(ids, count, ID_BYTES, by_text);
	for (size_t i = 1; i < count; i++)
		assert_string_not_equal(ids[i - 1], ids[i]);
	assert_in_range(count, 5000, MOST - 1);
	free(ids);
	simulate_free(&s);
}

/* One bank's feed is what the whole feed says about it, so that each bank can travel in another format. */
static void a_banks_feed_is_a_part_of_the_whole(void **state)
{
	struct simulate_options whole = options(9, 60, 6, "all"), part = whole;
	const struct simulate_label *label;
	struct simulation *a, *b;
	struct tx x, y;
	char bank[16];
	int seen = 0;

	(void)state;
	snprintf(bank, sizeof(bank), "%s", simulate_bank_code(2));
	part.bank = bank;
	a = begin(&whole);
	b = begin(&part);
	while (simulate_next(a, &x, &label) == 1) {
		if (!slice_is(x.bank, bank))
			continue;
		assert_int_equal(simulate_next(b, &y, &label), 1);
		assert_true(hash_tx(1, &x) == hash_tx(1, &y));
		seen++;
	}
	assert_int_equal(simulate_next(b, &y, &label), 0);
	assert_true(seen > 500);
	simulate_free(&a);
	simulate_free(&b);
}

static int label_index(const struct script_set *set, const struct simulate_label *label)
{
	for (int i = 0; i < set->count; i++)
		if (strcmp(set->items[i]->id, label->scenario) == 0)
			return i;
	fail_msg("the label %s %s is no scenario", label->typology, label->scenario);
	return 0;
}

static void every_scenario_is_played_and_labelled(void **state)
{
	struct simulate_options o = options(10, 500, 30, "all");
	int seen[SCRIPTS_MAX] = {0};
	struct script_set set;
	struct error error;
	const struct simulate_label *label;
	struct simulation *s;
	struct tx tx;

	(void)state;
	o.fraud_permille = 400;
	assert_int_equal(script_set_load(&set, o.scenario_dir, &error), 0);
	s = begin(&o);
	while (simulate_next(s, &tx, &label) == 1)
		if (label != NULL)
			seen[label_index(&set, label)]++;
	for (int i = 0; i < set.count; i++)
		if (seen[i] == 0)
			fail_msg("%s left no transaction", set.items[i]->id);
	simulate_free(&s);
	script_set_free(&set);
}

static void scenarios_by_name_all_play(void **state)
{
	struct simulate_options o = options(11, 40, 20, "cycle, V17,remote-control");
	const struct simulate_label *label;
	int cycle = 0, v17 = 0, remote = 0;
	struct simulation *s;
	struct tx tx;

	(void)state;
	o.fraud_permille = 0;
	s = begin(&o);
	while (simulate_next(s, &tx, &label) == 1) {
		if (label == NULL)
			continue;
		cycle += strcmp(label->scenario, "cycle") == 0;
		v17 += strcmp(label->typology, "V17") == 0;
		remote += strcmp(label->scenario, "remote-control") == 0;
	}
	assert_true(cycle >= 6 && v17 >= 2 && remote >= 3);
	assert_int_equal(simulate_stats(s)->runs, 4);
	simulate_free(&s);
}

/* What honest firms do: enough, mostly by day and on workdays, and no label. */
static void honest_firms_are_busy_by_day(void **state)
{
	struct simulate_options o = options(12, 200, 28, "none");
	const struct simulate_label *label;
	struct simulation *s = begin(&o);
	uint64_t count = 0, night = 0, weekend = 0;
	struct tx tx;

	(void)state;
	while (simulate_next(s, &tx, &label) == 1) {
		int hour = instant_china_hour(tx.booked_ms);
		assert_null(label);
		count++;
		night += hour >= 23 || hour < 5;
		weekend += instant_china_weekday(tx.booked_ms) >= 6;
	}
	assert_in_range(count / 200, 200, 450);
	assert_in_range(night * 100 / count, 1, 12);
	assert_in_range(weekend * 100 / count, 3, 20); /* 2 of 7 days */
	assert_in_range(simulate_stats(s)->unfunded * 1000 / count, 0, 15);
	assert_int_equal(simulate_stats(s)->over_day_bound + simulate_stats(s)->over_mirror_bound, 0);
	simulate_free(&s);
}

static void refused(const struct simulate_options *o, const char *word)
{
	struct simulation *s;
	struct error error = {""};

	assert_int_equal(simulate_new(o, &s, &error), -1);
	assert_null(s);
	if (strstr(error.text, word) == NULL)
		fail_msg("`%s` does not speak of `%s`", error.text, word);
}

static void wrong_options_are_told(void **state)
{
	struct simulate_options o = options(1, 0, 1, "none");

	(void)state;
	refused(&o, "enterprises");
	o = options(1, 10, SIMULATE_DAYS_MAX + 1, "none");
	refused(&o, "days");
	o = options(1, 10, 1, "V77");
	refused(&o, "`V77` is no scenario");
	o = options(1, 2, 1, "cycle");
	refused(&o, "too few");
	o = options(1, 10, 1, "none");
	o.bank = "102100099996";
	refused(&o, "102100099996");
	o = options(1, 10, 1, "all");
	o.scenario_dir = "seeds/nowhere";
	refused(&o, "seeds/nowhere");
}

static void truth_lines_are_as_the_contract_says(void **state)
{
	struct simulate_label label = {"V01", "boss-in-chat", 3};
	char line[SIMULATE_TRUTH_BYTES];
	struct tx tx;
	int length;

	(void)state;
	tx_init(&tx);
	tx.bank = slice_of("102100099996");
	tx.id = slice_of("20260302000070");
	length = simulate_write_truth(&tx, &label, line);
	assert_int_equal(length, strlen(line));
	assert_string_equal(line,
	                    "{\"tx\":{\"bank\":\"102100099996\",\"id\":\"20260302000070\"},\"typology\":\"V01\","
	                          "\"scenario\":\"boss-in-chat\"}\n");
}

/* Lines of a file, and whether each has `commas` of them (no field of the sample holds one). */
static int lines_of(const char *dir, const char *name, int commas)
{
	char path[256], line[1024];
	int count = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file) != NULL) {
		int here = 0;
		for (const char *c = line; *c != '\0'; c++)
			here += *c == ',';
		assert_int_equal(here, commas);
		count++;
	}
	fclose(file);
	assert_int_equal(unlink(path), 0);
	return count;
}

static void the_registry_has_every_enterprise(void **state)
{
	struct simulate_contact contact = {"webhook", "http://127.0.0.1:9/in", "s"};
	struct simulate_options o = options(13, 25, 1, "none");
	char dir[] = "/tmp/test_simulate.XXXXXX";
	struct simulation *s = begin(&o);
	struct error error = {""};

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(simulate_registry_write(s, &contact, dir, &error), 0);
	assert_int_equal(lines_of(dir, "enterprises.csv", 7), 26);
	assert_int_equal(lines_of(dir, "accounts.csv", 4), 26);
	assert_int_equal(lines_of(dir, "contacts.csv", 7), 51);
	assert_int_equal(lines_of(dir, "jurisdictions.csv", 3), 7);
	assert_int_equal(rmdir(dir), 0);
	assert_int_equal(simulate_registry_write(s, NULL, dir, &error), -1);
	assert_non_null(strstr(error.text, dir));
	simulate_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_seed_gives_the_same_feed),
		cmocka_unit_test(another_seed_gives_another_feed),
		cmocka_unit_test(the_feed_does_not_depend_on_the_compiler),
		cmocka_unit_test(every_transaction_keeps_the_contract),
		cmocka_unit_test(balances_add_up_and_are_never_negative),
		cmocka_unit_test(ids_are_unique_within_a_bank),
		cmocka_unit_test(a_banks_feed_is_a_part_of_the_whole),
		cmocka_unit_test(every_scenario_is_played_and_labelled),
		cmocka_unit_test(scenarios_by_name_all_play),
		cmocka_unit_test(honest_firms_are_busy_by_day),
		cmocka_unit_test(wrong_options_are_told),
		cmocka_unit_test(truth_lines_are_as_the_contract_says),
		cmocka_unit_test(the_registry_has_every_enterprise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
