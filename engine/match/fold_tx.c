/*
 * The texts of a transaction, folded once, one behind the other. Purpose and remark touch, so that a region
 * of both is one piece; all others stand apart by a separator, so that the fold does not read over their
 * border.
 */
#include "match/matcher.h"

enum { SEPARATOR = '\n' };

static void append(struct matcher *m, struct fold_buffer *out, const struct tx *tx)
{
	uint32_t fields = m->set->fields_folded;

	fold_reset(out);
	for (; fields != 0; fields &= fields - 1) {
		unsigned field = (unsigned)__builtin_ctz(fields);
		const struct slice *text = (const void *)((const char *)tx + tx_fields[field].offset);
		if (text->length > 0 && out->length > 0 && field != TX_REMARK_FIELD)
			fold_append_separator(out, SEPARATOR);
		m->from[field] = (uint16_t)out->length;
		m->raw_from[field] = (uint16_t)out->raw_length;
		if (text->length > 0)
			fold_append(out, text->at, text->length);
		m->to[field] = (uint16_t)out->length;
	}
}

void fold_tx(struct matcher *m, const struct tx *tx)
{
	m->is_mapped = false;
	append(m, &m->folded, tx);
}

void fold_tx_mapped(struct matcher *m)
{
	if (!m->is_mapped)
		append(m, &m->mapped, m->input.tx);
	m->is_mapped = true;
}

struct slice fold_tx_region(const struct matcher *m, const struct plan_region *region)
{
	uint16_t from = m->from[region->fields[0]], to = m->to[region->fields[region->field_count - 1]];

	return (struct slice){m->folded.bytes + from, (uint32_t)(to - from)};
}
