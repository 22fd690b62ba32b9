/* The table of decoders. A new format is its file, a line in decoders.h and a line here. */
#include "decode/decoders.h"

const struct decoder *const decoders[] = {
	&decoder_json,
	&decoder_csv34,
	&decoder_iso20022,
	&decoder_cnaps,
	NULL,
};

const struct decoder *decoder_find(struct slice name)
{
	const struct decoder *const *at = decoders;

	while (*at != NULL && !slice_is(name, (*at)->name))
		at++;
	return *at;
}
