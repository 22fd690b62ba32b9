/*
 * A WeCom group robot (domain.md section 4): markdown of at most 4,096 bytes to the URL with the robot's key, which
 * is its only secret; 20 messages a minute.
 */
#include <yyjson.h>

#include "base/instant.h"
#include "deliver/robot.h"

enum { TEXT_BYTES_MAX = 4096, PER_MINUTE_MAX = 20 };

static const struct robot_shape shape = {
	"/webhook/send", "key=", NULL, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…",
};

static const struct robot_code codes[] = {
	{45009, CHANNEL_RETRY, false, INSTANT_MINUTE_MS, "more messages a minute than the robot takes"},
	{45033, CHANNEL_RETRY, false, INSTANT_MINUTE_MS, "more messages at a time than the robot takes"},
	{93000, CHANNEL_DEAD, true, 0, "there is no such robot (any more): it was removed from its group, or the key is "
	                               "wrong; the contact is disabled"},
	{40058, CHANNEL_DEAD, false, 0, "the message is too long or not as it should be"},
	{45002, CHANNEL_DEAD, false, 0, "the message is too long"},
	{44004, CHANNEL_DEAD, false, 0, "the message is empty"},
};

static int wecom_check_address(struct slice address, struct slice secret, bool allow_private, struct error *error)
{
	return robot_check_address(&shape, address, secret, allow_private, error);
}

/* {"msgtype":"markdown","markdown":{"content":"…"}} */
static int wecom_build_request(const struct channel_message *m, struct arena *arena, struct channel_request *r,
                               struct error *error)
{
	struct channel_text text;
	yyjson_mut_val *root, *markdown;
	yyjson_mut_doc *doc;
	struct slice said;

	*r = (struct channel_request){.kind = CHANNEL_HTTP};
	if (channel_text_read(m, arena, &text, error) == -1 ||
	    channel_text_for_robot(&text, true, TEXT_BYTES_MAX, arena, &said, &r->cut, error) == -1)
		return -1;
	doc = yyjson_mut_doc_new(NULL);
	root = yyjson_mut_obj(doc);
	markdown = yyjson_mut_obj(doc);
	yyjson_mut_doc_set_root(doc, root);
	yyjson_mut_obj_add_str(doc, root, "msgtype", "markdown");
	yyjson_mut_obj_add_strn(doc, markdown, "content", said.at, said.length);
	yyjson_mut_obj_add_val(doc, root, "markdown", markdown);
	return robot_post(m, arena_copy(arena, m->address).at, doc, arena, r, error);
}

static void wecom_judge_answer(const struct channel_answer *a, struct channel_verdict *v)
{
	robot_judge(a, "errcode", codes, sizeof(codes) / sizeof(codes[0]), v);
}

const struct channel channel_wecom = {
	.name = "wecom",
	.title_zh = "企业微信群机器人",
	.title_en = "WeCom group robot",
	.called = "企业微信|企业微信机器人|企微",
	.limits = {.body_bytes_max = TEXT_BYTES_MAX, .per_minute_max = PER_MINUTE_MAX},
	.check_address = wecom_check_address,
	.build_request = wecom_build_request,
	.judge_answer = wecom_judge_answer,
};
