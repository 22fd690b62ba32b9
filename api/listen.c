/*
 * An address that others can reach is refused without a token: a mistyped setting must not publish the
 * alerts.
 */
#include "api/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 128, HOST_BYTES = 64 };

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static bool port_parse(const char *text, uint16_t *port_r)
{
	char *end;
	long port;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	port = strtol(text, &end, 10);
	*port_r = (uint16_t)port;
	return errno == 0 && *end == '\0' && port <= 65535;
}

/* "[host]:port" is IPv6, "host:port" IPv4. */
static bool address_parse(const char *text, union address *address_r)
{
	bool bracketed = text[0] == '[';
	const char *host = text + bracketed, *colon = strrchr(text, ':');
	const char *end = bracketed ? strchr(text, ']') : colon;
	char copy[HOST_BYTES];
	uint16_t port;

	memset(address_r, 0, sizeof(*address_r));
	if (colon == NULL || end == NULL || end + bracketed != colon || end - host >= HOST_BYTES ||
	    !port_parse(colon + 1, &port))
		return false;
	memcpy(copy, host, (size_t)(end - host));
	copy[end - host] = '\0';
	if (bracketed) {
		address_r->v6.sin6_family = AF_INET6;
		address_r->v6.sin6_port = htons(port);
		return inet_pton(AF_INET6, copy, &address_r->v6.sin6_addr) == 1;
	}
	address_r->v4.sin_family = AF_INET;
	address_r->v4.sin_port = htons(port);
	return inet_pton(AF_INET, copy, &address_r->v4.sin_addr) == 1;
}

static bool is_loopback(const union address *address)
{
	if (address->any.sa_family == AF_INET6)
		return IN6_IS_ADDR_LOOPBACK(&address->v6.sin6_addr);
	return ntohl(address->v4.sin_addr.s_addr) >> 24 == 127;
}

static int socket_open(const union address *address, const char *text, struct error *error)
{
	bool v6 = address->any.sa_family == AF_INET6;
	int fd = socket(address->any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;

	if (fd == -1)
		return error_set(error, "http.listen %s: %s", text, strerror(errno));
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (v6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (bind(fd, &address->any, v6 ? sizeof(address->v6) : sizeof(address->v4)) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	error_set(error, "http.listen %s: %s%s", text, strerror(errno),
	          errno == EADDRINUSE ? "; another program listens there: stop it, or set another http.listen" : "");
	close(fd);
	return -1;
}

int listen_open(const char *text, bool public_allowed, uint16_t *port_r, struct error *error)
{
	union address address;
	socklen_t length = sizeof(address);
	int fd;

	if (!address_parse(text, &address))
		return error_set(error, "http.listen `%.80s`: expected a numeric address and a port, as in 127.0.0.1:8080 "
		                        "or [::1]:8080", text);
	if (!public_allowed && !is_loopback(&address))
		return error_set(error, "http.listen %s can be reached from outside and there is no token; set "
		                        "http.token_file, or listen on 127.0.0.1", text);
	fd = socket_open(&address, text, error);
	if (fd == -1)
		return -1;
	getsockname(fd, &address.any, &length);
	*port_r = ntohs(address.any.sa_family == AF_INET6 ? address.v6.sin6_port : address.v4.sin_port);
	return fd;
}
