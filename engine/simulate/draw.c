#include "simulate/draw.h"

#include <stddef.h>

#define YUAN INT64_C(100)

enum { QUANTILES = 64 };

/* Quantiles of the log-normal distribution at i/64 (the ends at 0.004 and 0.996), scaled to the mean
 * 1,000. */
static const int16_t narrow[QUANTILES + 1] = {
	664, 716, 748, 769, 786, 800, 812, 822, 832, 841, 850, 858, 866,
	873, 880, 887, 894, 900, 907, 913, 919, 925, 931, 937, 943, 949,
	954, 960, 966, 972, 977, 983, 989, 995, 1001, 1007, 1013, 1019, 1025,
	1031, 1037, 1044, 1050, 1057, 1064, 1071, 1079, 1086, 1094, 1103, 1111, 1120,
	1130, 1140, 1151, 1162, 1175, 1189, 1205, 1223, 1245, 1272, 1308, 1366, 1472,
};
static const int16_t middle[QUANTILES + 1] = {
	235, 301, 348, 383, 411, 435, 458, 478, 498, 516, 534, 551, 568,
	584, 600, 616, 631, 647, 662, 677, 693, 708, 723, 739, 754, 770,
	785, 801, 817, 834, 850, 867, 884, 902, 920, 938, 957, 976, 996,
	1016, 1037, 1059, 1081, 1105, 1129, 1155, 1181, 1209, 1239, 1270, 1304, 1340,
	1378, 1420, 1465, 1516, 1572, 1636, 1709, 1797, 1904, 2044, 2244, 2596, 3331,
};
static const int16_t wide[QUANTILES + 1] = {
	43, 71, 95, 115, 133, 149, 165, 180, 195, 209, 224, 239, 253,
	268, 283, 298, 313, 329, 345, 361, 377, 394, 411, 429, 447, 466,
	485, 505, 525, 547, 569, 591, 615, 639, 665, 692, 720, 749, 779,
	812, 846, 881, 919, 960, 1002, 1048, 1097, 1150, 1207, 1269, 1337, 1411,
	1493, 1585, 1688, 1806, 1943, 2103, 2297, 2538, 2851, 3286, 3961, 5299, 8721,
};

static int64_t quantile(struct random *r, const int16_t *table)
{
	uint32_t draw = random_below(r, QUANTILES << 10), at = draw >> 10, within = draw & 1023;

	return table[at] + ((table[at + 1] - table[at]) * (int64_t)within >> 10);
}

int64_t draw_factor(struct random *r, enum draw_spread spread, uint64_t fixed)
{
	struct random own = {fixed};

	switch (spread) {
	case DRAW_FIXED: return quantile(&own, middle);
	case DRAW_STEADY: return quantile(&own, middle) * random_between(r, 960, 1040) / 1000;
	case DRAW_NARROW: return quantile(r, narrow);
	case DRAW_MIDDLE: return quantile(r, middle);
	case DRAW_WIDE: return quantile(r, wide);
	}
	return 1000;
}

static int64_t round_to(int64_t amount_minor, int64_t unit)
{
	return amount_minor >= unit ? amount_minor - amount_minor % unit : amount_minor > 0 ? amount_minor : 1;
}

static int64_t mixed_unit(struct random *r, int64_t amount_minor)
{
	uint32_t kind = random_below(r, 100);

	if (kind < 33)
		return 1;
	if (kind < 60 || amount_minor < 1000 * YUAN)
		return YUAN;
	return kind < 85 || amount_minor < 20000 * YUAN ? 100 * YUAN : 1000 * YUAN;
}

int64_t draw_round(struct random *r, int64_t amount_minor, enum draw_rounding rounding)
{
	static const int64_t units[] = {1, YUAN, 10 * YUAN, 100 * YUAN, 1000 * YUAN};

	return round_to(amount_minor, rounding == DRAW_MIXED ? mixed_unit(r, amount_minor) : units[rounding]);
}

int draw_count(struct random *r, int64_t hundredths)
{
	int64_t varied = hundredths * quantile(r, middle) / 1000;

	return (int)(varied / 100) + random_percent(r, (uint32_t)(varied % 100));
}
