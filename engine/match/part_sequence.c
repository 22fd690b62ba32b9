#include "match/matcher.h"

bool sequence_find(struct matcher *m, const struct plan_sequence *sequence,
                   struct sequence_placing *placing_r)
{
	return sequence_place(sequence, &m->tape, &m->input, placing_r);
}

bool part_sequence_holds(struct matcher *m, const struct plan_part *part)
{
	struct sequence_placing placing;

	return sequence_find(m, part->sequence, &placing);
}
