#include "notify/message_said.h"

#include "base/instant.h"
#include "base/money.h"
#include "notify/facts.h"

enum { SAID_MAX = 64, LINES_MAX = 16, MINUTE_BYTES = 16, ACCOUNT_TAIL = 4 };

struct said {
	struct fill_value *values;
	size_t count;
	struct arena *arena;
};

static struct slice text_of(yyjson_val *value)
{
	return (struct slice){yyjson_get_str(value), (uint32_t)yyjson_get_len(value)};
}

static void put(struct said *s, const char *name, struct slice zh, struct slice en)
{
	if (s->count < SAID_MAX)
		s->values[s->count++] = (struct fill_value){name, zh, en};
}

static void put_words(struct said *s, const char *name, yyjson_val *words)
{
	put(s, name, text_of(yyjson_obj_get(words, "zh")), text_of(yyjson_obj_get(words, "en")));
}

/* "1. …\n2. …" */
static struct slice numbered(struct said *s, yyjson_val *lines)
{
	struct slice all = {0};
	yyjson_val *line;
	size_t i, count;

	yyjson_arr_foreach(lines, i, count, line) {
		char *longer = i < LINES_MAX ? arena_print(s->arena, "%.*s%s%zu. %s", SLICE_PRINT(all), i > 0 ? "\n" : "", i + 1,
		                                           yyjson_get_str(line) != NULL ? yyjson_get_str(line) : "")
		                             : NULL;
		if (longer != NULL)
			all = slice_of(longer);
	}
	return all;
}

static void put_lines(struct said *s, const char *name, yyjson_val *lines)
{
	put(s, name, numbered(s, yyjson_obj_get(lines, "zh")), numbered(s, yyjson_obj_get(lines, "en")));
}

static struct slice tail(struct slice account)
{
	uint32_t from = account.length > ACCOUNT_TAIL ? account.length - ACCOUNT_TAIL : 0;

	return (struct slice){account.at + from, account.length - from};
}

static void put_account(struct said *s, struct slice account)
{
	struct slice end = tail(account);

	put(s, "account", account, account);
	if (account.length > 0)
		put(s, "account_short", slice_of(arena_print(s->arena, "尾号%.*s", SLICE_PRINT(end))),
		    slice_of(arena_print(s->arena, "ending %.*s", SLICE_PRINT(end))));
}

static void put_payee(struct said *s, yyjson_val *payee)
{
	struct slice name = message_name(s->arena, text_of(yyjson_obj_get(payee, "name")));
	struct slice account = text_of(yyjson_obj_get(payee, "account")), end = tail(account);
	struct fill_value whole = facts_payee("payee", name, account, s->arena);
	struct slice brief = message_name_short(s->arena, name);

	put(s, whole.name, whole.zh, whole.en);
	if (brief.length > 0)
		put(s, "payee_short", brief, brief);
	else if (account.length > 0)
		put(s, "payee_short", slice_of(arena_print(s->arena, "尾号%.*s", SLICE_PRINT(end))),
		    slice_of(arena_print(s->arena, "a/c %.*s", SLICE_PRINT(end))));
	else
		put(s, "payee_short", slice_of("对方"), slice_of("payee"));
}

static void put_amount(struct said *s, const char *name, struct slice amount, struct slice currency)
{
	struct fill_value value = facts_amount(name, amount, currency, s->arena);

	put(s, name, value.zh, value.en);
}

/* "2026-03-02 09:15", China's time. */
static void put_time(struct said *s, struct slice raised_at)
{
	char text[INSTANT_TEXT_BYTES];
	struct slice time;
	int64_t ms;

	if (!instant_parse(raised_at, &ms))
		return;
	instant_format_china(ms, text);
	text[MINUTE_BYTES] = '\0';
	time = arena_copy(s->arena, slice_of(text));
	put(s, "time", time, time);
}

static void read_base(struct said *s, yyjson_val *base)
{
	yyjson_val *payment = yyjson_obj_get(base, "payment");
	struct slice amount = text_of(yyjson_obj_get(payment, "amount"));
	struct slice currency = text_of(yyjson_obj_get(payment, "currency")), cny = slice_of("CNY"), enterprise;
	struct slice risk = text_of(yyjson_obj_get(base, "amount_at_risk"));
	struct fill_value brief;

	if (amount.length == 0) {
		amount = risk;
		currency = cny;
	}
	brief = facts_amount_short("amount_short", amount, currency, s->arena);
	enterprise = message_name(s->arena, text_of(yyjson_obj_get(yyjson_obj_get(base, "enterprise"), "name")));
	put_words(s, "title", yyjson_obj_get(base, "title"));
	put_words(s, "typology", yyjson_obj_get(base, "typology"));
	put_words(s, "level", yyjson_obj_get(base, "level_name"));
	put_words(s, "message", yyjson_obj_get(base, "message"));
	put_lines(s, "steps", yyjson_obj_get(base, "do_now"));
	put_lines(s, "advice", yyjson_obj_get(base, "advice"));
	put(s, "enterprise", enterprise, enterprise);
	put_account(s, text_of(yyjson_obj_get(base, "account")));
	put_payee(s, yyjson_obj_get(base, "payee"));
	put_amount(s, "amount", amount, currency);
	put(s, brief.name, brief.zh, brief.en);
	put_amount(s, "amount_at_risk", risk, cny);
	put_time(s, text_of(yyjson_obj_get(base, "raised_at")));
}

const struct fill_value *message_said(yyjson_val *base, const struct fill_value *more, size_t more_count,
                                      struct arena *arena, size_t *count_r)
{
	struct said s = {.values = arena_take(arena, SAID_MAX * sizeof(struct fill_value)), .arena = arena};

	*count_r = 0;
	if (s.values == NULL)
		return NULL;
	for (size_t i = 0; i < more_count; i++)
		put(&s, more[i].name, more[i].zh, more[i].en);
	if (base != NULL)
		read_base(&s, base);
	*count_r = s.count;
	return s.values;
}
