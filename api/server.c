/*
 * A request's life, and the only file that knows libmicrohttpd.
 *
 *   uri_seen ──▶ on_request, first call: request_check      what can be said from the head alone
 *                on_request, per piece of the body          kept, within the bound known from the head
 *                on_request, last call: the handler ──▶ answer_send
 *   on_completed: freed                                     also where the client went away
 *
 * The library would decode the target leniently; so it is copied as it came, before the library touches it,
 * and read by target.c. What is no HTTP at all is answered by the library itself, with a short page and the
 * connection closed.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <microhttpd.h>

#include "api/api_private.h"
#include "api/route.h"
#include "base/counters.h"
#include "base/log.h"

enum { HEAD_BYTES_MAX = 16 * 1024 };

#define SECURITY_POLICY "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

/* The handler's view comes first, so that one pointer serves both. */
struct server_request {
	struct request request;
	char *text; /* owned: the target, decoded in place */
	const struct route *route;
	struct answer answer;
	bool begun, answered;
	char *body; /* owned, of the length that the head announced */
	size_t body_bytes, body_bytes_max;
};

const char *request_header(struct request *request, const char *name)
{
	return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

static struct connection *slot_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info != NULL ? info->socket_context : NULL;
}

/* The library's answer to a target that it could not read comes without this call. */
static void *uri_seen(void *arg, const char *uri, struct MHD_Connection *connection)
{
	struct server_request *r = calloc(1, sizeof(*r));

	if (r == NULL || (r->text = strdup(uri)) == NULL)
		die("out of memory: a request");
	r->request.api = arg;
	r->request.connection = connection;
	return r;
}

/* The library's decoding, switched off. */
static size_t leave_encoded(void *arg, struct MHD_Connection *connection, char *text)
{
	(void)arg;
	(void)connection;
	return strlen(text);
}

/* "http://host:port/path" is allowed by HTTP/1.1 and means "/path". */
static char *origin_form(char *text)
{
	static const char scheme[] = "http://";

	if (strncasecmp(text, scheme, sizeof(scheme) - 1) != 0)
		return text;
	text += sizeof(scheme) - 1;
	return text + strcspn(text, "/");
}

static void refuse_token(struct server_request *r)
{
	count(COUNT_HTTP_REFUSED);
	answer_problem(&r->answer, 401, r->request.api->has_token
		? "this needs the header `Authorization: Bearer TOKEN` with the token of this service"
		: "this service has no token; set http.token_file, start it again and use that token");
	answer_header(&r->answer, "WWW-Authenticate", "Bearer realm=\"huqi\"");
}

/* The body that the head announces must have a route for it, a length, and be within the bound. */
static void check_body(struct server_request *r)
{
	const char *length = request_header(&r->request, "Content-Length");
	bool chunked = request_header(&r->request, "Transfer-Encoding") != NULL;
	uint64_t bytes = length != NULL ? strtoull(length, NULL, 10) : 0;
	uint64_t most = r->route->takes_body ? r->request.api->options.body_bytes_max : 0;

	if (r->route->body_bytes_max > 0 && most > r->route->body_bytes_max)
		most = r->route->body_bytes_max;
	if (chunked) {
		answer_problem(&r->answer, 411, "send the body with a Content-Length");
	} else if (bytes > most) {
		count(COUNT_HTTP_TOO_LARGE);
		answer_problem(&r->answer, 413, most == 0 ? "this takes no body" : "the body may have %llu bytes at most",
		               (unsigned long long)most);
	} else if (bytes > 0 && (r->body = malloc(bytes)) == NULL) {
		die("out of memory: a body of %llu bytes", (unsigned long long)bytes);
	}
	r->body_bytes_max = r->body != NULL ? bytes : 0;
}

static void check_target(struct server_request *r, const char *method)
{
	struct target *target = &r->request.target;
	struct error error;
	char allow[32];
	static const char *const none[] = {NULL};
	const char *const *names;

	if (target_parse(origin_form(r->text), target, &error) == -1) {
		if (target->faulty[0] != '\0')
			answer_bad_parameter(&r->answer, target->faulty, error.text);
		else
			answer_problem(&r->answer, 400, "%s", error.text);
		return;
	}
	r->route = route_find(target, method, r->request.api->options.demo, &r->request.id, allow);
	names = r->route != NULL && r->route->parameters != NULL ? r->route->parameters : none;
	if (r->route == NULL && allow[0] == '\0') {
		answer_problem(&r->answer, 404, "there is nothing at this path; /api/v1/openapi.json lists what there is");
	} else if (r->route == NULL) {
		answer_problem(&r->answer, 405, "this path knows %s", allow);
		answer_header(&r->answer, "Allow", "%s", allow);
	} else if (!r->route->open && !auth_check(r->request.api, request_header(&r->request, "Authorization"))) {
		refuse_token(r);
	} else if (!r->route->any_query && target_check_names(target, names, &error) == -1) {
		answer_bad_parameter(&r->answer, target->faulty, error.text);
	}
}

/* What the head alone decides. An answer with a status is final. */
static void request_check(struct server_request *r, const char *method, unsigned refusal)
{
	if (refusal != 0) {
		answer_problem(&r->answer, refusal, refusal == 429
			? "too many connections from this address; close some, or try again later"
			: "too many connections; try again later");
		answer_header(&r->answer, "Retry-After", "1");
		answer_header(&r->answer, "Connection", "close");
		return;
	}
	check_target(r, method);
	if (r->answer.status == 0)
		check_body(r);
}

static void handle(struct server_request *r)
{
	struct readers *readers = r->request.api->readers;
	struct reader *reader = reader_take(readers);

	r->request.store = reader->store;
	r->request.arena = &reader->arena;
	r->request.body = (struct slice){r->body, (uint32_t)r->body_bytes};
	r->route->handle(&r->request, &r->answer);
	reader_give(readers, reader);
}

static enum MHD_Result answer_send(struct server_request *r)
{
	struct answer *a = &r->answer;
	struct MHD_Response *response;
	enum MHD_Result result;

	response = a->fixed != NULL
		? MHD_create_response_from_buffer(a->body_bytes, (void *)a->fixed, MHD_RESPMEM_PERSISTENT)
		: MHD_create_response_from_buffer(a->body_bytes, a->body, MHD_RESPMEM_MUST_FREE);
	if (response == NULL)
		die("out of memory: an answer");
	a->body = NULL; /* the library's now */
	MHD_add_response_header(response, "Content-Type", a->type);
	MHD_add_response_header(response, "Cache-Control", "no-store");
	MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
	MHD_add_response_header(response, "Content-Security-Policy", SECURITY_POLICY);
	MHD_add_response_header(response, "Referrer-Policy", "no-referrer");
	MHD_add_response_header(response, "Cross-Origin-Resource-Policy", "same-origin");
	for (size_t i = 0; i < a->header_count; i++)
		MHD_add_response_header(response, a->headers[i].name, a->headers[i].value);
	r->answered = true;
	result = MHD_queue_response(r->request.connection, a->status, response);
	MHD_destroy_response(response);
	return result;
}

/* An early answer, before a body that is not wanted, makes the library close the connection: so without
 * one it waits. */
static enum MHD_Result begin(struct server_request *r, const char *method)
{
	struct connection_table *connections = r->request.api->connections;
	struct connection *slot = slot_of(r->request.connection);
	bool has_body;

	r->begun = true;
	request_check(r, method, slot != NULL ? connection_refusal(slot) : 503);
	has_body = request_header(&r->request, "Content-Length") != NULL ||
	           request_header(&r->request, "Transfer-Encoding") != NULL;
	if (slot != NULL)
		connection_enter(connections, slot, CONNECTION_BODY);
	return r->answer.status != 0 && has_body ? answer_send(r) : MHD_YES;
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_bytes, void **context)
{
	struct server_request *r = *context;
	struct connection *slot;

	(void)arg;
	(void)url;
	(void)version;
	if (r == NULL)
		return MHD_NO;
	if (!r->begun)
		return begin(r, method);
	if (*upload_bytes > 0) {
		if (*upload_bytes > r->body_bytes_max - r->body_bytes)
			return MHD_NO;
		memcpy(r->body + r->body_bytes, upload, *upload_bytes);
		r->body_bytes += *upload_bytes;
		*upload_bytes = 0;
		return MHD_YES;
	}
	if ((slot = slot_of(connection)) != NULL)
		connection_enter(r->request.api->connections, slot, CONNECTION_ANSWER);
	if (r->answer.status == 0)
		handle(r);
	return answer_send(r);
}

static void on_completed(void *arg, struct MHD_Connection *connection, void **context,
                         enum MHD_RequestTerminationCode code)
{
	struct server_request *r = *context;
	struct connection *slot = slot_of(connection);
	struct api *api = arg;

	(void)code;
	if (r == NULL)
		return;
	if (r->answered) {
		count(COUNT_HTTP_REQUESTS);
		log_event(LOG_DEBUG, "api", "a request", "route", "%s", r->route != NULL ? r->route->path : "none",
		          "status", "%u", r->answer.status, NULL);
	}
	if (slot != NULL)
		connection_enter(api->connections, slot, CONNECTION_HEAD);
	answer_drop(&r->answer);
	free(r->body);
	free(r->text);
	free(r);
	*context = NULL;
}

static void on_connection(void *arg, struct MHD_Connection *connection, void **slot,
                          enum MHD_ConnectionNotificationCode code)
{
	struct api *api = arg;

	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		int fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
		const union MHD_ConnectionInfo *from =
			MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
		*slot = connection_open(api->connections, fd, from != NULL ? from->client_addr : NULL);
		if (*slot == NULL)
			shutdown(fd, SHUT_RDWR);
	} else if (*slot != NULL) {
		connection_close(api->connections, *slot);
		*slot = NULL;
	}
}

int server_start(struct api *api, int listen_fd, struct error *error)
{
	const struct api_options *o = &api->options;
	struct connection_bounds bounds = {o->connections_max, o->connections_per_address_max, o->head_deadline_ms,
	                                   o->body_deadline_ms};

	api->connections = connection_table_new(&bounds);
	api->daemon = MHD_start_daemon(
		MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC, 0, NULL, NULL,
		on_request, api, MHD_OPTION_LISTEN_SOCKET, listen_fd, MHD_OPTION_THREAD_POOL_SIZE,
		o->threads > 1 ? o->threads : 0, MHD_OPTION_CONNECTION_LIMIT,
		o->connections_max + CONNECTIONS_REFUSED_MAX, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		(size_t)HEAD_BYTES_MAX, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_URI_LOG_CALLBACK, uri_seen, api,
		MHD_OPTION_UNESCAPE_CALLBACK, leave_encoded, NULL, MHD_OPTION_NOTIFY_CONNECTION, on_connection, api,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, api, MHD_OPTION_END);
	if (api->daemon == NULL)
		return error_set(error, "the HTTP server cannot be started with %u threads and %u connections; check "
		                        "the limits on open files and threads", o->threads, o->connections_max);
	return 0;
}

void server_stop(struct api *api)
{
	if (api->daemon != NULL)
		MHD_stop_daemon(api->daemon);
	api->daemon = NULL;
	connection_table_free(&api->connections);
}
