#include "profile/drained.h"

#include "profile/small.h"

enum { CREDITS_BITS = 27, CODE_MORE = 15 };

/* Code i > 0: at most that share. A question between two of them takes the lower: days may be missed. */
static const int16_t drained_permille[CODE_MORE] = {
	-1, 0, 1, 2, 5, 10, 15, 20, 30, 50, 80, 100, 150, 200, 500};

static const struct open_day no_day = {0, OPEN_DAY_BALANCE_UNKNOWN};

static unsigned code_of(const struct open_day *day)
{
	uint64_t credits = small_value(day->credits, CREDITS_BITS);
	uint64_t balance = small_value(day->balance, CREDITS_BITS);
	unsigned code = 1;

	if (credits == 0 || day->balance == OPEN_DAY_BALANCE_UNKNOWN)
		return 0;
	while (code < CODE_MORE &&
	       (unsigned __int128)balance * 1000 > (unsigned __int128)credits * (unsigned)drained_permille[code])
		code++;
	return code;
}

static unsigned code_get(const struct account *account, unsigned back)
{
	return account->drained[(back - 1) / 2] >> (back - 1) % 2 * 4 & 15;
}

static void code_set(struct account *account, unsigned back, unsigned code)
{
	uint8_t *own = &account->drained[(back - 1) / 2];
	unsigned shift = (back - 1) % 2 * 4;

	*own = (uint8_t)((*own & ~(15U << shift)) | code << shift);
}

static struct open_day *open_day(struct account *account, int64_t ms, unsigned *back_r)
{
	int32_t day = day_of(ms);

	*back_r = day < account->today ? (unsigned)(account->today - day) : 0;
	return *back_r < OPEN_DAYS ? &account->days[*back_r] : NULL;
}

static void credits_change(struct open_day *day, int64_t by_minor)
{
	int64_t credits = (int64_t)small_value(day->credits, CREDITS_BITS) + by_minor;

	day->credits = small_of(credits > 0 ? (uint64_t)credits : 0, CREDITS_BITS, UINT32_C(1) << 31);
}

void drained_add(struct account *account, const struct profile_event *event, int64_t balance_minor,
                 bool is_last)
{
	unsigned back;
	struct open_day *day = open_day(account, event->booked_ms, &back);

	if (day == NULL)
		return;
	if (event->direction == TX_CREDIT)
		credits_change(day, event->amount_minor);
	/* Rounded up, so that no day looks emptier than it was. */
	if (is_last)
		day->balance = balance_minor == TX_ABSENT
		                       ? OPEN_DAY_BALANCE_UNKNOWN
		                       : small_of(balance_minor > 0 ? (uint64_t)balance_minor : 0, CREDITS_BITS, 0);
	if (back > 0)
		code_set(account, back, code_of(day));
}

void drained_take_back(struct account *account, const struct profile_event *event)
{
	unsigned back;
	struct open_day *day = open_day(account, event->booked_ms, &back);

	if (day == NULL || event->direction != TX_CREDIT)
		return;
	credits_change(day, -event->amount_minor);
	if (back > 0)
		code_set(account, back, code_of(day));
}

void drained_move(struct account *account, int32_t before, int32_t today)
{
	uint32_t days = (uint32_t)(today - before);
	unsigned closed = code_of(&account->days[0]);
	uint64_t codes;

	_Static_assert(sizeof(codes) == sizeof(account->drained) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
	               "all days in one number, the day before today lowest");
	memcpy(&codes, account->drained, sizeof(codes));
	codes = days < PROFILE_DRAINED_DAYS ? codes << days * 4 : 0;
	memcpy(account->drained, &codes, sizeof(codes));
	if (days <= PROFILE_DRAINED_DAYS)
		code_set(account, days, closed);
	account->days[1] = days == 1 ? account->days[0] : no_day;
	account->days[0] = no_day;
}

int64_t drained_days(const struct account *account, int32_t from, int32_t to, int permille)
{
	int64_t days = 0;

	for (unsigned back = 1; back <= PROFILE_DRAINED_DAYS; back++) {
		int32_t day = account->today - (int32_t)back;
		unsigned code = code_get(account, back);

		if (day >= from && day < to && code > 0 && code < CODE_MORE && drained_permille[code] <= permille)
			days++;
	}
	return days;
}
