/*
 * What banks write into the cells of the police export, read into the words of huqi.tx.v1.
 *
 * All functions are pure. The words are field knowledge, not a standard: one that isn't known is never
 * guessed at.
 */
#ifndef DECODE_CSV34_VALUES_H
#define DECODE_CSV34_VALUES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/ident.h"
#include "base/slice.h"

/* 进 出 借 贷 D C and their like → enum tx_direction; TX_DIRECTION_NONE where it is none of them. */
uint8_t csv34_direction(struct slice text);

/* 成功 失败 1 0 是 否 00 … → TX_BOOKED or TX_FAILED; TX_STATUS_NONE where it is none of them. */
uint8_t csv34_status(struct slice text);

/* CNY RMB 156 人民币, other ISO 4217 codes, the numbers and names of the main ones → a currency's number; -1. */
int csv34_currency(struct slice text);

/* From 交易类型 and 现金标志 → enum tx_channel; TX_CHANNEL_NONE where neither tells. */
uint8_t csv34_channel(struct slice type, struct slice cash);

/*
 * "1,234.50" → "1234.50", ".5" → "0.5"; a sign goes to *sign_r ('+', '-' or 0). Commas must part groups of
 * three. False where it is no amount. What has to be rewritten is in the arena.
 */
bool csv34_amount(struct slice text, struct arena *arena, char *sign_r, struct slice *amount_r);

/*
 * A time on a clock in China: yyyyMMddHHmmss, or with dashes, slashes, dots, colons, blanks or T between
 * its parts, the seconds left out or with up to six decimals. RFC 3339 with an offset is taken too. False
 * without an hour and minute.
 */
bool csv34_time(struct slice text, int64_t *ms_r);

/* A resident's identity number: 18 characters, a date of birth, the ISO 7064 MOD 11-2 check of GB 11643. */
enum ident_verdict csv34_person_judge(struct slice text);

/* Whose number it is → enum tx_party_kind: TX_PERSON, TX_COMPANY, or TX_KIND_NONE where the shape tells
 * neither. */
uint8_t csv34_holder_kind(struct slice number);

/* A bank code as it may stand in counterparty.bank: 12 or 14 digits or a BIC; else it is a bank's name. */
bool csv34_is_bank_code(struct slice text);

#endif
