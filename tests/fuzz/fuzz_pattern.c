/*
 * Any bytes as a pattern file: the load says what is wrong or gives a set that can be walked. Nothing is
 * compiled (a child process an input would be too slow), but regular expressions that are taken are run on a
 * text, so that their states are tried too.
 */
#include <stdlib.h>

#include "match/regex_run.h"
#include "pattern/pattern.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char text[] = "急付安全账户usdt50000加微信保密a1b2c3转账手续费后补";

static void run_expressions(const struct pattern_set *set)
{
	struct regex_scratch scratch;
	size_t from, to;

	regex_scratch_init(&scratch, set->program_longest);
	for (uint32_t i = 0; i < set->atom_count; i++)
		if (set->atoms[i].program != NULL &&
		    regex_find(set->atoms[i].program, &scratch, text, sizeof(text) - 1, &from, &to) &&
		    (from >= to || to > sizeof(text) - 1))
			abort();
	regex_scratch_deinit(&scratch);
}

static void check_fault(void *context, const struct pattern_fault *fault)
{
	(void)context;
	if (fault->text[0] == '\0' || fault->line < 0 || (fault->line > 0 && fault->column < 1))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pattern_options options = {.check_only = true, .run_all = true, .report = check_fault};
	struct pattern_set *set = NULL;
	struct error error = {""};

	if (pattern_set_load_bytes("f.yaml", (const char *)data, size, &options, &set, &error) == -1) {
		if (set != NULL || error.text[0] == '\0')
			abort();
		return 0;
	}
	for (size_t i = 0; i < pattern_set_count(set); i++)
		if (pattern_set_at(set, i)->score < 1 || pattern_set_at(set, i)->id.length == 0)
			abort();
	run_expressions(set);
	pattern_set_free(&set);
	return 0;
}
