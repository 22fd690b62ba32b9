#include "deliver/mail.h"

#include <sodium.h>
#include <stdlib.h>

#include "base/instant.h"
#include "base/utf8.h"

enum {
	WORD_BYTES_MAX = 39, /* in one encoded word: 64 characters with its frame, so behind "Subject: " less than 76 */
	PLAIN_HEADER_MAX = 60,
	LINE_BYTES = 57, /* 76 characters of base64 */
	BASE64_BYTES = 80,
	LABEL_BYTES_MAX = 63,
};

/* ---- addresses ---- */

struct slice mail_domain(struct slice address)
{
	const char *at = memrchr(address.at, '@', address.length);

	if (at == NULL)
		return (struct slice){NULL, 0};
	return (struct slice){at + 1, (uint32_t)(address.at + address.length - at - 1)};
}

static bool is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Parts by dots, none of them empty. */
static bool dotted(struct slice text, const char *signs, uint32_t part_max)
{
	uint32_t part = 0;

	for (uint32_t i = 0; i < text.length; i++) {
		if (text.at[i] == '.') {
			if (part == 0)
				return false;
			part = 0;
			continue;
		}
		if ((!is_alnum(text.at[i]) && (text.at[i] == '\0' || strchr(signs, text.at[i]) == NULL)) || ++part > part_max)
			return false;
	}
	return part > 0;
}

static bool domain_right(struct slice domain)
{
	if (!dotted(domain, "-", LABEL_BYTES_MAX) || memchr(domain.at, '.', domain.length) == NULL)
		return false;
	for (uint32_t i = 0; i < domain.length; i++)
		if (domain.at[i] == '-' && (i == 0 || domain.at[i - 1] == '.' || i + 1 == domain.length ||
		                            domain.at[i + 1] == '.'))
			return false;
	return true;
}

int mail_check_address(struct slice address, struct error *error)
{
	struct slice domain, local;

	if (address.length == 0 || address.length > MAIL_ADDRESS_BYTES_MAX)
		return error_set(error, "expected a mail address of 1 to %d bytes, got %u", MAIL_ADDRESS_BYTES_MAX,
		                 address.length);
	for (uint32_t i = 0; i < address.length; i++) {
		if (address.at[i] < 0)
			return error_set(error, "the mail address holds characters that are not ASCII; write an international "
			                 "domain in its xn-- form, and ask for an address with an ASCII name before the `@`");
		if (address.at[i] <= ' ' || strchr("<>()\",;:\\[]", address.at[i]) != NULL)
			return error_set(error, "expected a bare mail address such as cashier@example.com: no name beside it, no "
			                 "spaces, quotes or angle brackets");
	}
	domain = mail_domain(address);
	if (domain.at == NULL)
		return error_set(error, "the mail address has no `@`");
	local = (struct slice){address.at, address.length - domain.length - 1};
	if (!dotted(local, "!#$%&'*+-/=?^_`{|}~", MAIL_LOCAL_BYTES_MAX) || local.length > MAIL_LOCAL_BYTES_MAX)
		return error_set(error, "what stands before the `@` is no mailbox name");
	if (!domain_right(domain))
		return error_set(error, "what stands behind the `@` is no domain such as example.com");
	return 0;
}

/* ---- headers ---- */

static bool plain_header(struct slice text)
{
	for (uint32_t i = 0; i < text.length; i++)
		if (text.at[i] < ' ' || text.at[i] > '~')
			return false;
	return text.length <= PLAIN_HEADER_MAX && memmem(text.at, text.length, "=?", 2) == NULL;
}

/* How many bytes of whole characters go into one encoded word. */
static uint32_t word_length(struct slice rest)
{
	uint32_t fits = 0;

	for (size_t at = 0; at < rest.length;) {
		utf8_next(rest.at, &at);
		if (at > WORD_BYTES_MAX)
			break;
		fits = (uint32_t)at;
	}
	return fits;
}

/* RFC 2047: ASCII as it is, all else as encoded words, a line each. */
static void write_words(FILE *out, struct slice text)
{
	char base64[BASE64_BYTES];
	uint32_t length;

	for (bool first = true; text.length > 0; first = false) {
		length = word_length(text);
		sodium_bin2base64(base64, sizeof(base64), (const unsigned char *)text.at, length,
		                  sodium_base64_VARIANT_ORIGINAL);
		fprintf(out, "%s=?UTF-8?B?%s?=", first ? "" : "\r\n ", base64);
		text = (struct slice){text.at + length, text.length - length};
	}
}

static void write_date(FILE *out, int64_t ms)
{
	static const char *const days[] = {"", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
	static const char *const months[] = {"", "Jan", "Feb", "Mar", "Apr", "May", "Jun",
	                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	int64_t local_s = (ms + INSTANT_CHINA_MS) / INSTANT_SECOND_MS;
	int year, month, day;

	instant_civil(instant_china_day(ms), &year, &month, &day);
	fprintf(out, "Date: %s, %d %s %d %02d:%02d:%02d +0800\r\n", days[instant_china_weekday(ms)], day, months[month],
	        year, (int)(local_s / 3600 % 24), (int)(local_s / 60 % 60), (int)(local_s % 60));
}

static void write_head(const struct mail *m, FILE *out)
{
	write_date(out, m->now_ms);
	fputs("From: ", out);
	write_words(out, m->signature);
	fprintf(out, "\r\n <%.*s>\r\nTo: <%.*s>\r\nSubject: ", SLICE_PRINT(m->from), SLICE_PRINT(m->to));
	if (plain_header(m->text->subject))
		fprintf(out, "%.*s", SLICE_PRINT(m->text->subject));
	else
		write_words(out, m->text->subject);
	fprintf(out, "\r\nMessage-ID:\r\n <%.*s@%.*s>\r\n", SLICE_PRINT(m->id), SLICE_PRINT(mail_domain(m->from)));
	fprintf(out, "Auto-Submitted: auto-generated\r\nContent-Language: %s\r\nMIME-Version: 1.0\r\n",
	        m->text->english ? "en" : "zh-CN");
	fprintf(out, "Content-Type: multipart/alternative;\r\n boundary=\"=_%.*s\"\r\n\r\n", SLICE_PRINT(m->id));
}

/* ---- the two parts ---- */

/* Text in MIME has CRLF line ends before it is encoded. */
static void write_base64(FILE *out, const char *text, size_t length)
{
	unsigned char line[LINE_BYTES];
	char base64[BASE64_BYTES];
	size_t filled = 0;

	for (size_t i = 0; i < length; i++)
		for (int half = text[i] == '\n' ? 0 : 1; half < 2; half++) {
			line[filled++] = half == 0 ? '\r' : (unsigned char)text[i];
			if (filled < LINE_BYTES)
				continue;
			sodium_bin2base64(base64, sizeof(base64), line, filled, sodium_base64_VARIANT_ORIGINAL);
			fprintf(out, "%s\r\n", base64);
			filled = 0;
		}
	sodium_bin2base64(base64, sizeof(base64), line, filled, sodium_base64_VARIANT_ORIGINAL);
	if (filled > 0)
		fprintf(out, "%s\r\n", base64);
}

/* The boundary's `_` is in no base64. */
static void write_part(const struct mail *m, FILE *out, const char *type,
                       void (*write)(const struct mail *mail, FILE *out))
{
	size_t length = 0;
	char *text = NULL;
	FILE *part = open_memstream(&text, &length);

	if (part == NULL)
		die("out of memory: a mail");
	write(m, part);
	if (fclose(part) != 0)
		die("out of memory: a mail");
	fprintf(out, "--=_%.*s\r\nContent-Type: text/%s; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n",
	        SLICE_PRINT(m->id), type);
	write_base64(out, text, length);
	free(text);
}

struct slice mail_write(const struct mail *m, struct arena *arena)
{
	size_t length = 0;
	char *text = NULL;
	FILE *out = open_memstream(&text, &length);
	struct slice copy;

	if (out == NULL)
		die("out of memory: a mail");
	write_head(m, out);
	write_part(m, out, "plain", mail_write_plain);
	write_part(m, out, "html", mail_write_html);
	fprintf(out, "--=_%.*s--\r\n", SLICE_PRINT(m->id));
	if (fclose(out) != 0)
		die("out of memory: a mail");
	copy = arena_copy(arena, (struct slice){text, (uint32_t)length});
	free(text);
	return copy;
}
