/* Any bytes as a CNAPS message, for a feed of one bank and for one of all. */
#include "tests/fuzz/xml_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz_side all, one;

	if (all.decoder == NULL) {
		side_init(&all, "cnaps", NULL);
		side_init(&one, "cnaps", "102391020017");
	}
	side_run(&all, data, size);
	side_run(&one, data, size);
	return 0;
}
