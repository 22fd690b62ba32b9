"""The broker down for a while: the feed goes on where it was, and nothing is lost or doubled."""

import time

import trouble

DOWN_SECONDS = 5


def test_broker_down_for_a_while(service, broker, client, feed, expected, receiver, tmp_path):
    one = trouble.begin(service, client, feed, receiver, tmp_path)
    one.wait_ready()
    half = len(feed.messages) // 2
    client.produce(feed.messages[:half])
    broker.kill()
    time.sleep(DOWN_SECONDS)
    assert one.get("/healthz", token=None)[0] == 200
    assert one.get("/readyz", token=None)[0] == 503
    broker.start()
    client.produce(feed.messages[half:])
    trouble.check_end(one, client, feed, expected, receiver)
    assert one.ready()
