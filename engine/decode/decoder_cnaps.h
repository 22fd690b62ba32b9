/*
 * The messages of China's payment systems (CNAPS2) that carry customers' transfers.
 */
#ifndef DECODE_DECODER_CNAPS_H
#define DECODE_DECODER_CNAPS_H

#include "decode/xml_transfer.h"

/* beps.121: a package of small transfers. reader->work is a struct xml_transfer_work. */
extern const struct xml_family family_beps;

/* What the header block of a message says. */
struct cnaps_header {
	struct slice message_type; /* "hvps.111.001.01", of the message's bytes */
	const char *body; /* where the XML begins */
	size_t body_bytes;
};

/*
 * Takes the blocks before the XML apart. Returns 0, or -1 with context->reject filled.
 */
int cnaps_header_read(struct decode_context *context, const char *bytes, size_t length,
                      struct cnaps_header *header_r);

#endif
