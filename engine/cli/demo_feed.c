#include "cli/demo_feed.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "decode/decode.h"
#include "feed/feed.h"

/* PAST: the first days are quiet; they run by at once and give the accounts a past. */
enum {
	PAST = 5700,
	ENTERPRISES = 200,
	DAYS = 30,
	FRAUD_PERMILLE = 1000,
	PER_SECOND = 50,
	STEP_MS = 100,
	PARTITIONS = 4,
	LINE_BYTES = 1 << 20
};

static volatile sig_atomic_t ended;

static void on_term(int number)
{
	(void)number;
	ended = 1;
}

int demo_feed_simulation(uint64_t round, struct simulation **simulation_r, struct error *error)
{
	struct simulate_options options;

	simulate_options_init(&options);
	options.seed = 20260105 + round;
	options.first_day += (int32_t)round * DAYS;
	options.enterprises = ENTERPRISES;
	options.days = DAYS;
	options.fraud_permille = FRAUD_PERMILLE;
	options.scenarios = "all";
	options.scenario_dir = "seeds/scenarios";
	return simulate_new(&options, simulation_r, error);
}

/* One simulation to its end; `skip` counts down. */
static void play(struct simulation *simulation, const char *topic, struct feed_producer *producer,
                 uint64_t *skip)
{
	uint64_t number = 0;
	const struct simulate_label *label;
	int64_t step_ends_ms = clock_steady_ms() + STEP_MS;
	struct arena line;
	struct tx tx;
	int in_step = 0;

	arena_init(&line, LINE_BYTES);
	while (!ended && simulate_next(simulation, &tx, &label) == 1) {
		number++;
		if (*skip > 0) {
			(*skip)--;
			continue;
		}
		struct slice text = decode_write_tx(&tx, &line);
		text.length--; /* without the line's end */
		while (!ended && feed_producer_put(producer, topic, 0, tx.account, text, NULL, 0) ==
		                         FEED_PRODUCE_LATER)
			feed_producer_poll(producer, STEP_MS);
		arena_reset(&line);
		feed_producer_poll(producer, 0);
		if (number < PAST || ++in_step < PER_SECOND * STEP_MS / 1000)
			continue;
		in_step = 0;
		while (!ended && clock_steady_ms() < step_ends_ms)
			usleep(1000);
		step_ends_ms += STEP_MS;
	}
	arena_deinit(&line);
}

_Noreturn void demo_feed_run(const char *topic, uint64_t skip, int ready_fd)
{
	const char *topics[] = {topic, "huqi.dead", "huqi.alerts", NULL};
	struct settings settings;
	struct feed_producer *producer;
	struct feed_mock *mock;
	struct error error;
	const char *servers;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, on_term);
	if (feed_mock_start(topics, PARTITIONS, &mock, &error) == -1)
		die("%s", error.text);
	servers = feed_mock_servers(mock);
	settings_defaults(&settings);
	settings_override(&settings, arena_print(&settings.arena, "kafka.bootstrap.servers=%s", servers),
	                  NULL);
	if (feed_producer_start(&settings, NULL, NULL, &producer, &error) == -1)
		die("%s", error.text);
	if (write(ready_fd, servers, strlen(servers)) == -1)
		die("the demo's feed has lost its service");
	close(ready_fd);
	for (uint64_t round = 0; !ended; round++) {
		struct simulation *simulation;
		if (demo_feed_simulation(round, &simulation, &error) == -1)
			die("%s", error.text);
		play(simulation, topic, producer, &skip);
		simulate_free(&simulation);
	}
	_exit(0);
}
