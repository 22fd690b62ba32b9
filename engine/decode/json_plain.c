/*
 * One pass, most of it sixteen bytes at a time: a key is compared with the one that stood there in the message before, a
 * string runs to the first byte that is not plain. The zeros behind the message are no character of JSON, so that nothing
 * asks where it ends.
 */
#include "decode/json_plain.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/utf8.h"

enum { AT_ONCE = 16 };

_Static_assert(JSON_PLAIN_PADDING >= 2 * JSON_KEY_OPENING_BYTES && JSON_PLAIN_PADDING >= AT_ONCE, "no read passes it");
_Static_assert(JSON_KEY_PARTY < 64, "a bit a field");

struct plain {
	struct json_keys *keys;
	const char *bytes, *padded, *end; /* end: of `padded` */
	uint64_t seen, nulls; /* a bit a field, and one for `counterparty`: what came, and as null */
	struct slice *texts; /* by field */
};

/* How many of the next 16 bytes come before a quote, a backslash, a control character or one beyond ASCII. */
static inline unsigned plain_bytes(const char *at)
{
#ifdef __SSE2__
	__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
	__m128i stops = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')),
	                                          _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'))),
	                             _mm_cmplt_epi8(bytes, _mm_set1_epi8(' '))); /* signed: those beyond ASCII, too */

	return (unsigned)__builtin_ctz((unsigned)_mm_movemask_epi8(stops) | 1u << AT_ONCE);
#else
	unsigned count = 0;

	while (count < AT_ONCE && at[count] != '"' && at[count] != '\\' && at[count] >= ' ' && at[count] <= '\x7F')
		count++;
	return count;
#endif
}

/* From behind a string's first quote to its last one; NULL where it is not plain. */
static inline const char *string_end(const struct plain *p, const char *at)
{
	for (;;) {
		unsigned count = plain_bytes(at);
		at += count;
		if (__builtin_expect(count == AT_ONCE, 0))
			continue;
		if (*at == '"')
			return at;
		if ((unsigned char)*at < 0x80 || (at = utf8_skip_wide(at, p->end)) == NULL)
			return NULL;
	}
}

static inline const char *skip_blank(const char *at)
{
	while (__builtin_expect((unsigned char)*at <= ' ', 0) && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r'))
		at++;
	return at;
}

static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Without an exponent; NULL where it is another value. */
static const char *number_end(const char *at)
{
	const char *whole = at += *at == '-';

	while (is_digit(*at))
		at++;
	if (at == whole || (*whole == '0' && at - whole > 1))
		return NULL;
	if (*at != '.')
		return *at == 'e' || *at == 'E' ? NULL : at;
	for (whole = ++at; is_digit(*at); at++)
		;
	return at == whole || *at == 'e' || *at == 'E' ? NULL : at;
}

/* False where the field came before, or is none that has a text. */
static inline bool take_field(struct plain *p, unsigned field, const char *from, const char *to)
{
	uint64_t bit = UINT64_C(1) << field;

	if (__builtin_expect(field >= TX_FIELD_COUNT, 0))
		return field == JSON_KEY_UNKNOWN;
	if (__builtin_expect((p->seen & bit) != 0, 0))
		return false;
	p->seen |= bit;
	p->texts[field] = (struct slice){p->bytes + (from - p->padded), (uint32_t)(to - from)};
	return true;
}

static const char *read_members(struct plain *p, struct json_key_table *table, const char *at);

/* What is no string. */
static __attribute__((noinline)) const char *read_seldom(struct plain *p, unsigned field, const char *at)
{
	uint64_t bit = UINT64_C(1) << field;
	const char *from = at;

	if (field == JSON_KEY_UNKNOWN || (p->seen & bit) != 0)
		return NULL;
	if (memcmp(at, "null", 4) == 0) {
		p->seen |= bit;
		p->nulls |= bit;
		return at + 4;
	}
	if (field == JSON_KEY_PARTY) {
		p->seen |= bit;
		return *at == '{' ? read_members(p, &p->keys->party, at + 1) : NULL;
	}
	if (tx_fields[field].type != TX_TYPE_MONEY || (at = number_end(at)) == NULL)
		return NULL;
	return take_field(p, field, from, at) ? at : NULL;
}

/* Behind a key's last quote: its field. */
static inline const char *read_key(const struct plain *p, struct json_key_table *table, const char *at, unsigned *field_r)
{
	const struct json_key *key = table->after[*field_r];
	const char *end;

	if (__builtin_expect(key != NULL && json_key_opens(key, at), 1)) {
		*field_r = key->field;
		return at + key->length + 1;
	}
	end = string_end(p, at);
	if (end == NULL)
		return NULL;
	*field_r = json_key_next(table, *field_r, at, (size_t)(end - at));
	return end + 1;
}

static inline bool are_next(const char *at, const char two[2])
{
	return memcmp(at, two, 2) == 0;
}

/* From behind a key to behind its value; nearly always a string without blanks before it. */
static inline const char *read_value(struct plain *p, unsigned field, const char *at)
{
	const char *end;

	if (__builtin_expect(!are_next(at, ":\""), 0)) {
		at = skip_blank(at);
		if (*at != ':')
			return NULL;
		at = skip_blank(at + 1);
		if (*at != '"')
			return read_seldom(p, field, at);
		at--;
	}
	at += 2;
	end = string_end(p, at);
	return end != NULL && take_field(p, field, at, end) ? end + 1 : NULL;
}

/* From behind a value to behind the next key's first quote, or behind the brace that closes the object (`last_r`). */
static inline const char *read_comma(const char *at, bool *last_r)
{
	*last_r = false;
	if (__builtin_expect(are_next(at, ",\""), 1))
		return at + 2;
	at = skip_blank(at);
	*last_r = *at == '}';
	if (*last_r)
		return at + 1;
	if (*at != ',')
		return NULL;
	at = skip_blank(at + 1);
	return *at == '"' ? at + 1 : NULL;
}

/* From behind a brace to behind its like; NULL where something is not plain. */
static const char *read_members(struct plain *p, struct json_key_table *table, const char *at)
{
	unsigned field = JSON_KEY_FIRST;
	bool last = false;

	at = skip_blank(at);
	if (*at != '"')
		return *at == '}' ? at + 1 : NULL;
	for (at++; !last && at != NULL;) {
		at = read_key(p, table, at, &field);
		if (at != NULL)
			at = read_value(p, field, at);
		if (at != NULL)
			at = read_comma(at, &last);
	}
	return at;
}

bool json_plain_read(struct json_keys *keys, const char *bytes, const char *padded, size_t length,
                     struct json_values *values_r)
{
	struct plain p = {keys, bytes, padded, padded + length, 0, 0, values_r->texts};
	const char *at = skip_blank(padded);

	if (*at != '{')
		return false;
	at = read_members(&p, &keys->top, at + 1);
	values_r->given = p.seen & ~p.nulls & ((UINT64_C(1) << TX_FIELD_COUNT) - 1);
	return at != NULL && skip_blank(at) == p.end;
}
