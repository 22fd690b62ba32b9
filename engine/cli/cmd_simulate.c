/*
 * huqi simulate: a deterministic feed with labelled fraud, to a file or to Kafka.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/instant.h"
#include "cli/commands.h"
#include "decode/decode.h"
#include "feed/feed.h"
#include "simulate/simulate.h"

enum { LINE_BYTES = 1 << 20, FILE_BUFFER_BYTES = 1 << 20, FLUSH_MS = 60000 };

/* What stands on the command line besides the simulation's own options. */
struct simulate_asked {
	const char *out, *truth, *servers, *registry, *from, *settings;
	int64_t seed, enterprises, days, banks, fraud_permille;
	struct cli_list sets;
};

struct simulate_run {
	struct simulate_asked asked;
	struct simulate_options options;
	struct settings settings;
	FILE *out, *truth;              /* NULL: not asked for */
	struct feed_producer *producer; /* NULL: not asked for */
	const char *topic;
	uint64_t lost; /* messages that the broker did not take */
	struct arena line;
	struct cli_progress progress;
};

static void on_settled(void *arg, int64_t id, enum feed_produced result)
{
	struct simulate_run *run = arg;

	(void)id;
	run->lost += result != FEED_PRODUCED;
}

static int put_line(struct simulate_run *run, const struct tx *tx, struct error *error)
{
	struct slice line = decode_write_tx(tx, &run->line);

	if (run->out != NULL && fwrite(line.at, 1, line.length, run->out) != line.length)
		return error_set(error, "the feed cannot be written: %s", strerror(errno));
	line.length--; /* a message has no line's end */
	while (run->producer != NULL && feed_producer_put(run->producer, run->topic, 0, tx->account, line,
	                                                  NULL, 0) == FEED_PRODUCE_LATER)
		feed_producer_poll(run->producer, 10);
	arena_reset(&run->line);
	return 0;
}

static int put_truth(struct simulate_run *run, const struct tx *tx, const struct simulate_label *label,
                     struct error *error)
{
	char text[SIMULATE_TRUTH_BYTES];
	size_t length;

	if (run->truth == NULL || label == NULL)
		return 0;
	length = (size_t)simulate_write_truth(tx, label, text);
	return fwrite(text, 1, length, run->truth) == length
	               ? 0
	               : error_set(error, "the truth cannot be written: %s", strerror(errno));
}

static int play(struct simulate_run *run, struct simulation *simulation, struct error *error)
{
	const struct simulate_label *label;
	uint64_t done = 0;
	struct tx tx;

	while (simulate_next(simulation, &tx, &label) == 1) {
		if (put_line(run, &tx, error) == -1 || put_truth(run, &tx, label, error) == -1)
			return -1;
		if (++done % 4096 == 0) {
			cli_progress_show(&run->progress, done);
			if (run->producer != NULL)
				feed_producer_poll(run->producer, 0);
		}
	}
	return 0;
}

static int flush(struct simulate_run *run, struct error *error)
{
	if (run->out != NULL && fflush(run->out) != 0)
		return error_set(error, "the feed cannot be written: %s", strerror(errno));
	if (run->truth != NULL && fclose(run->truth) != 0)
		return error_set(error, "the truth cannot be written: %s", strerror(errno));
	if (run->producer != NULL)
		feed_producer_stop(&run->producer, FLUSH_MS);
	return run->lost == 0
	               ? 0
	               : error_set(error,
	                           "the broker did not take %llu messages; does the topic `%s` exist?",
	                           (unsigned long long)run->lost, run->topic);
}

static int open_all(struct simulate_run *run, struct error *error)
{
	const char *out = run->asked.out, *truth = run->asked.truth, *servers = run->asked.servers;

	if (out != NULL) {
		run->out = strcmp(out, "-") == 0 ? stdout : fopen(out, "w");
		if (run->out == NULL)
			return error_set(error, "%s: cannot be written: %s", out, strerror(errno));
		setvbuf(run->out, NULL, _IOFBF, FILE_BUFFER_BYTES);
	}
	if (truth != NULL && (run->truth = fopen(truth, "w")) == NULL)
		return error_set(error, "%s: cannot be written: %s", truth, strerror(errno));
	if (servers == NULL)
		return 0;
	if (settings_override(&run->settings,
	                      arena_print(&run->settings.arena, "kafka.bootstrap.servers=%s", servers),
	                      error) == -1)
		return -1;
	return feed_producer_start(&run->settings, on_settled, run, &run->producer, error);
}

static int simulate(struct simulate_run *run, struct error *error)
{
	const char *registry = run->asked.registry;
	struct simulation *simulation;
	const struct simulate_stats *stats;
	int result;

	if (simulate_new(&run->options, &simulation, error) == -1)
		return -1;
	cli_progress_begin(&run->progress, "transactions");
	if (registry != NULL)
		mkdir(registry, 0750); /* where it can't be, the first file says so */
	result = registry != NULL ? simulate_registry_write(simulation, NULL, registry, error) : 0;
	if (result == 0 && (run->out != NULL || run->truth != NULL || run->producer != NULL))
		result = play(run, simulation, error);
	if (result == 0)
		result = flush(run, error);
	cli_progress_end(&run->progress);
	stats = simulate_stats(simulation);
	if (result == 0)
		fprintf(stderr, "%llu transactions, %llu of them in %u frauds\n",
		        (unsigned long long)stats->transactions, (unsigned long long)stats->labelled,
		        stats->runs);
	simulate_free(&simulation);
	return result;
}

static void take_defaults(struct simulate_run *run)
{
	const struct simulate_options *o = &run->options;

	simulate_options_init(&run->options);
	run->options.scenarios = "all";
	run->options.scenario_dir = "seeds/scenarios";
	run->asked = (struct simulate_asked){.seed = (int64_t)o->seed,
	                                     .enterprises = o->enterprises,
	                                     .days = o->days,
	                                     .banks = o->banks,
	                                     .fraud_permille = o->fraud_permille};
}

static int parse(struct simulate_run *run, int argc, char **argv)
{
	struct simulate_asked *a = &run->asked;
	struct simulate_options *o = &run->options;
	const struct cli_option options[] = {
		CLI_NUMBER("seed", "N", &a->seed, "the same seed gives the same bytes"),
		CLI_NUMBER("enterprises", "N", &a->enterprises, "how many"),
		CLI_NUMBER("days", "N", &a->days, "how many"),
		CLI_TEXT("from", "YYYY-MM-DD", &a->from, "the first day"),
		CLI_TEXT("scenarios", "LIST", &o->scenarios,
	                 "all, none, or ids and typologies: M,V01,boss-in-chat"),
		CLI_NUMBER("fraud-permille", "N", &a->fraud_permille, "enterprises with a fraud, of 1,000"),
		CLI_NUMBER("banks", "N", &a->banks, "banks that hold the accounts"),
		CLI_TEXT("bank", "CODE", &o->bank, "only this bank's bookings"),
		CLI_TEXT("out", "FEED", &a->out, "the feed, huqi.tx.v1 lines; - for standard output"),
		CLI_TEXT("truth", "TRUTH", &a->truth, "the labels, one line a labelled transaction"),
		CLI_TEXT("registry", "DIR", &a->registry, "writes the population's registry as CSV files"),
		CLI_TEXT("kafka", "SERVERS", &a->servers, "produces to these brokers"),
		CLI_TEXT("topic", "NAME", &run->topic, "the topic; bank.tx without"),
		CLI_TEXT("scenario-dir", "DIR", &o->scenario_dir, "the scenarios; seeds/scenarios without"),
		CLI_TEXT("settings", "FILE", &a->settings, "for the properties of librdkafka"),
		CLI_LIST("set", "S.KEY=VALUE", &a->sets, "overrides a setting"),
		CLI_OPTIONS_END,
	};
	int result = cli_parse(&command_simulate, argc, argv, options, NULL);

	if (result != 0)
		return result;
	if (a->out == NULL && a->truth == NULL && a->servers == NULL && a->registry == NULL)
		return 1 +
		       cli_usage(&command_simulate, "say where to: --out, --truth, --registry or --kafka");
	if (a->from != NULL && !instant_parse_date(slice_of(a->from), &o->first_day))
		return 1 + cli_usage(&command_simulate, "--from: `%s` is no day", a->from);
	o->seed = (uint64_t)a->seed;
	o->enterprises = (int)a->enterprises;
	o->days = (int)a->days;
	o->banks = (int)a->banks;
	o->fraud_permille = (int)a->fraud_permille;
	return 0;
}

static int run_simulate(int argc, char **argv)
{
	struct simulate_run run = {.topic = "bank.tx"};
	struct error error;
	int result;

	take_defaults(&run);
	result = parse(&run, argc, argv);
	if (result != 0)
		return result - 1;
	arena_init(&run.line, LINE_BYTES);
	if (cli_settings(run.asked.settings, &run.asked.sets, &run.settings, &error) == -1 ||
	    open_all(&run, &error) == -1 || simulate(&run, &error) == -1)
		result = cli_fail(&error);
	arena_deinit(&run.line);
	settings_free(&run.settings);
	return result;
}

const struct cli_command command_simulate = {
	"simulate",
	"",
	"Makes a deterministic feed with labelled fraud, to a file or to Kafka",
	run_simulate,
};
