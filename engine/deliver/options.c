/*
 * From the settings file to what the thread and the channels need. What is wrong is said here, at the start, and not
 * by the first warning that does not arrive.
 */
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "base/settings.h"
#include "base/utf8.h"
#include "deliver/channel.h"
#include "deliver/mail.h"
#include "deliver/deliver.h"
#include "deliver/sms_gateway.h"

enum {
	SIGNATURE_CHARACTERS_MAX = 20,
	PAUSE_MS_MIN = 100, /* of a failing destination, however short tests make the schedule */
};

void deliver_options_of(const struct settings *settings, const struct channel_settings *channels,
                       struct deliver_options *options_r)
{
	deliver_options_default(options_r);
	options_r->connections_max = (int)settings->notify_connections;
	options_r->total_timeout_ms = settings->notify_timeout_ms;
	if (options_r->connect_timeout_ms > options_r->total_timeout_ms)
		options_r->connect_timeout_ms = options_r->total_timeout_ms;
	options_r->retry_permille = (int)settings->notify_retry_percent * 10;
	options_r->pause_ms = options_r->pause_ms * settings->notify_retry_percent / 100;
	if (options_r->pause_ms < PAUSE_MS_MIN)
		options_r->pause_ms = PAUSE_MS_MIN;
	options_r->allow_private = settings->notify_private != 0;
	options_r->key_file = settings->store_key_file;
	options_r->ca_file = settings->notify_ca_file[0] != '\0' ? settings->notify_ca_file : NULL;
	options_r->channels = channels;
}

static int check_signature(const char *signature, struct error *error)
{
	struct slice text = slice_of(signature);

	if (!utf8_valid(text.at, text.length) || text.length == 0 || utf8_count(text) > SIGNATURE_CHARACTERS_MAX)
		return error_set(error, "notify.signature: expected 1 to %d characters", SIGNATURE_CHARACTERS_MAX);
	for (uint32_t i = 0; i < text.length; i++)
		if ((unsigned char)text.at[i] < ' ' || text.at[i] == 0x7f)
			return error_set(error, "notify.signature: it holds a control character");
	if (strstr(signature, "【") != NULL || strstr(signature, "】") != NULL)
		return error_set(error, "notify.signature: write it without 【】; they are put around it");
	return 0;
}

/* smtp://HOST:PORT or smtps://HOST:PORT and no more: path, user and password are other settings' or nobody's. */
static int check_mail_url(const char *url, struct error *error)
{
	CURLU *parts = curl_url();
	char *host = NULL, *user = NULL, *path = NULL;
	bool scheme = strncmp(url, "smtp://", 7) == 0 || strncmp(url, "smtps://", 8) == 0, right;

	if (parts == NULL)
		die("out of memory: a URL");
	right = scheme && curl_url_set(parts, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK;
	curl_url_get(parts, CURLUPART_HOST, &host, 0);
	curl_url_get(parts, CURLUPART_USER, &user, 0);
	curl_url_get(parts, CURLUPART_PATH, &path, 0);
	right = right && host != NULL && *host != '\0' && user == NULL && (path == NULL || strcmp(path, "/") == 0) &&
	        url[strlen(url) - 1] != '/' && strpbrk(url, "?#") == NULL;
	curl_free(host);
	curl_free(user);
	curl_free(path);
	curl_url_cleanup(parts);
	return right ? 0
	             : error_set(error, "smtp.url: expected smtp://HOST:PORT or smtps://HOST:PORT, nothing behind the port; "
	                         "the log-in stands in smtp.user and smtp.password");
}

static int check_mail(const struct settings *settings, struct error *error)
{
	if (settings->smtp_url[0] == '\0')
		return 0;
	if (check_mail_url(settings->smtp_url, error) == -1)
		return -1;
	if (mail_check_address(slice_of(settings->smtp_from), error) == -1)
		return error_wrap(error, "smtp.from");
	if ((settings->smtp_user[0] == '\0') != (settings->smtp_password[0] == '\0'))
		return error_set(error, "smtp.user and smtp.password: expected both or neither");
	return 0;
}

int deliver_channels_open(const struct settings *settings, struct channel_settings **channels_r, struct error *error)
{
	struct channel_settings *s;

	*channels_r = NULL;
	if (check_signature(settings->notify_signature, error) == -1 || check_mail(settings, error) == -1)
		return -1;
	if ((s = calloc(1, sizeof(*s))) == NULL)
		die("out of memory: the channels");
	*s = (struct channel_settings){
		.smtp_url = settings->smtp_url, .smtp_user = settings->smtp_user, .smtp_password = settings->smtp_password,
		.smtp_from = settings->smtp_from, .smtp_require_tls = settings->smtp_require_tls != 0,
		.signature = settings->notify_signature,
	};
	if (settings->sms_gateway[0] != '\0' && sms_gateway_load(settings->sms_gateway, &s->sms_gateway, error) == -1) {
		free(s);
		return error_wrap(error, "sms.gateway");
	}
	*channels_r = s;
	return 0;
}

void deliver_channels_free(struct channel_settings **channels)
{
	if (*channels == NULL)
		return;
	sms_gateway_free(&(*channels)->sms_gateway);
	free(*channels);
	*channels = NULL;
}
