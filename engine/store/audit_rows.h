/*
 * The audit chain (I10): every change that a person or a token makes, each row sealed with the one before.
 *
 *   hash(n) = SHA-256( hash(n-1) ‖ seq ‖ at_ms ‖ each of actor, action, object, detail behind its length )
 *   integers are 8 bytes, big-endian; hash(0) is 32 zero bytes
 */
#ifndef STORE_AUDIT_ROWS_H
#define STORE_AUDIT_ROWS_H

#include "store/connection.h"

int store_audit_put(struct store *store, int64_t at_ms, const char *actor, const char *action, const char *object,
                    const char *detail, struct error *error);
/* 0 and the number of rows, or -1 and which row does not fit. */
int store_audit_verify(struct store *store, int64_t *rows_r, struct error *error);

#endif
