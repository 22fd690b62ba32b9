/*
 * What stands in a test for something of its history, so that a test need not know the history's names and
 * sizes: parties by their role, amounts by what is usual, times by the time since the transaction before.
 */
#include <ctype.h>
#include <stdlib.h>

#include "base/instant.h"
#include "pattern/read.h"
#include "pattern/test_read.h"

enum { ROLE_NUMBER_MAX = 99, TIMES_PERMILLE_MAX = 1000000 };

const char *const pattern_history_names[] = {
	"",
#define HISTORY(symbol, name, help_zh, help_en) name,
#include "pattern/test_histories.def"
#undef HISTORY
	NULL
};

const char *const pattern_role_names[] = {
#define ROLE(symbol, name, help_zh, help_en) name,
#include "pattern/test_roles.def"
#undef ROLE
	NULL
};

static const struct {
	const char *key;
	uint8_t how;
} party_keys[] = {
	{"as", PATTERN_PARTY_AS}, {"named", PATTERN_PARTY_NAMED}, {"like", PATTERN_PARTY_LIKE}
};

bool test_party_key(struct slice key)
{
	for (size_t i = 0; i < sizeof(party_keys) / sizeof(party_keys[0]); i++)
		if (slice_is(key, party_keys[i].key))
			return true;
	return false;
}

/* "supplier2" → SUPPLIER, 2. */
static void read_role(struct source *source, const struct yaml_node *node, struct pattern_test_tx *tx)
{
	struct slice word = node->text;
	char expected[640];

	while (word.length > 0 && isdigit((unsigned char)word.at[word.length - 1]))
		word.length--;
	tx->role_number = 1;
	if (word.length < node->text.length) {
		long number = strtol(word.at + word.length, NULL, 10);
		if (number < 1 || number > ROLE_NUMBER_MAX) {
			source_fault(source, node, "`%s`: expected a number from 1 to %d behind the role", node->text.at,
			             ROLE_NUMBER_MAX);
			return;
		}
		tx->role_number = (uint16_t)number;
	}
	for (int i = 0; i < PATTERN_ROLE_COUNT; i++)
		if (slice_is(word, pattern_role_names[i])) {
			tx->role = (uint8_t)i;
			return;
		}
	source_fault(source, node, "`%s: %.40s`: expected %s", node->key.at, node->text.at,
	             read_choices(word, pattern_role_names, expected, sizeof(expected)));
}

void test_party_read(struct source *source, const struct yaml_node *party, struct pattern_test_tx *tx)
{
	for (size_t i = 0; i < sizeof(party_keys) / sizeof(party_keys[0]); i++) {
		const struct yaml_node *node = yaml_find(party, party_keys[i].key);
		if (node == NULL)
			continue;
		if (tx->party_how != PATTERN_PARTY_GIVEN)
			source_fault_key(source, node, "only one of `as`, `named` and `like` can say who the party is");
		else if (node->type != YAML_TEXT)
			source_fault(source, node, "`%s` must be a role such as supplier or customer2", party_keys[i].key);
		else
			read_role(source, node, tx);
		tx->party_how = party_keys[i].how;
	}
}

/* "3", "1.5" → permille, moving `*at` behind it; -1 where there is no such number. */
static long read_times(const char **at)
{
	char *end;
	double times = strtod(*at, &end);

	if (!isdigit((unsigned char)**at) || times * 1000 > TIMES_PERMILLE_MAX)
		return -1;
	*at = end;
	return (long)(times * 1000 + 0.5);
}

static bool words_are(const char *text, struct pattern_test_tx *tx)
{
	long permille = 1000;

	if (isdigit((unsigned char)*text)) {
		permille = read_times(&text);
		if (permille > 0 && strcmp(text, "% of balance") == 0) {
			tx->amount_of = PATTERN_AMOUNT_BALANCE;
			tx->amount_permille = (uint32_t)permille / 100;
			return true;
		}
		if (permille <= 0 || *text++ != 'x' || *text++ != ' ')
			return false;
	}
	tx->amount_permille = (uint32_t)permille;
	if (strcmp(text, "usual") == 0)
		tx->amount_of = PATTERN_AMOUNT_USUAL;
	else if (strcmp(text, "large") == 0)
		tx->amount_of = PATTERN_AMOUNT_LARGE;
	else
		return false;
	return true;
}

/* What has no letter and no `%` is left to the decoder, as any bank's amount. */
bool test_amount_read(struct source *source, const struct yaml_node *node, struct pattern_test_tx *tx)
{
	const char *at = node->text.at;

	while (*at != '\0' && *at != '%' && !isalpha((unsigned char)*at))
		at++;
	if (*at == '\0')
		return false;
	if (!words_are(node->text.at, tx))
		source_fault(source, node,
		             "`amount: %.40s`: expected an amount such as \"480000\", or usual, large, 3x usual, 0.5x "
		             "large, 90%% of balance",
		             node->text.at);
	return true;
}

bool test_after_read(struct source *source, const struct yaml_node *node, int64_t *ms_r)
{
	const char *text = node->type == YAML_TEXT ? node->text.at : "";
	char *end;
	long number = strtol(text, &end, 10);
	int64_t unit = *end == 's' ? INSTANT_SECOND_MS : *end == 'm' ? INSTANT_MINUTE_MS
	               : *end == 'h' ? INSTANT_HOUR_MS : *end == 'd' ? INSTANT_DAY_MS : 0;

	if (!isdigit((unsigned char)*text) || unit == 0 || end[1] != '\0' || number > 100000) {
		source_fault(source, node, "`after: %.20s`: expected a time such as 30s, 5m, 26h or 3d", text);
		return false;
	}
	*ms_r = number * unit;
	return true;
}
