/*
 * One test message to one address, without registry and outbox: the transfer is the one that warnings take.
 */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <yyjson.h>

#include "base/clock.h"
#include "deliver/deliver.h"
#include "deliver/transfer.h"

enum { POLL_MS = 200, ID_RANDOM_BYTES = 16 };

static const struct {
	const char *language, *subject, *text;
} tests[] = {
	{"zh", "【测试】预警渠道测试", "【测试】这是一条测试消息，用来确认预警能够送达，无需处理。"},
	{"en", "[TEST] Test of a warning channel",
	 "[TEST] This is a test. It shows that warnings arrive here; nothing is to be done."},
};

/* {"type":"huqi.test.v1","id":…,"language":…,"subject":…,"text":…}; owned by the caller. */
static char *body_of(const char *id, bool english)
{
	yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
	yyjson_mut_val *root = yyjson_mut_obj(doc);
	char *body;

	yyjson_mut_doc_set_root(doc, root);
	yyjson_mut_obj_add_str(doc, root, "type", "huqi.test.v1");
	yyjson_mut_obj_add_str(doc, root, "id", id);
	yyjson_mut_obj_add_str(doc, root, "language", tests[english].language);
	yyjson_mut_obj_add_str(doc, root, "subject", tests[english].subject);
	yyjson_mut_obj_add_str(doc, root, "text", tests[english].text);
	body = yyjson_mut_write(doc, 0, NULL);
	yyjson_mut_doc_free(doc);
	if (body == NULL)
		die("out of memory: a test message");
	return body;
}

static void fly(struct transfer *t, CURLM *multi, const struct deliver_options *options)
{
	CURLMsg *message;
	int running, left;

	if (transfer_start(t, multi, options, clock_now_ms()) == -1)
		return;
	while (t->stage == TRANSFER_FLYING) {
		curl_multi_perform(multi, &running);
		while ((message = curl_multi_info_read(multi, &left)) != NULL)
			if (message->msg == CURLMSG_DONE) {
				transfer_finish(t, multi, message->data.result, clock_now_ms());
				return;
			}
		curl_multi_poll(multi, NULL, 0, POLL_MS, NULL);
	}
}

int deliver_try(const struct deliver_options *options, struct slice channel, struct slice address, struct slice secret,
               struct slice language, struct deliver_trial *trial_r, struct error *error)
{
	struct delivery_due due = {.channel = channel, .address = address, .secret = secret, .language = language};
	unsigned char random[ID_RANDOM_BYTES];
	char id[OUTBOX_ID_BYTES] = "msg_";
	struct transfer transfer;
	CURLM *multi;
	bool needs_code;
	char *body;

	if (deliver_check_contact(&due.channel, address, secret, options->allow_private, &needs_code, error) != 0)
		return -1;
	if (sodium_init() == -1 || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || (multi = curl_multi_init()) == NULL)
		die("a test message cannot be sent: no memory, or no randomness");
	randombytes_buf(random, sizeof(random));
	sodium_bin2hex(id + 4, sizeof(id) - 4, random, sizeof(random));
	body = body_of(id, slice_is(language, "en"));
	due.id = slice_of(id);
	due.body = slice_of(body);
	transfer_take(&transfer, &due);
	free(body);
	fly(&transfer, multi, options);
	*trial_r = (struct deliver_trial){.sent = transfer.verdict.outcome == CHANNEL_SENT, .gone = transfer.verdict.gone,
	                                 .repeated = transfer.verdict.outcome == CHANNEL_RETRY};
	snprintf(trial_r->reason, sizeof(trial_r->reason), "%s", transfer.verdict.reason);
	snprintf(trial_r->provider_id, sizeof(trial_r->provider_id), "%s", transfer.verdict.provider_id);
	transfer_free(&transfer);
	curl_multi_cleanup(multi);
	return 0;
}
