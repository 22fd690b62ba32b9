/*
 * Any bytes as a receiver's answer: the first says which channel, the second which status or command, the rest is the
 * body. Whatever they are, a verdict comes of them that is true to the contract: gone only where dead, a wait only
 * where it is repeated and at most a day, a reason in valid UTF-8 of one line, a provider's id in ASCII.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/instant.h"
#include "base/utf8.h"
#include "deliver/channel.h"
#include "deliver/sms_gateway.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const long statuses[] = {200, 204, 301, 400, 410, 429, 500, 503, 250, 421, 450, 535, 550, 552, 554, 0};
static const char *const commands[] = {"", "EHLO", "STAR", "AUTH", "MAIL", "RCPT", "DATA", "DATA"};

static const char gateway[] =
	"request: {url: \"https://s.example.com/?m={phone}\", method: GET}\n"
	"success: {pointer: /code, equals: \"0\", provider_id: /data/id}\n"
	"errors: {pointer: /error/0, gone: [g], dead: [d], retry: [r]}\n";

static const struct channel_settings *settings(void)
{
	static struct channel_settings made;
	char path[] = "/tmp/huqi-fuzz-XXXXXX";
	struct error error;
	int fd;

	if (made.sms_gateway != NULL)
		return &made;
	made = channel_settings_none;
	fd = mkstemp(path);
	if (fd == -1 || write(fd, gateway, sizeof(gateway) - 1) != sizeof(gateway) - 1 ||
	    sms_gateway_load(path, &made.sms_gateway, &error) == -1)
		abort();
	close(fd);
	unlink(path);
	return &made;
}

static void look_at(const struct channel_verdict *v)
{
	assert(v->outcome == CHANNEL_SENT || v->outcome == CHANNEL_RETRY || v->outcome == CHANNEL_DEAD);
	assert(!v->gone || v->outcome == CHANNEL_DEAD);
	assert(v->wait_ms == 0 || v->outcome == CHANNEL_RETRY);
	assert(v->wait_ms >= 0 && v->wait_ms <= INSTANT_DAY_MS);
	assert(memchr(v->reason, '\0', sizeof(v->reason)) != NULL && v->reason[0] != '\0');
	assert(utf8_valid(v->reason, strlen(v->reason)) && strpbrk(v->reason, "\r\n") == NULL);
	assert(memchr(v->provider_id, '\0', sizeof(v->provider_id)) != NULL);
	assert(v->provider_id[0] == '\0' || v->outcome == CHANNEL_SENT);
	for (const char *at = v->provider_id; *at != '\0'; at++)
		assert(*at > ' ' && *at < 0x7f);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct channel_answer answer = {.now_ms = 1700000000000, .settings = settings()};
	struct channel_verdict verdict;
	size_t count = 0;

	if (length < 2)
		return 0;
	while (channel_at(count) != NULL)
		count++;
	answer.status = statuses[bytes[1] % 16];
	answer.command = slice_of(commands[bytes[1] / 16 % 8]);
	answer.failure = bytes[1] >= 128 ? "no answer in time" : NULL;
	answer.body = (struct slice){(const char *)bytes + 2, (uint32_t)(length - 2)};
	answer.retry_after = answer.body;
	channel_at(bytes[0] % count)->judge_answer(&answer, &verdict);
	look_at(&verdict);
	return 0;
}
