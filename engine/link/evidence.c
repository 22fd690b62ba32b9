/*
 * The evidence of a path's hit (contract.md section 2). Its words come from the rule and the transaction
 * alone, so that they are the same however the path was found; the accounts that belong together share the
 * alert's group.
 */
#include <stdio.h>

#include "base/money.h"
#include "link/state.h"

enum { EVIDENCE_BYTES = 8 << 10 };

static const struct {
	const char *name, *zh, *en;
} shapes[LINK_SHAPES] = {
	[LINK_CYCLE] = {"cycle", "资金经其他账户回到原账户", "the money came back to where it left"},
	[LINK_SCATTER_GATHER] = {"scatter-gather", "资金分散到多个账户后汇集到一个账户",
	                         "the money went through several accounts and met again in one"},
	[LINK_GATHER_SCATTER] = {"gather-scatter", "多个账户的资金汇集到一个账户后分散转出",
	                         "money of several accounts met in one and left to several"},
	[LINK_STACK] = {"stack", "资金成层流转：多个账户转多个账户再转多个账户",
	                "the money went from many accounts to many and on to many"},
	[LINK_BIPARTITE] = {"bipartite", "多个付款账户转给相同的多个收款账户", "several payers paid the same several payees"},
	[LINK_TO_LISTED] = {"to-listed", "资金流向名单上的账户", "the money went to a listed account"},
	[LINK_RING] = {"ring", "资金在几个账户之间兜圈，先后不论", "the money went round among accounts, in whatever order"},
	[LINK_CHAIN] = {"chain", "资金接连经多个账户转手", "the money went from hand to hand through a row of accounts"},
};

struct text {
	char bytes[EVIDENCE_BYTES];
	size_t length;
};

static void put(struct text *out, const char *text)
{
	size_t length = strlen(text);

	if (length > sizeof(out->bytes) - out->length)
		length = 0; /* does not happen within the bounds of titles and ids */
	memcpy(out->bytes + out->length, text, length);
	out->length += length;
}

static void put_escaped(struct text *out, struct slice text)
{
	char piece[8];

	for (uint32_t i = 0; i < text.length; i++) {
		unsigned char c = (unsigned char)text.at[i];
		if (c == '"' || c == '\\')
			snprintf(piece, sizeof(piece), "\\%c", c);
		else
			snprintf(piece, sizeof(piece), c < 0x20 ? "\\u%04x" : "%c", c);
		put(out, piece);
	}
}

static void put_number(struct text *out, uint64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)number);
	put(out, text);
}

static void put_reason(struct text *out, const struct slot *slot, const struct hit *hit)
{
	char amount[MONEY_GROUPED_BYTES];

	money_format_grouped(hit->amount_cny_minor, MONEY_CNY, amount);
	put(out, ",\"reason\":{\"zh\":\"");
	put_escaped(out, slot_text(slot, SLOT_ZH));
	put(out, "；金额 ");
	put(out, amount);
	put(out, " 元；");
	put(out, shapes[slot->rule.shape].zh);
	put(out, "\",\"en\":\"");
	put_escaped(out, slot_text(slot, SLOT_EN));
	put(out, "; amount CNY ");
	put(out, amount);
	put(out, "; ");
	put(out, shapes[slot->rule.shape].en);
	put(out, "\"}");
}

struct slice path_evidence(const struct slot *slot, const struct hit *hit, struct arena *arena)
{
	struct text out = {.length = 0};
	char amount[MONEY_TEXT_BYTES];

	money_format(hit->amount_cny_minor, MONEY_CNY, amount);
	put(&out, "{\"pattern\":\"");
	put_escaped(&out, hit->pattern);
	put(&out, "\",\"version\":");
	put_number(&out, hit->version);
	put(&out, ",\"tx\":\"");
	put_escaped(&out, hit->bank);
	put(&out, "/");
	put_escaped(&out, hit->tx_id);
	put(&out, "\",\"score\":");
	put_number(&out, hit->score);
	put_reason(&out, slot, hit);
	put(&out, ",\"facts\":{\"amount\":\"");
	put(&out, amount);
	put(&out, "\",\"path\":\"");
	put(&out, shapes[slot->rule.shape].name);
	put(&out, "\"},\"text\":[]}");
	return arena_copy(arena, (struct slice){out.bytes, (uint32_t)out.length});
}
