/*
 * huqi bulletin draft|list|show|edit|approve|withdraw: what enterprises of an area are told regularly. A running
 * service sends what was approved, in office hours.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/instant.h"
#include "cli/casework_run.h"
#include "cli/list_writer.h"

enum { PAGE = 100, FILE_BYTES_MAX = 64 << 10 };

struct bulletin_run {
	struct casework_run base; /* first */
	const char *period, *jurisdiction, *industry, *zh_path, *en_path, *title_zh, *title_en, *reason;
	int64_t revision;
	struct bulletin_row row; /* of a draft */
	bool known;
};

#define BY(run) CLI_TEXT("by", "NAME", &(run).base.by, "who does it; kept in the audit")

static struct slice text_of(const char *text)
{
	return text != NULL ? slice_of(text) : (struct slice){"", 0};
}

/* ---- draft ---- */

static int act_draft(struct casework_run *base, void *arg, struct error *error)
{
	struct bulletin_run *run = arg;
	struct bulletin_ask ask = {.jurisdiction = text_of(run->jurisdiction), .industry = text_of(run->industry),
	                           .by = text_of(base->by), .now_ms = clock_now_ms()};
	int result;

	if (casework_check_name(ask.by, error) == -1)
		return CASEWORK_REFUSED;
	period_parse(slice_of(run->period), &ask.period);
	result = bulletin_draft(base->store, base->catalogue, &ask, &base->arena, &run->row, error);
	run->known = result == CASEWORK_KNOWN;
	return result;
}

static int run_draft(int argc, char **argv)
{
	struct bulletin_run run = {.base.command = &command_bulletin_draft, .period = "week"};
	const struct cli_option options[] = {
		CASEWORK_OPTIONS(&run.base),
		CLI_TEXT("period", "week|month", &run.period, "of the last full one; week without"),
		CLI_TEXT("jurisdiction", "CODE", &run.jurisdiction, "its enterprises and those of all below it"),
		CLI_TEXT("industry", "TEXT", &run.industry, "only enterprises whose industry begins with this"),
		BY(run),
		CLI_OPTIONS_END,
	};
	enum period_kind kind;
	int result = casework_run_begin(&run.base, argc, argv, options, 0, true);

	if (result != 0)
		return result - 1;
	if (run.jurisdiction == NULL || !period_parse(slice_of(run.period), &kind))
		result = cli_usage(run.base.command, "name a jurisdiction, and week or month");
	else if ((result = casework_run_act(&run.base, act_draft, &run)) == 0)
		printf("%.*s%s\n", SLICE_PRINT(run.row.id), run.known ? " (was drafted before)" : "");
	casework_run_end(&run.base);
	return result;
}

/* ---- list, show ---- */

static int list_all(struct casework_run *run, struct list_writer *w, struct error *error)
{
	struct slice last_id = {"", 0};
	int64_t last_ms = INT64_MAX;
	struct bulletin_row *rows;
	size_t count;

	do {
		if (store_bulletins(run->store, last_ms, last_id, PAGE, &run->arena, &rows, &count, error) == -1)
			return -1;
		for (size_t i = 0; i < count; i++) {
			struct bulletin_totals t;
			if (store_bulletin_totals(run->store, rows[i].id, &t, error) == -1)
				return -1;
			list_row(w, (const char *const[]){
					    rows[i].id.at, bulletin_state_names[rows[i].state], rows[i].title_zh.at,
					    rows[i].approved_by.at, arena_print(&run->arena, "%lld", (long long)t.put),
					    arena_print(&run->arena, "%lld", (long long)t.sent),
					    arena_print(&run->arena, "%lld", (long long)t.dead),
					    arena_print(&run->arena, "%lld", (long long)t.read)});
			last_ms = rows[i].from_ms;
			last_id = rows[i].id;
		}
	} while (count == PAGE);
	return 0;
}

static int run_list(int argc, char **argv)
{
	struct casework_run run = {.command = &command_bulletin_list};
	const struct cli_option options[] = {CASEWORK_OPTIONS(&run), CLI_FLAG("json", &run.json, "JSON for programs"),
	                                     CLI_OPTIONS_END};
	struct list_writer w = {0};
	int result = casework_run_begin(&run, argc, argv, options, 0, false);

	if (result != 0)
		return result - 1;
	w.json = run.json;
	list_begin(&w);
	list_columns(&w, (const char *const[]){"id", "state", "title", "approved_by", "copies", "sent", "dead", "read", NULL});
	w.failed = list_all(&run, &w, &w.error) == -1;
	casework_run_end(&run);
	return list_end(&w);
}

static void print_bulletin(const struct bulletin_row *row, const struct bulletin_totals *totals, bool json)
{
	yyjson_mut_doc *doc;

	if (!json) {
		printf("%.*s  %s  revision %lld%s%.*s\n", SLICE_PRINT(row->id), bulletin_state_names[row->state],
		       (long long)row->revision, row->approved_by.length > 0 ? "  approved by " : "", SLICE_PRINT(row->approved_by));
		printf("enterprises %lld, of them unreached %lld; copies %lld: sent %lld, waiting %lld, dead %lld; read by %lld\n\n",
		       (long long)row->enterprises, (long long)row->unreached, (long long)totals->put, (long long)totals->sent,
		       (long long)totals->waiting, (long long)totals->dead, (long long)totals->read);
		printf("%.*s\n\n%.*s\n\n%.*s\n\n%.*s\n", SLICE_PRINT(row->title_zh), SLICE_PRINT(row->body_zh),
		       SLICE_PRINT(row->title_en), SLICE_PRINT(row->body_en));
		return;
	}
	doc = yyjson_mut_doc_new(NULL);
	yyjson_mut_doc_set_root(doc, bulletin_shown(doc, row, totals));
	casework_run_print(doc);
}

static int run_show(int argc, char **argv)
{
	struct casework_run run = {.command = &command_bulletin_show};
	const struct cli_option options[] = {CASEWORK_OPTIONS(&run), CLI_FLAG("json", &run.json, "JSON for programs"),
	                                     CLI_OPTIONS_END};
	struct bulletin_totals totals;
	struct bulletin_row row;
	struct error error;
	int found, result = casework_run_begin(&run, argc, argv, options, 1, false);

	if (result != 0)
		return result - 1;
	found = store_bulletin_get(run.store, slice_of(run.rest.items[0]), &run.arena, &row, &error);
	if (found == 0)
		error_set(&error, "there is no bulletin %s; `huqi bulletin list` shows all", run.rest.items[0]);
	if (found != 1 || store_bulletin_totals(run.store, row.id, &totals, &error) == -1)
		result = cli_fail(&error);
	else
		print_bulletin(&row, &totals, run.json);
	casework_run_end(&run);
	return result;
}

/* ---- what changes one ---- */

/* At `path` NULL nothing; without the line end behind the last line. */
static int read_text(const char *path, struct arena *arena, struct slice *text_r, struct error *error)
{
	FILE *file = path != NULL ? fopen(path, "r") : NULL;
	char *bytes = arena_take(arena, FILE_BYTES_MAX);
	size_t n;

	*text_r = (struct slice){0};
	if (path == NULL)
		return 0;
	if (file == NULL || bytes == NULL) {
		if (file != NULL)
			fclose(file);
		return error_set(error, "%s: %s", path, strerror(errno));
	}
	n = fread(bytes, 1, FILE_BYTES_MAX, file);
	fclose(file);
	if (n == FILE_BYTES_MAX)
		return error_set(error, "%s: it is too long for a bulletin", path);
	*text_r = slice_trim((struct slice){bytes, (uint32_t)n});
	return 0;
}

static int act_edit(struct casework_run *base, void *arg, struct error *error)
{
	struct bulletin_run *run = arg;
	struct bulletin_edit edit = {.title_zh = slice_of(run->title_zh), .title_en = slice_of(run->title_en)};

	if (read_text(run->zh_path, &base->arena, &edit.body_zh, error) == -1 ||
	    read_text(run->en_path, &base->arena, &edit.body_en, error) == -1)
		return -1;
	return bulletin_edit(base->store, base->catalogue, slice_of(base->rest.items[0]), &edit, text_of(base->by),
	                     clock_now_ms(), error);
}

static int act_approve(struct casework_run *base, void *arg, struct error *error)
{
	struct bulletin_run *run = arg;

	return bulletin_approve(base->store, base->catalogue, slice_of(base->rest.items[0]), run->revision,
	                        text_of(base->by), clock_now_ms(), error);
}

static int act_withdraw(struct casework_run *base, void *arg, struct error *error)
{
	struct bulletin_run *run = arg;

	return bulletin_withdraw(base->store, slice_of(base->rest.items[0]), text_of(base->by), text_of(run->reason),
	                         clock_now_ms(), error);
}

static int change(struct bulletin_run *run, int argc, char **argv, const struct cli_option *options,
                  int (*act)(struct casework_run *run, void *arg, struct error *error))
{
	int result = casework_run_begin(&run->base, argc, argv, options, 1, true);

	if (result != 0)
		return result - 1;
	result = casework_run_act(&run->base, act, run);
	casework_run_end(&run->base);
	return result;
}

static int run_edit(int argc, char **argv)
{
	struct bulletin_run run = {.base.command = &command_bulletin_edit};
	const struct cli_option options[] = {
		CASEWORK_OPTIONS(&run.base),
		CLI_TEXT("zh", "FILE", &run.zh_path, "the Chinese text"),
		CLI_TEXT("en", "FILE", &run.en_path, "the English text"),
		CLI_TEXT("title-zh", "TEXT", &run.title_zh, "the Chinese title"),
		CLI_TEXT("title-en", "TEXT", &run.title_en, "the English title"),
		BY(run),
		CLI_OPTIONS_END,
	};

	return change(&run, argc, argv, options, act_edit);
}

static int run_approve(int argc, char **argv)
{
	struct bulletin_run run = {.base.command = &command_bulletin_approve};
	const struct cli_option options[] = {
		CASEWORK_OPTIONS(&run.base),
		CLI_NUMBER("revision", "N", &run.revision, "the one that was read: refused where the text has changed since"),
		BY(run),
		CLI_OPTIONS_END,
	};

	return change(&run, argc, argv, options, act_approve);
}

static int run_withdraw(int argc, char **argv)
{
	struct bulletin_run run = {.base.command = &command_bulletin_withdraw};
	const struct cli_option options[] = {
		CASEWORK_OPTIONS(&run.base),
		CLI_TEXT("reason", "TEXT", &run.reason, "why; kept in the audit"),
		BY(run),
		CLI_OPTIONS_END,
	};

	return change(&run, argc, argv, options, act_withdraw);
}

const struct cli_command command_bulletin_draft = {
	"bulletin draft", "", "Drafts a bulletin of the last full week or month from its figures", run_draft};
const struct cli_command command_bulletin_list = {"bulletin list", "", "Lists the bulletins and who read them", run_list};
const struct cli_command command_bulletin_show = {"bulletin show", "ID", "Shows a bulletin's texts and what became of it",
                                                  run_show};
const struct cli_command command_bulletin_edit = {
	"bulletin edit", "ID", "Changes a bulletin's texts; an approval is taken back", run_edit};
const struct cli_command command_bulletin_approve = {
	"bulletin approve", "ID", "Approves a bulletin; it goes out in office hours", run_approve};
const struct cli_command command_bulletin_withdraw = {
	"bulletin withdraw", "ID", "Withdraws a bulletin; what was sent stays sent", run_withdraw};
