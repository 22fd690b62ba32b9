/*
 * ISO 20022: which message a document is, by its namespace; what it says is its family's matter.
 *
 * A version is known or the message is rejected: a new one may have moved what decides (as Sts and the
 * parties were moved), and a message read wrongly is worse than a dead letter. Adding a version is a number
 * below.
 */
#include <stdlib.h>

#include "decode/decoder_iso20022.h"
#include "decode/decoders.h"

static const char namespace_stem[] = "urn:iso:std:iso:20022:tech:xsd:";

enum { FAMILY_CAMT, FAMILY_PACS, FAMILY_PAIN, FAMILY_COUNT };

static const struct xml_family *const families[FAMILY_COUNT] = {
	[FAMILY_CAMT] = &family_camt,
	[FAMILY_PACS] = &family_pacs,
	[FAMILY_PAIN] = &family_pain,
};

/* pain.001.001.02 still names its root after itself. */
static const struct version_range {
	const char *stem; /* of the message's name, up to the version's two digits */
	int first, last;
	const char *root;
	unsigned family;
} versions[] = {
	{"camt.054.001.", 2, 13, "BkToCstmrDbtCdtNtfctn", FAMILY_CAMT},
	{"pacs.008.001.", 2, 14, "FIToFICstmrCdtTrf", FAMILY_PACS},
	{"pain.001.001.", 2, 2, "pain.001.001.02", FAMILY_PAIN},
	{"pain.001.001.", 3, 13, "CstmrCdtTrfInitn", FAMILY_PAIN},
};

struct state {
	struct xml_reader reader;
	struct xml_map maps[FAMILY_COUNT];
	union {
		struct camt_work camt;
		struct xml_transfer_work transfer;
	} work;
};

/* The two digits behind the stem; -1 where `name` is another message or has another form. */
static int version_of(struct slice name, const char *stem)
{
	size_t length = strlen(stem);
	const char *digits = name.at + length;

	if (name.length != length + 2 || memcmp(name.at, stem, length) != 0 || digits[0] < '0' || digits[0] > '9' ||
	    digits[1] < '0' || digits[1] > '9')
		return -1;
	return (digits[0] - '0') * 10 + digits[1] - '0';
}

static int find_document(struct xml_reader *reader, struct slice namespace, struct xml_document *document_r)
{
	const struct state *state = reader->context->state;
	size_t stem = sizeof(namespace_stem) - 1;
	struct slice name = {namespace.at + stem, namespace.length - (uint32_t)stem};

	if (namespace.length > stem && memcmp(namespace.at, namespace_stem, stem) == 0)
		for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
			int version = version_of(name, versions[i].stem);
			if (version < versions[i].first || version > versions[i].last)
				continue;
			*document_r = (struct xml_document){
				versions[i].root, families[versions[i].family], &state->maps[versions[i].family]
			};
			return 0;
		}
	else
		name = namespace;
	return tx_build_reject(reader->context, "xmlns", name,
	                       "is no known message; expected camt.054.001.02 to .13, pacs.008.001.02 to .14 or "
	                       "pain.001.001.02 to .13");
}

static int state_new(struct decode_context *context)
{
	struct state *state = calloc(1, sizeof(*state));

	if (state == NULL || xml_reader_init(&state->reader, find_document, &state->work) == -1) {
		free(state);
		return -1;
	}
	for (unsigned i = 0; i < FAMILY_COUNT; i++)
		xml_map_init(&state->maps[i], families[i]->paths);
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

static int decode_document(struct decode_context *context, const char *bytes, size_t length, bool at_start)
{
	struct state *state = context->state;

	(void)at_start;
	return xml_reader_read(&state->reader, context, bytes, length);
}

const struct decoder decoder_iso20022 = {
	.name = "iso20022",
	.title = {"ISO 20022 报文(camt.054、pacs.008、pain.001)", "ISO 20022 messages (camt.054, pacs.008, pain.001)"},
	.framing = DECODE_XML,
	.decode = decode_document,
	.state_new = state_new,
	.state_free = state_free
};
