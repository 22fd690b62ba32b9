/*
 * Which addresses may be called (server-side request forgery): a table over every special range, edges
 * included.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <sys/un.h>

#include "deliver/guard.h"

static struct sockaddr_storage address(const char *text)
{
	struct sockaddr_storage a = {0};

	if (inet_pton(AF_INET, text, &((struct sockaddr_in *)&a)->sin_addr) == 1)
		a.ss_family = AF_INET;
	else if (inet_pton(AF_INET6, text, &((struct sockaddr_in6 *)&a)->sin6_addr) == 1)
		a.ss_family = AF_INET6;
	else
		fail_msg("%s is no address", text);
	return a;
}

enum kind { PUBLIC, PRIVATE, LOOPBACK, NOBODY };

static const struct {
	const char *text;
	enum kind kind;
} cases[] = {
	{"0.0.0.0", NOBODY}, {"0.255.255.255", NOBODY}, {"1.0.0.0", PUBLIC}, {"9.255.255.255", PUBLIC},
	{"10.0.0.0", PRIVATE}, {"10.255.255.255", PRIVATE}, {"11.0.0.0", PUBLIC}, {"100.63.255.255", PUBLIC},
	{"100.64.0.0", PRIVATE}, {"100.127.255.255", PRIVATE}, {"100.128.0.0", PUBLIC}, {"126.255.255.255", PUBLIC},
	{"127.0.0.1", LOOPBACK}, {"127.255.255.254", LOOPBACK}, {"128.0.0.0", PUBLIC}, {"169.253.255.255", PUBLIC},
	{"169.254.169.254", PRIVATE}, {"169.255.0.0", PUBLIC}, {"172.15.255.255", PUBLIC}, {"172.16.0.0", PRIVATE},
	{"172.31.255.255", PRIVATE}, {"172.32.0.0", PUBLIC}, {"192.0.0.255", PRIVATE}, {"192.0.1.0", PUBLIC},
	{"192.0.2.1", PRIVATE}, {"192.88.99.1", PRIVATE}, {"192.167.255.255", PUBLIC}, {"192.168.0.0", PRIVATE},
	{"192.168.255.255", PRIVATE}, {"192.169.0.0", PUBLIC}, {"198.17.255.255", PUBLIC}, {"198.18.0.0", PRIVATE},
	{"198.19.255.255", PRIVATE}, {"198.20.0.0", PUBLIC}, {"198.51.100.7", PRIVATE}, {"203.0.113.255", PRIVATE},
	{"203.0.114.0", PUBLIC}, {"223.255.255.255", PUBLIC}, {"224.0.0.1", NOBODY}, {"239.255.255.255", NOBODY},
	{"240.0.0.0", NOBODY}, {"255.255.255.255", NOBODY},
	{"::", NOBODY}, {"::1", LOOPBACK}, {"::2", PRIVATE}, {"::127.0.0.1", PRIVATE}, {"::ffff:127.0.0.1", PRIVATE},
	{"::ffff:10.0.0.1", PRIVATE}, {"::ffff:8.8.8.8", PRIVATE}, {"64:ff9b::8.8.8.8", PUBLIC},
	{"64:ff9b::10.0.0.1", PRIVATE}, {"64:ff9b::7f00:1", PRIVATE}, {"64:ff9b:1::1", PRIVATE}, {"100::1", PRIVATE},
	{"2000::1", PUBLIC}, {"2001::1", PRIVATE}, {"2001:1ff:ffff::1", PRIVATE}, {"2001:200::1", PUBLIC},
	{"2001:db7:ffff::1", PUBLIC}, {"2001:db8::1", PRIVATE}, {"2001:db9::1", PUBLIC}, {"2002:7f00:1::", PRIVATE},
	{"2003::1", PUBLIC}, {"2606:4700::1111", PUBLIC}, {"3ffe::1", PUBLIC}, {"3fff::1", PRIVATE},
	{"3fff:fff::1", PRIVATE}, {"3fff:1000::1", PUBLIC}, {"4000::1", PRIVATE}, {"fbff::1", PRIVATE},
	{"fc00::1", PRIVATE}, {"fdff::1", PRIVATE}, {"fe80::1", PRIVATE}, {"febf::1", PRIVATE}, {"fec0::1", PRIVATE},
	{"ff02::1", NOBODY}, {"ffff::1", NOBODY},
};

static void special_ranges_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sockaddr_storage a = address(cases[i].text);
		const struct sockaddr *s = (const struct sockaddr *)&a;
		bool public = cases[i].kind == PUBLIC, loopback = cases[i].kind == LOOPBACK;
		if (guard_is_public(s) != public || guard_is_loopback(s) != loopback ||
		    guard_allows(s, false, false) != public || guard_allows(s, true, false) != (cases[i].kind != NOBODY) ||
		    guard_allows(s, true, true) != loopback || guard_allows(s, false, true))
			fail_msg("%s is judged wrongly", cases[i].text);
	}
}

static void other_families_are_refused(void **state)
{
	struct sockaddr_un local = {.sun_family = AF_UNIX, .sun_path = "/run/docker.sock"};

	(void)state;
	assert_false(guard_is_public((struct sockaddr *)&local));
	assert_false(guard_allows((struct sockaddr *)&local, true, false));
	assert_false(guard_allows((struct sockaddr *)&local, true, true));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(special_ranges_are_refused),
		cmocka_unit_test(other_families_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
