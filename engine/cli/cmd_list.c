/*
 * huqi list: what this binary knows, out of the tables it works with. --json for programs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yyjson.h>

#include "base/counters.h"
#include "cli/commands.h"
#include "cli/list_writer.h"
#include "decode/decode.h"

static void list_decoders(struct list_writer *w)
{
	list_columns(w, (const char *const[]){"name", "zh", "en", NULL});
	for (int i = 0; decoders[i] != NULL; i++)
		list_row(w, (const char *const[]){decoders[i]->name, decoders[i]->title[0],
		                                  decoders[i]->title[1]});
}

static void list_counters(struct list_writer *w)
{
	list_columns(w, (const char *const[]){"name", "help", NULL});
	for (int i = 0; i < COUNTER_COUNT; i++)
		list_row(w, (const char *const[]){counter_infos[i].name, counter_infos[i].help});
}

/* "1 to 65536", with the unit of the type; "" where a text has no range. */
static void range_words(const struct setting_info *info, char text_r[64])
{
	const char *unit = info->type == SETTING_DURATION ? " ms" : info->type == SETTING_BYTES ? " bytes" : "";

	text_r[0] = '\0';
	if (info->most > 0)
		snprintf(text_r, 64, "%lld to %lld%s", (long long)info->least, (long long)info->most, unit);
}

/* What is no single value. */
static const char *const lists_of_settings[][5] = {
	{"feeds", "", "a list of {topic, decoder, bank}", "", "The topics to read, each with its format; bank: whose books"},
	{"kafka", "", "properties of librdkafka", "", "bootstrap.servers and what else; secrets as file:PATH or env:NAME"},
	{"rates", "", "currencies and prices", "", "What one unit of a currency costs in CNY, such as USD: 7.12; common ones have a rate without"},
};

static void list_settings(struct list_writer *w)
{
	list_columns(w, (const char *const[]){"name", "default", "expected", "range", "help", NULL});
	for (int i = 0; i < setting_count; i++) {
		const struct setting_info *info = &setting_infos[i];
		char name[96], range[64];
		snprintf(name, sizeof(name), "%s.%s", info->section, info->key);
		range_words(info, range);
		list_row(w, (const char *const[]){name, info->default_text, setting_type_words(info->type), range,
		                                  info->help});
	}
	for (size_t i = 0; i < sizeof(lists_of_settings) / sizeof(lists_of_settings[0]); i++)
		list_row(w, lists_of_settings[i]);
}

static const struct {
	const char *name;
	void (*write)(struct list_writer *w);
} lists[] = {
	{"decoders", list_decoders}, {"settings", list_settings}, {"counters", list_counters},
	{"channels", list_channels}, {"routes", list_routes},     {"patterns", list_patterns},
};

static int run_list(int argc, char **argv)
{
	struct list_writer w = {.patterns_dir = "patterns"};
	struct cli_list what = {.count = 0};
	const struct cli_option options[] = {
		CLI_FLAG("json", &w.json, "a JSON array instead of a table"),
		CLI_TEXT("patterns", "DIR", &w.patterns_dir, "for `patterns`: the folder; else ./patterns"),
		CLI_TEXT("store", "FILE", &w.store, "for `patterns`: counts their hits and alerts in this store"),
		CLI_OPTIONS_END,
	};
	int result = cli_parse(&command_list, argc, argv, options, &what);

	if (result != 0)
		return result - 1;
	for (size_t i = 0; what.count == 1 && i < sizeof(lists) / sizeof(lists[0]); i++)
		if (strcmp(what.items[0], lists[i].name) == 0) {
			list_begin(&w);
			lists[i].write(&w);
			return list_end(&w);
		}
	return cli_usage(&command_list,
	                 "say what: decoders, channels, routes, settings, counters or patterns");
}

const struct cli_command command_list = {
	"list",
	"decoders|channels|routes|settings|counters|patterns",
	"Shows what this binary knows",
	run_list,
};
