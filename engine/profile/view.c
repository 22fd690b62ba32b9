#include "profile/profile.h"

void profile_window(const struct profile_view *view, const struct profile_filter *filter, int64_t window_ms,
                    struct profile_sum *sum_r)
{
	(void)view;
	(void)filter;
	(void)window_ms;
	*sum_r = (struct profile_sum){.min_minor = TX_ABSENT, .max_minor = TX_ABSENT, .exact = true};
}
