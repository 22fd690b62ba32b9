/*
 * Lists: filled by reference_add(), indexed by reference_finish(), then only looked up.
 */
#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/ident.h"
#include "base/utf8.h"
#include "reference/reference_private.h"

const char *const reference_kind_names[REFERENCE_KINDS] = {
	[REFERENCE_ACCOUNT] = "account",
	[REFERENCE_NAME] = "name",
	[REFERENCE_IP] = "ip",
	[REFERENCE_USCC] = "uscc",
};

bool reference_is_name(struct slice name)
{
	for (uint32_t i = 0; i < name.length; i++) {
		unsigned char c = (unsigned char)name.at[i];
		if (c <= ' ' || c == 0x7F || strchr("/\\\"'`,:", c) != NULL)
			return false;
	}
	return name.length > 0 && name.length <= REFERENCE_NAME_BYTES_MAX && name.at[0] != '.';
}

/* ---- by name ---- */

/* Where the list of that name is or belongs. */
static size_t place_of(const struct reference *reference, struct slice name)
{
	size_t from = 0, to = reference->list_count;

	while (from < to) {
		size_t middle = (from + to) / 2;
		if (slice_compare(reference->lists[middle]->name, name) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static bool stands_at(const struct reference *reference, size_t place, struct slice name)
{
	return place < reference->list_count && slice_equal(reference->lists[place]->name, name);
}

struct reference_list *reference_list_open(struct reference *reference, struct slice name,
                                           struct error *error)
{
	size_t place = place_of(reference, name);
	struct reference_list *list;

	if (stands_at(reference, place, name))
		return reference->lists[place];
	if (!reference_is_name(name)) {
		error_set(error,
		          "`%.*s` cannot be a list's name; expected at most %d bytes, without blanks, quotes, slashes "
		          "or colons", SLICE_PRINT(utf8_cut(name, REFERENCE_NAME_BYTES_MAX)), REFERENCE_NAME_BYTES_MAX);
		return NULL;
	}
	if (reference->list_count == REFERENCE_LISTS_MAX) {
		error_set(error, "there are more than %d lists", REFERENCE_LISTS_MAX);
		return NULL;
	}
	if ((list = calloc(1, sizeof(*list))) == NULL)
		die("out of memory: a list");
	list->name = reference_keep(reference, name);
	list->is_allow = slice_is(name, REFERENCE_ALLOW);
	memmove(reference->lists + place + 1, reference->lists + place,
	        (reference->list_count - place) * sizeof(*reference->lists));
	reference->lists[place] = list;
	reference->list_count++;
	return list;
}

const struct reference_list *reference_list(const struct reference *reference, struct slice name)
{
	size_t place = place_of(reference, name);

	return stands_at(reference, place, name) ? reference->lists[place] : NULL;
}

const struct reference_list *reference_list_at(const struct reference *reference, size_t i)
{
	return i < reference->list_count ? reference->lists[i] : NULL;
}

struct slice reference_list_name(const struct reference_list *list)
{
	return list->name;
}

size_t reference_list_size(const struct reference_list *list)
{
	return list->count;
}

const struct reference_entry *reference_entry_at(const struct reference_list *list, size_t i)
{
	return &list->entries[i];
}

/* ---- adding ---- */

static bool is_pattern_id(struct slice text)
{
	for (uint32_t i = 0; i < text.length; i++)
		if (strchr("abcdefghijklmnopqrstuvwxyz0123456789-", text.at[i]) == NULL || text.at[i] == '\0')
			return false;
	return text.length > 0 && text.length <= REFERENCE_NAME_BYTES_MAX;
}

static int refuse(struct error *error, const char *field, struct slice value, const char *expected)
{
	char masked[IDENT_MASKED_BYTES];

	return error_set(error, "%s: `%s`: expected %s", field, ident_mask_value(value, masked), expected);
}

static struct slice keep_cut(struct reference *reference, struct slice text)
{
	if (text.length == 0)
		return (struct slice){"", 0};
	return reference_keep_repeated(reference, utf8_cut(text, REFERENCE_TEXT_CHARACTERS_MAX));
}

int reference_add(struct reference *reference, struct slice name, const struct reference_entry *entry,
                  struct error *error)
{
	struct reference_list *list = reference_list_open(reference, name, error);
	char room[REFERENCE_VALUE_BYTES];
	struct reference_entry own = *entry;
	struct slice value = entry->value.at != NULL ? entry->value : (struct slice){"", 0};
	const char *expected;

	if (list == NULL)
		return -1;
	if (entry->kind >= REFERENCE_KINDS)
		return error_set(error, "kind: `%u`: expected one of account, name, ip, uscc", entry->kind);
	own.key = reference_spelling(entry->kind, value, room, &expected);
	if (own.key.at == NULL)
		return refuse(error, "value", value, expected);
	if (list->is_allow && !is_pattern_id(entry->source))
		return refuse(error, "source", entry->source,
		              "the id of the one pattern that is quieted; `allow` quiets no "
		              "others");
	if (reference->entry_count == REFERENCE_ENTRIES_MAX)
		return error_set(error, "there are more than %d entries in all lists", REFERENCE_ENTRIES_MAX);
	own.value = reference_keep(reference, entry->value);
	own.key = slice_equal(own.key, entry->value) ? own.value : reference_keep(reference, own.key);
	own.reason = keep_cut(reference, entry->reason);
	own.source = keep_cut(reference, entry->source);
	list->entries = reference_room(list->entries, list->count, &list->capacity, sizeof(*list->entries));
	list->entries[list->count++] = own;
	reference->entry_count++;
	return 0;
}

/* ---- the index ---- */

static uint64_t hash_of(const struct reference_key *key)
{
	uint64_t hash = XXH3_64bits_withSeed(key->value.at, key->value.length, key->kind);

	return key->pattern.length == 0 ? hash : XXH3_64bits_withSeed(key->pattern.at, key->pattern.length, hash);
}

static struct reference_key key_of(const struct reference_list *list, const struct reference_entry *entry)
{
	return (struct reference_key){entry->kind, entry->key, list->is_allow ? entry->source : (struct slice){0}};
}

static bool is_entry(const void *items, uint32_t number, const void *wanted)
{
	const struct reference_entry *entry = (const struct reference_entry *)items + number;
	const struct reference_key *key = wanted;

	return entry->kind == key->kind && slice_equal(entry->key, key->value) &&
	       (key->pattern.length == 0 || slice_equal(entry->source, key->pattern));
}

/* Of a value that stands twice the later expiry is kept, so that no order of rows matters. */
static void list_finish(struct reference_list *list)
{
	size_t kept = 0;

	index_init(&list->index, list->count);
	for (size_t i = 0; i < list->count; i++) {
		struct reference_key key = key_of(list, &list->entries[i]);
		uint64_t hash = hash_of(&key);
		uint32_t there = index_find(&list->index, hash, is_entry, list->entries, &key);
		if (there == 0) {
			list->entries[kept] = list->entries[i];
			index_put(&list->index, hash, (uint32_t)kept++);
		} else if (list->entries[there - 1].expires_ms < list->entries[i].expires_ms) {
			list->entries[there - 1] = list->entries[i];
		}
	}
	list->count = kept;
}

void reference_finish(struct reference *reference)
{
	for (size_t i = 0; i < reference->list_count; i++) {
		list_finish(reference->lists[i]);
		if (reference->lists[i]->is_allow)
			reference->allow = reference->lists[i];
	}
	reference_finish_enterprises(reference);
}

static const struct reference_entry *find(const struct reference_list *list, struct reference_key *key,
                                          int64_t at_ms)
{
	char room[REFERENCE_VALUE_BYTES];
	const struct reference_entry *entry;
	uint32_t there;

	if (key->value.length == 0)
		return NULL;
	key->value = reference_spelling_of_feed(key->kind, key->value, room);
	there = index_find(&list->index, hash_of(key), is_entry, list->entries, key);
	entry = there > 0 ? &list->entries[there - 1] : NULL;
	return entry != NULL && at_ms < entry->expires_ms ? entry : NULL;
}

const struct reference_entry *reference_find(const struct reference_list *list, enum reference_kind kind,
                                             struct slice value, int64_t at_ms)
{
	struct reference_key key = {.kind = (uint8_t)kind, .value = value};

	return list->is_allow ? NULL : find(list, &key, at_ms);
}

bool reference_has_allow(const struct reference *reference)
{
	return reference->allow != NULL && reference->allow->count > 0;
}

bool reference_allows(const struct reference *reference, struct slice pattern, enum reference_kind kind,
                      struct slice value, int64_t at_ms)
{
	struct reference_key key = {(uint8_t)kind, value, pattern};

	return reference_has_allow(reference) && pattern.length > 0 && find(reference->allow, &key, at_ms) != NULL;
}
