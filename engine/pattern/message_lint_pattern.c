/*
 * A pattern's own message: what was seen, in its e-mail, robot and webhook texts.
 */
#include "base/utf8.h"
#include "pattern/message_lint.h"
#include "pattern/message_rules.h"

enum { CHARACTERS_MAX = 300, FILLED_CHARACTERS_MAX = 500, ARENA_BYTES_MAX = 1 << 20 };

#define COMPANY "云桥市永骏供应链管理有限责任公司"
#define PAYEE COMPANY "（621700*********4567）"
#define SAMPLE(name, text) {name, {text, sizeof(text) - 1}, {text, sizeof(text) - 1}}

/* What a message may have filled in when it is sent, with the longest usual values. */
static const struct fill_value samples[] = {
	SAMPLE("account", "622202*********0001"), SAMPLE("account_name", COMPANY), SAMPLE("enterprise", COMPANY),
	SAMPLE("amount", "CNY 1,234,567.89"), SAMPLE("payee", PAYEE), SAMPLE("payer", PAYEE),
	SAMPLE("counterparty", PAYEE), SAMPLE("time", "2026-03-02 09:15:05"),
	SAMPLE("title", "以往来款、项目款等名义大额首付个人"), SAMPLE("level", "orange"),
};

enum { SAMPLE_COUNT = sizeof(samples) / sizeof(samples[0]) };

static void check_placeholders(struct builder *builder, const struct pattern *p, struct slice text)
{
	for (uint32_t at = 0; at < text.length; at++) {
		uint32_t next = at;
		struct slice name = {0};
		bool known = false;
		if (text.at[at] != '{')
			continue;
		if (fill_next(text, &next, &name) && name.at == text.at + at + 1)
			known = fill_find(name, samples, SAMPLE_COUNT, true).length > 0;
		if (!known)
			builder_fault(builder, p->file.at, 0, 0,
			              "the message has `%.20s`, which nothing fills in; there are {account} {account_name} "
			              "{enterprise} {amount} {payee} {payer} {counterparty} {time} {title} {level}",
			              text.at + at);
	}
}

static void check_text(struct builder *builder, const struct pattern *p, struct slice text)
{
	unsigned rules = MESSAGE_RULES_OFFICIAL | MESSAGE_RULE_NUMBER | MESSAGE_RULE_ADVICE;
	const char *wrong = message_rule_broken(text, rules);
	struct arena arena;
	size_t filled;
	bool cut = false;

	if (wrong != NULL)
		builder_fault(builder, p->file.at, 0, 0, "the message %s", wrong);
	if (text.length > 4 * CHARACTERS_MAX)
		builder_fault(builder, p->file.at, 0, 0, "the message is too long; at most %d characters", CHARACTERS_MAX);
	arena_init(&arena, ARENA_BYTES_MAX);
	filled = utf8_count(fill_text(&arena, text, samples, SAMPLE_COUNT, true, SIZE_MAX, &cut));
	arena_deinit(&arena);
	if (filled > FILLED_CHARACTERS_MAX)
		builder_fault(builder, p->file.at, 0, 0, "the message may be %zu characters long when it is filled in; at most %d",
		              filled, FILLED_CHARACTERS_MAX);
	check_placeholders(builder, p, text);
}

void message_lint_pattern(struct builder *builder, const struct pattern *pattern)
{
	check_text(builder, pattern, pattern->message.zh);
	check_text(builder, pattern, pattern->message.en);
}
