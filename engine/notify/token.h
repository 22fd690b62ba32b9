/*
 * The key in an answer link: what stands behind /a/ says for which delivery it is, of which kind, and until
 * when, and that this service wrote it. Nothing about it is kept: whether it was used is the store's to say
 * (notify/answer.h).
 *
 *   base64url( kind 1 byte ‖ expiry 4 bytes, big-endian, seconds since 1970 ‖ delivery id ‖ MAC 16 bytes )
 *   MAC = BLAKE2b-128, keyed, over "huqi answer 1" and all that stands before it
 *
 * The delivery's id is in the open: who holds the link has the delivery. What he could not make is the MAC.
 */
#ifndef NOTIFY_TOKEN_H
#define NOTIFY_TOKEN_H

#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

#define TOKEN_KEY_BYTES 32
#define TOKEN_ID_BYTES_MAX 64 /* of a delivery */
#define TOKEN_TEXT_BYTES 128 /* the longest, with its zero */

struct token {
	char delivery[TOKEN_ID_BYTES_MAX + 1];
	uint8_t kind; /* of the delivery: the column of that name */
	int64_t expires_ms; /* whole seconds */
};

enum token_verdict { TOKEN_RIGHT, TOKEN_EXPIRED, TOKEN_WRONG };

/* Returns `text_r`; an id that is empty or over the bound gives "". */
const char *token_write(const unsigned char key[TOKEN_KEY_BYTES], const struct token *token,
                        char text_r[TOKEN_TEXT_BYTES]);

/*
 * Fills `token_r` where it is right, or was until it expired. Takes as long for every wrong MAC; one spelling
 * only is right.
 */
enum token_verdict token_read(const unsigned char key[TOKEN_KEY_BYTES], struct slice text, int64_t now_ms,
                              struct token *token_r);

/* Where answers are given. */
struct answer_links {
	unsigned char key[TOKEN_KEY_BYTES];
	const char *public_url; /* "https://warn.example.cn"; "": no links are made. Borrowed */
	int64_t expires_ms; /* after the message was made */
};

/* -1 where `public_url` is not https:// (to this machine also http://) with a host, perhaps a port, and no more. */
int answer_links_check(const char *public_url, struct error *error);

/*
 * What messages of this process are given, as its log and its clock are one: before the threads start, borrowed
 * until it is replaced. NULL, as at first: no links are made.
 */
void answer_links_use(const struct answer_links *links);

/* The link to answer a delivery on, in `arena`; empty where none are made. For whoever writes its message. */
struct slice answer_url(struct slice delivery, uint8_t kind, int64_t now_ms, struct arena *arena);

#endif
