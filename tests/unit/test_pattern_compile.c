/*
 * Compiling expressions that nobody trusts: bombs are named and refused in time, the service goes on; the
 * cache is hit, rebuilt and never believed without its checksum.
 */
#include "tests/unit/match_fixture.h"

#include <dirent.h>
#include <signal.h>
#include <unistd.h>

#include "base/clock.h"
#include "pattern/compile.h"

static char dir[] = "/tmp/huqi-test-XXXXXX";

static int set_up(void **state)
{
	(void)state;
	return mkdtemp(dir) != NULL ? 0 : -1;
}

static void clear(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s/*", dir);
	assert_int_equal(system(command), 0);
}

static int tear_down(void **state)
{
	(void)state;
	clear();
	return rmdir(dir);
}

static int compile(const char *const *texts, uint32_t count, uint32_t one_ms, const char *cache,
                   struct compile_result *result, struct error *error)
{
	struct compile_limits limits = {
		.one_ms = one_ms, .all_ms = 20000, .tried = UINT32_MAX, .bytes_max = UINT64_C(1) << 31, .cache_dir = cache};
	struct slice expressions[16];

	for (uint32_t i = 0; i < count; i++)
		expressions[i] = slice_of(texts[i]);
	return compile_database(expressions, count, &limits, result, error);
}

/* The expressions that a pattern file cannot hold, straight to the compiler. */
static void bombs_are_named_and_refused(void **state)
{
	static const char *const texts[] = {"abc", "a[\\s\\S]{30000}b", "def", "c[\\s\\S]{32000}d", "gh("};
	struct compile_result result;
	struct error error = {""};
	int64_t begun = clock_steady_ms();

	(void)state;
	assert_int_equal(compile(texts, 5, 300, NULL, &result, &error), -1);
	assert_true(clock_steady_ms() - begun < 8000);
	assert_null(result.database);
	assert_int_equal(result.fault_count, 3);
	assert_int_equal(result.faults[0].expression, 1);
	assert_int_equal(result.faults[1].expression, 3);
	assert_int_equal(result.faults[2].expression, 4);
	assert_string_equal(result.faults[0].text,
	                    "takes more than 300 ms to compile; repeat less, or write it as several");
	assert_non_null(strstr(result.faults[2].text, "arenthes"));
}

static void unbounded_and_empty_are_refused(void **state)
{
	static const char *const texts[] = {"ab*c", "a.*b"}, *const empty[] = {"a{0,3}"};
	struct compile_result result;
	struct error error = {""};

	(void)state;
	assert_int_equal(compile(texts, 2, 2000, NULL, &result, &error), -1);
	assert_int_equal(result.fault_count, 2);
	assert_string_equal(result.faults[1].text, "matches texts of any length");
	assert_int_equal(compile(empty, 1, 2000, NULL, &result, &error), -1);
	assert_int_equal(result.fault_count, 1);
}

/* Without memory the child fails, not the service. The sanitizers' builds have no such limit. */
static void memory_is_limited(void **state)
{
	const char *text = "a[\\s\\S]{30000}b";
	struct compile_limits limits = {.one_ms = 20000, .all_ms = 20000, .tried = UINT32_MAX, .bytes_max = 16 << 20};
	struct slice expression = slice_of(text);
	struct compile_result result;
	struct error error = {""};

	(void)state;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	skip();
#endif
	assert_int_equal(compile_database(&expression, 1, &limits, &result, &error), -1);
	assert_null(result.database);
	assert_non_null(strstr(error.text, "memory"));
	for (uint32_t i = 0; i < result.fault_count; i++)
		assert_int_equal(result.faults[i].expression, 0);
}

/* A pattern's own limits come first: what the child would choke on does not reach it. */
static void hostile_patterns_are_refused_in_time(void **state)
{
	static const char *const hostile[] = {
		"/a.{0,30000}b/",
		"/((((a{1,100}){1,100}){1,100}){1,100})/",
		("/.{0,100}.{0,100}.{0,100}.{0,100}.{0,100}.{0,100}.{0,100}"
		".{0,100}.{0,100}.{0,100}.{0,100}.{0,100}.{0,100}.{0,100}.{0,100}a/"),
		"/(a|b|c|d){100}(.{50}){50}/",
		"/[^甲]{1,100}[^乙]{1,100}[^丙]{1,100}[^丁]{1,100}/",
		"/(.{1,30}账.{1,30}户.{1,30}安.{1,30}全.{1,30}){1,5}/",
		"/(((((((((((((((((a)))))))))))))))))/",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
		char detect[512], *yaml;
		struct pattern_set *set = NULL;
		struct error error = {""};
		int64_t begun = clock_steady_ms();
		snprintf(detect, sizeof(detect), "  text: {in: [remark], any: ['%s']}", hostile[i]);
		yaml = fixture_yaml(detect);
		if (pattern_set_load_bytes("f.yaml", yaml, strlen(yaml), NULL, &set, &error) == -1) {
			assert_null(set);
			if (strncmp(error.text, "f.yaml:9:", 9) != 0)
				fail_msg("%s: %s", hostile[i], error.text);
		}
		/* Refused, or harmless: either way soon. */
		if (clock_steady_ms() - begun > 15 * PATTERN_COMPILE_ONE_MS) /* sanitizers and busy machines */
			fail_msg("%s took %lld ms", hostile[i], (long long)(clock_steady_ms() - begun));
		pattern_set_free(&set);
		free(yaml);
	}
}

static void look_for_line_13(void *context, const struct pattern_fault *fault)
{
	*(bool *)context |= strncmp(fault->text, "f.yaml:13:9: takes more than 1 ms to compile", 44) == 0;
}

static void a_bomb_names_its_line(void **state)
{
	char *yaml = fixture_yaml("  text:\n    in: [remark]\n    any:\n      - 急付\n"
	                          "      - '/(.{1,60}账.{1,60}户[^安]{1,60}){1,3}/'\n");
	bool named = false;
	struct pattern_options options = {.compile_one_ms = 1, .report = look_for_line_13, .report_context = &named};
	struct pattern_set *set = NULL;
	struct error error = {""};

	(void)state;
	assert_int_equal(pattern_set_load_bytes("f.yaml", yaml, strlen(yaml), &options, &set, &error), -1);
	if (!named)
		fail_msg("%s", error.text);
	free(yaml);
}

static int count_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
                       void *context)
{
	(void)from;
	(void)to;
	(void)flags;
	*(unsigned *)context |= 1u << id;
	return 0;
}

static unsigned scan(hs_database_t *database, const char *text)
{
	char padded[256] = "";
	hs_scratch_t *scratch = NULL;
	unsigned found = 0;

	strcpy(padded, text);
	assert_int_equal(hs_alloc_scratch(database, &scratch), HS_SUCCESS);
	assert_int_equal(hs_scan(database, padded, (unsigned)strlen(text), 0, scratch, count_match, &found),
	                 HS_SUCCESS);
	hs_free_scratch(scratch);
	return found;
}

static char *cache_file(void)
{
	static char path[512];
	DIR *stream = opendir(dir);
	struct dirent *entry;

	path[0] = '\0';
	while ((entry = readdir(stream)) != NULL)
		if (strstr(entry->d_name, ".hsdb") != NULL)
			snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
	closedir(stream);
	assert_true(path[0] != '\0');
	return path;
}

/* Changes one byte of the file, or cuts it there. */
static void damage(const char *path, long at, bool cut)
{
	FILE *file = fopen(path, "r+b");
	int c;

	assert_non_null(file);
	if (cut) {
		assert_int_equal(ftruncate(fileno(file), at), 0);
	} else {
		fseek(file, at, SEEK_SET);
		c = fgetc(file);
		fseek(file, at, SEEK_SET);
		fputc(c ^ 0x40, file);
	}
	fclose(file);
}

static void the_cache_is_used_and_never_believed(void **state)
{
	static const char *const texts[] = {"abc", "d.{0,3}f"}, *const others[] = {"abc", "d.{0,4}f"};
	struct compile_result result;
	struct error error = {""};
	char path[512];
	long length;
	FILE *file;

	(void)state;
	clear();
	assert_int_equal(compile(texts, 2, 2000, dir, &result, &error), 0);
	assert_false(result.cached);
	assert_int_equal(scan(result.database, "xabcdxxf"), 3);
	hs_free_database(result.database);
	assert_int_equal(compile(texts, 2, 2000, dir, &result, &error), 0);
	assert_true(result.cached);
	assert_int_equal(scan(result.database, "xabcdxxf"), 3);
	hs_free_database(result.database);
	strcpy(path, cache_file());
	file = fopen(path, "rb");
	fseek(file, 0, SEEK_END);
	length = ftell(file);
	fclose(file);
	/* Another expression has another name. */
	assert_int_equal(compile(others, 2, 2000, dir, &result, &error), 0);
	assert_false(result.cached);
	hs_free_database(result.database);
	for (long at = 0; at < length; at += length / 37 + 1)
		for (int cut = 0; cut < 2; cut++) {
			damage(path, at, cut);
			assert_int_equal(compile(texts, 2, 2000, dir, &result, &error), 0);
			assert_false(result.cached);
			assert_int_equal(scan(result.database, "xabcdxxf"), 3);
			hs_free_database(result.database);
			/* And it was built again. */
			assert_int_equal(compile(texts, 2, 2000, dir, &result, &error), 0);
			assert_true(result.cached);
			hs_free_database(result.database);
		}
}

/* I8: the folder stays bounded. */
static void the_cache_is_pruned(void **state)
{
	DIR *stream;
	int count = 0;

	(void)state;
	clear();
	for (uint32_t i = 0; i < PATTERN_CACHE_FILES_MAX + 20; i++)
		compile_cache_put(dir, (struct compile_key){.low = i}, "x", 1);
	stream = opendir(dir);
	while (readdir(stream) != NULL)
		count++;
	closedir(stream);
	assert_int_equal(count - 2, PATTERN_CACHE_FILES_MAX);
}

static void a_cache_that_cannot_be_written_is_no_fault(void **state)
{
	static const char *const texts[] = {"abc"};
	struct compile_result result;
	struct error error = {""};

	(void)state;
	assert_int_equal(compile(texts, 1, 2000, "/proc/nowhere", &result, &error), 0);
	hs_free_database(result.database);
}

/* A service that ignores its children's ends, or has its own way with signals, compiles all the same. */
static void ignored_children_do_no_harm(void **state)
{
	static const char *const texts[] = {"abc"};
	struct compile_result result;
	struct error error = {""};

	(void)state;
	signal(SIGCHLD, SIG_IGN);
	assert_int_equal(compile(texts, 1, 2000, NULL, &result, &error), 0);
	signal(SIGCHLD, SIG_DFL);
	hs_free_database(result.database);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bombs_are_named_and_refused), cmocka_unit_test(unbounded_and_empty_are_refused),
		cmocka_unit_test(memory_is_limited), cmocka_unit_test(hostile_patterns_are_refused_in_time),
		cmocka_unit_test(a_bomb_names_its_line), cmocka_unit_test(the_cache_is_used_and_never_believed),
		cmocka_unit_test(the_cache_is_pruned), cmocka_unit_test(a_cache_that_cannot_be_written_is_no_fault),
		cmocka_unit_test(ignored_children_do_no_harm),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
