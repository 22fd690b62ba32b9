/*
 * huqi drill start|list|show|end|certificate: exercises for enterprises. A running service tells them, in office hours.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/instant.h"
#include "cli/casework_run.h"
#include "cli/list_writer.h"
#include "judge/judge.h"

enum { PAGE = 100, WITHIN_NUMBER_MAX = 86400 };

struct drill_run {
	struct casework_run base; /* first */
	const char *typology, *level, *jurisdiction, *industry, *within, *reveal;
	struct cli_list enterprises;
	struct drill_ask ask;
	struct drill_row row;
	struct slice certificate;
};

static struct slice text_of(const char *text)
{
	return text != NULL ? slice_of(text) : (struct slice){"", 0};
}

/* ---- start, end ---- */

static uint8_t level_of(const char *word)
{
	for (uint8_t i = LEVEL_YELLOW; i <= LEVEL_RED; i++)
		if (slice_is(slice_of(word), alert_level_names[i]))
			return i;
	return LEVEL_NONE;
}

static int act_start(struct casework_run *base, void *arg, struct error *error)
{
	struct drill_run *run = arg;
	struct slice *named = arena_take(&base->arena, (size_t)(run->enterprises.count + 1) * sizeof(*named));

	for (int i = 0; named != NULL && i < run->enterprises.count; i++)
		named[i] = slice_of(run->enterprises.items[i]);
	run->ask.enterprises = named;
	run->ask.enterprise_count = named != NULL ? (size_t)run->enterprises.count : 0;
	run->ask.typology = text_of(run->typology);
	run->ask.level = level_of(run->level);
	run->ask.jurisdiction = text_of(run->jurisdiction);
	run->ask.industry = text_of(run->industry);
	run->ask.by = text_of(base->by);
	run->ask.now_ms = clock_now_ms();
	return drill_start(base->store, base->catalogue, &run->ask, &base->arena, &run->row, error);
}

/* "90s", "10m", "1h"; what is out of range is drill_start()'s to say. */
static bool parse_within(const char *text, int64_t *ms_r)
{
	static const struct {
		char unit;
		int64_t ms;
	} units[] = {{'s', INSTANT_SECOND_MS}, {'m', INSTANT_MINUTE_MS}, {'h', INSTANT_HOUR_MS}};
	char *end;
	long number = strtol(text, &end, 10);

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (end != text && *end == units[i].unit && end[1] == '\0' && number > 0 && number <= WITHIN_NUMBER_MAX) {
			*ms_r = number * units[i].ms;
			return true;
		}
	return false;
}

static int run_start(int argc, char **argv)
{
	struct drill_run run = {.base.command = &command_drill_start, .level = "red", .within = "10m"};
	const struct cli_option options[] = {
		CASEWORK_OPTIONS(&run.base),
		CLI_TEXT("typology", "ID", &run.typology, "what the invented payment looks like: V01 to V18"),
		CLI_TEXT("level", "LEVEL", &run.level, "yellow, orange or red; red without. Its first step says who is told"),
		CLI_LIST("enterprise", "USCC", &run.enterprises, "one enterprise; may be given several times"),
		CLI_TEXT("jurisdiction", "CODE", &run.jurisdiction, "or all of an area"),
		CLI_TEXT("industry", "TEXT", &run.industry, "of them only those whose industry begins with this"),
		CLI_TEXT("within", "DURATION", &run.within, "who answers within it is trained; 10m without"),
		CLI_TEXT("by", "NAME", &run.base.by, "who starts it; kept in the audit"),
		CLI_OPTIONS_END,
	};
	int result = casework_run_begin(&run.base, argc, argv, options, 0, true);

	if (result != 0)
		return result - 1;
	if (!parse_within(run.within, &run.ask.within_ms))
		result = cli_usage(run.base.command, "--within %s: expected a duration such as 10m", run.within);
	else if ((result = casework_run_act(&run.base, act_start, &run)) == 0)
		printf("%.*s\n", SLICE_PRINT(run.row.id));
	casework_run_end(&run.base);
	return result;
}

static int act_end(struct casework_run *base, void *arg, struct error *error)
{
	(void)arg;
	return drill_end(base->store, slice_of(base->rest.items[0]), text_of(base->by), clock_now_ms(), error);
}

static int run_end(int argc, char **argv)
{
	struct drill_run run = {.base.command = &command_drill_end};
	const struct cli_option options[] = {CASEWORK_OPTIONS(&run.base),
	                                     CLI_TEXT("by", "NAME", &run.base.by, "who ends it; kept in the audit"),
	                                     CLI_OPTIONS_END};
	int result = casework_run_begin(&run.base, argc, argv, options, 1, true);

	if (result != 0)
		return result - 1;
	result = casework_run_act(&run.base, act_end, NULL);
	casework_run_end(&run.base);
	return result;
}

/* ---- list, show ---- */

static int list_all(struct casework_run *run, struct list_writer *w, struct error *error)
{
	struct slice last_id = {"", 0};
	int64_t last_ms = INT64_MAX;
	struct drill_row *rows;
	size_t count;

	do {
		if (store_drills(run->store, last_ms, last_id, PAGE, &run->arena, &rows, &count, error) == -1)
			return -1;
		for (size_t i = 0; i < count; i++) {
			struct drill_totals t;
			char at[INSTANT_TEXT_BYTES];
			if (store_drill_totals(run->store, rows[i].id, &t, error) == -1)
				return -1;
			instant_format(rows[i].created_ms, at);
			list_row(w, (const char *const[]){rows[i].id.at, drill_state_names[rows[i].state], rows[i].typology.at,
			                                  alert_level_names[rows[i].level], arena_print(&run->arena, "%s", at),
			                                  rows[i].started_by.at, arena_print(&run->arena, "%lld", (long long)t.told),
			                                  arena_print(&run->arena, "%lld", (long long)t.certificates)});
			last_ms = rows[i].created_ms;
			last_id = rows[i].id;
		}
	} while (count == PAGE);
	return 0;
}

static int run_list(int argc, char **argv)
{
	struct casework_run run = {.command = &command_drill_list};
	const struct cli_option options[] = {CASEWORK_OPTIONS(&run), CLI_FLAG("json", &run.json, "JSON for programs"),
	                                     CLI_OPTIONS_END};
	struct list_writer w = {0};
	int result = casework_run_begin(&run, argc, argv, options, 0, false);

	if (result != 0)
		return result - 1;
	w.json = run.json;
	list_begin(&w);
	list_columns(&w, (const char *const[]){"id", "state", "typology", "level", "created_at", "by", "told", "certificates",
	                                       NULL});
	w.failed = list_all(&run, &w, &w.error) == -1;
	casework_run_end(&run);
	return list_end(&w);
}

/* JSON for people, too: it is a report. */
static int run_show(int argc, char **argv)
{
	struct casework_run run = {.command = &command_drill_show};
	const struct cli_option options[] = {CASEWORK_OPTIONS(&run), CLI_FLAG("json", &run.json, "it is JSON in any case"),
	                                     CLI_OPTIONS_END};
	struct drill_report report;
	struct error error;
	yyjson_mut_doc *doc;
	int found, result = casework_run_begin(&run, argc, argv, options, 1, false);

	if (result != 0)
		return result - 1;
	found = drill_report(run.store, slice_of(run.rest.items[0]), &run.arena, &report, &error);
	if (found == 0)
		error_set(&error, "there is no drill %s; `huqi drill list` shows all", run.rest.items[0]);
	if (found != 1) {
		result = cli_fail(&error);
	} else {
		doc = yyjson_mut_doc_new(NULL);
		yyjson_mut_doc_set_root(doc, drill_report_shown(doc, &report));
		casework_run_print(doc);
	}
	casework_run_end(&run);
	return result;
}

/* ---- certificate ---- */

/* I9: the name in full only with a reason, which is in the audit before the name is shown. */
static int act_certificate(struct casework_run *base, void *arg, struct error *error)
{
	struct drill_run *run = arg;
	const char *number = base->rest.items[0];
	int found = drill_certificate(base->store, base->catalogue, slice_of(number), run->reveal != NULL, &base->arena,
	                              &run->certificate, error);

	if (found != 1)
		return found == -1 ? -1 : CASEWORK_UNKNOWN;
	if (run->reveal == NULL)
		return CASEWORK_DONE;
	if (casework_check_name(text_of(base->by), error) == -1 || slice_trim(slice_of(run->reveal)).length == 0)
		return error_set(error, "a name in full is shown with --by and a reason behind --reveal only");
	return store_audit_put(base->store, clock_now_ms(), base->by, "reveal",
	                       arena_print(&base->arena, "certificate %s", number), run->reveal, error) == -1
	               ? -1
	               : CASEWORK_DONE;
}

static int run_certificate(int argc, char **argv)
{
	struct drill_run run = {.base.command = &command_drill_certificate};
	const struct cli_option options[] = {
		CASEWORK_OPTIONS(&run.base),
		CLI_TEXT("reveal", "REASON", &run.reveal, "show the name in full; kept in the audit"),
		CLI_TEXT("by", "NAME", &run.base.by, "who asks for it"),
		CLI_OPTIONS_END,
	};
	int result = casework_run_begin(&run.base, argc, argv, options, 1, true);

	if (result != 0)
		return result - 1;
	if ((result = casework_run_act(&run.base, act_certificate, &run)) == 0)
		printf("%.*s", SLICE_PRINT(run.certificate));
	casework_run_end(&run.base);
	return result;
}

const struct cli_command command_drill_start = {
	"drill start", "", "Tells enterprises of an invented payment, as an exercise", run_start};
const struct cli_command command_drill_list = {"drill list", "", "Lists the exercises", run_list};
const struct cli_command command_drill_show = {
	"drill show", "ID", "Shows how the enterprises did in an exercise, as JSON", run_show};
const struct cli_command command_drill_end = {
	"drill end", "ID", "Ends an exercise; who answered in time gets a certificate", run_end};
const struct cli_command command_drill_certificate = {
	"drill certificate", "NUMBER", "Prints a certificate", run_certificate};
