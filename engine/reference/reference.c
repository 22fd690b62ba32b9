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

bool reference_is_name(struct slice name)
{
	for (uint32_t i = 0; i < name.length; i++) {
		unsigned char c = (unsigned char)name.at[i];
		if (c <= ' ' || c == 0x7F || strchr("/\\\"'`,:", c) != NULL)
			return false;
	}
	return name.length > 0 && name.length <= REFERENCE_NAME_BYTES_MAX && name.at[0] != '.';
}
