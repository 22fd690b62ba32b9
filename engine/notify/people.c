/*
 * What a person does with the outbox: each act that changed something leaves a row in the audit chain, in the
 * same transaction (I10).
 */
#include <stdio.h>

#include "notify/notify.h"

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

	return audit(store, changed, alert, "delivery.release", actor, now_ms, error);
}

int notify_replay(struct store *store, struct slice delivery, const char *actor, int64_t now_ms, struct error *error)
{
	int changed = store_delivery_move(store, delivery, DELIVERY_DEAD, DELIVERY_PENDING, now_ms, error);

	return audit(store, changed, delivery, "delivery.replay", actor, now_ms, error);
}

int notify_acknowledge(struct store *store, struct slice delivery, const char *actor, int64_t now_ms,
                       struct error *error)
{
	int changed = store_delivery_move(store, delivery, DELIVERY_SENT, DELIVERY_ACKED, now_ms, error);

	return audit(store, changed, delivery, "delivery.acknowledge", actor, now_ms, error);
}
