#include "simulate/simulate.h"
#include "simulate/put.h"

#include "simulate/population.h"

const char *simulate_bank_code(int bank)
{
	static _Thread_local char code[NUMBERS_BANK_BYTES];

	numbers_bank(bank, PLACE_359900, 1, code);
	return code;
}

/* None of the four holds a character that JSON would escape: digits, letters, `-`. */
int simulate_write_truth(const struct tx *tx, const struct simulate_label *label,
                         char line_r[SIMULATE_TRUTH_BYTES])
{
	struct put p = put_begin(line_r, SIMULATE_TRUTH_BYTES);

	put_text(&p, "{\"tx\":{\"bank\":\"");
	put_slice(&p, tx->bank);
	put_text(&p, "\",\"id\":\"");
	put_slice(&p, tx->id);
	put_text(&p, "\"},\"typology\":\"");
	put_text(&p, label->typology);
	put_text(&p, "\",\"scenario\":\"");
	put_text(&p, label->scenario);
	put_text(&p, "\"}\n");
	return (int)put_end(&p).length;
}
