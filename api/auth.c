/*
 * One bearer token. Only its hash is kept, and hashes are compared, so that neither memory nor the time of an
 * answer tells anything about it.
 */
#include <string.h>
#include <strings.h>

#include "api/api_private.h"

static void hash(const char *token, unsigned char hash_r[TOKEN_HASH_BYTES])
{
	crypto_hash_sha256(hash_r, (const unsigned char *)token, strlen(token));
}

void auth_set_token(struct api *api, const char *token)
{
	api->has_token = token != NULL && token[0] != '\0';
	if (api->has_token)
		hash(token, api->token_hash);
}

bool auth_check(const struct api *api, const char *authorization)
{
	static const char scheme[] = "Bearer ";
	unsigned char given[TOKEN_HASH_BYTES];

	if (!api->has_token || authorization == NULL || strncasecmp(authorization, scheme, sizeof(scheme) - 1) != 0)
		return false;
	hash(authorization + sizeof(scheme) - 1, given);
	return sodium_memcmp(given, api->token_hash, TOKEN_HASH_BYTES) == 0;
}
