/*
 * How curl is held: https only (http to loopback where that is allowed), no redirects, no proxy, no cookies,
 * no credentials; the certificate is verified; the address is checked at the socket, after DNS; the answer is
 * read to a bound. An answer's head decides for a webhook, so a body that is too long or too slow does not
 * undo a 2xx.
 */
#include "notify/transfer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/counters.h"
#include "notify/guard.h"

enum { TRANSFER_BYTES_MAX = 256 * 1024 };

static struct slice copy(struct transfer *t, struct slice text)
{
	return arena_copy(&t->arena, text);
}

void transfer_take(struct transfer *t, const struct delivery_due *due)
{
	*t = (struct transfer){.stage = TRANSFER_CLAIMING, .destination = due->destination, .attempts = due->attempts + 1};
	arena_init(&t->arena, TRANSFER_BYTES_MAX);
	snprintf(t->id, sizeof(t->id), "%.*s", SLICE_PRINT(due->id));
	t->channel = channel_find(due->channel);
	t->due = *due;
	t->due.channel = copy(t, due->channel);
	t->due.address = copy(t, due->address);
	t->due.secret = copy(t, due->secret);
	t->due.language = copy(t, due->language);
	t->due.disabled = copy(t, due->disabled);
	t->due.body = copy(t, due->body);
	t->due.id = slice_of(t->id);
}

void transfer_free(struct transfer *t)
{
	if (t->easy != NULL)
		curl_easy_cleanup(t->easy);
	curl_slist_free_all(t->headers);
	free(t->answer);
	arena_deinit(&t->arena);
	*t = (struct transfer){.stage = TRANSFER_FREE};
}

/* ---- curl's callbacks; `arg` is the transfer ---- */

static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct transfer *t = arg;

	(void)purpose;
	if (!guard_allows(&address->addr, t->allow_private, t->loopback_only)) {
		t->address_refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static size_t take_body(char *bytes, size_t size, size_t count, void *arg)
{
	struct transfer *t = arg;
	size_t length = size * count, room = TRANSFER_ANSWER_BYTES_MAX - t->answer_length;

	if (t->answer == NULL && (t->answer = malloc(TRANSFER_ANSWER_BYTES_MAX)) == NULL)
		die("out of memory: an answer");
	t->answer_cut = length > room;
	if (t->answer_cut)
		length = room;
	memcpy(t->answer + t->answer_length, bytes, length);
	t->answer_length += length;
	return t->answer_cut ? 0 : length; /* 0 ends the transfer */
}

static size_t take_header(char *bytes, size_t size, size_t count, void *arg)
{
	static const char name[] = "retry-after:";
	struct transfer *t = arg;
	size_t length = size * count;
	struct slice value;

	t->head_whole = length <= 2; /* the empty line behind the headers */
	if (length > sizeof(name) && strncasecmp(bytes, name, sizeof(name) - 1) == 0) {
		value = slice_trim((struct slice){bytes + sizeof(name) - 1, (uint32_t)(length - sizeof(name) + 1)});
		snprintf(t->retry_after, sizeof(t->retry_after), "%.*s", SLICE_PRINT(value));
	}
	return length;
}

/* ---- a flight ---- */

static void set_headers(struct transfer *t, const struct channel_request *request)
{
	for (size_t i = 0; i < request->header_count; i++)
		t->headers = curl_slist_append(t->headers, request->headers[i]);
	t->headers = curl_slist_append(t->headers, "expect:"); /* bodies are small: no 100-continue */
	if (t->headers == NULL)
		die("out of memory: headers");
}

static void set_limits(CURL *easy, const struct notify_options *options, bool loopback_only)
{
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, loopback_only ? "http" : "https");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)options->connect_timeout_ms);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)options->total_timeout_ms);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	if (options->ca_file != NULL)
		curl_easy_setopt(easy, CURLOPT_CAINFO, options->ca_file);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "huqi/" HUQI_VERSION);
}

static void set_request(struct transfer *t, const struct channel_request *request)
{
	curl_easy_setopt(t->easy, CURLOPT_URL, request->url);
	curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS, request->body.at);
	curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE, (long)request->body.length);
	curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
	curl_easy_setopt(t->easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(t->easy, CURLOPT_OPENSOCKETDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(t->easy, CURLOPT_HEADERDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_PRIVATE, t);
}

/* What can be said before anything is sent; -1 with the reason. */
static int build(struct transfer *t, const struct notify_options *options, int64_t now_ms,
                 struct channel_request *request_r, struct error *error)
{
	struct channel_message message = {
		.id = t->due.id, .address = t->due.address, .secret = t->due.secret, .language = t->due.language,
		.body = t->due.body, .now_ms = now_ms, .allow_private = options->allow_private,
	};

	if (t->due.disabled.length > 0)
		return error_set(error, "the contact is disabled: %.*s", SLICE_PRINT(t->due.disabled));
	if (t->channel == NULL)
		return error_set(error, "the contact is no longer registered, or its channel is unknown");
	if (arena_overflowed(&t->arena))
		return error_set(error, "no room for the request");
	return t->channel->build_request(&message, &t->arena, request_r, error);
}

int transfer_start(struct transfer *t, CURLM *multi, const struct notify_options *options, int64_t now_ms)
{
	struct channel_request request;
	struct error error;

	if (build(t, options, now_ms, &request, &error) == -1) {
		t->stage = TRANSFER_LANDED;
		t->verdict = (struct channel_verdict){.outcome = CHANNEL_DEAD};
		snprintf(t->verdict.reason, sizeof(t->verdict.reason), "%.*s", CHANNEL_REASON_BYTES - 1, error.text);
		return -1;
	}
	if ((t->easy = curl_easy_init()) == NULL)
		die("out of memory: a transfer");
	t->allow_private = options->allow_private;
	t->loopback_only = request.loopback_only;
	t->started_ms = clock_steady_ms();
	t->stage = TRANSFER_FLYING;
	set_headers(t, &request);
	set_limits(t->easy, options, request.loopback_only);
	set_request(t, &request);
	if (curl_multi_add_handle(multi, t->easy) != CURLM_OK)
		die("curl does not take a transfer");
	return 0;
}

/*
 * Why no answer came; NULL where one did. A head that was read whole is an answer, whatever became of its
 * body.
 */
static const char *failure_of(const struct transfer *t, CURLcode result, long status)
{
	if (result == CURLE_OK || (t->head_whole && status >= 200))
		return NULL;
	if (t->address_refused)
		return "the address leads to a private or reserved network; "
		       "register a public one, or set notify.allow_private";
	if (result == CURLE_OPERATION_TIMEDOUT)
		return "no answer in time";
	return curl_easy_strerror(result);
}

void transfer_finish(struct transfer *t, CURLM *multi, CURLcode result, int64_t now_ms)
{
	struct channel_answer answer = {
		.retry_after = slice_of(t->retry_after), .body = {t->answer, (uint32_t)t->answer_length}, .now_ms = now_ms,
	};

	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &answer.status);
	answer.failure = failure_of(t, result, answer.status);
	t->channel->judge_answer(&answer, &t->verdict);
	if (t->answer_cut)
		count(COUNT_ANSWERS_CUT);
	if (t->address_refused && answer.failure != NULL)
		count(COUNT_ADDRESSES_REFUSED);
	curl_multi_remove_handle(multi, t->easy);
	t->stage = TRANSFER_LANDED;
}

void transfer_abort(struct transfer *t, CURLM *multi)
{
	if (t->stage == TRANSFER_FLYING)
		curl_multi_remove_handle(multi, t->easy);
	t->stage = TRANSFER_LANDED;
	t->aborted = true;
	t->verdict = (struct channel_verdict){.outcome = CHANNEL_RETRY};
	snprintf(t->verdict.reason, sizeof(t->verdict.reason), "the program ended during the attempt");
}
