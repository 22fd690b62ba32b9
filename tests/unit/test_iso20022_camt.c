/*
 * camt.054, sentence by sentence of contract.md section 3. Messages are made here, from the public
 * definitions.
 */
#include "tests/unit/xml_case.h"

#include "base/counters.h"

#define DOCUMENT(version) "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001." version "\">"
#define CAMT(version, body) \
	DOCUMENT(version) "<BkToCstmrDbtCdtNtfctn>" \
	"<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-03-02T18:00:00+08:00</CreDtTm></GrpHdr>" body \
	"</BkToCstmrDbtCdtNtfctn></Document>"
#define ACCT \
	"<Acct><Id><Othr><Id>62220001</Id></Othr></Id><Svcr><FinInstnId><ClrSysMmbId><MmbId>102391020017</MmbId>" \
	"</ClrSysMmbId></FinInstnId></Svcr></Acct>"
#define NTFCTN(body) "<Ntfctn><Id>N1</Id>" ACCT body "</Ntfctn>"
#define AMT(text) "<Amt Ccy=\"CNY\">" text "</Amt>"
#define BOOKED "<BookgDt><DtTm>2026-03-02T09:15:04</DtTm></BookgDt>"
#define REF(text) "<AcctSvcrRef>" text "</AcctSvcrRef>"
#define ENTRY(direction, rest) "<Ntry>" AMT("100.00") "<CdtDbtInd>" direction "</CdtDbtInd>" rest "</Ntry>"
#define CREDIT(rest) ENTRY("CRDT", "<Sts>BOOK</Sts>" BOOKED REF("R1") rest)
#define DEBIT(rest) ENTRY("DBIT", "<Sts>BOOK</Sts>" BOOKED REF("R1") rest)
#define DETAILS(body) "<NtryDtls>" body "</NtryDtls>"
#define ONE(body) "<TxDtls>" body "</TxDtls>"
#define SUMMARY(body) "<TxsSummry>" body "</TxsSummry>"
#define V4(body) CAMT("04", NTFCTN(body))
#define DEBTOR "<Dbtr><Nm>D</Nm></Dbtr><DbtrAcct><Id><Othr><Id>D1</Id></Othr></Id></DbtrAcct>"
#define CREDITOR "<Cdtr><Nm>C</Nm></Cdtr><CdtrAcct><Id><Othr><Id>C1</Id></Othr></Id></CdtrAcct>"
#define PARTIES "<RltdPties>" DEBTOR CREDITOR "</RltdPties>"

static void every_version_is_known(void **state)
{
	static const char *const versions[] = {
		CAMT("02", NTFCTN(CREDIT(""))), CAMT("03", NTFCTN(CREDIT(""))), CAMT("04", NTFCTN(CREDIT(""))),
		CAMT("05", NTFCTN(CREDIT(""))), CAMT("06", NTFCTN(CREDIT(""))), CAMT("07", NTFCTN(CREDIT(""))),
		CAMT("08", NTFCTN(CREDIT(""))), CAMT("09", NTFCTN(CREDIT(""))), CAMT("10", NTFCTN(CREDIT(""))),
		CAMT("11", NTFCTN(CREDIT(""))), CAMT("12", NTFCTN(CREDIT(""))), CAMT("13", NTFCTN(CREDIT("")))
	};

	(void)state;
	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
		struct xml_case row = {"version", versions[i], NULL, 1, {"\"id\":\"R1\""}, false};
		xml_cases_run("iso20022", &row, 1);
	}
}

static void unknown_versions_and_namespaces_are_rejected(void **state)
{
	static const struct xml_case cases[] = {
		{"too old", CAMT("01", NTFCTN(CREDIT(""))), NULL, 0, {"xmlns: `camt.054.001.01`"}, true},
		{"too new", CAMT("14", NTFCTN(CREDIT(""))), NULL, 0, {"xmlns: `camt.054.001.14`"}, true},
		{"three digits", CAMT("002", NTFCTN(CREDIT(""))), NULL, 0, {"no known message"}, true},
		{"variant", CAMT("0A", NTFCTN(CREDIT(""))), NULL, 0, {"no known message"}, true},
		{"other message", "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"/>", NULL, 0,
		 {"xmlns"}, true},
		{"other issuer", "<Document xmlns=\"urn:swift:xsd:camt.054.001.02\"/>", NULL, 0, {"xmlns: `urn:swift"},
		 true},
		{"none", "<Document><BkToCstmrDbtCdtNtfctn/></Document>", NULL, 0, {"xmlns"}, true},
		{"other root", "<Dokument xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.02\"/>", NULL, 0,
		 {"Document"}, true},
		{"wrong message in it",
		 DOCUMENT("02") "<CstmrCdtTrfInitn/></Document>",
		 NULL, 0, {"CstmrCdtTrfInitn", "BkToCstmrDbtCdtNtfctn"}, true},
		{"nothing in it", DOCUMENT("02") "</Document>", NULL, 0, {"holds nothing"}, true},
		{"two of them",
		 DOCUMENT("02") "<BkToCstmrDbtCdtNtfctn><Ntfctn/>"
		 "</BkToCstmrDbtCdtNtfctn><BkToCstmrDbtCdtNtfctn/></Document>", NULL, 0, {"stands there twice"}, true},
		{"no notification", CAMT("02", ""), NULL, 0, {"Ntfctn: is missing"}, true},
	};

	(void)state;
	XML_CASES_RUN("iso20022", cases);
}

/* "the direction of the detail where it has one, else of the entry" */
static void direction_is_the_details_else_the_entrys(void **state)
{
	static const struct xml_case cases[] = {
		{"entry", V4(DEBIT(DETAILS(ONE("")))), NULL, 1, {"\"direction\":\"debit\""}, false},
		{"entry alone", V4(CREDIT("")), NULL, 1, {"\"direction\":\"credit\""}, false},
		{"detail", V4(ENTRY("DBIT", "<Sts>BOOK</Sts>" BOOKED REF("R1") DETAILS(ONE(AMT("150.00"))
		 ONE(AMT("50.00") "<CdtDbtInd>CRDT</CdtDbtInd>")))), NULL, 2,
		 {"\"direction\":\"debit\",\"amount\":\"150.00\"", "\"direction\":\"credit\",\"amount\":\"50.00\""}, false},
		{"neither word", V4(ENTRY("IN", "<Sts>BOOK</Sts>" BOOKED REF("R1"))), NULL, 0, {"Ntry/CdtDbtInd: `IN`"},
		 true},
		{"neither word in a detail", V4(CREDIT(DETAILS(ONE("<CdtDbtInd>D</CdtDbtInd>")))), NULL, 0,
		 {"TxDtls/CdtDbtInd: `D`"}, true},
	};

	(void)state;
	XML_CASES_RUN("iso20022", cases);
}

/* "a single detail without an amount takes the entry's, several without are a rejection" */
static void amounts_of_details(void **state)
{
	static const struct xml_case cases[] = {
		{"single", V4(CREDIT(DETAILS(ONE("")))), NULL, 1, {"\"id\":\"R1\"", "\"amount\":\"100.00\""}, false},
		{"TxAmt of version 2", CAMT("02", NTFCTN(CREDIT(DETAILS(ONE("<AmtDtls><TxAmt>" AMT("100.00")
		 "</TxAmt></AmtDtls>"))))), NULL, 1, {"\"amount\":\"100.00\""}, false},
		{"Amt before TxAmt", V4(CREDIT(DETAILS(ONE(AMT("100.00")
		 "<AmtDtls><TxAmt><Amt Ccy=\"USD\">14.00</Amt></TxAmt></AmtDtls>")))),
		 NULL, 1, {"\"amount\":\"100.00\",\"currency\":\"CNY\""}, false},
		{"several", V4(CREDIT(DETAILS(ONE(AMT("60.00")) ONE(AMT("40.00"))))), NULL, 2,
		 {"\"id\":\"R1/1\"", "\"60.00\"", "\"id\":\"R1/2\"", "\"40.00\""}, false},
		{"in two groups", V4(CREDIT(DETAILS(ONE(AMT("60.00"))) DETAILS(ONE(AMT("30.00")) ONE(AMT("10.00"))))),
		 NULL, 3, {"R1/1", "60.00", "R1/2", "30.00", "R1/3", "10.00"}, false},
		{"first without", V4(CREDIT(DETAILS(ONE("") ONE(AMT("40.00"))))), NULL, 0,
		 {"amount: is missing from a detail"}, true},
		{"second without", V4(CREDIT(DETAILS(ONE(AMT("40.00")) ONE("")))), NULL, 0, {"amount: is missing"}, true},
		{"all without", V4(CREDIT(DETAILS(ONE("")) DETAILS(ONE("")))), NULL, 0, {"amount: is missing"}, true},
		{"no currency", V4(CREDIT(DETAILS(ONE("<Amt>100.00</Amt>")))), NULL, 0, {"currency: is missing"}, true},
		{"no amount at all", V4("<Ntry><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts></Ntry>"), NULL, 0,
		 {"Ntry/Amt: is missing"}, true},
		{"too fine", V4(CREDIT(DETAILS(ONE("<Amt Ccy=\"JPY\">1.5</Amt>")))), NULL, 0,
		 {"amount: `1.5` is too fine"}, true},
		{"zero", V4(CREDIT(DETAILS(ONE("<Amt Ccy=\"USD\">0</Amt>")))), NULL, 0, {"is zero"}, true},
		{"negative", V4(CREDIT(DETAILS(ONE("<Amt Ccy=\"USD\">-5</Amt>")))), NULL, 0, {"amount: `-5`"}, true},
		{"given twice", V4(CREDIT("<CdtDbtInd>DBIT</CdtDbtInd>")), NULL, 0, {"Ntry/CdtDbtInd", "twice"}, true},
	};

	(void)state;
	XML_CASES_RUN("iso20022", cases);
}

/* "BOOK → booked, PDNG → pending, others counted and not judged" */
static void statuses(void **state)
{
	static const struct xml_case cases[] = {
		{"text", CAMT("02", NTFCTN(ENTRY("CRDT", "<Sts>PDNG</Sts>" REF("R1")))), NULL, 1,
		 {"\"status\":\"pending\""}, false},
		{"code", CAMT("08", NTFCTN(ENTRY("CRDT", "<Sts> <Cd>BOOK</Cd> </Sts>" REF("R1")))), NULL, 1,
		 {"\"status\":\"booked\""}, false},
		{"pending by code", CAMT("13", NTFCTN(ENTRY("CRDT", "<Sts><Cd>PDNG</Cd></Sts>" REF("R1")))), NULL, 1,
		 {"\"status\":\"pending\""}, false},
		{"information", CAMT("02", NTFCTN(ENTRY("CRDT", "<Sts>INFO</Sts>"))), NULL, 0, {NULL}, false},
		{"future, two details", CAMT("08", NTFCTN(ENTRY("CRDT", "<Sts><Cd>FUTR</Cd></Sts>" DETAILS(ONE(AMT("60.00"))
		 ONE(AMT("40.00")))))), NULL, 0, {NULL}, false},
		{"proprietary", CAMT("08", NTFCTN(ENTRY("CRDT", "<Sts><Prtry>OWN</Prtry></Sts>"))), NULL, 0, {NULL}, false},
		{"none", V4(ENTRY("CRDT", REF("R1"))), NULL, 0, {"Ntry/Sts: is missing"}, true},
	};

	(void)state;
	counters_clear_for_test();
	XML_CASES_RUN("iso20022", cases);
	/* I5: what is not judged is counted, each detail. */
	assert_int_equal(counter_sum(COUNT_TX_NOT_JUDGED), 4);
	assert_int_equal(counter_sum(COUNT_TXS), 3);
	assert_int_equal(counter_sum(COUNT_DEAD_LETTERS), 1);
}

/* "RvslInd → reversed" */
static void reversals(void **state)
{
#define REVERSAL(rest) V4(ENTRY("CRDT", "<RvslInd>true</RvslInd><Sts>BOOK</Sts>" BOOKED rest))
	static const struct xml_case cases[] = {
		{"servicer's reference", REVERSAL(REF("REV") DETAILS(ONE("<Refs>" REF("ORIG")
		 "<EndToEndId>E</EndToEndId></Refs>"))),
		 NULL, 1, {"\"id\":\"REV\"", "\"status\":\"reversed\",\"reverses\":\"ORIG\""}, false},
		{"end to end", REVERSAL(REF("REV") DETAILS(ONE("<Refs>" REF("REV") "<EndToEndId>E</EndToEndId></Refs>"))),
		 NULL, 1, {"\"id\":\"REV\"", "\"reverses\":\"E\""}, false},
		{"its own again", REVERSAL(REF("ORIG") DETAILS(ONE("<Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>"))),
		 NULL, 1, {"\"id\":\"ORIG/R\"", "\"reverses\":\"ORIG\""}, false},
		{"of several", REVERSAL(REF("ORIG") DETAILS(ONE(AMT("60.00")) ONE(AMT("40.00")))), NULL, 2,
		 {"\"id\":\"ORIG/R/1\"", "\"reverses\":\"ORIG/1\"", "\"id\":\"ORIG/R/2\"", "\"reverses\":\"ORIG/2\""},
		 false},
		{"of nothing", REVERSAL("<NtryRef>7</NtryRef>"), NULL, 0, {"reverses: is missing"}, true},
		{"one", V4(ENTRY("CRDT", "<RvslInd>1</RvslInd><Sts>PDNG</Sts>" REF("A"))), NULL, 1, {"reversed"}, false},
		{"false", V4(ENTRY("CRDT", "<RvslInd>false</RvslInd><Sts>BOOK</Sts>" REF("A"))), NULL, 1, {"\"booked\""},
		 false},
		{"neither", V4(ENTRY("CRDT", "<RvslInd>yes</RvslInd><Sts>BOOK</Sts>" REF("A"))), NULL, 0,
		 {"Ntry/RvslInd: `yes`"}, true},
		{"roles stay those of the booking", REVERSAL(REF("A") DETAILS(ONE(PARTIES))), NULL, 1, {"\"name\":\"C\""},
		 false},
	};

	(void)state;
	XML_CASES_RUN("iso20022", cases);
}

static void references(void **state)
{
	static const struct xml_case cases[] = {
		{"of the detail", V4(ENTRY("CRDT", "<Sts>BOOK</Sts>" DETAILS(ONE("<Refs>" REF("D7") "</Refs>")))), NULL, 1,
		 {"\"id\":\"D7\""}, false},
		{"of the entry within its notification", V4(ENTRY("CRDT", "<NtryRef>3</NtryRef><Sts>BOOK</Sts>")), NULL, 1,
		 {"\"id\":\"N1/3\""}, false},
		{"by number", V4(ENTRY("CRDT", "<Sts>BOOK</Sts>") ENTRY("CRDT", "<Sts>BOOK</Sts>")), NULL, 2,
		 {"\"id\":\"N1/1\"", "\"id\":\"N1/2\""}, false},
		{"by number, several", V4(ENTRY("CRDT", "<Sts>BOOK</Sts>") ENTRY("CRDT",
		 "<Sts>BOOK</Sts>" DETAILS(ONE(AMT("60"))
		 ONE(AMT("40"))))), NULL, 3, {"\"id\":\"N1/1\"", "\"id\":\"N1/2/1\"", "\"id\":\"N1/2/2\""}, false},
		{"by the message's", CAMT("04", "<Ntfctn>" ACCT ENTRY("CRDT", "<Sts>BOOK</Sts>") "</Ntfctn>"), NULL, 1,
		 {"\"id\":\"M1/1\""}, false},
		{"too long together", V4(ENTRY("CRDT",
		 "<NtryRef>12345678901234567890123456789012345678901234567890123456789012"
		 "</NtryRef><Sts>BOOK</Sts>")), NULL, 1, {"\"id\":\"N1/12345678901234567890123456789012345678901234~"},
		 false},
	};

	(void)state;
	XML_CASES_RUN("iso20022", cases);
}

static void times(void **state)
{
#define DATED(dates) V4(ENTRY("CRDT", "<Sts>BOOK</Sts>" dates REF("R1")))
	static const struct xml_case cases[] = {
		{"China's without offset", DATED(BOOKED), NULL, 1, {"\"2026-03-02T01:15:04.000Z\""}, false},
		{"offset", DATED("<BookgDt><DtTm>2026-03-02T09:15:04.1239-05:30</DtTm></BookgDt>"), NULL, 1,
		 {"\"2026-03-02T14:45:04.123Z\""}, false},
		{"UTC, seven decimals", DATED("<BookgDt><DtTm>2026-03-02T09:15:04.7654321Z</DtTm></BookgDt>"), NULL, 1,
		 {"\"2026-03-02T09:15:04.765Z\""}, false},
		{"a date, the notification's day", DATED("<BookgDt><Dt>2026-03-02</Dt></BookgDt>"), NULL, 1,
		 {"\"2026-03-02T10:00:00.000Z\""}, false},
		{"a date before: noon", DATED("<BookgDt><Dt>2026-03-01</Dt></BookgDt>"), NULL, 1,
		 {"\"2026-03-01T04:00:00.000Z\""}, false},
		{"a date with offset", DATED("<BookgDt><Dt>2026-03-01+08:00</Dt></BookgDt>"), NULL, 1, {"2026-03-01T04"},
		 false},
		{"none: the message's", DATED(""), NULL, 1, {"\"2026-03-02T10:00:00.000Z\""}, false},
		{"no such day", DATED("<BookgDt><Dt>2026-02-29</Dt></BookgDt>"), NULL, 0, {"booked_at: `2026-02-29`"},
		 true},
		{"no such hour", DATED("<BookgDt><DtTm>2026-02-28T24:01:00</DtTm></BookgDt>"), NULL, 0, {"booked_at",
		 "is no time"}, true},
		{"no time at all",
		 DOCUMENT("02") "<BkToCstmrDbtCdtNtfctn>"
		 NTFCTN(ENTRY("CRDT", "<Sts>BOOK</Sts>" REF("R1"))) "</BkToCstmrDbtCdtNtfctn></Document>", NULL, 0,
		 {"booked_at: is missing"}, true},
	};

	(void)state;
	XML_CASES_RUN("iso20022", cases);
}

static void parties_and_texts(void **state)
{
#define ORG(id) "<Id><OrgId><Othr><Id>" id "</Id></Othr></OrgId></Id>"
	static const struct xml_case cases[] = {
		{"a credit's debtor", V4(CREDIT(DETAILS(ONE(PARTIES)))), NULL, 1, {"\"account\":\"D1\",\"name\":\"D\""},
		 false},
		{"a debit's creditor", V4(DEBIT(DETAILS(ONE(PARTIES)))), NULL, 1, {"\"account\":\"C1\",\"name\":\"C\""},
		 false},
		{"swapped roles", V4(CREDIT(DETAILS(ONE(
		 "<RltdPties><Dbtr><Nm>Us</Nm></Dbtr><DbtrAcct><Id><Othr><Id>62220001</Id></Othr>"
		 "</Id></DbtrAcct>" CREDITOR "</RltdPties>")))), NULL, 1, {"\"account_name\":\"Us\"",
		 "\"account\":\"C1\",\"name\":\"C\""},
		 false},
		{"wrapped in Pty", CAMT("08",
		 NTFCTN(CREDIT(DETAILS(ONE("<RltdPties><Dbtr><Pty><Nm>P</Nm><Id><PrvtId/></Id><CtryOfRes>hk"
		 "</CtryOfRes></Pty></Dbtr></RltdPties>"
		 "<RltdAgts><DbtrAgt><FinInstnId><BICFI>HSBCHKHH</BICFI></FinInstnId></DbtrAgt>"
		 "</RltdAgts>"))))), NULL, 1,
		 {"{\"name\":\"P\",\"bank\":\"HSBCHKHH\",\"country\":\"HK\",\"kind\":\"person\"}"}, false},
		{"a bank", CAMT("08",
		 NTFCTN(CREDIT(DETAILS(ONE("<RltdPties><Dbtr><Agt><FinInstnId><Nm>B</Nm></FinInstnId></Agt></Dbtr>"
		 "</RltdPties>"))))), NULL, 1, {"{\"name\":\"B\",\"kind\":\"bank\"}"}, false},
		{"holder", CAMT("04", "<Ntfctn><Id>N1</Id><Acct><Id><IBAN>DE8937</IBAN></Id><Nm>Konto</Nm><Ownr><Nm>O</Nm>"
		 ORG("91350100M000100Y43") "</Ownr></Acct>" CREDIT("") "</Ntfctn>"), "102391020017", 1,
		 {"\"account\":\"DE8937\",\"account_name\":\"O\",\"enterprise\":\"91350100M000100Y43\""}, false},
		{"another scheme's identification", CAMT("04",
		 "<Ntfctn><Id>N1</Id><Acct><Id><IBAN>DE8937</IBAN></Id><Nm>Konto</Nm><Ownr>"
		 ORG("HRB 4711") "</Ownr></Acct>" CREDIT("") "</Ntfctn>"), "102391020017", 1,
		 {"\"account_name\":\"Konto\",\"direction\""}, false},
		{"texts joined", V4(CREDIT(DETAILS(ONE(
		 "<Purp><Cd>SUPP</Cd></Purp><RmtInf><Ustrd>a</Ustrd><Ustrd/><Ustrd> b </Ustrd><Strd>"
		 "<AddtlRmtInf>c</AddtlRmtInf></Strd></RmtInf><AddtlTxInf>d</AddtlTxInf>"))
		 "<AddtlNtryInf>e</AddtlNtryInf>")), NULL, 1, {"\"purpose\":\"SUPP d\",\"remark\":\"a b c\""}, false},
		{"the entry's text", V4(CREDIT("<AddtlNtryInf>fee</AddtlNtryInf>")), NULL, 1, {"\"purpose\":\"fee\""},
		 false},
		{"CDATA and references",
		 V4(CREDIT(DETAILS(ONE("<RmtInf><Ustrd><![CDATA[<1>]]>&amp;&#x4E2D;&lt;</Ustrd></RmtInf>")))), NULL,
		 1, {"\"remark\":\"<1>&中<\""}, false},
	};

	(void)state;
	XML_CASES_RUN("iso20022", cases);
}

/* The feed's bank, else the servicer's code of 12 digits. */
static void bank_of_the_books(void **state)
{
#define SERVED(svcr) CAMT("04", "<Ntfctn><Id>N1</Id><Acct><Id><Othr><Id>6</Id></Othr></Id><Svcr>" svcr \
	"</Svcr></Acct>" CREDIT("") \
	"</Ntfctn>")
	static const struct xml_case cases[] = {
		{"the servicer's", V4(CREDIT("")), NULL, 1, {"\"bank\":\"102391020017\""}, false},
		{"the setting's", V4(CREDIT("")), "308584000013", 1, {"\"bank\":\"308584000013\""}, false},
		{"the branch's", SERVED(
		 "<FinInstnId><ClrSysMmbId><MmbId>102100099996</MmbId></ClrSysMmbId></FinInstnId>"
		 "<BrnchId><Id>102391020017</Id></BrnchId>"), NULL, 1, {"\"bank\":\"102391020017\""}, false},
		{"a BIC only", SERVED("<FinInstnId><BIC>ICBKCNBJ</BIC></FinInstnId>"), NULL, 0, {"bank: `ICBKCNBJ`",
		 "12 digits"}, true},
		{"nothing", SERVED(""), NULL, 0, {"bank: the account's servicer has no code"}, true},
		{"no account", CAMT("04", "<Ntfctn><Id>N1</Id>" CREDIT("") "</Ntfctn>"), "308584000013", 0,
		 {"account: is missing"}, true},
	};

	(void)state;
	XML_CASES_RUN("iso20022", cases);
}

/* "Number and control sums that don't add up reject the message whole" */
static void sums(void **state)
{
#define TOTAL(count, sum) SUMMARY("<TtlNtries><NbOfNtries>" count "</NbOfNtries><Sum>" sum \
	"</Sum></TtlNtries>")
#define PART(name, count, sum) "<" name "><NbOfNtries>" count "</NbOfNtries><Sum>" sum "</Sum></" name ">"
#define NET(amount, direction) SUMMARY("<TtlNtries><TtlNetNtry><Amt>" amount "</Amt><CdtDbtInd>" direction \
	"</CdtDbtInd>" \
	"</TtlNetNtry></TtlNtries>")
#define BATCH(count, amount, rest) "<Btch><NbOfTxs>" count "</NbOfTxs><TtlAmt Ccy=\"CNY\">" amount \
	"</TtlAmt>" rest "</Btch>"
#define TWO CREDIT("") "<Ntry>" AMT("30.5") "<CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts>" REF("R2") "</Ntry>"
#define HALVES ONE(AMT("60.00")) ONE(AMT("40.00"))
	static const struct xml_case cases[] = {
		{"right", V4(TOTAL("2", "130.50") TWO), NULL, 2, {NULL}, false},
		{"right parts", V4(SUMMARY(PART("TtlCdtNtries", "1", "100") PART("TtlDbtNtries", "01", "30.500")) TWO),
		 NULL, 2, {NULL}, false},
		{"right net", V4(NET("69.50", "CRDT") TWO), NULL, 2, {NULL}, false},
		{"count", V4(TOTAL("3", "130.50") TWO), NULL, 0, {"TtlNtries/NbOfNtries: `3` does not add up; found 2"},
		 true},
		{"sum", V4(TOTAL("2", "130.51") TWO), NULL, 0, {"TtlNtries/Sum: `130.51` does not add up; found 130.50"},
		 true},
		{"credit count", V4(SUMMARY(PART("TtlCdtNtries", "2", "100")) TWO), NULL, 0, {"TtlCdtNtries/NbOfNtries"},
		 true},
		{"credit sum", V4(SUMMARY(PART("TtlCdtNtries", "1", "130.5")) TWO), NULL, 0, {"TtlCdtNtries/Sum"}, true},
		{"debit count", V4(SUMMARY(PART("TtlDbtNtries", "0", "0")) TWO), NULL, 0, {"TtlDbtNtries/NbOfNtries"},
		 true},
		{"debit sum", V4(SUMMARY(PART("TtlDbtNtries", "1", "30")) TWO), NULL, 0, {"TtlDbtNtries/Sum"}, true},
		{"net's sign", V4(NET("69.50", "DBIT") TWO), NULL, 0, {"TtlNetNtry: `69.50`", "found -69.50"}, true},
		{"no number", V4(TOTAL("two", "130.50") TWO), NULL, 0, {"is no number"}, true},
		{"no sum", V4(TOTAL("2", "1e2") TWO), NULL, 0, {"is no sum"}, true},
		{"not judged ones count too", V4(TOTAL("1", "100.00") ENTRY("CRDT", "<Sts>INFO</Sts>")), NULL, 0, {NULL},
		 false},
		{"batch", V4(CREDIT(DETAILS(BATCH("2", "100.00", "") HALVES))), NULL, 2, {NULL}, false},
		{"batch's count", V4(CREDIT(DETAILS(BATCH("3", "100.00", "") HALVES))), NULL, 0, {"Btch/NbOfTxs: `3`"},
		 true},
		{"batch's sum", V4(CREDIT(DETAILS(BATCH("2", "100.01", "") HALVES))), NULL, 0, {"Btch/TtlAmt: `100.01`"},
		 true},
		{"batch's sign", V4(CREDIT(DETAILS(BATCH("2", "100.00", "<CdtDbtInd>DBIT</CdtDbtInd>") HALVES))), NULL, 0,
		 {"Btch/TtlAmt", "found -100.00"}, true},
		{"batch by its totals alone", V4(CREDIT(DETAILS(BATCH("50", "100.00", "")))), NULL, 1, {"100.00"}, false},
		{"batches that miss the entry", V4(CREDIT(DETAILS(BATCH("5", "60.00", "")) DETAILS(BATCH("5", "50",
		 "")))), NULL, 0, {"Ntry/Amt: `100.00` does not add up; found 110.00"}, true},
		{"details that miss the entry", V4(CREDIT(DETAILS(ONE(AMT("60.00")) ONE(AMT("50.00"))))), NULL, 0,
		 {"found 110.00"}, true},
		{"charges explain it", V4(CREDIT("<Chrgs/>" DETAILS(ONE(AMT("60.00")) ONE(AMT("50.00"))))), NULL, 2,
		 {NULL}, false},
		{"a currency explains it", V4(CREDIT(DETAILS(ONE("<Amt Ccy=\"USD\">14.00</Amt>")))), NULL, 1,
		 {"14.00\",\"currency\":\"USD\""},
		 false},
		{"the second notification's", CAMT("04", NTFCTN(CREDIT("")) NTFCTN(TOTAL("2", "100.00") CREDIT(""))),
		 NULL, 0, {"does not add up"}, true},
	};

	(void)state;
	XML_CASES_RUN("iso20022", cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_version_is_known),
		cmocka_unit_test(unknown_versions_and_namespaces_are_rejected),
		cmocka_unit_test(direction_is_the_details_else_the_entrys),
		cmocka_unit_test(amounts_of_details),
		cmocka_unit_test(statuses),
		cmocka_unit_test(reversals),
		cmocka_unit_test(references),
		cmocka_unit_test(times),
		cmocka_unit_test(parties_and_texts),
		cmocka_unit_test(bank_of_the_books),
		cmocka_unit_test(sums),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
