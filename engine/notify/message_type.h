/*
 * The `type` of each kind's body.
 */
#ifndef NOTIFY_MESSAGE_TYPE_H
#define NOTIFY_MESSAGE_TYPE_H

#include "pattern/pattern.h"

static inline struct slice message_type(enum message_kind kind)
{
	static const char *const types[MESSAGE_KINDS] = {
		[MESSAGE_WARNING] = "huqi.warning.v1", [MESSAGE_CODE] = "huqi.code.v1", [MESSAGE_DRILL] = "huqi.warning.v1",
		[MESSAGE_BULLETIN] = "huqi.bulletin.v1", [MESSAGE_CALL] = "huqi.call.v1", [MESSAGE_DIGEST] = "huqi.digest.v1",
	};

	return slice_of(types[kind]);
}

#endif
