#include "notify_receiver.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <microhttpd.h>
#include <sodium.h>

#include "base/clock.h"
#include "base/error.h"

enum { RECEIVED_MAX = 20000, BODY_MAX = 20000, HUGE = 1 << 20 };

static struct MHD_Daemon *server;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct received *list;
static int list_count;

struct body {
	char bytes[BODY_MAX];
	size_t length;
};

/* RFC 2104 by hand over SHA-256, so that the signature is not checked by the code that made it. */
static void hmac(const unsigned char *key, size_t key_length, const char *text, size_t length, unsigned char mac[32])
{
	unsigned char pad[64], *inner = malloc(64 + length), outer[96];

	for (size_t i = 0; i < 64; i++)
		pad[i] = (i < key_length ? key[i] : 0) ^ 0x36;
	memcpy(inner, pad, 64);
	memcpy(inner + 64, text, length);
	crypto_hash_sha256(outer + 64, inner, 64 + length);
	for (size_t i = 0; i < 64; i++)
		outer[i] = pad[i] ^ 0x36 ^ 0x5c;
	crypto_hash_sha256(mac, outer, sizeof(outer));
	free(inner);
}

static const char *header(struct MHD_Connection *c, const char *name)
{
	const char *value = MHD_lookup_connection_value(c, MHD_HEADER_KIND, name);

	return value != NULL ? value : "";
}

static bool is_signed(struct MHD_Connection *c, const struct body *body)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned char key[24], mac[33] = {0};
	char *text = malloc(BODY_MAX + 256), expected[64] = "v1,";
	int length = snprintf(text, 256, "%s.%s.", header(c, "webhook-id"), header(c, "webhook-timestamp")), out = 3;

	for (int i = 0; i < 24; i++)
		key[i] = (unsigned char)(i + 1);
	memcpy(text + length, body->bytes, body->length);
	hmac(key, sizeof(key), text, (size_t)length + body->length, mac);
	free(text);
	for (int i = 0; i < 33; i += 3) {
		unsigned group = (unsigned)mac[i] << 16 | (unsigned)mac[i + 1] << 8 | (i + 2 < 32 ? mac[i + 2] : 0u);
		for (int shift = 18; shift >= 0; shift -= 6)
			expected[out++] = digits[group >> shift & 63];
	}
	expected[out - 1] = '='; /* 32 bytes leave one short */
	expected[out] = '\0';
	return strcmp(header(c, "webhook-signature"), expected) == 0;
}

/* Writes it down; how many came before it on this path. */
static int record(struct MHD_Connection *c, const char *url, const struct body *body)
{
	struct received r = {.timestamp_s = atoll(header(c, "webhook-timestamp")), .at_ms = clock_steady_ms(),
	                     .signed_right = is_signed(c, body)};
	int before = 0;

	snprintf(r.path, sizeof(r.path), "%s", url);
	snprintf(r.id, sizeof(r.id), "%s", header(c, "webhook-id"));
	snprintf(r.agent, sizeof(r.agent), "%s", header(c, "user-agent"));
	pthread_mutex_lock(&lock);
	for (int i = 0; i < list_count; i++)
		before += strcmp(list[i].path, r.path) == 0;
	if (list_count < RECEIVED_MAX)
		list[list_count++] = r;
	pthread_mutex_unlock(&lock);
	return before;
}

static ssize_t drip(void *arg, uint64_t at, char *bytes, size_t most)
{
	(void)arg;
	(void)most;
	if (at > 0)
		usleep(20000);
	bytes[0] = '.';
	return 1;
}

/* What a robot says in its body. */
static char *words_of(const char *url, int before)
{
	if (strncmp(url, "/removed", 8) == 0)
		return "{\"errcode\":93000}";
	if (strncmp(url, "/full", 5) == 0 && before == 0)
		return "{\"errcode\":45009}";
	return strncmp(url, "/robot", 6) == 0 || strncmp(url, "/full", 5) == 0 ? "{\"errcode\":0}" : "ok";
}

static enum MHD_Result answer(struct MHD_Connection *c, const char *url, int before)
{
	static char huge[HUGE];
	bool is_huge = strncmp(url, "/huge", 5) == 0, drips = strncmp(url, "/drip", 5) == 0;
	char *words = words_of(url, before);
	struct MHD_Response *r = drips
		? MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 16, drip, NULL, NULL)
		: MHD_create_response_from_buffer(is_huge ? HUGE : strlen(words), is_huge ? huge : words, MHD_RESPMEM_MUST_COPY);
	unsigned status = 200;
	enum MHD_Result result;

	if (strncmp(url, "/error", 6) == 0 || (strncmp(url, "/flaky", 6) == 0 && before < 2))
		status = 500;
	else if (strncmp(url, "/gone", 5) == 0)
		status = 410;
	else if (strncmp(url, "/busy", 5) == 0 && before == 0)
		status = 429;
	else if (strncmp(url, "/moved", 6) == 0)
		status = 302;
	if (status == 429)
		MHD_add_response_header(r, "Retry-After", "1");
	if (status == 302)
		MHD_add_response_header(r, "Location", "/ok/moved");
	result = MHD_queue_response(c, status, r);
	MHD_destroy_response(r);
	return result;
}

static enum MHD_Result handle(void *arg, struct MHD_Connection *c, const char *url, const char *method,
                              const char *version, const char *bytes, size_t *length, void **context)
{
	struct body *body = *context;

	(void)arg;
	(void)method;
	(void)version;
	if (body == NULL) {
		*context = calloc(1, sizeof(*body));
		return *context != NULL ? MHD_YES : MHD_NO;
	}
	if (*length > 0) {
		if (body->length + *length > BODY_MAX)
			return MHD_NO;
		memcpy(body->bytes + body->length, bytes, *length);
		body->length += *length;
		*length = 0;
		return MHD_YES;
	}
	return answer(c, url, record(c, url, body));
}

static void finished(void *arg, struct MHD_Connection *c, void **context, enum MHD_RequestTerminationCode code)
{
	(void)arg;
	(void)c;
	(void)code;
	free(*context);
	*context = NULL;
}

void receiver_start(const char *key, const char *certificate)
{
	unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL;
	struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct MHD_OptionItem tls[] = {{MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)key},
	                               {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)certificate}, {MHD_OPTION_END, 0, NULL}};
	struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};

	list = calloc(RECEIVED_MAX, sizeof(*list));
	list_count = 0;
	server = MHD_start_daemon(key != NULL ? flags | MHD_USE_TLS : flags, 0, NULL, NULL, handle, NULL,
	                          MHD_OPTION_SOCK_ADDR, &here, MHD_OPTION_NOTIFY_COMPLETED, finished, NULL,
	                          MHD_OPTION_ARRAY, key != NULL ? tls : none, MHD_OPTION_END);
	if (server == NULL || list == NULL)
		die("the test's receiver cannot be started");
}

void receiver_stop(void)
{
	MHD_stop_daemon(server);
	server = NULL;
	free(list);
	list = NULL;
	list_count = 0;
}

int receiver_port(void)
{
	return MHD_get_daemon_info(server, MHD_DAEMON_INFO_BIND_PORT)->port;
}

bool receiver_get(const char *path, int nth, struct received *r)
{
	bool found = false;

	pthread_mutex_lock(&lock);
	for (int i = 0; i < list_count && !found; i++)
		if (strncmp(list[i].path, path, strlen(path)) == 0 && nth-- == 0) {
			*r = list[i];
			found = true;
		}
	pthread_mutex_unlock(&lock);
	return found;
}

int receiver_count(const char *path)
{
	int count = 0;

	pthread_mutex_lock(&lock);
	for (int i = 0; i < list_count; i++)
		count += strncmp(list[i].path, path, strlen(path)) == 0;
	pthread_mutex_unlock(&lock);
	return count;
}

int receiver_hang(int *port_r)
{
	struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof(here);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd == -1 || bind(fd, (struct sockaddr *)&here, sizeof(here)) == -1 || listen(fd, 4096) == -1 ||
	    getsockname(fd, (struct sockaddr *)&here, &length) == -1)
		die("the test's hanging port cannot be opened");
	*port_r = ntohs(here.sin_port);
	return fd;
}
