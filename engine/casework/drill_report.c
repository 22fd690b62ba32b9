#include <stdlib.h>

#include "base/ident.h"
#include "casework/casework.h"
#include "judge/judge.h"
#include "pattern/pattern.h"

enum { NINETY = 90, HALF = 50 };

/* The first answer less the first arrival, over all persons of the enterprise. */
static int64_t response_of(const struct drill_person_row *persons, size_t count)
{
	int64_t sent_ms = INT64_MAX, answered_ms = INT64_MAX;

	for (size_t i = 0; i < count; i++) {
		if (persons[i].sent_ms > 0 && persons[i].sent_ms < sent_ms)
			sent_ms = persons[i].sent_ms;
		if (persons[i].answered_ms > 0 && persons[i].answered_ms < answered_ms)
			answered_ms = persons[i].answered_ms;
	}
	if (answered_ms == INT64_MAX)
		return -1;
	return answered_ms > sent_ms ? answered_ms - sent_ms : 0;
}

static int by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* The nearest rank: the least value that so many per cent do not exceed. */
static int64_t rank(const int64_t *sorted, size_t count, size_t percent)
{
	return count == 0 ? -1 : sorted[(count * percent + 99) / 100 - 1];
}

static int gather(struct drill_report *r, const struct drill_person_row *persons, size_t count, struct arena *arena,
                  struct error *error)
{
	struct drill_result *results = arena_take(arena, (count + 1) * sizeof(*results));
	int64_t *responses = arena_take(arena, (count + 1) * sizeof(*responses));

	if (results == NULL || responses == NULL)
		return error_set(error, "no room for the report of a drill");
	for (size_t i = 0, n; i < count; i += n) {
		struct drill_result *result = &results[r->result_count++];
		for (n = 1; i + n < count && slice_equal(persons[i + n].enterprise, persons[i].enterprise); n++)
			;
		*result = (struct drill_result){persons[i].enterprise, persons[i].enterprise_name, &persons[i], n,
		                                response_of(&persons[i], n)};
		if (result->response_ms >= 0)
			responses[r->answered++] = result->response_ms;
	}
	qsort(responses, r->answered, sizeof(*responses), by_number);
	r->results = results;
	r->median_ms = rank(responses, r->answered, HALF);
	r->ninety_ms = rank(responses, r->answered, NINETY);
	return 0;
}

int drill_report(struct store *store, struct slice id, struct arena *arena, struct drill_report *report_r,
                 struct error *error)
{
	struct drill_person_row *persons;
	size_t count;
	int found;

	*report_r = (struct drill_report){.median_ms = -1, .ninety_ms = -1};
	if ((found = store_drill_get(store, id, arena, &report_r->row, error)) != 1)
		return found;
	if (store_drill_totals(store, id, &report_r->totals, error) == -1 ||
	    store_drill_persons(store, id, DRILL_TARGETS_MAX * STORE_CONTACTS_MAX, arena, &persons, &count, error) == -1 ||
	    gather(report_r, persons, count, arena, error) == -1)
		return -1;
	return 1;
}

static struct slice shown_name(struct slice name, bool full, struct arena *arena)
{
	char masked[IDENT_MASKED_BYTES];

	if (full)
		return name;
	ident_mask_name(name, masked);
	return arena_copy(arena, slice_of(masked));
}

int drill_certificate(struct store *store, const struct catalogue *catalogue, struct slice number, bool full,
                      struct arena *arena, struct slice *text_r, struct error *error)
{
	struct certificate_row c;
	struct drill_row drill = {.typology = {"", 0}};
	struct enterprise_row enterprise = {.name = {"", 0}};
	const struct catalogue_entry *typology;
	struct slice name;
	long long minutes, seconds;
	int found = store_certificate_get(store, number, arena, &c, error);

	if (found != 1)
		return found;
	if (store_drill_get(store, c.drill, arena, &drill, error) == -1 ||
	    store_enterprise_get(store, c.enterprise, arena, &enterprise, error) == -1 ||
	    store_contact_name(store, c.contact, arena, &name, error) == -1)
		return -1;
	typology = catalogue != NULL ? catalogue_typology(catalogue, drill.typology) : NULL;
	name = shown_name(name, full, arena);
	minutes = c.response_ms / 60000;
	seconds = c.response_ms / 1000 % 60;
	*text_r = slice_of(arena_print(
		arena,
		"反诈演练培训证书\n编号：%.*s\n单位：%.*s（%.*s）\n姓名：%.*s\n"
		"该同志于%.*s参加“%.*s”反诈演练，%lld分%lld秒内作出处置，准予结业。\n\n"
		"Certificate of anti-fraud training\nNumber: %.*s\nEnterprise: %.*s (%.*s)\nName: %.*s\n"
		"On %.*s took part in the exercise \"%.*s\" and acted within %lld min %lld s.\n",
		SLICE_PRINT(c.number), SLICE_PRINT(enterprise.name), SLICE_PRINT(c.enterprise), SLICE_PRINT(name),
		SLICE_PRINT(c.day), SLICE_PRINT(typology != NULL ? typology->zh : drill.typology), minutes, seconds,
		SLICE_PRINT(c.number), SLICE_PRINT(enterprise.name), SLICE_PRINT(c.enterprise), SLICE_PRINT(name),
		SLICE_PRINT(c.day), SLICE_PRINT(typology != NULL ? typology->en : drill.typology), minutes, seconds));
	return text_r->at != NULL ? 1 : error_set(error, "no room for a certificate");
}
