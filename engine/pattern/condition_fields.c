/*
 * The fields that a condition can name: the transaction's, and the registry's of its two enterprises.
 */
#include "pattern/condition.h"

static const struct {
	const char *name;
	enum tx_field_type type;
} enterprise_fields[] = {
#define ENTERPRISE(symbol, name, type) {name, TX_TYPE_##type},
#include "pattern/enterprise.def"
#undef ENTERPRISE
};

const char *condition_field_name(uint8_t field)
{
	return field < TX_FIELD_COUNT ? tx_fields[field].name : enterprise_fields[field - TX_FIELD_COUNT].name;
}

enum tx_field_type condition_field_type(uint8_t field)
{
	return field < TX_FIELD_COUNT ? tx_fields[field].type : enterprise_fields[field - TX_FIELD_COUNT].type;
}

uint8_t condition_field_find(struct slice name)
{
	uint8_t field = 0;

	while (field < PROGRAM_FIELD_COUNT && !slice_is(name, condition_field_name(field)))
		field++;
	return field;
}
