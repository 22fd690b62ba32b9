#include "reference/address.h"

#include <stdbool.h>
#include <string.h>

#include "fold/fold.h"

enum {
	HOUSE_ROOM_DIGITS_MAX = 2, ROOM_DIGITS_LEAST = 3, ROOM_DIGITS_MAX = 5, ROOM_IN_FLOOR_DIGITS = 2,
	DISTRICT_BYTES_MAX = 5 * 3, /* of its name: longer is a street's, or a park's */
	PEOPLES_BYTES_MAX = 12 * 3, /* 双江拉祜族佤族布朗族傣族, before 自治县: nothing else ends like that */
	DESK_BYTES_MAX = 64, /* of what stands behind the dash of 601-5 */
};

#define COUNT(words) (sizeof(words) / sizeof((words)[0]))

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Whether `text` at `*at` begins with one of `words`, which is then passed over. */
static bool pass_one(struct slice text, uint32_t *at, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint32_t length = (uint32_t)strlen(words[i]);
		if (text.length - *at >= length && memcmp(text.at + *at, words[i], length) == 0) {
			*at += length;
			return true;
		}
	}
	return false;
}

static uint32_t pass_digits(struct slice text, uint32_t *at)
{
	uint32_t from = *at;

	while (*at < text.length && is_digit(text.at[*at]))
		++*at;
	return *at - from;
}

/* ---- the front ---- */

/* Behind the first of `words` that ends within `most` bytes from `at` on; else `at`. */
static uint32_t behind_one(struct slice text, uint32_t at, uint32_t most, const char *const *words, size_t count)
{
	for (uint32_t i = at + 3; i < text.length && i <= at + most; i++) {
		uint32_t behind = i;
		if (pass_one(text, &behind, words, count))
			return behind;
	}
	return at;
}

/* 9号A区 and 8幢东区 are parts of buildings; but 三元区, folded 3元区, is a district. */
static bool is_part(struct slice text, uint32_t from, uint32_t to)
{
	static const char *const counted[] = {"号", "幢", "栋", "座", "期", "楼", "层", "组", "队", "村", "路", "街"};
	uint32_t behind = from + 1;

	if (is_digit(text.at[from]) && !pass_one(text, &behind, counted, COUNT(counted)))
		from++;
	for (; from < to; from++)
		if ((unsigned char)text.at[from] < 0x80)
			return true;
	return false;
}

/* Behind the prefecture at `at`; else `at`. Those of a 盟 or 地区 are few, and a 联盟路 or 开发地区 is none. */
static uint32_t behind_prefecture(struct slice address, uint32_t at)
{
	static const char *const of_a_people[] = {"自治州"},
	                  *const others[] = {"锡林郭勒盟", "兴安盟", "阿拉善盟", "大兴安岭地区", "阿克苏地区", "喀什地区", "和田地区",
	                                     "塔城地区", "阿勒泰地区", "阿里地区"};
	uint32_t behind = behind_one(address, at, PEOPLES_BYTES_MAX, of_a_people, COUNT(of_a_people));

	if (behind == at)
		(void)pass_one(address, &behind, others, COUNT(others));
	return behind;
}

/* Without province, prefecture, city and district; 小区, 园区, 社区 and 工业区 are no district. */
static struct slice without_front(struct slice address)
{
	static const char *const province[] = {"省", "自治区"}, *const city[] = {"市"}, *const district[] = {"区", "县", "旗"},
	                  *const of_a_people[] = {"自治县", "自治旗"}, *const none[] = {"小", "园", "社", "发", "新", "业"};
	uint32_t at = behind_one(address, 0, DISTRICT_BYTES_MAX, province, COUNT(province)), behind, word;

	at = behind_prefecture(address, at);
	at = behind_one(address, at, DISTRICT_BYTES_MAX, city, COUNT(city));
	behind = behind_one(address, at, PEOPLES_BYTES_MAX, of_a_people, COUNT(of_a_people));
	if (behind == at)
		behind = behind_one(address, at, DISTRICT_BYTES_MAX, district, COUNT(district));
	word = behind >= at + 6 ? behind - 6 : at;
	if (behind > at && !pass_one(address, &word, none, COUNT(none)) && !is_part(address, at, behind))
		at = behind;
	return (struct slice){address.at + at, address.length - at};
}

/* ---- the end ---- */

/* Behind the street number, 656号; 0: there is none. */
static uint32_t behind_number(struct slice address)
{
	static const char *const number[] = {"号"};

	for (uint32_t at = 1; at < address.length; at++) {
		uint32_t behind = at;
		if (is_digit(address.at[at - 1]) && pass_one(address, &behind, number, 1))
			return behind;
	}
	return 0;
}

/* Whether a room of a house follows, and nothing else: 2室, 之1, 附1号. */
static bool is_house_room(struct slice text, uint32_t at)
{
	static const char *const before[] = {"之", "附", "第"}, *const after[] = {"室", "房", "号", "铺", "间"};
	uint32_t digits;

	(void)pass_one(text, &at, before, COUNT(before));
	digits = pass_digits(text, &at);
	(void)pass_one(text, &at, after, COUNT(after));
	return digits >= 1 && digits <= HOUSE_ROOM_DIGITS_MAX && at == text.length;
}

/* The room of a tower behind `at`: 412室 and whatever follows it, or 412 at the end; its digits are [from, to). */
static bool find_tower_room(struct slice text, uint32_t at, uint32_t *from_r, uint32_t *to_r)
{
	static const char *const after[] = {"室", "房", "号房", "铺", "单元", "工位", "之"};

	while (at < text.length) {
		uint32_t from = at, digits = pass_digits(text, &at), behind = at;
		if (digits >= ROOM_DIGITS_LEAST && digits <= ROOM_DIGITS_MAX &&
		    (at == text.length || pass_one(text, &behind, after, COUNT(after)))) {
			*from_r = from;
			*to_r = at;
			return true;
		}
		if (digits == 0)
			at++;
	}
	return false;
}

/* A floor that ends the address: 3幢6层 is 3幢6. */
static bool ends_with_floor(struct slice text, uint32_t *to_r)
{
	static const char *const after[] = {"层", "楼"};

	for (uint32_t at = 1; at < text.length; at++) {
		uint32_t behind = at;
		if (is_digit(text.at[at - 1]) && pass_one(text, &behind, after, COUNT(after)) && behind == text.length) {
			*to_r = at;
			return true;
		}
	}
	return false;
}

/* Behind the last dash of the address as written; NULL: there is none. */
static const char *behind_dash(struct slice address)
{
	static const char *const dashes[] = {"-", "－", "—", "–", "‐", "−"};

	for (uint32_t at = address.length; at-- > 0;) {
		uint32_t behind = at;
		if (pass_one(address, &behind, dashes, COUNT(dashes)))
			return address.at + behind;
	}
	return NULL;
}

/* Is it the number of a desk, as it stands folded behind a dash: 5, 05室, 5工位集群? */
static bool is_desk(struct slice text)
{
	static const char *const after[] = {"室", "房", "号房", "铺", "工位", "号工位", "集群"};
	uint32_t at = 0, digits = pass_digits(text, &at);

	if (digits < 1 || digits > HOUSE_ROOM_DIGITS_MAX || (at < text.length && !pass_one(text, &at, after, COUNT(after))))
		return false;
	for (; at < text.length; at++)
		if (is_digit(text.at[at]))
			return false;
	return true;
}

/* Does the text end with a room's number? */
static bool ends_with_room(struct slice text)
{
	uint32_t digits = 0;

	while (digits < text.length && is_digit(text.at[text.length - 1 - digits]))
		digits++;
	return digits >= ROOM_DIGITS_LEAST && digits <= ROOM_DIGITS_MAX;
}

/* The folded address without the 5 of 601-5: folding takes the dash away, and 6015 is a room of the sixtieth floor. */
static struct slice without_desk(struct slice written, struct slice folded)
{
	const char *desk = behind_dash(written);
	char text[DESK_BYTES_MAX];
	struct slice room = folded;
	ptrdiff_t bytes;

	if (desk == NULL)
		return folded;
	bytes = fold_text(desk, (size_t)(written.at + written.length - desk), text, sizeof(text));
	if (bytes <= 0 || (size_t)bytes > folded.length || !is_desk((struct slice){text, (uint32_t)bytes}))
		return folded;
	room.length -= (uint32_t)bytes;
	return ends_with_room(room) ? room : folded;
}

struct address_keys address_keys(struct slice written, struct slice folded)
{
	struct slice address = without_front(without_desk(written, folded));
	uint32_t number = behind_number(address), from, to;

	if (number > 0 && is_house_room(address, number))
		address.length = number;
	else if (find_tower_room(address, number, &from, &to))
		return (struct address_keys){{address.at, to}, {address.at, to - ROOM_IN_FLOOR_DIGITS}};
	else if (ends_with_floor(address, &to))
		return (struct address_keys){address, {address.at, to}};
	return (struct address_keys){address, address};
}
