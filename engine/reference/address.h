/*
 * Two keys out of a registered address, so that firms at one place are counted however they write it. Slices of the
 * folded address, in which separators and brackets are gone and numerals are digits:
 *
 *     临澜市澜东区文昌街656号3幢412室（集群）     what is written
 *     临澜市澜东区文昌街656号3幢412室集群         folded
 *           │          └─── room ───┘             …656号3幢412: without 室 and whatever tells its desks apart
 *           └─ begins behind province, prefecture, city, district: some write them, some don't
 *                  └── floor ──┘                  …656号3幢4: without the room's last two digits
 *
 * 412-5 is a desk of 412, too: only the address as written still has the dash that tells.
 *
 * A house has no floors: its rooms (78号2室, 78号之一, 78号-3), of one or two digits, are one address, and so its
 * floor. An address that tells no room of three to five digits and no floor is both as it is. The city that the keys
 * have lost is the jurisdiction's, which whoever compares them compares, too; a key of one character is nobody's address.
 */
#ifndef REFERENCE_ADDRESS_H
#define REFERENCE_ADDRESS_H

#include "base/slice.h"

struct address_keys {
	struct slice room, floor;
};

/* Of the address as it is written, and the same folded. */
struct address_keys address_keys(struct slice written, struct slice folded);

#endif
