-- Schema 2. Lists that patterns ask, and whom an enterprise employs.

-- `spelling` is the value's one spelling under which it is found (reference/); on the list `allow` `pattern` is the
-- one that is quieted, else ''. `expires_ms` is the first booking time at which the entry no longer counts.
CREATE TABLE list_entry(
	list TEXT NOT NULL,
	kind TEXT NOT NULL, -- account | name | ip | uscc
	spelling TEXT NOT NULL,
	pattern TEXT NOT NULL,
	value TEXT NOT NULL,
	reason TEXT NOT NULL,
	source TEXT NOT NULL,
	expires_ms INTEGER NOT NULL, -- 9223372036854775807: never
	PRIMARY KEY(list, kind, spelling, pattern)
) STRICT, WITHOUT ROWID;

ALTER TABLE enterprise ADD COLUMN staff TEXT NOT NULL DEFAULT '';
