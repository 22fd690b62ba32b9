-- Schema 5. Warnings find people step by step: escalations, call lists, digests, mutes, and the timers behind them.

ALTER TABLE delivery ADD COLUMN kind INTEGER NOT NULL DEFAULT 0; -- 0 warning 1 code 2 drill 3 bulletin 4 call 5 digest
-- What it is about where that is no alert: a call's number; of a gathered warning the digest that tells it.
ALTER TABLE delivery ADD COLUMN subject TEXT NOT NULL DEFAULT '';
ALTER TABLE delivery ADD COLUMN step INTEGER NOT NULL DEFAULT 0; -- of the level's routing
-- State 7, GATHERED, waits for a digest.
CREATE INDEX delivery_gathered ON delivery(way, due_ms) WHERE state = 7;
CREATE INDEX delivery_digested ON delivery(subject) WHERE state = 7;
CREATE INDEX delivery_digests ON delivery(id) WHERE kind = 5 AND state IN (0, 2);
CREATE INDEX delivery_by_way ON delivery(way, due_ms);

-- What a level of an alert says, without what is one receiver's own, so that later steps can be made of it.
CREATE TABLE warning(
	alert TEXT NOT NULL,
	level INTEGER NOT NULL,
	owner TEXT NOT NULL, -- the enterprise that is told; "": none is known
	payee_hash TEXT NOT NULL, -- keyed, of the leading payee's folded name and account; "": none
	body TEXT NOT NULL,
	PRIMARY KEY(alert, level)
) STRICT, WITHOUT ROWID;

-- How far the telling of an alert is. The state machine is drawn in notify/escalate.h.
CREATE TABLE escalation(
	alert TEXT PRIMARY KEY,
	level INTEGER NOT NULL,
	step INTEGER NOT NULL,
	state INTEGER NOT NULL, -- 0 running 1 acknowledged 2 ended 3 muted
	reason TEXT NOT NULL, -- why it came to this step: "", unanswered, undeliverable, no_contact
	wait_ms INTEGER NOT NULL, -- how long this step waits for an answer
	due_ms INTEGER NOT NULL, -- of the next step; 0: it waits for a release, or for nothing any more
	started_ms INTEGER NOT NULL, -- of this level
	jurisdiction TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX escalation_running ON escalation(due_ms) WHERE state = 0;
-- What was told before this schema is not told anew.
INSERT INTO escalation(alert, level, step, state, reason, wait_ms, due_ms, started_ms, jurisdiction)
	SELECT d.alert, max(d.level), 0, 2, '', 0, 0, min(d.created_ms), ifnull(max(a.jurisdiction), '')
	FROM delivery AS d LEFT JOIN alert AS a ON a.id = d.alert WHERE d.alert <> '' GROUP BY d.alert;

-- The centres' call lists.
CREATE TABLE call(
	id INTEGER PRIMARY KEY,
	alert TEXT NOT NULL,
	jurisdiction TEXT NOT NULL, -- "": nobody's, shown to all
	level INTEGER NOT NULL,
	reason TEXT NOT NULL, -- no_contact | unanswered | undeliverable | release | paid | objection
	created_ms INTEGER NOT NULL,
	due_ms INTEGER NOT NULL, -- when it goes on to the city's; 0: it stays
	taken_by TEXT NOT NULL DEFAULT '',
	taken_ms INTEGER NOT NULL DEFAULT 0,
	done_ms INTEGER NOT NULL DEFAULT 0,
	outcome TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX call_open ON call(alert, reason, jurisdiction) WHERE done_ms = 0;
CREATE INDEX call_by_jurisdiction ON call(jurisdiction, level) WHERE done_ms = 0;
CREATE INDEX call_by_alert ON call(alert);

-- A contact wants no more warnings about one payee for a time.
CREATE TABLE mute(
	owner TEXT NOT NULL,
	payee_hash TEXT NOT NULL,
	until_ms INTEGER NOT NULL,
	contact INTEGER NOT NULL, -- who said so
	reason TEXT NOT NULL,
	created_ms INTEGER NOT NULL,
	PRIMARY KEY(owner, payee_hash)
) STRICT, WITHOUT ROWID;

-- What is to happen when (engine/timers.c). Wall time, moved along when the clock is.
CREATE TABLE timer(
	kind TEXT NOT NULL,
	subject TEXT NOT NULL,
	due_ms INTEGER NOT NULL,
	PRIMARY KEY(kind, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX timer_by_due ON timer(due_ms, kind, subject);
CREATE TABLE desk_clock(
	id INTEGER PRIMARY KEY CHECK(id = 1),
	seen_ms INTEGER NOT NULL
) STRICT;

-- I7, whatever a program does: what analysts' alerts are about, and what is said to a centre, has no enterprise's way.
CREATE TRIGGER delivery_tips_nobody_off BEFORE INSERT ON delivery
WHEN (NEW.kind = 4 OR EXISTS (SELECT 1 FROM alert WHERE id = NEW.alert AND audience = 1))
	AND EXISTS (SELECT 1 FROM way JOIN contact ON contact.id = way.contact
		WHERE way.id = NEW.way AND (length(contact.owner) <> 6 OR contact.role <> 'duty'))
BEGIN
	SELECT RAISE(ABORT, 'no enterprise is told what is for analysts (I7)');
END;
