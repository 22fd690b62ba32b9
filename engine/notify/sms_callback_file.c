/*
 * The part of the gateway's file that says how it calls back; the rest, how it is asked, is read elsewhere.
 */
#include <stdio.h>

#include "base/settings.h"
#include "base/yaml.h"
#include "notify/sms_callback.h"

struct reader {
	const struct yaml *yaml;
	struct arena *arena;
	const char *folder; /* with its slash, or "" */
	struct error *error;
};

/* The member's text; "" where there is none. */
static int text_of(struct reader *r, const struct yaml_node *map, const char *key, const char **text_r)
{
	*text_r = "";
	return yaml_text_of(r->yaml, map, key, r->arena, text_r, r->error);
}

/* A field without which the section says nothing. */
static int field_of(struct reader *r, const struct yaml_node *map, const char *key, const char **text_r)
{
	if (text_of(r, map, key, text_r) == -1)
		return -1;
	if (map != NULL && (*text_r)[0] == '\0')
		return yaml_error(r->error, r->yaml, map, "expected `%s`, the name of a field or a JSON pointer", key);
	return 0;
}

static int read_delivered(struct reader *r, const struct yaml_node *receipt, struct sms_callback *c)
{
	const struct yaml_node *list = yaml_find(receipt, "delivered");

	if (receipt == NULL)
		return 0;
	if (list == NULL || list->type != YAML_LIST || list->count == 0 || list->count > SMS_DELIVERED_MAX)
		return yaml_error(r->error, r->yaml, list != NULL ? list : receipt,
		                  "expected `delivered`, a list of at most %d statuses that mean so", SMS_DELIVERED_MAX);
	for (const struct yaml_node *n = list->first; n != NULL; n = n->next) {
		if (n->type != YAML_TEXT)
			return yaml_error(r->error, r->yaml, n, "expected a text");
		c->delivered[c->delivered_count++] = arena_copy(r->arena, n->text).at;
	}
	return 0;
}

/* `secret` names one of `secrets`, whose value may be a place (file:, env:). */
static int read_secret(struct reader *r, const struct yaml_node *callback, struct sms_callback *c)
{
	const struct yaml_node *named = yaml_find(callback, "secret");
	const struct yaml_node *node = named != NULL && named->type == YAML_TEXT
	                                       ? yaml_find(yaml_find(r->yaml->root, "secrets"), named->text.at)
	                                       : NULL;
	struct error why;

	if (node == NULL || node->type != YAML_TEXT)
		return yaml_error(r->error, r->yaml, named != NULL ? named : callback, "expected `secret`, the name of one of "
		                                                                        "`secrets`");
	if (settings_secret(r->arena, node->text, r->folder, &c->secret, &why) == -1)
		return yaml_error(r->error, r->yaml, node, "%s", why.text);
	if (c->secret[0] == '\0')
		return yaml_error(r->error, r->yaml, node, "the secret is empty");
	return 0;
}

static int read_all(struct reader *r, const struct yaml_node *callback, struct sms_callback *c)
{
	const struct yaml_node *receipt = yaml_find(r->yaml->root, "receipt"), *reply = yaml_find(r->yaml->root, "reply");

	if (text_of(r, callback, "header", &c->header) == -1 || text_of(r, callback, "query", &c->query) == -1 ||
	    text_of(r, callback, "answer", &c->answer) == -1 ||
	    field_of(r, receipt, "provider_id", &c->receipt_id) == -1 ||
	    field_of(r, receipt, "status", &c->receipt_status) == -1 || read_delivered(r, receipt, c) == -1 ||
	    text_of(r, reply, "id", &c->reply_id) == -1 || field_of(r, reply, "phone", &c->reply_phone) == -1 ||
	    field_of(r, reply, "text", &c->reply_text) == -1 || text_of(r, reply, "time", &c->reply_time) == -1)
		return -1;
	if (c->answer[0] == '\0')
		c->answer = "ok";
	if ((c->header[0] == '\0') == (c->query[0] == '\0'))
		return yaml_error(r->error, r->yaml, callback, "expected either `header` or `query`: where the secret comes");
	return read_secret(r, callback, c);
}

int sms_callback_load(const char *path, struct arena *arena, struct sms_callback *callback_r, struct error *error)
{
	const char *slash = strrchr(path, '/');
	struct reader r = {.arena = arena, .error = error};
	const struct yaml_node *callback;
	struct yaml yaml;
	int result = 0;

	*callback_r = (struct sms_callback){.secret = ""};
	if (path[0] == '\0')
		return 0;
	if (yaml_load_file(&yaml, path, error) == -1)
		return -1;
	r.yaml = &yaml;
	r.folder = arena_print(arena, "%.*s", slash != NULL ? (int)(slash - path) + 1 : 0, path);
	callback = yaml_find(yaml.root, "callback");
	if (callback != NULL)
		result = read_all(&r, callback, callback_r) == -1 ? -1 : 1;
	yaml_free(&yaml);
	return result;
}
