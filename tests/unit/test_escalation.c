/*
 * Who was told what and when: stories in tests/escalation/, one a file, read as a script and compared line by line.
 *
 *   person NAME ROLE [ways=N] [quiet=22:00-07:00] [absent=DAY..DAY] [for=NAME] [dead=N] [of=CODE]
 *       by rank as they come; `for` names who stands in for him; dead: of his ways, the first N take nothing
 *   at MM-DD HH:MM      time passes until then (China, 2026; a story begins 03-02 10:00)
 *   alert ID LEVEL [payee=NAME] [account=N]     a new alert, or its new level
 *   watch ACCOUNT       an analysts' alert of orange on the account
 *   break NAME          from now on his ways take nothing
 *   answer NAME, release ID, take CODE, mute ID NAME DAYS, end ID
 *   # said to the reader
 *   ---                 then the lines that must come out
 *
 * BLESS=1 writes what came out as what is expected; then read the diff.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/hit.h"
#include "base/instant.h"
#include "story.h"

#define FOLDER "tests/escalation"

enum { WORDS_MAX = 12, FILE_BYTES_MAX = 64 << 10, STORIES_MAX = 100 };

struct line {
	char *words[WORDS_MAX];
	int count;
};

/* "key=value" of the line; "" where it has none. */
static const char *value(const struct line *l, const char *key)
{
	size_t length = strlen(key);

	for (int i = 1; i < l->count; i++)
		if (strncmp(l->words[i], key, length) == 0 && l->words[i][length] == '=')
			return l->words[i] + length + 1;
	return "";
}

static void split(char *text, struct line *line_r)
{
	*line_r = (struct line){.count = 0};
	for (char *word = strtok(text, " "); word != NULL && line_r->count < WORDS_MAX; word = strtok(NULL, " "))
		line_r->words[line_r->count++] = word;
}

static uint8_t level_of(const char *word)
{
	static const char *const words[] = {"none", "blue", "yellow", "orange", "red"};

	for (uint8_t i = 0; i < 5; i++)
		if (strcmp(words[i], word) == 0)
			return i;
	fail_msg("no level: %s", word);
	return 0;
}

static void do_person(struct story *s, const struct line *l)
{
	static char from[16], to[16];
	struct contact_row row = {.name = slice_of(l->words[1]), .role = slice_of(l->words[2]),
	                          .rank = (int64_t)s->people_count + 1, .quiet = slice_of(value(l, "quiet")),
	                          .stand_in = slice_of(value(l, "for"))};
	const char *absent = value(l, "absent"), *dots = strstr(absent, "..");
	int ways = *value(l, "ways") != '\0' ? atoi(value(l, "ways")) : 1;

	if (dots != NULL) {
		snprintf(from, sizeof(from), "%.*s", (int)(dots - absent), absent);
		snprintf(to, sizeof(to), "%s", dots + 2);
		row.absent_from = slice_of(from);
		row.absent_to = slice_of(to);
	}
	if (*value(l, "of") != '\0')
		row.owner = slice_of(value(l, "of"));
	story_person(s, row, (size_t)ways)->dead = (1u << atoi(value(l, "dead"))) - 1;
}

static void do_mute(struct story *s, const struct line *l)
{
	for (size_t i = 0; i < s->people_count; i++)
		if (strcmp(s->people[i].name, l->words[2]) == 0)
			assert_int_equal(notify_mute(s->f.store, slice_of(l->words[1]), s->people[i].id,
			                             s->now_ms + atoi(l->words[3]) * INSTANT_DAY_MS, slice_of("known"), "contact",
			                             s->now_ms, &s->f.error), 1);
}

static void do_line(struct story *s, const struct line *l)
{
	const char *verb = l->words[0];
	char time[32];

	if (strcmp(verb, "person") == 0) {
		do_person(s, l);
	} else if (strcmp(verb, "at") == 0) {
		snprintf(time, sizeof(time), "2026-%s %s", l->words[1], l->words[2]);
		story_until(s, story_time(time));
	} else if (strcmp(verb, "alert") == 0) {
		story_alert(s, l->words[1], *value(l, "account") != '\0' ? value(l, "account") : "1", AUDIENCE_ENTERPRISE,
		            level_of(l->words[2]), *value(l, "payee") != '\0' ? value(l, "payee") : NULL);
	} else if (strcmp(verb, "watch") == 0) {
		char id[32];
		snprintf(id, sizeof(id), "m%s", l->words[1]);
		story_alert(s, id, l->words[1], AUDIENCE_ANALYST, 3, NULL);
	} else if (strcmp(verb, "account") == 0) {
		story_account(s, l->words[1], STORY_USCC);
	} else if (strcmp(verb, "answer") == 0) {
		assert_true(story_answer(s, l->words[1]));
	} else if (strcmp(verb, "release") == 0) {
		story_release(s, l->words[1]);
	} else if (strcmp(verb, "take") == 0) {
		assert_true(story_take(s, l->words[1]));
	} else if (strcmp(verb, "break") == 0) {
		for (size_t i = 0; i < s->people_count; i++)
			s->people[i].dead |= strcmp(s->people[i].name, l->words[1]) == 0 ? ~0u : 0;
	} else if (strcmp(verb, "mute") == 0) {
		do_mute(s, l);
	} else if (strcmp(verb, "end") == 0) {
		assert_int_not_equal(escalation_stop(s->f.store, slice_of(l->words[1]), ESCALATION_ENDED, s->now_ms, &s->f.error),
		                     -1);
	} else {
		fail_msg("no verb: %s", verb);
	}
}

static void run_script(struct story *s, char *script)
{
	for (char *next = script, *text; (text = next) != NULL && *text != '\0';) {
		struct line line;
		next = strchr(text, '\n');
		if (next != NULL)
			*next++ = '\0';
		if (*text == '#' || *text == '\0')
			continue;
		split(text, &line);
		do_line(s, &line);
	}
}

static char *read_file(const char *path)
{
	static char text[FILE_BYTES_MAX];
	FILE *file = fopen(path, "r");
	size_t length;

	assert_non_null(file);
	length = fread(text, 1, sizeof(text) - 1, file);
	text[length] = '\0';
	fclose(file);
	return text;
}

/* True where the story went as written. */
static bool run_story(struct story *s, const char *name)
{
	char path[320], *text, *expected, *script;
	bool same;
	FILE *file;

	snprintf(path, sizeof(path), FOLDER "/%s", name);
	text = read_file(path);
	expected = strstr(text, "---\n");
	if (expected == NULL)
		fail_msg("%s: no line ---", path);
	*expected = '\0';
	expected += 4;
	script = strdup(text);
	story_again(s);
	run_script(s, script);
	free(script);
	same = strcmp(s->text, expected) == 0;
	if (!same && getenv("BLESS") != NULL && (file = fopen(path, "w")) != NULL) {
		fprintf(file, "%s---\n%s", text, s->text);
		fclose(file);
	} else if (!same) {
		print_error("%s: expected\n%s-- but it went\n%s\n", path, expected, s->text);
	}
	return same;
}

/* I3: a crash at any place, before a commit or with an attempt in flight, changes nothing of who is told. */
static void crashed(struct story *s, const char *name)
{
	for (unsigned seed = 1; seed <= 5; seed++) {
		srand(seed);
		s->crash_percent = 60;
		if (!run_story(s, name))
			fail_msg("%s with crashes, seed %u", name, seed);
	}
	s->crash_percent = 0;
}

static int only_stories(const struct dirent *entry)
{
	const char *end = strrchr(entry->d_name, '.');

	return end != NULL && strcmp(end, ".txt") == 0;
}

static void stories_go_as_written(void **state)
{
	struct dirent **names;
	struct story s;
	int wrong = 0, count;

	(void)state;
	if (access(FOLDER, R_OK) != 0)
		skip();
	count = scandir(FOLDER, &names, only_stories, alphasort);
	assert_true(count > 20);
	story_open(&s);
	for (int i = 0; i < count; i++) {
		bool same = run_story(&s, names[i]->d_name);
		if (same)
			crashed(&s, names[i]->d_name);
		wrong += !same;
		free(names[i]);
	}
	free(names);
	story_close(&s);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stories_go_as_written),
	};

	return cmocka_run_group_tests_name("escalation", tests, NULL, NULL);
}
