#include "base/clock.h"

#include <stdatomic.h>
#include <time.h>

static _Atomic int64_t stopped_at_ms;

static int64_t read_ms(clockid_t id)
{
	struct timespec now;

	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_now_ms(void)
{
	int64_t stopped = atomic_load_explicit(&stopped_at_ms, memory_order_relaxed);

	return stopped != 0 ? stopped : read_ms(CLOCK_REALTIME);
}

int64_t clock_steady_ms(void)
{
	return read_ms(CLOCK_MONOTONIC);
}

static int64_t read_us(clockid_t id)
{
	struct timespec now;

	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t clock_steady_us(void)
{
	return read_us(CLOCK_MONOTONIC);
}

int64_t clock_thread_us(void)
{
	return read_us(CLOCK_THREAD_CPUTIME_ID);
}

void clock_set_for_test(int64_t ms)
{
	atomic_store_explicit(&stopped_at_ms, ms, memory_order_relaxed);
}
