/*
 * The code that verifies a contact's address goes out as every delivery does: through the outbox, with retries. What
 * the row says is struck out when it is over, since the store keeps a code only as a hash.
 */
#include <stdio.h>

#include "base/instant.h"
#include "notify/message.h"

enum { CODE_BYTES_MAX = 1 << 20 };

static int body(const struct catalogue *catalogue, const struct notify_code *code, const struct contact_row *contact,
                const struct way_row *way, int64_t now_ms, struct slice id, struct arena *arena, struct slice *body_r,
                struct error *error)
{
	int64_t life_ms = code->until_ms - now_ms + INSTANT_HOUR_MS / 2; /* a moment less than a day is a day */
	struct slice hours = slice_of(arena_print(arena, "%lld", (long long)(life_ms / INSTANT_HOUR_MS)));
	const struct fill_value more[] = {{"code", code->code, code->code}, {"hours", hours, hours}};
	struct message_order order = {.kind = MESSAGE_CODE, .id = id, .channel = way->channel,
	                              .language = contact->language, .more = more,
	                              .more_count = sizeof(more) / sizeof(more[0])};
	struct message_made made;

	if (catalogue != NULL)
		order.signature = catalogue->signature;
	return message_for(slice_of(""), catalogue, &order, arena, body_r, &made, error);
}

static int put(struct store *store, const struct catalogue *catalogue, const struct notify_code *code, int64_t now_ms,
               struct arena *arena, struct error *error)
{
	char id[OUTBOX_ID_BYTES], subject[48];
	struct contact_row contact;
	struct way_row way;
	struct delivery_row row = {.kind = DELIVERY_CODE, .way = code->way, .created_ms = now_ms, .due_ms = now_ms};
	int found = store_way_get(store, code->way, arena, &way, &contact, error);

	if (found != 1)
		return found == 0 ? error_set(error, "the contact is no longer registered") : -1;
	snprintf(subject, sizeof(subject), "way/%lld/%lld", (long long)code->way, (long long)code->until_ms);
	row.subject = slice_of(subject);
	row.destination = way.destination;
	outbox_delivery_id(DELIVERY_CODE, row.subject, 0, 0, way.id, id);
	row.id = slice_of(id);
	if (body(catalogue, code, &contact, &way, now_ms, row.id, arena, &row.body, error) == -1)
		return -1;
	return store_delivery_put(store, &row, error) == -1 ? -1 : 0;
}

int notify_send_code(struct store *store, const struct catalogue *catalogue, const struct notify_code *code,
                     int64_t now_ms, struct error *error)
{
	struct arena arena;
	int result;

	arena_init(&arena, CODE_BYTES_MAX);
	result = put(store, catalogue, code, now_ms, &arena, error);
	arena_deinit(&arena);
	return result;
}
