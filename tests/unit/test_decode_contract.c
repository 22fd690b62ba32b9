/*
 * contract.md section 1, sentence by sentence: what is rejected, set aside, cut or taken with a warning,
 * and that exactly the counter for it moves and no other (I5).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/utf8.h"
#include "tests/unit/decode_fixture.h"

#define ID "'id':'20260302000070'"
#define BANK "'bank':'102100099996'"
#define ACCOUNT "'account':'6222020200012345678'"
#define DIRECTION "'direction':'debit'"
#define AMOUNT "'amount':'480000.00'"
#define BOOKED "'booked_at':'2026-03-02T09:15:04+08:00'"
#define BUT_ID BANK "," ACCOUNT "," DIRECTION "," AMOUNT "," BOOKED
#define BUT_BANK ID "," ACCOUNT "," DIRECTION "," AMOUNT "," BOOKED
#define BUT_ACCOUNT ID "," BANK "," DIRECTION "," AMOUNT "," BOOKED
#define BUT_DIRECTION ID "," BANK "," ACCOUNT "," AMOUNT "," BOOKED
#define BUT_AMOUNT ID "," BANK "," ACCOUNT "," DIRECTION "," BOOKED
#define BUT_BOOKED ID "," BANK "," ACCOUNT "," DIRECTION "," AMOUNT
#define ALL ID "," BUT_ID
#define TEN "一二三四五六七八九十"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define DIGITS34 "1234567890123456789012345678901234"
#define ID64 "1234567890123456789012345678901234567890123456789012345678901234"

/* Taken: the line it is written as must hold `holds` and not `lacks`. */
struct taken {
	const char *name, *message, *holds, *lacks;
	enum tx_field aside; /* TX_FIELD_COUNT, or the field set aside */
	enum counter warned; /* COUNTER_COUNT, or the counter that moves */
};

#define TAKEN(name, message, holds, lacks) {name, message, holds, lacks, TX_FIELD_COUNT, COUNTER_COUNT}
#define ASIDE(field, message, lacks) \
	{ \
		"aside: " #field, message, NULL, lacks, TX_##field##_FIELD, COUNTER_COUNT \
	}
#define WARNED(counter, name, message, holds) {name, message, holds, NULL, TX_FIELD_COUNT, COUNT_##counter}

static const struct taken taken[] = {
	TAKEN("the required fields alone", "{" ALL "}", "'currency':'CNY'", "counterparty"),
	TAKEN("status defaults to booked", "{" ALL "}", "'status':'booked'", NULL),
	TAKEN("id of 1 character", "{" BUT_ID ",'id':'x'}", "'id':'x'", NULL),
	TAKEN("id of 64 characters", "{" BUT_ID ",'id':'" ID64 "'}", ID64, NULL),
	TAKEN("an id's length counts characters", "{" BUT_ID ",'id':'" TEN TEN TEN TEN TEN TEN "'}", TEN, NULL),
	TAKEN("account of 34", "{" BUT_ACCOUNT ",'account':'" DIGITS34 "'}", DIGITS34, NULL),
	TAKEN("credit", "{" BUT_DIRECTION ",'direction':'credit'}", "'direction':'credit'", NULL),
	TAKEN("account_name of 140", "{" ALL ",'account_name':'" HUNDRED TEN TEN TEN TEN "'}",
          TEN TEN TEN TEN "'", NULL),
	TAKEN("enterprise", "{" ALL ",'enterprise':'91350100M000100Y43'}", "91350100M000100Y43", NULL),
	TAKEN("opened_on", "{" ALL ",'opened_on':'1999-12-31'}", "'opened_on':'1999-12-31'", NULL),
	TAKEN("opened on the day of the booking in China", "{" ALL ",'opened_on':'2026-03-02'}", "2026-03-02'",
          NULL),
	TAKEN("amount as a JSON number", "{" BUT_AMOUNT ",'amount':480000.10}", "'amount':'480000.10'", NULL),
	TAKEN("a number that no double holds", "{" BUT_AMOUNT ",'amount':92233720368547757.99}",
          "92233720368547757.99", NULL),
	TAKEN("zeros beyond the decimals", "{" BUT_AMOUNT ",'amount':'1.2500000'}", "'amount':'1.25'", NULL),
	TAKEN("no decimals", "{" BUT_AMOUNT ",'amount':'7'}", "'amount':'7.00'", NULL),
	TAKEN("the largest amount", "{" BUT_AMOUNT ",'amount':'92233720368547758.07'}", "92233720368547758.07",
          NULL),
	TAKEN("yen without decimals", "{" BUT_AMOUNT ",'amount':'7.0','currency':'JPY'}",
          "'amount':'7','currency':'JPY'", NULL),
	TAKEN("dinar with three", "{" BUT_AMOUNT ",'amount':'7.125','currency':'KWD'}", "'amount':'7.125'",
          NULL),
	TAKEN("currency before or after the amount", "{'currency':'KWD'," BUT_AMOUNT ",'amount':'7.125'}",
          "7.125", NULL),
	TAKEN("balance", "{" ALL ",'balance':'0'}", "'balance':'0.00'", NULL),
	TAKEN("negative balance", "{" ALL ",'balance':'-12.50'}", "'balance':'-12.50'", NULL),
	TAKEN("balance as a JSON number", "{" ALL ",'balance':-12.5}", "'balance':'-12.50'", NULL),
	TAKEN("booked_at in UTC", "{" BUT_BOOKED ",'booked_at':'2026-03-02T01:15:04Z'}",
          "'2026-03-02T01:15:04.000Z'", NULL),
	TAKEN("small t and z", "{" BUT_BOOKED ",'booked_at':'2026-03-02t01:15:04z'}",
          "'2026-03-02T01:15:04.000Z'", NULL),
	TAKEN("a space for T", "{" BUT_BOOKED ",'booked_at':'2026-03-02 01:15:04Z'}",
          "'2026-03-02T01:15:04.000Z'", NULL),
	TAKEN("microseconds", "{" BUT_BOOKED ",'booked_at':'2026-03-02T01:15:04.123999Z'}", "04.123Z", NULL),
	TAKEN("offset +14:00", "{" BUT_BOOKED ",'booked_at':'2026-03-02T01:15:04+14:00'}",
          "2026-03-01T11:15:04", NULL),
	TAKEN("offset -12:00", "{" BUT_BOOKED ",'booked_at':'2026-03-02T01:15:04-12:00'}",
          "2026-03-02T13:15:04", NULL),
	TAKEN("second 60", "{" BUT_BOOKED ",'booked_at':'2026-03-02T01:15:60Z'}", "01:15:59.999Z", NULL),
	TAKEN("year 2000", "{" BUT_BOOKED ",'booked_at':'2000-01-01T00:00:00Z'}", "2000-01-01T00:00:00.000Z",
          NULL),
	TAKEN("year 2099", "{" BUT_BOOKED ",'booked_at':'2099-12-31T23:59:59Z'}", "2099-12-31T23:59:59.000Z",
          NULL),
	TAKEN("pending", "{" ALL ",'status':'pending'}", "'status':'pending'", NULL),
	TAKEN("failed", "{" ALL ",'status':'failed'}", "'status':'failed'", NULL),
	TAKEN("reversed with reverses", "{" ALL ",'status':'reversed','reverses':'A'}",
          "'reversed','reverses':'A'", NULL),
	TAKEN("counterparty whole",
          "{" ALL ",'counterparty':{'account':'" DIGITS34 "','name':'甲','bank':'12345678901234',"
          "'country':'CN','kind':'treasury'}}",
          "'bank':'12345678901234','country':'CN','kind':'treasury'}", NULL),
	TAKEN("counterparty empty", "{" ALL ",'counterparty':{}}", NULL, "counterparty"),
	TAKEN("channel", "{" ALL ",'channel':'payroll'}", "'channel':'payroll'", NULL),
	TAKEN("place", "{" ALL ",'place':'350100'}", "'place':'350100'", NULL),
	TAKEN("credential time", "{" ALL ",'credential_changed_on':'2026-03-01T00:00:00+08:00'}",
          "2026-02-28T16:00:00.000Z", NULL),
	TAKEN("credential date", "{" ALL ",'credential_changed_on':'2026-03-01'}", "'2026-02-28T16:00:00.000Z'",
          NULL),
	TAKEN("ip mac device terminal operator",
          "{" ALL ",'ip':'a','mac':'b','device':'c','terminal':'d','operator':'e'}",
          "'ip':'a','mac':'b','device':'c','terminal':'d','operator':'e'", NULL),
	TAKEN("null in an optional field means absent",
          "{" ALL ",'currency':null,'status':null,'balance':null,"
          "'enterprise':null,'counterparty':null,'purpose':null,'reverses':null}",
          "'CNY'", "purpose"),
	TAKEN("null inside counterparty", "{" ALL ",'counterparty':{'account':null,'name':'甲'}}",
          "{'name':'甲'}", NULL),
	TAKEN("unknown fields are ignored", "{" ALL ",'x':{'y':[1,2,{'id':'z'}]},'counterparty':{'z':1}}", NULL,
          "counterparty"),
	TAKEN("an unknown key twice", "{" ALL ",'x':1,'x':2}", NULL, "x'"),
	TAKEN("a BOM is skipped", "\xEF\xBB\xBF{" ALL "}", "'CNY'", NULL),
	TAKEN("blank space around", " \r\n\t{" ALL "} \n", "'CNY'", NULL),
	TAKEN("empty texts are absent", "{" ALL ",'purpose':'','counterparty':{'name':''},'ip':''}", NULL,
          "purpose"),
	TAKEN("escapes are read", "{" ALL ",'remark':'\\u5408\\ud83d\\ude00\\n\\t\\\\\\''}", "合😀\\n\\t\\\\\\'",
          NULL),

	ASIDE(ENTERPRISE, "{" ALL ",'enterprise':'91350100M000100Y4'}", "enterprise"),
	ASIDE(ENTERPRISE, "{" ALL ",'enterprise':'91350100M000100YI3'}", "enterprise"),
	ASIDE(ENTERPRISE, "{" ALL ",'enterprise':''}", "enterprise"),
	ASIDE(BALANCE, "{" ALL ",'balance':'1,000.00'}", "balance"),
	ASIDE(BALANCE, "{" ALL ",'balance':'1.005'}", "balance"),
	ASIDE(BALANCE, "{" ALL ",'balance':1e5}", "balance"),
	ASIDE(BALANCE, "{" ALL ",'balance':'92233720368547758.08'}", "balance"),
	ASIDE(BALANCE, "{" ALL ",'balance':'-92233720368547758.08'}", "balance"),
	ASIDE(OPENED_ON, "{" ALL ",'opened_on':'2025-02-29'}", "opened_on"),
	ASIDE(OPENED_ON, "{" ALL ",'opened_on':'20250228'}", "opened_on"),
	ASIDE(CREDENTIAL, "{" ALL ",'credential_changed_on':'yesterday'}", "credential"),
	ASIDE(CREDENTIAL, "{" ALL ",'credential_changed_on':'1999-12-31'}", "credential"),
	ASIDE(CHANNEL, "{" ALL ",'channel':'fax'}", "channel"),
	ASIDE(PLACE, "{" ALL ",'place':'3501'}", "place"),
	ASIDE(PLACE, "{" ALL ",'place':'35010x'}", "place"),
	ASIDE(PARTY_COUNTRY, "{" ALL ",'counterparty':{'country':'CHN'}}", "country"),
	ASIDE(PARTY_COUNTRY, "{" ALL ",'counterparty':{'country':'ZZ'}}", "country"),
	ASIDE(PARTY_KIND, "{" ALL ",'counterparty':{'kind':'firm'}}", "kind"),
	ASIDE(PARTY_ACCOUNT, "{" ALL ",'counterparty':{'account':'" DIGITS34 "5'}}", "counterparty"),
	ASIDE(PARTY_BANK, "{" ALL ",'counterparty':{'bank':'123456789012345'}}", "counterparty"),

	WARNED(TX_CUT_TEXT, "purpose",
           "{" ALL ",'purpose':'" HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED TEN "12X'}", "12'"),
	WARNED(TX_CUT_TEXT, "remark",
           "{" ALL ",'remark':'" HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED TEN TEN "'}", "十一二'"),
	WARNED(TX_CUT_TEXT, "names", "{" ALL ",'account_name':'" HUNDRED TEN TEN TEN TEN "X'}", TEN "'"),
	WARNED(TX_CUT_TEXT, "their names", "{" ALL ",'counterparty':{'name':'" HUNDRED TEN TEN TEN TEN "X'}}",
           TEN "'"),
	WARNED(TX_CUT_TEXT, "ip", "{" ALL ",'ip':'" ID64 "X'}", "'ip':'" ID64 "'"),
	WARNED(TX_CUT_TEXT, "mac", "{" ALL ",'mac':'" ID64 "X'}", "'mac':'" ID64 "'"),
	WARNED(TX_CUT_TEXT, "device", "{" ALL ",'device':'" ID64 "X'}", "'device':'" ID64 "'"),
	WARNED(TX_CUT_TEXT, "terminal", "{" ALL ",'terminal':'" ID64 "X'}", "'terminal':'" ID64 "'"),
	WARNED(TX_CUT_TEXT, "operator", "{" ALL ",'operator':'" ID64 "X'}", "'operator':'" ID64 "'"),
	WARNED(TX_BANK_CHECK, "bank", "{" BUT_BANK ",'bank':'102100099997'}", "102100099997"),
	WARNED(TX_BANK_CHECK, "their bank", "{" ALL ",'counterparty':{'bank':'308584000014'}}", "308584000014"),
	WARNED(TX_USCC_CHECK, "USCC", "{" ALL ",'enterprise':'91350100M000100Y44'}", "91350100M000100Y44"),
	WARNED(TX_CASE_RAISED, "lower-case USCC", "{" ALL ",'enterprise':'91350100m000100y43'}",
           "91350100M000100Y43"),
	WARNED(TX_CASE_RAISED, "lower-case country", "{" ALL ",'counterparty':{'country':'cn'}}",
           "'country':'CN'"),
	WARNED(TX_OPENED_LATER, "opened later", "{" ALL ",'opened_on':'2026-03-03'}", "2026-03-03"),
};

struct rejected {
	const char *name, *message, *field, *words;
};

static const struct rejected rejected[] = {
	{"nothing but blanks", "  \n", "", "not one JSON object"},
	{"a BOM alone", "\xEF\xBB\xBF", "", "not one JSON object"},
	{"an array", "[{" ALL "}]", "", "is an array|one JSON object"},
	{"a string", "'x'", "", "is a string"},
	{"two objects", "{" ALL "}{" ALL "}", "", "not one JSON object|at byte"},
	{"trailing text", "{" ALL "} x", "", "not one JSON object|at byte"},
	{"cut off", "{" ALL, "", "not one JSON object"},
	{"a comment", "{" ALL "/* */}", "", "not one JSON object"},
	{"a trailing comma", "{" ALL ",}", "", "not one JSON object"},
	{"not UTF-8", "{" ALL ",'remark':'\xB8\xB6\xBF\xEE'}", "", "not UTF-8"},
	{"overlong UTF-8", "{" ALL ",'remark':'\xC0\xAF'}", "", "not UTF-8"},
	{"a lone surrogate as UTF-8", "{" ALL ",'remark':'\xED\xA0\x80'}", "", "not UTF-8"},
	{"a lone surrogate as an escape", "{" ALL ",'remark':'\\ud800'}", "", "not one JSON object"},
	{"a control character", "{" ALL ",'remark':'a\nb'}", "", "not one JSON object"},
	{"a second BOM", "\xEF\xBB\xBF\xEF\xBB\xBF{" ALL "}", "", "not one JSON object"},
	{"a known key twice", "{" ALL ",'remark':'a','remark':'b'}", "remark", "twice"},
	{"a known key twice with null", "{" ALL ",'remark':null,'remark':'b'}", "remark", "twice"},
	{"a known key twice by escape", "{" ALL ",'remark':'a','\\u0072emark':'b'}", "remark", "twice"},
	{"counterparty twice", "{" ALL ",'counterparty':{},'counterparty':null}", "counterparty", "twice"},
	{"twice inside counterparty", "{" ALL ",'counterparty':{'name':'a','name':'b'}}", "counterparty.name",
     "twice"},
	{"a NUL in a known string", "{" ALL ",'remark':'a\\u0000b'}", "remark", "NUL"},
	{"a NUL in a required string", "{" BUT_ID ",'id':'\\u0000'}", "id", "NUL"},
	{"a NUL inside counterparty", "{" ALL ",'counterparty':{'name':'\\u0000'}}", "counterparty.name",
     "NUL"},
	{"a NUL in an unknown string", "{" ALL ",'x':['a\\u0000']}", "x", "NUL"},
	{"a NUL in a key", "{" ALL ",'x\\u0000':1}", "x ", "NUL"},

	{"id: a number", "{" BUT_ID ",'id':17}", "id", "`17` is a number; expected a string"},
	{"bank: a boolean", "{" BUT_BANK ",'bank':true}", "bank", "`true` is a boolean"},
	{"amount: a boolean", "{" BUT_AMOUNT ",'amount':false}", "amount",
     "is a boolean; expected a decimal string or number"},
	{"amount: an array", "{" BUT_AMOUNT ",'amount':['1.00']}", "amount", "is an array"},
	{"balance: an object", "{" ALL ",'balance':{}}", "balance", "is an object"},
	{"balance: a boolean", "{" ALL ",'balance':true}", "balance", "is a boolean"},
	{"remark: a number", "{" ALL ",'remark':17}", "remark", "is a number"},
	{"place: a number", "{" ALL ",'place':350100}", "place", "is a number"},
	{"opened_on: a number", "{" ALL ",'opened_on':20250101}", "opened_on", "is a number"},
	{"counterparty: a string", "{" ALL ",'counterparty':'62220'}", "counterparty",
     "is a string; expected an object"},
	{"counterparty: an array", "{" ALL ",'counterparty':[]}", "counterparty", "is an array"},
	{"counterparty.name: a number", "{" ALL ",'counterparty':{'name':1}}", "counterparty.name",
     "is a number"},
	{"counterparty.kind: an object", "{" ALL ",'counterparty':{'kind':{}}}", "counterparty.kind",
     "is an object"},

	{"id missing", "{" BUT_ID "}", "id", "is missing; expected 1 to 64"},
	{"id null", "{" BUT_ID ",'id':null}", "id", "is missing"},
	{"id empty", "{" BUT_ID ",'id':''}", "id", "is empty"},
	{"id of 65", "{" BUT_ID ",'id':'" ID64 "5'}", "id", "expected 1 to 64 characters"},
	{"bank missing", "{" BUT_BANK "}", "bank", "is missing"},
	{"bank null", "{" BUT_BANK ",'bank':null}", "bank", "is missing"},
	{"bank empty", "{" BUT_BANK ",'bank':''}", "bank", "is empty"},
	{"bank of 11 digits", "{" BUT_BANK ",'bank':'10210009999'}", "bank", "`10*******99`|12 digits"},
	{"bank with a letter", "{" BUT_BANK ",'bank':'10210009999X'}", "bank", "12 digits"},
	{"account missing", "{" BUT_ACCOUNT "}", "account", "is missing"},
	{"account null", "{" BUT_ACCOUNT ",'account':null}", "account", "is missing"},
	{"account empty", "{" BUT_ACCOUNT ",'account':''}", "account", "is empty"},
	{"account of 35", "{" BUT_ACCOUNT ",'account':'" DIGITS34 "5'}", "account", "1 to 34"},
	{"direction missing", "{" BUT_DIRECTION "}", "direction", "is missing; expected debit or credit"},
	{"direction wrong", "{" BUT_DIRECTION ",'direction':'Debit'}", "direction", "`Debit`|debit or credit"},
	{"amount missing", "{" BUT_AMOUNT "}", "amount", "is missing"},
	{"amount empty", "{" BUT_AMOUNT ",'amount':''}", "amount", "is empty"},
	{"amount zero", "{" BUT_AMOUNT ",'amount':'0.00'}", "amount", "is zero"},
	{"amount with a sign", "{" BUT_AMOUNT ",'amount':'-5.00'}", "amount", "`-5.00` is not an amount"},
	{"amount with a plus", "{" BUT_AMOUNT ",'amount':'+5.00'}", "amount", "is not an amount"},
	{"amount as a negative number", "{" BUT_AMOUNT ",'amount':-5}", "amount", "is not an amount"},
	{"amount with an exponent", "{" BUT_AMOUNT ",'amount':'1e5'}", "amount", "is not an amount"},
	{"a number with an exponent", "{" BUT_AMOUNT ",'amount':1E5}", "amount", "`1E5` is not an amount"},
	{"amount with a separator", "{" BUT_AMOUNT ",'amount':'12,5'}", "amount", "`12,5` is not an amount"},
	{"amount with a leading zero", "{" BUT_AMOUNT ",'amount':'012'}", "amount", "is not an amount"},
	{"amount without digits behind the point", "{" BUT_AMOUNT ",'amount':'12.'}", "amount",
     "is not an amount"},
	{"amount without digits before it", "{" BUT_AMOUNT ",'amount':'.5'}", "amount", "is not an amount"},
	{"amount with a blank", "{" BUT_AMOUNT ",'amount':' 5'}", "amount", "is not an amount"},
	{"amount too fine", "{" BUT_AMOUNT ",'amount':'1.005'}", "amount", "2 decimals of CNY"},
	{"yen with decimals", "{" BUT_AMOUNT ",'amount':'1.5','currency':'JPY'}", "amount",
     "0 decimals of JPY"},
	{"amount too large", "{" BUT_AMOUNT ",'amount':'92233720368547758.08'}", "amount", "too large"},
	{"currency unknown", "{" ALL ",'currency':'XXQ'}", "currency", "`XXQ`|ISO 4217"},
	{"currency in lower case", "{" ALL ",'currency':'cny'}", "currency", "upper case"},
	{"currency empty", "{" ALL ",'currency':''}", "currency", "is empty"},
	{"booked_at missing", "{" BUT_BOOKED "}", "booked_at", "is missing"},
	{"booked_at without an offset", "{" BUT_BOOKED ",'booked_at':'2026-03-02T09:15:04'}", "booked_at",
     "offset"},
	{"booked_at a date", "{" BUT_BOOKED ",'booked_at':'2026-03-02'}", "booked_at", "RFC 3339"},
	{"no such day", "{" BUT_BOOKED ",'booked_at':'2026-02-29T09:15:04Z'}", "booked_at", "RFC 3339"},
	{"hour 24", "{" BUT_BOOKED ",'booked_at':'2026-03-02T24:00:00Z'}", "booked_at", "RFC 3339"},
	{"second 61", "{" BUT_BOOKED ",'booked_at':'2026-03-02T09:15:61Z'}", "booked_at", "RFC 3339"},
	{"seven decimals", "{" BUT_BOOKED ",'booked_at':'2026-03-02T09:15:04.1234567Z'}", "booked_at",
     "RFC 3339"},
	{"offset +14:01", "{" BUT_BOOKED ",'booked_at':'2026-03-02T09:15:04+14:01'}", "booked_at", "RFC 3339"},
	{"offset -12:01", "{" BUT_BOOKED ",'booked_at':'2026-03-02T09:15:04-12:01'}", "booked_at", "RFC 3339"},
	{"offset without a colon", "{" BUT_BOOKED ",'booked_at':'2026-03-02T09:15:04+0800'}", "booked_at",
     "RFC 3339"},
	{"year 1999", "{" BUT_BOOKED ",'booked_at':'1999-12-31T23:59:59Z'}", "booked_at", "2000 to 2099"},
	{"year 2100", "{" BUT_BOOKED ",'booked_at':'2100-01-01T00:00:00Z'}", "booked_at", "2000 to 2099"},
	{"status unknown", "{" ALL ",'status':'done'}", "status", "`done`|booked, pending, failed or reversed"},
	{"status empty", "{" ALL ",'status':''}", "status", "is empty"},
	{"reversed without reverses", "{" ALL ",'status':'reversed'}", "reverses", "missing|reversed booking"},
	{"reversed with null", "{" ALL ",'status':'reversed','reverses':null}", "reverses", "missing"},
	{"reversed with an empty one", "{" ALL ",'status':'reversed','reverses':''}", "reverses", "is empty"},
	{"reverses of 65", "{" ALL ",'status':'reversed','reverses':'" ID64 "5'}", "reverses", "1 to 64"},
	{"structure before values", "{'direction':'x','bank':'y'," ID ",'remark':1}", "remark", "is a number"},
	{"the contract's order, not the message's", "{'direction':'x','bank':'y'," ID "}", "bank", "12 digits"},
};

/* Every counter and every set-aside count, but those that are expected, is zero. */
static void assert_counted(const char *name, enum counter result, uint64_t bytes, enum counter warned,
                           enum tx_field aside)
{
	for (int i = 0; i < COUNTER_COUNT; i++) {
		uint64_t wanted =
			i == COUNT_MESSAGE_BYTES ? bytes : i == COUNT_MESSAGES || i == (int)result || i == (int)warned;
		if (counter_sum(i) != wanted)
			fail_msg("%s: %s is %llu, expected %llu", name, counter_infos[i].name, (unsigned long long)counter_sum(i),
			         (unsigned long long)wanted);
	}
	for (enum tx_field field = 0; field < TX_FIELD_COUNT; field++)
		for (unsigned feed = 0; feed < COUNTER_FEEDS_MAX; feed++)
			if (counter_aside_sum(feed, field) != (feed == 3 && field == aside))
				fail_msg("%s: %s of feed %u set aside %llu times", name, tx_fields[field].name, feed,
				         (unsigned long long)counter_aside_sum(feed, field));
}

/* I5: what is taken is written back whole; what was left out or changed on the way is counted, and nothing
 * else is. */
static void takes_what_the_contract_takes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
		const struct taken *t = &taken[i];
		const char *message = quoted(t->message);
		fixture_begin("json", "");
		if (fixture_decode_text(message) == -1)
			fail_msg("%s: rejected: %s", t->name, fixture.reject.reason);
		assert_int_equal(fixture.tx_count, 1);
		assert_counted(t->name, COUNT_TXS, strlen(message), t->warned, t->aside);
		if (t->holds != NULL && strstr(fixture_line(0), quoted(t->holds)) == NULL)
			fail_msg("%s: lacks %s: %s", t->name, t->holds, fixture_line(0));
		if (t->lacks != NULL && strstr(fixture_line(0), quoted(t->lacks)) != NULL)
			fail_msg("%s: holds %s: %s", t->name, t->lacks, fixture_line(0));
		fixture_end();
	}
}

/* I5: what is refused is one dead letter with the right reason, and leaves no other trace. */
static void rejects_what_the_contract_rejects(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rejected) / sizeof(rejected[0]); i++) {
		const struct rejected *r = &rejected[i];
		const char *message = quoted(r->message), *name = *r->field != '\0' ? r->field : "message";
		fixture_begin("json", "");
		if (fixture_decode_text(message) == 0)
			fail_msg("%s: taken: %s", r->name, fixture_line(0));
		assert_rejected(-1, r->field, r->words);
		if (strncmp(fixture.reject.reason, name, strlen(name)) != 0)
			fail_msg("%s: the reason does not begin with its field: %s", r->name, fixture.reject.reason);
		assert_true(utf8_valid(fixture.reject.reason, strlen(fixture.reject.reason)));
		assert_int_equal(fixture.tx_count, 0);
		assert_counted(r->name, COUNT_DEAD_LETTERS, strlen(message), COUNTER_COUNT, TX_FIELD_COUNT);
		fixture_end();
	}
}

static void a_rejected_message_counts_nothing_aside(void **state)
{
	(void)state;
	fixture_begin("json", "");
	assert_rejected(fixture_decode_text(quoted(
						"{" BUT_BOOKED
						",'enterprise':'x','purpose':'" HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED
						"'}")),
	                "booked_at", "missing");
	assert_int_equal(counter_aside_sum(3, TX_ENTERPRISE_FIELD), 0);
	assert_int_equal(counter_sum(COUNT_TX_CUT_TEXT), 0);
	fixture_end();
}

static void an_empty_message_is_rejected(void **state)
{
	(void)state;
	for (const struct decoder *const *d = decoders; *d != NULL; d++) {
		fixture_begin((*d)->name, "102100099996");
		assert_rejected(fixture_decode("", 0, false), "", "is empty");
		assert_counted((*d)->name, COUNT_DEAD_LETTERS, 0, COUNTER_COUNT, TX_FIELD_COUNT);
		fixture_end();
	}
}

/* I8: the bound on a message's bytes is 64 KiB itself. */
static void a_message_has_at_most_64_kib(void **state)
{
	size_t room = DECODE_JSON_BYTES_MAX + 1, used;
	char *message = malloc(room);

	(void)state;
	fixture_begin("json", "");
	used = strlen(strcpy(message, quoted("{" ALL ",'x':'")));
	memset(message + used, 'y', room - used);
	memcpy(message + DECODE_JSON_BYTES_MAX - 2, "\"}", 2);
	assert_int_equal(fixture_decode(message, DECODE_JSON_BYTES_MAX, false), 0);
	memcpy(message + DECODE_JSON_BYTES_MAX - 2, "y\"}", 3);
	assert_rejected(fixture_decode(message, room, false), "", "65537 bytes|65536");
	fixture_end();
	free(message);
}

/* The message is the first level, so 63 arrays fit in a member of it. */
static void nesting_ends_at_64(void **state)
{
	char message[1024];

	(void)state;
	fixture_begin("json", "");
	for (int deep = 62; deep <= 65; deep++) {
		size_t used = strlen(strcpy(message, quoted("{" ALL ",'x':")));
		memset(message + used, '[', (size_t)deep);
		memset(message + used + deep, ']', (size_t)deep);
		strcpy(message + used + 2 * deep, "}");
		if (deep <= 63)
			assert_int_equal(fixture_decode_text(message), 0);
		else
			assert_rejected(fixture_decode_text(message), "", "nested|64|`x`");
	}
	strcpy(message, quoted("{" ALL ",'counterparty':{'x':"));
	for (int i = 0; i < 62; i++)
		strcat(message, "{\"a\":");
	strcat(message, "[]");
	for (int i = 0; i < 64; i++)
		strcat(message, "}");
	assert_rejected(fixture_decode_text(message), "", "nested|64");
	fixture_end();
}

/* I9: neither an account nor a name longer than a few characters can be read from a reason. */
static void reasons_mask_and_cut_values(void **state)
{
	(void)state;
	fixture_begin("json", "");
	assert_rejected(fixture_decode_text(quoted("{" BUT_BANK ",'bank':'6222020200012345678'}")), "bank", "62***");
	assert_null(strstr(fixture.reject.reason, "6222020200012345678"));
	assert_rejected(fixture_decode_text(quoted("{" BUT_DIRECTION ",'direction':'" HUNDRED "'}")),
	                "direction", "…");
	assert_null(strstr(fixture.reject.reason, TEN TEN TEN));
	assert_true(strlen(fixture.reject.reason) < DECODE_REASON_BYTES);
	assert_rejected(fixture_decode_text(quoted("{" BUT_BOOKED ",'booked_at':'6222-0202-0001-2345-678'}")),
	                "booked_at", "`62*");
	assert_rejected(fixture_decode_text(quoted("{" BUT_BOOKED ",'booked_at':'20260302091504'}")),
	                "booked_at", "`20*");
	assert_rejected(fixture_decode_text(
						quoted("{" BUT_BOOKED ",'booked_at':'2026-02-30T09:15:04.1234567Z'}")),
	                "booked_at", "`2026-02-30T09:15:04.1234567Z`");
	fixture_end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_what_the_contract_takes),
		cmocka_unit_test(rejects_what_the_contract_rejects),
		cmocka_unit_test(a_rejected_message_counts_nothing_aside),
		cmocka_unit_test(an_empty_message_is_rejected),
		cmocka_unit_test(a_message_has_at_most_64_kib),
		cmocka_unit_test(nesting_ends_at_64),
		cmocka_unit_test(reasons_mask_and_cut_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
