#include "decode/csv34_values.h"

#include "base/instant.h"
#include "base/money.h"
#include "base/tx.h"

struct word {
	const char *text;
	int value;
};

/* The value of `text` in a list ended by a NULL text; `none` where it isn't there. */
static int word_value(const struct word *words, struct slice text, int none)
{
	for (; words->text != NULL; words++)
		if (slice_is(text, words->text))
			return words->value;
	return none;
}

uint8_t csv34_direction(struct slice text)
{
	/* 借 (D) is the bank's debit of the customer's account: money leaves. */
	static const struct word words[] = {
		{"出", TX_DEBIT},    {"进", TX_CREDIT},   {"借", TX_DEBIT},   {"贷", TX_CREDIT},  {"D", TX_DEBIT},
		{"C", TX_CREDIT},    {"d", TX_DEBIT},     {"c", TX_CREDIT},   {"借方", TX_DEBIT}, {"贷方", TX_CREDIT},
		{"付", TX_DEBIT},    {"收", TX_CREDIT},   {"支出", TX_DEBIT}, {"收入", TX_CREDIT}, {"转出", TX_DEBIT},
		{"转入", TX_CREDIT}, {"入", TX_CREDIT},   {NULL, 0},
	};

	return (uint8_t)word_value(words, text, TX_DIRECTION_NONE);
}

uint8_t csv34_status(struct slice text)
{
	static const struct word words[] = {
		{"成功", TX_BOOKED},
		{"失败", TX_FAILED},
		{"交易成功", TX_BOOKED},
		{"交易失败", TX_FAILED},
		{"1", TX_BOOKED},
		{"0", TX_FAILED},
		{"是", TX_BOOKED},
		{"否", TX_FAILED},
		{"00", TX_BOOKED},
		{"01", TX_FAILED},
		{"0000", TX_BOOKED},
		{"000000", TX_BOOKED},
		{"Y", TX_BOOKED},
		{"N", TX_FAILED},
		{"S", TX_BOOKED},
		{"F", TX_FAILED},
		{"y", TX_BOOKED},
		{"n", TX_FAILED},
		{NULL, 0},
	};

	return (uint8_t)word_value(words, text, TX_STATUS_NONE);
}

int csv34_currency(struct slice text)
{
	static const struct {
		const char *text, *code;
	} names[] = {
		{"RMB", "CNY"},      {"156", "CNY"},  {"人民币", "CNY"},   {"人民币元", "CNY"}, {"元", "CNY"},
		{"美元", "USD"},     {"840", "USD"},  {"港币", "HKD"},     {"港元", "HKD"},     {"344", "HKD"},
		{"欧元", "EUR"},     {"978", "EUR"},  {"日元", "JPY"},     {"日圆", "JPY"},     {"392", "JPY"},
		{"英镑", "GBP"},     {"826", "GBP"},  {"澳大利亚元", "AUD"}, {"澳元", "AUD"},   {"036", "AUD"},
		{"加拿大元", "CAD"}, {"加元", "CAD"}, {"124", "CAD"},      {"新加坡元", "SGD"}, {"702", "SGD"},
		{"瑞士法郎", "CHF"}, {"756", "CHF"},  {"韩元", "KRW"},     {"韩国元", "KRW"},   {"410", "KRW"},
		{"澳门元", "MOP"},   {"446", "MOP"},  {"新台币", "TWD"},   {"901", "TWD"},      {"俄罗斯卢布", "RUB"},
		{"卢布", "RUB"},     {"643", "RUB"},  {"新西兰元", "NZD"}, {"554", "NZD"},      {"泰铢", "THB"},
		{"764", "THB"},      {"林吉特", "MYR"}, {"458", "MYR"},    {"瑞典克朗", "SEK"}, {"752", "SEK"},
		{"挪威克朗", "NOK"}, {"578", "NOK"},  {"丹麦克朗", "DKK"}, {"208", "DKK"},
	};
	char raised[3];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (slice_is(text, names[i].text))
			return money_currency_find(slice_of(names[i].code));
	if (text.length != sizeof(raised))
		return -1;
	for (size_t i = 0; i < sizeof(raised); i++)
		raised[i] = (char)(text.at[i] >= 'a' && text.at[i] <= 'z' ? text.at[i] - ('a' - 'A') : text.at[i]);
	if (memcmp(raised, "RMB", 3) == 0)
		return MONEY_CNY;
	return money_currency_find((struct slice){raised, sizeof(raised)});
}

static bool is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Whether `word` stands in the text; one of capital letters in any case but not inside another word (POS in
 * DEPOSIT). */
static bool holds(struct slice text, const char *word)
{
	size_t length = strlen(word);

	if (!is_letter(word[0]))
		return text.length >= length && memmem(text.at, text.length, word, length) != NULL;
	for (uint32_t i = 0; i + length <= text.length; i++)
		if (strncasecmp(text.at + i, word, length) == 0 && (i == 0 || !is_letter(text.at[i - 1])) &&
		    (i + length == text.length || !is_letter(text.at[i + length])))
			return true;
	return false;
}

static bool is_cash(struct slice text)
{
	static const struct word words[] = {{"1", 1}, {"01", 1}, {"是", 1},   {"Y", 1},
	                                    {"y", 1}, {"现", 1}, {"现钞", 1}, {NULL, 0}};

	if (text.length >= 3 && memcmp(text.at, "非", 3) == 0)
		return false;
	return word_value(words, text, 0) == 1 || holds(text, "现金");
}

uint8_t csv34_channel(struct slice type, struct slice cash)
{
	/* The first that is found counts: what is done with the money before the way it is done. */
	static const struct word words[] = {
		{"代发", TX_PAYROLL},      {"工资", TX_PAYROLL},     {"ATM", TX_ATM},           {"自助取", TX_ATM},
		{"自助存", TX_ATM},        {"取款机", TX_ATM},       {"POS", TX_POS},           {"刷卡", TX_POS},
		{"收单", TX_POS},          {"现金", TX_CASH},        {"取现", TX_CASH},         {"存现", TX_CASH},
		{"银企直联", TX_DIRECT},   {"银企直连", TX_DIRECT},  {"银企互联", TX_DIRECT},   {"手机", TX_MOBILE},
		{"掌上银行", TX_MOBILE},   {"移动银行", TX_MOBILE},  {"网银", TX_ONLINE},       {"网上银行", TX_ONLINE},
		{"网上", TX_ONLINE},       {"电子银行", TX_ONLINE},  {"柜面", TX_COUNTER},      {"柜台", TX_COUNTER},
		{"临柜", TX_COUNTER},      {NULL, 0},
	};
	uint8_t channel = TX_CHANNEL_NONE;

	for (const struct word *word = words;
	     type.length > 0 && word->text != NULL && channel == TX_CHANNEL_NONE; word++)
		if (holds(type, word->text) && !(word->value == TX_CASH && holds(type, "非现金")))
			channel = (uint8_t)word->value;
	return channel != TX_ATM && is_cash(cash) ? TX_CASH : channel;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Whether each comma before the point parts a group of three digits from one of one to three. */
static bool grouped_rightly(struct slice text)
{
	uint32_t whole = 0, since = 0;
	bool commas = false;

	while (whole < text.length && text.at[whole] != '.')
		whole++;
	for (uint32_t i = 0; i < text.length; i++) {
		if (text.at[i] != ',') {
			since += i < whole;
			continue;
		}
		if (i > whole || since == 0 || since > 3 || (commas && since != 3))
			return false;
		commas = true;
		since = 0;
	}
	return !commas || since == 3;
}

bool csv34_amount(struct slice text, struct arena *arena, char *sign_r, struct slice *amount_r)
{
	bool commas, bare;
	uint32_t out = 0;
	char *copy;

	*sign_r = text.length > 0 && (text.at[0] == '+' || text.at[0] == '-') ? text.at[0] : '\0';
	if (*sign_r != '\0')
		text = (struct slice){text.at + 1, text.length - 1};
	commas = text.length > 0 && memchr(text.at, ',', text.length) != NULL;
	bare = text.length > 1 && text.at[0] == '.' && is_digit(text.at[1]);
	if (text.length == 0 || (!is_digit(text.at[0]) && !bare) || !grouped_rightly(text))
		return false;
	*amount_r = text;
	if (!commas && !bare)
		return true;
	copy = arena_take(arena, (size_t)text.length + 1);
	if (copy == NULL)
		return false;
	if (bare)
		copy[out++] = '0';
	for (uint32_t i = 0; i < text.length; i++)
		if (text.at[i] != ',')
			copy[out++] = text.at[i];
	*amount_r = (struct slice){copy, out};
	return true;
}

enum ident_verdict csv34_person_judge(struct slice text)
{
	static const uint8_t weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}; /* 2^(17-i) mod 11 */
	int sum = 0, year, month, day;
	int32_t born;
	char last;

	if (text.length != 18)
		return IDENT_NONE;
	for (int i = 0; i < 17; i++) {
		if (!is_digit(text.at[i]))
			return IDENT_NONE;
		sum += (text.at[i] - '0') * weights[i];
	}
	last = text.at[17] == 'x' ? 'X' : text.at[17];
	year = (text.at[6] - '0') * 1000 + (text.at[7] - '0') * 100 + (text.at[8] - '0') * 10 + text.at[9] - '0';
	month = (text.at[10] - '0') * 10 + text.at[11] - '0';
	day = (text.at[12] - '0') * 10 + text.at[13] - '0';
	if ((!is_digit(last) && last != 'X') || year < 1900 || year > 2099 ||
	    !instant_day_of(year, month, day, &born))
		return IDENT_NONE;
	return "10X98765432"[sum % 11] == last ? IDENT_RIGHT : IDENT_UNCHECKED;
}

uint8_t csv34_holder_kind(struct slice number)
{
	/* 18 digits may have both shapes: then a right check digit tells, and without one the date of birth does. */
	enum ident_verdict person = csv34_person_judge(number), company = ident_uscc_judge(number);

	if (person == IDENT_RIGHT || (person == IDENT_UNCHECKED && company != IDENT_RIGHT))
		return TX_PERSON;
	return company != IDENT_NONE ? TX_COMPANY : TX_KIND_NONE;
}

bool csv34_is_bank_code(struct slice text)
{
	uint32_t digits = 0, letters = 0;

	for (uint32_t i = 0; i < text.length; i++) {
		digits += is_digit(text.at[i]);
		letters += text.at[i] >= 'A' && text.at[i] <= 'Z';
	}
	if (digits == text.length)
		return digits == 12 || digits == 14;
	return digits + letters == text.length && (text.length == 8 || text.length == 11) && is_letter(text.at[0]) &&
	       is_letter(text.at[3]);
}
