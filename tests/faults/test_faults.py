"""I3, I4: whatever dies and whenever, nothing is lost, nothing doubled, and the offsets are right."""

import os
import random
import threading
import time

import outcome
import feed as feed_module
import registry

KILLS = 20
# Slow enough that the kills fall into the run, start-up included, and not behind it.
PACE_PER_SECOND = 2_500


def pour(client, feed, per_second):
    """Sends the feed from a thread; gives (thread, event that ends it early)."""
    stop = threading.Event()
    failed = []

    def send():
        try:
            client.produce_paced(feed.messages, per_second, stop)
        except BaseException as error:  # noqa: B902: shown by finish()
            failed.append(error)

    thread = threading.Thread(target=send, daemon=True)
    thread.start()

    def finish():
        thread.join(600)
        assert not thread.is_alive() and not failed, failed

    return finish


def begin(service, client, feed, receiver, tmp_path, settings=None):
    feed_module.create_topics(client)
    one = service(feed_module.settings_feeds(), settings)
    registry.load(one, registry.write(tmp_path / "registry", feed.txs, receiver))
    return one.start()


def check_end(one, client, feed, expected, receiver):
    outcome.wait_consumed(one, client)
    outcome.check_alerts(one, expected)
    outcome.wait_delivered(one, receiver, expected)
    outcome.wait_topic_complete(one)
    outcome.check_alert_topic(client, expected)
    assert one.rows("SELECT count(*) FROM dead_letter") == [(0,)]
    assert one.rows("PRAGMA integrity_check") == [("ok",)]


def test_killed_at_random_moments(service, client, feed, expected, receiver, tmp_path):
    seed = int(os.environ.get("HUQI_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 30)
    print(f"HUQI_SEED={seed}")
    moments = random.Random(seed)
    one = begin(service, client, feed, receiver, tmp_path)
    finish = pour(client, feed, PACE_PER_SECOND)
    progress = []
    for _ in range(KILLS):
        time.sleep(moments.uniform(0.05, 3.0))
        one.kill()
        progress.append(sum(one.offsets().values()))
        one.start()
    print(f"messages committed at each kill: {progress}")
    assert progress == sorted(progress)
    assert len(set(progress)) >= KILLS // 4, "the kills hardly met the run"
    finish()
    check_end(one, client, feed, expected, receiver)
