-- Schema 7. Bulletins to the enterprises of an area, and exercises with their certificates. The states are drawn in
-- casework/bulletin.h and casework/drill.h.

CREATE TABLE bulletin(
	id TEXT PRIMARY KEY, -- a function of period, jurisdiction and industry
	period TEXT NOT NULL, -- week | month
	from_ms INTEGER NOT NULL,
	to_ms INTEGER NOT NULL, -- the first moment behind it
	jurisdiction TEXT NOT NULL, -- with all below it
	industry TEXT NOT NULL, -- how the enterprises' industry begins; "": any
	state INTEGER NOT NULL, -- 0 DRAFT 1 APPROVED 2 SENDING 3 SENT 4 WITHDRAWN
	revision INTEGER NOT NULL, -- of the text: grows with each edit
	title_zh TEXT NOT NULL,
	title_en TEXT NOT NULL,
	body_zh TEXT NOT NULL,
	body_en TEXT NOT NULL,
	figures TEXT NOT NULL, -- JSON: what the draft was made of
	drafted_ms INTEGER NOT NULL,
	edited_by TEXT NOT NULL DEFAULT '', -- "": as huqi drafted it
	edited_ms INTEGER NOT NULL DEFAULT 0,
	approved_by TEXT NOT NULL DEFAULT '',
	approved_ms INTEGER NOT NULL DEFAULT 0,
	withdrawn_by TEXT NOT NULL DEFAULT '',
	withdrawn_ms INTEGER NOT NULL DEFAULT 0,
	next TEXT NOT NULL DEFAULT '', -- the last enterprise that was served: the next batch begins behind it
	enterprises INTEGER NOT NULL DEFAULT 0, -- that were served
	unreached INTEGER NOT NULL DEFAULT 0, -- of them without anybody to tell
	sent_ms INTEGER NOT NULL DEFAULT 0 -- when the last batch was put
) STRICT, WITHOUT ROWID;
CREATE INDEX bulletin_by_time ON bulletin(from_ms, id);

-- An attempt that was under way when its bulletin was withdrawn, or its exercise ended, is not repeated.
CREATE TRIGGER delivery_not_again AFTER UPDATE OF state ON delivery WHEN NEW.kind IN (2, 3) AND NEW.state = 2 AND
	(EXISTS (SELECT 1 FROM bulletin WHERE id = NEW.subject AND state = 4) OR
	EXISTS (SELECT 1 FROM drill WHERE id = NEW.subject AND state = 3))
BEGIN
	UPDATE delivery SET state = 5, reason = 'it is over: ' || NEW.reason WHERE id = NEW.id;
END;
-- One copy a destination, whoever shares it.
CREATE INDEX delivery_by_subject ON delivery(subject, destination) WHERE kind IN (2, 3);

CREATE TABLE drill(
	id TEXT PRIMARY KEY,
	typology TEXT NOT NULL,
	level INTEGER NOT NULL,
	jurisdiction TEXT NOT NULL, -- "": the enterprises were named
	industry TEXT NOT NULL,
	within_ms INTEGER NOT NULL, -- who answers within it is trained
	state INTEGER NOT NULL, -- 0 WAITING 1 TELLING 2 RUNNING 3 ENDED
	started_by TEXT NOT NULL,
	created_ms INTEGER NOT NULL,
	told_ms INTEGER NOT NULL DEFAULT 0, -- when the first enterprise was told
	ended_ms INTEGER NOT NULL DEFAULT 0,
	ended_by TEXT NOT NULL DEFAULT '' -- "huqi": its time was over
) STRICT, WITHOUT ROWID;
CREATE INDEX drill_by_time ON drill(created_ms, id);
CREATE TABLE drill_target(
	drill TEXT NOT NULL,
	enterprise TEXT NOT NULL,
	state INTEGER NOT NULL DEFAULT 0, -- 0 CHOSEN 1 TOLD 2 SKIPPED (a real alert is open) 3 UNREACHED
	PRIMARY KEY(drill, enterprise)
) STRICT, WITHOUT ROWID;
CREATE INDEX drill_target_chosen ON drill_target(drill, enterprise) WHERE state = 0;
-- Who was told. The outbox and the answers move it, through the triggers below.
CREATE TABLE drill_person(
	drill TEXT NOT NULL,
	contact INTEGER NOT NULL,
	enterprise TEXT NOT NULL,
	sent_ms INTEGER NOT NULL DEFAULT 0, -- when the first of his messages arrived
	answered_ms INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY(drill, contact)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER drill_message_sent AFTER UPDATE OF state ON delivery WHEN NEW.kind = 2 AND NEW.state = 3
BEGIN
	UPDATE drill_person SET sent_ms = NEW.settled_ms WHERE sent_ms = 0 AND drill = NEW.subject AND contact =
		(SELECT contact FROM way WHERE id = NEW.way);
END;
-- An answer may come before the receipt; then the message counts as sent when it was made.
CREATE TRIGGER drill_message_answered AFTER UPDATE OF state ON delivery WHEN NEW.kind = 2 AND NEW.state = 4
BEGIN
	UPDATE drill_person SET answered_ms = NEW.settled_ms, sent_ms = iif(sent_ms = 0, NEW.created_ms, sent_ms)
		WHERE answered_ms = 0 AND drill = NEW.subject AND contact = (SELECT contact FROM way WHERE id = NEW.way);
END;

CREATE TABLE certificate(
	number TEXT PRIMARY KEY, -- a function of drill and contact
	drill TEXT NOT NULL,
	contact INTEGER NOT NULL,
	enterprise TEXT NOT NULL,
	day TEXT NOT NULL, -- YYYY-MM-DD, when he answered
	response_ms INTEGER NOT NULL,
	issued_ms INTEGER NOT NULL,
	UNIQUE(drill, contact)
) STRICT, WITHOUT ROWID;
CREATE INDEX certificate_by_contact ON certificate(contact, day);
-- A file of contacts that knows less than the certificates takes nothing back.
CREATE TRIGGER contact_stays_trained AFTER UPDATE OF trained_on ON contact
WHEN NEW.trained_on < ifnull((SELECT max(day) FROM certificate WHERE contact = NEW.id), '')
BEGIN
	UPDATE contact SET trained_on = (SELECT max(day) FROM certificate WHERE contact = NEW.id) WHERE id = NEW.id;
END;
