#include "deliver/sms_gateway.h"

#include <stdlib.h>
#include <yyjson.h>

#include "base/instant.h"
#include "base/settings.h"
#include "base/yaml.h"
#include "deliver/guard.h"

enum { GATEWAY_BYTES_MAX = 1 << 20, RETRY_WAIT_S_MAX = 86400 };

struct reader {
	const struct yaml *yaml;
	struct sms_gateway *gateway;
	const char *folder; /* with its slash, or "" */
	struct error *error;
};

/* ---- the pieces of a file ---- */

/* The member's text in `*text_r`, which stays as it is where there is none. */
static int text_of(struct reader *r, const struct yaml_node *map, const char *key, const char **text_r)
{
	return yaml_text_of(r->yaml, map, key, &r->gateway->arena, text_r, r->error);
}

static int known_keys(struct reader *r, const struct yaml_node *map, const char *const *keys, const char *expected)
{
	if (map == NULL)
		return 0;
	if (map->type != YAML_MAP)
		return yaml_error(r->error, r->yaml, map, "expected a map with %s", expected);
	for (const struct yaml_node *n = map->first; n != NULL; n = n->next) {
		size_t i = 0;
		while (keys[i] != NULL && !slice_is(n->key, keys[i]))
			i++;
		if (keys[i] == NULL)
			return yaml_error(r->error, r->yaml, n, "unknown key `%.*s`; expected %s", SLICE_PRINT(n->key),
			                  expected);
	}
	return 0;
}

static int list_of(struct reader *r, const struct yaml_node *map, const char *key, struct sms_codes *codes_r)
{
	const struct yaml_node *list = yaml_find(map, key);

	if (list == NULL)
		return 0;
	if (list->type != YAML_LIST || list->count > SMS_CODES_MAX)
		return yaml_error(r->error, r->yaml, list, "`%s`: expected a list of at most %d texts", key, SMS_CODES_MAX);
	for (const struct yaml_node *n = list->first; n != NULL; n = n->next) {
		if (n->type != YAML_TEXT)
			return yaml_error(r->error, r->yaml, n, "expected a text");
		codes_r->items[codes_r->count++] = arena_copy(&r->gateway->arena, n->text).at;
	}
	return 0;
}

/* A map of names to texts, each of which may be a secret's place. */
static int named_of(struct reader *r, const struct yaml_node *map, const char *what, struct sms_named *items,
                    size_t most, size_t *count_r)
{
	struct error why;

	if (map == NULL)
		return 0;
	if (map->type != YAML_MAP || (size_t)map->count > most)
		return yaml_error(r->error, r->yaml, map, "`%s`: expected a map of at most %zu texts", what, most);
	for (const struct yaml_node *n = map->first; n != NULL; n = n->next) {
		struct sms_named *item = &items[(*count_r)++];
		if (n->type != YAML_TEXT)
			return yaml_error(r->error, r->yaml, n, "expected a text");
		item->name = arena_copy(&r->gateway->arena, n->key).at;
		if (settings_secret(&r->gateway->arena, n->text, r->folder, &item->value, &why) == -1)
			return yaml_error(r->error, r->yaml, n, "%s", why.text);
	}
	return 0;
}

static int pointer_right(struct reader *r, const struct yaml_node *map, const char *key, const char *pointer)
{
	if (pointer[0] == '\0' || pointer[0] == '/')
		return 0;
	return yaml_error(r->error, r->yaml, yaml_find(map, key), "`%s`: expected a JSON pointer such as /data/id", key);
}

/* ---- its sections ---- */

static int check_headers(struct reader *r, const struct yaml_node *node)
{
	for (size_t i = 0; i < r->gateway->header_count; i++) {
		const struct sms_named *h = &r->gateway->headers[i];
		if (h->name[strspn(h->name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")] != '\0' ||
		    h->value[strcspn(h->value, "\r\n")] != '\0')
			return yaml_error(r->error, r->yaml, node, "a header's name or value holds what none may hold");
	}
	return 0;
}

static int read_request(struct reader *r, const struct yaml_node *node)
{
	static const char *const keys[] = {"url", "method", "headers", "type", "body", "adds_signature", NULL};
	struct sms_gateway *g = r->gateway;
	const char *type = "json", *adds = "false";

	if (node == NULL)
		return yaml_error(r->error, r->yaml, NULL, "expected `request:` with url and body");
	g->method = "POST";
	if (known_keys(r, node, keys, "url, method, headers, type, body or adds_signature") == -1 ||
	    text_of(r, node, "url", &g->url) == -1 || text_of(r, node, "method", &g->method) == -1 ||
	    text_of(r, node, "type", &type) == -1 || text_of(r, node, "body", &g->body) == -1 ||
	    text_of(r, node, "adds_signature", &adds) == -1 ||
	    named_of(r, yaml_find(node, "headers"), "headers", g->headers, SMS_HEADERS_MAX, &g->header_count) == -1 ||
	    check_headers(r, yaml_find(node, "headers")) == -1)
		return -1;
	if (strcmp(g->method, "POST") != 0 && strcmp(g->method, "PUT") != 0 && strcmp(g->method, "GET") != 0)
		return yaml_error(r->error, r->yaml, yaml_find(node, "method"), "expected POST, PUT or GET");
	if (strcmp(type, "json") != 0 && strcmp(type, "form") != 0)
		return yaml_error(r->error, r->yaml, yaml_find(node, "type"), "expected json or form");
	if (strcmp(adds, "true") != 0 && strcmp(adds, "false") != 0)
		return yaml_error(r->error, r->yaml, yaml_find(node, "adds_signature"), "expected true or false");
	g->type = strcmp(type, "form") == 0 ? SMS_FORM : SMS_JSON;
	g->adds_signature = strcmp(adds, "true") == 0;
	return 0;
}

static int read_success(struct reader *r, const struct yaml_node *node)
{
	static const char *const keys[] = {"status", "pointer", "equals", "contains", "provider_id", NULL};
	struct sms_gateway *g = r->gateway;
	const char *status = "0";
	char *end;

	if (known_keys(r, node, keys, "status, pointer, equals, contains or provider_id") == -1 ||
	    text_of(r, node, "status", &status) == -1 || text_of(r, node, "pointer", &g->success.pointer) == -1 ||
	    text_of(r, node, "equals", &g->success.equals) == -1 ||
	    text_of(r, node, "contains", &g->success.contains) == -1 ||
	    text_of(r, node, "provider_id", &g->provider_id) == -1 ||
	    pointer_right(r, node, "pointer", g->success.pointer) == -1 ||
	    pointer_right(r, node, "provider_id", g->provider_id) == -1)
		return -1;
	g->success.status = strtol(status, &end, 10);
	if (*end != '\0' || g->success.status < 0 || g->success.status > 599)
		return yaml_error(r->error, r->yaml, yaml_find(node, "status"), "expected a status of HTTP");
	if ((g->success.equals[0] == '\0') == (g->success.contains[0] == '\0'))
		return yaml_error(r->error, r->yaml, node, "expected `success:` with either `equals` or `contains`: a gateway "
		                  "answers 200 to what it does not send, too");
	return 0;
}

static int read_errors(struct reader *r, const struct yaml_node *node)
{
	static const char *const keys[] = {"pointer", "dead", "gone", "retry", "retry_wait_s", NULL};
	struct sms_gateway *g = r->gateway;
	const char *wait = "60";
	char *end;
	long seconds;

	g->error_pointer = g->success.pointer;
	if (known_keys(r, node, keys, "pointer, dead, gone, retry or retry_wait_s") == -1 ||
	    text_of(r, node, "pointer", &g->error_pointer) == -1 || list_of(r, node, "dead", &g->dead) == -1 ||
	    list_of(r, node, "gone", &g->gone) == -1 || list_of(r, node, "retry", &g->retry) == -1 ||
	    text_of(r, node, "retry_wait_s", &wait) == -1 || pointer_right(r, node, "pointer", g->error_pointer) == -1)
		return -1;
	seconds = strtol(wait, &end, 10);
	if (*wait == '\0' || *end != '\0' || seconds < 0 || seconds > RETRY_WAIT_S_MAX)
		return yaml_error(r->error, r->yaml, yaml_find(node, "retry_wait_s"), "expected 0 to %d seconds",
		                  RETRY_WAIT_S_MAX);
	g->retry_wait_ms = seconds * INSTANT_SECOND_MS;
	return 0;
}

static int read_callbacks(struct reader *r, const struct yaml_node *receipt, const struct yaml_node *reply)
{
	static const char *const receipt_keys[] = {"provider_id", "phone", "status", "time", "delivered", NULL};
	static const char *const reply_keys[] = {"id", "phone", "text", "time", NULL};
	struct sms_gateway *g = r->gateway;

	if (known_keys(r, receipt, receipt_keys, "provider_id, phone, status, time or delivered") == -1 ||
	    known_keys(r, reply, reply_keys, "id, phone, text or time") == -1 ||
	    text_of(r, receipt, "provider_id", &g->receipt.provider_id) == -1 ||
	    text_of(r, receipt, "phone", &g->receipt.phone) == -1 ||
	    text_of(r, receipt, "status", &g->receipt.status) == -1 ||
	    text_of(r, receipt, "time", &g->receipt.time) == -1 ||
	    list_of(r, receipt, "delivered", &g->receipt.delivered) == -1 ||
	    text_of(r, reply, "phone", &g->reply.phone) == -1 || text_of(r, reply, "text", &g->reply.text) == -1)
		return -1;
	return text_of(r, reply, "time", &g->reply.time);
}

/* ---- the whole ---- */

/* A placeholder that is misspelt would go out as it stands. */
static int check_placeholders(struct reader *r, const struct yaml_node *node, const char *template)
{
	static const char *const known[] = {"phone", "text", "id", "signature", "time"};

	for (const char *at = template; (at = strchr(at, '{')) != NULL; at++) {
		size_t length = strspn(at + 1, "abcdefghijklmnopqrstuvwxyz0123456789_");
		struct slice name = {at + 1, (uint32_t)length};
		bool found = length == 0 || at[1 + length] != '}';
		for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
			found |= slice_is(name, known[i]);
		for (size_t i = 0; i < r->gateway->secret_count; i++)
			found |= slice_is(name, r->gateway->secrets[i].name);
		if (!found)
			return yaml_error(r->error, r->yaml, node, "`{%.*s}` is neither phone, text, id, signature, time nor one "
			                  "of `secrets:`", SLICE_PRINT(name));
	}
	return 0;
}

/* With values that need escaping, the body must be JSON still, and the URL one. */
static int check_trial(struct reader *r, const struct yaml_node *request)
{
	struct sms_values values = {slice_of("13800138000"), slice_of("\"引号\"\\\n&="), slice_of("msg_0"), slice_of("反诈中心"),
	                            slice_of("0")};
	const struct sms_gateway *g = r->gateway;
	const struct yaml_node *body_node = yaml_find(request, "body"), *url_node = yaml_find(request, "url");
	struct slice url, body;
	struct error why;
	yyjson_doc *doc;

	if (check_placeholders(r, url_node, g->url) == -1 || check_placeholders(r, body_node, g->body) == -1)
		return -1;
	for (size_t i = 0; i < g->header_count; i++)
		if (check_placeholders(r, yaml_find(request, "headers"), g->headers[i].value) == -1)
			return -1;
	url = sms_fill(g, &r->gateway->arena, g->url, &values, SMS_ESCAPE_URL);
	if (guard_check_url(url, true, NULL, &why) == -1)
		return yaml_error(r->error, r->yaml, url_node, "%s", why.text);
	if (g->type == SMS_FORM || strcmp(g->method, "GET") == 0)
		return 0;
	body = sms_fill(g, &r->gateway->arena, g->body, &values, SMS_ESCAPE_JSON);
	doc = yyjson_read(body.at, body.length, 0);
	yyjson_doc_free(doc);
	return doc != NULL ? 0 : yaml_error(r->error, r->yaml, body_node, "with values put in, the body is no JSON");
}

static int read_all(struct reader *r)
{
	static const char *const keys[] = {"secrets", "request", "success", "errors", "callback", "receipt", "reply", NULL};
	static const char *const callback_keys[] = {"header", "query", "secret", "answer", NULL}; /* sms_callback_file.c */
	struct sms_gateway *g = r->gateway;
	const struct yaml_node *root = r->yaml->root;

	g->url = g->body = g->provider_id = g->success.pointer = g->success.equals = g->success.contains = "";
	g->receipt.provider_id = g->receipt.phone = g->receipt.status = g->receipt.time = "";
	g->reply.phone = g->reply.text = g->reply.time = "";
	if (root == NULL)
		return yaml_error(r->error, r->yaml, NULL, "the file is empty; expected request and success");
	if (known_keys(r, root, keys, "secrets, request, success, errors, callback, receipt or reply") == -1 ||
	    known_keys(r, yaml_find(root, "callback"), callback_keys, "header, query, secret or answer") == -1 ||
	    named_of(r, yaml_find(root, "secrets"), "secrets", g->secrets, SMS_SECRETS_MAX, &g->secret_count) == -1 ||
	    read_request(r, yaml_find(root, "request")) == -1 || read_success(r, yaml_find(root, "success")) == -1 ||
	    read_errors(r, yaml_find(root, "errors")) == -1 ||
	    read_callbacks(r, yaml_find(root, "receipt"), yaml_find(root, "reply")) == -1)
		return -1;
	return check_trial(r, yaml_find(root, "request"));
}

int sms_gateway_load(const char *path, struct sms_gateway **gateway_r, struct error *error)
{
	struct sms_gateway *gateway = calloc(1, sizeof(*gateway));
	const char *slash = strrchr(path, '/');
	struct reader r = {.gateway = gateway, .error = error};
	struct yaml yaml;
	int result;

	if (gateway == NULL)
		die("out of memory: the SMS gateway");
	arena_init(&gateway->arena, GATEWAY_BYTES_MAX);
	if (yaml_load_file(&yaml, path, error) == -1) {
		sms_gateway_free(&gateway);
		return -1;
	}
	r.yaml = &yaml;
	r.folder = arena_print(&gateway->arena, "%.*s", slash != NULL ? (int)(slash - path) + 1 : 0, path);
	result = read_all(&r);
	if (result == 0 && arena_overflowed(&gateway->arena))
		result = error_set(error, "%s: the file holds too much", path);
	yaml_free(&yaml);
	if (result == -1)
		sms_gateway_free(&gateway);
	*gateway_r = gateway;
	return result;
}

void sms_gateway_free(struct sms_gateway **gateway)
{
	if (*gateway == NULL)
		return;
	arena_deinit(&(*gateway)->arena);
	free(*gateway);
	*gateway = NULL;
}
