/*
 * Private: an alert as it leaves the store by default (I9). Pure.
 *
 * What is masked: the account (first 6 and last 4); an account holder's name that is not an organisation's;
 * in each hit, facts whose name says that they are an account, a person or party's name, a telephone number
 * or the place somebody sat at (ip, mac, device, terminal, operator), and digits of an account's length in
 * any text; in each reason, all these values again wherever they occur. What stays: amounts, times, counts,
 * pattern ids, transaction ids, the bank, an organisation's name and code. So does a name in the middle of a
 * quoted remark, which nothing tells from its other words.
 */
#ifndef API_MASK_H
#define API_MASK_H

#include <yyjson.h>

#include "base/arena.h"
#include "base/error.h"

/* `body` (huqi.alert.v1), masked, as a value of `document`, which borrows from `arena`. NULL where the
 * body is no JSON object or the arena is full, with `error` filled. */
yyjson_mut_val *mask_alert(struct slice body, yyjson_mut_doc *document, struct arena *arena,
                           struct error *error);

/* Runs of ten digits and more that are no amount keep their first 3 and last 4, from 15 digits on the
 * first 6 and last 4. A copy in the arena. */
struct slice mask_digits(struct slice text, struct arena *arena);

/* A name as it may be shown: an organisation's as it is, any other "张*". In the arena, or `name` itself. */
struct slice mask_name(struct slice name, struct arena *arena);

/* Masked as an account, in the arena. */
struct slice mask_account(struct slice account, struct arena *arena);

#endif
