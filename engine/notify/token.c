#include "notify/token.h"

#include <sodium.h>
#include <stdbool.h>
#include <string.h>

#include "base/instant.h"

enum {
	HEAD_BYTES = 5, /* kind, expiry */
	MAC_BYTES = 16,
	BYTES_MAX = HEAD_BYTES + TOKEN_ID_BYTES_MAX + MAC_BYTES,
	URL_HOST_MAX = 255,
};

_Static_assert(TOKEN_TEXT_BYTES > (BYTES_MAX + 2) / 3 * 4, "the longest token and its zero");

/* What the key also signs elsewhere cannot be taken for this. */
static const char purpose[] = "huqi answer 1";

static void mac_of(const unsigned char key[TOKEN_KEY_BYTES], const unsigned char *bytes, size_t length,
                   unsigned char mac_r[MAC_BYTES])
{
	crypto_generichash_state state;

	crypto_generichash_init(&state, key, TOKEN_KEY_BYTES, MAC_BYTES);
	crypto_generichash_update(&state, (const unsigned char *)purpose, sizeof(purpose));
	crypto_generichash_update(&state, bytes, length);
	crypto_generichash_final(&state, mac_r, MAC_BYTES);
}

const char *token_write(const unsigned char key[TOKEN_KEY_BYTES], const struct token *token,
                        char text_r[TOKEN_TEXT_BYTES])
{
	unsigned char bytes[BYTES_MAX];
	size_t id_length = strnlen(token->delivery, sizeof(token->delivery));
	uint64_t seconds = (uint64_t)(token->expires_ms / INSTANT_SECOND_MS);

	text_r[0] = '\0';
	if (id_length == 0 || id_length > TOKEN_ID_BYTES_MAX || token->expires_ms < 0 || seconds > UINT32_MAX)
		return text_r;
	bytes[0] = token->kind;
	for (int i = 4; i > 0; i--, seconds >>= 8)
		bytes[i] = (unsigned char)seconds;
	memcpy(bytes + HEAD_BYTES, token->delivery, id_length);
	mac_of(key, bytes, HEAD_BYTES + id_length, bytes + HEAD_BYTES + id_length);
	sodium_bin2base64(text_r, TOKEN_TEXT_BYTES, bytes, HEAD_BYTES + id_length + MAC_BYTES,
	                  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return text_r;
}

enum token_verdict token_read(const unsigned char key[TOKEN_KEY_BYTES], struct slice text, int64_t now_ms,
                              struct token *token_r)
{
	unsigned char bytes[BYTES_MAX], mac[MAC_BYTES];
	size_t length, id_length;
	int64_t seconds = 0;

	if (text.length == 0 ||
	    sodium_base642bin(bytes, sizeof(bytes), text.at, text.length, NULL, &length, NULL,
	                      sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
	    length <= HEAD_BYTES + MAC_BYTES)
		return TOKEN_WRONG;
	id_length = length - HEAD_BYTES - MAC_BYTES;
	mac_of(key, bytes, HEAD_BYTES + id_length, mac);
	if (sodium_memcmp(mac, bytes + HEAD_BYTES + id_length, MAC_BYTES) != 0)
		return TOKEN_WRONG;
	*token_r = (struct token){.kind = bytes[0]};
	memcpy(token_r->delivery, bytes + HEAD_BYTES, id_length);
	for (int i = 1; i < HEAD_BYTES; i++)
		seconds = seconds << 8 | bytes[i];
	token_r->expires_ms = seconds * INSTANT_SECOND_MS;
	return now_ms < token_r->expires_ms ? TOKEN_RIGHT : TOKEN_EXPIRED;
}

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* "127.0.0.1:8080" and the like. */
static bool is_this_machine(const char *host)
{
	static const char *const names[] = {"127.0.0.1", "[::1]", "localhost"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (begins(host, names[i]) && (host[strlen(names[i])] == '\0' || host[strlen(names[i])] == ':'))
			return true;
	return false;
}

int answer_links_check(const char *public_url, struct error *error)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]";
	const char *host = public_url;

	if (public_url[0] == '\0')
		return 0;
	host += begins(public_url, "https://") ? 8 : begins(public_url, "http://") && is_this_machine(public_url + 7) ? 7 : 0;
	if (host == public_url || host[0] == '\0' || strspn(host, allowed) != strlen(host) || strlen(host) > URL_HOST_MAX)
		return error_set(error, "http.public_url is `%s`; expected https://HOST, perhaps with :PORT, and nothing behind "
		                        "it (http:// only for this machine)", public_url);
	return 0;
}

static const struct answer_links *links_used;

void answer_links_use(const struct answer_links *links)
{
	links_used = links;
}

struct slice answer_url(struct slice delivery, uint8_t kind, int64_t now_ms, struct arena *arena)
{
	const struct answer_links *links = links_used;
	struct token token = {.kind = kind};
	char text[TOKEN_TEXT_BYTES];

	if (links == NULL || links->public_url[0] == '\0' || delivery.length > TOKEN_ID_BYTES_MAX)
		return (struct slice){"", 0};
	token.expires_ms = now_ms + links->expires_ms;
	memcpy(token.delivery, delivery.at, delivery.length);
	if (token_write(links->key, &token, text)[0] == '\0')
		return (struct slice){"", 0};
	return slice_of(arena_print(arena, "%s/a/%s", links->public_url, text));
}
