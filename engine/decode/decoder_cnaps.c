/*
 * CNAPS2: hvps.111 (large-value) and beps.121 (small-value) transfers, header and signature blocks before
 * the XML, UTF-8 or GB18030. The header's type and the document's namespace must agree.
 */
#include "decode/decoder_cnaps.h"

#include <stdlib.h>

#include "decode/decoder_iso20022.h"
#include "decode/decoders.h"

enum { TYPE_HVPS, TYPE_BEPS, TYPE_COUNT };

static const struct message_type {
	const char *name, *namespace, *root;
	const struct xml_family *family;
} types[TYPE_COUNT] = {
	[TYPE_HVPS] = {
		"hvps.111.001.01", "urn:iso:std:iso:20022:tech:xsd:pacs.008.001.02", "FIToFICstmrCdtTrf", &family_pacs
	},
	[TYPE_BEPS] = {
		"beps.121.001.01", "urn:cnaps:std:beps:2010:tech:xsd:beps.121.001.01", "CstmrCdtTrf", &family_beps
	},
};

struct state {
	struct xml_reader reader;
	struct xml_map maps[TYPE_COUNT];
	unsigned type; /* of the message being read */
	struct xml_transfer_work work;
};

static int find_document(struct xml_reader *reader, struct slice namespace, struct xml_document *document_r)
{
	const struct state *state = reader->context->state;
	const struct message_type *type = &types[state->type];

	if (!slice_is(namespace, type->namespace))
		return tx_build_reject(reader->context, "xmlns", namespace, "is not the namespace of %s; expected %s",
		                       type->name, type->namespace);
	*document_r = (struct xml_document){type->root, type->family, &state->maps[state->type]};
	return 0;
}

static int state_new(struct decode_context *context)
{
	struct state *state = calloc(1, sizeof(*state));

	if (state == NULL || xml_reader_init(&state->reader, find_document, &state->work) == -1) {
		free(state);
		return -1;
	}
	for (unsigned i = 0; i < TYPE_COUNT; i++)
		xml_map_init(&state->maps[i], types[i].family->paths);
	context->state = state;
	return 0;
}

static void state_free(struct decode_context *context)
{
	struct state *state = context->state;

	xml_reader_deinit(&state->reader);
	free(state);
	context->state = NULL;
}

static int decode_message(struct decode_context *context, const char *bytes, size_t length, bool at_start)
{
	struct state *state = context->state;
	struct cnaps_header header;
	unsigned type = 0;

	(void)at_start;
	if (cnaps_header_read(context, bytes, length, &header) == -1)
		return -1;
	while (type < TYPE_COUNT && !slice_is(header.message_type, types[type].name))
		type++;
	if (type == TYPE_COUNT)
		return tx_build_reject(context, "header", header.message_type,
		                       "is no known message; expected hvps.111.001.01 or beps.121.001.01");
	state->type = type;
	return xml_reader_read(&state->reader, context, header.body, header.body_bytes);
}

const struct decoder decoder_cnaps = {
	.name = "cnaps",
	.title = {"CNAPS 二代支付报文(hvps.111、beps.121)", "CNAPS2 payment messages (hvps.111, beps.121)"},
	.framing = DECODE_CNAPS,
	.decode = decode_message,
	.state_new = state_new,
	.state_free = state_free
};
