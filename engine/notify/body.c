#include "notify/body.h"

#include <stdio.h>
#include <stdlib.h>
#include <yyjson.h>

#include "base/instant.h"
#include "base/money.h"
#include "base/utf8.h"
#include "notify/facts.h"
#include "notify/message.h"

enum { DIGEST_LISTED_MAX = 20, DIGEST_LINE_BYTES = 256, LEVELS = 5 };

_Static_assert((int)MESSAGE_WARNING == DELIVERY_WARNING && (int)MESSAGE_CALL == DELIVERY_CALL &&
               (int)MESSAGE_DIGEST == DELIVERY_DIGEST, "a delivery's kind is its message's");

static const char *const level_ids[LEVELS] = {"none", "blue", "yellow", "orange", "red"};
static const char *const level_zh[LEVELS] = {"", "蓝色", "黄色", "橙色", "红色"};

#define ASK_PAID_ZH "先问钱付了没有：已付的马上协助止付；没付的请其停付，当面核实。"
#define ASK_PAID_EN "Ask first whether the money is gone. If so, help to stop the payment at once; if not, have them stop and verify."

/* Why a call stands on the list, and what its taker does first. */
static const struct {
	const char *reason, *zh, *en, *ask_zh, *ask_en;
} reasons[] = {
	{"no_contact", "企业没有可用联系人，请尽快人工联系", "The enterprise has nobody who can be told; reach it by phone",
	 "电话可从开户银行或登记机关查到。" ASK_PAID_ZH, "Its bank or the register has a number. " ASK_PAID_EN},
	{"unanswered", "企业联系人未应答，请尽快人工联系", "Nobody at the enterprise answered; reach it by phone", ASK_PAID_ZH,
	 ASK_PAID_EN},
	{"undeliverable", "预警未能送达企业，请尽快人工联系", "The warning reached nobody; reach the enterprise by phone",
	 ASK_PAID_ZH, ASK_PAID_EN},
	{"watched", "企业无人可通知，而该账户同时有研判线索",
	 "Nobody at the enterprise can be told, and its account is also watched",
	 "请先判断账户持有人是被骗还是参与，决定之前不要联系企业；被骗的，请尽快人工联系并协助止付。",
	 "Decide first whether the account's holder is cheated or takes part, and do not reach the enterprise before. If "
	 "cheated, reach it by phone and help to stop the payment."},
	{"release", "该账户同时有研判线索，企业的预警正在等待放行",
	 "The account is also watched: its warning waits to be released",
	 "请判断账户持有人是被骗还是参与：被骗的，在研判台放行预警；决定之前不要联系企业。",
	 "Decide whether the account's holder is cheated or takes part. If cheated, release the warning; do not reach the "
	 "enterprise before."},
	{"paid", "企业称已付款，请立即办理止付", "The enterprise says it has paid; ask for a stop-payment at once",
	 "马上联系开户银行止付，再联系企业：请其拨打110报警，保留回单、聊天和通话记录。",
	 "Ask the bank for a stop-payment now; then have the enterprise report to 110 and keep receipts and chats."},
	{"unsure", "企业拿不准这笔付款，请尽快去电协助核实",
	 "The enterprise does not know whether the payment is genuine; call and help it verify",
	 "请对方先不付，陪同其当面或用原有号码核实收款人；已付的马上协助止付。",
	 "Have them pay nothing yet, and verify the payee face to face or on a number they had before. If it is paid, help "
	 "to stop it."},
	{"objection", "企业对预警提出申诉，请复核", "The enterprise objects to the warning; review it",
	 "请看申诉理由和证据，再回复企业。", "Read what it says and the evidence, then answer the enterprise."},
};

static const char *level_word(uint8_t level, bool english)
{
	return level >= LEVELS ? "" : english ? level_ids[level] : level_zh[level];
}

/* {reason} and {ask} of a call; an unknown reason is its own word. */
static void reason_values(struct slice reason, struct fill_value values_r[2])
{
	values_r[0] = (struct fill_value){"reason", reason, reason};
	values_r[1] = (struct fill_value){"ask", slice_of(""), slice_of("")};
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (slice_is(reason, reasons[i].reason)) {
			values_r[0] = (struct fill_value){"reason", slice_of(reasons[i].zh), slice_of(reasons[i].en)};
			values_r[1] = (struct fill_value){"ask", slice_of(reasons[i].ask_zh), slice_of(reasons[i].ask_en)};
		}
}

/* The body of one delivery, whatever its kind. */
static int build(struct telling *t, enum message_kind kind, struct slice base, struct slice id,
                 const struct contact_row *contact, const struct way_row *way, const struct fill_value *more,
                 size_t more_count, struct slice *body_r, struct error *error)
{
	struct message_order order = {.kind = kind, .id = id, .channel = way->channel, .language = contact->language,
	                              .answer_url = answer_url(id, (uint8_t)kind, t->now_ms, t->arena),
	                              .signature = t->signature, .more = more, .more_count = more_count};
	struct message_made made;

	if (message_for(base, t->catalogue, &order, t->arena, body_r, &made, error) == -1)
		return -1;
	t->put->builtin += made.builtin;
	t->put->shortened += made.shortened;
	return 0;
}

int body_warning(struct telling *t, const struct warning_row *warning, struct slice id,
                 const struct contact_row *contact, const struct way_row *way, struct slice *body_r,
                 struct error *error)
{
	return build(t, MESSAGE_WARNING, warning->body, id, contact, way, NULL, 0, body_r, error);
}

/* "2026-03-02 10:05" in China, in the arena; empty for 0. */
static struct slice minute_text(struct telling *t, int64_t ms)
{
	char text[INSTANT_TEXT_BYTES];
	struct slice whole;

	if (ms == 0)
		return slice_of("");
	instant_format_china(ms, text);
	whole = arena_copy(t->arena, slice_of(text));
	whole.length -= whole.length > 3 ? 3 : 0;
	return whole;
}

/* What was said of the alert to the enterprise, or would have been, tells the centre what it is about. */
int body_call(struct telling *t, const struct call_row *call, struct slice id, const struct contact_row *contact,
              const struct way_row *way, struct slice *body_r, struct error *error)
{
	struct slice number = slice_of(arena_print(t->arena, "%lld", (long long)call->id));
	struct slice due = minute_text(t, call->due_ms);
	struct fill_value more[] = {
		{.name = NULL}, {.name = NULL}, /* reason_values() */
		{"due", due, due},
		{"call", number, number},
		{"call_reason", call->reason, call->reason},
		{"centre", call->jurisdiction, call->jurisdiction},
	};
	struct warning_row warning = {0};

	reason_values(call->reason, more);
	if (store_warning_get(t->store, call->alert, 0, t->arena, &warning, error) == -1)
		return -1;
	return build(t, MESSAGE_CALL, warning.body, id, contact, way, more, sizeof(more) / sizeof(more[0]), body_r, error);
}

/* ---- digests ---- */

static void add_text(yyjson_mut_doc *doc, yyjson_mut_val *object, const char *key, struct slice text)
{
	yyjson_mut_obj_add_strncpy(doc, object, key, text.at != NULL ? text.at : "", text.length);
}

static void add_warnings(struct telling *t, yyjson_mut_doc *doc, yyjson_mut_val *root, const struct gathered_row *rows,
                         size_t count)
{
	yyjson_mut_val *warnings = yyjson_mut_obj_add_arr(doc, root, "warnings");
	char money[MONEY_TEXT_BYTES];

	for (size_t i = 0; i < count && i < DIGEST_LISTED_MAX; i++) {
		yyjson_mut_val *one = yyjson_mut_arr_add_obj(doc, warnings);
		money_format(rows[i].amount_minor, MONEY_CNY, money);
		add_text(doc, one, "alert", rows[i].alert);
		yyjson_mut_obj_add_str(doc, one, "level", level_word(rows[i].level, true));
		add_text(doc, one, "account", facts_mask_account(t->arena, rows[i].account));
		yyjson_mut_obj_add_strcpy(doc, one, "amount_at_risk", money);
	}
	yyjson_mut_obj_add_int(doc, root, "left_out", count > DIGEST_LISTED_MAX ? (int)count - DIGEST_LISTED_MAX : 0);
}

/* What a program wants of it; the texts come from the template. */
static int digest_base(struct telling *t, const struct gathered_row *rows, size_t count, struct slice *base_r,
                       struct error *error)
{
	yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
	yyjson_mut_val *root = yyjson_mut_obj(doc);
	size_t length = 0;
	char *text;

	yyjson_mut_doc_set_root(doc, root);
	yyjson_mut_obj_add_str(doc, root, "level", level_word(rows[0].level, true));
	add_warnings(t, doc, root, rows, count);
	text = yyjson_mut_write(doc, 0, &length);
	yyjson_mut_doc_free(doc);
	*base_r = text != NULL ? arena_copy(t->arena, (struct slice){text, (uint32_t)length}) : (struct slice){0};
	free(text);
	return base_r->at != NULL ? 0 : error_set(error, "no room for a digest of %zu warnings", count);
}

/* "09:15 红色 冒充老板、领导 622202*********0001 480,000.00元", one a line; the highest levels first. */
static struct slice digest_list(struct telling *t, const struct gathered_row *rows, size_t count, bool english)
{
	size_t listed = count < DIGEST_LISTED_MAX ? count : DIGEST_LISTED_MAX, length = 0, room = (listed + 1) * DIGEST_LINE_BYTES;
	char *text = arena_take(t->arena, room);

	if (text == NULL)
		return (struct slice){0};
	for (size_t i = 0; i < listed && length < room; i++) {
		const struct catalogue_entry *typology =
			t->catalogue != NULL ? catalogue_typology(t->catalogue, rows[i].typology) : NULL;
		struct slice account = facts_mask_account(t->arena, rows[i].account), at = minute_text(t, rows[i].raised_ms);
		struct slice name = typology == NULL ? rows[i].typology : english ? typology->en : typology->zh;
		char money[MONEY_GROUPED_BYTES];
		money_format_grouped(rows[i].amount_minor, MONEY_CNY, money);
		length += (size_t)snprintf(text + length, room - length, english ? "%s%.*s %s %.*s %.*s CNY %s" : "%s%.*s %s %.*s %.*s %s元",
		                           i > 0 ? "\n" : "", SLICE_PRINT(at), level_word(rows[i].level, english),
		                           SLICE_PRINT(name), SLICE_PRINT(account), money);
	}
	if (count > listed && length < room)
		length += (size_t)snprintf(text + length, room - length, "\n… +%zu", count - listed);
	return (struct slice){text, (uint32_t)(length < room ? length : room - 1)};
}

/* The rows come with the highest level first. */
int body_digest(struct telling *t, const struct gathered_row *rows, size_t count, struct slice id,
                const struct contact_row *contact, const struct way_row *way, struct slice *body_r,
                struct error *error)
{
	struct slice number = slice_of(arena_print(t->arena, "%zu", count)), since, base, name;
	struct enterprise_row enterprise = {.name = slice_of("")};
	char money[MONEY_GROUPED_BYTES];
	int64_t sum = 0, first_ms = rows[0].created_ms;

	for (size_t i = 0; i < count; i++) {
		sum += rows[i].amount_minor;
		first_ms = rows[i].created_ms < first_ms ? rows[i].created_ms : first_ms;
	}
	money_format_grouped(sum, MONEY_CNY, money);
	since = minute_text(t, first_ms);
	if (digest_base(t, rows, count, &base, error) == -1 ||
	    store_enterprise_get(t->store, contact->owner, t->arena, &enterprise, error) == -1)
		return -1;
	name = message_name(t->arena, utf8_cut(enterprise.name, MESSAGE_NAME_CHARACTERS_MAX));
	const struct fill_value more[] = {
		{"count", number, number},
		{"since", since, since},
		{"list", digest_list(t, rows, count, false), digest_list(t, rows, count, true)},
		{"amount_at_risk", slice_of(arena_print(t->arena, "%s元", money)), slice_of(arena_print(t->arena, "CNY %s", money))},
		{"enterprise", name, name},
	};
	return build(t, MESSAGE_DIGEST, base, id, contact, way, more, sizeof(more) / sizeof(more[0]), body_r, error);
}
