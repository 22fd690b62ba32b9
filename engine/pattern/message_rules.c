#include "pattern/message_rules.h"

#include <ctype.h>

#include "base/utf8.h"

enum { NUMBER_DIGITS = 5, CODE_DIGITS = 7, ACCOUNT_DIGITS = 12 };

static const char *const links[] = {"://", "www.", ".com", ".cn", ".net", ".org", ".top", ".vip", "http", NULL};
static const char *const contacts[] = {"微信号", "加微信", "qq号", "qq群", "加qq", "wechat id", "qq number", "加群",
                                       "进群", "扫码", "二维码", "qr code", "scan the code", NULL};
static const char *const chats[] = {"qq", "微信", "wechat", "v信", NULL};
static const char *const no_replies[] = {"无需回复", "不用回复", "勿回复", "do not reply", "don't reply", "no reply", NULL};
static const char *const replies[] = {"请回复", "回复本", "回复确认", "回复数字", "回复1", "回复y", "回复t", "reply to",
                                      "please reply", "reply with", "reply 1", "reply y", "text back", NULL};
static const char *const stops[] = {"停", "核实", "勿", "别付", "不要付", "stop", "verify", "do not pay", "don't pay", NULL};
static const char *const checks[] = {"核对", "核验", "查证", "确认", "断网", "不要", "check", "confirm", "compare", "unplug",
                                     "ask ", "look ", "add nothing", "call the number", NULL};

/* ASCII without case, the rest as it is. */
static bool begins(struct slice text, uint32_t at, const char *word)
{
	size_t length = strlen(word);

	if (text.length - at < length)
		return false;
	for (size_t i = 0; i < length; i++)
		if (tolower((unsigned char)text.at[at + i]) != (unsigned char)word[i])
			return false;
	return true;
}

static size_t begins_one(struct slice text, uint32_t at, const char *const *words)
{
	for (; *words != NULL; words++)
		if (begins(text, at, *words))
			return strlen(*words);
	return 0;
}

static bool holds_one(struct slice text, const char *const *words)
{
	for (uint32_t at = 0; at < text.length; at++)
		if (begins_one(text, at, words) > 0)
			return true;
	return false;
}

static bool asks_for_reply(struct slice text)
{
	for (uint32_t at = 0; at < text.length; at++) {
		size_t harmless = begins_one(text, at, no_replies);
		if (harmless > 0)
			at += (uint32_t)harmless - 1;
		else if (begins_one(text, at, replies) > 0)
			return true;
	}
	return false;
}

static bool is_digit(struct slice text, uint32_t at)
{
	return at < text.length && text.at[at] >= '0' && text.at[at] <= '9';
}

/* The end of a plain run of digits at `at`, and whether it is a number that may stand there. */
static uint32_t run_end(struct slice text, uint32_t at, bool *hotline_r)
{
	uint32_t end = at;

	while (is_digit(text, end))
		end++;
	*hotline_r = (end - at == 3 && memcmp(text.at + at, "110", 3) == 0) ||
	             (end - at == 5 && memcmp(text.at + at, "96110", 5) == 0);
	return end;
}

/* The most digits of a number; a single - or blank inside joins, as in 0591-8765 4321. */
static uint32_t longest_number(struct slice text)
{
	uint32_t longest = 0, digits = 0;

	for (uint32_t at = 0; at < text.length;) {
		bool hotline, joined;
		uint32_t end;
		if (!is_digit(text, at)) {
			at++;
			continue;
		}
		end = run_end(text, at, &hotline);
		digits = hotline ? 0 : digits + end - at;
		longest = digits > longest ? digits : longest;
		joined = end + 1 < text.length && (text.at[end] == '-' || text.at[end] == ' ') && is_digit(text, end + 1);
		if (!joined || hotline)
			digits = 0;
		at = end + (joined ? 1 : 0);
	}
	return longest;
}

/* The end of the first sentence: at 。！？；, at a line's end, or at . ! ? with a blank behind it. */
static struct slice first_sentence(struct slice text)
{
	static const char *const ends[] = {"。", "！", "？", "；", "\n", NULL};

	for (uint32_t at = 0; at < text.length; at++) {
		bool stop = strchr(".!?", text.at[at]) != NULL && text.at[at] != '\0' &&
		            (at + 1 == text.length || text.at[at + 1] == ' ');
		if (at > 0 && (stop || begins_one(text, at, ends) > 0))
			return (struct slice){text.at, at};
	}
	return text;
}

const char *message_rule_broken(struct slice text, unsigned rules)
{
	static const char *const emergency[] = {"110", NULL};
	uint32_t digits = longest_number(text);

	if ((rules & MESSAGE_RULE_LINK) != 0 && holds_one(text, links))
		return "has a link; official warnings carry none";
	if ((rules & MESSAGE_RULE_CONTACT) != 0 && holds_one(text, contacts))
		return "names a QQ or WeChat contact; official warnings carry none";
	if ((rules & MESSAGE_RULE_CHAT) != 0 && holds_one(text, chats))
		return "names QQ or WeChat; an SMS says neither";
	if ((rules & MESSAGE_RULE_REPLY) != 0 && asks_for_reply(text))
		return "asks for a reply; official warnings need none";
	if (((rules & MESSAGE_RULE_NUMBER) != 0 && digits >= NUMBER_DIGITS) ||
	    ((rules & MESSAGE_RULE_CODE) != 0 && digits >= CODE_DIGITS))
		return "has a number; official warnings carry none but 110 and 96110";
	if ((rules & MESSAGE_RULE_ACCOUNT) != 0 && digits >= ACCOUNT_DIGITS)
		return "has an account or an identity number in full";
	if ((rules & MESSAGE_RULE_STOP_FIRST) != 0 && !holds_one(first_sentence(text), stops))
		return "does not begin with the advice; the first sentence must say 停, 核实 or 勿, in English stop or verify";
	if ((rules & MESSAGE_RULE_ADVICE) != 0 && !holds_one(text, stops) && !holds_one(text, checks))
		return "says nowhere to stop or to verify (停, 核实, 勿, 核对; stop, verify, check)";
	if ((rules & MESSAGE_RULE_EMERGENCY) != 0 && !holds_one(text, emergency))
		return "does not say whom to call: 110 or 96110";
	return NULL;
}

size_t message_units(struct slice text)
{
	size_t units = 0, at = 0;

	while (at < text.length)
		units += utf8_next(text.at, &at) > 0xFFFF ? 2 : 1;
	return units;
}
