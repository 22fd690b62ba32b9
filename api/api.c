/*
 * Start and stop. What is opened last is closed first; no HTTP thread runs before everything is there.
 */
#include "api/api.h"

#include <stdlib.h>
#include <unistd.h>

#include "api/api_private.h"
#include "api/listen.h"
#include "base/log.h"

enum { THREADS_MOST = 64, CONNECTIONS_MOST = 10000 };

static int check_options(const struct api_options *o, struct error *error)
{
	if (o->threads < 1 || o->threads > THREADS_MOST)
		return error_set(error, "http.threads %u: expected 1 to %d", o->threads, THREADS_MOST);
	if (o->connections_max < o->threads || o->connections_max > CONNECTIONS_MOST)
		return error_set(error, "http.connections_max %u: expected from http.threads (%u) to %d",
		                 o->connections_max, o->threads, CONNECTIONS_MOST);
	if (o->head_deadline_ms <= 0 || o->body_deadline_ms <= 0)
		return error_set(error, "http.head_deadline and http.body_deadline: expected more than 0");
	if (o->demo && (o->demo_secret == NULL || o->demo_secret[0] == '\0'))
		return error_set(error, "the demo's inbox needs the secret of its contact");
	return 0;
}

static int start(struct api *api, const struct api_options *o, struct error *error)
{
	int fd;

	if (readers_open(o->store_path, o->key_file, o->threads, &api->readers, error) == -1)
		return -1;
	if (o->demo && (api->inbox = inbox_new(o->demo_secret, error)) == NULL)
		return -1;
	fd = listen_open(o->listen, api->has_token, &api->port, error);
	if (fd == -1)
		return -1;
	if (server_start(api, fd, error) == 0)
		return 0;
	close(fd);
	return -1;
}

int api_start(const struct api_options *options, struct api **api_r, struct error *error)
{
	struct api *api;

	*api_r = NULL;
	if (check_options(options, error) == -1)
		return -1;
	if (sodium_init() == -1 || (api = calloc(1, sizeof(*api))) == NULL)
		die("out of memory: the API");
	api->options = *options;
	api->options.token = api->options.demo_secret = NULL;
	auth_set_token(api, options->token);
	pthread_mutex_init(&api->gauges_lock, NULL);
	if (start(api, options, error) == -1) {
		api_stop(&api);
		return -1;
	}
	log_event(LOG_INFO, "api", "listening", "address", "%s", options->listen, "port", "%u", (unsigned)api->port,
	          NULL);
	*api_r = api;
	return 0;
}

void api_stop(struct api **api)
{
	struct api *a = *api;

	if (a == NULL)
		return;
	server_stop(a);
	inbox_free(&a->inbox);
	readers_close(&a->readers);
	pthread_mutex_destroy(&a->gauges_lock);
	sodium_memzero(a->token_hash, sizeof(a->token_hash));
	free(a);
	*api = NULL;
}

uint16_t api_port(const struct api *api)
{
	return api->port;
}
