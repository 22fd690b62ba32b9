/* What banks send as a device: one, or only a kind of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/device.h"

static void kinds_are_no_devices(void **state)
{
	static const char *const kinds[] = {
		"iPhone14,5", "iPhone 15 Pro Max", "iphone14pro", "iPad13,4", "HUAWEI Mate 60", "HUAWEI Mate60 Pro+", "HONOR 90",
		"Redmi K60", "OPPO PGJM10", "vivo V2243A", "vivo V2309A", "Xiaomi 13", "SM-G9910", "samsung SM-G9910", "WIN10",
		"Win7", "Windows 10", "Windows NT 10.0; Win64; x64", "CAIWU-PC", "caiwu-pc01", "PC-01", "Desktop", "财务部电脑",
		"财务室-PC2", "Android 13", "华为 Mate 40", "MacBookPro18,3"};
	static const char *const devices[] = {
		"", "?", "-", "1", "vivo V2309A-953889", "WIN10-ZLBJRVW", "PC-8YEPRHR", "DESKTOP-4KQ9J2T", "LAPTOP-1A2B3C4D",
		"WIN-5KQ3J9TPL2M", "867530912345678", "9f8e7d6c5b4a3f2e", "550e8400-e29b-41d4-a716-446655440000", "DEV-3F9A12BC",
		"d17", "iPhone-8c2f91aa", "HUAWEI-3F9A12BC", "张三的手机", "iPhone14,5-00008110-000A1C2E", "PC202011",
		"caiwu-zhang", "\xE8\xB4"};

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!device_is_kind(slice_of(kinds[i])))
			fail_msg("`%s` is a kind", kinds[i]);
	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		if (device_is_kind(slice_of(devices[i])))
			fail_msg("`%s` may be a single one", devices[i]);
}

/* Whatever is sent, it ends, and reads no byte beyond. */
static void any_bytes(void **state)
{
	char text[64];
	uint32_t random = 1;

	(void)state;
	for (int i = 0; i < 200000; i++) {
		uint32_t length = (random >> 8) % (sizeof(text) + 1);
		for (uint32_t at = 0; at < sizeof(text); at++) {
			random = random * 1664525 + 1013904223;
			text[at] = "winpc-14,aA9 \xE8\xB4\xA2"[(random >> 16) % 16];
		}
		random = random * 1664525 + 1013904223;
		device_is_kind((struct slice){text + sizeof(text) - length, length});
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(kinds_are_no_devices), cmocka_unit_test(any_bytes)};

	return cmocka_run_group_tests_name("base/device", tests, NULL, NULL);
}
