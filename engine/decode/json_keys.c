#include "decode/json_keys.h"

static const char party[] = "counterparty";

static void add(struct json_key *table, const char *name, unsigned field)
{
	size_t length = strlen(name), opening = length < JSON_KEY_OPENING_BYTES ? length : JSON_KEY_OPENING_BYTES;
	unsigned slot = json_key_slot(name, length);

	while (table[slot].name != NULL)
		slot = (slot + 1) % JSON_KEY_SLOTS;
	table[slot] = (struct json_key){.name = name, .length = (uint8_t)length, .field = (uint8_t)field};
	memcpy(table[slot].opening, name, opening);
	if (opening < JSON_KEY_OPENING_BYTES)
		table[slot].opening[opening] = '"';
}

void json_keys_init(struct json_keys *keys)
{
	size_t prefix = sizeof(party); /* with the point instead of the zero */

	memset(keys, 0, sizeof(*keys));
	add(keys->top.slots, party, JSON_KEY_PARTY);
	for (enum tx_field field = 0; field < TX_FIELD_COUNT; field++) {
		const char *name = tx_fields[field].name, *point = strchr(name, '.');
		if (point == NULL)
			add(keys->top.slots, name, field);
		else
			add(keys->party.slots, name + prefix, field);
	}
}
