/*
 * What a person does with the outbox: each act that changed something leaves a row in the audit chain, in the
 * same transaction (I10).
 */
#include <stdio.h>

#include "notify/notify.h"

enum { ROWS_BYTES_MAX = 16 << 20 };

static int audit(struct store *store, int changed, struct slice object, const char *action, const char *actor,
                 int64_t now_ms, struct error *error)
{
	char name[128], detail[64];

	if (changed <= 0)
		return changed;
	snprintf(name, sizeof(name), "%.*s", SLICE_PRINT(object));
	snprintf(detail, sizeof(detail), "{\"deliveries\":%d}", changed);
	return store_audit_put(store, now_ms, actor, action, name, detail, error) == -1 ? -1 : changed;
}

int notify_release(struct store *store, struct slice alert, const char *actor, int64_t now_ms, struct error *error)
{
	int changed = store_deliveries_release(store, alert, now_ms, error);

	if (changed == -1 || escalation_released(store, alert, now_ms, error) == -1)
		return -1;
	return audit(store, changed, alert, "delivery.release", actor, now_ms, error);
}

int notify_replay(struct store *store, struct slice delivery, const char *actor, int64_t now_ms, struct error *error)
{
	int changed = store_delivery_move(store, delivery, DELIVERY_DEAD, DELIVERY_PENDING, now_ms, error);

	return audit(store, changed, delivery, "delivery.replay", actor, now_ms, error);
}

/* Who answers to a lower level has not answered to what it became. */
static int stop_of(struct store *store, const struct acknowledged_row *row, int64_t now_ms, struct error *error)
{
	struct escalation_row e;
	struct arena arena;
	int found;

	arena_init(&arena, ROWS_BYTES_MAX);
	found = store_escalation_get(store, row->alert, &arena, &e, error);
	if (found == 1 && row->level >= e.level)
		found = escalation_stop(store, row->alert, ESCALATION_ACKNOWLEDGED, now_ms, error);
	arena_deinit(&arena);
	return found == -1 ? -1 : 0;
}

int escalation_answered(struct store *store, struct slice delivery, int64_t now_ms, struct error *error)
{
	struct acknowledged_row *rows;
	struct arena arena;
	size_t count;
	int result;

	arena_init(&arena, ROWS_BYTES_MAX);
	result = store_acknowledged(store, delivery, &arena, &rows, &count, error);
	for (size_t i = 0; result == 0 && i < count; i++)
		result = stop_of(store, &rows[i], now_ms, error);
	arena_deinit(&arena);
	return result == -1 ? -1 : 0;
}

int notify_acknowledge(struct store *store, struct slice delivery, const char *actor, int64_t now_ms,
                       struct error *error)
{
	int changed = store_delivery_move(store, delivery, DELIVERY_SENT, DELIVERY_ACKED, now_ms, error);

	if (changed == 1 && escalation_answered(store, delivery, now_ms, error) == -1)
		return -1;
	return audit(store, changed, delivery, "delivery.acknowledge", actor, now_ms, error);
}
