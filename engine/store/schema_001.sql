-- Schema 1. Times are UTC milliseconds, amounts minor units of CNY, ids text; every table is STRICT.
-- A migration is a file of its own with the next number, never a change here.

-- How far each partition of each feed is done, with everything it produced (I3).
CREATE TABLE feed_offset(
	topic TEXT NOT NULL,
	partition INTEGER NOT NULL,
	next_offset INTEGER NOT NULL,
	PRIMARY KEY(topic, partition)
) STRICT, WITHOUT ROWID;

-- What could not be read (I5). `produced` turns 1 when the dead-letter topic has it.
CREATE TABLE dead_letter(
	id INTEGER PRIMARY KEY,
	topic TEXT NOT NULL,
	partition INTEGER NOT NULL,
	offset INTEGER NOT NULL,
	decoder TEXT NOT NULL,
	field TEXT NOT NULL,
	reason TEXT NOT NULL,
	key BLOB,
	payload BLOB NOT NULL,
	payload_bytes INTEGER NOT NULL,
	received_ms INTEGER NOT NULL,
	produced INTEGER NOT NULL DEFAULT 0,
	replayed_ms INTEGER,
	UNIQUE(topic, partition, offset)
) STRICT;
CREATE INDEX dead_letter_unproduced ON dead_letter(id) WHERE produced = 0;
CREATE INDEX dead_letter_by_field ON dead_letter(topic, field);

-- Every hit, once: the id is a function of bank, account, transaction, pattern and version (I4). Rows are long and
-- only appended; what is written in random order is the two short indexes.
CREATE TABLE hit(
	id BLOB NOT NULL UNIQUE,
	bank TEXT NOT NULL,
	account TEXT NOT NULL,
	typology TEXT NOT NULL,
	audience INTEGER NOT NULL,
	pattern TEXT NOT NULL,
	version INTEGER NOT NULL,
	tx_id TEXT NOT NULL,
	booked_ms INTEGER NOT NULL,
	score INTEGER NOT NULL,
	amount_minor INTEGER NOT NULL, -- -1: the currency has no rate
	account_name TEXT NOT NULL,
	enterprise TEXT NOT NULL,
	party_name TEXT NOT NULL, -- the counterparty's
	party_account TEXT NOT NULL,
	party_is_company INTEGER NOT NULL,
	evidence TEXT NOT NULL
) STRICT;
CREATE INDEX hit_episode ON hit(bank, account, typology, audience, booked_ms, tx_id, pattern);

-- An episode whose score reached a level. `body` is huqi.alert.v1; the columns are what lists filter by.
CREATE TABLE alert(
	id TEXT PRIMARY KEY,
	revision INTEGER NOT NULL,
	level INTEGER NOT NULL, -- 1 blue, 2 yellow, 3 orange, 4 red
	score INTEGER NOT NULL,
	typology TEXT NOT NULL,
	audience INTEGER NOT NULL, -- 0 enterprise, 1 analyst
	bank TEXT NOT NULL,
	account TEXT NOT NULL,
	account_name TEXT NOT NULL,
	enterprise TEXT NOT NULL,
	jurisdiction TEXT NOT NULL,
	opened_ms INTEGER NOT NULL,
	raised_ms INTEGER NOT NULL,
	updated_ms INTEGER NOT NULL,
	amount_minor INTEGER NOT NULL,
	stored_ms INTEGER NOT NULL, -- when the desk first committed it: the one wall-clock time here
	body TEXT NOT NULL
) STRICT;
CREATE INDEX alert_by_account ON alert(bank, account, typology, audience, opened_ms);
-- What lists filter by and statistics count stands in this index, so that neither reads bodies on the way.
CREATE INDEX alert_by_raised ON alert(raised_ms, id, level, typology, audience, score, bank, jurisdiction);
CREATE INDEX alert_by_holder ON alert(account, raised_ms, id);
CREATE INDEX alert_by_enterprise ON alert(enterprise, raised_ms, id);

-- Revisions that the alert topic does not have yet. A table of its own, mostly empty, so that producing an alert does
-- not write its long row again.
CREATE TABLE alert_unproduced(
	alert TEXT PRIMARY KEY,
	revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- An alert whose earliest evidence turned out to be earlier has a new id; the old one leads to it.
CREATE TABLE alert_alias(
	id TEXT PRIMARY KEY,
	alert TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_alias_by_alert ON alert_alias(alert);

-- Registry: who is warned.
CREATE TABLE jurisdiction(
	code TEXT PRIMARY KEY, -- GB/T 2260, six digits
	parent TEXT NOT NULL, -- "" for a city
	name_zh TEXT NOT NULL,
	name_en TEXT NOT NULL,
	bank_city TEXT NOT NULL DEFAULT '' -- digits 4 to 7 of the bank codes of its city; "" for others
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX jurisdiction_by_bank_city ON jurisdiction(bank_city) WHERE bank_city <> '';
CREATE TABLE enterprise(
	uscc TEXT PRIMARY KEY,
	name TEXT NOT NULL,
	industry TEXT NOT NULL,
	scope TEXT NOT NULL,
	address TEXT NOT NULL,
	registered_on TEXT NOT NULL,
	legal_representative TEXT NOT NULL,
	jurisdiction TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE account(
	bank TEXT NOT NULL,
	account TEXT NOT NULL,
	uscc TEXT NOT NULL,
	name TEXT NOT NULL,
	opened_on TEXT NOT NULL,
	PRIMARY KEY(bank, account)
) STRICT, WITHOUT ROWID;
CREATE INDEX account_by_uscc ON account(uscc);
CREATE TABLE contact(
	id INTEGER PRIMARY KEY,
	uscc TEXT NOT NULL,
	name TEXT NOT NULL,
	role TEXT NOT NULL, -- owner | finance_lead | cashier | accountant | security
	rank INTEGER NOT NULL, -- 1 is asked first
	language TEXT NOT NULL, -- zh | en
	channel TEXT NOT NULL,
	address TEXT NOT NULL,
	secret TEXT NOT NULL,
	disabled TEXT NOT NULL DEFAULT '', -- why, where the destination refused for good
	UNIQUE(uscc, channel, address)
) STRICT;
CREATE INDEX contact_by_address ON contact(channel, address);

-- The outbox. States are drawn in deliver/outbox.h.
CREATE TABLE delivery(
	id TEXT PRIMARY KEY, -- stable: a function of alert, level, contact and channel
	alert TEXT NOT NULL,
	revision INTEGER NOT NULL,
	level INTEGER NOT NULL,
	contact INTEGER NOT NULL,
	destination INTEGER NOT NULL, -- a hash of channel and address: what is limited, paused and served in turn
	state INTEGER NOT NULL, -- 0 PENDING 1 INFLIGHT 2 RETRY 3 SENT 4 ACKED 5 DEAD 6 HELD
	attempts INTEGER NOT NULL DEFAULT 0,
	created_ms INTEGER NOT NULL,
	due_ms INTEGER NOT NULL,
	settled_ms INTEGER,
	released_ms INTEGER, -- when an analyst let it go (I7); it is not held again
	reason TEXT NOT NULL DEFAULT '',
	body TEXT NOT NULL -- huqi.warning.v1, masked (I9)
) STRICT, WITHOUT ROWID;
CREATE INDEX delivery_waiting ON delivery(destination, due_ms, id) WHERE state IN (0, 2);
CREATE INDEX delivery_inflight ON delivery(id) WHERE state = 1;
CREATE INDEX delivery_held ON delivery(created_ms, id) WHERE state = 6;
CREATE INDEX delivery_by_alert ON delivery(alert);
CREATE INDEX delivery_by_state ON delivery(state);

-- Every change that a person or a token makes (I10): hash = SHA-256(previous hash, the row's other columns).
CREATE TABLE audit(
	seq INTEGER PRIMARY KEY AUTOINCREMENT, -- so that a removed end shows
	at_ms INTEGER NOT NULL,
	actor TEXT NOT NULL,
	action TEXT NOT NULL,
	object TEXT NOT NULL,
	detail TEXT NOT NULL,
	hash BLOB NOT NULL
) STRICT;
CREATE TRIGGER audit_keep BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_stay BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
