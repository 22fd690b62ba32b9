/*
 * Lists of words.yaml: an entry `<name>` finds what the list's entries find, faults stand at their own places and are
 * said once, and nothing a file can say makes the reading long (I6, I8). The same for conditions of conditions.yaml.
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

/* `text` NULL: there is none. */
static void write_glossary(const char *name, const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	unlink(path);
	if (text != NULL)
		write_file(name, text);
}

/* words.yaml (NULL: none) and one pattern with this part, on line 10. */
static void write_part(const char *words, const char *part)
{
	char yaml[PATTERN_BYTES];

	write_glossary("words.yaml", words);
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
	refused("V01/p.yaml:10:19: `<wages>` stands for a condition, and there is no conditions.yaml beside the patterns\n");
	write_part(words, "where: amount <wages> 5"); /* two comparisons, and no space */
	refused("V01/p.yaml:10:17: found `<wages>`; expected `and`, `or` or the end\n");
}

/* conditions.yaml (NULL: none) and one pattern with this `where`, which begins in column 11 of line 10. */
static void write_where(const char *conditions, const char *where)
{
	char part[PATTERN_BYTES / 2];

	write_glossary("conditions.yaml", conditions);
	snprintf(part, sizeof(part), "where: \"%s\"", where);
	write_part(NULL, part);
}

static bool finds_amount(const char *amount, const char *purpose)
{
	struct tx tx = fixture_text(purpose, "");
	struct pattern_set *set = loaded();
	size_t hits;

	if (set == NULL)
		fail_msg("%s", reports);
	tx.amount_minor = strtoll(amount, NULL, 10) * 100;
	hits = fixture_hits(set, &tx);
	pattern_set_free(&set);
	return hits > 0;
}

static void a_named_condition_is_what_it_stands_for(void **state)
{
	static const char conditions[] = "large: amount >= 5000 or contains(purpose, '急付')\n"
	                                 "odd: <large> and not is_round(amount, 100)\n";

	(void)state;
	write_where(conditions, "direction = debit and <large>");
	assert_true(finds_amount("5000", ""));
	assert_true(finds_amount("40", "急付"));
	assert_false(finds_amount("4999", ""));
	write_where(conditions, "not <large> and amount > 0"); /* all of it, as in parentheses */
	assert_false(finds_amount("40", "急付"));
	assert_true(finds_amount("40", ""));
	write_where(conditions, "<odd>");
	assert_true(finds_amount("5001", ""));
	assert_false(finds_amount("5100", ""));
	assert_false(finds_amount("41", ""));
	write_where(conditions, "amount < 60 or <odd> and <large>"); /* `and` binds closer still */
	assert_true(finds_amount("40", ""));
	write_where(conditions, "signs(<large>, is_round(amount, 1000), amount > 9000) >= 2");
	assert_true(finds_amount("6000", ""));
	assert_false(finds_amount("6001", ""));
	write_glossary("conditions.yaml", NULL);
}

/* What `and` joins there is a condition of its own to `explain`, but one by its name to `prove`. */
static void a_named_condition_is_told_by_its_name(void **state)
{
	struct pattern_options options = {.report = take_report, .explain = true};
	struct pattern_set *set = NULL;
	const struct program *program;
	struct error error;

	(void)state;
	write_where("large: amount >= 5000 or amount = 1\nodd: amount > 9 and not is_round(amount, 100)\n", "<large> and <odd>");
	reports[0] = '\0';
	assert_int_equal(pattern_set_load(dir, &options, &set, &error), 0);
	program = set->patterns[0].detect->parts[0].where;
	assert_int_equal(program->apart_count, 3);
	assert_string_equal(program->apart[0].text.at, "<large>: amount >= 5000 or amount = 1");
	assert_string_equal(program->apart[1].text.at, "amount > 9");
	assert_string_equal(program->apart[2].text.at, "not is_round(amount, 100)");
	pattern_set_free(&set);
	write_glossary("conditions.yaml", NULL);
}

static void faults_of_conditions_stand_at_their_own_places(void **state)
{
	(void)state;
	write_where("large: amount >= 5000\n", "direction = debit and <larg>");
	refused("V01/p.yaml:10:33: `<larg>` is no condition of conditions.yaml; there are large\n");
	write_where("large: amount >= 5h\n", "<large> and not <large>");
	refused("conditions.yaml:1:18: `amount` is an amount and `5h` is a duration; they cannot be compared\n"
	        "V01/p.yaml:10:11: `<large>` cannot be used: it is faulty itself\n");
	write_where("large: amount >=\n", "<large>");
	refused("conditions.yaml:1:17: the condition ends here; expected a field, a function, a number or a text\n"
	        "V01/p.yaml:10:11: `<large>` cannot be used: it is faulty itself\n");
	write_where("large: amount + 5\n", "<large>");
	assert_null(loaded());
	assert_memory_equal(reports, "conditions.yaml:1:8: ", 21);
	write_where("Large: amount >= 5\nlist: [amount >= 5]\nempty: ''\n", "amount > 0");
	refused("conditions.yaml:1:1: `Large` is no condition's name; expected small letters, digits and hyphens, such as by-hand\n"
	        "conditions.yaml:2:7: expected a condition, such as channel in [online, mobile]\n"
	        "conditions.yaml:3:8: expected a condition, such as channel in [online, mobile]\n");
	write_where("large: amount >= 5000\n", "<large> >= 5");
	assert_null(loaded());
	assert_memory_equal(reports, "V01/p.yaml:10:22: ", 18);
	assert_non_null(strstr(reports, "`<large>`"));
	write_where("a: <b>\nb: amount > 5 and <a>\n", "<a>");
	assert_null(loaded());
	assert_non_null(strstr(reports, "is it within itself?\n"));
	assert_non_null(strstr(reports, "V01/p.yaml:10:11: `<a>` cannot be used: it is faulty itself\n"));
	write_glossary("conditions.yaml", NULL);
}

/* Each of nine stands for the one before it forty times: 40^9 terms. */
static void conditions_within_conditions_are_bounded(void **state)
{
	static char conditions[16 * 1024];
	size_t length = (size_t)snprintf(conditions, sizeof(conditions), "c0: amount > 0\n");

	(void)state;
	for (int name = 1; name < 10; name++) {
		length += (size_t)snprintf(conditions + length, sizeof(conditions) - length, "c%d: <c%d>", name, name - 1);
		for (int i = 1; i < 40; i++)
			length += (size_t)snprintf(conditions + length, sizeof(conditions) - length, " and <c%d>", name - 1);
		length += (size_t)snprintf(conditions + length, sizeof(conditions) - length, "\n");
	}
	write_where(conditions, "<c3>");
	assert_null(loaded());
	assert_non_null(strstr(reports, "the condition is too long; at most 512 terms"));
	write_where(conditions, "<c9>");
	assert_null(loaded());
	assert_non_null(strstr(reports, "is it within itself?"));
	write_glossary("conditions.yaml", NULL);
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
	write_where("large: <used> and amount >= 5000\nused: direction = debit\nidle: amount > 0\n", "<large>");
	reports[0] = '\0';
	pattern_lint(dir, &options, &warnings);
	assert_non_null(strstr(reports, "warning: conditions.yaml:3:7: no pattern uses the condition `idle`\n"));
	assert_null(strstr(reports, "`used`"));
	write_glossary("conditions.yaml", NULL);
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
		cmocka_unit_test(a_named_condition_is_what_it_stands_for), cmocka_unit_test(a_named_condition_is_told_by_its_name),
		cmocka_unit_test(faults_of_conditions_stand_at_their_own_places),
		cmocka_unit_test(conditions_within_conditions_are_bounded),
		cmocka_unit_test(idle_lists_are_warned_of),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
