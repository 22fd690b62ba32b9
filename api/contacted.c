#include "api/contacted.h"

#include "api/mask.h"
#include "base/ident.h"
#include "judge/judge.h"
#include "notify/notify.h"

struct writer {
	yyjson_mut_doc *document;
	struct arena *arena;
	bool revealed;
};

static void add_text_or_null(struct writer *w, yyjson_mut_val *object, const char *name, struct slice text)
{
	if (text.length > 0)
		resource_add_text(w->document, object, name, text);
	else
		yyjson_mut_obj_add_null(w->document, object, name);
}

static struct slice shown_address(struct writer *w, struct slice address)
{
	char masked[IDENT_MASKED_BYTES];

	return w->revealed ? address : arena_copy(w->arena, slice_of(ident_mask_address(address, masked)));
}

static struct slice shown_name(struct writer *w, struct slice name)
{
	char masked[IDENT_MASKED_BYTES];

	return w->revealed ? name : arena_copy(w->arena, slice_of(ident_mask_name(name, masked)));
}

/* {"id":…,"owner":…,"name":…,"role":…}, or null. */
static void add_contact(struct writer *w, yyjson_mut_val *object, const struct delivery_view *v)
{
	yyjson_mut_val *contact;

	if (v->contact == 0) {
		yyjson_mut_obj_add_null(w->document, object, "contact");
		return;
	}
	contact = yyjson_mut_obj_add_obj(w->document, object, "contact");
	yyjson_mut_obj_add_sint(w->document, contact, "id", v->contact);
	resource_add_text(w->document, contact, "owner", v->owner);
	resource_add_text(w->document, contact, "name", shown_name(w, v->name));
	resource_add_text(w->document, contact, "role", v->role);
}

static yyjson_mut_val *delivery_value(struct writer *w, const struct delivery_view *v)
{
	yyjson_mut_val *object = yyjson_mut_obj(w->document);
	bool waits = v->state == DELIVERY_PENDING || v->state == DELIVERY_RETRY;

	resource_add_text(w->document, object, "id", v->id);
	yyjson_mut_obj_add_str(w->document, object, "kind", v->kind < DELIVERY_KIND_COUNT ? delivery_kind_names[v->kind] : "");
	yyjson_mut_obj_add_str(w->document, object, "level", alert_level_names[v->level <= LEVEL_RED ? v->level : 0]);
	yyjson_mut_obj_add_sint(w->document, object, "step", v->step);
	yyjson_mut_obj_add_str(w->document, object, "state",
	                       v->state < DELIVERY_STATE_COUNT ? delivery_state_names[v->state] : "");
	resource_add_text(w->document, object, "channel", v->channel);
	resource_add_text(w->document, object, "address", shown_address(w, v->address));
	add_contact(w, object, v);
	yyjson_mut_obj_add_sint(w->document, object, "attempts", v->attempts);
	resource_add_time(w->document, object, "created_at", v->created_ms);
	resource_add_time(w->document, object, "due_at", waits ? v->due_ms : 0);
	resource_add_time(w->document, object, "settled_at", v->settled_ms);
	add_text_or_null(w, object, "reason", v->reason);
	add_text_or_null(w, object, "receipt", v->receipt);
	resource_add_time(w->document, object, "receipt_at", v->receipt_ms);
	return object;
}

static void add_number_or_null(struct writer *w, yyjson_mut_val *object, const char *name, int64_t number)
{
	if (number != 0)
		yyjson_mut_obj_add_sint(w->document, object, name, number);
	else
		yyjson_mut_obj_add_null(w->document, object, name);
}

static yyjson_mut_val *answer_value(struct writer *w, const struct answer_row *r)
{
	yyjson_mut_val *object = yyjson_mut_obj(w->document);

	yyjson_mut_obj_add_sint(w->document, object, "id", r->id);
	resource_add_text(w->document, object, "answer", r->answer);
	resource_add_text(w->document, object, "via", r->via);
	add_text_or_null(w, object, "text", w->revealed ? r->text : mask_digits(r->text, w->arena));
	add_number_or_null(w, object, "value", r->value);
	resource_add_time(w->document, object, "at", r->at_ms);
	resource_add_text(w->document, object, "actor", r->actor);
	add_text_or_null(w, object, "delivery", r->delivery);
	add_number_or_null(w, object, "contact", r->contact);
	return object;
}

static int add_deliveries(struct request *request, struct writer *w, struct slice alert, yyjson_mut_val *object,
                          struct error *error)
{
	yyjson_mut_val *list = yyjson_mut_obj_add_arr(w->document, object, "deliveries");
	struct delivery_view *rows;
	size_t count;

	if (store_deliveries_view(request->store, alert, w->arena, &rows, &count, error) == -1)
		return -1;
	for (size_t i = 0; i < count; i++)
		yyjson_mut_arr_append(list, delivery_value(w, &rows[i]));
	return 0;
}

static int add_answers(struct request *request, struct writer *w, struct slice alert, yyjson_mut_val *object,
                       struct error *error)
{
	yyjson_mut_val *list = yyjson_mut_obj_add_arr(w->document, object, "answers");
	struct answer_row *rows;
	size_t count;

	if (store_answers_of_alert(request->store, alert, w->arena, &rows, &count, error) == -1)
		return -1;
	for (size_t i = 0; i < count; i++)
		yyjson_mut_arr_append(list, answer_value(w, &rows[i]));
	return 0;
}

int contacted_add(struct request *request, struct slice alert, bool revealed, yyjson_mut_doc *document,
                  yyjson_mut_val *object, struct error *error)
{
	struct writer w = {document, request->arena, revealed};
	uint8_t level = 0;

	if (add_deliveries(request, &w, alert, object, error) == -1 ||
	    add_answers(request, &w, alert, object, error) == -1 ||
	    store_handling_get(request->store, alert, &level, error) == -1)
		return -1;
	if (level > 0 && level <= LEVEL_RED)
		yyjson_mut_obj_add_str(document, object, "handling_level", alert_level_names[level]);
	else
		yyjson_mut_obj_add_null(document, object, "handling_level");
	return arena_overflowed(request->arena) ? error_set(error, "more than one answer may hold") : 0;
}
