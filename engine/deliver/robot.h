/*
 * What the chat robots share: an address that is a whole webhook URL, a JSON body, and an answer whose code counts
 * and not its status (domain.md section 4). A robot says 200 to a message that it throws away.
 */
#ifndef DELIVER_ROBOT_H
#define DELIVER_ROBOT_H

#include "deliver/channel_text.h"

#define ROBOT_SECRET_BYTES_MAX 256
#define ROBOT_SIGNATURE_BYTES 48 /* base64 of 32 bytes, and a zero */

/* One code of a robot's documentation. */
struct robot_code {
	int64_t code;
	enum channel_outcome outcome;
	bool gone;
	int64_t wait_ms;
	const char *words;
};

/*
 * `path` must stand in the URL's path and `parameter` ("key=", or "" for none) in its query. Where `prefix` is NULL
 * a robot has no secret, else it may have one, which begins so.
 */
struct robot_shape {
	const char *path, *parameter, *prefix, *example;
};
int robot_check_address(const struct robot_shape *shape, struct slice address, struct slice secret, bool allow_private,
                        struct error *error);

/* base64(HMAC-SHA256(key, text)) */
void robot_sign(struct slice key, struct slice text, char signature_r[ROBOT_SIGNATURE_BYTES]);

/* The verdict over an answer whose code stands in the member `name`; what `codes` does not know is repeated. */
void robot_judge(const struct channel_answer *answer, const char *name, const struct robot_code *codes, size_t count,
                 struct channel_verdict *verdict_r);

/* A request of JSON to `url`; takes `doc` and frees it. -1 where there is no room. */
struct yyjson_mut_doc;
int robot_post(const struct channel_message *message, const char *url, struct yyjson_mut_doc *doc, struct arena *arena,
               struct channel_request *request, struct error *error);

#endif
