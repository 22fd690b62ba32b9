/*
 * Bytes of a bank → transactions, or a rejection with its reason (contract.md sections 1 and 3).
 *
 * A decoder is a pure function of the message and its context's settings; it knows nothing of any account's
 * history. Each is one file and one line in decoders.c. Structure is strict, optional vocabulary lenient:
 * what is set aside, cut or taken with a warning is counted (I5), by feed and field.
 */
#ifndef DECODE_DECODE_H
#define DECODE_DECODE_H

#include "base/arena.h"
#include "base/tx.h"

#define DECODE_TX_MAX 20000 /* transactions of one message; beyond, the message is rejected whole */
#define DECODE_HELD_TX_MAX (2 * DECODE_TX_MAX) /* transactions that a context holds between two resets */
#define DECODE_ARENA_BYTES_MAX (64u << 20) /* and their strings, where they aren't in the message itself */
#define DECODE_JSON_BYTES_MAX (64u << 10)
#define DECODE_MESSAGE_BYTES_MAX (8u << 20)
#define DECODE_REASON_BYTES 320
#define DECODE_FIELD_BYTES 64

/* How a file of this format falls into messages. */
enum decode_framing { DECODE_LINES, DECODE_XML, DECODE_CNAPS };

/* Why a message, or one transaction of it, is a dead letter. The value in `reason` is cut and masked. */
struct decode_reject {
	char field[DECODE_FIELD_BYTES]; /* as huqi.tx.v1 or the format names it; "" where it is the whole message */
	char reason[DECODE_REASON_BYTES]; /* "amount: `12,5` is not an amount; expected digits with an optional
	                                     point" */
};

/* What one message's transactions were taken with; goes to the counters only once the message is taken
 * whole. */
struct decode_tally {
	uint32_t aside[TX_FIELD_COUNT];
	uint32_t cut, bank_check, uscc_check, raised, opened_later;
	bool any; /* so that a clean message costs nothing here */
};

/*
 * What a decoder works with. One a shard and feed; reused for every message, so that nothing is allocated
 * in a steady load. Transactions and their strings live in the message or in `arena` until
 * decode_context_reset().
 */
struct decode_context {
	unsigned feed; /* for the counters */
	struct slice bank; /* the feed's `bank:` setting, empty where there is none; borrowed */
	struct arena arena; /* owned */
	struct tx *txs; /* owned; room for DECODE_HELD_TX_MAX, so that none moves before the reset */
	size_t tx_count;
	size_t message_first; /* where the transactions of the message at hand begin */
	struct decode_tally tally; /* of the message at hand */
	struct decode_reject reject; /* of the last failure */
	bool silent; /* counts nothing: for messages that are read again and were counted before */
	void *state; /* owned by the decoder: parser memory, the columns of a file's header line */
};

struct decoder {
	const char *name;
	const char *title[2]; /* zh, en */
	enum decode_framing framing;
	size_t bytes_max; /* of a message; 0 means DECODE_MESSAGE_BYTES_MAX */
	/*
	 * Appends the message's transactions to context->txs. `at_start` says that the message is the first of
	 * a file (csv34's header line). Returns 0, or -1 with context->reject filled and nothing appended: a
	 * message is taken whole or rejected whole. The bytes are borrowed and stay as they are.
	 */
	int (*decode)(struct decode_context *context, const char *bytes, size_t length, bool at_start);
	int (*state_new)(struct decode_context *context); /* NULL where there is no state; -1: out of memory */
	void (*state_free)(struct decode_context *context);
};

/* All decoders, ended by NULL; and one by name, NULL where there is none. */
extern const struct decoder *const decoders[];
const struct decoder *decoder_find(struct slice name);

void decode_context_init(struct decode_context *context, const struct decoder *decoder, unsigned feed,
                         struct slice bank);
void decode_context_deinit(struct decode_context *context, const struct decoder *decoder);

/* Forgets the transactions decoded so far and their strings (not the decoder's state). */
void decode_context_reset(struct decode_context *context);

/*
 * Says that what is held has to be handled and the context reset before the next message. A caller that
 * heeds it never loses a message to the two bounds above: the largest message still fits behind a context
 * that isn't full.
 */
bool decode_context_full(const struct decode_context *context);

/*
 * decoder->decode() behind the checks that all formats share: an empty message, or one over its format's
 * bytes, is rejected. Counts the message and its bytes, its transactions or its rejection, and what was set
 * aside, cut or taken with a warning; a rejected message leaves no trace but COUNT_DEAD_LETTERS (and
 * COUNT_BATCH_FULL); a silent context counts nothing at all. Whether a transaction is judged is not decided,
 * so not counted, here.
 */
int decode(const struct decoder *decoder, struct decode_context *context, const char *bytes, size_t length,
           bool at_start);

/*
 * The first message in `bytes`, by a framing: a line without its end, an XML document, a CNAPS message with
 * its blocks. Returns its length; it begins at `bytes + *from_r` (behind blank space and a byte order
 * mark), and the next one is looked for at `bytes + *next_r`.
 *
 * *next_r == 0: more bytes are needed (never with `last`, where the rest is one message). A length of 0
 * with *next_r > 0: nothing but blank space, to be passed over. More than DECODE_MESSAGE_BYTES_MAX without
 * an end is cut behind that bound, so that decode() rejects it.
 */
size_t decode_frame(enum decode_framing framing, const char *bytes, size_t length, bool last, size_t *from_r,
                    size_t *next_r);

/* One huqi.tx.v1 line (with its end) into the arena: fields in the contract's order, absent ones left out. */
struct slice decode_write_tx(const struct tx *tx, struct arena *arena);

/* {"source":"feed.csv@3","field":"amount","reason":"…"} and its line end; field null where it is the whole
 * message. */
struct slice decode_write_reject(const char *source, const struct decode_reject *reject, struct arena *arena);

#endif
