/*
 * No redirects, no proxy, no cookies, no netrc; one protocol a flight: https (http to loopback where that is allowed),
 * smtp with STARTTLS or smtps; the certificate is verified; the address is checked at the socket, after DNS, and again
 * before each request; the answer is read to a bound.
 *
 * The operator's own mail server and SMS gateway may stand in a private network: their names come from the settings
 * file, which only an operator writes, and not from the registry, which takes what enterprises hand in.
 *
 * Of SMTP curl tells its result only. What an operator needs is which command was refused: so the first letters of
 * each command and the last reply are noted as they pass. Nothing else of them is: they hold addresses and passwords.
 */
#include "deliver/flight.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "deliver/guard.h"

enum { REPLY_DIGITS = 3, COMMAND_LETTERS = 4 };

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

/*
 * Before each request, also over a connection that is there from an earlier one: what the operator's gateway may
 * reach, an enterprise's webhook at the same name may not.
 */
static int check_peer(void *arg, char *peer, char *own, int peer_port, int own_port)
{
	struct sockaddr_storage address = {.ss_family = strchr(peer, ':') != NULL ? AF_INET6 : AF_INET};
	void *bytes = address.ss_family == AF_INET6 ? (void *)&((struct sockaddr_in6 *)&address)->sin6_addr
	                                            : (void *)&((struct sockaddr_in *)&address)->sin_addr;
	struct transfer *t = arg;

	(void)own;
	(void)peer_port;
	(void)own_port;
	if (inet_pton(address.ss_family, peer, bytes) == 1 &&
	    guard_allows((struct sockaddr *)&address, t->allow_private, t->loopback_only))
		return CURL_PREREQFUNC_OK;
	t->address_refused = true;
	return CURL_PREREQFUNC_ABORT;
}

static void keep(struct transfer *t, const char *bytes, size_t length)
{
	size_t room = TRANSFER_ANSWER_BYTES_MAX - t->answer_length;

	if (t->answer == NULL && (t->answer = malloc(TRANSFER_ANSWER_BYTES_MAX)) == NULL)
		die("out of memory: an answer");
	t->answer_cut = length > room;
	if (t->answer_cut)
		length = room;
	memcpy(t->answer + t->answer_length, bytes, length);
	t->answer_length += length;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *arg)
{
	struct transfer *t = arg;

	keep(t, bytes, size * count);
	return t->answer_cut ? 0 : size * count; /* 0 ends the transfer */
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

/* A reply's line: "550 5.1.1 …", or "550-…" where more follow. The last one stays. */
static size_t take_reply(char *bytes, size_t size, size_t count, void *arg)
{
	struct transfer *t = arg;
	size_t length = size * count;

	if (t->quitting || length < REPLY_DIGITS)
		return length;
	for (int i = 0; i < REPLY_DIGITS; i++)
		if (bytes[i] < '0' || bytes[i] > '9')
			return length;
	t->reply = (bytes[0] - '0') * 100 + (bytes[1] - '0') * 10 + (bytes[2] - '0');
	t->answer_length = 0;
	if (length > REPLY_DIGITS + 1)
		keep(t, bytes + REPLY_DIGITS + 1, length - REPLY_DIGITS - 1);
	return length;
}

static size_t give_mail(char *bytes, size_t size, size_t count, void *arg)
{
	struct transfer *t = arg;
	size_t length = size * count < t->upload.length ? size * count : t->upload.length;

	memcpy(bytes, t->upload.at, length);
	t->upload = (struct slice){t->upload.at + length, t->upload.length - (uint32_t)length};
	return length;
}

/* What a log-in sends behind AUTH is none of these words. */
static int note_command(CURL *easy, curl_infotype type, char *bytes, size_t length, void *arg)
{
	static const char *const commands[] = {"EHLO", "HELO", "STAR", "AUTH", "MAIL", "RCPT", "DATA"};
	struct transfer *t = arg;

	(void)easy;
	for (size_t i = 0; type == CURLINFO_HEADER_OUT && i < sizeof(commands) / sizeof(commands[0]); i++)
		if (length >= COMMAND_LETTERS && memcmp(bytes, commands[i], COMMAND_LETTERS) == 0)
			memcpy(t->command, commands[i], COMMAND_LETTERS + 1);
	if (type == CURLINFO_HEADER_OUT && length >= COMMAND_LETTERS && memcmp(bytes, "QUIT", COMMAND_LETTERS) == 0)
		t->quitting = true;
	return 0;
}

/* ---- options ---- */

static void set_limits(CURL *easy, const struct deliver_options *options)
{
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
		curl_easy_setopt(easy, CURLOPT_CAINFO, options->ca_file); /* CAPATH stays the system's */
}

static void set_callbacks(struct transfer *t)
{
	curl_easy_setopt(t->easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(t->easy, CURLOPT_OPENSOCKETDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_PREREQFUNCTION, check_peer);
	curl_easy_setopt(t->easy, CURLOPT_PREREQDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_HEADERFUNCTION, t->kind == CHANNEL_SMTP ? take_reply : take_header);
	curl_easy_setopt(t->easy, CURLOPT_HEADERDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_PRIVATE, t);
}

static void set_http(struct transfer *t, const struct channel_request *request)
{
	for (size_t i = 0; i < request->header_count; i++)
		t->headers = curl_slist_append(t->headers, request->headers[i]);
	t->headers = curl_slist_append(t->headers, "expect:"); /* bodies are small: no 100-continue */
	if (t->headers == NULL)
		die("out of memory: headers");
	curl_easy_setopt(t->easy, CURLOPT_PROTOCOLS_STR, request->loopback_only ? "http" : "https");
	curl_easy_setopt(t->easy, CURLOPT_USERAGENT, "huqi/" HUQI_VERSION);
	curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
	if (request->method != NULL && strcmp(request->method, "GET") == 0)
		return;
	curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS, request->body.at);
	curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE, (long)request->body.length);
	if (request->method != NULL)
		curl_easy_setopt(t->easy, CURLOPT_CUSTOMREQUEST, request->method);
}

static void set_smtp(struct transfer *t, const struct channel_request *request)
{
	struct curl_slist *to = curl_slist_append(NULL, request->to);

	if (to == NULL)
		die("out of memory: a mail");
	t->headers = to;
	t->upload = request->body;
	curl_easy_setopt(t->easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(t->easy, CURLOPT_USE_SSL, (long)(request->require_tls ? CURLUSESSL_ALL : CURLUSESSL_TRY));
	curl_easy_setopt(t->easy, CURLOPT_MAIL_FROM, request->from);
	curl_easy_setopt(t->easy, CURLOPT_MAIL_RCPT, to);
	if (request->user[0] != '\0') {
		curl_easy_setopt(t->easy, CURLOPT_USERNAME, request->user);
		curl_easy_setopt(t->easy, CURLOPT_PASSWORD, request->password);
		curl_easy_setopt(t->easy, CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN");
	}
	curl_easy_setopt(t->easy, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(t->easy, CURLOPT_INFILESIZE, (long)request->body.length);
	curl_easy_setopt(t->easy, CURLOPT_READFUNCTION, give_mail);
	curl_easy_setopt(t->easy, CURLOPT_READDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_DEBUGFUNCTION, note_command);
	curl_easy_setopt(t->easy, CURLOPT_DEBUGDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_VERBOSE, 1L);
}

void flight_prepare(struct transfer *t, const struct channel_request *request, const struct deliver_options *options)
{
	if ((t->easy = curl_easy_init()) == NULL)
		die("out of memory: a transfer");
	t->kind = request->kind;
	t->allow_private = options->allow_private || request->operators;
	t->loopback_only = request->loopback_only;
	set_limits(t->easy, options);
	set_callbacks(t);
	curl_easy_setopt(t->easy, CURLOPT_URL, request->url);
	if (request->kind == CHANNEL_SMTP)
		set_smtp(t, request);
	else
		set_http(t, request);
}

/* ---- what became of it ---- */

static const char *smtp_failure(CURLcode result)
{
	switch (result) {
	case CURLE_LOGIN_DENIED: return "the mail server refuses the log-in; correct smtp.user and smtp.password";
	case CURLE_USE_SSL_FAILED:
		return "the mail server offers no STARTTLS; use smtps, or set smtp.require_tls: false where the way to it is safe";
	case CURLE_PEER_FAILED_VERIFICATION:
		return "the mail server's certificate is not trusted; correct smtp.url or set notify.ca_file";
	default: return NULL;
	}
}

const char *flight_failure(const struct transfer *t, CURLcode result, long status)
{
	/* A head of HTTP that was read whole is an answer, whatever became of its body. */
	if (result == CURLE_OK || (t->kind == CHANNEL_HTTP && t->head_whole && status >= 200))
		return NULL;
	if (t->address_refused && t->loopback_only)
		return "what is sent in the clear goes to this machine only; use TLS";
	if (t->address_refused)
		return "the address leads to a private or reserved network; "
		       "register a public one, or set notify.allow_private";
	if (result == CURLE_OPERATION_TIMEDOUT)
		return "no answer in time";
	if (t->kind == CHANNEL_SMTP && smtp_failure(result) != NULL)
		return smtp_failure(result);
	return curl_easy_strerror(result);
}
