/*
 * huqi simulate: a deterministic feed with labelled fraud, to a file or to Kafka.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/instant.h"
#include "cli/commands.h"
#include "decode/decode.h"
#include "feed/feed.h"
#include "simulate/simulate.h"

enum { LINE_BYTES = 1 << 20, FILE_BUFFER_BYTES = 1 << 20, FLUSH_MS = 60000 };

struct simulate_run {
	struct simulate_options options;
	struct settings settings;
	FILE *out, *truth; /* NULL: not asked for */
	struct feed_producer *producer; /* NULL: not asked for */
	const char *topic;
	uint64_t lost; /* messages that the broker did not take */
	struct arena line;
	struct cli_progress progress;
};

static void on_settled(void *arg, int64_t id, int result)
{
	struct simulate_run *run = arg;

	(void)id;
	run->lost += result != 0;
}

static int put_line(struct simulate_run *run, const struct tx *tx, struct error *error)
{
	struct slice line = decode_write_tx(tx, &run->line);

	if (run->out != NULL && fwrite(line.at, 1, line.length, run->out) != line.length)
		return error_set(error, "the feed cannot be written: %s", strerror(errno));
	line.length--; /* a message has no line's end */
	while (run->producer != NULL && feed_producer_put(run->producer, run->topic, 0, tx->account, line, NULL, 0) == -1)
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
	return fwrite(text, 1, length, run->truth) == length ? 0
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
	return run->lost == 0 ? 0
	                      : error_set(error, "the broker did not take %llu messages; does the topic `%s` exist?",
	                                  (unsigned long long)run->lost, run->topic);
}

static int open_all(struct simulate_run *run, const char *out, const char *truth, const char *servers,
                    struct error *error)
{
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
	if (settings_override(&run->settings, arena_print(&run->settings.arena, "kafka.bootstrap.servers=%s", servers), error) == -1)
		return -1;
	return feed_producer_start(&run->settings, on_settled, run, &run->producer, error);
}

static int simulate(struct simulate_run *run, const char *registry, struct error *error)
{
	struct simulation *simulation;
	const struct simulate_stats *stats;
	int result;

	if (simulate_new(&run->options, &simulation, error) == -1)
		return -1;
	cli_progress_begin(&run->progress, "transactions");
	result = registry != NULL ? simulate_registry_write(simulation, NULL, registry, error) : 0;
	if (result == 0 && (run->out != NULL || run->truth != NULL || run->producer != NULL))
		result = play(run, simulation, error);
	if (result == 0)
		result = flush(run, error);
	cli_progress_end(&run->progress);
	stats = simulate_stats(simulation);
	if (result == 0)
		fprintf(stderr, "%llu transactions, %llu of them in %u frauds\n", (unsigned long long)stats->transactions,
		        (unsigned long long)stats->labelled, stats->runs);
	simulate_free(&simulation);
	return result;
}

static int run_simulate(int argc, char **argv)
{
	const char *out = NULL, *truth = NULL, *servers = NULL, *registry = NULL, *scenarios = "all", *bank = NULL, *from = NULL,
		   *dir = "seeds/scenarios", *settings = NULL;
	struct simulate_run run = {.topic = "bank.tx"};
	int64_t seed, enterprises, days, banks, permille;
	struct cli_list sets = {.count = 0};
	struct error error;

	simulate_options_init(&run.options);
	seed = (int64_t)run.options.seed;
	enterprises = run.options.enterprises;
	days = run.options.days;
	banks = run.options.banks;
	permille = run.options.fraud_permille;
	const struct cli_option options[] = {
		{.name = "seed", .argument = "N", .help = "the same seed gives the same bytes", .number = &seed},
		{.name = "enterprises", .argument = "N", .help = "how many", .number = &enterprises},
		{.name = "days", .argument = "N", .help = "how many", .number = &days},
		{.name = "from", .argument = "YYYY-MM-DD", .help = "the first day", .text = &from},
		{.name = "scenarios", .argument = "LIST", .help = "all (the default), none, or ids and typologies: M,V01,boss-in-chat", .text = &scenarios},
		{.name = "fraud-permille", .argument = "N", .help = "enterprises with a fraud, of 1,000", .number = &permille},
		{.name = "banks", .argument = "N", .help = "banks that hold the accounts", .number = &banks},
		{.name = "bank", .argument = "CODE", .help = "only this bank's bookings", .text = &bank},
		{.name = "out", .argument = "FEED", .help = "the feed, huqi.tx.v1 lines; - for standard output", .text = &out},
		{.name = "truth", .argument = "TRUTH", .help = "the labels, one line a labelled transaction", .text = &truth},
		{.name = "registry", .argument = "DIR", .help = "writes the population's registry as CSV files", .text = &registry},
		{.name = "kafka", .argument = "SERVERS", .help = "produces to these brokers", .text = &servers},
		{.name = "topic", .argument = "NAME", .help = "the topic; bank.tx without", .text = &run.topic},
		{.name = "scenario-dir", .argument = "DIR", .help = "the scenarios; seeds/scenarios without", .text = &dir},
		{.name = "settings", .argument = "FILE", .help = "for the properties of librdkafka", .text = &settings},
		{.name = "set", .argument = "S.KEY=VALUE", .help = "overrides a setting", .list = &sets},
		{.name = NULL},
	};
	int result = cli_parse(&command_simulate, argc, argv, options, NULL);

	if (result != 0)
		return result - 1;
	if (out == NULL && truth == NULL && servers == NULL && registry == NULL)
		return cli_usage(&command_simulate, "say where to: --out, --truth, --registry or --kafka");
	if (from != NULL && !instant_parse_date(slice_of(from), &run.options.first_day))
		return cli_usage(&command_simulate, "--from: `%s` is no day", from);
	run.options.seed = (uint64_t)seed;
	run.options.enterprises = (int)enterprises;
	run.options.days = (int)days;
	run.options.banks = (int)banks;
	run.options.fraud_permille = (int)permille;
	run.options.scenarios = scenarios;
	run.options.scenario_dir = dir;
	run.options.bank = bank;
	arena_init(&run.line, LINE_BYTES);
	if (cli_settings(settings, &sets, &run.settings, &error) == -1 || open_all(&run, out, truth, servers, &error) == -1 ||
	    simulate(&run, registry, &error) == -1)
		result = cli_fail(&error);
	arena_deinit(&run.line);
	settings_free(&run.settings);
	return result;
}

const struct cli_command command_simulate = {
	"simulate", "", "Makes a deterministic feed with labelled fraud, to a file or to Kafka", run_simulate,
};
