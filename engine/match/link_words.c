/*
 * What a link asks of others, in words for the reason of its hits: from the rule alone, so that the same
 * hit has the same words however many there were in the end.
 */
#include "base/instant.h"
#include "match/evidence.h"

static const struct {
	uint8_t field;
	const char *words[2];
} shared[] = {
	{TX_PARTY_ACCOUNT_FIELD, {"与同一对方账户往来", "with the same counterparty account"}},
	{TX_PARTY_NAME_FIELD, {"与同一对方户名往来", "with the same counterparty name"}},
	{TX_ACCOUNT_FIELD, {"与本账户如此往来", "dealt with this account like this"}},
	{TX_IP_FIELD, {"使用同一 IP 地址", "from the same IP address"}},
	{TX_MAC_FIELD, {"使用同一 MAC 地址", "from the same MAC address"}},
	{TX_DEVICE_FIELD, {"使用同一设备", "from the same device"}},
};

static const char *const who[][2] = {
	[LINK_ENTERPRISES] = {"家企业", "enterprises"},
	[LINK_ACCOUNTS] = {"个账户", "accounts"},
	[LINK_BANKS] = {"家银行", "banks"},
	[LINK_PARTIES] = {"个对方", "counterparties"},
};

static const struct {
	int64_t ms;
	const char *words[2];
} units[] = {
	{INSTANT_DAY_MS, {"天", "days"}}, {INSTANT_HOUR_MS, {"小时", "hours"}}, {INSTANT_MINUTE_MS, {"分钟", "minutes"}},
	{INSTANT_SECOND_MS, {"秒", "seconds"}},
};

void link_words_write(const struct plan_link *plan, int language, struct writer *out)
{
	const struct link_rule *rule;
	const char *common = "";
	size_t unit = 0;

	if (plan == NULL || plan->rule.kind != LINK_KEY)
		return;
	rule = &plan->rule;
	/* 24 h rather than a day, 7 d rather than 168 h. */
	while (unit < 3 &&
	       (rule->within_ms % units[unit].ms != 0 || (unit == 0 && rule->within_ms == INSTANT_DAY_MS)))
		unit++;
	for (size_t i = 0; i < sizeof(shared) / sizeof(shared[0]); i++)
		if (shared[i].field == plan->by)
			common = shared[i].words[language];
	writer_put(out, language == 0 ? "；" : "; within ");
	writer_number(out, (uint64_t)(rule->within_ms / units[unit].ms));
	writer_put(out, " ");
	writer_put(out, units[unit].words[language]);
	writer_put(out, language == 0 ? "内至少 " : " at least ");
	writer_number(out, rule->at_least);
	writer_put(out, " ");
	writer_put(out, who[rule->distinct][language]);
	writer_put(out, language == 0 ? "" : " ");
	writer_put(out, common);
}
