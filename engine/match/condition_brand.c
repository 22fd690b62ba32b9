/*
 * What two names have in common: the brand of a group, 恒达 in 云桥市恒达投资集团 and 林港恒达机械. Members of a group lend to
 * each other, pay for each other and move money round, which from outside looks like the layers of a launderer.
 */
#include "match/condition.h"

#include "fold/fold.h"

enum { BRAND_BYTES = 6, BRAND_REACH = 15 }; /* two characters, among the first five */

/* No place (福州 stands behind 福建省 in one name and first in another), and nothing that names without a brand share. */
static bool is_brand(const struct reference_enterprise *enterprise, struct slice rest)
{
	static const char no_brand[][4] = {"市", "区", "县", "省", "镇", "乡"};
	static const char trades[][BRAND_BYTES + 1] = {"建设", "建筑", "工程", "物流", "贸易", "商贸", "农业", "人民", "中心", "公共",
	                                               "城市", "交通", "国有", "科技", "实业", "投资", "集团", "控股"};
	struct slice address = enterprise != NULL ? enterprise->folded.address : (struct slice){NULL, 0};

	if (reference_name_province(rest) >= 0 ||
	    (address.length > 0 && memmem(address.at, address.length, rest.at, BRAND_BYTES) != NULL))
		return false;
	for (size_t i = 0; i < sizeof(no_brand) / sizeof(no_brand[0]); i++)
		if (memcmp(rest.at, no_brand[i], 3) == 0 || memcmp(rest.at + 3, no_brand[i], 3) == 0)
			return false;
	for (size_t i = 0; i < sizeof(trades) / sizeof(trades[0]); i++)
		if (memcmp(rest.at, trades[i], BRAND_BYTES) == 0)
			return false;
	return true;
}

/*
 * The brand stands behind the place, or first where there is none: 云桥市恒达投资集团, 林港恒达机械. What stands first in
 * both is the place. All of it Chinese characters of three bytes; else no brand is found.
 */
static bool share_brand(const struct reference_enterprise *enterprise, struct slice a, struct slice b)
{
	for (uint32_t i = 0; i + BRAND_BYTES <= a.length && i <= BRAND_REACH - BRAND_BYTES; i += 3)
		for (uint32_t j = 0; j + BRAND_BYTES <= b.length && j <= BRAND_REACH - BRAND_BYTES; j += 3)
			if ((i > 0 || j > 0) && memcmp(a.at + i, b.at + j, BRAND_BYTES) == 0 &&
			    is_brand(enterprise, (struct slice){a.at + i, a.length - i}))
				return true;
	return false;
}

/* Who sends no name, or has none to compare with, shares none. */
int64_t condition_shares_brand(struct condition_input *input, struct slice name)
{
	const struct reference_enterprise *enterprise = condition_enterprise(input);
	char bytes[FOLD_BYTES_MAX];
	ptrdiff_t length = fold_text(name.at, name.length, bytes, sizeof(bytes));
	struct slice own = condition_text_folded(input, TX_ACCOUNT_NAME_FIELD)->text;

	if (length <= 0)
		return 0;
	if (own.length == 0 && enterprise != NULL)
		own = enterprise->folded.name;
	return share_brand(enterprise, own, (struct slice){bytes, (uint32_t)length});
}
