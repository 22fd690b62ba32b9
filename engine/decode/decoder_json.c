/*
 * huqi.tx.v1: one JSON object a message, one transaction an object (contract.md section 1).
 *
 * Nearly every message is plain (json_plain.h) and read there; what follows is for all others.
 *
 * Structure comes first: the object is walked once for types, keys that stand twice, depth and NULs; then
 * the fields are taken in the contract's order, so that a reason doesn't depend on the order of keys.
 * yyjson parses in a copy that is overwritten by the next message; a string without escapes is the
 * message's own bytes, and only a message with a backslash has its strings copied into the arena. Numbers
 * stay text: an amount never passes through a double.
 *
 * Memory is taken when the context is made and never again.
 */
#include <stdlib.h>
#include <yyjson.h>

#include "base/ident.h"
#include "base/utf8.h"
#include "decode/decoders.h"
#include "decode/json_plain.h"
#include "decode/tx_build.h"

enum { DEPTH_MAX = 64, BOM_BYTES = 3 };

static const yyjson_read_flag flags = YYJSON_READ_INSITU | YYJSON_READ_NUMBER_AS_RAW;

struct json_state {
	struct json_keys keys;
	struct json_values values; /* of the message at hand */
	char copy[DECODE_JSON_BYTES_MAX + JSON_PLAIN_PADDING];
	size_t pool_bytes;
	char pool[]; /* yyjson's memory for one document of the largest size */
};

/* One message on its way. */
struct reader {
	struct decode_context *context;
	struct json_state *state;
	const char *bytes; /* the message without its BOM; state->copy holds it, unescaped in place */
	size_t length;
	bool escapes; /* a backslash stands in it */
	struct json_values *values; /* the state's */
};

_Static_assert(JSON_PLAIN_PADDING >= YYJSON_PADDING_SIZE, "yyjson reads the same copy");

static int state_new(struct decode_context *context)
{
	size_t pool_bytes = yyjson_read_max_memory_usage(DECODE_JSON_BYTES_MAX, flags);
	struct json_state *state = malloc(sizeof(*state) + pool_bytes);

	if (state == NULL)
		return -1;
	json_keys_init(&state->keys);
	state->pool_bytes = pool_bytes;
	context->state = state;
	return 0;
}

static void state_free(struct decode_context *context)
{
	free(context->state);
}

/* The value's bytes, valid until the context's reset. */
static struct slice text_of(struct reader *r, yyjson_val *value)
{
	const char *at = unsafe_yyjson_get_str(value);
	uint32_t length = (uint32_t)unsafe_yyjson_get_len(value);

	if (!r->escapes)
		return (struct slice){r->bytes + (at - r->state->copy), length};
	return arena_copy(&r->context->arena, (struct slice){at, length});
}

static bool holds_nul(const struct reader *r, yyjson_val *text)
{
	return r->escapes && memchr(unsafe_yyjson_get_str(text), '\0', unsafe_yyjson_get_len(text)) != NULL;
}

static const char *type_words(yyjson_val *value)
{
	switch (yyjson_get_type(value)) {
	case YYJSON_TYPE_RAW: return "is a number";
	case YYJSON_TYPE_BOOL: return "is a boolean";
	case YYJSON_TYPE_ARR: return "is an array";
	case YYJSON_TYPE_OBJ: return "is an object";
	case YYJSON_TYPE_NULL: return "is null";
	default: return "is a string";
	}
}

static int reject_type(struct reader *r, const char *name, yyjson_val *value, const char *wanted)
{
	struct slice shown = {0};

	if (yyjson_is_raw(value) || yyjson_is_str(value))
		shown = text_of(r, value);
	else if (yyjson_is_bool(value))
		shown = slice_of(yyjson_is_true(value) ? "true" : "false");
	return tx_build_reject(r->context, name, shown, "%s; expected %s", type_words(value), wanted);
}

static int reject_nul(struct reader *r, const char *name)
{
	return tx_build_reject(r->context, name, (struct slice){0},
	                       "holds a NUL character; expected text without it");
}

enum ignored_fault { IGNORED_OK, IGNORED_DEEP, IGNORED_NUL };

/* What isn't read must still be sound. `depth` counts the containers around `value`. */
static enum ignored_fault check_ignored(const struct reader *r, yyjson_val *value, int depth)
{
	enum ignored_fault fault = IGNORED_OK;
	size_t i, count;
	yyjson_val *key, *item;

	if (yyjson_is_str(value))
		return holds_nul(r, value) ? IGNORED_NUL : IGNORED_OK;
	if (!yyjson_is_ctn(value))
		return IGNORED_OK;
	if (depth >= DEPTH_MAX)
		return IGNORED_DEEP;
	if (yyjson_is_arr(value)) {
		yyjson_arr_foreach(value, i, count, item)
			if (fault == IGNORED_OK)
				fault = check_ignored(r, item, depth + 1);
		return fault;
	}
	yyjson_obj_foreach(value, i, count, key, item)
		if (fault == IGNORED_OK)
			fault = holds_nul(r, key) ? IGNORED_NUL : check_ignored(r, item, depth + 1);
	return fault;
}

static int take_unknown(struct reader *r, yyjson_val *key, yyjson_val *value, int depth)
{
	struct slice name = {unsafe_yyjson_get_str(key), (uint32_t)unsafe_yyjson_get_len(key)};
	char masked[IDENT_MASKED_BYTES];
	enum ignored_fault fault = holds_nul(r, key) ? IGNORED_NUL : check_ignored(r, value, depth);

	if (fault == IGNORED_OK)
		return 0;
	if (fault == IGNORED_DEEP)
		return tx_build_reject(r->context, "", (struct slice){0},
		                       "is nested too deeply below `%s`; expected at most %d "
		                       "objects and arrays in each other",
		                       ident_mask_value(name, masked), DEPTH_MAX);
	return reject_nul(r, ident_mask_value(name, masked));
}

static int take_twice(struct reader *r, const char *name)
{
	return tx_build_reject(r->context, name, (struct slice){0}, "stands here twice; expected it once");
}

/* Notes a known field's value; its type must be right whatever the value says. */
static int take_known(struct reader *r, enum tx_field field, yyjson_val *value, uint64_t *seen)
{
	const char *name = tx_fields[field].name;
	bool number_allowed = tx_fields[field].type == TX_TYPE_MONEY;
	uint64_t bit = UINT64_C(1) << field;

	if ((*seen & bit) != 0)
		return take_twice(r, name);
	*seen |= bit;
	if (yyjson_is_null(value))
		return 0;
	if (!yyjson_is_str(value) && !(yyjson_is_raw(value) && number_allowed))
		return reject_type(r, name, value, number_allowed ? "a decimal string or number" : "a string");
	if (yyjson_is_str(value) && holds_nul(r, value))
		return reject_nul(r, name);
	r->values->texts[field] = text_of(r, value);
	r->values->given |= bit;
	return 0;
}

static int take_party(struct reader *r, yyjson_val *party, uint64_t *seen)
{
	unsigned field = JSON_KEY_FIRST;
	size_t i, count;
	yyjson_val *key, *value;

	if (*seen & UINT64_C(1) << JSON_KEY_PARTY)
		return take_twice(r, "counterparty");
	*seen |= UINT64_C(1) << JSON_KEY_PARTY;
	if (yyjson_is_null(party))
		return 0;
	if (!yyjson_is_obj(party))
		return reject_type(r, "counterparty", party, "an object");
	yyjson_obj_foreach(party, i, count, key, value) {
		int result;

		field = json_key_next(&r->state->keys.party, field, unsafe_yyjson_get_str(key), unsafe_yyjson_get_len(key));
		result = field == JSON_KEY_UNKNOWN ? take_unknown(r, key, value, 2) : take_known(r, field, value, seen);
		if (result == -1)
			return -1;
	}
	return 0;
}

/* `seen`: a bit a field, and one for `counterparty`. */
static int take_object(struct reader *r, yyjson_val *root, uint64_t *seen)
{
	unsigned field = JSON_KEY_FIRST;
	size_t i, count;
	yyjson_val *key, *value;

	_Static_assert(JSON_KEY_PARTY < 64, "a bit a field");
	yyjson_obj_foreach(root, i, count, key, value) {
		int result;

		field = json_key_next(&r->state->keys.top, field, unsafe_yyjson_get_str(key), unsafe_yyjson_get_len(key));
		result = field == JSON_KEY_UNKNOWN ? take_unknown(r, key, value, 1)
		         : field == JSON_KEY_PARTY ? take_party(r, value, seen)
		                                   : take_known(r, field, value, seen);
		if (result == -1)
			return -1;
	}
	return 0;
}

/* "" is not the same as absent: it breaks the rule of every field that isn't free text. */
static int set_empty(struct tx_build *build, enum tx_field field)
{
	const struct tx_field_info *info = &tx_fields[field];

	if (info->when_wrong == TX_WRONG_REJECT && tx_build_set(build, field, (struct slice){0}) == -1)
		return -1; /* a required one, in words of its own */
	if (info->when_wrong == TX_WRONG_REJECT)
		return tx_build_reject(build->context, info->name, (struct slice){0},
		                       "is empty; expected a value, null, or no such key");
	if (info->when_wrong == TX_WRONG_ASIDE)
		tx_build_aside(build, field);
	return 0;
}

/* In the contract's order. */
static int build_tx(struct decode_context *context, const struct json_values *values)
{
	struct tx_build build;

	if (tx_build_begin(&build, context) == -1)
		return -1;
	for (uint64_t given = values->given; given != 0; given &= given - 1) {
		enum tx_field field = (enum tx_field)__builtin_ctzll(given);
		struct slice text = values->texts[field];
		if ((text.length > 0 ? tx_build_set(&build, field, text) : set_empty(&build, field)) == -1)
			return -1;
	}
	return tx_build_end(&build);
}

static int reject_unreadable(struct reader *r, const yyjson_read_err *error)
{
	struct slice none = {0};

	if (!utf8_valid(r->bytes, r->length))
		return tx_build_reject(r->context, "", none, "is not UTF-8; expected one JSON object in UTF-8");
	return tx_build_reject(r->context, "", none, "is not one JSON object: %s at byte %zu", error->msg,
	                       error->pos + 1);
}

/* Any JSON; yyjson unescapes in the copy. */
static int read_any(struct reader *r)
{
	struct json_state *state = r->state;
	yyjson_read_err error;
	yyjson_doc *doc;
	yyjson_val *root;
	yyjson_alc pool;
	uint64_t seen = 0;

	yyjson_alc_pool_init(&pool, state->pool, state->pool_bytes);
	doc = yyjson_read_opts(state->copy, r->length, flags, &pool, &error);
	if (doc == NULL)
		return reject_unreadable(r, &error);
	root = yyjson_doc_get_root(doc);
	if (!yyjson_is_obj(root))
		return tx_build_reject(r->context, "", (struct slice){0}, "%s; expected one JSON object", type_words(root));
	r->escapes = memchr(r->bytes, '\\', r->length) != NULL;
	r->values->given = 0;
	return take_object(r, root, &seen);
}

static int decode_json(struct decode_context *context, const char *bytes, size_t length, bool at_start)
{
	size_t bom = length >= BOM_BYTES && memcmp(bytes, "\xEF\xBB\xBF", BOM_BYTES) == 0 ? BOM_BYTES : 0;
	struct json_state *state = context->state;
	struct reader r = {context, state, bytes + bom, length - bom, false, &state->values};

	(void)at_start;
	memcpy(state->copy, r.bytes, r.length);
	memset(state->copy + r.length, 0, JSON_PLAIN_PADDING);
	if (!json_plain_read(&state->keys, r.bytes, state->copy, r.length, r.values) && read_any(&r) == -1)
		return -1;
	return build_tx(context, r.values);
}

const struct decoder decoder_json = {
	.name = "json",
	.title = {"原生交易消息 huqi.tx.v1", "a huqi.tx.v1 object"},
	.framing = DECODE_LINES,
	.bytes_max = DECODE_JSON_BYTES_MAX,
	.decode = decode_json,
	.state_new = state_new,
	.state_free = state_free,
};
