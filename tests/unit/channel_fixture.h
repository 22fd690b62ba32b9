/*
 * What the tests of the channels share: a message to say, and a look at the request made of it.
 */
#ifndef TESTS_UNIT_CHANNEL_FIXTURE_H
#define TESTS_UNIT_CHANNEL_FIXTURE_H

#include "deliver/channel.h"

extern struct arena channel_arena;
extern struct channel_settings channel_settings_here; /* no servers; the signature 反诈中心 */

int channel_setup(void **state);
int channel_teardown(void **state);

#define CHANNEL_ID "msg_00112233445566778899aabbccddeeff"
#define CHANNEL_NOW_MS INT64_C(1700000000000) /* Tue, 14 Nov 2023 22:13:20 GMT */

/* A red warning with subject, text, level and advice; `more` is put before the closing brace, such as ",\"a\":1". */
const char *channel_body(const char *subject, const char *text, const char *more);
struct channel_message channel_message_of(const char *address, const char *secret, const char *body);

const char *channel_header(const struct channel_request *request, const char *name);
/* The text at a JSON pointer of the request's body; fails where there is none. Valid until the teardown. */
const char *channel_json_text(const struct channel_request *request, const char *pointer);
/* The request; fails where there is none. */
struct channel_request channel_built(const struct channel *channel, const struct channel_message *message);
/* The words with which it is refused; fails where it is not. */
const char *channel_refused(const struct channel *channel, const struct channel_message *message);

/* One answer and what becomes of it. */
struct channel_case {
	const char *failure;
	long status;
	const char *body;
	enum channel_outcome outcome;
	bool gone;
	int64_t wait_ms;
	const char *says;
	const char *command; /* of SMTP */
};
void channel_judge_all(const struct channel *channel, const struct channel_case *cases, size_t count);

#endif
