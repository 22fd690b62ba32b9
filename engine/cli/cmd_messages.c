/*
 * huqi patterns messages: what people would be told, filled with the longest usual values, for whoever reviews the
 * texts.
 */
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "pattern/pattern.h"

enum { ARENA_BYTES_MAX = 64 << 20, LEVEL_YELLOW = 2 };

static const char *const levels[CATALOGUE_LEVELS + 1] = {"none", "blue", "yellow", "orange", "red", NULL};
static const char *const languages[] = {"zh", "en", NULL};

struct messages_run {
	const char *dir, *kind, *typology, *level, *channel, *language, *signature;
	struct catalogue *catalogue;
	struct arena arena;
};

static bool wanted(const char *asked, const char *name)
{
	return asked == NULL || strcmp(asked, name) == 0;
}

static void print_one(struct messages_run *run, const struct message_ask *ask)
{
	const struct message_channel *channel = message_channel_find(ask->channel);
	struct message_text text;
	size_t count;
	struct fill_value *samples = message_samples(run->catalogue, ask, &run->arena, &count);

	message_render(run->catalogue, ask, samples, count, &run->arena, &text);
	printf("── %s%s%.*s%s%s · %s · %s%s\n", message_kind_names[ask->kind], ask->typology.length > 0 ? " " : "",
	       SLICE_PRINT(ask->typology), ask->level > 0 ? " " : "", ask->level > 0 ? levels[ask->level] : "",
	       channel->name, ask->english ? "en" : "zh", text.builtin ? " · built-in words" : "");
	if (channel->form == MESSAGE_FORM_SMS) {
		struct slice whole = slice_of(arena_print(&run->arena, "【%.*s】%.*s", SLICE_PRINT(ask->signature),
		                                          SLICE_PRINT(text.text)));
		printf("%.*s\n(%zu/%d)\n\n", SLICE_PRINT(whole), message_units(whole), MESSAGE_SMS_UNITS);
	} else {
		printf("%.*s\n\n%.*s\n(%u/%zu bytes)\n\n", SLICE_PRINT(text.subject), SLICE_PRINT(text.text), text.text.length,
		       channel->bytes_max);
	}
	arena_reset(&run->arena);
}

static void print_channels(struct messages_run *run, struct message_ask *ask)
{
	for (const struct message_channel *c = message_channels; c->name != NULL; c++)
		for (int i = 0; languages[i] != NULL; i++) {
			ask->channel = slice_of(c->name);
			ask->english = i == 1;
			if (wanted(run->channel, c->name) && wanted(run->language, languages[i]))
				print_one(run, ask);
		}
}

static void print_levels(struct messages_run *run, struct message_ask *ask)
{
	for (uint8_t level = LEVEL_YELLOW; level < CATALOGUE_LEVELS; level++) {
		ask->level = level;
		if (wanted(run->level, levels[level]))
			print_channels(run, ask);
	}
}

static void print_kind(struct messages_run *run, enum message_kind kind)
{
	struct message_ask ask = {.kind = kind, .signature = slice_of(run->signature)};
	bool warns = kind == MESSAGE_WARNING || kind == MESSAGE_DRILL;

	if (!warns && kind != MESSAGE_CALL) {
		print_channels(run, &ask);
		return;
	}
	for (size_t i = 0; i < run->catalogue->typology_count; i++) {
		ask.typology = run->catalogue->typologies[i].id;
		if (wanted(run->typology, ask.typology.at) && (!warns || ask.typology.at[0] == 'V'))
			print_levels(run, &ask);
	}
}

/* The position of an option's word; -1 where there is no such, which is said. */
static int check_word(const char *option, const char *word, const char *const *words)
{
	for (int i = 0; words[i] != NULL; i++)
		if (word == NULL || strcmp(word, words[i]) == 0)
			return i;
	cli_usage(&command_patterns_messages, "--%s %s: there is no such", option, word);
	return -1;
}

static int check(const struct messages_run *run)
{
	const char *channels[32] = {NULL};

	for (size_t i = 0; message_channels[i].name != NULL && i < 31; i++)
		channels[i] = message_channels[i].name;
	if (check_word("kind", run->kind, message_kind_names) == -1 || check_word("level", run->level, levels) == -1 ||
	    check_word("channel", run->channel, channels) == -1 || check_word("language", run->language, languages) == -1)
		return 2;
	if (run->typology != NULL && catalogue_typology(run->catalogue, slice_of(run->typology)) == NULL)
		return cli_usage(&command_patterns_messages, "--typology %s: there is no such in typologies.yaml", run->typology);
	return 0;
}

static int run_messages(int argc, char **argv)
{
	struct messages_run run = {.dir = "patterns", .kind = "warning", .signature = MESSAGE_SIGNATURE};
	const struct cli_option options[] = {
		CLI_TEXT("patterns", "DIR", &run.dir, "the folder; ./patterns without"),
		CLI_TEXT("kind", "KIND", &run.kind, "warning (the default), code, drill, bulletin, call, digest"),
		CLI_TEXT("typology", "ID", &run.typology, "one typology only, such as V01"),
		CLI_TEXT("level", "LEVEL", &run.level, "one level only: yellow, orange, red"),
		CLI_TEXT("channel", "NAME", &run.channel, "one channel only: webhook, email, sms, wecom, dingtalk, feishu"),
		CLI_TEXT("language", "zh|en", &run.language, "one language only"),
		CLI_TEXT("signature", "TEXT", &run.signature, "who writes; 反诈中心 without"),
		CLI_OPTIONS_END,
	};
	struct error error;
	int result = cli_parse(&command_patterns_messages, argc, argv, options, NULL);

	if (result != 0)
		return result - 1;
	if (catalogue_load(run.dir, &run.catalogue, &error) == -1)
		return cli_fail(&error);
	result = check(&run);
	arena_init(&run.arena, ARENA_BYTES_MAX);
	if (result == 0)
		print_kind(&run, (enum message_kind)check_word("kind", run.kind, message_kind_names));
	arena_deinit(&run.arena);
	catalogue_free(&run.catalogue);
	return result;
}

const struct cli_command command_patterns_messages = {
	"patterns messages",
	"",
	"Shows what people are told, by typology, level, channel and language",
	run_messages,
};
