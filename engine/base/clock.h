/*
 * The wall clock, for the desk's timers, logs and latencies only: detection never asks it (I2).
 * A test may stop it and set it.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

/* UTC milliseconds. */
int64_t clock_now_ms(void);

/* Milliseconds that never go back, for time-outs. */
int64_t clock_steady_ms(void);
/* The same in microseconds, for measuring. */
int64_t clock_steady_us(void);
/* Processor time of the calling thread. */
int64_t clock_thread_us(void);

/* From now on clock_now_ms() answers `ms`; 0 gives the real clock back. */
void clock_set_for_test(int64_t ms);

#endif
