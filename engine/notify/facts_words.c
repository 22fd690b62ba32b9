/*
 * Amounts and payees in words.
 */
#include "base/money.h"
#include "notify/facts.h"

enum { MILLION = 1000000, TEN_THOUSAND = 10000, HUNDRED_MILLION = 100000000, BILLION = 1000000000 };

struct amount {
	int64_t minor;
	const struct money_currency *currency;
	bool is_cny;
};

static bool amount_read(struct slice text, struct slice code, struct amount *amount_r)
{
	int found = code.length > 0 ? money_currency_find(code) : MONEY_CNY;

	if (found < 0 || money_parse(text, (uint8_t)found, false, &amount_r->minor) != MONEY_OK)
		return false;
	amount_r->currency = money_currency((uint8_t)found);
	amount_r->is_cny = found == MONEY_CNY;
	return true;
}

static struct fill_value in_words(const char *name, const struct amount *amount, const char *number, struct arena *arena)
{
	struct slice en = slice_of(arena_print(arena, "%s %s", amount->currency->code, number));

	return (struct fill_value){name, amount->is_cny ? slice_of(arena_print(arena, "%s元", number)) : en, en};
}

static void grouped(const struct amount *a, char out_r[MONEY_GROUPED_BYTES])
{
	money_format_grouped(a->minor, (uint8_t)money_currency_find(slice_of(a->currency->code)), out_r);
}

struct fill_value facts_amount(const char *name, struct slice text, struct slice currency, struct arena *arena)
{
	char number[MONEY_GROUPED_BYTES];
	struct amount amount;

	if (!amount_read(text, currency, &amount))
		return (struct fill_value){name, text, text};
	grouped(&amount, number);
	return in_words(name, &amount, number, arena);
}

/* "1.23M" or "1.23B" of a number of at least a million. */
static struct slice in_millions(const struct amount *a, int64_t major, struct arena *arena)
{
	int64_t unit = major >= BILLION ? BILLION : MILLION, hundredths = major / (unit / 100);

	return slice_of(arena_print(arena, "%s %lld.%02lld%c", a->currency->code, (long long)(hundredths / 100),
	                            (long long)(hundredths % 100), unit == BILLION ? 'B' : 'M'));
}

/* "123.4万元" or "1.2亿元". */
static struct slice in_wan(int64_t yuan, struct arena *arena)
{
	int64_t unit = yuan >= HUNDRED_MILLION ? HUNDRED_MILLION : TEN_THOUSAND, tenths = yuan / (unit / 10);

	return slice_of(arena_print(arena, "%lld.%lld%s元", (long long)(tenths / 10), (long long)(tenths % 10),
	                            unit == HUNDRED_MILLION ? "亿" : "万"));
}

struct fill_value facts_amount_short(const char *name, struct slice text, struct slice currency, struct arena *arena)
{
	char number[MONEY_GROUPED_BYTES], *point;
	struct fill_value value = {name, text, text};
	struct amount amount;
	int64_t major;

	if (!amount_read(text, currency, &amount))
		return value;
	major = amount.minor;
	for (int i = 0; i < amount.currency->decimals; i++)
		major /= 10;
	if (major >= MILLION) {
		value.en = in_millions(&amount, major, arena);
		value.zh = amount.is_cny ? in_wan(major, arena) : value.en;
		return value;
	}
	grouped(&amount, number);
	point = strchr(number, '.');
	if (point != NULL)
		*point = '\0';
	return in_words(name, &amount, number, arena);
}

struct fill_value facts_payee(const char *name, struct slice who, struct slice account, struct arena *arena)
{
	struct slice one = who.length > 0 ? who : account;

	if (who.length > 0 && account.length > 0)
		return (struct fill_value){
			name, slice_of(arena_print(arena, "%.*s（%.*s）", SLICE_PRINT(who), SLICE_PRINT(account))),
			slice_of(arena_print(arena, "%.*s (%.*s)", SLICE_PRINT(who), SLICE_PRINT(account)))};
	if (one.length > 0)
		return (struct fill_value){name, one, one};
	return (struct fill_value){name, slice_of("对方"), slice_of("the other party")};
}
