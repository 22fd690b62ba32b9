/*
 * The blocks before a CNAPS message's XML:
 *
 *   {H:                                                                 3
 *   version 2 │ sender 14 │ its system 4 │ receiver 14 │ its system 4   of fixed width, filled up with spaces
 *   date 8 │ time 6 │ structure 3 ("XML") │ message type 20
 *   message id 20 │ reference id 20 │ priority 1 │ direction 1 │ reserved 9
 *   } CR LF
 *   {S: signature, base64, perhaps over several lines } CR LF      (left out where it is not signed)
 *   <?xml …
 *
 * Of it only the structure and the type are read, so gateways that shorten what comes behind them do no
 * harm. The signature is not checked: it is the bank's and the clearing house's affair, and its keys are
 * not here.
 */
#include "decode/decoder_cnaps.h"

enum {
	STRUCTURE_AT = 2 + 14 + 4 + 14 + 4 + 8 + 6,
	STRUCTURE_BYTES = 3,
	TYPE_AT = STRUCTURE_AT + STRUCTURE_BYTES,
	TYPE_BYTES = 20,
	HEADER_BYTES_LEAST = TYPE_AT + TYPE_BYTES,
	HEADER_BYTES_MAX = 256,
	SIGNATURE_BYTES_MAX = 16384
};

static void skip_blank(struct slice *rest)
{
	while (rest->length > 0 && strchr(" \t\r\n", rest->at[0]) != NULL && rest->at[0] != '\0') {
		rest->at++;
		rest->length--;
	}
}

static void skip_mark(struct slice *rest)
{
	if (rest->length >= 3 && memcmp(rest->at, "\xEF\xBB\xBF", 3) == 0) {
		rest->at += 3;
		rest->length -= 3;
	}
}

/* Takes "{H:…}" from the front; false where it isn't there or has no end within `most` bytes. */
static bool take_block(struct slice *rest, const char *opening, size_t most, struct slice *block_r)
{
	size_t limit = rest->length < most ? rest->length : most;
	const char *end;

	if (rest->length < 3 || memcmp(rest->at, opening, 3) != 0)
		return false;
	end = memchr(rest->at, '}', limit);
	if (end == NULL)
		return false;
	*block_r = (struct slice){rest->at + 3, (uint32_t)(end - rest->at) - 3};
	rest->length -= (uint32_t)(end + 1 - rest->at);
	rest->at = end + 1;
	return true;
}

static int read_fields(struct decode_context *context, struct slice block, struct cnaps_header *header_r)
{
	struct slice structure = {block.at + STRUCTURE_AT, STRUCTURE_BYTES};

	if (block.length < HEADER_BYTES_LEAST)
		return tx_build_reject(context, "header", (struct slice){0}, "has %u characters; expected at least %d",
		                       block.length, HEADER_BYTES_LEAST);
	if (!slice_is(structure, "XML"))
		return tx_build_reject(context, "header", structure, "is no structure that is known; expected XML");
	header_r->message_type = slice_trim((struct slice){block.at + TYPE_AT, TYPE_BYTES});
	return 0;
}

int cnaps_header_read(struct decode_context *context, const char *bytes, size_t length,
                      struct cnaps_header *header_r)
{
	struct slice rest = {bytes, (uint32_t)length}, block, signature;
	bool is_signed;

	skip_mark(&rest);
	skip_blank(&rest);
	if (!take_block(&rest, "{H:", HEADER_BYTES_MAX, &block))
		return tx_build_reject(context, "header", (struct slice){0}, "is missing or has no end; expected "
		                       "`{H:` … `}` before the XML");
	if (read_fields(context, block, header_r) == -1)
		return -1;
	skip_blank(&rest);
	is_signed = rest.length >= 3 && memcmp(rest.at, "{S:", 3) == 0;
	if (is_signed && !take_block(&rest, "{S:", SIGNATURE_BYTES_MAX, &signature))
		return tx_build_reject(context, "signature", (struct slice){0}, "has no end; expected `}`");
	skip_blank(&rest);
	skip_mark(&rest);
	if (rest.length == 0 || rest.at[0] != '<')
		return tx_build_reject(context, "", (struct slice){0}, "no XML stands behind the blocks");
	header_r->body = rest.at;
	header_r->body_bytes = rest.length;
	return 0;
}
