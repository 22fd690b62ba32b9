#include "pattern/rates.h"

#include <string.h>

#include "base/money.h"
#include "pattern/plan.h"

int rates_read(const struct pattern_options *options, int64_t rates[256], struct error *error)
{
	if (options->rates == NULL)
		money_built_in_rates(rates);
	else
		memset(rates, 0, MONEY_CURRENCIES * sizeof(rates[0]));
	for (size_t i = 0; i < options->rate_count; i++) {
		const struct pattern_rate *rate = &options->rates[i];
		if (rate->cny_micros <= 0 || rate->cny_micros > RATE_MICROS_MAX)
			return error_set(
				error,
				"the rate of %s is out of range; expected CNY for one unit, above 0 and at most 1000000",
				money_currency(rate->currency)->code);
		rates[rate->currency] = rate->cny_micros;
	}
	rates[MONEY_CNY] = VALUE_MICROS;
	return 0;
}

__int128 rate_convert(__int128 micros, int64_t rate_micros)
{
	const int64_t fen = VALUE_MICROS / 100;

	return (micros * rate_micros / VALUE_MICROS + fen / 2) / fen;
}

int64_t plan_amount_cny(const struct pattern_set *set, int64_t minor, uint8_t currency)
{
	unsigned decimals = money_currency(currency)->decimals;
	__int128 micros = minor, cny;

	if (minor == TX_ABSENT || currency == MONEY_CNY)
		return minor;
	if (set->rates[currency] == 0)
		return TX_ABSENT;
	for (unsigned i = decimals; i < 6; i++)
		micros *= 10;
	cny = micros < 0 ? -rate_convert(-micros, set->rates[currency]) : rate_convert(micros, set->rates[currency]);
	return cny > INT64_MAX ? INT64_MAX : cny < -INT64_MAX ? -INT64_MAX : (int64_t)cny;
}
