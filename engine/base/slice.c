#include "base/slice.h"

int slice_compare(struct slice a, struct slice b)
{
	uint32_t least = a.length < b.length ? a.length : b.length;
	int order = least > 0 ? memcmp(a.at, b.at, least) : 0;

	if (order != 0)
		return order;
	return (a.length > b.length) - (a.length < b.length);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct slice slice_trim(struct slice a)
{
	while (a.length > 0 && is_blank(a.at[0])) {
		a.at++;
		a.length--;
	}
	while (a.length > 0 && is_blank(a.at[a.length - 1]))
		a.length--;
	return a;
}
