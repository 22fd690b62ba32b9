#include "deliver/guard.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <string.h>

/* A range of addresses: the first `bits` bits of `base`. */
struct range {
	uint8_t base[16];
	uint8_t bits;
};

/* IANA's IPv4 special-purpose registry, with multicast and class E. */
static const struct range ipv4_special[] = {
	{{0}, 8},              /* this network */
	{{10}, 8},             /* private */
	{{100, 64}, 10},       /* shared between a carrier and its customers */
	{{127}, 8},            /* loopback */
	{{169, 254}, 16},      /* link-local; clouds keep their metadata there */
	{{172, 16}, 12},       /* private */
	{{192, 0, 0}, 24},     /* protocol assignments */
	{{192, 0, 2}, 24},     /* documentation */
	{{192, 88, 99}, 24},   /* 6to4 relays */
	{{192, 168}, 16},      /* private */
	{{198, 18}, 15},       /* benchmarks */
	{{198, 51, 100}, 24},  /* documentation */
	{{203, 0, 113}, 24},   /* documentation */
	{{224}, 4},            /* multicast */
	{{240}, 4},            /* reserved, broadcast */
};

/* Inside 2000::/3; whatever is outside is no global unicast and refused anyway. */
static const struct range ipv6_special[] = {
	{{0x20, 0x01, 0x00}, 23},             /* protocol assignments, Teredo */
	{{0x20, 0x01, 0x0d, 0xb8}, 32},       /* documentation */
	{{0x20, 0x02}, 16},                   /* 6to4 carries an IPv4 address */
	{{0x3f, 0xff, 0x00}, 20},             /* documentation */
};

static const struct range ipv6_global = {{0x20}, 3};
static const struct range ipv6_nat64 = {{0x00, 0x64, 0xff, 0x9b}, 96};

static bool in_range(const uint8_t *address, const struct range *range)
{
	unsigned whole = range->bits / 8, rest = range->bits % 8;
	uint8_t mask = (uint8_t)(0xff << (8 - rest));

	return memcmp(address, range->base, whole) == 0 &&
	       (rest == 0 || (address[whole] & mask) == (range->base[whole] & mask));
}

static bool in_any(const uint8_t *address, const struct range *ranges, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (in_range(address, &ranges[i]))
			return true;
	return false;
}

static bool ipv4_public(const uint8_t *address)
{
	return !in_any(address, ipv4_special, sizeof(ipv4_special) / sizeof(ipv4_special[0]));
}

static bool ipv6_public(const uint8_t *address)
{
	if (in_range(address, &ipv6_nat64))
		return ipv4_public(address + 12);
	return in_range(address, &ipv6_global) &&
	       !in_any(address, ipv6_special, sizeof(ipv6_special) / sizeof(ipv6_special[0]));
}

/* The bytes of an address; NULL for a family that is neither IPv4 nor IPv6. */
static const uint8_t *bytes_of(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET)
		return (const uint8_t *)&((const struct sockaddr_in *)address)->sin_addr;
	if (address->sa_family == AF_INET6)
		return ((const struct sockaddr_in6 *)address)->sin6_addr.s6_addr;
	return NULL;
}

bool guard_is_public(const struct sockaddr *address)
{
	const uint8_t *bytes = bytes_of(address);

	return bytes != NULL && (address->sa_family == AF_INET ? ipv4_public(bytes) : ipv6_public(bytes));
}

bool guard_is_loopback(const struct sockaddr *address)
{
	static const uint8_t one[16] = {[15] = 1};
	const uint8_t *bytes = bytes_of(address);

	return bytes != NULL && (address->sa_family == AF_INET ? bytes[0] == 127 : memcmp(bytes, one, 16) == 0);
}

/* Multicast, broadcast and "any" are nobody's address, whatever the settings allow. */
static bool is_unicast(const struct sockaddr *address)
{
	static const uint8_t any[16];
	const uint8_t *bytes = bytes_of(address);

	if (bytes == NULL)
		return false;
	if (address->sa_family == AF_INET)
		return bytes[0] != 0 && bytes[0] < 224;
	return bytes[0] != 0xff && memcmp(bytes, any, 16) != 0;
}

bool guard_allows(const struct sockaddr *address, bool allow_private, bool loopback_only)
{
	if (loopback_only)
		return allow_private && guard_is_loopback(address);
	return guard_is_public(address) || (allow_private && is_unicast(address));
}

/* A host written as an address; curl has normalised odd spellings such as 0x7f.1 and put IPv6 in brackets. */
static bool host_address(const char *host, struct sockaddr_storage *address_r)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)address_r;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)address_r;
	char bare[INET6_ADDRSTRLEN + 1] = "";
	size_t length = strlen(host);

	memset(address_r, 0, sizeof(*address_r));
	if (length > 2 && length - 2 < sizeof(bare) && host[0] == '[')
		memcpy(bare, host + 1, length - 2);
	if (inet_pton(AF_INET, host, &v4->sin_addr) == 1)
		address_r->ss_family = AF_INET;
	else if (inet_pton(AF_INET6, bare, &v6->sin6_addr) == 1)
		address_r->ss_family = AF_INET6;
	return address_r->ss_family != 0;
}

static bool host_is_localhost(const char *host)
{
	size_t length = strlen(host);

	return strcasecmp(host, "localhost") == 0 ||
	       (length > 10 && strcasecmp(host + length - 10, ".localhost") == 0);
}

static int check_host(const char *host, bool http, bool allow_private, struct error *error)
{
	struct sockaddr_storage address;
	bool literal = host_address(host, &address), local = host_is_localhost(host);

	if (http && !(allow_private && (local || (literal && guard_is_loopback((struct sockaddr *)&address)))))
		return error_set(error, "`http:` carries warnings in the clear; use https (http only to this machine itself, "
		                        "where notify.allow_private is set)");
	if ((literal && !guard_allows((struct sockaddr *)&address, allow_private, false)) || (local && !allow_private))
		return error_set(error, "the host is of a private or reserved network; expected a public one, or set "
		                        "notify.allow_private");
	return 0;
}

static int check_parts(CURLU *parts, bool allow_private, bool *http_r, struct error *error)
{
	char *scheme = NULL, *host = NULL, *user = NULL, *fragment = NULL;
	int result = -1;

	curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0);
	curl_url_get(parts, CURLUPART_HOST, &host, 0);
	curl_url_get(parts, CURLUPART_USER, &user, 0);
	curl_url_get(parts, CURLUPART_FRAGMENT, &fragment, 0);
	*http_r = scheme != NULL && strcmp(scheme, "http") == 0;
	if (scheme == NULL || (!*http_r && strcmp(scheme, "https") != 0))
		error_set(error, "expected a URL that begins with https://");
	else if (host == NULL || *host == '\0')
		error_set(error, "the URL names no host");
	else if (user != NULL || fragment != NULL)
		error_set(error, "the URL may hold neither a user (before `@`) nor a fragment (behind `#`)");
	else
		result = check_host(host, *http_r, allow_private, error);
	curl_free(scheme);
	curl_free(host);
	curl_free(user);
	curl_free(fragment);
	return result;
}

int guard_check_url(struct slice url, bool allow_private, bool *http_r, struct error *error)
{
	char text[GUARD_URL_BYTES_MAX + 1];
	bool http = false;
	CURLU *parts;
	int result;

	if (url.length == 0 || url.length > GUARD_URL_BYTES_MAX)
		return error_set(error, "expected a URL of 1 to %d bytes, got %u", GUARD_URL_BYTES_MAX, url.length);
	memcpy(text, url.at, url.length);
	text[url.length] = '\0';
	if (strlen(text) != url.length || text[strcspn(text, " \t\r\n")] != '\0')
		return error_set(error, "the URL holds a space or a control character");
	if ((parts = curl_url()) == NULL)
		die("out of memory: a URL");
	if (curl_url_set(parts, CURLUPART_URL, text, 0) != CURLUE_OK)
		result = error_set(error, "this is no URL; expected https://host/path");
	else
		result = check_parts(parts, allow_private, &http, error);
	curl_url_cleanup(parts);
	if (http_r != NULL)
		*http_r = http;
	return result;
}
