#include "api/mask.h"

#include <string.h>

#include "base/ident.h"
#include "base/utf8.h"

enum {
	DIGITS_MIN = 10, /* a telephone number has 11 */
	ACCOUNT_DIGITS_MIN = 15,
	DEVICE_CHARACTERS = 4, /* of an address or a device, that are shown */
	SECRETS_MAX = 64, /* values that a reason may repeat; further ones are caught by their digits only */
	DEPTH_MAX = 8
};

enum kind { KIND_OTHER, KIND_ACCOUNT, KIND_NAME, KIND_PHONE, KIND_DEVICE };

struct masking {
	yyjson_mut_doc *document;
	struct arena *arena;
	struct {
		struct slice plain, masked;
	} secrets[SECRETS_MAX];
	size_t secret_count;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A run of digits, as an account or, where it is shorter than one, as a telephone number. */
static void mask_run(char *digits, uint32_t length)
{
	uint32_t first = length < ACCOUNT_DIGITS_MIN ? 3 : 6;

	memset(digits + first, '*', length - first - 4);
}

struct slice mask_digits(struct slice text, struct arena *arena)
{
	struct slice copy = arena_copy(arena, text);
	char *bytes = (char *)copy.at;

	for (uint32_t from = 0, to; from < copy.length; from = to + 1) {
		for (to = from; to < copy.length && is_digit(bytes[to]); to++)
			;
		if (to + 1 < copy.length && bytes[to] == '.' && is_digit(bytes[to + 1])) /* an amount */
			continue;
		if (to - from >= DIGITS_MIN)
			mask_run(bytes + from, to - from);
	}
	return copy;
}

struct slice mask_account(struct slice account, struct arena *arena)
{
	char masked[IDENT_MASKED_BYTES];

	return arena_copy(arena, slice_of(ident_mask_account(account, masked)));
}

static bool contains(struct slice text, const char *part)
{
	return text.length > 0 && memmem(text.at, text.length, part, strlen(part)) != NULL;
}

static bool is_organisation(struct slice name)
{
	static const char *const parts[] = {"公司", "集团", "厂", "中心", "银行", "合作社", "事务所", "商行", "经营部",
		"学校", "大学", "医院", "委员会", "协会", "国库", "待报解", "Ltd", "LTD", "LIMITED", "Limited", "Co.",
		"CO.", "Inc", "INC", "GmbH", "Bank", "BANK"};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (contains(name, parts[i]))
			return true;
	return false;
}

struct slice mask_name(struct slice name, struct arena *arena)
{
	char masked[IDENT_MASKED_BYTES];

	return is_organisation(name) ? name : arena_copy(arena, slice_of(ident_mask_name(name, masked)));
}

/* Facts are named after fields of the transaction, "counterparty.account"; what is computed of one has
 * another name. */
static enum kind kind_of(const char *key)
{
	static const struct {
		const char *name;
		enum kind kind;
	} names[] = {
		{"account", KIND_ACCOUNT}, {"account_name", KIND_NAME}, {"name", KIND_NAME}, {"operator", KIND_NAME},
		{"phone", KIND_PHONE}, {"ip", KIND_DEVICE}, {"mac", KIND_DEVICE}, {"device", KIND_DEVICE},
		{"terminal", KIND_DEVICE},
	};
	const char *point = strrchr(key, '.'), *last = point != NULL ? point + 1 : key;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(last, names[i].name) == 0)
			return names[i].kind;
	return KIND_OTHER;
}

static struct slice mask_as(struct masking *m, enum kind kind, struct slice text)
{
	char masked[IDENT_MASKED_BYTES];

	switch (kind) {
	case KIND_ACCOUNT:
		return mask_account(text, m->arena);
	case KIND_NAME:
		return mask_name(text, m->arena);
	case KIND_PHONE:
		return arena_copy(m->arena, slice_of(ident_mask_phone(text, masked)));
	case KIND_DEVICE:
		return slice_of(arena_print(m->arena, "%.*s*", SLICE_PRINT(utf8_cut(text, DEVICE_CHARACTERS))));
	case KIND_OTHER:
		break;
	}
	return mask_digits(text, m->arena);
}

/* A string in the document becomes its masked form, which the reasons will be searched for. */
static void mask_string(struct masking *m, enum kind kind, yyjson_mut_val *value)
{
	struct slice plain = {yyjson_mut_get_str(value), (uint32_t)yyjson_mut_get_len(value)};
	struct slice masked = mask_as(m, kind, plain);

	if (masked.at == NULL || slice_equal(plain, masked))
		return;
	if (m->secret_count < SECRETS_MAX && plain.length > 1) {
		m->secrets[m->secret_count].plain = plain;
		m->secrets[m->secret_count++].masked = masked;
	}
	yyjson_mut_set_strn(value, masked.at, masked.length);
}

/* Everything below a fact is of the fact's kind. */
static void mask_fact(struct masking *m, enum kind kind, yyjson_mut_val *value, int depth)
{
	yyjson_mut_val *key, *item;
	size_t at, most;

	if (depth == DEPTH_MAX)
		yyjson_mut_set_null(value);
	else if (yyjson_mut_is_str(value))
		mask_string(m, kind, value);
	else if (yyjson_mut_is_arr(value))
		yyjson_mut_arr_foreach(value, at, most, item)
			mask_fact(m, kind, item, depth + 1);
	else if (yyjson_mut_is_obj(value))
		yyjson_mut_obj_foreach(value, at, most, key, item) {
			enum kind own = kind_of(yyjson_mut_get_str(key));
			mask_fact(m, own != KIND_OTHER ? own : kind, item, depth + 1);
		}
}

/* The text with one secret replaced wherever it stands. */
static struct slice replace(struct arena *arena, struct slice text, struct slice plain, struct slice masked)
{
	size_t count = 0, length = text.length;
	const char *end = text.at + text.length, *at;
	char *bytes, *out;

	for (at = text.at; (at = memmem(at, (size_t)(end - at), plain.at, plain.length)) != NULL; at += plain.length)
		count++;
	if (count == 0)
		return text;
	length = text.length - count * plain.length + count * masked.length;
	if ((out = bytes = arena_take(arena, length + 1)) == NULL)
		return (struct slice){"", 0};
	for (at = text.at; at < end;) {
		if ((size_t)(end - at) >= plain.length && memcmp(at, plain.at, plain.length) == 0) {
			out = mempcpy(out, masked.at, masked.length);
			at += plain.length;
		} else {
			*out++ = *at++;
		}
	}
	return (struct slice){bytes, (uint32_t)length};
}

static void mask_reason(struct masking *m, yyjson_mut_val *reason)
{
	yyjson_mut_val *key, *value;
	size_t at, most;

	yyjson_mut_obj_foreach(reason, at, most, key, value) {
		struct slice text = {yyjson_mut_get_str(value), (uint32_t)yyjson_mut_get_len(value)};
		if (text.at == NULL)
			continue;
		for (size_t i = 0; i < m->secret_count; i++)
			text = replace(m->arena, text, m->secrets[i].plain, m->secrets[i].masked);
		text = mask_digits(text, m->arena);
		yyjson_mut_set_strn(value, text.at != NULL ? text.at : "", text.length);
	}
}

static void mask_members(struct masking *m, yyjson_mut_val *alert)
{
	yyjson_mut_val *account = yyjson_mut_obj_get(alert, "account");
	yyjson_mut_val *name = yyjson_mut_obj_get(alert, "account_name");
	yyjson_mut_val *hits = yyjson_mut_obj_get(alert, "hits"), *hit;
	size_t at, most;

	if (yyjson_mut_is_str(account))
		mask_string(m, KIND_ACCOUNT, account);
	if (yyjson_mut_is_str(name))
		mask_string(m, KIND_NAME, name);
	yyjson_mut_arr_foreach(hits, at, most, hit)
		mask_fact(m, KIND_OTHER, yyjson_mut_obj_get(hit, "facts"), 0);
	yyjson_mut_arr_foreach(hits, at, most, hit)
		mask_reason(m, yyjson_mut_obj_get(hit, "reason"));
}

yyjson_mut_val *mask_alert(struct slice body, yyjson_mut_doc *document, struct arena *arena,
                           struct error *error)
{
	struct masking m = {.document = document, .arena = arena};
	yyjson_doc *read = yyjson_read(body.at, body.length, YYJSON_READ_NUMBER_AS_RAW);
	yyjson_mut_val *alert = read != NULL ? yyjson_val_mut_copy(document, yyjson_doc_get_root(read)) : NULL;

	yyjson_doc_free(read);
	if (!yyjson_mut_is_obj(alert)) {
		error_set(error, "an alert in the store is no JSON object; check the store with `huqi store check`");
		return NULL;
	}
	mask_members(&m, alert);
	if (arena_overflowed(arena)) {
		error_set(error, "the alert is larger than one answer may be");
		return NULL;
	}
	return alert;
}
