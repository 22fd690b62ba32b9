#include "pattern/builder.h"

bool part_path_read(struct reader *reader, const struct yaml_node *node, struct plan_part *part_r)
{
	(void)part_r;
	source_fault(reader->source, node, "`path` is not there yet");
	return false;
}
