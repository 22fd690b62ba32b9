"""The receiver down for a while, the broker down for a while: the same end as without."""

import time

import outcome
import test_faults as faults


def test_receiver_down_for_a_while(service, client, feed, expected, receiver, tmp_path):
    one = faults.begin(service, client, feed, receiver, tmp_path)
    one.wait_ready()
    receiver.down()
    client.produce(feed.messages)
    outcome.wait_consumed(one, client)
    outcome.check_alerts(one, expected)
    receiver.up()
    faults.check_end(one, client, feed, expected, receiver)
    assert one.counters()["huqi_deliveries_retried_total"] > 0


def test_broker_down_for_a_while(service, broker, client, feed, expected, receiver, tmp_path):
    one = faults.begin(service, client, feed, receiver, tmp_path, {})
    one.wait_ready()
    half = len(feed.messages) // 2
    client.produce(feed.messages[:half])
    broker.kill()
    time.sleep(5)
    assert one.get("/healthz", token=None)[0] == 200
    assert one.get("/readyz", token=None)[0] == 503
    broker.start()
    client.produce(feed.messages[half:])
    faults.check_end(one, client, feed, expected, receiver)
    assert one.ready()
