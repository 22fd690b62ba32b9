/*
 * Every function of the condition language has its words, in both languages: where a pattern is explained (plain.def)
 * and where a hit says why (wording.def).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "pattern/condition.h"

struct words {
	const char *name, *zh, *en;
};

static const struct words plain[] = {
#define PLAIN(name, zh, en) {name, zh, en},
#include "workshop/plain.def"
#undef PLAIN
};

static const struct words said[] = {
#define FACT(name, zh, en) {name, zh, en},
#define SAID(name, zh, en, zh_instead, en_instead) {name, zh, en},
#include "match/wording.def"
#undef SAID
#undef FACT
};

/* Their answers are no values of their own that a reason could name; what is listed has words by the list. */
static bool is_said(const char *function)
{
	static const char *const never[] = {"round_to", "is_round", "signs", "present", "contains", "holds_only", "starts_with",
	                                    "ends_with", "listed"};

	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		if (strcmp(function, never[i]) == 0)
			return false;
	return true;
}

/* p50 to p99 stand as they are. */
static bool is_percentile(const char *function)
{
	return function[0] == 'p' && function[1] >= '0' && function[1] <= '9';
}

/* Of this name, or of it with what it is asked about: known_ip. */
static void assert_words(const char *function, const struct words *words, size_t count, const char *where)
{
	size_t length = strlen(function);

	for (size_t i = 0; i < count; i++)
		if (strncmp(words[i].name, function, length) == 0 && (words[i].name[length] == '\0' || words[i].name[length] == '_') &&
		    words[i].zh[0] != '\0' && words[i].en[0] != '\0')
			return;
	fail_msg("%s() has no words in %s", function, where);
}

static void functions_have_words(void **state)
{
	const char *name;

	(void)state;
	for (int i = 0; (name = condition_function_name(i)) != NULL; i++) {
		if (!is_percentile(name))
			assert_words(name, plain, sizeof(plain) / sizeof(plain[0]), "workshop/plain.def");
		if (is_said(name))
			assert_words(name, said, sizeof(said) / sizeof(said[0]), "match/wording.def");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(functions_have_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
