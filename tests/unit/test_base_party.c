/* What kind of party a name speaks of, and what a bank's own word is worth beside it. */
#include "base/party.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

static void names_speak_of_kinds(void **state)
{
	static const struct {
		const char *name;
		enum tx_party_kind kind;
	} rows[] = {
		{"", TX_KIND_NONE},
		{"  ", TX_KIND_NONE},
		{"李四", TX_PERSON},
		{"李*", TX_PERSON},
		{"王知行", TX_PERSON}, /* a given name may end as a shop does */
		{"张园", TX_PERSON},
		{"欧阳小明", TX_PERSON},
		{" 欧阳小明 ", TX_PERSON},
		{"阿卜杜热合曼·买买提", TX_PERSON},
		{"云桥市某某贸易有限公司", TX_COMPANY},
		{"王记面店", TX_COMPANY},
		{"利民商行", TX_COMPANY},
		{"小吃部", TX_COMPANY},
		{"云桥市第一中学", TX_COMPANY},
		{"支付宝", TX_COMPANY},
		{"某某代付科技有限公司", TX_COMPANY}, /* a firm, whatever its trade */
		{"宏达贸易", TX_COMPANY},
		{"云桥海关", TX_COMPANY},
		{"宏达燃气", TX_COMPANY},
		{"美团", TX_COMPANY},
		{"王建筑", TX_PERSON},
		{"李自来", TX_PERSON},
		{"某某小额贷款有限公司", TX_COMPANY},
		{"某某银行股份有限公司", TX_BANK},
		{"贷款发放", TX_BANK},
		{"代发工资", TX_BANK},
		{"内部账户", TX_BANK},
		{"代发款项", TX_BANK},
		{"批量代付", TX_BANK},
		{"四方代付平台", TX_COMPANY},
		{"一件代发仓储", TX_COMPANY},
		{"小李贷款工作室", TX_COMPANY},
		{"利息", TX_BANK},
		{"手续费", TX_BANK}, {"业务收入", TX_BANK}, {"手续费收入", TX_BANK}, {"结构性存款", TX_BANK}, {"理财产品申购", TX_BANK},
		{"应付代发款项", TX_BANK}, {"收入", TX_PERSON},
		{"某某银行云桥支行", TX_BANK},
		{"待划转款项", TX_BANK},
		{"待报解预算收入", TX_TREASURY},
		{"国家金库云桥市支库", TX_TREASURY},
		{"ACME TRADING LTD", TX_COMPANY},
		{"3M", TX_PERSON}, /* a letter for each digit: perhaps a name */
		{"C1234", TX_KIND_NONE}, /* a number in a name's place */
		{"8100", TX_KIND_NONE},
		{"ACC-000127", TX_KIND_NONE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (party_kind_of_name(slice_of(rows[i].name)) != rows[i].kind)
			fail_msg("`%s` is of kind %d; expected %d", rows[i].name,
			         (int)party_kind_of_name(slice_of(rows[i].name)), (int)rows[i].kind);
}

static void the_banks_word_stands(void **state)
{
	struct tx tx;

	(void)state;
	tx_init(&tx);
	tx.counterparty.name = slice_of("李四");
	for (uint8_t told = TX_COMPANY; told <= TX_BANK; told++) {
		tx.counterparty.kind = told;
		party_complete(&tx);
		assert_int_equal(tx.counterparty.kind, told);
		assert_false(tx.counterparty.kind_guessed);
	}
}

static void what_the_bank_leaves_out_is_guessed(void **state)
{
	static const uint8_t untold[] = {TX_KIND_NONE, TX_UNKNOWN};
	struct tx tx;

	(void)state;
	for (size_t i = 0; i < sizeof(untold); i++) {
		tx_init(&tx);
		tx.counterparty.kind = untold[i];
		party_complete(&tx);
		assert_int_equal(tx.counterparty.kind, untold[i]); /* no name, no guess */
		assert_false(tx.counterparty.kind_guessed);
		tx.counterparty.name = slice_of("李四");
		party_complete(&tx);
		assert_int_equal(tx.counterparty.kind, TX_PERSON);
		assert_true(tx.counterparty.kind_guessed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_speak_of_kinds),
		cmocka_unit_test(the_banks_word_stands),
		cmocka_unit_test(what_the_bank_leaves_out_is_guessed),
	};

	return cmocka_run_group_tests_name("base/party", tests, NULL, NULL);
}
