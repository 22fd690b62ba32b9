/*
 * The XML layer under the decoders: what is refused of XML itself, bounds, and the clever parts beside
 * plain ones.
 */
#include "tests/unit/xml_case.h"

#include <stdio.h>
#include <stdlib.h>

#include "decode/xml_map.h"
#include "decode/xml_reader.h"
#include "decode/xml_value.h"

#define NS "urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08"
#define SIDES(p) \
	"<" p "DbtrAcct><" p "Id><" p "IBAN>D1</" p "IBAN></" p "Id></" p "DbtrAcct>" \
	"<" p "DbtrAgt><" p "BrnchId><" p "Id>102391020017</" p "Id></" p "BrnchId></" p "DbtrAgt>" \
	"<" p "CdtrAcct><" p "Id><" p "IBAN>C1</" p "IBAN></" p "Id></" p "CdtrAcct>" \
	"<" p "CdtrAgt><" p "BrnchId><" p "Id>308391021013</" p "Id></" p "BrnchId></" p "CdtrAgt>"
#define MESSAGE(declaration, p, xmlns, rest) \
	declaration "<" p "Document " xmlns "><" p "FIToFICstmrCdtTrf>" \
	"<" p "GrpHdr><" p "CreDtTm>2026-03-02T09:00:00</" p "CreDtTm></" p "GrpHdr>" \
	"<" p "CdtTrfTxInf><" p "PmtId><" p "TxId>T1</" p "TxId></" p "PmtId>" \
	"<" p "IntrBkSttlmAmt Ccy=\"CNY\">5</" p "IntrBkSttlmAmt>" SIDES(p) rest \
	"</" p "CdtTrfTxInf></" p "FIToFICstmrCdtTrf></" p "Document>"
#define PLAIN(declaration, rest) MESSAGE(declaration, "", "xmlns=\"" NS "\"", rest)

static void namespaces(void **state)
{
	static const struct xml_case cases[] = {
		{"default", PLAIN("", ""), NULL, 2, {NULL}, false},
		{"prefixed", MESSAGE("", "ns0:", "xmlns:ns0=\"" NS "\"", ""), NULL, 2, {"\"id\":\"T1\""}, false},
		{"elements of another one are passed over", PLAIN("",
		 "<x:Purp xmlns:x=\"urn:x\"><x:Cd>NO</x:Cd></x:Purp><Purp "
		 "xmlns=\"urn:y\"><Cd>NO</Cd></Purp>"), NULL, 2, {"\"bank\":\"308391021013\"}}\n"}, false},
		{"one that only begins alike", MESSAGE("", "", "xmlns=\"" NS "x\"", ""), NULL, 0, {"xmlns"}, true},
		{"an unbound prefix", MESSAGE("", "p:", "xmlns=\"" NS "\"", ""), NULL, 0, {"unbound prefix"}, true},
		{"another one inside Document", "<Document xmlns=\"" NS
		 "\"><FIToFICstmrCdtTrf xmlns=\"urn:x\"/></Document>", NULL, 0, {"does not belong"}, true},
		{"a byte order mark", PLAIN("\xEF\xBB\xBF", ""), NULL, 2, {NULL}, false},
		{"blank before the declaration", PLAIN(" \r\n\xEF\xBB\xBF\n<?xml version='1.0'?>", ""), NULL, 2, {NULL}, false},
		{"comments and instructions", PLAIN("<!-- - --><?x y?>", "<!-- <Purp><Cd>NO</Cd></Purp> --><?x?>"), NULL,
		 2, {NULL}, false},
	};

	(void)state;
	XML_CASES_RUN("iso20022", cases);
}

static void entities_are_refused(void **state)
{
	static const struct xml_case cases[] = {
		{"a bomb", PLAIN("<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b "
		 "\"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c "
		 "\"&b;&b;&b;&b;&b;&b;&b;&b;\">]>", "<RmtInf><Ustrd>&c;</Ustrd></RmtInf>"), NULL, 0,
		 {"document type declaration"}, true},
		{"an external one", PLAIN("<!DOCTYPE a [<!ENTITY a SYSTEM \"file:///etc/hostname\">]>", ""), NULL, 0,
		 {"document type"}, true},
		{"an external subset", PLAIN("<!DOCTYPE a SYSTEM \"http://127.0.0.1/a.dtd\">", ""), NULL, 0,
		 {"document type"}, true},
		{"an empty one", PLAIN("<!DOCTYPE a>", ""), NULL, 0, {"document type"}, true},
		{"an undeclared one", PLAIN("", "<RmtInf><Ustrd>&c;</Ustrd></RmtInf>"), NULL, 0, {"undefined entity"},
		 true},
		{"a NUL by number", PLAIN("", "<RmtInf><Ustrd>&#0;</Ustrd></RmtInf>"), NULL, 0,
		 {"invalid character number"}, true},
		{"a surrogate by number", PLAIN("", "<RmtInf><Ustrd>&#xD800;</Ustrd></RmtInf>"), NULL, 0,
		 {"invalid character number"}, true},
	};

	(void)state;
	XML_CASES_RUN("iso20022", cases);
}

static void markup_is_strict(void **state)
{
	static const struct xml_case cases[] = {
		{"blank", "   ", NULL, 0, {"no element found"}, true},
		{"not XML", "{\"id\":1}", NULL, 0, {"line 1, column 1"}, true},
		{"two documents", PLAIN("", "") PLAIN("", ""), NULL, 0, {"junk after document element"}, true},
		{"text behind", PLAIN("", "") "x", NULL, 0, {"well-formed"}, true},
		{"two roots", "<Document xmlns=\"" NS "\"><FIToFICstmrCdtTrf/><FIToFICstmrCdtTrf/></Document>", NULL, 0,
		 {"holds no transfer"}, true},
		{"attribute twice", PLAIN("", "<Purp a=\"1\" a=\"2\"/>"), NULL, 0, {"duplicate attribute"}, true},
		{"wrong nesting", PLAIN("", "<Purp><Cd></Purp></Cd>"), NULL, 0, {"mismatched tag"}, true},
		{"not UTF-8", PLAIN("", "<Purp><Cd>\xC3\x28</Cd></Purp>"), NULL, 0, {"not well-formed"}, true},
		{"a surrogate", PLAIN("", "<Purp><Cd>\xED\xA0\x80</Cd></Purp>"), NULL, 0, {"not well-formed"}, true},
		{"beyond Unicode", PLAIN("", "<Purp><Cd>\xF4\x90\x80\x80</Cd></Purp>"), NULL, 0, {"not well-formed"}, true},
		{"overlong", PLAIN("", "<Purp><Cd>\xC0\xAF</Cd></Purp>"), NULL, 0, {"not well-formed"}, true},
		{"a control character", PLAIN("", "<Purp><Cd>\x01</Cd></Purp>"), NULL, 0, {"not well-formed"}, true},
		{"good again", PLAIN("", ""), NULL, 2, {NULL}, false},
	};

	(void)state;
	XML_CASES_RUN("iso20022", cases);
	xml_case_rejected("iso20022", "<Document\0/>", 12, "not well-formed");
}

/* I5: wherever a message is cut, it is rejected, and the parser reads the next one. */
static void truncated_anywhere(void **state)
{
	static const char message[] = PLAIN("<?xml version=\"1.0\"?>", "");
	const struct decoder *decoder = decoder_find(slice_of("iso20022"));
	struct decode_context context;

	(void)state;
	decode_context_init(&context, decoder, 0, (struct slice){0});
	for (size_t length = 1; length < sizeof(message) - 1; length++) {
		assert_int_equal(decode(decoder, &context, message, length, true), -1);
		assert_int_equal(context.tx_count, 0);
	}
	assert_int_equal(decode(decoder, &context, message, sizeof(message) - 1, true), 0);
	assert_int_equal(context.tx_count, 2);
	decode_context_deinit(&context, decoder);
}

/* `count` times `text`, appended at *at. */
static void repeat(char **at, const char *text, size_t count)
{
	for (size_t i = 0; i < count; i++)
		*at = stpcpy(*at, text);
}

/* I8 */
static void depth_is_bounded(void **state)
{
	char *message = malloc(1 << 20), *at;

	(void)state;
	for (size_t depth = XML_DEPTH_MAX - 4; depth < XML_DEPTH_MAX; depth++) {
		/* Document, the root and the transfer are three. */
		bool fits = 3 + depth <= XML_DEPTH_MAX;
		struct xml_case row = {"depth", message, NULL, 2, {fits ? "T1" : "nested deeper than 64"}, !fits};

		at = stpcpy(message, "");
		sprintf(message, "%.*s", (int)(strstr(PLAIN("", ""), "</CdtTrfTxInf>") - PLAIN("", "")), PLAIN("", ""));
		at = message + strlen(message);
		repeat(&at, "<a>", depth);
		repeat(&at, "</a>", depth);
		strcpy(at, strstr(PLAIN("", ""), "</CdtTrfTxInf>"));
		xml_cases_run("iso20022", &row, 1);
	}
	at = message;
	repeat(&at, "<a>", 200000);
	xml_case_rejected("iso20022", message, (size_t)(at - message), "Document");
	free(message);
}

/* Decodes a message whose `texts` remarks are `pieces` times `piece` each; the remark that is kept. */
static struct slice remark_of(struct decode_context *context, const char *piece, size_t pieces, size_t texts)
{
	const char *plain = PLAIN("", "<RmtInf></RmtInf>"), *middle = strstr(plain, "</RmtInf>");
	char *message = malloc(4 << 20), *at = message + sprintf(message, "%.*s", (int)(middle - plain), plain);

	for (size_t i = 0; i < texts; i++) {
		repeat(&at, "<Ustrd>", 1);
		repeat(&at, piece, pieces);
		repeat(&at, "</Ustrd>", 1);
	}
	at = stpcpy(at, middle);
	decode_context_reset(context);
	assert_int_equal(decode(decoder_find(slice_of("iso20022")), context, message, (size_t)(at - message),
	 true), 0);
	free(message);
	return context->txs[0].remark;
}

/* I8: a text of any length is cut at the field's limit, in whole characters; so are many joined. */
static void texts_are_bounded(void **state)
{
	const struct decoder *decoder = decoder_find(slice_of("iso20022"));
	struct decode_context context;

	(void)state;
	decode_context_init(&context, decoder, 0, (struct slice){0});
	assert_int_equal(remark_of(&context, "中", 300000, 1).length, 512 * 3);
	assert_int_equal(remark_of(&context, "a\xF0\xA0\xAE\xB7", 2000, 1).length, 256 * 5);
	assert_int_equal(remark_of(&context, "ab", 1, 100000).length, 512);
	assert_memory_equal(context.txs[0].remark.at, "ab ab ab ", 9);
	assert_true(context.arena.used_bytes < 64 * 1024);
	decode_context_deinit(&context, decoder);
}

/* I8: a message may hold DECODE_TX_MAX transactions and not one more. */
static void transactions_are_bounded(void **state)
{
	const char *plain = PLAIN("", ""), *one = strstr(plain, "<CdtTrfTxInf>"), *rest = strstr(plain,
	 "</FIToFICstmrCdtTrf>");
	size_t bytes = (size_t)(rest - one), most = DECODE_TX_MAX / 2;
	char *message = malloc(strlen(plain) + bytes * (most + 1)), *at = message;
	const struct decoder *decoder = decoder_find(slice_of("iso20022"));
	struct decode_context context;

	(void)state;
	at = mempcpy(at, plain, (size_t)(one - plain));
	for (size_t i = 0; i < most; i++)
		at = mempcpy(at, one, bytes);
	strcpy(at, rest);
	decode_context_init(&context, decoder, 0, (struct slice){0});
	assert_int_equal(decode(decoder, &context, message, strlen(message), true), 0);
	assert_int_equal(context.tx_count, DECODE_TX_MAX);
	decode_context_reset(&context);
	at = mempcpy(at, one, bytes);
	strcpy(at, rest);
	assert_int_equal(decode(decoder, &context, message, strlen(message), true), -1);
	assert_non_null(strstr(context.reject.reason, "more than 20000"));
	assert_int_equal(context.tx_count, 0);
	decode_context_deinit(&context, decoder);
	free(message);
}

/* The trie against a look through the table. */
static void map_agrees_with_its_table(void **state)
{
	static const struct xml_path paths[] = {
		{"A", 0, XML_GROUP}, {"A/B", 1, XML_ONCE}, {"A/B@Ccy", 2, XML_ONCE}, {"A/B/C", 3, XML_JOIN}, {"A/A/A", 4,
		 XML_ONCE},
		{"D/B", 5, XML_FIRST}, {"D/B/C", 6, XML_SEEN}, {"D/E@x", 7, XML_ONCE}, {NULL, 0, XML_PASS}
	};
	static const char *const names[] = {"A", "B", "C", "D", "E", "AB", "", "F"};
	enum { NAMES = sizeof(names) / sizeof(names[0]) };
	struct xml_map *map = malloc(sizeof(*map));

	(void)state;
	xml_map_init(map, paths);
	for (size_t i = 0; i < NAMES * NAMES * NAMES; i++) {
		const char *parts[] = {names[i / NAMES / NAMES], names[i / NAMES % NAMES], names[i % NAMES]};
		char path[16] = "";
		uint16_t node = 0;

		for (size_t p = 0; p < 3 && node != XML_NODE_NONE; p++) {
			const struct xml_path *row = paths;
			snprintf(path + strlen(path), sizeof(path) - strlen(path), "%s%s", p > 0 ? "/" : "", parts[p]);
			node = xml_map_child(map, node, parts[p], strlen(parts[p]));
			while (row->path != NULL && strcmp(row->path, path) != 0)
				row++;
			if (row->path != NULL) {
				assert_int_not_equal(node, XML_NODE_NONE);
				assert_int_equal(map->nodes[node].slot, row->slot);
				assert_int_equal(map->nodes[node].kind, row->kind);
			} else {
				assert_true(node == XML_NODE_NONE || map->nodes[node].kind == XML_PASS);
			}
		}
	}
	free(map);
}

static void decimals(void **state)
{
	static const struct { const char *text, *wanted; } rows[] = {
		{"0", "0.00"}, {"1", "1.00"}, {"-1.5", "-1.50"}, {"+2", "2.00"}, {"007.10", "7.10"}, {"1.23456", "1.23456"},
		{"1.2345600", "1.23456"}, {".5", "0.50"}, {"5.", "5.00"}, {"0.001", "0.001"}, {"-0.05", "-0.05"},
		{"999999999999999999.99", "999999999999999999.99"}, {"", NULL}, {".", NULL}, {"-", NULL}, {"1.234567",
		 NULL}, {"1,0", NULL},
		{"1e5", NULL}, {"--1", NULL}, {" 1", NULL}, {"1234567890123456789012345", NULL}
	};
	char text[XML_SUM_BYTES];
	xml_sum sum;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(xml_decimal(slice_of(rows[i].text), &sum), rows[i].wanted != NULL);
		if (rows[i].wanted != NULL)
			assert_string_equal(xml_sum_print(sum, text), rows[i].wanted);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(namespaces),
		cmocka_unit_test(entities_are_refused),
		cmocka_unit_test(markup_is_strict),
		cmocka_unit_test(truncated_anywhere),
		cmocka_unit_test(depth_is_bounded),
		cmocka_unit_test(texts_are_bounded),
		cmocka_unit_test(transactions_are_bounded),
		cmocka_unit_test(map_agrees_with_its_table),
		cmocka_unit_test(decimals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
