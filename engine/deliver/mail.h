/*
 * A mail as bytes (RFC 5322, 2045, 2047): headers in ASCII, two parts of the same message, plain and HTML, in base64.
 * So no line is longer than 76 characters and none begins with a dot, whatever the texts are.
 */
#ifndef DELIVER_MAIL_H
#define DELIVER_MAIL_H

#include <stdio.h>

#include "deliver/channel_text.h"

#define MAIL_ADDRESS_BYTES_MAX 254 /* RFC 5321 4.5.3.1.3, without the angle brackets */
#define MAIL_LOCAL_BYTES_MAX 64

/*
 * An addr-spec (RFC 5322 3.4.1) in its plain form: dot-atom "@" domain of letters, digits and hyphens. No display name,
 * no quotes, no comments, no address literal: whatever of those a mail could carry, it could carry it into a header.
 */
int mail_check_address(struct slice address, struct error *error);
/* Behind the `@`. */
struct slice mail_domain(struct slice address);

/* One mail. All borrowed; texts without control characters other than \n in text.text. */
struct mail {
	struct slice id, from, to, signature;
	int64_t now_ms;
	const struct channel_text *text;
};

/* The whole message with CRLF line ends, in `arena`; empty where that is full. */
struct slice mail_write(const struct mail *mail, struct arena *arena);

/* Private: the two parts, with \n line ends. */
void mail_write_plain(const struct mail *mail, FILE *out);
void mail_write_html(const struct mail *mail, FILE *out);

#endif
