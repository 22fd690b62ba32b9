/*
 * The decoders there are, each in its decoder_*.c. decoders.c lists them; nobody else names them.
 */
#ifndef DECODE_DECODERS_H
#define DECODE_DECODERS_H

#include "decode/decode.h"

extern const struct decoder decoder_json;
extern const struct decoder decoder_csv34;
extern const struct decoder decoder_iso20022;
extern const struct decoder decoder_cnaps;

#endif
