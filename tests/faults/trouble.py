"""What the fault tests share: a service on the whole feed, begun before the trouble and checked after it."""

import threading

import feed as feed_module
import outcome
import registry


def pour(client, feed, per_second):
    """Sends the feed from a thread; gives a function that waits for its end."""
    return pour_messages(client, feed.messages, per_second)


def pour_messages(client, messages, per_second):
    failed = []

    def send():
        try:
            client.produce_paced(messages, per_second)
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
