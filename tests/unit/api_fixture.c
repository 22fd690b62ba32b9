#include "api_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>
#include <curl/curl.h>

#include "base/clock.h"
#include "base/log.h"

enum { CONNECT_MS = 1500 };

static char *last_body;
static size_t last_bytes;

void api_fixture_open(struct api_fixture *f)
{
	*f = (struct api_fixture){0};
	log_begin(LOG_WARN);
	store_fixture_open(&f->store);
	f->options = (struct api_options){
		.listen = "127.0.0.1:0",
		.token = API_TOKEN,
		.store_path = f->store.path,
		.threads = 2,
		.connections_max = 64,
		.body_bytes_max = 64 * 1024,
		.head_deadline_ms = 2000,
		.body_deadline_ms = 2000,
	};
}

void api_fixture_start(struct api_fixture *f)
{
	store_fixture_start(&f->store, 5);
	f->options.writer = f->store.writer;
	f->options.store_path = f->store.path;
	if (api_start(&f->options, &f->api, &f->store.error) == -1)
		fail_msg("%s", f->store.error.text);
	f->curl = curl_easy_init();
	assert_non_null(f->curl);
}

void api_fixture_close(struct api_fixture *f)
{
	curl_easy_cleanup(f->curl);
	api_stop(&f->api);
	store_fixture_close(&f->store);
	free(last_body);
	last_body = NULL;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *arg)
{
	(void)arg;
	last_body = realloc(last_body, last_bytes + size * count + 1);
	assert_non_null(last_body);
	memcpy(last_body + last_bytes, bytes, size * count);
	last_bytes += size * count;
	last_body[last_bytes] = '\0';
	return size * count;
}

static size_t take_header(char *bytes, size_t size, size_t count, void *arg)
{
	struct reply *reply = arg;
	size_t length = strlen(reply->head);

	if (length + size * count < sizeof(reply->head)) {
		memcpy(reply->head + length, bytes, size * count);
		reply->head[length + size * count] = '\0';
	}
	return size * count;
}

struct reply api_ask_with(struct api_fixture *f, const char *method, const char *target, const char *const *headers,
                          const char *body)
{
	struct reply reply = {0};
	struct curl_slist *list = NULL;
	char url[4096];

	snprintf(url, sizeof(url), "http://127.0.0.1:%u%s", (unsigned)api_port(f->api), target);
	for (; headers != NULL && *headers != NULL; headers++)
		list = curl_slist_append(list, *headers);
	last_bytes = 0;
	take_body("", 1, 0, NULL);
	curl_easy_reset(f->curl);
	curl_easy_setopt(f->curl, CURLOPT_URL, url);
	curl_easy_setopt(f->curl, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(f->curl, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(f->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(f->curl, CURLOPT_TIMEOUT_MS, 20000L);
	curl_easy_setopt(f->curl, CURLOPT_HTTPHEADER, list);
	curl_easy_setopt(f->curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(f->curl, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(f->curl, CURLOPT_HEADERDATA, &reply);
	if (body != NULL)
		curl_easy_setopt(f->curl, CURLOPT_POSTFIELDS, body);
	if (strcmp(method, "HEAD") == 0)
		curl_easy_setopt(f->curl, CURLOPT_NOBODY, 1L);
	else
		curl_easy_setopt(f->curl, CURLOPT_CUSTOMREQUEST, method);
	CURLcode result = curl_easy_perform(f->curl);
	if (result != CURLE_OK)
		fail_msg("%s %s: %s", method, target, curl_easy_strerror(result));
	curl_easy_getinfo(f->curl, CURLINFO_RESPONSE_CODE, &reply.status);
	curl_slist_free_all(list);
	reply.body = last_body;
	reply.body_bytes = last_bytes;
	return reply;
}

struct reply api_ask(struct api_fixture *f, const char *target)
{
	const char *headers[] = {"Authorization: Bearer " API_TOKEN, NULL};

	return api_ask_with(f, "GET", target, headers, NULL);
}

const char *reply_header(const struct reply *reply, const char *name, char value_r[512])
{
	size_t length = strlen(name);

	value_r[0] = '\0';
	for (const char *line = reply->head; line != NULL && *line != '\0'; line = strchr(line, '\n'), line += line != NULL)
		if (strncasecmp(line, name, length) == 0 && line[length] == ':')
			snprintf(value_r, 512, "%.*s", (int)strcspn(line + length + 2, "\r\n"), line + length + 2);
	return value_r;
}

void assert_reply(const struct reply *reply, long status, const char *parameter)
{
	char type[512];
	yyjson_doc *document;
	yyjson_val *root;

	if (reply->status != status)
		fail_msg("status %ld instead of %ld: %s", reply->status, status, reply->body);
	if (status < 400)
		return;
	assert_string_equal(reply_header(reply, "Content-Type", type), "application/problem+json");
	document = yyjson_read(reply->body, reply->body_bytes, 0);
	root = yyjson_doc_get_root(document);
	assert_int_equal(yyjson_get_int(yyjson_obj_get(root, "status")), status);
	assert_true(yyjson_get_len(yyjson_obj_get(root, "title")) > 0);
	assert_true(yyjson_get_len(yyjson_obj_get(root, "detail")) > 0);
	if (parameter != NULL && !yyjson_equals_str(yyjson_obj_get(root, "parameter"), parameter))
		fail_msg("not about `%s`: %s", parameter, reply->body);
	if (parameter == NULL)
		assert_null(yyjson_obj_get(root, "parameter"));
	yyjson_doc_free(document);
}

int api_try_connect(const struct api_fixture *f)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(api_port(f->api))};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd == -1 || fcntl(fd, F_SETFL, O_NONBLOCK) == -1)
		return -1;
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == -1) {
		struct pollfd wait = {.fd = fd, .events = POLLOUT};
		if (errno != EINPROGRESS || poll(&wait, 1, CONNECT_MS) <= 0) {
			close(fd);
			return -1;
		}
	}
	fcntl(fd, F_SETFL, 0);
	return fd;
}

int api_connect(const struct api_fixture *f)
{
	int fd = api_try_connect(f);

	assert_true(fd >= 0);
	return fd;
}

/* The other side may have closed: that is for the test to see by reading. */
void api_send(int fd, const char *text)
{
	size_t length = strlen(text);

	while (length > 0) {
		ssize_t sent = send(fd, text, length, MSG_NOSIGNAL);
		if (sent <= 0)
			return;
		text += sent;
		length -= (size_t)sent;
	}
}

size_t api_receive(int fd, char *text_r, size_t most, int within_ms)
{
	int64_t until_ms = clock_steady_ms() + within_ms;
	size_t length = 0;

	for (;;) {
		struct pollfd wait = {.fd = fd, .events = POLLIN};
		int64_t left_ms = until_ms - clock_steady_ms();
		ssize_t got;
		if (length + 1 >= most || left_ms <= 0 || poll(&wait, 1, (int)left_ms) <= 0)
			break;
		got = recv(fd, text_r + length, most - 1 - length, 0);
		if (got <= 0)
			break;
		length += (size_t)got;
	}
	text_r[length] = '\0';
	return length;
}

int64_t api_wait_closed(int fd, int within_ms)
{
	int64_t began_ms = clock_steady_ms();
	char text[4096];

	while (clock_steady_ms() - began_ms < within_ms) {
		struct pollfd wait = {.fd = fd, .events = POLLIN};
		if (poll(&wait, 1, 20) > 0 && recv(fd, text, sizeof(text), 0) <= 0)
			break;
	}
	return clock_steady_ms() - began_ms;
}
