/*
 * A Feishu group robot (domain.md section 4): text to the robot's own URL, the whole request at most 20 KB. Where it
 * has a signing secret, the body begins with
 *
 *   "timestamp":"SEC","sign":base64(HMAC-SHA256(key = SEC "\n" secret, text = ""))
 *
 * 100 messages a minute and 5 a second: the one a minute, spread evenly, is less than 2 a second.
 */
#include <stdio.h>
#include <yyjson.h>

#include "base/instant.h"
#include "deliver/robot.h"

enum { TEXT_BYTES_MAX = 19 * 1024, PER_MINUTE_MAX = 100, TIMESTAMP_BYTES = 24 };

static const struct robot_shape shape = {
	"/bot/v2/hook/", "", "", "https://open.feishu.cn/open-apis/bot/v2/hook/…",
};

static const struct robot_code codes[] = {
	{11232, CHANNEL_RETRY, false, INSTANT_MINUTE_MS, "more messages a minute than the robot takes"},
	{99991400, CHANNEL_RETRY, false, INSTANT_MINUTE_MS, "more messages a minute than the robot takes"},
	{19021, CHANNEL_RETRY, false, 0, "the signature is wrong, or the clocks are an hour apart; correct the contact's "
	                                 "secret"},
	{19022, CHANNEL_RETRY, false, 0, "the robot does not take messages from this address; add it in the robot's "
	                                 "security settings"},
	{19024, CHANNEL_RETRY, false, 0, "the robot wants a keyword that the message does not have; use its signing "
	                                 "secret instead"},
	{19001, CHANNEL_DEAD, true, 0, "there is no such robot (any more); the contact is disabled"},
	{9499, CHANNEL_DEAD, false, 0, "the message is too long or not as it should be"},
};

static int feishu_check_address(struct slice address, struct slice secret, bool allow_private, struct error *error)
{
	return robot_check_address(&shape, address, secret, allow_private, error);
}

static int add_signature(const struct channel_message *m, struct arena *arena, yyjson_mut_doc *doc,
                         yyjson_mut_val *root, struct error *error)
{
	char signature[ROBOT_SIGNATURE_BYTES], seconds[TIMESTAMP_BYTES];
	const char *key;

	if (m->secret.length == 0)
		return 0;
	snprintf(seconds, sizeof(seconds), "%lld", (long long)(m->now_ms / INSTANT_SECOND_MS));
	key = arena_print(arena, "%s\n%.*s", seconds, SLICE_PRINT(m->secret));
	if (key == NULL)
		return error_set(error, "no room for the request");
	robot_sign(slice_of(key), slice_of(""), signature);
	yyjson_mut_obj_add_strcpy(doc, root, "timestamp", seconds);
	yyjson_mut_obj_add_strcpy(doc, root, "sign", signature);
	return 0;
}

/* {"timestamp":"…","sign":"…","msg_type":"text","content":{"text":"…"}} */
static int feishu_build_request(const struct channel_message *m, struct arena *arena, struct channel_request *r,
                                struct error *error)
{
	struct channel_text text;
	yyjson_mut_val *root, *content;
	yyjson_mut_doc *doc;
	struct slice said;

	*r = (struct channel_request){.kind = CHANNEL_HTTP};
	if (channel_text_read(m, arena, &text, error) == -1 ||
	    channel_text_for_robot(&text, false, TEXT_BYTES_MAX, arena, &said, &r->cut, error) == -1)
		return -1;
	doc = yyjson_mut_doc_new(NULL);
	root = yyjson_mut_obj(doc);
	content = yyjson_mut_obj(doc);
	yyjson_mut_doc_set_root(doc, root);
	if (add_signature(m, arena, doc, root, error) == -1) {
		yyjson_mut_doc_free(doc);
		return -1;
	}
	yyjson_mut_obj_add_str(doc, root, "msg_type", "text");
	yyjson_mut_obj_add_strn(doc, content, "text", said.at, said.length);
	yyjson_mut_obj_add_val(doc, root, "content", content);
	return robot_post(m, arena_copy(arena, m->address).at, doc, arena, r, error);
}

static void feishu_judge_answer(const struct channel_answer *a, struct channel_verdict *v)
{
	robot_judge(a, "code", codes, sizeof(codes) / sizeof(codes[0]), v);
}

const struct channel channel_feishu = {
	.name = "feishu",
	.title_zh = "飞书群机器人",
	.title_en = "Feishu group robot",
	.called = "飞书|飞书机器人|lark",
	.limits = {.body_bytes_max = TEXT_BYTES_MAX, .per_minute_max = PER_MINUTE_MAX},
	.check_address = feishu_check_address,
	.build_request = feishu_build_request,
	.judge_answer = feishu_judge_answer,
};
