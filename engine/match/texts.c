#include "match/texts.h"

#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "match/matcher.h"

enum { CACHE_LINE = 64 };

_Static_assert(sizeof(struct texts_seen) == 2 * CACHE_LINE, "a look-up is two lines of cache");
_Static_assert(PLAN_ATOMS_MAX <= UINT16_MAX + 1, "an atom's number in 16 bits");

/* ---- pieces ---- */

static bool lies_in(const struct plan_region *region, const struct texts_piece *piece)
{
	for (uint8_t i = 0; i < piece->field_count; i++)
		if (region->fields[0] == piece->fields[i])
			return true;
	return false;
}

void texts_init(struct texts *texts, const struct pattern_set *set)
{
	*texts = (struct texts){.seen = aligned_alloc(CACHE_LINE, TEXTS_SEEN * sizeof(*texts->seen))};
	if (texts->seen == NULL)
		die("out of memory: a matcher");
	memset(texts->seen, 0, TEXTS_SEEN * sizeof(*texts->seen));
	for (uint32_t fields = set->fields_folded; fields != 0; fields &= fields - 1) {
		uint8_t field = (uint8_t)__builtin_ctz(fields);
		struct texts_piece *last = texts->piece_count > 0 ? &texts->pieces[texts->piece_count - 1] : NULL;

		if (field == TX_REMARK_FIELD && last != NULL && last->fields[0] == TX_PURPOSE_FIELD)
			last->fields[last->field_count++] = field;
		else
			texts->pieces[texts->piece_count++] = (struct texts_piece){
				.fields = {field}, .field_count = 1};
	}
	for (uint32_t i = 0; i < texts->piece_count; i++) {
		texts->pieces[i].has_glance = true;
		for (uint32_t region = 0; region < set->region_count; region++)
			if (lies_in(&set->regions[region], &texts->pieces[i])) {
				texts->pieces[i].regions |= UINT32_C(1) << region;
				texts->pieces[i].has_glance &= set->regions[region].glance != NULL;
			}
	}
}

void texts_deinit(struct texts *texts)
{
	free(texts->seen);
	texts->seen = NULL;
}

/* ---- searching ---- */

/* Takes back what was found only within longer words, of what was found from `first` on. */
static void guard(struct matcher *m, uint32_t first)
{
	uint32_t kept = first;
	struct find_place place;

	for (uint32_t i = first; i < m->touched_count; i++) {
		uint32_t atom = m->touched[i];
		if (m->set->atoms[atom].guarded && !find_atom(m, &m->set->atoms[atom], &place))
			m->found[atom / 64] &= ~(UINT64_C(1) << atom % 64);
		else
			m->touched[kept++] = atom;
	}
	m->touched_count = kept;
}

/* ---- what was seen before ---- */

/* What a piece is looked up by: its raw bytes with their digits alike, zeros behind them. */
struct key {
	uint8_t field, lengths[2];
	bool has_digits;
	char bytes[TEXTS_SEEN_BYTES];
};

static void level_digits(struct key *key)
{
	unsigned char found = 0;

	for (size_t i = 0; i < sizeof(key->bytes); i++) {
		unsigned char is_digit = (unsigned char)(key->bytes[i] - '0') < 10 ? 0xFF : 0;
		key->bytes[i] = (char)((key->bytes[i] & ~is_digit) | ('0' & is_digit));
		found |= is_digit;
	}
	key->has_digits = found != 0;
}

/* False where the piece is too long to be remembered. */
static bool key_fill(struct key *key, uint8_t field, const struct slice raw[2])
{
	if (raw[0].length + raw[1].length > TEXTS_SEEN_BYTES)
		return false;
	memset(key, 0, sizeof(*key));
	key->field = field;
	for (int i = 0; i < 2; i++) {
		key->lengths[i] = (uint8_t)raw[i].length;
		if (raw[i].length > 0)
			memcpy(key->bytes + (i > 0 ? raw[0].length : 0), raw[i].at, raw[i].length);
	}
	level_digits(key);
	return true;
}

static struct texts_seen *place_of(const struct matcher *m, const struct key *key)
{
	uint64_t hash = XXH3_64bits_withSeed(key->bytes, sizeof(key->bytes), key->lengths[0] | key->field << 8);

	return &m->texts.seen[hash % TEXTS_SEEN];
}

static bool is_same(const struct texts_seen *seen, const struct key *key)
{
	return seen->is_there && seen->field == key->field && memcmp(seen->lengths, key->lengths, sizeof(key->lengths)) == 0 &&
	       memcmp(seen->bytes, key->bytes, sizeof(key->bytes)) == 0;
}

static void remember(const struct matcher *m, struct texts_seen *seen, const struct key *key, uint32_t first)
{
	uint32_t count = m->touched_count - first;

	if (count > TEXTS_SEEN_ATOMS || (key->has_digits && m->texts.digits_matter))
		return;
	if (seen->came_again) {
		seen->came_again = 0;
		return;
	}
	seen->is_there = 1;
	seen->field = key->field & 31;
	seen->atom_count = (uint8_t)count;
	for (uint32_t i = 0; i < count; i++)
		seen->atoms[i] = (uint16_t)m->touched[first + i];
	memcpy(seen->lengths, key->lengths, sizeof(key->lengths));
	memcpy(seen->bytes, key->bytes, sizeof(key->bytes));
}

static void recall(struct matcher *m, struct texts_seen *seen)
{
	for (uint8_t i = 0; i < seen->atom_count; i++)
		scan_touch(m, seen->atoms[i]);
	seen->came_again = 1;
	m->texts.known++;
}

static void search(struct matcher *m, const struct texts_piece *piece)
{
	uint32_t first = m->touched_count;

	fold_tx_piece(m, piece->fields, piece->field_count);
	scan_regions(m, piece->regions);
	guard(m, first);
	m->texts.searched++;
}

static void search_unless_known(struct matcher *m, const struct texts_piece *piece, const struct slice raw[2])
{
	struct key key;
	bool fits = key_fill(&key, piece->fields[0], raw);
	struct texts_seen *seen = fits ? place_of(m, &key) : NULL;
	uint32_t first = m->touched_count;

	if (fits && is_same(seen, &key)) {
		recall(m, seen);
		return;
	}
	search(m, piece);
	if (fits)
		remember(m, seen, &key, first);
}

/* A glance, where its regions have one: of names most say nothing. */
static bool could_hold(struct matcher *m, const struct texts_piece *piece)
{
	if (!piece->has_glance)
		return true;
	m->texts.searched++;
	fold_tx_piece(m, piece->fields, piece->field_count);
	for (uint32_t regions = piece->regions; regions != 0; regions &= regions - 1) {
		const struct plan_region *region = &m->set->regions[__builtin_ctz(regions)];
		if (glance_finds(region->glance, fold_tx_region(m, region)))
			return true;
	}
	return false;
}

static void search_pieces(struct matcher *m, const struct tx *tx)
{
	for (uint32_t i = 0; i < m->texts.piece_count; i++) {
		const struct texts_piece *piece = &m->texts.pieces[i];
		struct slice raw[2] = {tx_text(tx, piece->fields[0])};

		if (piece->field_count > 1)
			raw[1] = tx_text(tx, piece->fields[1]);
		if (raw[0].length + raw[1].length == 0)
			continue;
		if (could_hold(m, piece))
			search_unless_known(m, piece, raw);
	}
}

/* ---- all of it ---- */

static size_t raw_bytes(const struct matcher *m, const struct tx *tx)
{
	size_t bytes = 0;

	for (uint32_t fields = m->set->fields_folded; fields != 0; fields &= fields - 1)
		bytes += tx_text(tx, (enum tx_field)__builtin_ctz(fields)).length;
	return bytes;
}

void texts_find(struct matcher *m, const struct tx *tx, struct match_texts *texts_r)
{
	m->texts.known = m->texts.searched = 0;
	fold_tx_forget(m);
	if (raw_bytes(m, tx) <= TEXTS_PIECES_BYTES) {
		search_pieces(m, tx);
	} else {
		fold_tx(m);
		scan_regions(m, (uint32_t)((UINT64_C(1) << m->set->region_count) - 1));
		guard(m, 0);
		m->texts.searched = m->texts.piece_count;
	}
	m->sieve = 0;
	for (uint32_t i = 0; i < m->touched_count; i++)
		m->sieve |= plan_sieve(m->touched[i]);
	texts_r->sieve = m->sieve;
	texts_r->known = (uint8_t)m->texts.known;
	texts_r->searched = (uint8_t)m->texts.searched;
	texts_r->overflowed = m->folded.overflow;
}

void match_read(struct matcher *m, const struct tx *tx, struct match_texts *texts_r)
{
	m->input.tx = tx;
	texts_find(m, tx, texts_r);
	if (m->touched_count <= MATCH_WORDS_MOST) {
		texts_r->count = (uint8_t)m->touched_count;
		memcpy(texts_r->words, m->touched, m->touched_count * sizeof(texts_r->words[0]));
	} else {
		texts_r->count = MATCH_WORDS_UNREAD;
	}
	texts_forget(m);
}

const struct match_texts *texts_take(struct matcher *m, const struct tx *tx, const struct match_texts *texts,
                                     struct match_texts *own)
{
	if (texts->count == MATCH_WORDS_UNREAD) {
		texts_find(m, tx, own);
		return own;
	}
	fold_tx_forget(m);
	for (uint8_t i = 0; i < texts->count; i++)
		scan_touch(m, texts->words[i]);
	m->sieve = texts->sieve;
	return texts;
}

void texts_forget(struct matcher *m)
{
	for (uint32_t i = 0; i < m->touched_count; i++)
		m->found[m->touched[i] / 64] &= ~(UINT64_C(1) << m->touched[i] % 64);
	m->touched_count = 0;
}
