/*
 * Deliveries on their way: the outbox in the store, and a thread that empties it over HTTP and SMTP.
 *
 *   outbox rows, PENDING ── after the commit: deliver_wake() ──▶ the thread claims, sends, settles ──▶ SENT | RETRY | DEAD
 *
 * At least once, with an id that is the same for a delivery for ever, so that a receiver can drop what it has. What a
 * body says, and to whom it goes, was decided when the row was made (notify/): here it is only carried.
 */
#ifndef DELIVER_DELIVER_H
#define DELIVER_DELIVER_H

#include <stdbool.h>

#include "store/store.h"

#define OUTBOX_ID_BYTES 40 /* "msg_", 32 hexadecimal digits, a zero */

/*
 * The id of a delivery: a function of what it is about and whom it goes to, so that a replay, or a step that is taken
 * twice, makes no second (I3). `subject` is the alert, or what stands for one.
 */
void outbox_delivery_id(enum delivery_kind kind, struct slice subject, uint8_t level, int step, int64_t way,
                        char id_r[OUTBOX_ID_BYTES]);

struct channel_settings; /* the operator's mail server, SMS gateway and signature, checked and read once */
struct settings;

/* -1: a setting of `smtp`, `sms` or `notify` is wrong, or the gateway's file is. Borrows from `settings`. */
int deliver_channels_open(const struct settings *settings, struct channel_settings **channels_r, struct error *error);
void deliver_channels_free(struct channel_settings **channels);

/* Settings of the thread. */
struct deliver_options {
	int connections_max; /* attempts under way at once */
	int connections_slow_max; /* besides: attempts that take long (SENDER_SLOW_MS), so that those who hang delay nobody */
	int destination_connections_max; /* of those to one destination that has answered well; others get one */
	int64_t connect_timeout_ms, total_timeout_ms;
	int retry_permille; /* of the schedule's delays: 1000; tests shorten them */
	int pause_after; /* failures in a row before a destination is left alone */
	int64_t pause_ms; /* the first time; doubled at each failed probe */
	bool allow_private; /* destinations in private networks, and http to this machine */
	const char *key_file; /* of the store; NULL: store_open()'s rule. Borrowed until the start */
	const char *ca_file; /* PEM of authorities to trust besides the system's, or NULL. Borrowed until the stop */
	const struct channel_settings *channels; /* NULL: no mail server, no SMS gateway. Borrowed until the stop */
};
void deliver_options_default(struct deliver_options *options_r);
/* The defaults with what the settings say. */
void deliver_options_of(const struct settings *settings, const struct channel_settings *channels,
                       struct deliver_options *options_r);

struct deliver; /* the thread */

/*
 * Makes RETRY of what a crash left INFLIGHT and starts the thread. It reads through a connection of its own
 * to the store at `store_path` and writes through `writer`, which must outlive it.
 */
int deliver_start(const struct deliver_options *options, struct store_writer *writer, const char *store_path,
                 struct deliver **deliver_r, struct error *error);
/* Something may be due. From any thread, costs next to nothing. */
void deliver_wake(struct deliver *deliver);
/*
 * Claims nothing more, lets attempts end until the deadline, cuts the others off (they become RETRY), and
 * ends.
 */
void deliver_stop(struct deliver **deliver, int64_t deadline_ms);

struct deliver_status {
	int in_flight; /* attempts under way */
	int paused; /* destinations that are left alone at present */
};
void deliver_status(struct deliver *deliver, struct deliver_status *status_r);

/* What became of one attempt. */
struct deliver_trial {
	bool sent, gone; /* gone: the destination takes nothing any more, ever */
	bool repeated; /* where not sent: the service would try again */
	char reason[192], provider_id[64];
};
/*
 * One marked test message to an address, past registry and outbox, but built, guarded and judged as a warning is.
 * Blocks until it is over. -1 where channel, address or secret are wrong.
 */
int deliver_try(const struct deliver_options *options, struct slice channel, struct slice address, struct slice secret,
               struct slice language, struct deliver_trial *trial_r, struct error *error);

/*
 * For registry_import(): a contact's channel, address and secret; whether the address is to be verified by a code.
 * `*channel` becomes the channel's proper name (static). 0; -1 where address or secret are wrong; DELIVER_NO_CHANNEL
 * where there is no such channel.
 */
enum { DELIVER_NO_CHANNEL = -2 };
int deliver_check_contact(struct slice *channel, struct slice address, struct slice secret, bool allow_private,
                         bool *needs_code_r, struct error *error);

/* The table of channels, for `huqi list channels`; false past its end. */
struct deliver_channel {
	const char *name, *title_zh, *title_en;
	size_t body_bytes_max;
	int per_minute_max; /* 0: unlimited */
	bool needs_code; /* an address is verified by a code before its first warning */
};
bool deliver_channel_at(size_t i, struct deliver_channel *channel_r);

#endif
