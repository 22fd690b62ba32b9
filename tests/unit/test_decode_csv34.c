/*
 * The police export as a message and as a file: columns by name or in the standard order, both encodings,
 * whole or not at all, and what becomes of each column.
 */
#include <iconv.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "decode/csv34_row.h"
#include "tests/unit/decode_fixture.h"

#define BANK "102100099996"
#define CHANGES_MAX 8

/* A good row; tests change some of its columns. */
static const char *const good[COLUMN_COUNT] = {
	[COLUMN_CARD] = "6222000000000000001", [COLUMN_ACCOUNT] = "\t6222020200012345678",
	[COLUMN_HOLDER] = "福州某某机械有限公司", [COLUMN_HOLDER_ID] = "91350100M000100Y43",
	[COLUMN_TIME] = "20260302091504", [COLUMN_AMOUNT] = "480,000.00", [COLUMN_BALANCE] = "1,520,000.00",
	[COLUMN_FLAG] = "出", [COLUMN_PARTY_ACCOUNT] = "6217001820012345678\t", [COLUMN_PARTY_NAME] = "某某贸易有限公司",
	[COLUMN_SUMMARY] = "货款", [COLUMN_CURRENCY] = "人民币", [COLUMN_PLACE] = "350100", [COLUMN_SUCCESS] = "成功",
	[COLUMN_TERMINAL] = "T1", [COLUMN_IP] = "110.80.1.22", [COLUMN_MAC] = "00:11", [COLUMN_SERIAL] = "S1",
	[COLUMN_LOG_NUMBER] = "L1", [COLUMN_REMARK] = "合同,尾款", [COLUMN_TYPE] = "网银转账",
};

static const char good_line[] =
	"{'id':'S1','bank':'" BANK "','account':'6222020200012345678','account_name':'福州某某机械有限公司',"
	"'enterprise':'91350100M000100Y43','direction':'debit','amount':'480000.00','currency':'CNY',"
	"'balance':'1520000.00','booked_at':'2026-03-02T01:15:04.000Z','status':'booked','counterparty':{"
	"'account':'6217001820012345678','name':'某某贸易有限公司'},'channel':'online','purpose':'货款','remark':'合同,尾款',"
	"'ip':'110.80.1.22','mac':'00:11','terminal':'T1','place':'350100'}";

struct change {
	int column;
	const char *value;
};

struct text {
	char bytes[16384];
	size_t length;
};

static void append(struct text *text, const char *bytes)
{
	size_t length = strlen(bytes);

	assert_true(text->length + length < sizeof(text->bytes));
	memcpy(text->bytes + text->length, bytes, length + 1);
	text->length += length;
}

static void append_cell(struct text *text, const char *value)
{
	bool quotes = strpbrk(value, ",\"\n") != NULL;

	append(text, quotes ? "\"" : "");
	for (; *value != '\0'; value++)
		append(text, *value == '"' ? "\"\"" : (char[]){*value, '\0'});
	append(text, quotes ? "\"" : "");
}

/* The good row with changes, its columns in `order` (NULL: the standard one). */
static void append_row(struct text *text, const int *order, const struct change *changes)
{
	for (int i = 0; i < COLUMN_COUNT; i++) {
		int column = order != NULL ? order[i] : i;
		const char *value = good[column] != NULL ? good[column] : "";
		for (const struct change *c = changes; c != NULL && c->value != NULL; c++)
			value = c->column == column ? c->value : value;
		append(text, i > 0 ? "," : "");
		append_cell(text, value);
	}
}

static void append_header(struct text *text, const int *order)
{
	for (int i = 0; i < COLUMN_COUNT; i++) {
		append(text, i > 0 ? "," : "");
		append(text, csv34_column_names[order != NULL ? order[i] : i]);
	}
}

static void to_gb18030(struct text *text)
{
	char converted[sizeof(text->bytes)], *from = text->bytes, *to = converted;
	size_t left = text->length, room = sizeof(converted);
	iconv_t conversion = iconv_open("GB18030", "UTF-8");

	assert_int_equal(iconv(conversion, &from, &left, &to, &room), 0);
	iconv_close(conversion);
	text->length = (size_t)(to - converted);
	memcpy(text->bytes, converted, text->length);
}

static int decode_text(const struct text *text, bool at_start)
{
	return fixture_decode(text->bytes, text->length, at_start);
}

static int decode_changed(const struct change *changes)
{
	static struct text text; /* the transactions borrow from it */

	text.length = 0;
	append_row(&text, NULL, changes);
	return decode_text(&text, false);
}

static void assert_good_line(size_t i)
{
	assert_string_equal(fixture_line(i), quoted(good_line));
}

static void shuffle(int order[COLUMN_COUNT])
{
	for (int i = 0; i < COLUMN_COUNT; i++)
		order[i] = i;
	for (int i = COLUMN_COUNT - 1; i > 0; i--) {
		int j = (int)decode_random((uint32_t)i + 1), kept = order[i];
		order[i] = order[j];
		order[j] = kept;
	}
}

static void a_row_in_the_standard_order(void **state)
{
	(void)state;
	fixture_begin("csv34", BANK);
	assert_int_equal(decode_changed(NULL), 0);
	assert_int_equal(fixture.tx_count, 1);
	assert_good_line(0);
	fixture_end();
}

/* Every order of columns, both encodings, BOM or not, LF or CRLF, a comma at the lines' ends or not. */
static void a_header_names_the_columns_in_any_order(void **state)
{
	static const struct change second[] = {{COLUMN_SERIAL, "S2"}, {0, NULL}};
	int order[COLUMN_COUNT];

	(void)state;
	fixture_begin("csv34", BANK);
	for (int round = 0; round < 200; round++) {
		struct text text = {0};
		const char *end = round & 1 ? ",\r\n" : "\n";
		bool gb18030 = round & 2;
		shuffle(order);
		append(&text, round & 4 && !gb18030 ? "\xEF\xBB\xBF" : "");
		append_header(&text, order);
		append(&text, end);
		append_row(&text, order, NULL);
		append(&text, end);
		append(&text, round & 8 ? "\n" : "");
		append_row(&text, order, second);
		append(&text, round & 16 ? end : "");
		if (gb18030)
			to_gb18030(&text);
		if (decode_text(&text, false) == -1)
			fail_msg("round %d: %s", round, fixture.reject.reason);
		assert_int_equal(fixture.tx_count, 2);
		assert_good_line(0);
		assert_true(slice_is(fixture.txs[1].id, "S2"));
	}
	fixture_end();
}

static void unknown_columns_are_passed_over(void **state)
{
	(void)state;
	fixture_begin("csv34", BANK);
	assert_int_equal(fixture_decode_text("序号,交易流水号,交易时间,交易卡号,收付标志,交易金额,别的\n"
	                                     "1,S9,2026-03-02 09:15:04,6222,进,12.5,x\n"), 0);
	assert_string_equal(
		fixture_line(0),
		quoted(
			"{'id':'S9','bank':'" BANK "','account':'6222','direction':'credit',"
			"'amount':'12.50','currency':'CNY','booked_at':'2026-03-02T01:15:04.000Z','status':'booked'}"));
	fixture_end();
}

/* A file comes line by line; its header's order and encoding hold for the lines behind it, and only for
 * them. */
static void a_files_header_holds_for_its_lines(void **state)
{
	struct text header = {0}, row = {0};
	int order[COLUMN_COUNT];

	(void)state;
	shuffle(order);
	append_header(&header, order);
	to_gb18030(&header);
	append_row(&row, order, NULL);
	to_gb18030(&row);
	fixture_begin("csv34", BANK);
	assert_int_equal(decode_text(&header, true), 0);
	assert_int_equal(fixture.tx_count, 0);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(decode_text(&row, false), 0);
		assert_good_line(0);
	}
	row = (struct text){0};
	append_row(&row, NULL, NULL);
	assert_int_equal(decode_text(&row, true), 0); /* the next file has no header */
	assert_good_line(0);
	fixture_end();
}

/* "之" in GB18030 is valid UTF-8 by chance; beside a GB18030 header it is what it should be. */
static void a_short_text_is_read_in_its_files_encoding(void **state)
{
	static const char header[] = "交易流水号,交易时间,交易账号,收付标志,交易金额,备注,交易币种",
					  row[] = "S,20260302091504,1,D,1.00,\xD6\xAE,CNY";
	struct text text = {0};

	(void)state;
	append(&text, header);
	to_gb18030(&text);
	fixture_begin("csv34", BANK);
	assert_int_equal(decode_text(&text, true), 0);
	assert_int_equal(fixture_decode(row, sizeof(row) - 1, false), 0);
	assert_true(slice_is(fixture.txs[0].remark, "之"));
	assert_int_equal(fixture_decode(header, sizeof(header) - 1, true), 0);
	assert_rejected(fixture_decode_text("S,20260302091504,1,D,1.00,\xB8\xB6,CNY"), "", "not UTF-8|header");
	fixture_end();
}

static void rows_below_a_refused_header_are_refused(void **state)
{
	(void)state;
	fixture_begin("csv34", BANK);
	assert_rejected(fixture_decode("交易流水号,交易账号,交易时间", strlen("交易流水号,交易账号,交易时间"), true), "交易金额",
	                "missing from the header");
	assert_rejected(decode_changed(NULL), "", "header line that was refused");
	assert_rejected(fixture_decode_text("交易账号,交易账号,交易时间,交易金额"), "交易账号", "twice");
	assert_rejected(fixture_decode_text("交易流水号,交易时间,交易金额"), "交易账号", "交易卡号");
	assert_int_equal(counter_sum(COUNT_DEAD_LETTERS), 4);
	fixture_end();
}

/* I5: of a message with a bad row nothing is taken, and the reason names the row. */
static void a_message_is_taken_whole_or_rejected_whole(void **state)
{
	static const struct change bad[] = {{COLUMN_AMOUNT, "12,5"}, {0, NULL}};
	struct text text = {0};

	(void)state;
	append_row(&text, NULL, NULL);
	append(&text, "\n");
	append_row(&text, NULL, bad);
	append(&text, "\n");
	fixture_begin("csv34", BANK);
	assert_rejected(decode_text(&text, false), "amount", "`12,5`|交易金额|(row 2)");
	assert_int_equal(fixture.tx_count, 0);
	assert_int_equal(counter_sum(COUNT_TXS), 0);
	fixture_end();
}

/* I8: a message may hold DECODE_TX_MAX rows, and one more is counted and refused. */
static void a_message_has_a_most_of_rows(void **state)
{
	static const char header[] = "交易流水号,交易时间,交易账号,收付标志,交易金额\n", row[] = "S,20260302091504,1,D,1\n";
	size_t length = strlen(header), room = length + (DECODE_TX_MAX + 1) * strlen(row);
	char *text = malloc(room);

	(void)state;
	memcpy(text, header, length);
	for (int i = 0; i <= DECODE_TX_MAX; i++)
		memcpy(text + length + (size_t)i * strlen(row), row, strlen(row));
	fixture_begin("csv34", BANK);
	assert_int_equal(fixture_decode(text, room - strlen(row), false), 0);
	assert_int_equal(fixture.tx_count, DECODE_TX_MAX);
	assert_rejected(fixture_decode(text, room, false), "", "more than 20000");
	assert_int_equal(counter_sum(COUNT_BATCH_FULL), 1);
	fixture_end();
	free(text);
}

struct taken {
	const char *name;
	struct change changes[CHANGES_MAX];
	const char *holds, *lacks;
};

static const struct taken taken[] = {
	{"bank by branch code", {{COLUMN_BRANCH, "308584000013"}}, "'bank':'" BANK "'", "308584000013"},
	{"account, else card", {{COLUMN_ACCOUNT, ""}}, "'account':'6222000000000000001'", NULL},
	{"id, else log number", {{COLUMN_SERIAL, ""}}, "'id':'L1'", NULL},
	{"id, else a hash", {{COLUMN_SERIAL, ""}, {COLUMN_LOG_NUMBER, ""}}, "'id':'row-", NULL},
	{"credit", {{COLUMN_FLAG, "进"}}, "'direction':'credit'", NULL},
	{"debit by the sign",
     {{COLUMN_FLAG, ""}, {COLUMN_AMOUNT, "-12.5"}},
     "'direction':'debit','amount':'12.50'",
     NULL},
	{"credit by the sign",
     {{COLUMN_FLAG, ""}, {COLUMN_AMOUNT, "+1,212.5"}},
     "'credit','amount':'1212.50'",
     NULL},
	{"sign and flag agree",
     {{COLUMN_FLAG, "借"}, {COLUMN_AMOUNT, "-12.5"}},
     "'debit','amount':'12.50'",
     NULL},
	{"amount without a zero", {{COLUMN_AMOUNT, ".5"}}, "'amount':'0.50'", NULL},
	{"negative balance", {{COLUMN_BALANCE, "-1,000.5"}}, "'balance':'-1000.50'", NULL},
	{"no balance", {{COLUMN_BALANCE, ""}}, NULL, "balance"},
	{"dollars", {{COLUMN_CURRENCY, "840"}}, "'currency':'USD'", NULL},
	{"no currency", {{COLUMN_CURRENCY, ""}}, "'currency':'CNY'", NULL},
	{"failed", {{COLUMN_SUCCESS, "失败"}}, "'status':'failed'", NULL},
	{"no word of success", {{COLUMN_SUCCESS, ""}}, "'status':'booked'", NULL},
	{"cash", {{COLUMN_TYPE, ""}, {COLUMN_CASH, "现金"}}, "'channel':'cash'", NULL},
	{"no channel", {{COLUMN_TYPE, "转账"}}, NULL, "channel"},
	{"a place that is a name", {{COLUMN_PLACE, "福建省福州市"}}, NULL, "place"},
	{"their person", {{COLUMN_PARTY_ID, "11010519491231002X"}}, "'kind':'person'", "11010519491231002X"},
	{"their company", {{COLUMN_PARTY_ID, "91110000101623741K"}}, "'kind':'company'", "91110000101623741K"},
	{"their bank's code", {{COLUMN_PARTY_BANK, "308584000013"}}, "'bank':'308584000013'", NULL},
	{"their bank's name", {{COLUMN_PARTY_BANK, "招商银行"}}, NULL, "招商"},
	{"merchant", {{COLUMN_PARTY_NAME, ""}, {COLUMN_MERCHANT_NAME, "某商户"}}, "'name':'某商户'", NULL},
	{"quotes", {{COLUMN_REMARK, "他说\"急付\",\n马上"}}, "'remark':'他说\\'急付\\',\\n马上'", NULL},
	{"tabs anywhere", {{COLUMN_REMARK, "\t急\t付 \t"}}, "'remark':'急付'", NULL},
	{"placeholders",
     {{COLUMN_REMARK, "-"}, {COLUMN_IP, "null"}, {COLUMN_MAC, "--"}, {COLUMN_TERMINAL, "NULL"}},
     NULL,
     "mac"},
	{"a long remark is cut",
     {{COLUMN_TERMINAL, "1234567890123456789012345678901234567890123456789012345678901234x"}},
     "01234'",
     NULL},
};

static void each_column_becomes_its_field(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
		const struct taken *t = &taken[i];
		fixture_begin("csv34", BANK);
		if (decode_changed(t->changes) == -1)
			fail_msg("%s: %s", t->name, fixture.reject.reason);
		if (t->holds != NULL && strstr(fixture_line(0), quoted(t->holds)) == NULL)
			fail_msg("%s: lacks %s: %s", t->name, t->holds, fixture_line(0));
		if (t->lacks != NULL && strstr(fixture_line(0), t->lacks) != NULL)
			fail_msg("%s: holds %s: %s", t->name, t->lacks, fixture_line(0));
		fixture_end();
	}
}

struct rejected {
	struct change changes[CHANGES_MAX];
	const char *field, *words;
};

static const struct rejected rejected[] = {
	{{{COLUMN_ACCOUNT, ""}, {COLUMN_CARD, ""}}, "account", "is missing|交易账号|交易卡号"},
	{{{COLUMN_ACCOUNT, "12345678901234567890123456789012345"}}, "account", "1 to 34"},
	{{{COLUMN_AMOUNT, ""}}, "amount", "交易金额"},
	{{{COLUMN_AMOUNT, "12万"}}, "amount", "`12万`"},
	{{{COLUMN_AMOUNT, "1,2345.00"}}, "amount", "commas"},
	{{{COLUMN_AMOUNT, "1.005"}}, "amount", "2 decimals of CNY"},
	{{{COLUMN_AMOUNT, "0.00"}}, "amount", "zero"},
	{{{COLUMN_AMOUNT, "--5"}}, "amount", "commas"},
	{{{COLUMN_FLAG, "转"}}, "direction", "`转`|收付标志"},
	{{{COLUMN_FLAG, ""}}, "direction", "is missing|收付标志 is empty|sign"},
	{{{COLUMN_FLAG, "进"}, {COLUMN_AMOUNT, "-5"}}, "direction", "negative"},
	{{{COLUMN_TIME, ""}}, "booked_at", "交易时间"},
	{{{COLUMN_TIME, "20261302250000"}}, "booked_at", "yyyyMMddHHmmss"},
	{{{COLUMN_TIME, "20260302"}}, "booked_at", "yyyyMMddHHmmss"},
	{{{COLUMN_CURRENCY, "贝壳"}}, "currency", "`贝壳`"},
	{{{COLUMN_SUCCESS, "冲正"}}, "status", "`冲正`|交易是否成功"},
	{{{COLUMN_SERIAL, "12345678901234567890123456789012345678901234567890123456789012345"}}, "id", "1 to 64"},
};

static void what_a_row_must_say(void **state)
{
	(void)state;
	fixture_begin("csv34", BANK);
	for (size_t i = 0; i < sizeof(rejected) / sizeof(rejected[0]); i++)
		assert_rejected(decode_changed(rejected[i].changes), rejected[i].field, rejected[i].words);
	assert_rejected(fixture_decode_text("a,b,c"), "", "has 3 columns; expected 34");
	assert_rejected(fixture_decode_text("a,\"b,c"), "", "never closed");
	assert_rejected(fixture_decode_text("a,\"b\"c,d"), "", "closing quote");
	assert_rejected(fixture_decode("a\0b", 3, false), "", "NUL");
	assert_rejected(fixture_decode_text("a,\xFF\xFF"), "", "neither UTF-8 nor GB18030");
	fixture_end();
}

static void without_a_setting_the_branch_must_be_a_bank_code(void **state)
{
	static const struct change right[] = {{COLUMN_BRANCH, "308584000013"}, {0, NULL}};
	static const struct change wrong[] = {{COLUMN_BRANCH, "308584000014"}, {0, NULL}};

	(void)state;
	fixture_begin("csv34", "");
	assert_int_equal(decode_changed(right), 0);
	assert_true(slice_is(fixture.txs[0].bank, "308584000013"));
	assert_rejected(decode_changed(wrong), "bank", "`30********14`|`bank:`|--bank");
	assert_rejected(decode_changed(NULL), "bank", "is missing|--bank");
	fixture_end();
}

/* The id of a row without one depends on what it says, not on how it is written, and on no personal number.
 */
static void a_rows_id_is_the_same_however_it_is_written(void **state)
{
	static const struct change plain[] = {{COLUMN_SERIAL, ""}, {COLUMN_LOG_NUMBER, ""}, {0, NULL}};
	static const struct change person[] = {{COLUMN_SERIAL, ""}, {COLUMN_LOG_NUMBER, ""},
	                                       {COLUMN_PARTY_ID, "11010519491231002X"}, {0, NULL}};
	static const struct change other[] = {{COLUMN_SERIAL, ""},
	                                      {COLUMN_LOG_NUMBER, ""},
	                                      {COLUMN_VOUCHER, "1"},
	                                      {0, NULL}};
	struct text text = {0};
	char id[40];
	int order[COLUMN_COUNT];

	(void)state;
	fixture_begin("csv34", BANK);
	assert_int_equal(decode_changed(plain), 0);
	snprintf(id, sizeof(id), "%.*s", SLICE_PRINT(fixture.txs[0].id));
	assert_int_equal(strlen(id), 36);
	shuffle(order);
	append_header(&text, order);
	append(&text, "\n");
	append_row(&text, order, plain);
	to_gb18030(&text);
	assert_int_equal(decode_text(&text, false), 0);
	assert_true(slice_is(fixture.txs[0].id, id));
	assert_int_equal(decode_changed(person), 0);
	assert_true(slice_is(fixture.txs[0].id, id));
	assert_int_equal(decode_changed(other), 0);
	assert_false(slice_is(fixture.txs[0].id, id));
	fixture_end();
}

/* I9: a personal number of the holder is set aside, never an enterprise, and never in a reason. */
static void a_persons_number_is_never_kept(void **state)
{
	static const struct change holder[] = {{COLUMN_HOLDER_ID, "110105194912310021"}, {0, NULL}};

	(void)state;
	fixture_begin("csv34", BANK);
	assert_int_equal(decode_changed(holder), 0);
	assert_int_equal(fixture.txs[0].enterprise.length, 0);
	assert_int_equal(counter_aside_sum(3, TX_ENTERPRISE_FIELD), 1);
	assert_null(strstr(fixture_line(0), "110105194912310021"));
	fixture_end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_row_in_the_standard_order),
		cmocka_unit_test(a_header_names_the_columns_in_any_order),
		cmocka_unit_test(unknown_columns_are_passed_over),
		cmocka_unit_test(a_files_header_holds_for_its_lines),
		cmocka_unit_test(a_short_text_is_read_in_its_files_encoding),
		cmocka_unit_test(rows_below_a_refused_header_are_refused),
		cmocka_unit_test(a_message_is_taken_whole_or_rejected_whole),
		cmocka_unit_test(a_message_has_a_most_of_rows),
		cmocka_unit_test(each_column_becomes_its_field),
		cmocka_unit_test(what_a_row_must_say),
		cmocka_unit_test(without_a_setting_the_branch_must_be_a_bank_code),
		cmocka_unit_test(a_rows_id_is_the_same_however_it_is_written),
		cmocka_unit_test(a_persons_number_is_never_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
