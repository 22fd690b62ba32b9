#include "workshop/test_facts.h"

#include <ctype.h>
#include <stdio.h>

#include "base/instant.h"

enum { STAFF_BYTES = 1 << 14, USCC_LENGTH = 18, ACCOUNT_DIGITS_LEAST = 8 };

/* The enterprise of a test without a history; a valid number (domain.md section 3). */
#define TEST_USCC "91350100M000100Y43"
#define PAYEE_USCC "91350200M000100Y4X"

static bool all(struct slice text, const char *characters)
{
	return text.length > 0 && strspn(text.at, characters) == text.length;
}

/* What a value can be: digits an account, 18 of the alphabet a USCC, dots or colons between digits an IP
 * address, everything else a name. */
static enum reference_kind kind_of(struct slice value)
{
	if (all(value, "0123456789") && value.length >= ACCOUNT_DIGITS_LEAST)
		return REFERENCE_ACCOUNT;
	if (value.length == USCC_LENGTH && all(value, "0123456789ABCDEFGHJKLMNPQRTUWXY"))
		return REFERENCE_USCC;
	if (all(value, "0123456789.") ||
	    (all(value, "0123456789abcdefABCDEF:") && memchr(value.at, ':', value.length) != NULL))
		return REFERENCE_IP;
	return REFERENCE_NAME;
}

/* An entry of the list `allow` is for the pattern at hand. */
static int add_lists(struct reference *reference, const struct pattern *pattern,
                     const struct pattern_test *test, struct error *error)
{
	for (uint32_t i = 0; i < test->list_count; i++)
		for (uint32_t j = 0; j < test->lists[i].value_count; j++) {
			struct reference_entry entry = {
				.value = test->lists[i].values[j], .kind = (uint8_t)kind_of(test->lists[i].values[j]),
				.reason = slice_of("test"), .source = pattern->id, .expires_ms = INT64_MAX};
			if (reference_add(reference, test->lists[i].name, &entry, error) == -1)
				return -1;
		}
	return 0;
}

static void add_name(char *names, size_t *length, struct slice name)
{
	if (*length + name.length + 2 > STAFF_BYTES)
		return;
	*length += (size_t)snprintf(names + *length, STAFF_BYTES - *length, "%.*s;", SLICE_PRINT(name));
}

static struct slice staff(const struct pattern_test_enterprise *given, const struct history *history,
                          char *names)
{
	size_t length = 0;

	names[0] = '\0';
	for (uint32_t i = 0; i < given->staff_count; i++)
		add_name(names, &length, given->staff[i]);
	for (size_t i = 0; given->staff == NULL && history != NULL && i < history->party_count; i++)
		if (history->parties[i].role == PATTERN_ROLE_STAFF || history->parties[i].role == PATTERN_ROLE_WORKER)
			add_name(names, &length, history->parties[i].party.name);
	return (struct slice){names, (uint32_t)length};
}

static struct slice either(struct slice given, struct slice otherwise)
{
	return given.length > 0 ? given : otherwise;
}

/* Others, registered on its day, at its address or their own. */
static int add_neighbours(struct reference *reference, struct reference_enterprise e,
                          const struct pattern_test_enterprise *given, struct error *error)
{
	char uscc[24];

	e.address = either(given->neighbours_address, e.address);
	for (uint32_t i = 0; i < given->neighbours; i++) {
		snprintf(uscc, sizeof(uscc), "913500000000%06u", i);
		e.uscc = slice_of(uscc);
		if (reference_add_enterprise(reference, &e, error) == -1)
			return -1;
	}
	return 0;
}

/* An empty text leaves the day as it is. */
static int read_day(struct slice text, int32_t *day, struct error *error)
{
	if (text.length == 0 || instant_parse_date(text, day))
		return 0;
	return error_set(error, "`registered_on: %.*s` is no day such as 2026-01-31", SLICE_PRINT(text));
}

static int add_payee(struct reference *reference, const struct pattern_test_enterprise *given, struct error *error)
{
	struct reference_enterprise e = {
		.uscc = slice_of(PAYEE_USCC), .name = given->name, .industry = given->industry, .scope = given->scope,
		.registered_day = TX_DAY_ABSENT,
	};

	if (read_day(given->registered_on, &e.registered_day, error) == -1)
		return -1;
	return reference_add_enterprise(reference, &e, error);
}

static int add_enterprise(struct reference *reference, const struct pattern_test *test,
                          const struct history *history, struct error *error)
{
	static const struct simulate_enterprise nothing = {.registered_day = TX_DAY_ABSENT};
	const struct pattern_test_enterprise *given = &test->enterprise;
	const struct simulate_enterprise *own = history != NULL ? &history->enterprise : &nothing;
	struct slice uscc = either(own->uscc, slice_of(TEST_USCC));
	char names[STAFF_BYTES];
	struct reference_enterprise e = {
		.uscc = uscc, .name = either(given->name, own->name), .industry = either(given->industry, own->industry),
		.scope = either(given->scope, own->scope), .address = either(given->address, own->address),
		.legal_representative = either(given->legal_representative, own->legal_representative),
		.staff = staff(given, history, names),
		.jurisdiction = either(given->jurisdiction, history != NULL ? history->machine.place : (struct slice){0}),
		.registered_day = own->registered_day,
	};

	if (read_day(given->registered_on, &e.registered_day, error) == -1)
		return -1;
	if (reference_add_enterprise(reference, &e, error) == -1 ||
	    add_neighbours(reference, e, given, error) == -1)
		return -1;
	return reference_add_account(reference, either(own->bank, slice_of(PATTERN_TEST_BANK)),
	                             slice_of(PATTERN_TEST_ACCOUNT), uscc, error);
}

int test_facts(const struct pattern *pattern, const struct pattern_test *test, const struct history *history,
               struct reference **reference_r, struct error *error)
{
	bool known = test->enterprise.given || history != NULL;

	*reference_r = NULL;
	if (test->list_count == 0 && !known && !test->payee.given)
		return 0;
	*reference_r = reference_new();
	if (add_lists(*reference_r, pattern, test, error) == -1 ||
	    (known && add_enterprise(*reference_r, test, history, error) == -1) ||
	    (test->payee.given && add_payee(*reference_r, &test->payee, error) == -1)) {
		reference_free(reference_r);
		return -1;
	}
	reference_finish(*reference_r);
	return 0;
}
