/*
 * A reason says what was found, masked, and what was expected. Values that only describe (dates, a place) are
 * set aside where they are wrong: an enterprise must not go without warnings because of its founding date.
 */
#include "registry/columns.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/csv.h"
#include "base/ident.h"
#include "base/instant.h"
#include "base/utf8.h"

static enum column_fault fault(enum column_fault kind, char *reason, struct slice value, const char *expected)
{
	char masked[IDENT_MASKED_BYTES];

	snprintf(reason, COLUMN_REASON_BYTES, "`%s`: expected %s", ident_mask_value(value, masked), expected);
	return kind;
}

static bool is_digits(struct slice value, uint32_t length)
{
	for (uint32_t i = 0; i < value.length; i++)
		if (value.at[i] < '0' || value.at[i] > '9')
			return false;
	return value.length == length;
}

static enum column_fault check_text(struct slice *value, struct arena *arena, char *reason)
{
	(void)value;
	(void)arena;
	(void)reason;
	return COLUMN_FINE;
}

static enum column_fault check_division(struct slice *value, struct arena *arena, char *reason)
{
	(void)arena;
	return is_digits(*value, 6) ? COLUMN_FINE
	                            : fault(COLUMN_REFUSED, reason, *value, "a division code of six digits (GB/T 2260)");
}

static enum column_fault check_bank_city(struct slice *value, struct arena *arena, char *reason)
{
	(void)arena;
	return is_digits(*value, 4) ? COLUMN_FINE
	                            : fault(COLUMN_REFUSED, reason, *value, "four digits, the 4th to 7th of a bank code");
}

static enum column_fault check_date(struct slice *value, struct arena *arena, char *reason)
{
	int32_t day;

	(void)arena;
	return instant_parse_date(*value, &day) ? COLUMN_FINE
	                                        : fault(COLUMN_ASIDE, reason, *value,
	                                                "a date YYYY-MM-DD; taken without it");
}

/* What has happened: a slip of the year must not verify an address for the future. */
static enum column_fault check_past_date(struct slice *value, struct arena *arena, char *reason)
{
	int32_t day;

	(void)arena;
	return instant_parse_date(*value, &day) && day <= instant_china_day(clock_now_ms())
	               ? COLUMN_FINE
	               : fault(COLUMN_ASIDE, reason, *value, "a date YYYY-MM-DD, not after today; taken without it");
}

static bool is_clock(const char *text)
{
	int hour = (text[0] - '0') * 10 + text[1] - '0', minute = (text[3] - '0') * 10 + text[4] - '0';

	return is_digits((struct slice){text, 2}, 2) && text[2] == ':' && is_digits((struct slice){text + 3, 2}, 2) &&
	       hour < 24 && minute < 60;
}

static enum column_fault check_quiet(struct slice *value, struct arena *arena, char *reason)
{
	enum { CLOCK_LENGTH = 5 };

	(void)arena;
	if (value->length == 2 * CLOCK_LENGTH + 1 && is_clock(value->at) && value->at[CLOCK_LENGTH] == '-' &&
	    is_clock(value->at + CLOCK_LENGTH + 1) && memcmp(value->at, value->at + CLOCK_LENGTH + 1, CLOCK_LENGTH) != 0)
		return COLUMN_FINE;
	return fault(COLUMN_ASIDE, reason, *value, "two times such as 22:00-07:00; taken without it");
}

/* Lower case is raised, as for transactions. */
static enum column_fault check_uscc(struct slice *value, struct arena *arena, char *reason)
{
	struct slice upper = arena_copy(arena, *value);

	for (uint32_t i = 0; i < upper.length; i++)
		((char *)upper.at)[i] = (char)toupper((unsigned char)upper.at[i]);
	if (upper.at == NULL || !ident_uscc_shaped(upper))
		return fault(COLUMN_REFUSED, reason, *value, "18 characters of 0-9 and A-Z without I, O, S, V, Z");
	*value = upper;
	return ident_uscc_checks(upper) ? COLUMN_FINE
	                                : fault(COLUMN_WARNED, reason, upper, "another check character; taken as it is");
}

/* An enterprise, or the centre of a division. */
static enum column_fault check_owner(struct slice *value, struct arena *arena, char *reason)
{
	if (value->length == 6)
		return check_division(value, arena, reason);
	return check_uscc(value, arena, reason);
}

static enum column_fault check_bank(struct slice *value, struct arena *arena, char *reason)
{
	(void)arena;
	if (!ident_bank_shaped(*value))
		return fault(COLUMN_REFUSED, reason, *value, "a bank code (联行号) of 12 digits");
	return ident_bank_checks(*value) ? COLUMN_FINE
	                                 : fault(COLUMN_WARNED, reason, *value, "another check digit; taken as it is");
}

/* A spreadsheet shows a long number as 6.22202E+18: the digits are lost, so nothing of it may be taken. */
static enum column_fault check_account(struct slice *value, struct arena *arena, char *reason)
{
	(void)arena;
	for (uint32_t i = 0; i < value->length; i++)
		if (!isalnum((unsigned char)value->at[i]) && strchr("-_/", value->at[i]) == NULL)
			return fault(COLUMN_REFUSED, reason, *value,
			             "an account of 1 to 34 letters and digits (a spreadsheet column must be formatted as text)");
	return COLUMN_FINE;
}

/* A closed vocabulary with the words people write for it; the first of each line is the proper one. */
static enum column_fault check_word(struct slice *value, const char *const (*words)[6], size_t count, char *reason,
                                    const char *expected)
{
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < 6 && words[i][j] != NULL; j++)
			if (slice_is(*value, words[i][j])) {
				*value = slice_of(words[i][0]);
				return COLUMN_FINE;
			}
	return fault(COLUMN_REFUSED, reason, *value, expected);
}

static enum column_fault check_role(struct slice *value, struct arena *arena, char *reason)
{
	static const char *const roles[][6] = {
		{"owner", "企业负责人", "负责人", "法定代表人"},
		{"finance_lead", "财务负责人", "财务主管", "财务总监"},
		{"cashier", "出纳"},
		{"accountant", "会计"},
		{"security", "安全负责人", "信息安全", "安全员"},
		{"duty", "值班", "值班员", "值班人员"},
	};

	(void)arena;
	return check_word(value, roles, sizeof(roles) / sizeof(roles[0]), reason,
	                  "owner, finance_lead, cashier, accountant or security; duty for a centre");
}

static enum column_fault check_status(struct slice *value, struct arena *arena, char *reason)
{
	static const char *const states[][6] = {
		{"active", "存续", "在业", "开业", "正常", "在营"},
		{"closed", "注销", "吊销", "停业", "关闭", "已注销"},
	};

	(void)arena;
	return check_word(value, states, sizeof(states) / sizeof(states[0]), reason, "active or closed");
}

static enum column_fault check_language(struct slice *value, struct arena *arena, char *reason)
{
	static const char *const languages[][6] = {{"zh", "中文", "zh-CN"}, {"en", "英文", "English"}};

	(void)arena;
	return check_word(value, languages, sizeof(languages) / sizeof(languages[0]), reason, "zh or en");
}

static enum column_fault check_rank(struct slice *value, struct arena *arena, char *reason)
{
	(void)arena;
	if ((is_digits(*value, 1) || is_digits(*value, 2)) && atoi(value->at) > 0)
		return COLUMN_FINE;
	return fault(COLUMN_REFUSED, reason, *value, "a number from 1 (asked first) to 99");
}

#define KEY COLUMN_KEY
#define REQUIRED COLUMN_REQUIRED
#define OPTIONAL COLUMN_OPTIONAL
const struct column_info columns[COLUMN_COUNT] = {
#define COLUMN(file_, symbol, names_, need_, characters_max_, check_) \
	[COLUMN_##file_##_##symbol] = {.file = REGISTRY_##file_, .names = names_, .need = need_, \
	                               .characters_max = characters_max_, .check = check_},
#include "registry/columns.def"
#undef COLUMN
};

enum column column_first(enum registry_file file)
{
	static const enum column first[REGISTRY_FILE_COUNT + 1] = {
		[REGISTRY_JURISDICTIONS] = COLUMN_JURISDICTIONS_CODE, [REGISTRY_ENTERPRISES] = COLUMN_ENTERPRISES_USCC,
		[REGISTRY_ACCOUNTS] = COLUMN_ACCOUNTS_BANK,           [REGISTRY_CONTACTS] = COLUMN_CONTACTS_OWNER,
		[REGISTRY_FILE_COUNT] = COLUMN_COUNT,
	};

	return first[file];
}

struct slice column_name(enum column column)
{
	return (struct slice){columns[column].names, (uint32_t)strcspn(columns[column].names, "|")};
}

int column_find(enum registry_file file, struct slice name)
{
	for (int i = (int)column_first(file); i < (int)column_first(file + 1); i++)
		if (csv_is_named(columns[i].names, name))
			return i;
	return COLUMN_NONE;
}

enum column_fault column_check(enum column column, struct slice *value, struct arena *arena,
                               char reason_r[COLUMN_REASON_BYTES])
{
	const struct column_info *c = &columns[column];
	char expected[64];

	if (value->length == 0)
		return c->need == COLUMN_OPTIONAL ? COLUMN_FINE
		                                  : fault(COLUMN_REFUSED, reason_r, *value,
		                                          "a value; this column is required");
	if (utf8_count(*value) > c->characters_max) {
		snprintf(expected, sizeof(expected), "at most %u characters", c->characters_max);
		return fault(COLUMN_REFUSED, reason_r, *value, expected);
	}
	return c->check(value, arena, reason_r);
}
