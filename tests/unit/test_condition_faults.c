/*
 * What the language of `where` says of faults: what was found, what was expected, and the nearest known word, each
 * at its exact place.
 */
#include "tests/unit/match_fixture.h"

#include "base/money.h"
#include "pattern/condition.h"

enum { ARENA_BYTES = 64 << 20 };

static struct arena arena;
static int64_t rates[256];
static struct complaint complaint;
static struct questions questions;

static int set_up(void **state)
{
	(void)state;
	arena_init(&arena, ARENA_BYTES);
	rates[money_currency_find(slice_of("USD"))] = 7100000;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_deinit(&arena);
	questions_deinit(&questions);
	return 0;
}

static int list_number(void *context, struct slice name, const char **why_r)
{
	(void)context;
	*why_r = "a sound name";
	return memchr(name.at, '/', name.length) != NULL ? -1 : 0;
}

static struct condition_context context_of(const char *where)
{
	return (struct condition_context){.arena = &arena, .text = slice_of(where), .rates = rates,
	                                  .complaint = &complaint, .questions = &questions, .list = list_number};
}

static const struct {
	const char *where, *text;
} condition_faults[] = {
	{"§amout > 5万",
     "unknown field `amout`; expected a field of the transaction (did you mean `amount`?)"},
	{"amount > 5万 and §kind = person",
     "unknown field `kind`; expected a field of the transaction (did you mean "
     "`counterparty.kind`?)"},
	{"§zzzzzz = 1", "unknown field `zzzzzz`; expected a field of the transaction"},
	{"counterparty.kind = §persn",
     "`persn` is no counterparty.kind; expected one of company, person, treasury, bank, "
     "unknown (did you mean `person`?)"},
	{"counterparty.kind in [person, §firm]",
     "`firm` is no counterparty.kind; expected one of company, person, "
     "treasury, bank, unknown"},
	{"currency = §RMB", "`RMB` is no currency; expected a currency code such as CNY or USD"},
	{"age(account) < 2 §hourz",
     "unknown unit `hourz`; expected 百 千 万 亿, 元 or a currency code, %, or s m h d (did "
     "you mean `h`?)"},
	{"age(account) < 3§days",
     "unknown unit `days`; expected 百 千 万 亿, 元 or a currency code, %, or s m h d (did you "
     "mean `d`?)"},
	{"amount > 5§萬", "unknown unit `萬`; expected 百 千 万 亿, 元 or a currency code, %, or s m h d "
                      "(did you mean `万`?)"},
	{"amount > 5万§x", "unknown unit `x`; expected 百 千 万 亿, 元 or a currency code, %, or s m h d"},
	{"amount > 50 §HKD", "no rate for HKD in the settings (rates); write the amount in CNY"},
	{"age(account) < 1h30§", "a number without its unit; expected s, m, h or d behind it"},
	{"amount > §0.001", "too fine; an amount has at most 2 decimals"},
	{"amount > §1.1234567", "too fine; at most 6 decimals"},
	{"amount > §1234567890123456789", "too many digits; at most 18"},
	{"amount > §99999999999999999亿", "too large a number"},
	{"length(remark) > §100000亿", "too large a number"},
	{"amount > 5万 §50", "found `50`; expected `and`, `or` or the end"},
	{"amount > 5万元 §元", "found `元` behind a value that has its unit already"},
	{"amount > §", "the condition ends here; expected a field, a function, a number or a text"},
	{"§", "the condition ends here; expected a field, a function, a number or a text"},
	{"amount >= 5万 §&& direction = debit", "`&&` means nothing here; write `and`"},
	{"amount > 5万 §， balance > 1", "`，` means nothing here; write `,`"},
	{"amount §＞ 5万", "`＞` means nothing here; write `>`"},
	{"length(remark) §# 5", "`#` means nothing here"},
	{"signs(amount > 1, §balance) > 1",
     "`balance` is an amount; expected a comparison or another question: signs(amount > p95(debits, 90d), "
     "is_holiday(booked_at))"},
	{"§signs(amount > 1) >= 1", "1 argument; expected signs(amount > p95(debits, 90d), is_holiday(booked_at))"},
	{"§signs(amount > 1, balance > 1)", "the condition is a number; expected a comparison such as amount >= 5万"},
	{"amount > 5万 and §", "the condition ends here; expected a field, a function, a number or a text"},
	{"amount > 5万 §amount < 3",
     "unknown unit `amount`; expected 百 千 万 亿, 元 or a currency code, %, or s m h d"},
	{"(amount > 5万§", "the condition ends here; expected `)`"},
	{"amount in §(1, 2)", "found `(`; expected `[` and a list behind `in`"},
	{"amount in [1, 2§", "the condition ends here; expected `,` or `]`"},
	{"amount in [§5..3]",
     "a range that goes backwards; write the smaller end first, or two ranges (22..23, 0..5)"},
	{"amount in [1, §balance]", "a list holds constants only, and no empty text"},
	{"§5 in [1, 2]", "a constant; expected a field before `in`"},
	{"counterparty.kind in [§person..bank]", "a word has no ranges"},
	{"amount not §= 5", "found `=`; expected `in` behind `not`"},
	{"remark = §'急付", "this text is not closed; expected another '"},
	{"remark = §''",
     "nothing equals an empty text; to ask whether a field is there write present(field)"},
	{"remark = §5", "`remark` is a text and `5` is a number; they cannot be compared"},
	{"amount > §90%", "`amount` is an amount and `90%` is a percentage; they cannot be compared"},
	{"amount > §2h", "`amount` is an amount and `2h` is a duration; they cannot be compared"},
	{"hour(booked_at) > §5元",
     "`hour(booked_at)` is a number and `5元` is an amount; they cannot be compared"},
	{"direction = §channel", "`channel` is no direction; expected one of debit, credit"},
	{"§direction > debit", "`direction` is a word, which has no order; expected = or !="},
	{"§remark > 'a'", "`remark` is a text, which has no order; expected = or !="},
	{"§1 = 2", "compares two constants; expected a field on one side"},
	{"§amount", "the condition is an amount; expected a comparison such as amount >= 5万"},
	{"amount > 5 and §balance", "`balance` is an amount; expected a comparison or another question"},
	{"not §amount", "`amount` is an amount; expected a comparison or another question"},
	{"§amount + age(account) > 5",
     "`amount` is an amount and `age(account)` is a duration; `+` does not join them"},
	{"§amount * balance > 5", "`amount` is an amount and `balance` is an amount; `*` does not join them"},
	{"§-remark > 5", "`-` goes before a number, an amount or a duration, not a text"},
	{"amount > §5万 / 0", "a division by zero"},
	{"§agee(account) > 1d", "unknown function `agee` (did you mean `age`?)"},
	{"§age > 1d", "`age` is a function; write age(account), age(credential), age(enterprise) or age(counterparty)"},
	{"age(§acount) > 1d", "found `acount`; expected `account`, `credential`, `enterprise` or `counterparty`"},
	{"§age() > 1d", "0 arguments; expected age(account), age(credential), age(enterprise) or age(counterparty)"},
	{"hour(§amount) > 5", "`amount` is an amount; expected a time: hour(booked_at)"},
	{"§hour(booked_at, booked_at) > 5", "the wrong number of arguments; expected hour(booked_at)"},
	{"hour(booked_at §booked_at) > 5", "found `booked_at`; expected `,` or `)`"},
	{"contains(§amount, 'x')", "expected a text field: contains(remark, '…')"},
	{"contains(remark, §purpose)", "expected a text in quotes: contains(remark, '…')"},
	{"contains(remark, §'')", "an empty text is in every text"},
	{"contains(remark, §'。！')", "folding drops all of this text, so it is in every text"},
	{"present(§5)", "expected a field: present(balance)"},
	{"is_round(amount, §0)", "expected an amount above 0 written out: is_round(amount, 1万)"},
	{"is_round(§hour(booked_at), 5)", "a number; expected an amount: is_round(amount, 1万)"},
	{"opened_on > §2026-02-31",
     "`2026-02-31` is no day or moment; expected 2026-03-01 or 2026-03-01T08:00:00+08:00"},
	{"1 < amount < 3 §< 4",
     "found `<`; expected `and` or `or`; at most three values are compared in a row"},
	{"§and amount > 1", "found `and`; expected a field, a function, a number or a text"},
	{"a.b §..c = 1", "found `..`; expected `and`, `or` or the end"},
	{"§known > 1d", "`known` is a function; write known(counterparty.account)"},
	{"known(§counterparty.kind)",
     "found `counterparty.kind`; expected counterparty.account, counterparty.name, ip, mac or device"},
	{"known(§acount)", "found `acount`; expected counterparty.account, counterparty.name, ip, mac or device "
                       "(did you mean `account`?)"},
	{"§known(ip, mac)", "2 arguments; expected known(counterparty.account)"},
	{"first_seen(§5) > 1d", "found `5`; expected counterparty.account, counterparty.name, ip, mac or device"},
	{"known(ip) = §5", "`known(ip)` is yes or no and `5` is a number; they cannot be compared"},
	{"first_seen(ip) < §5", "`first_seen(ip)` is a duration and `5` is a number; they cannot be compared"},
	{"count(§debit, 24h) > 1",
     "found `debit`; expected debits, credits or all: count(debits, 24h) (did you mean `debits`?)"},
	{"count(§amount, 24h) > 1", "found `amount`; expected debits, credits or all: count(debits, 24h)"},
	{"count(debits, §24) > 1", "found `24`; expected a duration such as 24h: count(debits, 24h)"},
	{"count(debits, §91d) > 1", "`91d` is too long; the memory of an account holds 90d"},
	{"count(debits, §0h) > 1", "found `0h`; expected a duration such as 24h: count(debits, 24h)"},
	{"count(debits, §idle()) > 1", "found `idle()`; expected a duration such as 24h: count(debits, 24h)"},
	{"§count(debits) > 1", "1 argument; expected count(debits, 24h)"},
	{"count(debits §24h) > 1", "found `24h`; expected `,` or `)`"},
	{"debits.§count() > 1", "1 argument; expected count(debits, 24h)"},
	{"credits.§cuont(24h) > 1", "unknown function `cuont` (did you mean `count`?)"},
	{"debits > §5", "`debits` is a set of transactions and `5` is a number; they cannot be compared"},
	{"§debits", "the condition is a set of transactions; expected a comparison such as amount >= 5万"},
	{"§debits = credits", "`debits` is a set of transactions; expected a figure of it such as count(debits, 24h)"},
	{"sum(debits, 24h) > §5h", "`sum(debits, 24h)` is an amount and `5h` is a duration; they cannot be compared"},
	{"count(debits, 24h) > §5元", "`count(debits, 24h)` is a number and `5元` is an amount; they cannot be compared"},
	{"count(debits where counterparty.kind = §persn, 24h) > 1",
     "`persn` is no counterparty.kind; expected one of company, person, treasury, bank, unknown (did you mean "
     "`person`?)"},
	{"count(debits where §kind = person, 24h) > 1",
     "found `kind`; the conditions of a set may ask counterparty.kind, channel, hour, amount and counterparty = this, "
     "new or known (did you mean `counterparty.kind`?)"},
	{"count(debits where §remark = 'x', 24h) > 1",
     "found `remark`; the conditions of a set may ask counterparty.kind, channel, hour, amount and counterparty = "
     "this, new or known"},
	{"count(debits where §not channel = online, 24h) > 1",
     "found `not channel = online`; the conditions of a set may ask counterparty.kind, channel, hour, amount and "
     "counterparty = this, new or known"},
	{"count(debits where channel = online §or channel = pos, 24h) > 1",
     "found `or`; expected `and` or `,`: only `and` joins the conditions of a set"},
	{"count(debits where §amount != 5, 24h) > 1",
     "found `amount != 5`; expected one comparison or one range of the amount in the conditions of a set"},
	{"count(debits where §amount in [1, 2], 24h) > 1",
     "found `amount in [1, 2]`; expected one comparison or one range of the amount in the conditions of a set"},
	{"count(debits where amount > §balance, 24h) > 1",
     "found `balance`; expected an amount written out, or `this`"},
	{"count(debits where amount > §2h, 24h) > 1", "found `2h`; expected an amount written out, or `this`"},
	{"count(debits where hour = §24, 24h) > 1", "found `24`; expected an hour from 0 to 23"},
	{"count(debits where hour in [§22..5], 24h) > 1",
     "a range that goes backwards; write the smaller end first, or two ranges (22..23, 0..5)"},
	{"count(debits where §counterparty = old, 24h) > 1",
     "found `counterparty = old`; expected counterparty = this, counterparty = new or counterparty = known"},
	{"count(debits where §channel > online, 24h) > 1",
     "found `channel > online`; expected =, != or in in the conditions of a set"},
	{"count(debits where channel = §5, 24h) > 1", "`5` is a number; expected a word of channel"},
	{"count(debits where counterparty = new and §counterparty = known, 24h) > 1",
     "no transaction can be in this set; its conditions exclude each other"},
	{"count(debits where amount > 5 and §amount < 5, 24h) > 1",
     "no transaction can be in this set; its conditions exclude each other"},
	{"count(§hours where channel = online, 24h) > 1",
     "`hours` is no set of transactions; expected debits, credits or all"},
	{"share(§debits, 24h) > 5%",
     "a set without conditions is all of itself; expected share(debits where counterparty.kind = person, 24h)"},
	{"p95(debits, §30d) > 5", "percentiles are kept over 90d; expected 90d"},
	{"p95(§all, 90d) > 5",
     "percentiles are kept of all debits and all credits; expected debits or credits alone"},
	{"§p0(debits, 90d) > 5", "unknown function `p0`"},
	{"§p100(debits, 90d) > 5", "unknown function `p100`"},
	{"newcomers(§all, 30d) > 3", "payees and payers are known apart; expected debits or credits alone: newcomers(credits, 30d)"},
	{"newcomers(§debits where amount >= 5, 30d) > 3",
	 "payees and payers are known apart; expected debits or credits alone: newcomers(credits, 30d)"},
	{"drained_days(§1, 7d) > 3",
     "found `1`; expected a percentage from 0% to 100% with at most one decimal: drained_days(1%, 7d)"},
	{"drained_days(§0.05%, 7d) > 3",
     "found `0.05%`; expected a percentage from 0% to 100% with at most one decimal: drained_days(1%, 7d)"},
	{"drained_days(1%, §17d) > 3", "`17d` is too long; the memory of an account holds 16d"},
	{"§idle(5) > 1d", "the wrong number of arguments; expected idle()"},
	{"zeros(§hour(booked_at)) > 3",
     "found `hour(booked_at)`; expected an amount such as the field amount: zeros(amount)"},
	{"is_holiday(§amount)", "`amount` is an amount; expected a time: is_holiday(booked_at)"},
	{"length(§'abc') > 2", "a text written out; expected a field: length(remark)"},
	{"listed(§amount, 'x')",
     "found `amount`; lists hold accounts, names, ip addresses and credit codes: expected counterparty.account, "
     "counterparty.name, ip, account, account_name, operator or enterprise"},
	{"listed(ip, §mules)", "found `mules`; expected the name of a list in quotes: "
                           "listed(counterparty.account, 'stop-payment')"},
	{"listed(ip, §'a/b')", "found `'a/b'`; expected a sound name"},
	{"same_address(§5) > 3", "found `5`; expected a duration such as 180d: same_address(180d)"},
	{"same_city(§ip)", "found `ip`; expected counterparty.bank or place"},
	{"contains(§enterprise.scop, 'x')",
     "unknown field `enterprise.scop`; expected a field of the transaction (did you mean `enterprise.scope`?)"},
	{"is_staff(§amount)", "`amount` is an amount; expected a text: is_staff(counterparty.name)"},
	{"enterprise.registered_on > §5",
     "`enterprise.registered_on` is a time and `5` is a number; they cannot be compared"},
};

/* `§` marks where the fault must be found. */
static void faults_are_named_at_their_place(void **state)
{
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(condition_faults) / sizeof(condition_faults[0]); i++) {
		char where[512], *mark;
		struct condition_context context;
		uint32_t offset;
		snprintf(where, sizeof(where), "%s", condition_faults[i].where);
		mark = strstr(where, "§");
		assert_non_null(mark);
		offset = (uint32_t)(mark - where);
		memmove(mark, mark + strlen("§"), strlen(mark + strlen("§")) + 1);
		context = context_of(where);
		if (condition_compile(&context) != NULL)
			fail_msg("%s: taken without a fault", where);
		if (strcmp(complaint.text, condition_faults[i].text) != 0)
			print_error("%s:\n  says     %s\n  expected %s\n", where, complaint.text, condition_faults[i].text), failed++;
		if (complaint.offset != offset)
			print_error("%s: at %u, expected %u\n", where, complaint.offset, offset), failed++;
	}
	assert_int_equal(failed, 0);
}

/* What patterns/README.md shows on lines of their own is right. */
static void the_readme_shows_conditions(void **state)
{
	FILE *readme = fopen("patterns/README.md", "r");
	char line[1024];
	int shown = 0;

	(void)state;
	assert_non_null(readme);
	while (fgets(line, sizeof(line), readme) != NULL) {
		struct condition_context context;
		line[strcspn(line, "\n")] = '\0';
		if (strncmp(line, "  where: ", 9) != 0 || line[9] == '>')
			continue;
		context = context_of(line + 9);
		if (condition_compile(&context) == NULL)
			fail_msg("%s: %s", line + 9, complaint.text);
		shown++;
	}
	fclose(readme);
	assert_true(shown >= 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(faults_are_named_at_their_place), cmocka_unit_test(the_readme_shows_conditions),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
