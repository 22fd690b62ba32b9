/*
 * The texts of a transaction, folded, one behind the other. Purpose and remark touch, so that a region of both is one
 * piece; all others stand apart by a separator, so that the fold does not read over their border.
 *
 * A piece that is only searched is folded alone; all of them together, at places that hold for raw texts too, where
 * somebody wants to know where something stands.
 */
#include "match/matcher.h"

enum { SEPARATOR = '\n' };

static void append(struct matcher *m, struct fold_buffer *out, uint8_t field)
{
	struct slice text = tx_text(m->input.tx, field);
	bool joined = field == TX_REMARK_FIELD && m->set->fields_folded >> TX_PURPOSE_FIELD & 1;

	if (text.length > 0 && out->length > 0 && !(joined && m->input.tx->purpose.length > 0)) {
		fold_append_separator(out, SEPARATOR);
		if (joined) /* a region of both begins behind it */
			m->from[TX_PURPOSE_FIELD] = m->to[TX_PURPOSE_FIELD] = (uint16_t)out->length;
	}
	m->from[field] = (uint16_t)out->length;
	m->raw_from[field] = (uint16_t)out->raw_length;
	if (text.length > 0)
		fold_append(out, text.at, text.length);
	m->to[field] = (uint16_t)out->length;
}

static void append_all(struct matcher *m, struct fold_buffer *out)
{
	fold_reset(out);
	for (uint32_t fields = m->set->fields_folded; fields != 0; fields &= fields - 1)
		append(m, out, (uint8_t)__builtin_ctz(fields));
}

void fold_tx_forget(struct matcher *m)
{
	m->is_folded = m->is_mapped = false;
	if (m->folded.overflow)
		fold_reset(&m->folded);
}

void fold_tx(struct matcher *m)
{
	if (!m->is_folded)
		append_all(m, &m->folded);
	m->is_folded = true;
}

void fold_tx_mapped(struct matcher *m)
{
	fold_tx(m);
	if (!m->is_mapped)
		append_all(m, &m->mapped);
	m->is_mapped = true;
}

void fold_tx_piece(struct matcher *m, const uint8_t *fields, uint8_t count)
{
	m->is_folded = m->is_mapped = false;
	fold_reset(&m->folded);
	for (uint8_t i = 0; i < count; i++)
		append(m, &m->folded, fields[i]);
}

struct slice fold_tx_region(const struct matcher *m, const struct plan_region *region)
{
	uint16_t from = m->from[region->fields[0]], to = m->to[region->fields[region->field_count - 1]];

	return (struct slice){m->folded.bytes + from, (uint32_t)(to - from)};
}
