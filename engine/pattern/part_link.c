#include "pattern/builder.h"

bool part_link_read(struct reader *reader, const struct yaml_node *node, struct plan_part *part_r)
{
	(void)part_r;
	source_fault(reader->source, node, "`link` is not there yet");
	return false;
}
