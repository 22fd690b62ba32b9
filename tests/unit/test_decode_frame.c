/*
 * Where messages of a file end: lines, XML documents and CNAPS messages one after another, in pieces of any
 * size, and broken ones that must not swallow their neighbours.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "decode/decode.h"

#define DECLARATION "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define BLOCKS "{H:02102100099996  HVPS}\r\n{S:c2lnbg==}\r\n"

struct found {
	char text[2048]; /* the messages, each behind a '|' */
	size_t count;
};

/* Frames a whole file whose bytes come `step` at a time. */
static void frame_in_steps(enum decode_framing framing, const char *bytes, size_t step, struct found *found)
{
	size_t length = strlen(bytes), at = 0, there = step < length ? step : length;

	*found = (struct found){0};
	while (at < length) {
		size_t from, next, message = decode_frame(framing, bytes + at, there - at, there == length, &from, &next);
		assert_true(from + message <= there - at);
		assert_true(next <= there - at);
		assert_true(next >= from + message || next == 0);
		if (message > 0) {
			assert_true(next > 0);
			snprintf(found->text + strlen(found->text), sizeof(found->text) - strlen(found->text), "|%.*s",
			         (int)message, bytes + at + from);
			found->count++;
		}
		at += next;
		if (next == 0) {
			assert_true(there < length);
			there = there + step < length ? there + step : length;
		}
	}
}

/* The same messages however the bytes come. */
static void frames_as(enum decode_framing framing, const char *bytes, const char *wanted)
{
	struct found found;

	for (size_t step = strlen(bytes); step > 0; step = step > 7 ? step / 2 : step - 1) {
		frame_in_steps(framing, bytes, step, &found);
		assert_string_equal(found.text, wanted);
	}
}

static void lines(void **state)
{
	(void)state;
	frames_as(DECODE_LINES, "{}\n[]\n", "|{}|[]");
	frames_as(DECODE_LINES, "{}\r\n\r\n\n[]", "|{}|[]");
	frames_as(DECODE_LINES, "\n", "");
	frames_as(DECODE_LINES, " \n", "| ");
}

static void xml_documents(void **state)
{
	(void)state;
	frames_as(DECODE_XML, "<a/>", "|<a/>");
	frames_as(DECODE_XML, "<a><b/></a><a>x</a>\n", "|<a><b/></a>|<a>x</a>");
	frames_as(DECODE_XML, DECLARATION "<a>1</a>\n" DECLARATION "<a>2</a>\n\n",
	          "|" DECLARATION "<a>1</a>|" DECLARATION "<a>2</a>");
	frames_as(DECODE_XML, "\xEF\xBB\xBF" DECLARATION "<a/>\xEF\xBB\xBF<b/>", "|" DECLARATION "<a/>|<b/>");
	frames_as(DECODE_XML, "<p:a x='>' y=\"/>\"><!-- </p:a> --><![CDATA[</p:a>]]><?pi </p:a>?></p:a><b/>",
	          "|<p:a x='>' y=\"/>\"><!-- </p:a> --><![CDATA[</p:a>]]><?pi </p:a>?></p:a>|<b/>");
	frames_as(DECODE_XML, "<!-- first --><a><![CDATA[" DECLARATION "]]></a>",
	          "|<!-- first --><a><![CDATA[" DECLARATION "]]></a>");
}

/* I5: a broken message is one message, and what stands behind it is whole. */
static void broken_documents_keep_to_themselves(void **state)
{
	(void)state;
	frames_as(DECODE_XML, DECLARATION "<a><b></a>\n" DECLARATION "<a/>",
	          "|" DECLARATION "<a><b></a>\n|" DECLARATION "<a/>");
	frames_as(DECODE_XML, "rubbish " DECLARATION "<a/>", "|rubbish |" DECLARATION "<a/>");
	frames_as(DECODE_XML, DECLARATION "<a x='1>\n" DECLARATION "<a/>",
	          "|" DECLARATION "<a x='1>\n|" DECLARATION "<a/>");
	frames_as(DECODE_XML, DECLARATION "<a><!-- x</a>\n" DECLARATION "<a/>",
	          "|" DECLARATION "<a><!-- x</a>\n|" DECLARATION "<a/>");
	frames_as(DECODE_XML, "<a x=\"1></a><?xml version=\"1.0\"?><a>5\" pipe</a>" DECLARATION "<c/>",
	          "|<a x=\"1></a>|<?xml version=\"1.0\"?><a>5\" pipe</a>|" DECLARATION "<c/>");
	frames_as(DECODE_XML, "<a>", "|<a>");
	frames_as(DECODE_XML, "</a><b/>", "|</a>|<b/>");
	frames_as(DECODE_XML, "only text", "|only text");
}

static void cnaps_messages(void **state)
{
	(void)state;
	frames_as(DECODE_CNAPS, BLOCKS DECLARATION "<a>1</a>\r\n" BLOCKS DECLARATION "<a>2</a>\r\n",
	          "|" BLOCKS DECLARATION "<a>1</a>|" BLOCKS DECLARATION "<a>2</a>");
	frames_as(DECODE_CNAPS, BLOCKS "<a>{H:x</a>" BLOCKS "<b/>", "|" BLOCKS "<a>{H:x</a>|" BLOCKS "<b/>");
	frames_as(DECODE_CNAPS, BLOCKS "<a><b>\n" BLOCKS "<b/>", "|" BLOCKS "<a><b>\n|" BLOCKS "<b/>");
	frames_as(DECODE_CNAPS, "{H:cut\n" BLOCKS "<b/>", "|{H:cut\n|" BLOCKS "<b/>");
	frames_as(DECODE_CNAPS, "<a/>" BLOCKS "<b/>", "|<a/>|" BLOCKS "<b/>");
}

/* I8: what never ends is cut behind the bound, so that it is rejected, and reading goes on. */
static void endless_messages_are_cut(void **state)
{
	static const enum decode_framing framings[] = {DECODE_LINES, DECODE_XML, DECODE_CNAPS};
	size_t length = DECODE_MESSAGE_BYTES_MAX + 4096, from, next;
	char *bytes = malloc(length);

	(void)state;
	memset(bytes, '<', length);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(decode_frame(framings[i], bytes, DECODE_MESSAGE_BYTES_MAX, false, &from, &next), 0);
		assert_int_equal(next, 0);
		assert_int_equal(decode_frame(framings[i], bytes, length, false, &from, &next),
		                 DECODE_MESSAGE_BYTES_MAX + 1);
		assert_int_equal(next, DECODE_MESSAGE_BYTES_MAX + 1);
	}
	free(bytes);
}

/* Any bytes: it goes on, it ends, and every byte that isn't blank is in a message. */
static void any_bytes_are_passed(void **state)
{
	static const char *const pieces[] = {"<a>", "</a>", "<a/>", "<!--", "-->", "<![CDATA[", "]]>",
	                                     "<?",  "?>",   "\"",   "'",    "\n",  " ",         "{H:",
	                                     "}",   "\r\n", "x",    "<",    ">",   DECLARATION, "<!D>"};
	uint64_t random = 7;

	(void)state;
	for (int round = 0; round < 3000; round++) {
		char bytes[1024] = "";
		struct found whole, parts;
		enum decode_framing framing = (enum decode_framing)(round % 3);
		for (int i = 0; i < 12; i++) {
			random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
			strcat(bytes, pieces[(random >> 33) % (sizeof(pieces) / sizeof(pieces[0]))]);
		}
		frame_in_steps(framing, bytes, strlen(bytes), &whole);
		frame_in_steps(framing, bytes, 1 + random % 5, &parts);
		if (framing == DECODE_LINES)
			assert_string_equal(whole.text, parts.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines),
		cmocka_unit_test(xml_documents),
		cmocka_unit_test(broken_documents_keep_to_themselves),
		cmocka_unit_test(cnaps_messages),
		cmocka_unit_test(endless_messages_are_cut),
		cmocka_unit_test(any_bytes_are_passed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
