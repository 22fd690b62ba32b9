/*
 * A DingTalk group robot (domain.md section 4): markdown to the URL with the robot's token. Where it has a signing
 * secret, the URL goes on with
 *
 *   &timestamp=MS&sign=S   S = urlencode(base64(HMAC-SHA256(key = secret, MS "\n" secret))), MS at most an hour old
 *
 * A request has at most 20,000 bytes. 20 messages a minute; whoever sends more is shut out for ten minutes, so the
 * rate is kept on this side.
 */
#include <stdio.h>
#include <yyjson.h>

#include "base/instant.h"
#include "deliver/robot.h"

enum { TEXT_BYTES_MAX = 19400, SUBJECT_BYTES_MAX = 256, PER_MINUTE_MAX = 20, TIMESTAMP_BYTES = 24 };

static const struct robot_shape shape = {
	"/robot/send", "access_token=", "SEC", "https://oapi.dingtalk.com/robot/send?access_token=…",
};

static const struct robot_code codes[] = {
	{130101, CHANNEL_RETRY, false, 10 * INSTANT_MINUTE_MS, "more messages a minute than the robot takes; it is shut "
	                                                       "out for ten minutes"},
	{410100, CHANNEL_RETRY, false, 10 * INSTANT_MINUTE_MS, "more messages a minute than the robot takes"},
	{310000, CHANNEL_RETRY, false, 0, "the signature, a keyword or this address does not fit the robot's security "
	                                  "settings; correct the contact's secret or the robot"},
	{300005, CHANNEL_DEAD, true, 0, "there is no such robot (any more); the contact is disabled"},
	{400101, CHANNEL_DEAD, true, 0, "there is no such robot (any more); the contact is disabled"},
	{400106, CHANNEL_DEAD, true, 0, "there is no such robot (any more); the contact is disabled"},
	{400013, CHANNEL_DEAD, true, 0, "the group was dissolved; the contact is disabled"},
	{400102, CHANNEL_RETRY, false, 0, "the robot was stopped by its group"},
	{40035, CHANNEL_DEAD, false, 0, "the message is not as it should be"},
	{400105, CHANNEL_DEAD, false, 0, "the robot takes no markdown"},
};

static int dingtalk_check_address(struct slice address, struct slice secret, bool allow_private, struct error *error)
{
	return robot_check_address(&shape, address, secret, allow_private, error);
}

/* base64 has three characters that a query does not. */
static const char *query_escaped(const char *base64, struct arena *arena)
{
	char out[3 * ROBOT_SIGNATURE_BYTES];
	size_t length = 0;

	for (; *base64 != '\0'; base64++)
		length += (size_t)snprintf(out + length, sizeof(out) - length, strchr("+/=", *base64) != NULL ? "%%%02X" : "%c",
		                           *base64);
	return arena_print(arena, "%s", out);
}

static const char *signed_url(const struct channel_message *m, struct arena *arena)
{
	char signature[ROBOT_SIGNATURE_BYTES], ms[TIMESTAMP_BYTES];
	const char *text;

	if (m->secret.length == 0)
		return arena_copy(arena, m->address).at;
	snprintf(ms, sizeof(ms), "%lld", (long long)m->now_ms);
	text = arena_print(arena, "%s\n%.*s", ms, SLICE_PRINT(m->secret));
	if (text == NULL)
		return NULL;
	robot_sign(m->secret, slice_of(text), signature);
	return arena_print(arena, "%.*s&timestamp=%s&sign=%s", SLICE_PRINT(m->address), ms,
	                   query_escaped(signature, arena));
}

/* {"msgtype":"markdown","markdown":{"title":"…","text":"…"}} */
static int dingtalk_build_request(const struct channel_message *m, struct arena *arena, struct channel_request *r,
                                  struct error *error)
{
	struct channel_text text;
	yyjson_mut_val *root, *markdown;
	struct slice said, title;
	yyjson_mut_doc *doc;

	*r = (struct channel_request){.kind = CHANNEL_HTTP};
	if (channel_text_read(m, arena, &text, error) == -1 ||
	    channel_text_for_robot(&text, true, TEXT_BYTES_MAX, arena, &said, &r->cut, error) == -1)
		return -1;
	title = text.subject.length > 0 ? text.subject : slice_of(m->settings->signature);
	title = channel_text_cut(arena, title, SUBJECT_BYTES_MAX, channel_cost_json, &r->cut);
	doc = yyjson_mut_doc_new(NULL);
	root = yyjson_mut_obj(doc);
	markdown = yyjson_mut_obj(doc);
	yyjson_mut_doc_set_root(doc, root);
	yyjson_mut_obj_add_str(doc, root, "msgtype", "markdown");
	yyjson_mut_obj_add_strn(doc, markdown, "title", title.at, title.length);
	yyjson_mut_obj_add_strn(doc, markdown, "text", said.at, said.length);
	yyjson_mut_obj_add_val(doc, root, "markdown", markdown);
	return robot_post(m, signed_url(m, arena), doc, arena, r, error);
}

static void dingtalk_judge_answer(const struct channel_answer *a, struct channel_verdict *v)
{
	robot_judge(a, "errcode", codes, sizeof(codes) / sizeof(codes[0]), v);
}

const struct channel channel_dingtalk = {
	.name = "dingtalk",
	.title_zh = "钉钉群机器人",
	.title_en = "DingTalk group robot",
	.called = "钉钉|钉钉机器人",
	.limits = {.body_bytes_max = TEXT_BYTES_MAX, .per_minute_max = PER_MINUTE_MAX},
	.check_address = dingtalk_check_address,
	.build_request = dingtalk_build_request,
	.judge_answer = dingtalk_judge_answer,
};
