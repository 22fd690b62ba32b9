-- Schema 6. What contacts answered, what a gateway tells of its messages, and how urgently an alert is handled.

-- `answer` is append-only by habit: what counts is decided by notify/answer.c from the rows that are there.
CREATE TABLE answer(
	id INTEGER PRIMARY KEY,
	alert TEXT NOT NULL, -- '' where the delivery is about none
	delivery TEXT NOT NULL, -- '' where it was given by phone and to no delivery
	way INTEGER NOT NULL, -- 0: unknown
	contact INTEGER NOT NULL, -- 0: unknown
	via TEXT NOT NULL, -- page | sms | phone | robot
	answer TEXT NOT NULL, -- genuine | stopped | paid | unsure | objection | rating | read | mute | note
	text TEXT NOT NULL,
	value INTEGER NOT NULL, -- of a rating: 1 to 5
	at_ms INTEGER NOT NULL,
	actor TEXT NOT NULL, -- "contact N", or who wrote it down
	message TEXT NOT NULL -- of an SMS: the gateway's id, so that its second call changes nothing
) STRICT;
CREATE INDEX answer_by_alert ON answer(alert, at_ms, id);
CREATE INDEX answer_by_delivery ON answer(delivery) WHERE delivery <> '';
CREATE UNIQUE INDEX answer_by_message ON answer(message) WHERE message <> '';

ALTER TABLE delivery ADD COLUMN provider_id TEXT NOT NULL DEFAULT ''; -- what the gateway calls it
ALTER TABLE delivery ADD COLUMN receipt TEXT NOT NULL DEFAULT ''; -- delivered | failed
ALTER TABLE delivery ADD COLUMN receipt_ms INTEGER NOT NULL DEFAULT 0;
CREATE INDEX delivery_by_provider ON delivery(provider_id) WHERE provider_id <> '';

-- People may raise how urgently an alert is handled over what its score says: "already paid" does.
CREATE TABLE alert_handling(
	alert TEXT PRIMARY KEY,
	level INTEGER NOT NULL,
	reason TEXT NOT NULL,
	at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A gateway may call back before the sending has been written; such a receipt waits here for its delivery.
CREATE TABLE receipt_early(
	provider_id TEXT PRIMARY KEY,
	failed INTEGER NOT NULL,
	reason TEXT NOT NULL,
	at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
