/*
 * pacs.008 and pain.001, sentence by sentence of contract.md section 3.
 */
#include "tests/unit/xml_case.h"

#define PACS(version, body) \
	"<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pacs.008.001." version "\"><FIToFICstmrCdtTrf>" body \
	"</FIToFICstmrCdtTrf></Document>"
#define PAIN(version, root, body) \
	"<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001." version "\"><" root ">" body \
	"</" root "></Document>"
#define HEADER(rest) "<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-03-02T09:00:00</CreDtTm>" rest "</GrpHdr>"
#define MEMBER(code) "<FinInstnId><ClrSysMmbId><MmbId>" code "</MmbId></ClrSysMmbId></FinInstnId>"
#define ACCOUNT(number) "<Id><Othr><Id>" number "</Id></Othr></Id>"
#define DEBTOR(agent) "<Dbtr><Nm>D</Nm></Dbtr><DbtrAcct>" ACCOUNT("D1") "</DbtrAcct><DbtrAgt>" agent \
	"</DbtrAgt>"
#define CREDITOR(agent) "<CdtrAgt>" agent "</CdtrAgt><Cdtr><Nm>C</Nm></Cdtr><CdtrAcct>" ACCOUNT("C1") \
	"</CdtrAcct>"
#define SETTLED(amount) "<IntrBkSttlmAmt Ccy=\"CNY\">" amount "</IntrBkSttlmAmt>"
#define ONE(id, amount, rest) "<CdtTrfTxInf><PmtId>" id "</PmtId>" SETTLED(amount) rest "</CdtTrfTxInf>"
#define TX(n) "<TxId>T" n "</TxId>"
#define A "102391020017"
#define B "308391021013"
#define A_TO_B DEBTOR(MEMBER(A)) CREDITOR(MEMBER(B))
#define PLAIN PACS("08", HEADER("") ONE(TX("1"), "5.00", A_TO_B))

/*
 * "the debtor's leg where the debtor's agent is `bank`, the creditor's leg where the creditor's agent is,
 * both without that setting"
 */
static void legs(void **state)
{
	static const struct xml_case cases[] = {
		{"both", PLAIN, NULL, 2,
		 {"{\"id\":\"T1\",\"bank\":\"" A "\",\"account\":\"D1\",\"account_name\":\"D\",\"direction\":\"debit\"",
		  "\"counterparty\":{\"account\":\"C1\",\"name\":\"C\",\"bank\":\"" B "\"}",
		  "{\"id\":\"" A "/T1\",\"bank\":\"" B
		  "\",\"account\":\"C1\",\"account_name\":\"C\",\"direction\":\"credit\"",
		  "\"counterparty\":{\"account\":\"D1\",\"name\":\"D\",\"bank\":\"" A "\"}"}, false},
		{"debtor's", PLAIN, A, 1, {"\"bank\":\"" A "\"", "debit"}, false},
		{"creditor's", PLAIN, B, 1, {"\"bank\":\"" B "\"", "credit"}, false},
		{"neither", PLAIN, "308584000013", 0, {"bank: `30********13` is the feed's bank, but neither"}, true},
		{"within one bank", PACS("08", HEADER("") ONE(TX("1"), "5", DEBTOR(MEMBER(A)) CREDITOR(MEMBER(A)))), A, 2,
		 {"\"id\":\"T1\"", "debit", "\"id\":\"" A "/T1\"", "credit"}, false},
		{"by branch", PACS("08", HEADER("") ONE(TX("1"), "5", DEBTOR("<BrnchId><Id>" A "</Id></BrnchId>")
		 CREDITOR(MEMBER(B)))), A, 1, {"debit"}, false},
		{"by the clearing member of a branch", PACS("08", HEADER("") ONE(TX("1"), "5",
		 DEBTOR(MEMBER("102100099996") "<BrnchId><Id>" A "</Id></BrnchId>") CREDITOR(MEMBER(B)))), "102100099996",
		 1, {"\"bank\":\"102100099996\"", "debit"}, false},
		{"branch before member", PACS("08", HEADER("") ONE(TX("1"), "5",
		 DEBTOR(MEMBER("102100099996") "<BrnchId><Id>" A "</Id></BrnchId>") CREDITOR(MEMBER(B)))), NULL, 2,
		 {"\"bank\":\"" A "\""}, false},
		{"a foreign creditor's bank, both", PACS("08", HEADER("") ONE(TX("1"), "5", DEBTOR(MEMBER(A))
		 CREDITOR("<FinInstnId><BICFI>HSBCHKHH</BICFI></FinInstnId>"))), NULL, 0,
		 {"bank: `HSBCHKHH` of the creditor's agent"}, true},
		{"a foreign creditor's bank, the debtor's feed", PACS("08", HEADER("") ONE(TX("1"), "5", DEBTOR(MEMBER(A))
		 CREDITOR("<FinInstnId><BICFI>HSBCHKHH</BICFI></FinInstnId>"))), A, 1, {"\"bank\":\"HSBCHKHH\""}, false},
		{"no agent, both", PACS("08", HEADER("") ONE(TX("1"), "5", DEBTOR(MEMBER(A)) "<CdtrAcct>" ACCOUNT("C1")
		 "</CdtrAcct>")), NULL, 0, {"bank: the creditor's agent has no code"}, true},
		{"no account", PACS("08", HEADER("") ONE(TX("1"), "5", "<DbtrAgt>" MEMBER(A) "</DbtrAgt>"
		 CREDITOR(MEMBER(B)))), A, 0, {"account: is missing"}, true},
		{"one bad of two", PACS("08", HEADER("") ONE(TX("1"), "5", A_TO_B) ONE(TX("2"), "5,0", A_TO_B)), NULL, 0,
		 {"amount: `5,0`"}, true},
	};

	(void)state;
	XML_CASES_RUN("iso20022", cases);
}

static void pacs_versions(void **state)
{
#define VERSION(v) {v, PACS(v, HEADER("") ONE(TX("1"), "5", A_TO_B)), A, 1, {"\"id\":\"T1\""}, false}
	static const struct xml_case cases[] = {
		VERSION("02"), VERSION("03"), VERSION("04"), VERSION("05"), VERSION("06"), VERSION("07"), VERSION("08"),
		 VERSION("09"),
		VERSION("10"), VERSION("11"), VERSION("12"), VERSION("13"), VERSION("14"),
		{"01", PACS("01", HEADER("") ONE(TX("1"), "5", A_TO_B)), A, 0, {"xmlns: `pacs.008.001.01`"}, true},
		{"15", PACS("15", HEADER("") ONE(TX("1"), "5", A_TO_B)), A, 0, {"xmlns: `pacs.008.001.15`"}, true},
	};

	(void)state;
	XML_CASES_RUN("iso20022", cases);
}

static void references_and_times(void **state)
{
	static const struct xml_case cases[] = {
		{"UETR", PACS("08", HEADER("")
		 ONE("<InstrId>I</InstrId><EndToEndId>E</EndToEndId><UETR>7a562c67-ca16</UETR>", "5", A_TO_B)), A,
		 1, {"\"id\":\"7a562c67-ca16\""}, false},
		{"InstrId", PACS("08", HEADER("") ONE("<InstrId>I</InstrId><EndToEndId>E</EndToEndId>", "5", A_TO_B)), A, 1,
		 {"\"id\":\"I\""}, false},
		{"a number in the message", PACS("08", HEADER("") ONE("<EndToEndId>E</EndToEndId>", "5", A_TO_B)
		 ONE("<EndToEndId>E</EndToEndId>", "5", A_TO_B)), B, 2, {"\"id\":\"" A "/M1/1\"",
		 "\"id\":\"" A "/M1/2\""}, false},
		{"nothing", PACS("08", ONE("", "5", A_TO_B)), A, 0, {"id: is missing"}, true},
		{"no sender", PACS("08", HEADER("") ONE(TX("1"), "5", CREDITOR(MEMBER(B)))), B, 1,
		 {"\"id\":\"credit/T1\""}, false},
		{"the message's time", PLAIN, A, 1, {"2026-03-02T01:00:00.000Z"}, false},
		{"accepted", PACS("08", HEADER("") ONE(TX("1"), "5",
		 "<AccptncDtTm>2026-03-02T08:59:58.5+08:00</AccptncDtTm>" A_TO_B)), A, 1,
		 {"2026-03-02T00:59:58.500Z"}, false},
		{"no time", PACS("08", ONE(TX("1"), "5", A_TO_B)), A, 0, {"booked_at: is missing"}, true},
		{"a wrong time", PACS("08", HEADER("") ONE(TX("1"), "5", "<AccptncDtTm>now</AccptncDtTm>" A_TO_B)), A, 0,
		 {"booked_at: `now`"},
		 true},
		{"tags and pieces", PACS("02", HEADER("") ONE(TX("1"), "5", A_TO_B
		 "<RmtInf><Ustrd>/H01/a</Ustrd><Ustrd>/INV/b</Ustrd><Ustrd>"
		 "/C00/</Ustrd></RmtInf>")), A, 1, {"\"remark\":\"a /INV/b\""}, false},
	};

	(void)state;
	XML_CASES_RUN("iso20022", cases);
}

static void pacs_sums(void **state)
{
#define TWO ONE(TX("1"), "5.00", A_TO_B) ONE(TX("2"), "6.50", A_TO_B)
#define TOTAL(currency, sum) "<TtlIntrBkSttlmAmt Ccy=\"" currency "\">" sum "</TtlIntrBkSttlmAmt>"
	static const struct xml_case cases[] = {
		{"right", PACS("08", HEADER("<NbOfTxs>2</NbOfTxs><CtrlSum>11.5</CtrlSum>" TOTAL("CNY", "11.50")) TWO), A,
		 2, {NULL}, false},
		{"count", PACS("08", HEADER("<NbOfTxs>1</NbOfTxs>") TWO), A, 0, {"NbOfTxs: `1` does not add up; found 2"},
		 true},
		{"sum", PACS("08", HEADER("<CtrlSum>11.51</CtrlSum>") TWO), A, 0,
		 {"CtrlSum: `11.51` does not add up; found 11.50"}, true},
		{"total", PACS("08", HEADER(TOTAL("CNY", "12")) TWO), A, 0,
		 {"TtlIntrBkSttlmAmt: `12` does not add up; found 11.50"}, true},
		{"total in another currency", PACS("08", HEADER(TOTAL("USD", "11.50")) TWO), A, 0,
		 {"TtlIntrBkSttlmAmt: `USD`"}, true},
		{"both legs count once", PACS("08", HEADER("<NbOfTxs>2</NbOfTxs><CtrlSum>11.5</CtrlSum>") TWO), NULL, 4,
		 {NULL}, false},
		{"no transfer", PACS("08", HEADER("<NbOfTxs>0</NbOfTxs>")), A, 0, {"holds no transfer"}, true},
		{"not a number", PACS("08", HEADER("<NbOfTxs>-2</NbOfTxs>") TWO), A, 0, {"NbOfTxs: `-2` is no number"},
		 true},
		{"twice", PACS("08", HEADER("<NbOfTxs>2</NbOfTxs><NbOfTxs>2</NbOfTxs>") TWO), A, 0, {"GrpHdr/NbOfTxs",
		 "twice"}, true},
	};

	(void)state;
	XML_CASES_RUN("iso20022", cases);
}

#define BLOCK(rest) "<PmtInf>" DEBTOR(MEMBER(A)) rest "</PmtInf>"
#define PAY(amount) \
	"<CdtTrfTxInf><PmtId><EndToEndId>E</EndToEndId></PmtId><Amt><InstdAmt Ccy=\"CNY\">" amount \
	"</InstdAmt></Amt>" \
	CREDITOR(MEMBER(B)) "</CdtTrfTxInf>"
#define V3(body) PAIN("03", "CstmrCdtTrfInitn", body)

/* "pain.001: the debtor's leg, pending" */
static void orders(void **state)
{
#define ORDER(v) {v, PAIN(v, "CstmrCdtTrfInitn", HEADER("") BLOCK(PAY("5"))), NULL, 1, {"debit", "pending"}, \
	false}
	static const struct xml_case cases[] = {
		ORDER("03"), ORDER("04"), ORDER("05"), ORDER("06"), ORDER("07"), ORDER("08"), ORDER("09"), ORDER("10"),
		 ORDER("11"),
		ORDER("12"), ORDER("13"),
		{"02", PAIN("02", "pain.001.001.02", HEADER("") BLOCK(PAY("5"))), NULL, 1, {"debit", "pending"}, false},
		{"02 with the later root", PAIN("02", "CstmrCdtTrfInitn", HEADER("") BLOCK(PAY("5"))), NULL, 0,
		 {"pain.001.001.02"}, true},
		{"14", PAIN("14", "CstmrCdtTrfInitn", HEADER("") BLOCK(PAY("5"))), NULL, 0, {"xmlns"}, true},
		{"one leg", V3(HEADER("") BLOCK(PAY("5.25"))), NULL, 1, {"\"id\":\"M1/", "/1\",\"bank\":\"" A
		 "\",\"account\":\"D1\",\"account_name\":\"D\",\"direction\":\"debit\"", "5.25",
		  "2026-03-02T01:00:00.000Z", "pending", "{\"account\":\"C1\",\"name\":\"C\",\"bank\":\"" B "\"}"}, false},
		{"also where the creditor's agent is the bank", V3(HEADER("") BLOCK(PAY("5"))), B, 1,
		 {"\"bank\":\"" A "\"", "debit"}, false},
		{"two debtors", V3(HEADER("<NbOfTxs>3</NbOfTxs><CtrlSum>18</CtrlSum>")
		 BLOCK("<NbOfTxs>2</NbOfTxs><CtrlSum>11</CtrlSum>" PAY("5") PAY("6"))
		 "<PmtInf><Dbtr><Nm>X</Nm></Dbtr><DbtrAcct>" ACCOUNT("D2") "</DbtrAcct>" PAY("7") "</PmtInf>"), A, 3,
		 {"/1\"", "\"D1\"", "/2\"", "\"D1\"", "/3\"", "\"D2\"", "\"X\""}, false},
		{"an equivalent amount", V3(HEADER("")
		 BLOCK("<CdtTrfTxInf><Amt><EqvtAmt><Amt Ccy=\"EUR\">7.10</Amt><CcyOfTrf>USD</CcyOfTrf>"
		 "</EqvtAmt></Amt></CdtTrfTxInf>")), NULL, 1, {"7.10\",\"currency\":\"EUR\""}, false},
		{"block's count", V3(HEADER("") BLOCK("<NbOfTxs>2</NbOfTxs>" PAY("5"))), NULL, 0, {"PmtInf/NbOfTxs: `2`"},
		 true},
		{"block's sum", V3(HEADER("") BLOCK("<CtrlSum>5.01</CtrlSum>" PAY("5"))), NULL, 0,
		 {"PmtInf/CtrlSum: `5.01`"}, true},
		{"second block's sum", V3(HEADER("") BLOCK(PAY("5")) BLOCK("<CtrlSum>10</CtrlSum>" PAY("5"))), NULL, 0,
		 {"found 5.00"}, true},
		{"message's count", V3(HEADER("<NbOfTxs>2</NbOfTxs>") BLOCK(PAY("5"))), NULL, 0, {"GrpHdr/NbOfTxs"}, true},
		{"message's sum", V3(HEADER("<CtrlSum>6</CtrlSum>") BLOCK(PAY("5"))), NULL, 0, {"GrpHdr/CtrlSum"}, true},
		{"no debtor's account", V3(HEADER("") "<PmtInf><DbtrAgt>" MEMBER(A) "</DbtrAgt>" PAY("5") "</PmtInf>"),
		 NULL, 0, {"is missing"},
		 true},
	};

	(void)state;
	XML_CASES_RUN("iso20022", cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(legs),
		cmocka_unit_test(pacs_versions),
		cmocka_unit_test(references_and_times),
		cmocka_unit_test(pacs_sums),
		cmocka_unit_test(orders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
