/*
 * The codes by which addresses are verified, as rows. What is allowed is registry/'s to say.
 */
#ifndef STORE_WAY_CODE_ROWS_H
#define STORE_WAY_CODE_ROWS_H

#include "store/connection.h"

struct way_code {
	unsigned char hash[SEAL_HASH_BYTES];
	bool is_set; /* there is a code, whether or not it still counts */
	int64_t until_ms;
	int64_t tries; /* wrong ones */
	int64_t codes, since_ms; /* how many were made since then */
};

/* 1 found, 0 no such way, -1. */
int store_way_code_get(struct store *store, int64_t way, struct way_code *code_r, struct error *error);
int store_way_code_put(struct store *store, int64_t way, const struct way_code *code, struct error *error);
/* The way may be used from now on; its code is gone. */
int store_way_verify(struct store *store, int64_t way, int64_t now_ms, struct error *error);

#endif
