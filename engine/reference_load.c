#include "reference_load.h"

#include <stdio.h>

#include "registry/registry.h"

enum { TOLD_BYTES = ERROR_TEXT_BYTES + 512 };

static bool is_named(const char *folder)
{
	return folder != NULL && folder[0] != '\0';
}

static int add_folders(struct reference *reference, const char *lists, const char *registry,
                       reference_report *report, void *context, struct error *error)
{
	if (is_named(lists) && reference_load_lists(reference, lists, report, context, error) == -1)
		return -1;
	return is_named(registry) ? registry_refer_folder(registry, reference, report, context, error) : 0;
}

int reference_load_folders(const char *lists, const char *registry, reference_report *report, void *context,
                           struct reference **reference_r, struct error *error)
{
	*reference_r = NULL;
	if (!is_named(lists) && !is_named(registry))
		return 0;
	*reference_r = reference_new();
	if (add_folders(*reference_r, lists, registry, report, context, error) == -1) {
		reference_free(reference_r);
		return -1;
	}
	reference_finish(*reference_r);
	return 0;
}

/* ---- from the store ---- */

struct adding {
	struct reference *reference;
	reference_report *report;
	void *context;
};

/* What was imported was checked; a row that is wrong all the same is told, and the service goes on. */
static int add_entry(void *arg, const struct list_entry_row *row, struct error *error)
{
	struct adding *adding = arg;
	int kind = reference_parse_kind(row->kind);
	struct reference_entry entry = {.value = row->value, .kind = (uint8_t)kind, .reason = row->reason,
	                                .source = row->source, .expires_ms = row->expires_ms};
	char text[TOLD_BYTES];

	if (kind >= 0 && reference_add(adding->reference, row->list, &entry, error) == 0)
		return 0;
	snprintf(text, sizeof(text), "the store's list %.*s: %s", SLICE_PRINT(row->list),
	         kind >= 0 ? error->text : "an entry of no known kind");
	if (adding->report != NULL)
		adding->report(adding->context, text);
	return 0;
}

int reference_load_store(const struct settings *settings, struct store *store, reference_report *report,
                         void *context, struct reference **reference_r, struct error *error)
{
	struct reference *reference = *reference_r = reference_new();
	struct adding adding = {reference, report, context};

	if (add_folders(reference, settings->lists_dir, NULL, report, context, error) == -1 ||
	    store_list_entries_each(store, slice_of(""), add_entry, &adding, error) == -1 ||
	    registry_refer_store(store, reference, error) == -1) {
		reference_free(reference_r);
		return -1;
	}
	reference_finish(reference);
	return 0;
}

/* ---- what does not fit together ---- */

static void tell(reference_report *report, void *context, const char *format, struct slice name)
{
	char text[TOLD_BYTES];

	snprintf(text, sizeof(text), format, SLICE_PRINT(name));
	if (report != NULL)
		report(context, text);
}

static unsigned compare_allow(const struct reference_list *allow, const struct pattern_set *set,
                              reference_report *report, void *context)
{
	unsigned told = 0;
	struct slice last = {0};

	for (size_t i = 0; allow != NULL && i < reference_list_size(allow); i++) {
		struct slice id = reference_entry_at(allow, i)->source;
		const struct pattern *pattern = pattern_set_find(set, id);
		if (slice_equal(id, last) || (pattern != NULL && !pattern->asks_stop_payment))
			continue;
		last = id;
		told++;
		tell(report, context,
		     pattern == NULL ? "the list allow quiets the pattern `%.*s`, and there is none of that id"
		                     : "the list allow quiets the pattern `%.*s`, which asks the stop-payment list: it is never "
		                       "quieted",
		     id);
	}
	return told;
}

unsigned reference_compare(const struct reference *reference, const struct pattern_set *set,
                           reference_report *report, void *context)
{
	const struct slice *name;
	unsigned told = 0;

	for (size_t i = 0; (name = pattern_set_list(set, i)) != NULL; i++) {
		if (reference != NULL && reference_list(reference, *name) != NULL)
			continue;
		told++;
		tell(report, context, "patterns ask the list `%.*s`, and there is none of that name: they never hit by it",
		     *name);
	}
	return reference == NULL ? told
	                         : told + compare_allow(reference_list(reference, slice_of(REFERENCE_ALLOW)), set,
	                                                report, context);
}
