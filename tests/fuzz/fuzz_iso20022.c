/* Any bytes as an ISO 20022 message, for a feed of one bank and for one of all. */
#include "tests/fuzz/xml_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz_side all, one;

	if (all.decoder == NULL) {
		side_init(&all, "iso20022", NULL);
		side_init(&one, "iso20022", "102391020017");
	}
	side_run(&all, data, size);
	side_run(&one, data, size);
	return 0;
}
