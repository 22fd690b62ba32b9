#include "api/inbox.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "api/api_private.h"

enum { SECRET_BYTES_MAX = 64, SECRET_BYTES_MIN = 24, ID_BYTES_MAX = 128, CLOCKS_APART_MS = 5 * 60 * 1000 };

#define SECRET_PREFIX "whsec_"

struct inbox {
	unsigned char secret[SECRET_BYTES_MAX];
	size_t secret_bytes;
	pthread_mutex_t lock;
	/* under the lock: a ring, `count` messages that end before `next` */
	size_t next, count;
	struct {
		char id[ID_BYTES_MAX + 1], to[ID_BYTES_MAX + 1];
		char *body; /* owned */
		size_t body_bytes;
		int64_t received_ms;
		unsigned times;
	} ring[INBOX_MESSAGES_MAX];
};

struct inbox *inbox_new(const char *secret, struct error *error)
{
	struct inbox *inbox = calloc(1, sizeof(*inbox));
	size_t prefix = strlen(SECRET_PREFIX);

	if (inbox == NULL)
		die("out of memory: the demo's inbox");
	pthread_mutex_init(&inbox->lock, NULL);
	if (strncmp(secret, SECRET_PREFIX, prefix) == 0 &&
	    sodium_base642bin(inbox->secret, sizeof(inbox->secret), secret + prefix, strlen(secret + prefix), NULL,
	                      &inbox->secret_bytes, NULL, sodium_base64_VARIANT_ORIGINAL) == 0 &&
	    inbox->secret_bytes >= SECRET_BYTES_MIN)
		return inbox;
	error_set(error, "the secret of the demo's contact: expected %s and base64 of %d to %d bytes", SECRET_PREFIX,
	          SECRET_BYTES_MIN, SECRET_BYTES_MAX);
	inbox_free(&inbox);
	return NULL;
}

void inbox_free(struct inbox **inbox)
{
	struct inbox *i = *inbox;

	if (i == NULL)
		return;
	for (size_t n = 0; n < INBOX_MESSAGES_MAX; n++)
		free(i->ring[n].body);
	pthread_mutex_destroy(&i->lock);
	sodium_memzero(i->secret, sizeof(i->secret));
	free(i);
	*inbox = NULL;
}

static void sign(const struct inbox *inbox, const char *id, const char *timestamp, struct slice body,
                 unsigned char signature_r[crypto_auth_hmacsha256_BYTES])
{
	crypto_auth_hmacsha256_state state;

	crypto_auth_hmacsha256_init(&state, inbox->secret, inbox->secret_bytes);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)id, strlen(id));
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)".", 1);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)timestamp, strlen(timestamp));
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)".", 1);
	if (body.length > 0)
		crypto_auth_hmacsha256_update(&state, (const unsigned char *)body.at, body.length);
	crypto_auth_hmacsha256_final(&state, signature_r);
}

/* One of "v1,BASE64 v1,BASE64 …" is the right one. */
static bool one_fits(const char *signatures, const unsigned char right[crypto_auth_hmacsha256_BYTES])
{
	unsigned char given[crypto_auth_hmacsha256_BYTES];
	bool fits = false;
	size_t length, bytes;

	for (; *signatures != '\0'; signatures += length + (signatures[length] == ' ')) {
		length = strcspn(signatures, " ");
		if (length > 3 && memcmp(signatures, "v1,", 3) == 0 &&
		    sodium_base642bin(given, sizeof(given), signatures + 3, length - 3, NULL, &bytes, NULL,
		                      sodium_base64_VARIANT_ORIGINAL) == 0 &&
		    bytes == sizeof(given))
			fits |= sodium_memcmp(given, right, sizeof(given)) == 0;
	}
	return fits;
}

static bool timestamp_near(const char *timestamp, int64_t now_ms)
{
	int64_t seconds = 0, apart_ms;

	if (strlen(timestamp) > 12 || timestamp[0] == '\0')
		return false;
	for (; *timestamp != '\0'; timestamp++) {
		if (*timestamp < '0' || *timestamp > '9')
			return false;
		seconds = seconds * 10 + *timestamp - '0';
	}
	apart_ms = seconds * 1000 - now_ms;
	return apart_ms <= CLOCKS_APART_MS && apart_ms >= -CLOCKS_APART_MS;
}

int inbox_check(const struct inbox *inbox, const char *id, const char *timestamp, const char *signatures,
                struct slice body, int64_t now_ms, struct error *error)
{
	unsigned char right[crypto_auth_hmacsha256_BYTES];

	if (id == NULL || timestamp == NULL || signatures == NULL)
		return error_set(error, "the headers webhook-id, webhook-timestamp and webhook-signature are needed");
	if (id[0] == '\0' || strlen(id) > ID_BYTES_MAX)
		return error_set(error, "webhook-id: expected 1 to %d characters", ID_BYTES_MAX);
	if (!timestamp_near(timestamp, now_ms))
		return error_set(error, "webhook-timestamp: expected seconds since 1970, at most five minutes from now");
	sign(inbox, id, timestamp, body, right);
	if (!one_fits(signatures, right))
		return error_set(error, "webhook-signature: none fits this message and secret");
	return 0;
}

/* The slot of a message that came before, else the next one of the ring, emptied. Under the lock. */
static size_t slot_for(struct inbox *inbox, const char *id)
{
	size_t slot;

	for (size_t n = 0; n < inbox->count; n++) {
		slot = (inbox->next + INBOX_MESSAGES_MAX - 1 - n) % INBOX_MESSAGES_MAX;
		if (strcmp(inbox->ring[slot].id, id) == 0)
			return slot;
	}
	slot = inbox->next;
	inbox->next = (slot + 1) % INBOX_MESSAGES_MAX;
	inbox->count += inbox->count < INBOX_MESSAGES_MAX;
	inbox->ring[slot].times = 0;
	return slot;
}

void inbox_put(struct inbox *inbox, const char *id, struct slice to, struct slice body, int64_t now_ms)
{
	char *copy = strndup(body.at, body.length);
	size_t slot;

	if (copy == NULL)
		die("out of memory: a message of the demo's inbox");
	pthread_mutex_lock(&inbox->lock);
	slot = slot_for(inbox, id);
	if (inbox->ring[slot].times++ == 0) {
		strcpy(inbox->ring[slot].id, id);
		snprintf(inbox->ring[slot].to, sizeof(inbox->ring[slot].to), "%.*s", SLICE_PRINT(to));
		inbox->ring[slot].received_ms = now_ms;
	}
	free(inbox->ring[slot].body);
	inbox->ring[slot].body = copy;
	inbox->ring[slot].body_bytes = strlen(copy);
	pthread_mutex_unlock(&inbox->lock);
}

size_t inbox_list(struct inbox *inbox, struct arena *arena,
                  struct inbox_message messages_r[INBOX_MESSAGES_MAX])
{
	size_t count;

	pthread_mutex_lock(&inbox->lock);
	count = inbox->count;
	for (size_t n = 0; n < count; n++) {
		size_t slot = (inbox->next + INBOX_MESSAGES_MAX - 1 - n) % INBOX_MESSAGES_MAX;
		struct slice body = {inbox->ring[slot].body, (uint32_t)inbox->ring[slot].body_bytes};
		messages_r[n] = (struct inbox_message){
			.id = arena_copy(arena, slice_of(inbox->ring[slot].id)),
			.body = arena_copy(arena, body),
			.to = arena_copy(arena, slice_of(inbox->ring[slot].to)),
			.received_ms = inbox->ring[slot].received_ms,
			.times = inbox->ring[slot].times,
		};
	}
	pthread_mutex_unlock(&inbox->lock);
	return count;
}
