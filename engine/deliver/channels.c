/*
 * The table of channels, and what they share.
 */
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/instant.h"
#include "deliver/channel.h"
#include "deliver/deliver.h"

static const struct channel *const channels[] = {
	&channel_webhook,
	&channel_email,
	&channel_sms,
	&channel_wecom,
	&channel_dingtalk,
	&channel_feishu,
};

const struct channel_settings channel_settings_none = {
	.smtp_url = "", .smtp_user = "", .smtp_password = "", .smtp_from = "", .smtp_require_tls = true, .signature = "huqi",
};

enum { CHANNEL_COUNT = sizeof(channels) / sizeof(channels[0]), RETRY_AFTER_BYTES_MAX = 64 };

const struct channel *channel_at(size_t i)
{
	return i < CHANNEL_COUNT ? channels[i] : NULL;
}

const struct channel *channel_find(struct slice name)
{
	for (size_t i = 0; i < CHANNEL_COUNT; i++)
		if (slice_is(name, channels[i]->name) || slice_is(name, channels[i]->title_zh) ||
		    csv_is_named(channels[i]->called, name))
			return channels[i];
	return NULL;
}

bool deliver_channel_at(size_t i, struct deliver_channel *channel_r)
{
	const struct channel *channel = channel_at(i);

	if (channel == NULL)
		return false;
	*channel_r = (struct deliver_channel){channel->name, channel->title_zh, channel->title_en,
	                                     channel->limits.body_bytes_max, channel->limits.per_minute_max,
	                                     channel->needs_code};
	return true;
}

int deliver_check_contact(struct slice *channel_name, struct slice address, struct slice secret, bool allow_private,
                         bool *needs_code_r, struct error *error)
{
	const struct channel *channel = channel_find(*channel_name);
	char known[256] = "";

	*needs_code_r = channel != NULL && channel->needs_code;
	if (channel != NULL) {
		*channel_name = slice_of(channel->name);
		return channel->check_address(address, secret, allow_private, error);
	}
	for (size_t i = 0; i < CHANNEL_COUNT; i++) {
		strncat(known, i > 0 ? ", " : "", sizeof(known) - strlen(known) - 1);
		strncat(known, channels[i]->name, sizeof(known) - strlen(known) - 1);
	}
	error_set(error, "unknown channel `%.*s`; expected one of: %s", SLICE_PRINT(*channel_name), known);
	return DELIVER_NO_CHANNEL;
}

int64_t channel_retry_after_ms(struct slice value, int64_t now_ms)
{
	char text[RETRY_AFTER_BYTES_MAX + 1] = "";
	struct slice trimmed = slice_trim(value);
	int64_t until, wait_ms;
	char *end;

	if (trimmed.length == 0 || trimmed.length > RETRY_AFTER_BYTES_MAX)
		return 0;
	memcpy(text, trimmed.at, trimmed.length);
	if (strspn(text, "0123456789") == trimmed.length) {
		unsigned long long seconds = strtoull(text, &end, 10); /* saturates */
		return seconds >= INSTANT_DAY_MS / INSTANT_SECOND_MS ? INSTANT_DAY_MS : (int64_t)seconds * INSTANT_SECOND_MS;
	}
	until = (int64_t)curl_getdate(text, NULL);
	if (until < 0) /* -1: no date */
		return 0;
	if (until > now_ms / INSTANT_SECOND_MS + INSTANT_DAY_MS / INSTANT_SECOND_MS) /* before it is multiplied: any year */
		return INSTANT_DAY_MS;
	wait_ms = until * INSTANT_SECOND_MS - now_ms;
	return wait_ms < 0 ? 0 : wait_ms;
}
