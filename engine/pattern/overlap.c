/*
 * Patterns that say what others say. What is asked is compared as written: a condition's parts that are joined
 * by `and`, and every other part whole. So it finds copies and leftovers, not every implication.
 */
#include <stdio.h>

#include "pattern/plan.h"
#include "pattern/written.h"

enum { ASKED_MAX = 256, WORDS_ALIKE_LEAST = 3 };

/* What a pattern asks, apart. */
struct asked {
	struct slice key[ASKED_MAX], text[ASKED_MAX];
	uint32_t count;
};

static void ask(struct asked *asked, struct slice key, const char *from, const char *to)
{
	while (from < to && *from == ' ')
		from++;
	while (to > from && to[-1] == ' ')
		to--;
	if (asked->count == ASKED_MAX || from == to)
		return;
	asked->key[asked->count] = key;
	asked->text[asked->count++] = (struct slice){from, (uint32_t)(to - from)};
}

static bool word_at(const char *at, const char *end, const char *word)
{
	size_t length = strlen(word);

	return (size_t)(end - at) >= length && memcmp(at, word, length) == 0;
}

/* Cuts at each ` and ` outside of brackets and quotes; returns false where an ` or ` stands there. */
static bool cut(struct asked *asked, struct slice key, struct slice where)
{
	const char *end = where.at + where.length, *from = where.at;
	int depth = 0;
	char quote = '\0';

	for (const char *at = where.at; at < end; at++) {
		if (quote != '\0' || *at == '\'' || *at == '"') {
			quote = quote == '\0' ? *at : *at == quote ? '\0' : quote;
			continue;
		}
		depth += (*at == '(' || *at == '[') - (*at == ')' || *at == ']');
		if (depth == 0 && word_at(at, end, " or "))
			return false;
		if (depth == 0 && word_at(at, end, " and ")) {
			ask(asked, key, from, at);
			from = at + 5;
		}
	}
	ask(asked, key, from, end);
	return true;
}

static void ask_all(const struct pattern *p, struct asked *asked)
{
	asked->count = 0;
	for (uint32_t i = 0; i < p->written_count; i++) {
		struct slice key = p->written[i].key, text = p->written[i].text;
		uint32_t before = asked->count;
		if (slice_is(key, "where") && cut(asked, key, text))
			continue;
		asked->count = before;
		ask(asked, key, text.at, text.at + text.length);
	}
}

static bool asks(const struct asked *asked, struct slice key, struct slice text)
{
	for (uint32_t i = 0; i < asked->count; i++)
		if (slice_equal(asked->key[i], key) && slice_equal(asked->text[i], text))
			return true;
	return false;
}

static bool asks_all(const struct asked *more, const struct asked *less)
{
	for (uint32_t i = 0; i < less->count; i++)
		if (!asks(more, less->key[i], less->text[i]))
			return false;
	return less->count > 0;
}

static struct slice text_part(const struct pattern *p)
{
	for (uint32_t i = 0; i < p->written_count; i++)
		if (slice_is(p->written[i].key, "text"))
			return p->written[i].text;
	return (struct slice){0};
}

/* The list `any` within {in: …, any: […], …}: where it begins and ends, and how many there are. */
static struct slice words_of(struct slice text, uint32_t *count_r)
{
	const char *from = text.length > 0 ? memmem(text.at, text.length, "any: [", 6) : NULL, *to;

	*count_r = 0;
	if (from == NULL)
		return (struct slice){0};
	from += 5;
	to = memmem(from, (size_t)(text.at + text.length - from), "], none: ", 9);
	to = to != NULL ? to : text.at + text.length;
	*count_r = 1;
	for (const char *at = from; at < to; at++)
		*count_r += *at == ',';
	return (struct slice){from, (uint32_t)(to - from)};
}

static bool same_words(const struct pattern *a, const struct pattern *b)
{
	uint32_t count;
	struct slice x = words_of(text_part(a), &count), y = words_of(text_part(b), &count);

	return count >= WORDS_ALIKE_LEAST && x.length > 0 && slice_equal(x, y);
}

static void compare(struct faults *faults, const struct pattern *a, const struct pattern *b)
{
	struct asked of_a, of_b;

	ask_all(a, &of_a);
	ask_all(b, &of_b);
	if (asks_all(&of_a, &of_b) && asks_all(&of_b, &of_a))
		faults_say(faults, false, a->file.at, 0, 0, "detects the same as %s; one of the two is enough", b->id.at);
	else if (asks_all(&of_a, &of_b))
		faults_say(faults, true, a->file.at, 0, 0, "asks for all that %s asks and more: whenever it hits, both do",
		           b->id.at);
	else if (asks_all(&of_b, &of_a))
		faults_say(faults, true, b->file.at, 0, 0, "asks for all that %s asks and more: whenever it hits, both do",
		           a->id.at);
	else if (same_words(a, b))
		faults_say(faults, true, a->file.at, 0, 0, "has the words of %s; a change to one is easily forgotten in the other",
		           b->id.at);
}

static bool runs(const struct pattern *p)
{
	return p->status == PATTERN_ACTIVE || p->status == PATTERN_SHADOW;
}

void overlap_check(struct faults *faults, const struct pattern_set *set)
{
	for (uint32_t i = 0; i < set->pattern_count; i++)
		for (uint32_t j = i + 1; j < set->pattern_count; j++) {
			const struct pattern *a = &set->patterns[i], *b = &set->patterns[j];
			if (slice_equal(a->typology, b->typology) && a->audience == b->audience && runs(a) && runs(b))
				compare(faults, a, b);
		}
}
