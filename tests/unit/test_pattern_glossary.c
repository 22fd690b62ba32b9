/*
 * Lists of words.yaml: an entry `<name>` finds what the list's entries find, faults stand at their own places and are
 * said once, and nothing a file can say makes the reading long (I6, I8).
 */
#include "tests/unit/match_fixture.h"

#include <sys/stat.h>
#include <unistd.h>

enum { REPORTS_BYTES = 8192, PATTERN_BYTES = 4096 };

static char dir[] = "/tmp/huqi-test-XXXXXX";
static char reports[REPORTS_BYTES];

static void take_report(void *context, const struct pattern_fault *fault)
{
	(void)context;
	assert_true(strlen(reports) + strlen(fault->text) + 8 < REPORTS_BYTES);
	strcat(reports, fault->warning ? "warning: " : "");
	strcat(reports, fault->text + strlen(dir) + 1);
	strcat(reports, "\n");
}

static void write_file(const char *name, const char *text)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/V01", dir);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

/* words.yaml (NULL: none) and one pattern with this part, on line 10. */
static void write_part(const char *words, const char *part)
{
	char yaml[PATTERN_BYTES], path[128];

	snprintf(path, sizeof(path), "%s/words.yaml", dir);
	unlink(path);
	if (words != NULL)
		write_file("words.yaml", words);
	snprintf(yaml, sizeof(yaml), "id: p\nversion: 1\nstatus: active\ntypology: V01\ntitle: {zh: 好, en: good}\n"
	                             "audience: enterprise\nscore: 60\nmessage: {zh: 停, en: stop}\ndetect:\n  %s\n", part);
	write_file("V01/p.yaml", yaml);
}

static void write_files(const char *words, const char *text)
{
	char part[PATTERN_BYTES / 2];

	snprintf(part, sizeof(part), "text: %s", text);
	write_part(words, part);
}

static struct pattern_set *loaded(void)
{
	struct pattern_options options = {.report = take_report};
	struct pattern_set *set = NULL;
	struct error error;

	reports[0] = '\0';
	if (pattern_set_load(dir, &options, &set, &error) == -1)
		set = NULL;
	return set;
}

static bool finds(const char *purpose)
{
	struct tx tx = fixture_text(purpose, "");
	struct pattern_set *set = loaded();
	size_t hits;

	if (set == NULL)
		fail_msg("%s", reports);
	hits = fixture_hits(set, &tx);
	pattern_set_free(&set);
	return hits > 0;
}

static void refused(const char *expected)
{
	struct pattern_set *set = loaded();

	assert_null(set);
	assert_string_equal(reports, expected);
}

static void a_list_finds_what_its_entries_find(void **state)
{
	static const char words[] = "wages: [工资, '/奖.?金/']\nout: [<wages>, 退款]\n";

	(void)state;
	write_files(words, "{in: [purpose], any: [急付], none: [<out>, 报销]}");
	assert_true(finds("急付"));
	assert_false(finds("急付工资"));
	assert_false(finds("急付 奖 励金"));
	assert_false(finds("急付退款"));
	assert_false(finds("急付报销"));
	write_files(words, "{in: [purpose], any: [<wages>]}");
	assert_true(finds("三月工资"));
	assert_false(finds("退款"));
	write_files(words, "{in: [purpose], all: [<wages>, 急付]}"); /* every entry of the list */
	assert_true(finds("工资奖金急付"));
	assert_false(finds("工资急付"));
}

static void names_that_are_none(void **state)
{
	(void)state;
	write_files("wages: [工资]\nrent: [房租]\n", "{in: [purpose], any: [<wage>]}");
	refused("V01/p.yaml:10:31: `<wage>` is no list of words.yaml; there are wages, rent\n");
	write_files(NULL, "{in: [purpose], any: [<wages>]}");
	refused("V01/p.yaml:10:31: `<wages>` stands for a list, and there is no words.yaml beside the patterns\n");
	write_files(NULL, "{in: [purpose], any: [<Wages>, '<>']}"); /* texts like any other, of which folding leaves this */
	loaded();
	assert_string_equal(reports, "V01/p.yaml:10:40: folding drops all of `<>`, so it would be found everywhere\n");
}

static void faults_stand_at_their_own_places(void **state)
{
	(void)state;
	write_files("wages: [工资, '/奖*/']\n", "{in: [purpose], any: [<wages>, 急付], none: [<wages>]}");
	assert_null(loaded());
	assert_memory_equal(reports, "words.yaml:1:16: ", 17);
	assert_null(strstr(strchr(reports, '\n') + 1, "\n")); /* once, though it is used twice */
	write_files("Wages: [工资]\nrent: 房租\nempty: []\n", "{in: [purpose], any: [急付]}");
	refused("words.yaml:1:1: `Wages` is no list's name; expected small letters, digits and hyphens, such as wages\n"
	        "words.yaml:2:7: expected a list of words, such as [工资, 薪酬]\n"
	        "words.yaml:3:8: expected a list of words, such as [工资, 薪酬]\n");
	write_files("wages: [工资\n", "{in: [purpose], any: [<wages>]}"); /* no YAML: the patterns are still looked at */
	assert_null(loaded());
	assert_memory_equal(reports, "words.yaml:2:1: not readable as YAML", 36);
	write_files("[工资]\n", "{in: [purpose], any: [急付]}");
	refused("words.yaml:1:1: expected lists by name, such as wages: [工资, 薪酬]\n");
}

static void lists_within_lists_end(void **state)
{
	(void)state;
	write_files("a: [<b>]\nb: [<a>]\n", "{in: [purpose], any: [<a>]}");
	refused("words.yaml:2:5: `<a>` stands in lists within lists, more than 4 deep; is it within itself?\n");
}

/* Ten lists of 100 entries each, every one of which is the next list: 100^10 words. And one that is 5,000 times within itself. */
static void a_list_of_lists_is_bounded(void **state)
{
	static char words[32 * 1024];
	size_t length = 0;

	(void)state;
	for (int list = 0; list < 10; list++) {
		length += (size_t)snprintf(words + length, sizeof(words) - length, "l%d: [", list);
		for (int i = 0; i < 100; i++)
			length += (size_t)snprintf(words + length, sizeof(words) - length, list < 9 ? "<l%d>, " : "词%d, ", list + 1);
		length += (size_t)snprintf(words + length, sizeof(words) - length, "尾]\n");
	}
	write_files(words, "{in: [purpose], any: [<l6>]}");
	refused("V01/p.yaml:10:30: `any` must be a list of 1 to 2000 expressions\n");
	length = (size_t)snprintf(words, sizeof(words), "l6: [");
	for (int i = 0; i < 5000; i++)
		length += (size_t)snprintf(words + length, sizeof(words) - length, "<l6>,");
	snprintf(words + length, sizeof(words) - length, "]\n");
	write_files(words, "{in: [purpose], any: [<l6>]}");
	refused("V01/p.yaml:10:30: `any` must be a list of 1 to 2000 expressions\n");
}

static void conditions_take_lists(void **state)
{
	static const char words[] = "wages: [工资, 奖金]\nout: [<wages>, 退款]\nodd: ['/奖.金/']\n"
	                            "long: [<out>, <out>]\nself: [<self>]\n";

	(void)state;
	write_part(words, "where: contains(purpose, '急付') and not contains(purpose, <out>, '报销')");
	assert_true(finds("急付"));
	assert_false(finds("急付 奖·金"));
	assert_false(finds("急付退款"));
	assert_false(finds("急付报销"));
	write_part(words, "where: amount >= 1 and contains(purpose, <long>)"); /* the same words twice */
	assert_true(finds("退款"));
	write_part(words, "where: contains(purpose, <odd>)");
	refused("V01/p.yaml:10:28: the list `<odd>` holds more than words; an expression can only be looked for by a `text`\n");
	write_part(words, "where: contains(purpose, <self>)");
	refused("V01/p.yaml:10:28: the list `<self>` has lists within lists, too deep; is one within itself?\n");
	write_part(words, "where: contains(purpose, <wage>)");
	refused("V01/p.yaml:10:28: `<wage>` is no list of words.yaml; there are wages, out, odd, long, self\n");
	write_part(words, "where: amount > <wages>");
	refused("V01/p.yaml:10:19: found `<wages>`; expected a field, a function, a number or a text\n");
	write_part(words, "where: amount <wages> 5"); /* two comparisons, and no space */
	refused("V01/p.yaml:10:17: found `<wages>`; expected `and`, `or` or the end\n");
}

static void idle_lists_are_warned_of(void **state)
{
	struct pattern_options options = {.report = take_report, .check_only = true};
	unsigned warnings;

	(void)state;
	write_files("wages: [工资]\nrent: [<inner>]\ninner: [房租]\nidle: [词语]\n", "{in: [purpose], any: [急付], none: [<wages>, <rent>]}");
	reports[0] = '\0';
	pattern_lint(dir, &options, &warnings);
	assert_non_null(strstr(reports, "warning: words.yaml:4:7: no pattern uses the list `idle`\n"));
	assert_null(strstr(reports, "`inner`"));
	assert_null(strstr(reports, "`wages`"));
}

static int set_up(void **state)
{
	(void)state;
	return mkdtemp(dir) != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_finds_what_its_entries_find), cmocka_unit_test(names_that_are_none),
		cmocka_unit_test(faults_stand_at_their_own_places), cmocka_unit_test(lists_within_lists_end),
		cmocka_unit_test(a_list_of_lists_is_bounded), cmocka_unit_test(conditions_take_lists),
		cmocka_unit_test(idle_lists_are_warned_of),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
