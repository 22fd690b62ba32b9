/*
 * How an SMS gateway wants to be asked and how it answers, out of a YAML file (seeds/sms-gateway.yaml explains each
 * key). Providers differ in nothing but this, so none of them is in the program.
 */
#ifndef DELIVER_SMS_GATEWAY_H
#define DELIVER_SMS_GATEWAY_H

#include "deliver/channel.h"

#define SMS_HEADERS_MAX 8
#define SMS_SECRETS_MAX 8
#define SMS_CODES_MAX 64 /* of one kind */

enum sms_type { SMS_JSON, SMS_FORM };

struct sms_named {
	const char *name, *value;
};

struct sms_codes {
	const char *items[SMS_CODES_MAX];
	size_t count;
};

/* A text of the answer: at a JSON pointer (RFC 6901), or with "" the whole of it. */
struct sms_test {
	long status; /* 0: any of 200 to 299 */
	const char *pointer;
	const char *equals, *contains; /* one of them */
};

/* All texts are owned by `arena`; those that are not set are "". */
struct sms_gateway {
	struct arena arena;
	const char *url, *method, *body; /* url and body with placeholders */
	enum sms_type type;
	struct sms_named headers[SMS_HEADERS_MAX], secrets[SMS_SECRETS_MAX];
	size_t header_count, secret_count;
	bool adds_signature; /* the gateway puts 【…】 before the text itself */
	struct sms_test success;
	const char *provider_id; /* JSON pointer */
	const char *error_pointer;
	struct sms_codes dead, gone, retry;
	int64_t retry_wait_ms;
	/* Fields of what the gateway calls back with, for those who receive that. */
	struct {
		const char *provider_id, *phone, *status, *time;
		struct sms_codes delivered; /* values of `status` that say so; all others say the contrary */
	} receipt;
	struct {
		const char *phone, *text, *time;
	} reply;
};

/* Reads and checks a file, with a trial request. Secrets are read now. -1 with file, line, column. */
int sms_gateway_load(const char *path, struct sms_gateway **gateway_r, struct error *error);
void sms_gateway_free(struct sms_gateway **gateway);

/* What placeholders stand for. */
struct sms_values {
	struct slice phone, text, id, signature, time;
};

/* How a value is made harmless where it stands. */
enum sms_escape { SMS_ESCAPE_JSON, SMS_ESCAPE_URL, SMS_ESCAPE_NONE };

/*
 * `template` with each {name} replaced by its value or by the secret of that name, escaped; a brace that is no
 * placeholder stays. Empty where the arena is full.
 */
struct slice sms_fill(const struct sms_gateway *gateway, struct arena *arena, const char *template,
                      const struct sms_values *values, enum sms_escape escape);

#endif
