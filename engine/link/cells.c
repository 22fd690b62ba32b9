/*
 * Cells and runs of cells. What is given back is kept by size; a larger run is split where a size has none,
 * and never joined again: sizes are few, and what stays over is used by the next texts.
 */
#include "link/state.h"

static uint32_t pop(struct link *link, unsigned class)
{
	uint32_t at = link->head->free[class];

	if (at != 0)
		link->head->free[class] = *(uint32_t *)cell(link, at);
	return at;
}

static void push(struct link *link, uint32_t at, unsigned class)
{
	touch(link, cell(link, at), sizeof(uint32_t));
	*(uint32_t *)cell(link, at) = link->head->free[class];
	link->head->free[class] = at;
}

static uint32_t split(struct link *link, unsigned class)
{
	unsigned larger = class + 1;
	uint32_t at = 0;

	while (larger < CELL_CLASSES && (at = pop(link, larger)) == 0)
		larger++;
	if (at == 0)
		return 0;
	while (larger-- > class)
		push(link, at + (1u << larger), larger);
	return at;
}

uint32_t cells_take(struct link *link, unsigned class)
{
	struct link_head *head = link->head;
	uint32_t at = class < CELL_CLASSES ? pop(link, class) : 0;

	if (class >= CELL_CLASSES)
		return 0;
	if (at == 0 && link->cells_most - head->high >= 1u << class) {
		at = head->high;
		head->high += 1u << class;
	}
	if (at == 0)
		at = split(link, class);
	if (at != 0) {
		touch_cells(link, at, class);
		head->used += 1u << class;
	}
	return at;
}

void cells_give(struct link *link, uint32_t at, unsigned class)
{
	link->head->used -= 1u << class;
	push(link, at, class);
}

struct chain_cell {
	uint32_t next;
	char bytes[CHAIN_BYTES];
};

/* Appends to the chain whose last cell is filled up to `*fill`. */
static bool chain_append(struct link *link, uint32_t *first, uint32_t *last, uint32_t *fill,
                         struct slice piece)
{
	while (piece.length > 0) {
		struct chain_cell *to;
		uint32_t part;
		if (*first == 0 || *fill == CHAIN_BYTES) {
			uint32_t at = cells_take(link, 0);
			if (at == 0)
				return false;
			((struct chain_cell *)cell(link, at))->next = 0;
			if (*first == 0)
				*first = at;
			else
				((struct chain_cell *)cell(link, *last))->next = at;
			*last = at;
			*fill = 0;
		}
		to = cell(link, *last);
		part = piece.length < CHAIN_BYTES - *fill ? piece.length : CHAIN_BYTES - *fill;
		memcpy(to->bytes + *fill, piece.at, part);
		*fill += part;
		piece.at += part;
		piece.length -= part;
	}
	return true;
}

uint32_t chain_put(struct link *link, const struct slice *pieces, size_t count)
{
	uint32_t first = 0, last = 0, fill = 0;

	for (size_t i = 0; i < count; i++)
		if (!chain_append(link, &first, &last, &fill, pieces[i])) {
			chain_give(link, first);
			return 0;
		}
	return first;
}

void chain_get(const struct link *link, uint32_t at, char *out, size_t length)
{
	while (length > 0) {
		const struct chain_cell *from = cell(link, at);
		size_t part = length < CHAIN_BYTES ? length : CHAIN_BYTES;
		memcpy(out, from->bytes, part);
		out += part;
		length -= part;
		at = from->next;
	}
}

void chain_give(struct link *link, uint32_t at)
{
	while (at != 0) {
		uint32_t next = ((struct chain_cell *)cell(link, at))->next;
		cells_give(link, at, 0);
		at = next;
	}
}
