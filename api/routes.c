/*
 * Every route, once. openapi.json describes the same ones but for the demo's; a test reads both.
 */
#include "api/route.h"

#include <stdio.h>
#include <string.h>

#include "api/api.h"
#include "api/form.h"

const struct route routes[] = {
	{"GET", "/api/v1/alerts", .parameters = alerts_list_parameters, .handle = alerts_list},
	{"GET", "/api/v1/alerts/{id}", .parameters = reveal_parameters, .handle = alerts_get},
	{"GET", "/api/v1/alerts/{id}/deliveries", .parameters = reveal_parameters, .handle = alert_deliveries},
	{"POST", "/api/v1/alerts/{id}/answers", .takes_body = true, .handle = alert_answer},
	{"POST", "/api/v1/alerts/{id}/release", .handle = alert_release},
	{"POST", "/api/v1/deliveries/{id}/replay", .handle = delivery_replay},
	{"GET", "/api/v1/calls", .parameters = calls_list_parameters, .handle = calls_list},
	{"POST", "/api/v1/calls/{id}/take", .handle = call_take},
	{"POST", "/api/v1/calls/{id}/done", .takes_body = true, .handle = call_done},
	{"GET", "/api/v1/bulletins", .parameters = casework_list_parameters, .handle = bulletins_list},
	{"GET", "/api/v1/bulletins/{id}", .handle = bulletin_get},
	{"POST", "/api/v1/bulletins/{id}/approve", .takes_body = true, .handle = bulletin_approve_post},
	{"POST", "/api/v1/bulletins/{id}/withdraw", .takes_body = true, .handle = bulletin_withdraw_post},
	{"GET", "/api/v1/drills", .parameters = casework_list_parameters, .handle = drills_list},
	{"POST", "/api/v1/drills", .takes_body = true, .handle = drill_post},
	{"GET", "/api/v1/drills/{id}", .handle = drill_get},
	{"GET", "/api/v1/dead-letters", .parameters = dead_list_parameters, .handle = dead_list},
	{"GET", "/api/v1/dead-letters/{id}", .parameters = reveal_parameters, .handle = dead_get},
	{"GET", "/api/v1/stats", .parameters = stats_parameters, .handle = stats_get},
	{"GET", "/api/v1/openapi.json", .open = true, .handle = openapi_get},
	{"GET", "/healthz", .open = true, .handle = health_live},
	{"GET", "/readyz", .open = true, .handle = health_ready},
	{"GET", "/metrics", .open = true, .handle = metrics_get},
	{"GET", "/", .open = true, .parameters = home_parameters, .handle = home_get},
	{"GET", "/style.css", .open = true, .handle = style_get},
	{"GET", "/a/{id}", .open = true, .parameters = home_parameters, .handle = answer_get},
	{"POST", "/a/{id}", .open = true, .takes_body = true, .body_bytes_max = FORM_BYTES_MAX,
	 .parameters = home_parameters, .handle = answer_post},
	{"POST", "/gateway/sms/receipt", .open = true, .takes_body = true, .any_query = true, .handle = gateway_receipt},
	{"POST", "/gateway/sms/reply", .open = true, .takes_body = true, .any_query = true, .handle = gateway_reply},
	{"POST", "/demo/inbox", .open = true, .demo = true, .takes_body = true, .handle = demo_receive},
	{"POST", "/demo/inbox/{id}", .open = true, .demo = true, .takes_body = true, .handle = demo_receive},
	{"GET", "/demo/inbox", .open = true, .demo = true, .parameters = home_parameters, .handle = demo_show},
};

const size_t route_count = sizeof(routes) / sizeof(routes[0]);

bool api_route_at(size_t i, struct api_route_name *route_r)
{
	if (i >= route_count)
		return false;
	*route_r = (struct api_route_name){routes[i].method, routes[i].path, !routes[i].open};
	return true;
}

static bool path_matches(const char *template, const struct target *target, struct slice *id_r)
{
	size_t i = 0;

	for (; *template == '/' && template[1] != '\0'; i++) {
		size_t length = strcspn(++template, "/");
		struct slice part = {template, (uint32_t)length};
		if (i == target->segment_count)
			return false;
		if (slice_is(part, "{id}") && target->segments[i].length > 0)
			*id_r = target->segments[i];
		else if (!slice_equal(part, target->segments[i]))
			return false;
		template += length;
	}
	return i == target->segment_count;
}

/* "GET, HEAD, POST" grows by a method. */
static void allow(char list[32], const char *method)
{
	size_t length = strlen(list);

	snprintf(list + length, 32 - length, "%s%s%s", length > 0 ? ", " : "", method,
	         strcmp(method, "GET") == 0 ? ", HEAD" : "");
}

const struct route *route_find(const struct target *target, const char *method, bool demo, struct slice *id_r,
                               char allow_r[32])
{
	const char *asked = strcmp(method, "HEAD") == 0 ? "GET" : method;

	allow_r[0] = '\0';
	for (size_t i = 0; i < route_count; i++) {
		if ((routes[i].demo && !demo) || !path_matches(routes[i].path, target, id_r))
			continue;
		if (strcmp(routes[i].method, asked) == 0)
			return &routes[i];
		allow(allow_r, routes[i].method);
	}
	return NULL;
}
