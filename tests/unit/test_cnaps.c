/*
 * hvps.111 and beps.121 with their blocks, sentence by sentence of contract.md section 3.
 */
#include "tests/unit/xml_case.h"

#include <iconv.h>
#include <stdlib.h>

#define BLOCK(system, structure, type) \
	"{H:02102100099996  " system "308584000013  " system "20260302091504" structure type \
	"HVPA6014CC25179588652026030200000017    3DXN       }\r\n"
#define HVPS BLOCK("HVPS", "XML", "hvps.111.001.01     ")
#define BEPS BLOCK("BEPS", "XML", "beps.121.001.01     ")
#define SIGNED "{S:MEUCIQCNYuIMGkwHA47f1Yq1\r\n+OBPdmKJ3Hfx=}\r\n"
#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"
#define A "102391020017"
#define B "308391021013"
#define MEMBER(code) "<FinInstnId><ClrSysMmbId><MmbId>" code "</MmbId></ClrSysMmbId></FinInstnId>"
#define BRANCH(code) "<BrnchId><Id>" code "</Id></BrnchId>"
#define ACCOUNT(number) "<Id><Othr><Id>" number "</Id><Issr>" A "</Issr></Othr></Id>"
#define SIDES(debtor, creditor) \
	"<Dbtr><Nm>D</Nm></Dbtr><DbtrAcct>" ACCOUNT("D1") "</DbtrAcct><DbtrAgt>" debtor "</DbtrAgt>" \
	"<CdtrAgt>" creditor "</CdtrAgt><Cdtr><Nm>C</Nm></Cdtr><CdtrAcct>" ACCOUNT("C1") "</CdtrAcct>"
#define LARGE_IN(namespace, count, rest) \
	"<Document xmlns=\"" namespace "\"><FIToFICstmrCdtTrf><GrpHdr><MsgId>M1</MsgId>" \
	"<CreDtTm>2026-03-02T09:15:04</CreDtTm><NbOfTxs>" count "</NbOfTxs></GrpHdr>" \
	"<CdtTrfTxInf><PmtId><EndToEndId>E</EndToEndId><TxId>2026030200000017</TxId></PmtId>" \
	"<IntrBkSttlmAmt Ccy=\"CNY\">5.00</IntrBkSttlmAmt>" rest \
	"</CdtTrfTxInf></FIToFICstmrCdtTrf></Document>\r\n"
#define PACS_2 "urn:iso:std:iso:20022:tech:xsd:pacs.008.001.02"
#define LARGE(rest) LARGE_IN(PACS_2, "1", SIDES(MEMBER(A), MEMBER(B)) rest)
#define SMALL_IN(namespace, count, sum, rest) \
	"<Document xmlns=\"" namespace "\"><CstmrCdtTrf><PKGGrpHdr><MsgId>P1</MsgId>" \
	"<CreDtTm>2026-03-02T10:07:35</CreDtTm><NbOfTxs>" count "</NbOfTxs>" \
	"<CtrlSum Ccy=\"CNY\">" sum "</CtrlSum><SysCd>BEPS</SysCd></PKGGrpHdr>" rest \
	"</CstmrCdtTrf></Document>"
#define SMALL(count, sum, rest) SMALL_IN("urn:cnaps:std:beps:2010:tech:xsd:beps.121.001.01", count, sum, rest)
#define ONE(id, amount, debtor, creditor, rest) \
	"<CstmrCdtTrfInf><TxId>" id "</TxId>" SIDES(BRANCH(debtor), BRANCH(creditor)) \
	"<Amt Ccy=\"CNY\">" amount "</Amt>" rest "</CstmrCdtTrfInf>"
#define THREE ONE("1", "5.00", A, B, "") ONE("2", "6.00", B, A, "") ONE("3", "7.10", A, A, "")

static void large_value(void **state)
{
	static const struct xml_case cases[] = {
		{"both legs", HVPS SIGNED XML
		 LARGE("<Purp><Prtry>02102</Prtry></Purp><RmtInf><Ustrd>/H01/货款</Ustrd><Ustrd>/H03/急</Ustrd></RmtInf>"),
		 NULL, 2, {"{\"id\":\"2026030200000017\",\"bank\":\"" A "\",\"account\":\"D1\",\"account_name\":\"D\",",
		  "\"direction\":\"debit\",\"amount\":\"5.00\",\"currency\":\"CNY\",",
		  "\"booked_at\":\"2026-03-02T01:15:04.000Z\",\"status\":\"booked\"",
		  "\"purpose\":\"02102\",\"remark\":\"货款 急\"", "{\"id\":\"" A "/2026030200000017\",\"bank\":\"" B "\"",
		  "credit"}, false},
		{"one leg", HVPS SIGNED XML LARGE(""), B, 1, {"credit"}, false},
		{"another bank's", HVPS SIGNED XML LARGE(""), "308584000013", 0, {"neither"}, true},
		{"unsigned", HVPS XML LARGE(""), A, 1, {"debit"}, false},
		{"no declaration", HVPS LARGE(""), A, 1, {"debit"}, false},
		{"marks and blanks before", "\xEF\xBB\xBF\r\n" HVPS "\n" SIGNED "\n\xEF\xBB\xBF" XML LARGE(""), A, 1,
		 {"debit"}, false},
		{"the account's branch", HVPS LARGE_IN(PACS_2, "1", SIDES(MEMBER("102100099996") BRANCH(A), MEMBER(B))),
		 NULL, 2, {"\"bank\":\"" A "\""}, false},
		{"count", HVPS LARGE_IN(PACS_2, "2", SIDES(MEMBER(A), MEMBER(B))), A, 0, {"NbOfTxs: `2`"}, true},
		{"another version", HVPS LARGE_IN("urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08", "1", SIDES(MEMBER(A),
		 MEMBER(B))), A, 0, {"xmlns", "hvps.111.001.01"}, true},
	};

	(void)state;
	XML_CASES_RUN("cnaps", cases);
}

static void small_value(void **state)
{
	static const struct xml_case cases[] = {
		{"of one bank", BEPS SIGNED XML SMALL("3", "18.10", THREE), A, 4,
		 {"\"id\":\"1\"", "debit", "\"id\":\"" B "/2\"", "credit", "\"id\":\"3\"", "debit", "\"id\":\"" A "/3\"",
		 "credit"}, false},
		{"both", BEPS XML SMALL("3", "18.10", THREE), NULL, 6, {"2026-03-02T02:07:35.000Z"}, false},
		{"texts", BEPS XML SMALL("1", "5", ONE("1", "5.00", A, B,
		 "<Purp><Prtry>02102</Prtry></Purp><AddtlInf>申报费</AddtlInf>")), A, 1,
		 {"\"purpose\":\"02102\",\"remark\":\"申报费\""}, false},
		{"count", BEPS XML SMALL("2", "18.10", THREE), A, 0, {"PKGGrpHdr/NbOfTxs: `2` does not add up; found 3"},
		 true},
		{"sum", BEPS XML SMALL("3", "18.11", THREE), A, 0,
		 {"PKGGrpHdr/CtrlSum: `18.11` does not add up; found 18.10"}, true},
		{"one of another bank", BEPS XML SMALL("2", "10", ONE("1", "5.00", A, B, "") ONE("2", "5.00", B, B, "")),
		 A, 0, {"neither"}, true},
		{"another namespace", BEPS XML SMALL_IN("urn:cnaps:std:beps:2010:tech:xsd:beps.121.001.02", "3", "18.10",
		 THREE), A, 0, {"xmlns"}, true},
		{"large in small", BEPS XML LARGE(""), A, 0, {"is not the namespace of beps.121.001.01"}, true},
		{"empty", BEPS XML SMALL("0", "0", ""), A, 0, {"holds no transfer"}, true},
	};

	(void)state;
	XML_CASES_RUN("cnaps", cases);
}

static void blocks(void **state)
{
	static const struct xml_case cases[] = {
		{"none", XML LARGE(""), A, 0, {"header: is missing"}, true},
		{"signature first", SIGNED HVPS XML LARGE(""), A, 0, {"header: is missing"}, true},
		{"no end", "{H:02102100099996  HVPS308584000013  HVPS" XML, A, 0, {"header: is missing or has no end"},
		 true},
		{"short", "{H:02102100099996  HVPS}\r\n" XML LARGE(""), A, 0, {"header: has 20 characters"}, true},
		{"another structure", BLOCK("HVPS", "TAG", "hvps.111.001.01     ") XML LARGE(""), A, 0, {"header: `TAG`"},
		 true},
		{"another message", BLOCK("HVPS", "XML", "hvps.112.001.01     ") XML LARGE(""), A, 0,
		 {"header: `hvps.112.001.01`"}, true},
		{"no type", BLOCK("HVPS", "XML", "                    ") XML LARGE(""), A, 0, {"is no known message"},
		 true},
		{"an open signature", HVPS "{S:MEUCIQ" XML LARGE(""), A, 0, {"signature: has no end"}, true},
		{"no document", HVPS SIGNED, A, 0, {"no XML stands behind the blocks"}, true},
		{"a second header", HVPS HVPS XML LARGE(""), A, 0, {"no XML stands behind the blocks"}, true},
	};

	(void)state;
	XML_CASES_RUN("cnaps", cases);
}

#define SMALL_CHINESE(encoding) \
	BEPS "<?xml version='1.0' encoding='" encoding "'?>" SMALL("1", "5", ONE("1", "5.00", A, B, \
	"<AddtlInf>货款㐂𠮷</AddtlInf>"))

/* The same message in GB18030, four-byte sequences included, reads as in UTF-8. */
static void chinese_encodings(void **state)
{
	static const char *const texts[] = {SMALL_CHINESE("GB18030"), SMALL_CHINESE("gbk"), SMALL_CHINESE("GB2312")};
	char bytes[4096];

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		char *in = (char *)(uintptr_t)texts[i], *out = bytes;
		size_t in_left = strlen(texts[i]), out_left = sizeof(bytes) - 1;
		iconv_t converter = iconv_open("GB18030", "UTF-8");

		assert_int_equal(iconv(converter, &in, &in_left, &out, &out_left), 0);
		*out = '\0';
		iconv_close(converter);
		struct xml_case row = {texts[i], bytes, A, 1, {"\"remark\":\"货款㐂𠮷\""}, false};
		xml_cases_run("cnaps", &row, 1);
	}
}

static void broken_encodings(void **state)
{
	static const struct xml_case cases[] = {
		{"GB18030", BEPS "<?xml version='1.0' encoding='GB18030'?>" SMALL("1", "5", ONE("1", "5.00", A, B,
		 "<AddtlInf>\xFF</AddtlInf>")), A, 0, {"is not GB18030"}, true},
		{"GB18030 cut in a character", BEPS "<?xml version='1.0' encoding='GB18030'?><Document>\x81", A, 0,
		 {"is not GB18030"}, true},
		{"GB18030 that is called UTF-8", BEPS XML SMALL("1", "5", ONE("1", "5.00", A, B,
		 "<AddtlInf>\xBB\xF5\xBF\xEE</AddtlInf>")), A, 0, {"expected well-formed XML"}, true},
		{"unknown", BEPS "<?xml version='1.0' encoding='BIG5-HKSCS'?>" SMALL("1", "5", ONE("1", "5.00", A, B,
		 "")), A, 0, {"unknown encoding"}, true},
	};

	(void)state;
	XML_CASES_RUN("cnaps", cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(large_value),
		cmocka_unit_test(small_value),
		cmocka_unit_test(blocks),
		cmocka_unit_test(chinese_encodings),
		cmocka_unit_test(broken_encodings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
