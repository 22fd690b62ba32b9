-- Schema 4. A contact is a person, and a way is how he is reached: one channel with an address. What tells who he is
-- and where, is sealed (base/seal.h) and found by keyed hashes; seal_…() are functions of the writing connection.

-- Tells at once whether a key is the right one.
CREATE TABLE seal_check(
	id INTEGER PRIMARY KEY CHECK(id = 1),
	text TEXT NOT NULL -- sealed
) STRICT;
INSERT INTO seal_check(id, text) VALUES(1, seal_text('seal_check.text', 'huqi'));

ALTER TABLE contact RENAME TO contact_before;
CREATE TABLE contact(
	id INTEGER PRIMARY KEY,
	owner TEXT NOT NULL, -- USCC of an enterprise, or the division code of a centre
	name TEXT NOT NULL, -- sealed
	name_hash BLOB NOT NULL,
	role TEXT NOT NULL, -- owner | finance_lead | cashier | accountant | security; duty: of a centre
	rank INTEGER NOT NULL, -- 1 is asked first
	language TEXT NOT NULL, -- zh | en
	quiet TEXT NOT NULL DEFAULT '', -- 22:00-07:00
	absent_from TEXT NOT NULL DEFAULT '', -- YYYY-MM-DD, the first day
	absent_to TEXT NOT NULL DEFAULT '', -- and the last
	stand_in TEXT NOT NULL DEFAULT '', -- sealed: the name of another contact of the same owner
	stand_in_hash BLOB NOT NULL DEFAULT x'',
	trained_on TEXT NOT NULL DEFAULT '', -- YYYY-MM-DD
	disabled TEXT NOT NULL DEFAULT '', -- why he is told no more
	UNIQUE(owner, name_hash)
) STRICT;
CREATE TABLE way(
	id INTEGER PRIMARY KEY,
	contact INTEGER NOT NULL,
	channel TEXT NOT NULL,
	address TEXT NOT NULL, -- sealed
	address_hash BLOB NOT NULL, -- of channel and folded address
	secret TEXT NOT NULL, -- sealed
	verified_ms INTEGER NOT NULL DEFAULT 0, -- 0: waits for its code
	code_hash BLOB NOT NULL DEFAULT x'',
	code_until_ms INTEGER NOT NULL DEFAULT 0,
	code_tries INTEGER NOT NULL DEFAULT 0, -- wrong ones
	codes INTEGER NOT NULL DEFAULT 0, -- made since codes_since_ms
	codes_since_ms INTEGER NOT NULL DEFAULT 0,
	disabled TEXT NOT NULL DEFAULT '', -- why, where the destination refused for good
	UNIQUE(contact, channel, address_hash)
) STRICT;
CREATE INDEX way_by_address ON way(channel, address_hash);

-- Rows of one name are one person, as the one who is asked first says.
INSERT INTO contact(owner, name, name_hash, role, rank, language)
	SELECT uscc, seal_text('contact.name', name), seal_hash('name', name), role, rank, language
	FROM contact_before AS o
	WHERE id = (SELECT id FROM contact_before AS f WHERE f.uscc = o.uscc AND f.name = o.name ORDER BY rank, id LIMIT 1)
	ORDER BY id;
-- A way keeps the number of the row it was: deliveries name it. Those rows proved themselves by their secret.
INSERT INTO way(id, contact, channel, address, address_hash, secret, verified_ms, disabled)
	SELECT id, (SELECT c.id FROM contact AS c WHERE c.owner = o.uscc AND c.name_hash = seal_hash('name', o.name)),
		channel, seal_text('way.address', address), seal_way(channel, address), seal_text('way.secret', secret),
		unixepoch() * 1000, disabled
	FROM contact_before AS o;
-- A destination was a hash that anybody could try with all phone numbers.
UPDATE delivery SET destination = ifnull((SELECT seal_destination(w.address_hash) FROM way AS w
	WHERE w.id = delivery.contact), destination);
DROP TABLE contact_before;
ALTER TABLE delivery RENAME COLUMN contact TO way;

ALTER TABLE enterprise ADD COLUMN former_names TEXT NOT NULL DEFAULT ''; -- by ;
ALTER TABLE enterprise ADD COLUMN status TEXT NOT NULL DEFAULT 'active'; -- active | closed: nobody is warned
