/*
 * One line an event: text on a terminal, JSON otherwise, on standard error.
 *
 *   2026-03-02 09:15:04 warn  feed: the broker does not answer; trying again  broker=127.0.0.1:9092
 *   {"at":"2026-03-02T01:15:04.123Z","level":"warn","part":"feed","text":"…","broker":"127.0.0.1:9092"}
 *
 * Secrets and personal data never come here: no account, name, phone, address, message text, token. What names a
 * thing is its id, or topic, partition and offset.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* Before the first line; the default is INFO, and JSON where standard error is no terminal. */
void log_begin(enum log_level least);

/*
 * `part` is the stage, `text` a sentence without a full stop; then pairs of key and printf value, closed by NULL:
 *     log_event(LOG_WARN, "feed", "the broker does not answer; trying again", "broker", "%s", name, NULL);
 * Each value takes exactly one argument (%s, %d, %lld …), or none when its format has no `%`. Thread-safe.
 */
void log_event(enum log_level level, const char *part, const char *text, ...) __attribute__((sentinel));

#endif
