/*
 * Books one event: decides the amount, keeps the balance, writes the texts, fills the transaction.
 *
 * Events come in the order of time, so shares of a balance or of what a mule received are right when they
 * are drawn. A transfer between two accounts of the population is one debit now and one credit
 * MIRROR_DELAY_MS later.
 */
#ifndef SIMULATE_BOOK_H
#define SIMULATE_BOOK_H

#include "simulate/agenda.h"
#include "simulate/cast.h"
#include "simulate/party.h"
#include "simulate/text.h"

#define MIRRORS_MAX 65536 /* incoming legs under way; a power of 2 */
#define MIRROR_DELAY_MS 1200
#define BOOK_ID_BYTES 24

/* The incoming leg of a transfer within the population. Texts are made again from the same seed. */
struct mirror {
	int64_t at_ms, amount_minor;
	uint64_t seed;
	uint32_t from, to; /* enterprises */
	uint32_t scripted; /* number in the cast; UINT32_MAX for honest ones */
	uint16_t habit;
};

/* Everything that booking changes, and the buffers that the last transaction borrows. */
struct book {
	struct population *population; /* borrowed */
	struct cast *cast; /* borrowed */
	const struct calendar_day *today; /* borrowed */
	struct simulate_stats stats;
	uint64_t serials[SIMULATE_BANKS_MAX]; /* of today's bookings, by bank */
	struct mirror *mirrors; /* owned, a ring of MIRRORS_MAX */
	uint64_t mirror_first, mirror_end;

	const char *met; /* whom the last transaction was with, by parties.def; "" where a scenario says */
	struct simulate_label label;
	struct party party;
	char id[BOOK_ID_BYTES], purpose[TEXT_BYTES], remark[TEXT_BYTES], place[8], operator[8], terminal[12];
	char ip[NUMBERS_IP_BYTES], mac[NUMBERS_MAC_BYTES], device[NUMBERS_DEVICE_BYTES];
};

void book_init(struct book *book, struct population *population, struct cast *cast);
void book_deinit(struct book *book);

/* Ids begin anew with each day. */
void book_day(struct book *book, const struct calendar_day *today);

/* Each returns whether there is a transaction; `*label_r` is NULL for an honest one. `event_ms` is UTC. */
bool book_honest(struct book *book, const struct agenda_event *event, int64_t event_ms, struct tx *tx_r);
bool book_scripted(struct book *book, uint32_t number, struct tx *tx_r,
                   const struct simulate_label **label_r);

/* The incoming leg that is due first; NULL where none is under way. */
const struct mirror *book_mirror(const struct book *book);
void book_mirror_take(struct book *book, struct tx *tx_r, const struct simulate_label **label_r);

/* For book_honest() and book_scripted(), in book.c: the parts that they share. */
struct booking {
	uint32_t enterprise;
	uint8_t direction, channel;
	int64_t at_ms, amount_minor;
	const char *ip, *mac, *device; /* NULL: the enterprise's own */
};

/* False, and counted, where the account holds too little. Else the balance is changed and `tx_r` filled
 * but for texts. */
bool book_post(struct book *book, const struct booking *b, struct tx *tx_r);
void book_texts(struct book *book, const struct slice templates[2], uint32_t writer,
                struct slice counterparty, struct random *r, struct tx *tx_r);
void book_mirror_add(struct book *book, const struct mirror *mirror);
void book_scripted_texts(struct book *book, const struct script_step *step, uint32_t writer,
                         struct slice counterparty, uint64_t seed, struct tx *tx_r);

#endif
