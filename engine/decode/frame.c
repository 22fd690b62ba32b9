/*
 * Where one message of a file ends and the next begins.
 *
 * Files of XML and CNAPS messages hold several one after another without anything between them, so the end
 * of the root element is looked for by counting tags; what stands in comments, CDATA, processing
 * instructions and quoted attributes does not count. A broken message must not swallow its neighbours:
 * among the tags of a document an XML declaration, and in CNAPS a "{H:" at the beginning of a line, can
 * only begin a message, so they end the one before whatever its tags say. Whether the message is
 * well-formed is the decoder's matter.
 */
#include "decode/decode.h"

static const char utf8_bom[] = "\xEF\xBB\xBF", xml_opening[] = "<?xml ", cnaps_opening[] = "{H:";

struct scan {
	const char *bytes;
	size_t at, length;
	enum decode_framing framing;
};

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool starts(const struct scan *s, size_t at, const char *what)
{
	size_t length = strlen(what);

	return s->length - at >= length && memcmp(s->bytes + at, what, length) == 0;
}

static size_t skip_blank(const char *bytes, size_t length)
{
	size_t at = 0;

	for (;;) {
		if (at < length && blank(bytes[at]))
			at++;
		else if (length - at >= 3 && memcmp(bytes + at, utf8_bom, 3) == 0)
			at += 3;
		else
			return at;
	}
}

/* Moves behind the next `what`; false where it isn't there yet. */
static bool skip_past(struct scan *s, const char *what)
{
	size_t length = strlen(what);
	const char *found = memmem(s->bytes + s->at, s->length - s->at, what, length);

	if (found == NULL)
		return false;
	s->at = (size_t)(found - s->bytes) + length;
	return true;
}

enum tag { TAG_OPEN, TAG_CLOSE, TAG_EMPTY, TAG_OTHER, TAG_NONE };

/* An element's tag, to its `>`. A `>` in a quoted attribute is none; a `<` there is a forgotten quote. */
static enum tag skip_element(struct scan *s)
{
	bool closes = s->at + 1 < s->length && s->bytes[s->at + 1] == '/';
	char quote = '\0';

	for (size_t at = s->at + 1; at < s->length; at++) {
		char c = s->bytes[at];
		if (c == '<' || (c == '>' && quote == '\0')) {
			s->at = at + (c == '>');
			return closes ? TAG_CLOSE : s->bytes[at - 1] == '/' ? TAG_EMPTY : TAG_OPEN;
		}
		if (quote != '\0')
			quote = c == quote ? '\0' : quote;
		else if (c == '"' || c == '\'')
			quote = c;
	}
	return TAG_NONE;
}

/* What begins with the `<` at s->at; moves behind it. TAG_NONE: it isn't whole. */
static enum tag skip_tag(struct scan *s)
{
	bool whole;

	if (starts(s, s->at, "<!--"))
		whole = skip_past(s, "-->");
	else if (starts(s, s->at, "<![CDATA["))
		whole = skip_past(s, "]]>");
	else if (starts(s, s->at, "<?"))
		whole = skip_past(s, "?>");
	else if (starts(s, s->at, "<!"))
		whole = skip_past(s, ">");
	else
		return skip_element(s);
	return whole ? TAG_OTHER : TAG_NONE;
}

/* Where in bytes[from..to) a new message can only begin; `to` where nowhere. Never at 0, where this one
 * begins. */
static size_t next_opening(const struct scan *s, size_t from, size_t to)
{
	const char *opening = s->framing == DECODE_CNAPS ? cnaps_opening : xml_opening;
	size_t length = strlen(opening), at = from > 0 ? from : 1;

	while (at < to) {
		const char *found = memmem(s->bytes + at, to - at, opening, length);
		if (found == NULL)
			break;
		at = (size_t)(found - s->bytes);
		if (s->framing != DECODE_CNAPS || s->bytes[at - 1] == '\n')
			return at;
		at += length;
	}
	return to;
}

/* Goes on to the next `<`. Returns 0, or where a new message begins before or at it; at the end s->at is
 * s->length. */
static size_t skip_text(struct scan *s)
{
	const char *found = memchr(s->bytes + s->at, '<', s->length - s->at);
	size_t open = found != NULL ? (size_t)(found - s->bytes) : s->length, opening;

	if (s->framing == DECODE_CNAPS) {
		opening = next_opening(s, s->at, open);
		if (opening < open)
			return opening;
	} else if (found != NULL && open > 0 && starts(s, open, xml_opening)) {
		return open;
	}
	s->at = open;
	return 0;
}

/* Behind the root element of what begins at bytes[0], or where another message begins; 0 where neither is
 * there yet. */
static size_t message_end(struct scan s)
{
	size_t depth = 0;

	for (;;) {
		size_t opening = skip_text(&s);
		enum tag tag;

		if (opening > 0 || s.at == s.length)
			return opening;
		tag = skip_tag(&s);
		if (tag == TAG_NONE)
			return 0;
		depth += tag == TAG_OPEN;
		depth -= tag == TAG_CLOSE && depth > 0;
		if (depth == 0 && tag != TAG_OTHER)
			return s.at;
	}
}

static size_t frame_line(const char *bytes, size_t length, bool last, size_t *next_r)
{
	const char *end = memchr(bytes, '\n', length);
	size_t line = end != NULL ? (size_t)(end - bytes) : length;

	*next_r = end != NULL ? line + 1 : last || length > DECODE_MESSAGE_BYTES_MAX ? length : 0;
	if (*next_r == 0)
		return 0;
	if (line > 0 && bytes[line - 1] == '\r')
		line--;
	return line;
}

static size_t cut_long(size_t from, size_t message, size_t *next_r)
{
	if (message <= DECODE_MESSAGE_BYTES_MAX + 1)
		return message;
	*next_r = from + DECODE_MESSAGE_BYTES_MAX + 1;
	return DECODE_MESSAGE_BYTES_MAX + 1;
}

size_t decode_frame(enum decode_framing framing, const char *bytes, size_t length, bool last, size_t *from_r,
                    size_t *next_r)
{
	struct scan s = {.framing = framing};
	size_t end;

	*from_r = 0;
	if (framing == DECODE_LINES)
		return cut_long(0, frame_line(bytes, length, last, next_r), next_r);
	*from_r = skip_blank(bytes, length);
	*next_r = *from_r;
	if (*from_r == length)
		return 0;
	s.bytes = bytes + *from_r;
	s.length = length - *from_r;
	end = message_end(s);
	if (end == 0 && (last || s.length > DECODE_MESSAGE_BYTES_MAX))
		end = next_opening(&s, 1, s.length); /* a comment, say, without its end */
	*next_r = end > 0 ? *from_r + end : 0;
	return cut_long(*from_r, end, next_r);
}
