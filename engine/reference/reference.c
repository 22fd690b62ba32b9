#include "reference/reference.h"

#include <stdlib.h>

struct reference {
	int users;
};

struct reference *reference_hold(struct reference *reference)
{
	return reference;
}
void reference_free(struct reference **reference)
{
	*reference = NULL;
}
const struct reference_list *reference_list(const struct reference *reference, struct slice name)
{
	(void)reference;
	(void)name;
	return NULL;
}
