#include "tests/reference/list.h"

int64_t plain_list_expiry(const struct reference_entry *entries, size_t count, uint8_t kind,
                          struct slice value)
{
	int64_t latest = INT64_MIN;

	for (size_t i = 0; i < count; i++)
		if (entries[i].kind == kind && slice_equal(entries[i].value, value) && entries[i].expires_ms > latest)
			latest = entries[i].expires_ms;
	return latest;
}
